"""The step language in PyTorch, float64.

A value has a first axis for the sequences of the batch: B, or 1 where all sequences share it. The rest is
its shape: scalar, vector or matrix. Operations are PyTorch's own; where PyTorch has another convention
than the step language documents, the operation says so in `CONVENTIONS`.
"""

import torch
import torch.nn.functional as F

LARGEST = (2 - 2.0**-23) * 2.0**127

CONVENTIONS = {
    "tie of two": "maximum, minimum: the first gets the gradient if it is beyond the second; PyTorch halves a tie",
    "NaN of two": "maximum, minimum, relu, clamp: NaN is not beyond a number, so it gets no gradient as the first",
    "bound of clamp": "clamp: at a bound the bound gets the gradient; in PyTorch x gets all of it",
    "hypot at 0": "hypot: the slope at (0, 0) is 0; in PyTorch it is NaN",
    "hypot of infinity": "hypot: an infinite operand has the slope of |x|; in PyTorch it is NaN",
    "power of a negative": "pow: NaN of a negative base; PyTorch takes whole exponents",
    "tail of gelu": "gelu: 0 at -infinity, its limit; NaN in PyTorch",
    "slope of toFinite": "toFinite: the slope is 1 everywhere; in PyTorch it is 0 beyond the bounds",
    "infinite score": "softmax, logSumExp: infinite scores share the slope; NaN in PyTorch",
    "strong zero": "a cotangent of 0 stays 0 beside an infinite slope; NaN in PyTorch",
}


def align(values):
    """Values of one rank, so that PyTorch repeats scalars along vectors and matrices."""
    rank = max(v.dim() for v in values)
    return [v.reshape(v.shape[:1] + (1,) * (rank - v.dim()) + v.shape[1:]) if v.dim() == 1 else v for v in values]


def chosen(condition, yes, no):
    return torch.where(condition != 0, yes, no)


def bit(condition):
    return condition.to(torch.float64)


def to_finite(x):
    return x.clamp(-LARGEST, LARGEST)


def maximum(a, b):
    return torch.where((b < a) | a.isnan() & ~b.isnan(), a, b)


def minimum(a, b):
    return torch.where((a < b) | a.isnan() & ~b.isnan(), a, b)


def power(a, b):
    """PyTorch's derivative by b of its derivative by a is 0 where b is 0; that of e^(b log a) is right."""
    a, b = torch.broadcast_tensors(a, b)
    by_logarithm = torch.exp(b * torch.log(torch.where(a > 0, a, 1.0)))
    return torch.where((b == 0) & (a > 0), by_logarithm, torch.pow(a, b))


def huber(x, delta):
    return F.huber_loss(x, torch.zeros_like(x), reduction="none", delta=delta)


# Functions of one element of each operand; options are numbers.
ELEMENTWISE = {
    "neg": torch.neg,
    "abs": torch.abs,
    "sign": lambda x: torch.where(x.isnan(), x.detach(), torch.sign(x)),
    "floor": torch.floor,
    "square": torch.square,
    "sqrt": torch.sqrt,
    "exp": torch.exp,
    "expm1": torch.expm1,
    "log": torch.log,
    "log1p": torch.log1p,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": lambda x: -F.logsigmoid(-x),
    "logSigmoid": F.logsigmoid,
    "gelu": F.gelu,
    "cos": torch.cos,
    "sin": torch.sin,
    "relu": torch.relu,
    "toFinite": to_finite,
    "finite": lambda x: bit(torch.isfinite(x)),
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "pow": power,
    "hypot": torch.hypot,
    "maximum": maximum,
    "minimum": minimum,
    "less": lambda a, b: bit(a < b),
    "lessEqual": lambda a, b: bit(a <= b),
    "equal": lambda a, b: bit(a == b),
    "where": chosen,
    "clamp": lambda x, low, high: minimum(maximum(x, low), high),
    "lerp": lambda a, b, rate: rate * b + (1 - rate) * a,
    "huber": huber,
    "smoothAbs": lambda x, epsilon: torch.hypot(x, torch.full_like(x, epsilon)),
}

# Functions of float32 numbers that make no error of rounding.
EXACT = {
    *("neg", "abs", "sign", "floor", "relu", "toFinite", "finite", "maximum", "minimum", "less", "lessEqual"),
    *("equal", "where", "clamp", "row", "column", "transpose", "concat", "slice", "stopGradient"),
    *("perSequence", "gather", "oneHot", "iota", "filled", "sequenceIndex", "max", "reduceMax"),
}


def move(op, values, options, sequences):
    """Operations that move, sum or select elements."""
    x = values[0] if values else None
    if op == "row":
        return x.unsqueeze(1)
    if op == "column":
        return x.unsqueeze(2)
    if op == "transpose":
        return x.transpose(1, 2)
    if op == "concat":
        b = max(v.shape[0] for v in values)
        parts = [v.reshape(v.shape[0], -1) for v in values]
        return torch.cat([v.expand(b, v.shape[1]) for v in parts], dim=1)
    if op == "slice":
        return x[:, options["start"] : options["start"] + options["length"]]
    if op == "stopGradient":
        return x.detach()
    if op == "perSequence":
        return x.expand(sequences, *x.shape[1:])
    if op == "sum":
        return x.reshape(x.shape[0], -1).sum(1)
    if op == "mean":
        return x.reshape(x.shape[0], -1).mean(1)
    if op == "max":
        return x.amax(1)
    if op in ("reduceSum", "reduceMax"):
        reduce = torch.sum if op == "reduceSum" else torch.amax
        if options["axis"] == "sequence":
            return reduce(x.expand(sequences, *x.shape[1:]), 0, keepdim=True)
        return reduce(x, 1 if options["axis"] == "post" else 2)
    if op == "batchSum":
        return x.expand(sequences, *x.shape[1:]).sum(0, keepdim=True)
    if op == "batchMean":
        return x.expand(sequences, *x.shape[1:]).mean(0, keepdim=True)
    if op == "outer":
        return torch.einsum("bi,bj->bij", *same_batch(values))
    if op == "matvec":
        return torch.einsum("bij,bj->bi", *same_batch(values))
    if op == "vecmat":
        return torch.einsum("bi,bij->bj", *same_batch(values))
    if op == "dot":
        return torch.einsum("bi,bi->b", *same_batch(values))
    if op == "softmax":
        return torch.softmax(to_finite(x), 1)
    if op == "logSumExp":
        return torch.logsumexp(x, 1)
    if op == "gather":
        return gather(x, values[1])
    if op == "oneHot":
        return bit(torch.arange(options["length"], dtype=torch.float64)[None] == x[:, None])
    if op == "iota":
        return torch.arange(options["length"], dtype=torch.float64)[None]
    if op == "filled":
        return torch.full((1, *options["shape"]), options["value"], dtype=torch.float64)
    if op == "sequenceIndex":
        return torch.arange(sequences, dtype=torch.float64)
    raise KeyError(op)


def same_batch(values):
    b = max(v.shape[0] for v in values)
    return [v.expand(b, *v.shape[1:]) for v in values]


def gather(x, index):
    """The element at a position, 0 where there is none."""
    x, index = same_batch([x, index])
    is_one = (index >= 0) & (index < x.shape[1]) & (index == index.floor())
    position = torch.where(is_one, index, torch.zeros_like(index)).long()
    found = x.gather(1, position[:, None])[:, 0]
    return torch.where(is_one, found, torch.zeros_like(found))


def apply(op, values, options, sequences):
    if op in ELEMENTWISE:
        return ELEMENTWISE[op](*align(values), **options)
    return move(op, values, options, sequences)
