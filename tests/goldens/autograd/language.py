"""The step language in PyTorch, float64.

A value has a first axis for the sequences of the batch: B, or 1 where all sequences share it. The rest is
its shape: scalar, vector or matrix. Operations are PyTorch's own; where PyTorch has another convention
than the step language documents, the operation says so in `CONVENTIONS`.
"""

import functools

import torch
import torch.nn.functional as F

LARGEST = (2 - 2.0**-23) * 2.0**127

CONVENTIONS = {
    "tie of two": "maximum, minimum: the first gets the gradient if it is beyond the second; PyTorch halves a tie",
    "NaN of two": "maximum, minimum, relu, clamp: NaN is not beyond a number, so it gets no gradient as the first",
    "NaN of abs": "abs: the slope of NaN is NaN; 0 in PyTorch",
    "bound of clamp": "clamp: at a bound the bound gets the gradient; in PyTorch x gets all of it",
    "hypot at 0": "hypot: the slope at (0, 0) is 0; in PyTorch it is NaN",
    "hypot of infinity": "hypot: an infinite operand has the slope of |x|, and NaN beside it makes NaN; PyTorch has NaN, and infinity",
    "zero of logSigmoid": "softplus is 0 at -infinity, logSigmoid -0 at infinity; PyTorch has the other sign",
    "limit at infinity": "silu, geluTanh, softsign have their limits there, as slopes too; NaN in PyTorch",
    "remainder of infinity": "mod: NaN by an infinite divisor; PyTorch keeps the dividend",
    "zero of xlogy": "xlogy, entropy: where x is 0 value and slopes are 0, whatever y is; PyTorch has log y or NaN",
    "place of NaN": "argmax, argmin: NaN if an element is NaN; PyTorch gives its place",
    "power of a negative": "pow: NaN of a negative base; PyTorch takes whole exponents",
    "tail of gelu": "gelu: 0 at -infinity, its limit; NaN in PyTorch",
    "slope of toFinite": "toFinite: the slope is 1 everywhere; in PyTorch it is 0 beyond the bounds",
    "infinite score": "softmax, logSumExp, logSoftmax: infinite scores share the slope; NaN in PyTorch, and NaN has 0 there",
    "sum of infinities": "a function made of several operations adds their parts of an infinite cotangent, which may be NaN",
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
    by_logarithm = torch.exp(torch.where(b == 0, b, 0.0) * torch.log(torch.where(a > 0, a, 1.0)))
    return torch.where((b == 0) & (a > 0), by_logarithm, torch.pow(a, b))


def huber(x, delta):
    return F.huber_loss(x, torch.zeros_like(x), reduction="none", delta=delta)


class Expm1(torch.autograd.Function):
    """With the slope e^x; PyTorch's own, the value plus 1, has lost its digits far below 0."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return torch.expm1(x)

    @staticmethod
    def backward(context, g):
        (x,) = context.saved_tensors
        return g * torch.exp(x)


def elu(x, alpha):
    return torch.where(x > 0, x, alpha * Expm1.apply(torch.where(x > 0, 0.0, x)))


def xlogy(x, y):
    x, y = torch.broadcast_tensors(x, y)
    return torch.where(x == 0, 0.0, x * torch.log(torch.where(x == 0, 1.0, y)))


# Functions of one element of each operand; options are numbers.
ELEMENTWISE = {
    "neg": torch.neg,
    "abs": torch.abs,
    "sign": lambda x: torch.where(x.isnan(), x.detach(), torch.sign(x)),
    "floor": torch.floor,
    "square": torch.square,
    "sqrt": torch.sqrt,
    "exp": torch.exp,
    "expm1": Expm1.apply,
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
    "leakyRelu": lambda x, slope: torch.where(x > 0, x, slope * x),
    "elu": elu,
    "silu": F.silu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "softsign": F.softsign,
    "reciprocal": torch.reciprocal,
    "rsqrt": torch.rsqrt,
    "round": torch.round,
    "ceil": torch.ceil,
    "mod": torch.remainder,
    "xlogy": xlogy,
    "greater": lambda a, b: bit(a > b),
    "greaterEqual": lambda a, b: bit(a >= b),
    "notEqual": lambda a, b: bit(a != b),
    "not": lambda x: bit(torch.logical_not(x)),
    "and": lambda *x: bit(functools.reduce(torch.logical_and, x, torch.tensor(True))),
    "or": lambda *x: bit(functools.reduce(torch.logical_or, x, torch.tensor(False))),
}

# Functions of float32 numbers that make no error of rounding.
EXACT = {
    *("neg", "abs", "sign", "floor", "round", "ceil", "relu", "toFinite", "finite", "maximum", "minimum"),
    *("less", "lessEqual", "greater", "greaterEqual", "equal", "notEqual", "not", "and", "or", "where", "clamp"),
    *("row", "column", "reshape", "transpose", "concat", "slice", "diagonal", "diag", "stopGradient", "perSequence"),
    *("gather", "oneHot", "iota", "eye", "filled", "sequenceIndex", "stepIndex"),
    *("max", "min", "reduceMax", "argmax", "argmin"),
}

# Sums of which every term has an error: as if their operands had it.
SUMS = {"matmul", "cumsum", "scatter", "logSoftmax"}


def together(x, axis):
    """What a function over an axis takes together, along the last axis."""
    if axis is None:
        return x.reshape(x.shape[0], -1)
    return x.movedim(1, -1) if axis == "post" else x


def apart(y, axis):
    """Undoes `together`."""
    return y.movedim(-1, 1) if axis == "post" else y


def place_of(x, extreme):
    """The first place of an extreme; NaN if that is NaN."""
    place = torch.argmax(bit(x == extreme[..., None]), -1).to(torch.float64)
    return torch.where(extreme.isnan(), torch.nan, place)


# Many elements to one.
REDUCED = {
    "sum": lambda x: x.sum(-1),
    "mean": lambda x: x.mean(-1),
    "max": lambda x: x.amax(-1),
    "min": lambda x: x.amin(-1),
    "argmax": lambda x: place_of(x, x.amax(-1)),
    "argmin": lambda x: place_of(x, x.amin(-1)),
    "logSumExp": lambda x: torch.logsumexp(x, -1),
    "norm": lambda x: torch.linalg.vector_norm(x, dim=-1),
    "variance": lambda x: x.var(-1, correction=0),
    "standardDeviation": lambda x: x.std(-1, correction=0),
    "entropy": lambda x: -xlogy(x, x).sum(-1),
}

# Many elements to as many.
SPREAD = {
    "softmax": lambda x: torch.softmax(to_finite(x), -1),
    "logSoftmax": lambda x: torch.log_softmax(to_finite(x), -1),
    "normalize": lambda x, epsilon: x / maximum(torch.linalg.vector_norm(x, dim=-1, keepdim=True), number(epsilon)),
    "layerNorm": lambda x, epsilon: F.layer_norm(x, x.shape[-1:], eps=epsilon),
    "rmsNorm": lambda x, epsilon: F.rms_norm(x, x.shape[-1:], eps=epsilon),
    "cumsum": lambda x: torch.cumsum(x, -1),
}


# Sums of products, over what a result does not have.
PRODUCTS = {
    "outer": "bi,bj->bij",
    "matvec": "bij,bj->bi",
    "vecmat": "bi,bij->bj",
    "dot": "bi,bi->b",
    "matmul": "biq,bqj->bij",
}


def number(x):
    return torch.tensor([x], dtype=torch.float64)


def operands(values, given):
    """What an operation gets: earlier values by their numbers, and {"number": x}."""
    return [number(each["number"]) if isinstance(each, dict) else values[each] for each in given]


def over_axis(op, values, options):
    """A function over an axis, or over all elements."""
    x, axis = values[0], options.get("axis")
    if op in ("max", "min") and axis is None and x.dim() == 3:
        # Rows share the slope first.
        return REDUCED[op](REDUCED[op](x))
    if op in REDUCED:
        return REDUCED[op](together(x, axis))
    rest = {name: value for name, value in options.items() if name != "axis"}
    y = apart(SPREAD[op](together(x, axis), **rest), axis)
    if len(values) == 1:
        return y
    gain, bias = (along(each, x, axis) for each in values[1:])
    return y * gain + bias


def along(operand, x, axis):
    """A vector along an axis of a matrix, so that PyTorch repeats it; else the operand in its rank."""
    if operand.dim() == 2 and x.dim() == 3:
        return operand.unsqueeze(1 if axis == "pre" else 2)
    return align([operand, x])[0]


def move(op, values, options, sequences):
    """Operations that move, sum or select elements."""
    x = values[0] if values else None
    if op in REDUCED or op in SPREAD:
        return over_axis(op, values, options)
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
    if op in ("reduceSum", "reduceMax"):
        reduce = torch.sum if op == "reduceSum" else torch.amax
        if options["axis"] == "sequence":
            return reduce(x.expand(sequences, *x.shape[1:]), 0, keepdim=True)
        return reduce(x, 1 if options["axis"] == "post" else 2)
    if op == "batchSum":
        return x.expand(sequences, *x.shape[1:]).sum(0, keepdim=True)
    if op == "batchMean":
        return x.expand(sequences, *x.shape[1:]).mean(0, keepdim=True)
    if op in PRODUCTS:
        return torch.einsum(PRODUCTS[op], *same_batch(values))
    if op == "cosineSimilarity":
        # PyTorch's own has the slope of long vectors where one is shorter than epsilon.
        a, b = (together(each, options.get("axis")) for each in same_batch(values))
        lengths = [maximum(torch.linalg.vector_norm(x, dim=-1), number(options["epsilon"])) for x in (a, b)]
        return (a * b).sum(-1) / lengths[0] / lengths[1]
    if op == "reshape":
        return x.reshape(x.shape[0], *options["shape"])
    if op == "diagonal":
        return x.diagonal(dim1=1, dim2=2)
    if op == "diag":
        return torch.diag_embed(x)
    if op == "gather":
        return gather(x, values[1], options.get("axis"))
    if op == "scatter":
        return scatter(x, values[1], **options)
    if op == "oneHot":
        return bit(torch.arange(options["length"], dtype=torch.float64) == x[..., None])
    if op == "eye":
        return torch.eye(options["length"], dtype=torch.float64)[None]
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


def positions(index, count):
    """Which indices are positions, and these; 0 for the others."""
    is_one = (index >= 0) & (index < count) & (index == index.floor())
    return is_one, torch.where(is_one, index, torch.zeros_like(index)).long()


def gather(x, index, axis):
    """The elements, row or column at a position, 0 where there is none."""
    x, index = same_batch([x, index])
    x = x.transpose(1, 2) if axis == "pre" and x.dim() == 3 else x
    is_one, position = positions(index, x.shape[1])
    batch = torch.arange(x.shape[0])
    found = x[batch[:, None], position] if index.dim() == 2 else x[batch, position]
    is_one = is_one.reshape(is_one.shape + (1,) * (found.dim() - is_one.dim()))
    return torch.where(is_one, found, torch.zeros_like(found))


def scatter(x, index, length, axis=None):
    """Elements, or a row or column, at their positions; those of equal ones add up."""
    x, index = same_batch([x, index])
    if index.dim() == 1:
        x, index = x[:, None], index[:, None]
    is_one, position = positions(index, length)
    is_one = is_one.reshape(is_one.shape + (1,) * (x.dim() - is_one.dim()))
    empty = torch.zeros((x.shape[0], length, *x.shape[2:]), dtype=torch.float64)
    place = (torch.arange(x.shape[0])[:, None], position)
    found = empty.index_put(place, torch.where(is_one, x, 0.0), accumulate=True)
    return found.transpose(1, 2) if axis == "pre" else found


def apply(op, values, options, sequences):
    if op in ELEMENTWISE:
        return ELEMENTWISE[op](*align(values), **options)
    return move(op, values, options, sequences)
