"""Random recurrent cells, in the nodes of a description."""

FUNCTIONS = ["tanh", "tanh", "sigmoid", "relu", "gelu", "softplus", "sin", "silu", "geluTanh", "softsign"]


class CellWriter:
    """Declares parameters, states and inputs, then writes the nodes of one step.

    A value is the number of its declaration or node; numbers of nodes are final once `close` was called,
    so the writer asks for all declarations first.
    """

    def __init__(self, random, units, inputs):
        self.random, self.n, self.i = random, units, inputs
        self.parameters, self.states, self.inputs = {}, {}, {}
        self.nodes, self.next, self.observed = [], {}, {}

    def parameter(self, name, *shape, scale=0.7, **options):
        self.parameters[name] = {"shape": list(shape), "scale": scale, **options}
        return ("parameter", name)

    def state(self, name, *shape, initial=0):
        self.states[name] = {"shape": list(shape), "initial": initial}
        return ("state", name)

    def input(self, name, *shape):
        self.inputs[name] = {"shape": list(shape)}
        return ("input", name)

    def node(self, op, *operands, **options):
        self.nodes.append([op, list(operands), options])
        return ("node", len(self.nodes) - 1)

    def linear(self, name, post, x, pre, role="hidden"):
        """A layer with a name, which local rules train; its bias is left out at times."""
        operands = [self.parameter(f"w_{name}", post, pre), x]
        if self.random.random() < 0.6:
            operands.append(self.parameter(f"b_{name}", post, scale=0.3))
        return self.node("linear", *operands, name=name, role=role)

    def function(self, x):
        return self.node(self.random.choice(FUNCTIONS), x)

    def drive(self, h):
        """What input and activity ask of the units: one layer of both, or one of each."""
        x = self.input("x", self.i)
        if self.random.random() < 0.5:
            return self.linear("joint", self.n, self.node("concat", x, h), self.i + self.n)
        return self.node("add", self.linear("in", self.n, x, self.i), self.linear("rec", self.n, h, self.n, "recurrent"))

    def leaky(self):
        h = self.state("h", self.n, initial=self.random.choice([0, 0.5]))
        rate = self.node("sigmoid", self.parameter("rate", *self.random.choice([(), (self.n,)])))
        next_h = self.node("lerp", h, self.function(self.drive(h)), rate)
        self.next["h"] = next_h
        return next_h

    def gated(self):
        h = self.state("h", self.n)
        gate = self.node("sigmoid", self.linear("gate", self.n, h, self.n, "recurrent"))
        next_h = self.node("lerp", h, self.function(self.drive(self.node("mul", gate, h))), gate)
        self.next["h"] = next_h
        return next_h

    def plastic(self):
        n = self.n
        h, before = self.state("h", n), self.state("before", n)
        hebb = self.state("hebb", n, n)
        w = self.parameter("w", n, n, **({"diagonal": 0} if self.random.random() < 0.4 else {}))
        alpha = self.parameter("alpha", *self.random.choice([(), (n, n)]), scale=0.4)
        eta = self.parameter("eta", scale=0.5)
        trace = self.node("lerp", self.node("outer", h, before), hebb, eta)
        weight = self.node("add", w, self.node("mul", alpha, trace))
        x = self.linear("in", n, self.input("x", self.i), self.i)
        next_h = self.function(self.node("add", self.node("matvec", weight, h), x))
        self.next.update(h=next_h, before=h, hebb=trace)
        return next_h

    def fast(self):
        n = self.n
        h, memory = self.state("h", n), self.state("memory", n, n)
        x = self.input("x", self.i)
        key = self.node(self.random.choice(["tanh", "softmax", "relu"]), self.linear("key", n, x, self.i))
        value = self.linear("value", n, self.node("concat", x, h), self.i + n)
        old = self.node("matvec", memory, key)
        change = self.node("outer", self.node("sub", value, old), key)
        kept = self.node("add", memory, self.node("mul", self.parameter("rate", scale=0.5), change))
        next_h = self.function(self.node("vecmat", value, kept))
        self.next.update(h=next_h, memory=kept)
        return next_h

    def neuromodulated(self):
        n = self.n
        h, hebb = self.state("h", n), self.state("hebb", n, n)
        w = self.parameter("w", n, n)
        x = self.linear("in", n, self.input("x", self.i), self.i)
        current = self.node("matvec", self.node("add", w, hebb), h)
        next_h = self.function(self.node("add", current, x))
        signal = self.node("tanh", self.node("dot", self.parameter("modulator", n), next_h))
        change = self.node("mul", self.node("outer", next_h, h), signal)
        bound = {"number": self.random.choice([0.25, 1.0])}
        hebb_next = self.node("clamp", self.node("add", hebb, change), {"number": -bound["number"]}, bound)
        self.next.update(h=next_h, hebb=hebb_next)
        return next_h

    def normalized(self):
        """Activity less its mean, over its root mean square."""
        h = self.state("h", self.n)
        drive = self.drive(h)
        centred = self.node("sub", drive, self.node("mean", drive))
        size = self.node("sqrt", self.node("add", self.node("mean", self.node("square", centred)), {"number": 0.25}))
        next_h = self.node("tanh", self.node("div", centred, size))
        self.next["h"] = next_h
        return next_h


    def attending(self):
        """Queries of the rows of a memory, answered by its mean row, weighted; the memory changes ever more slowly."""
        n = self.n
        h, memory = self.state("h", n), self.state("memory", self.random.choice([1, 2, 3]), n, initial=0.5)
        drive = self.drive(h)
        rows = self.states["memory"]["shape"][0]
        axis = {"axis": self.random.choice(["post", "pre"])}
        query = self.parameter("query", self.random.choice([1, 2]), n)
        scores = self.node("matmul", query, self.node("transpose", memory))
        weights = self.node(self.random.choice(["softmax", "logSoftmax", "normalize"]), scores, **axis)
        if self.nodes[-1][0] == "normalize":
            self.nodes[-1][2]["epsilon"] = 0.375
        answer = self.node("mean", self.node("matmul", weights, memory), axis="post")
        gain, shift = self.parameter("gain", n), self.parameter("shift", *self.random.choice([(), (n,)]))
        norm = self.node(self.random.choice(["layerNorm", "rmsNorm"]), self.node("add", drive, answer), gain, shift, epsilon=0.125)
        next_h = self.node("tanh", norm)
        place = self.node("mod", self.node("stepIndex"), {"number": rows})
        written = self.node("scatter", next_h, place, length=rows, axis="post")
        rate = self.node("reciprocal", self.node("add", self.node("stepIndex"), {"number": 2}))
        self.next.update(h=next_h, memory=self.node("lerp", memory, written, rate))
        return next_h

    def competing(self):
        """The winner among sums of shares inhibits the others; activity keeps a length."""
        n = self.n
        h = self.state("h", n, initial=0.25)
        shares = self.node("cumsum", self.node("softmax", self.drive(h)))
        winner = self.node("oneHot", self.node("argmax", shares), length=n)
        off = self.node("sub", {"number": 1}, self.node("eye", length=n))
        weight = self.node("mul", self.parameter("w", n, n), off)
        inhibited = self.node("sub", shares, self.node("matvec", weight, winner))
        leaky = self.node("leakyRelu", inhibited, self.parameter("slope", scale=0.3))
        scale = self.node("add", self.node("norm", leaky), self.node("standardDeviation", leaky))
        next_h = self.node("div", leaky, self.node("maximum", scale, {"number": 0.5}))
        self.next["h"] = next_h
        return next_h


CELLS = ["leaky", "gated", "plastic", "fast", "neuromodulated", "normalized", "attending", "competing"]
