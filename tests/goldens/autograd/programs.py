"""Random expression graphs, with values chosen to hit zeros, ties and, in half of them, infinities and NaN."""

import random
from dataclasses import dataclass, field

import torch

from chain import Chain, partials, value_of
from graphs import Noise, differentiate, operands
from language import ELEMENTWISE, EXACT, apply

SAMPLES = 12
UNARY = [
    *("neg", "abs", "sign", "floor", "square", "sqrt", "exp", "expm1", "log", "log1p", "tanh", "sigmoid"),
    *("softplus", "logSigmoid", "gelu", "cos", "sin", "relu", "toFinite", "finite", "huber", "smoothAbs"),
]
BINARY = ["add", "sub", "mul", "div", "pow", "hypot", "maximum", "minimum", "less", "lessEqual", "equal"]
TERNARY = ["where", "where", "clamp", "lerp"]
MOVES = [
    *("row", "column", "transpose", "concat", "slice", "stopGradient", "perSequence", "sum", "mean", "max"),
    *("reduceSum", "reduceMax", "batchSum", "batchMean", "outer", "matvec", "vecmat", "dot", "softmax"),
    *("logSumExp", "gather", "oneHot", "iota", "filled", "sequenceIndex"),
]
OPERATIONS = UNARY + 2 * BINARY + TERNARY + MOVES + ["matvec", "outer", "mul", "add", "maximum", "minimum"]
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0]
SPECIALS = [torch.inf, -torch.inf, torch.inf, -torch.inf, torch.nan]


@dataclass
class Program:
    sequences: int
    names: list = field(default_factory=list)
    inputs: list = field(default_factory=list)
    tangents: list = field(default_factory=list)
    nodes: list = field(default_factory=list)
    results: list = field(default_factory=list)
    cotangents: list = field(default_factory=list)


class Writer:
    """Writes one random program; a node that does not fit is not added."""

    def __init__(self, seed, special, wide):
        self.random = random.Random(seed)
        torch.manual_seed(seed)
        self.special, self.wide = special, wide
        self.program = Program(self.random.choice([1, 1, 2, 3]))
        self.sizes = self.random.choice([(1, 1), (1, 3), (2, 1), (2, 3), (3, 2), (4, 3), (5, 2), (3, 7)])
        self.deck, self.uses, self.noisy = [], [], []

    def draw(self):
        r = self.random
        if self.special and r.random() < 0.12:
            return r.choice(SPECIALS)
        if r.random() < 0.5:
            return r.choice(EDGES)
        x = round(r.gauss(0, 1.2) * 64) / 64
        return x * 2.0 ** r.choice([-50, -40, 40, 50]) if self.wide and r.random() < 0.3 else x

    def tensor(self, shape, shared, draw):
        batch = 1 if shared else self.program.sequences
        count = batch * int(torch.Size(shape).numel())
        return torch.tensor([draw() for _ in range(count)], dtype=torch.float64).reshape(batch, *shape)

    def add_input(self, shape, shared, draw=None, differentiable=True):
        p = self.program
        p.names.append(f"x{len(p.names)}")
        value = self.tensor(shape, shared, draw or self.draw)
        p.inputs.append(value)
        tangent = self.tensor(shape, shared, lambda: self.random.choice([-1.5, -1, -0.5, 0.25, 1, 2]))
        p.tangents.append(tangent if differentiable else None)
        self.uses.append(0)
        self.noisy.append([value] * SAMPLES)

    def shape(self, index):
        return tuple(self.all[index].shape[1:])

    def pick(self, fits=lambda shape: True):
        """An earlier value, rather one that nothing uses yet."""
        fitting = [i for i in range(len(self.all)) if fits(self.shape(i))]
        if not fitting:
            raise LookupError
        unused = [i for i in fitting if self.uses[i] == 0]
        return self.random.choice(unused if unused and self.random.random() < 0.7 else fitting)

    def partner(self, shape):
        """An operand beside one of this shape: of the same, a scalar, a row or column, or a number."""
        r = self.random
        if r.random() < 0.2:
            return {"number": r.choice([0.5, 1.0, -1.0, 2.0, -0.25])}
        matches = {shape, ()} | ({(1, shape[1]), (shape[0], 1)} if len(shape) == 2 else set())
        return self.pick(lambda s: s in matches)

    def propose(self, op):
        r = self.random
        vector, matrix = lambda s: len(s) == 1, lambda s: len(s) == 2
        n, m = self.sizes
        if op in UNARY:
            options = {"huber": {"delta": r.choice([0.5, 1.0, 2.0])}, "smoothAbs": {"epsilon": r.choice([0.25, 1.0])}}
            return [self.pick()], options.get(op, {})
        if op in BINARY:
            first = self.pick()
            pair = [first, self.partner(self.shape(first))]
            return pair if r.random() < 0.5 else pair[::-1], {}
        if op in TERNARY:
            first = self.pick()
            rest = [self.partner(self.shape(first)) for _ in range(2)]
            return [first, *rest], {}
        if op in ("row", "column", "max", "softmax", "logSumExp"):
            return [self.pick(vector)], {}
        if op == "transpose":
            return [self.pick(matrix)], {}
        if op == "concat":
            return [self.pick(lambda s: len(s) < 2) for _ in range(r.choice([1, 2, 2, 3]))], {}
        if op == "slice":
            x = self.pick(vector)
            start = r.randrange(self.shape(x)[0])
            return [x], {"start": start, "length": r.randint(1, self.shape(x)[0] - start)}
        if op in ("reduceSum", "reduceMax"):
            x = self.pick()
            axes = {0: ["sequence"], 1: ["post", "sequence"], 2: ["post", "pre", "sequence"]}
            return [x], {"axis": r.choice(axes[len(self.shape(x))])}
        if op == "outer":
            return [self.pick(vector), self.pick(vector)], {}
        if op in ("matvec", "vecmat"):
            a = self.pick(matrix)
            length = self.shape(a)[1 if op == "matvec" else 0]
            x = self.pick(lambda s: s == (length,))
            return [a, x] if op == "matvec" else [x, a], {}
        if op == "dot":
            a = self.pick(vector)
            return [a, self.pick(lambda s: s == self.shape(a))], {}
        if op in ("gather", "oneHot"):
            index = self.pick(lambda s: s == ())
            if any(self.all[index].frac().abs() > 0):
                index = self.index
            return ([self.pick(vector), index], {}) if op == "gather" else ([index], {"length": n})
        if op == "iota":
            return [], {"length": r.choice([n, m])}
        if op == "filled":
            return [], {"value": r.choice([2.0 if self.special else 0.0, 1.0, -0.5]), "shape": r.choice([[], [n], [n, m]])}
        if op == "sequenceIndex":
            return [], {}
        return [self.pick()], {}

    def fits(self, op, given, options):
        """Whether float32 decides as float64 does, and in an ordinary program all is finite."""
        p = self.program
        x = operands(self.all, given)
        value = value_of(op, x, options, p.sequences) if self.special else apply(op, x, options, p.sequences)
        if value.numel() > 40 * p.sequences:
            return None
        if op in ("cos", "sin") and not (x[0].abs() < 1000).all():
            return None
        if op == "pow" and not ((x[0] > 0) | ((x[0] == 0) & (x[1] >= 0)) | x[0].isnan() | self.special & (x[0] < 0)).all():
            return None
        if op == "pow" and (not torch.isfinite(x[1]).all() or x[0].isinf().any()):
            return None
        size = value.abs()[torch.isfinite(value)]
        if not self.wide and ((size > 1e4) | (size < 1e-6) & (size > 0)).any():
            return None
        if self.wide and (size > 1e35).any():
            return None
        if not self.special:
            if not torch.isfinite(value).all():
                return None
            most = torch.inf if self.wide else 1e6
            if op in ELEMENTWISE and not all((s.abs() < most).all() for s in partials(op, x, options)):
                return None
        samples = self.sampled(op, given, options, value)
        return samples and (value, samples)

    def sampled(self, op, given, options, value):
        """The value with random errors, a few times; None where these decide otherwise."""
        p, samples = self.program, []
        for k in range(SAMPLES):
            noisy = [v[k] for v in self.noisy]
            sample = (value_of if self.special else apply)(op, operands(noisy, given), options, p.sequences)
            if op not in EXACT:
                sample = Noise.apply(sample)
            finite = torch.isfinite(value)
            if not torch.equal(finite, torch.isfinite(sample)):
                return None
            if not torch.equal(torch.nan_to_num(value[~finite]), torch.nan_to_num(sample[~finite])):
                return None
            if ((sample - value).abs()[finite] > 1e-3 * value.abs()[finite] + 1e-4).any():
                return None
            samples.append(sample)
        return samples

    def step(self):
        if not self.deck:
            self.deck = OPERATIONS[:]
            self.random.shuffle(self.deck)
        op = self.deck.pop()
        try:
            given, options = self.propose(op)
        except LookupError:
            return
        try:
            found = self.fits(op, given, options)
        except RuntimeError:  # shapes that do not fit together
            return
        if found is None:
            return
        for each in given:
            if not isinstance(each, dict):
                self.uses[each] += 1
        self.program.nodes.append([op, given, options])
        self.all.append(found[0])
        self.noisy.append(found[1])
        self.uses.append(0)

    def write(self, deck):
        n, m = self.sizes
        self.deck = deck
        r = self.random
        for shape in [(), (n,), (n,), (m,), (n, m), *r.sample([(), (n,), (m,), (n, n), (n, m)], 2)]:
            self.add_input(shape, r.random() < 0.3)
        self.add_input((), False, lambda: r.choice([-1.0, 0.0, 1.0, 2.0, float(n - 1)]), differentiable=False)
        self.index = len(self.program.inputs) - 1
        self.all = list(self.program.inputs)
        count = len(self.all) + r.randint(6, 16)
        for _ in range(400):
            if len(self.all) >= count:
                break
            self.step()
        p = self.program
        first = len(p.inputs)
        sinks = [i for i in range(first, len(self.all)) if self.uses[i] == 0]
        p.results = sinks[-5:]
        draws = [0.5, 1.0, -1.0, 0.75, 2.0] + ([0.0, 0.0] if self.special else [0.0])
        p.cotangents = [self.tensor(self.shape(i), self.all[i].shape[0] == 1, lambda: r.choice(draws)) for i in p.results]
        return p


def expected(program, special):
    """The numbers, and how much each moves, in units of a relative error of all operations."""
    run = (lambda noisy: by_chain(program, noisy)) if special else (lambda noisy: differentiate(program, noisy))
    found = run(False)
    if found is None or not any(g.abs().nan_to_num().sum() > 0 for g in found["gradients"]):
        return None
    if not special and not all(torch.isfinite(x).all() for xs in found.values() for x in xs):
        return None
    spread = {key: [torch.zeros_like(x) for x in xs] for key, xs in found.items()}
    for _ in range(SAMPLES):
        sample = run(True)
        for key, xs in found.items():
            for k, x in enumerate(xs):
                moved = (sample[key][k] - x).abs()
                if not torch.equal(torch.isfinite(sample[key][k]), torch.isfinite(x)):
                    return None
                spread[key][k] = torch.maximum(spread[key][k], torch.where(torch.isfinite(moved), moved, 0.0))
    return found, spread


def by_chain(program, noisy, weak=False):
    chain = Chain(program, noisy, weak)
    return {"results": chain.results(), "gradients": chain.gradients(), "slopes": chain.slopes()}
