"""Where a program meets a convention that the step language documents and PyTorch does not share."""

import torch

from chain import Chain, value_of
from expansions import EXPANSIONS, is_switched_off
from graphs import differentiate
from language import ELEMENTWISE, align, operands


def met(op, given):
    """The names of `language.CONVENTIONS` that one operation meets."""
    x = torch.broadcast_tensors(*align(given)) if op in ELEMENTWISE else given
    if op in ("maximum", "minimum") and (x[0] == x[1]).any():
        yield "tie of two"
    if op in ("maximum", "minimum", "relu", "clamp") and any(each.isnan().any() for each in x):
        yield "NaN of two"
    if op == "abs" and x[0].isnan().any():
        yield "NaN of abs"
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
    if (op == "softplus" and (x[0] == -torch.inf).any()) or (op == "logSigmoid" and (x[0] == torch.inf).any()):
        yield "zero of logSigmoid"
    if op in ("silu", "geluTanh", "softsign") and x[0].isinf().any():
        yield "limit at infinity"
    if op == "mod" and x[1].isinf().any():
        yield "remainder of infinity"
    if op in ("xlogy", "entropy") and (x[0] == 0).any():
        yield "zero of xlogy"
    if op in ("argmax", "argmin") and x[0].isnan().any():
        yield "place of NaN"
    if op in ("softmax", "logSoftmax", "logSumExp") and not torch.isfinite(x[0]).all():
        yield "infinite score"


def same(a, b):
    """Whether numbers agree, NaN with NaN."""
    return torch.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)


def conventions_of(program, special):
    chain = Chain(program)
    names = set()
    for op, given, options in chain.nodes:
        names.update(met(op, operands(chain.values, given)))
    values = [chain.values[index] for index in chain.place]
    for (op, given, options), value in zip(program.nodes, values[len(program.inputs) :]):
        x = operands(values, given)
        names.update(met(op, x))
        whole = value_of(op, x, options, program.sequences).expand_as(value)
        if not is_switched_off(op, given) and not same(value, whole):
            raise AssertionError(f"the expansion of {op} has another value")
    if special:
        # What PyTorch alone makes of the same program; it differs by conventions and nothing else.
        alone = differentiate(program)
        own = {"results": chain.results(), "gradients": chain.gradients()}
        differs = [key for key, xs in own.items() if not all(map(same, xs, alone[key]))]
        pairs = [(a.isnan(), o.isnan()) for key in differs for a, o in zip(alone[key], own[key])]
        if any((a & ~o).any() for a, o in pairs):
            names.add("strong zero")
        if any((o & ~a).any() for a, o in pairs) and any(op in EXPANSIONS for op, _, _ in program.nodes):
            names.add("sum of infinities")
        if differs and not names:
            raise AssertionError(f"PyTorch alone has other {differs}, and no convention says why")
    return sorted(names)
