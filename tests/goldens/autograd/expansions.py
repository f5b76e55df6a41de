"""Functions as small operations, from their equations: of those alone the step language says what becomes of
zeros beside infinities.

An expansion gets an `Expander`, the operands and the options, and gives the number of its value.
"""

import math

from language import operands


def number(x):
    return {"number": x}


class Expander:
    """Writes small operations by their names: `e.mul(a, b)`."""

    def __init__(self, make, rank):
        self.make, self.rank = make, rank

    def __getattr__(self, op):
        return lambda *given, **options: self.make(op, list(given), options)

    def reduced(self, kind, x, axis):
        """A sum or maximum over an axis; of all elements first of each row."""
        if self.rank(x) == 0:
            return x
        if self.rank(x) == 2 and axis is None:
            x, axis = self.make(kind, [x], {"axis": "pre"}), "post"
        return self.make(kind, [x], {"axis": axis or "post"})

    def total(self, x, axis):
        return self.reduced("reduceSum", x, axis)

    def spread(self, reduced, axis):
        """Beside what it was made of."""
        if self.rank(reduced) == 0:
            return reduced
        return self.column(reduced) if axis == "pre" else self.row(reduced)

    def centred(self, x, axis):
        return self.sub(x, self.spread(self.mean(x, axis=axis), axis))

    def root(self, x):
        """With the slope 0 at 0."""
        is_zero = self.equal(x, number(0))
        return self.where(is_zero, number(0), self.sqrt(self.where(is_zero, number(1), x)))

    def length(self, x, axis):
        return self.root(self.total(self.mul(x, x), axis))


def huber(e, x, delta):
    within = e.clamp(x, number(-delta), number(delta))
    return e.mul(within, e.sub(x, e.mul(within, number(0.5))))


def is_switched_off(op, given):
    """A factor that is the number 0 switches a product off, though the other is infinite: 1 - rate in `lerp`."""
    return op == "lerp" and given[2] == number(1)


def lerp(e, a, b, rate):
    if is_switched_off("lerp", [a, b, rate]):
        return e.where(number(1), b, a)
    return e.add(e.mul(rate, b), e.mul(e.sub(number(1), rate), a))


def gated(e, x, gate):
    """x gate(x); from ±1000 on the gate is 0 or 1."""
    near = e.clamp(x, number(-1000), number(1000))
    return e.where(e.less(x, number(1000)), e.mul(near, gate(near)), x)


def tanh_gate(e, x):
    """(1 + tanh z) / 2 is sigmoid(2 z)."""
    cubic = e.mul(x, e.add(number(1), e.mul(number(0.044715), e.mul(x, x))))
    return e.sigmoid(e.mul(number(2 * math.sqrt(2 / math.pi)), cubic))


def softsign(e, x):
    finite = e.toFinite(x)
    return e.div(finite, e.add(number(1), e.abs(finite)))


def xlogy(e, x, y):
    is_zero = e.equal(x, number(0))
    # The logarithm of a number is taken once, before it is repeated.
    safe = e.where(is_zero, number(1), y) if e.rank(x) == e.rank(y) else y
    return e.where(is_zero, number(0), e.mul(x, e.log(safe)))


def variance(e, x, axis=None):
    centred = e.centred(x, axis)
    return e.mean(e.mul(centred, centred), axis=axis)


def normalize(e, x, epsilon, axis=None):
    return e.div(x, e.spread(e.maximum(e.length(x, axis), number(epsilon)), axis))


def cosine_similarity(e, a, b, epsilon, axis=None):
    lengths = [e.maximum(e.length(x, axis), number(epsilon)) for x in (a, b)]
    return e.div(e.div(e.total(e.mul(a, b), axis), lengths[0]), lengths[1])


def scaled(e, x, given, epsilon, axis):
    """x over its root mean square, with gain and bias."""
    size = e.sqrt(e.add(e.mean(e.mul(x, x), axis=axis), number(epsilon)))
    y = e.div(x, e.spread(size, axis))
    if not given:
        return y
    along = lambda v: v if isinstance(v, dict) or e.rank(v) == 0 or e.rank(x) == 1 else (e.row if axis == "pre" else e.column)(v)
    gain, bias = map(along, given)
    return e.add(e.mul(y, gain), bias)


EXPANSIONS = {
    "outer": lambda e, post, pre: e.mul(e.column(post), e.row(pre)),
    "matvec": lambda e, w, x: e.reduceSum(e.mul(w, e.row(x)), axis="pre"),
    "vecmat": lambda e, x, w: e.reduceSum(e.mul(w, e.column(x)), axis="post"),
    "dot": lambda e, a, b: e.sum(e.mul(a, b)),
    "square": lambda e, x: e.mul(x, x),
    "huber": huber,
    "lerp": lerp,
    "leakyRelu": lambda e, x, slope: e.where(e.less(number(0), x), x, e.mul(slope, x)),
    "elu": lambda e, x, alpha: e.where(e.less(number(0), x), x, e.mul(alpha, e.expm1(x))),
    "silu": lambda e, x: gated(e, x, e.sigmoid),
    "geluTanh": lambda e, x: gated(e, x, lambda near: tanh_gate(e, near)),
    "softsign": softsign,
    "reciprocal": lambda e, x: e.div(number(1), x),
    "rsqrt": lambda e, x: e.div(number(1), e.sqrt(x)),
    "mod": lambda e, a, b: e.sub(a, e.mul(b, e.floor(e.div(a, b)))),
    "xlogy": xlogy,
    "max": lambda e, x, axis=None: e.reduced("reduceMax", x, axis),
    "min": lambda e, x, axis=None: e.neg(e.reduced("reduceMax", e.neg(x), axis)),
    "norm": lambda e, x, axis=None: e.length(x, axis),
    "variance": variance,
    "standardDeviation": lambda e, x, axis=None: e.root(variance(e, x, axis)),
    "entropy": lambda e, p, axis=None: e.neg(e.total(xlogy(e, p, p), axis)),
    "normalize": normalize,
    "cosineSimilarity": cosine_similarity,
    "layerNorm": lambda e, x, *given, epsilon, axis=None: scaled(e, e.centred(x, axis), given, epsilon, axis),
    "rmsNorm": lambda e, x, *given, epsilon, axis=None: scaled(e, x, given, epsilon, axis),
}


def unfold(inputs, nodes, value_of):
    """Runs nodes as small operations. Gives these, the inputs and their values, and where those of the nodes are."""
    smaller, values, place = [], list(inputs), list(range(len(inputs)))

    def make(op, given, options):
        smaller.append([op, given, options])
        values.append(value_of(op, operands(values, given), options))
        return len(values) - 1

    expander = Expander(make, lambda x: 0 if isinstance(x, dict) else values[x].dim() - 1)
    for op, given, options in nodes:
        at = [each if isinstance(each, dict) else place[each] for each in given]
        expand = EXPANSIONS.get(op)
        place.append(expand(expander, *at, **options) if expand else make(op, at, options))
    return smaller, values, place
