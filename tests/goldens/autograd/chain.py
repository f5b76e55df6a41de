"""The chain rule node by node, both ways, for programs with infinities and NaN: the derivative of each
operation is PyTorch's, the products are those the step language documents (0 is strong in them)."""

import torch

from expansions import unfold
from graphs import ERROR
from language import ELEMENTWISE, EXACT, LARGEST, align, apart, apply, bit, move, operands, to_finite, together

# Their slope is 0 or 1: what is not selected is left out, not multiplied by 0.
SELECTING = {"maximum", "minimum", "where", "relu", "clamp"}
PIECEWISE = {
    *("sign", "floor", "round", "ceil", "finite", "less", "lessEqual", "greater", "greaterEqual", "equal", "notEqual"),
    *("not", "and", "or", "argmax", "argmin", "oneHot", "iota", "eye", "filled", "sequenceIndex", "stopGradient"),
}
SCORES = {"softmax", "logSoftmax", "logSumExp"}


def value_of(op, given, options, sequences):
    """The value of an operation, where PyTorch's is not what is documented."""
    if op == "pow":
        a, b = torch.broadcast_tensors(*align(given))
        return torch.where(a >= 0, torch.pow(a, b), torch.nan)
    if op in ("softplus", "logSigmoid"):
        value = apply(op, given, options, sequences)
        return torch.where(value == 0, 0.0 if op == "softplus" else -0.0, value)
    if op == "hypot":
        a, b = torch.broadcast_tensors(*align(given))
        return torch.where(a.isnan() | b.isnan(), torch.nan, torch.hypot(a, b))
    if op in ("gelu", "silu", "geluTanh"):
        return torch.where(given[0] == -torch.inf, 0.0, apply(op, given, options, sequences))
    if op == "softsign":
        return torch.nn.functional.softsign(to_finite(given[0]))
    if op == "mod":
        a, b = torch.broadcast_tensors(*align(given))
        return torch.where(b.isinf(), torch.nan, torch.remainder(a, b))
    if op == "logSumExp" and not torch.isfinite(given[0]).all():
        x = together(given[0], options.get("axis"))
        bounded = torch.logsumexp(to_finite(x), -1)
        largest = x.amax(-1)
        return torch.where(torch.isfinite(largest), torch.logsumexp(x, -1), largest + 0 * bounded)
    return apply(op, given, options, sequences)


def hypot_slope(x, h):
    return torch.where((h == 0) | x.isinf(), torch.sign(x), x / h)


def partials(op, given, options):
    """The derivative of each element of a value by the element of each operand."""
    leaves = [x.detach().clone().requires_grad_() for x in torch.broadcast_tensors(*align(given))]
    found = torch.autograd.grad(ELEMENTWISE[op](*leaves, **options).sum(), leaves, allow_unused=True)
    slopes = [torch.zeros_like(x) if p is None else p for p, x in zip(found, leaves)]
    x = [leaf.detach() for leaf in leaves]
    if op == "abs":
        return [torch.where(x[0].isnan(), x[0], slopes[0])]
    if op == "relu":
        return [bit(x[0] > 0)]
    if op in ("maximum", "minimum"):
        first = bit(x[1] < x[0] if op == "maximum" else x[0] < x[1])
        return [first, 1 - first]
    if op == "clamp":
        above, below = bit(x[1] < x[0]), bit(torch.maximum(x[0], x[1]) < x[2])
        return [above * below, (1 - above) * below, 1 - below]
    if op == "toFinite":
        return [torch.ones_like(leaves[0])]
    if op == "gelu":
        return [torch.where(x[0].isinf(), bit(x[0] > 0), slopes[0])]
    if op in ("hypot", "smoothAbs"):
        h = torch.hypot(*x) if op == "hypot" else torch.hypot(x[0], torch.full_like(x[0], options["epsilon"]))
        return [hypot_slope(each, h) for each in x]
    if op == "pow":
        by_base, by_exponent = [torch.where(x[0] >= 0, slope, torch.nan) for slope in slopes]
        return [torch.where(x[1] == 0, 0.0, by_base), by_exponent]
    return slopes


def strong(slope, factor):
    return torch.where(slope == 0, 0.0, slope * factor)


def times(op, slope, factor, weak=False):
    """A cotangent or tangent times a derivative."""
    if op in SELECTING:
        return strong(factor, slope)
    return slope * factor if weak else strong(slope, factor)


def is_weak(op, given):
    """Zeros need not be strong in an outer product, whose two factors are kept apart, and what is made of it."""
    return any(x.dim() == 3 for x in given)


def difference(a, b):
    """a - b, without what rounding leaves of it: beside infinities it matters whether it is 0."""
    return torch.where((a - b).abs() < 1e-14 * a.abs(), 0.0, a - b)


def scores_slope(op, x, axis, cotangent=None, tangent=None):
    """The derivative of a function of scores: infinite ones share it."""
    s = torch.softmax(to_finite(together(x, axis)), -1)
    if op == "logSumExp":
        return apart(strong(cotangent[..., None], s), axis) if tangent is None else strong(together(tangent, axis), s).sum(-1)
    by = together(cotangent if tangent is None else tangent, axis)
    mean = strong(by, s).sum(-1, keepdim=True)
    if op == "softmax":
        return apart(difference(strong(by, s), strong(mean, s)), axis)
    return apart(difference(by, strong(by.sum(-1, keepdim=True), s) if tangent is None else mean), axis)


class Chain:
    """Values, cotangents and tangents of a program."""

    def __init__(self, program, noisy=False, weak=False):
        self.program, self.noisy, self.weak = program, noisy, weak
        value = lambda op, x, options: self.moved(op, value_of(op, x, options, program.sequences))
        self.nodes, self.values, self.place = unfold(program.inputs, program.nodes, value)

    def moved(self, op, value):
        if not self.noisy or op in EXACT:
            return value
        return value * (1 + ERROR * (2 * torch.rand_like(value) - 1))

    def results(self):
        return [self.values[self.place[index]] for index in self.program.results]

    def gradients(self):
        cotangents = [None] * len(self.values)
        for index, cotangent in zip(self.program.results, self.program.cotangents):
            self.accumulate(cotangents, self.place[index], cotangent)
        first = len(self.program.inputs)
        for index in range(len(self.values) - 1, first - 1, -1):
            op, given, options = self.nodes[index - first]
            if cotangents[index] is None or op in PIECEWISE:
                continue
            x = operands(self.values, given)
            for each, part in zip(given, self.back(op, x, options, cotangents[index])):
                if not isinstance(each, dict) and part is not None:
                    self.accumulate(cotangents, each, self.moved(op, part))
        wanted = [i for i, tangent in enumerate(self.program.tangents) if tangent is not None]
        return zip_zeros([cotangents[i] for i in wanted], [self.values[i] for i in wanted])

    def accumulate(self, cotangents, index, part):
        part = sum_to(part, self.values[index].shape)
        before = cotangents[index]
        cotangents[index] = part if before is None else before + part

    def back(self, op, x, options, g):
        if op in SCORES:
            return [scores_slope(op, x[0], options.get("axis"), cotangent=g)]
        if op in ELEMENTWISE:
            weak = self.weak and is_weak(op, x)
            factors = partials(op, x, options)
            full = g.expand_as(factors[0]) if g.shape != factors[0].shape else g
            parts = [times(op, full, factor, weak) for factor in factors]
            if op == "where":
                parts[0] = None
            return [p if p is None else sum_to(p, align(x)[i].shape).reshape(x[i].shape) for i, p in enumerate(parts)]
        if op == "reduceMax":
            share = self.share(op, x[0], options)
            spread = self.spread(op, share, options, g)
            return [torch.where((share == 0) | (spread == 0), 0.0, share * spread)]
        leaves = [each.detach().clone().requires_grad_() for each in x]
        y = move(op, leaves, options, self.program.sequences)
        return list(torch.autograd.grad(y, leaves, g.expand_as(y), allow_unused=True))

    def share(self, op, x, options):
        """What each element has of the slope of a maximum: the largest ones share it."""
        if op == "reduceMax" and options["axis"] == "sequence":
            x = x.expand(self.program.sequences, *x.shape[1:])
        leaf = x.detach().clone().requires_grad_()
        return torch.autograd.grad(move(op, [leaf], options, self.program.sequences).sum(), leaf)[0]

    def spread(self, op, x, options, g):
        """The cotangent of a maximum at every element it is taken of."""
        if options["axis"] == "sequence":
            return g.expand(self.program.sequences, *g.shape[1:])
        return (g.unsqueeze(1) if options["axis"] == "post" else g.unsqueeze(2)).expand_as(x)

    def slopes(self):
        moved = list(self.program.tangents)
        first = len(self.program.inputs)
        for index in range(first, len(self.values)):
            op, given, options = self.nodes[index - first]
            x = operands(self.values, given)
            t = [None if isinstance(each, dict) else moved[each] for each in given]
            gone = op in PIECEWISE or all(each is None for each in t)
            moved.append(None if gone else self.moved(op, self.forward(op, x, options, t)))
        wanted = [self.place[index] for index in self.program.results]
        return zip_zeros([moved[i] for i in wanted], [self.values[i] for i in wanted])

    def forward(self, op, x, options, t):
        if op in SCORES:
            return scores_slope(op, x[0], options.get("axis"), tangent=t[0])
        if op in ELEMENTWISE:
            factors = partials(op, x, options)
            shape = factors[0].shape
            aligned = [None if each is None else align([each, factors[0]])[0].expand(shape) for each in t]
            if op == "where":
                aligned[0] = None
            weak = self.weak and is_weak(op, x)
            parts = [times(op, each, factor, weak) for each, factor in zip(aligned, factors) if each is not None]
            return sum(parts) if parts else torch.zeros(shape, dtype=torch.float64)
        if op == "reduceMax":
            share = self.share(op, x[0], options)
            plain = torch.where(share == 0, 0.0, share * t[0])
            return move("reduceSum", [plain], options, self.program.sequences)
        if op == "matmul":
            parts = [[t[0], x[1]], [x[0], t[1]]]
            return sum(move(op, part, options, self.program.sequences) for part in parts if None not in part)
        filled = [torch.zeros_like(v) if each is None else each for v, each in zip(x, t)]
        if op in ("gather", "scatter"):
            filled[1] = x[1]
        return move(op, filled, options, self.program.sequences)


def sum_to(part, shape):
    return part.sum_to_size(shape) if part.shape != shape else part


def zip_zeros(found, like):
    return [torch.zeros_like(x) if f is None else f.expand_as(x) if f.shape != x.shape else f for f, x in zip(found, like)]
