"""Evaluates descriptions: lists of nodes [operation, operands, options], whose operands are numbers of
earlier values, or {"number": x}."""

import torch

from expansions import unfold
from language import EXACT, SUMS, apply, operands

# Bound of the relative error of a float32 operation on every device.
ERROR = 1e-6


class Noise(torch.autograd.Function):
    """Moves a value by a random relative error, and so every gradient that comes back through it."""

    @staticmethod
    def forward(_, x):
        return x * (1 + ERROR * (2 * torch.rand_like(x) - 1))

    @staticmethod
    def backward(_, g):
        return Noise.apply(g)


class OfValue(torch.autograd.Function):
    """tanh or sigmoid with an error, whose slope is made of the value: near 1 little is left of it but the error."""

    @staticmethod
    def forward(context, x, op):
        y = Noise.apply(torch.tanh(x) if op == "tanh" else torch.sigmoid(x))
        context.op = op
        context.save_for_backward(y)
        return y

    @staticmethod
    def backward(context, g):
        (y,) = context.saved_tensors
        slope = 1 - y * y if context.op == "tanh" else y * (1 - y)
        return Noise.apply(g * slope), None


def disturbed(op, x, options, sequences, apply=apply):
    """The value of an operation with errors."""
    if op in ("tanh", "sigmoid"):
        return OfValue.apply(x[0], op)
    value = apply(op, [Noise.apply(each) for each in x] if op in SUMS else x, options, sequences)
    return value if op in EXACT else Noise.apply(value)


def evaluate(inputs, nodes, sequences, noisy=False, apply=apply):
    """All values: the inputs, then the nodes; with errors in all the small operations that these are made of."""
    if noisy:
        _, values, place = unfold(inputs, nodes, lambda op, x, options: disturbed(op, x, options, sequences, apply))
        return [values[index] for index in place]
    values = list(inputs)
    for op, given, options in nodes:
        values.append(apply(op, operands(values, given), options, sequences))
    return values


def weighted(results, cotangents):
    return sum((r * c).sum() for r, c in zip(results, cotangents))


def zeros_for(gradients, inputs):
    return [torch.zeros_like(x) if g is None else g for g, x in zip(gradients, inputs)]


def differentiate(program, noisy=False):
    """Results, gradients, slopes along tangents and products with the Hessian, by PyTorch alone."""
    inputs = [x.clone().requires_grad_(t is not None) for x, t in zip(program.inputs, program.tangents)]
    wanted = [x for x in inputs if x.requires_grad]
    tangents = [t for t in program.tangents if t is not None]
    values = evaluate(inputs, program.nodes, program.sequences, noisy)
    results = [values[index] for index in program.results]
    cotangents = [c.clone().requires_grad_() for c in program.cotangents]
    grad = lambda y, xs, **options: torch.autograd.grad(y, xs, allow_unused=True, create_graph=True, **options)
    if not any(r.requires_grad for r in results):
        return None
    gradients = zeros_for(grad(weighted(results, cotangents), wanted), wanted)
    moved = weighted(gradients, tangents)
    slopes = second = [None]
    if moved.requires_grad:
        # The gradient is linear in the cotangents: their factor is the slope of the result.
        slopes = grad(moved, cotangents)
        second = grad(moved, wanted)
    # A sum gives memory to zeros that PyTorch keeps without any.
    plain = lambda xs: [x.detach() + 0 for x in xs]
    return {
        "results": plain(results),
        "gradients": plain(gradients),
        "slopes": plain(zeros_for(list(slopes) + [None] * len(results), results)),
        "second": plain(zeros_for(list(second) + [None] * len(wanted), wanted)),
    }
