"""Where a program meets a convention that the step language documents and PyTorch does not share."""

import torch

from chain import Chain
from graphs import differentiate, operands
from language import ELEMENTWISE, align


def met(chain, op, given, options):
    """The names of `language.CONVENTIONS` that one operation meets."""
    x = torch.broadcast_tensors(*align(given)) if op in ELEMENTWISE else given
    if op in ("maximum", "minimum") and (x[0] == x[1]).any():
        yield "tie of two"
    if op in ("maximum", "minimum", "relu", "clamp") and any(each.isnan().any() for each in x):
        yield "NaN of two"
    if op == "clamp" and ((x[0] == x[1]) | (x[0] == x[2])).any():
        yield "bound of clamp"
    if op in ("hypot", "smoothAbs"):
        if op == "hypot" and ((x[0] == 0) & (x[1] == 0)).any():
            yield "hypot at 0"
        if any(each.isinf().any() for each in x):
            yield "hypot of infinity"
    if op == "pow" and (x[0] < 0).any():
        yield "power of a negative"
    if op == "gelu" and (x[0] == -torch.inf).any():
        yield "tail of gelu"
    if op == "toFinite" and not torch.isfinite(x[0]).all():
        yield "slope of toFinite"
    if op in ("softmax", "logSumExp") and x[0].isinf().any():
        yield "infinite score"


def same(a, b):
    """Whether numbers agree, NaN with NaN."""
    return torch.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)


def conventions_of(program, special):
    chain = Chain(program)
    names = set()
    for op, given, options in chain.nodes:
        names.update(met(chain, op, operands(chain.values, given), options))
    if special:
        # What PyTorch alone makes of the same program; it differs by conventions and nothing else.
        alone = differentiate(program)
        own = {"results": chain.results(), "gradients": chain.gradients()}
        differs = [key for key, xs in own.items() if not all(map(same, xs, alone[key]))]
        nan = any(a.isnan().any() and not o.isnan().all() for key in differs for a, o in zip(alone[key], own[key]))
        if nan:
            names.add("strong zero")
        if differs and not names:
            raise AssertionError(f"PyTorch alone has other {differs}, and no convention says why")
    return sorted(names)
