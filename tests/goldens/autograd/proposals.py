"""Which operands and options an operation of a random program gets: an entry for each operation of the step language.

A proposal gets the writer of the program, picks among the earlier values, and gives operands and options.
A LookupError says that there are none.
"""

scalar, vector, matrix = (lambda shape, rank=rank: len(shape) == rank for rank in range(3))


def any_value(w):
    return [w.pick()], {}


def a_vector(w):
    return [w.pick(vector)], {}


def pair(w):
    first = w.pick()
    both = [first, w.partner(w.shape(first))]
    return (both if w.random.random() < 0.5 else both[::-1]), {}


def beside(count):
    """A value, and as many operands beside it."""

    def propose(w):
        first = w.pick()
        return [first, *(w.partner(w.shape(first)) for _ in range(count))], {}

    return propose


def conditions(w):
    return beside(w.random.choice([0, 1, 1, 2]))(w)


def axis_of(w, x, each=False):
    """An axis that a value has, or none; of a matrix always one if each row or column is for itself."""
    rank = len(w.shape(x))
    axes = {0: [None], 1: [None, "post"], 2: ["post", "pre", "pre"] if each else [None, "post", "pre", "pre"]}
    axis = w.random.choice(axes[rank])
    return {} if axis is None else {"axis": axis}


def rather_a_matrix(w, fits=lambda shape: True):
    """Functions over an axis have most to do in a matrix."""
    return w.pick(matrix if w.random.random() < 0.4 else fits)


def over_any(w):
    x = rather_a_matrix(w)
    return [x], axis_of(w, x)


def over_each(w):
    x = rather_a_matrix(w, lambda s: len(s) > 0)
    return [x], axis_of(w, x, each=True)


def normalize(w):
    given, options = over_each(w)
    return given, {**options, "epsilon": w.random.choice([0.375, 0.0625])}


def cosine_similarity(w):
    [a], options = over_each(w)
    shape = w.shape(a)
    likes = {shape} | ({(1, shape[1]), (shape[0], 1)} if len(shape) == 2 else set())
    # Of a vector with itself it is 1, and all else is rounding.
    return [a, w.pick(lambda s: s in likes, but=a)], {**options, "epsilon": w.random.choice([0.375, 0.0625])}


def scaled(w):
    [x], options = over_each(w)
    options["epsilon"] = w.random.choice([0.125, 0.001])
    if w.random.random() < 0.5:
        return [x], options
    length = w.shape(x)[1 if options.get("axis") == "pre" else 0]
    fits = lambda s: s in {(), (length,)}
    operand = lambda: w.number() if w.random.random() < 0.3 else w.pick(fits)
    return [x, operand(), operand()], options


def concat(w):
    return [w.pick(lambda s: len(s) < 2) for _ in range(w.random.choice([1, 2, 2, 3]))], {}


def slice_of(w):
    x = w.pick(vector)
    start = w.random.randrange(w.shape(x)[0])
    return [x], {"start": start, "length": w.random.randint(1, w.shape(x)[0] - start)}


def reshape(w):
    x = w.pick(lambda s: len(s) == 1 or len(s) == 2 and 1 in s)
    count = max(w.shape(x))
    return [x], {"shape": w.random.choice([[count], [1, count], [count, 1]])}


def reduce(w):
    x = w.pick()
    return [x], {"axis": w.random.choice(["sequence", "post", "pre"][: len(w.shape(x)) + 1])}


def matvec(w):
    a = w.pick(matrix)
    return [a, w.pick(lambda s: s == w.shape(a)[1:])], {}


def vecmat(w):
    a = w.pick(matrix)
    return [w.pick(lambda s: s == w.shape(a)[:1]), a], {}


def matmul(w):
    a = w.pick(matrix)
    return [a, w.pick(lambda s: len(s) == 2 and s[0] == w.shape(a)[1])], {}


def dot(w):
    a = w.pick(vector)
    return [a, w.pick(lambda s: s == w.shape(a))], {}


def gather(w):
    x = rather_a_matrix(w, lambda s: len(s) > 0)
    if len(w.shape(x)) == 2:
        return [x, w.pick_index(scalar)], axis_of(w, x, each=True)
    return [x, w.pick_index(w.random.choice([scalar, vector]))], {}


def scatter(w):
    r = w.random
    options = {"length": r.choice(w.sizes)}
    kind = r.randrange(3)
    if kind == 0:
        return [w.number() if r.random() < 0.3 else w.pick(scalar), w.pick_index(scalar)], options
    if kind == 1:
        return [w.pick(vector), w.pick_index(scalar)], {**options, "axis": r.choice(["post", "pre"])}
    index = w.pick_index(vector)
    return [w.pick(lambda s: s == w.shape(index)), index], options


def one_hot(w):
    return [w.pick_index(w.random.choice([scalar, vector]))], {"length": w.random.choice(w.sizes)}


def length(w):
    return [], {"length": w.random.choice(w.sizes)}


def filled(w):
    n, m = w.sizes
    value = w.random.choice([2.0 if w.special else 0.0, 1.0, -0.5])
    return [], {"value": value, "shape": w.random.choice([[], [n], [n, m]])}


def huber(w):
    return [w.pick()], {"delta": w.random.choice([0.5, 1.0, 2.0])}


def smooth_abs(w):
    return [w.pick()], {"epsilon": w.random.choice([0.25, 1.0])}


UNARY = [
    *("neg", "abs", "sign", "floor", "square", "sqrt", "exp", "expm1", "log", "log1p", "tanh", "sigmoid"),
    *("softplus", "logSigmoid", "gelu", "cos", "sin", "relu", "toFinite", "finite", "silu", "geluTanh", "softsign"),
    *("reciprocal", "rsqrt", "round", "ceil", "not", "stopGradient", "perSequence", "batchSum", "batchMean"),
]
BINARY = [
    *("add", "sub", "mul", "div", "pow", "hypot", "maximum", "minimum", "less", "lessEqual", "equal"),
    *("greater", "greaterEqual", "notEqual", "mod", "xlogy"),
]
OVER_ANY = ["sum", "mean", "max", "min", "norm", "variance", "standardDeviation", "entropy"]
OVER_EACH = ["softmax", "logSoftmax", "logSumExp", "argmax", "argmin"]

PROPOSALS = {
    **dict.fromkeys(UNARY, any_value),
    **dict.fromkeys(BINARY, pair),
    **dict.fromkeys(OVER_ANY, over_any),
    **dict.fromkeys(OVER_EACH, over_each),
    **dict.fromkeys(["row", "column", "cumsum", "diag"], a_vector),
    **dict.fromkeys(["reduceSum", "reduceMax"], reduce),
    **dict.fromkeys(["layerNorm", "rmsNorm"], scaled),
    **dict.fromkeys(["leakyRelu", "elu"], beside(1)),
    **dict.fromkeys(["where", "clamp", "lerp"], beside(2)),
    **dict.fromkeys(["and", "or"], conditions),
    **dict.fromkeys(["iota", "eye"], length),
    "huber": huber,
    "smoothAbs": smooth_abs,
    "normalize": normalize,
    "cosineSimilarity": cosine_similarity,
    "transpose": lambda w: ([w.pick(matrix)], {}),
    "diagonal": lambda w: ([w.pick(lambda s: len(s) == 2 and s[0] == s[1])], {}),
    "concat": concat,
    "slice": slice_of,
    "reshape": reshape,
    "outer": lambda w: ([w.pick(vector), w.pick(vector)], {}),
    "matvec": matvec,
    "vecmat": vecmat,
    "matmul": matmul,
    "dot": dot,
    "gather": gather,
    "scatter": scatter,
    "oneHot": one_hot,
    "filled": filled,
    "sequenceIndex": lambda w: ([], {}),
}
