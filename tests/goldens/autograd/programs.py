"""Random expression graphs, with values chosen to hit zeros, ties and, in half of them, infinities and NaN."""

import random
from dataclasses import dataclass, field

import torch

from chain import PIECEWISE, Chain, partials, value_of
from graphs import differentiate, evaluate
from language import ELEMENTWISE, apply, operands, together
from proposals import PROPOSALS

SAMPLES = 12
ATTEMPTS = 4
# Operations left when others are added to those whose turn comes.
FEW = 30
# What the most can go wrong with is drawn more often.
OPERATIONS = [
    *PROPOSALS,
    *("add", "sub", "mul", "mul", "div", "pow", "hypot", "maximum", "maximum", "minimum", "minimum", "where", "where"),
    *("matvec", "matvec", "outer", "outer", "matmul", "matmul", "softmax", "logSumExp", "layerNorm", "norm", "max"),
    *("cosineSimilarity", "cosineSimilarity", "mod", "mod", "rsqrt", "scatter", "xlogy", "xlogy", "gelu", "gelu"),
    *("entropy", "entropy"),
]
# Of these nothing is said where an operand is infinite or NaN, but for their value.
FINITE_ONLY = {"norm", "normalize", "cosineSimilarity"}
# A derivative may take the two vectors of an outer product one by one, p (q x): nothing is said of infinities.
SUMS = {"matvec", "vecmat", "matmul", "sum", "mean", "reduceSum"}
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
        self.deck, self.uses, self.noisy, self.outer = [], [], [], set()

    def draw(self):
        r = self.random
        if self.special and r.random() < 0.16:
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

    def pick(self, fits=lambda shape: True, but=None):
        """An earlier value, rather one that nothing uses yet."""
        fitting = [i for i in range(len(self.all)) if i != but and fits(self.shape(i))]
        if not fitting:
            raise LookupError
        unused = [i for i in fitting if self.uses[i] == 0]
        return self.random.choice(unused if unused and self.random.random() < 0.7 else fitting)

    def partner(self, shape):
        """An operand beside one of this shape: of the same, a scalar, a row or column, or a number."""
        if self.random.random() < 0.2:
            return self.number()
        matches = {shape, ()} | ({(1, shape[1]), (shape[0], 1)} if len(shape) == 2 else set())
        return self.pick(lambda s: s in matches)

    def number(self):
        return {"number": self.random.choice([0.5, 1.0, -1.0, 2.0, -0.25])}

    def pick_index(self, fits):
        """Whole numbers: an earlier value that has them, or the indices that every program is given."""
        index = self.pick(fits)
        is_whole = not (self.all[index].frac().abs() > 0).any()
        return index if is_whole else self.index if self.shape(index) == () else self.indices

    def fits(self, op, given, options):
        """Whether float32 decides as float64 does, and in an ordinary program all is finite."""
        p = self.program
        x = operands(self.all, given)
        value = value_of(op, x, options, p.sequences) if self.special else apply(op, x, options, p.sequences)
        # What follows a value that is mostly NaN shows little.
        if value.numel() > 40 * p.sequences or 2 * value.isnan().sum() > value.numel():
            return None
        if op in ("cos", "sin") and not (x[0].abs() < 1000).all():
            return None
        if op == "pow" and not ((x[0] > 0) | ((x[0] == 0) & (x[1] >= 0)) | x[0].isnan() | self.special & (x[0] < 0)).all():
            return None
        if op in SUMS and any(i in self.outer and not torch.isfinite(self.all[i]).all() for i in named(given)):
            return None
        if op in ("max", "min", "reduceMax") and self.special and (value == 0).any() and has_both_zeros(x[0]):
            return None
        if op in FINITE_ONLY and not all(torch.isfinite(each).all() for each in x):
            return None
        if op == "standardDeviation" and not is_spread(x[0], options.get("axis"), value):
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
            if op in ELEMENTWISE and op not in PIECEWISE and not all((s.abs() < most).all() for s in partials(op, x, options)):
                return None
        samples = self.sampled(op, given, options, value)
        return samples and (value, samples)

    def sampled(self, op, given, options, value):
        """The value with random errors, a few times; None where these decide otherwise."""
        p, samples = self.program, []
        for k in range(SAMPLES):
            noisy = [v[k] for v in self.noisy]
            sample = evaluate(noisy, [[op, given, options]], p.sequences, True, value_of if self.special else apply)[-1]
            finite = torch.isfinite(value)
            if not torch.equal(finite, torch.isfinite(sample)):
                return None
            if not torch.equal(torch.nan_to_num(value[~finite]), torch.nan_to_num(sample[~finite])):
                return None
            if ((sample - value).abs()[finite] > 1e-3 * value.abs()[finite] + 1e-4).any():
                return None
            samples.append(sample)
        return samples

    def attempt(self, op):
        """Operands and options of an operation, its value and samples of it; None if they do not fit."""
        try:
            given, options = PROPOSALS[op](self)
            found = self.fits(op, given, options)
        except (LookupError, RuntimeError):  # no such operands, or shapes that do not fit together
            return None
        return found and (given, options, *found)

    def step(self):
        if len(self.deck) < FEW:
            self.deck += OPERATIONS
            self.random.shuffle(self.deck)
        op = self.deck.pop()
        drawn = next(filter(None, (self.attempt(op) for _ in range(ATTEMPTS))), None)
        if drawn is None:
            # Its turn comes again.
            self.deck.insert(self.random.randrange(len(self.deck)), op)
            return
        given, options, value, samples = drawn
        for each in named(given):
            self.uses[each] += 1
        if op == "outer" or op in ("neg", "mul", "transpose", "perSequence") and self.outer & set(named(given)):
            self.outer.add(len(self.all))
        self.program.nodes.append([op, given, options])
        self.all.append(value)
        self.noisy.append(samples)
        self.uses.append(0)

    def write(self, deck):
        n, m = self.sizes
        self.deck = deck
        r = self.random
        for shape in [(), (n,), (n,), (m,), (n, m), *r.sample([(), (n,), (m,), (n, n), (m, n), (n, m)], 2)]:
            self.add_input(shape, r.random() < 0.3)
        index = lambda: r.choice([-1.0, 0.0, 1.0, 2.0, float(n - 1)])
        self.add_input((), False, index, differentiable=False)
        self.add_input((r.choice([n, m]),), False, index, differentiable=False)
        self.index, self.indices = len(self.program.inputs) - 2, len(self.program.inputs) - 1
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


def named(given):
    """The operands that are values."""
    return [each for each in given if not isinstance(each, dict)]


def has_both_zeros(x):
    """0 and -0, of which either is the largest."""
    signs = torch.signbit(x[x == 0])
    return bool(signs.any() and not signs.all())


def is_spread(x, axis, deviation):
    """Whether the deviation is clearly not 0, or 0 because there is one element, or all are 0."""
    lines = together(x, axis)
    size = lines.abs().amax(-1)
    clear = (deviation > 1e-3 * size) | (size == 0) | deviation.isnan()
    return lines.shape[-1] == 1 or bool(clear.all())


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
