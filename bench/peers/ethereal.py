"""
The Ethereal RNN: S symbols, 3 inner layers of S + H units, a recurrent and an output layer; 16 sequences of a few
predictions. Every sequence has weights of its own, biases are shared.

    z <- gelu(W z + b) three times, from z = [symbol, h];  h <- tanh(W_h z + b_h);  logits = W_o z + b_o

A fifth of the weights is highly plastic: set to 0 between sequences, it changes 1000 times as fast and loses 1%
in an update; the rest begins with the mean over the batch. `dfa` changes the inner and the output layer after
every step, by the output error through fixed random matrices; `bptt` changes all of them once, by the exact
gradient. Rates are 1e-4. The output layer has no fast share, but forgets too.
"""
import numpy as np

LAYERS, BATCH = 3, 16
LEARNING_RATE, PLASTICITY, FORGETTING, SHARE = 1e-4, 1000.0, 0.01, 0.2


def arrays(hidden, symbols=9, steps=8):
    """Layers by name, each with arrays w, b, mask and feedback; one-hot symbols [step, sequence, symbol]."""
    random = np.random.default_rng(0)
    normal = lambda *shape: random.standard_normal(shape, np.float32)
    inner = symbols + hidden
    sizes = {f"inner{k}": (inner, inner) for k in range(LAYERS)}
    sizes |= {"hidden": (hidden, inner), "output": (symbols, inner)}
    layers = {
        name: {
            "w": np.repeat(0.02 * normal(1, post, pre), BATCH, 0),
            "b": 0.02 * normal(post),
            "mask": random.random((post, pre), np.float32) < SHARE,
            "feedback": normal(symbols, post) * np.float32((2 / (symbols + post)) ** 0.5),
        }
        for name, (post, pre) in sizes.items()
    }
    shown = random.integers(0, symbols, (steps + 1, BATCH))
    return layers, np.eye(symbols, dtype=np.float32)[shown]


def by_layer(layers, *keys):
    """Of each key, its arrays by layer."""
    return ({name: layer[key] for name, layer in layers.items()} for key in keys)


def rates(layers):
    """By layer, element by element: what an update keeps of the weights, and how much it learns."""
    keep, rate = {}, {}
    for name, layer in layers.items():
        mask = layer["mask"]
        plasticity = np.where(mask, 1 if name == "output" else PLASTICITY, 1)
        keep[name] = (1 - FORGETTING * mask).astype(np.float32)
        rate[name] = (LEARNING_RATE * plasticity).astype(np.float32)
    return keep, rate


def on_torch(rule, hidden, compiled=False, **others):
    import torch
    from peer import Peer
    from torch_training import step_function, tensor, values

    layers, onehot = arrays(hidden, **others)
    tensors = lambda arrays: {name: tensor(array) for name, array in arrays.items()}
    keep, rate = map(tensors, rates(layers))
    w, b, mask, feedback = map(tensors, by_layer(layers, "w", "b", "mask", "feedback"))
    trained = [*w.values(), *b.values()]
    for value in trained:
        value.requires_grad_(rule == "bptt")
    onehot = tensor(onehot)
    targets = onehot[1:].argmax(2)
    inner = list(layers)[:LAYERS]

    def forward(x, h):
        """Logits, the next h, and what each layer read."""
        z, reads = torch.cat((x, h), 1), {}
        linear = lambda name: torch.bmm(w[name], z.unsqueeze(2)).squeeze(2) + b[name]
        for name in inner:
            reads[name] = z
            z = torch.nn.functional.gelu(linear(name))
        reads["output"] = z
        return linear("output"), torch.tanh(linear("hidden")), reads

    def wipe():
        for name in w:
            w[name].copy_(w[name].mean(0).masked_fill_(mask[name], 0).expand_as(w[name]))

    def learn(x, target, h):
        """A step of dfa; returns the next h."""
        logits, h, reads = forward(x, h)
        error = torch.softmax(logits, 1) - target
        for name, read in reads.items():
            post = error if name == "output" else error @ feedback[name]
            change = post.unsqueeze(2) * rate[name]
            w[name].mul_(keep[name]).addcmul_(change, read.unsqueeze(1), value=-1)
            b[name].sub_(post.mean(0), alpha=LEARNING_RATE)
        return h

    def judge(x, target, h):
        """A step of bptt: its loss, and the next h."""
        logits, h, _ = forward(x, h)
        return torch.nn.functional.cross_entropy(logits, target), h

    def update(gradients):
        gradients = iter(gradients)
        for name in w:
            w[name].mul_(keep[name]).addcmul_(next(gradients), rate[name], value=-1)
        for name in b:
            b[name].sub_(next(gradients), alpha=LEARNING_RATE)

    compile_all = lambda *functions: (step_function(each, compiled) for each in functions)
    wipe, learn, judge, update = compile_all(wipe, learn, judge, update)

    def dfa():
        with torch.no_grad():
            wipe()
            h = torch.zeros(BATCH, hidden)
            for t in range(len(targets)):
                h = learn(onehot[t], onehot[t + 1], h)

    def bptt():
        with torch.no_grad():
            wipe()
        h, loss = torch.zeros(BATCH, hidden), 0
        for t in range(len(targets)):
            error, h = judge(onehot[t], targets[t], h)
            loss = loss + error
        gradients = torch.autograd.grad(loss, trained)
        with torch.no_grad():
            update(gradients)

    return Peer(dfa if rule == "dfa" else bptt, lambda: values(w))


def on_torch_compiled(**options):
    return on_torch(**options, compiled=True)


def on_jax(rule, hidden, **others):
    import jax
    import jax.numpy as jnp
    from jax_training import compiled

    layers, onehot = arrays(hidden, **others)
    keep, rate = rates(layers)
    w, b, mask, feedback = by_layer(layers, "w", "b", "mask", "feedback")
    inner = list(layers)[:LAYERS]
    moments = jnp.array(onehot[:-1]), jnp.array(onehot[1:])

    def forward(w, b, x, h):
        """Logits, the next h, and what each layer read."""
        z, reads = jnp.concatenate((x, h), 1), {}
        linear = lambda name: jnp.einsum("sij,sj->si", w[name], z) + b[name]
        for name in inner:
            reads[name] = z
            z = jax.nn.gelu(linear(name), approximate=False)
        reads["output"] = z
        return linear("output"), jnp.tanh(linear("hidden")), reads

    def wiped(w):
        shared = {name: jnp.where(mask[name], 0, w[name].mean(0)) for name in w}
        return {name: jnp.broadcast_to(value, w[name].shape) for name, value in shared.items()}

    def dfa(state):
        def cell(carry, moment):
            w, b, h = carry
            x, target = moment
            logits, h, reads = forward(w, b, x, h)
            error = jax.nn.softmax(logits) - target
            w, b = dict(w), dict(b)
            for name, read in reads.items():
                post = error if name == "output" else error @ feedback[name]
                w[name] = keep[name] * w[name] - rate[name] * post[:, :, None] * read[:, None, :]
                b[name] = b[name] - LEARNING_RATE * post.mean(0)
            return (w, b, h), None

        w, b = state
        (w, b, _), _ = jax.lax.scan(cell, (wiped(w), b, jnp.zeros((BATCH, hidden))), moments)
        return w, b

    def bptt(state):
        def loss(w, b):
            def cell(h, moment):
                x, target = moment
                logits, h, _ = forward(w, b, x, h)
                return h, -(jax.nn.log_softmax(logits) * target).sum(1).mean()

            return jax.lax.scan(cell, jnp.zeros((BATCH, hidden)), moments)[1].sum()

        w, b = wiped(state[0]), state[1]
        by_w, by_b = jax.grad(loss, (0, 1))(w, b)
        w = {name: keep[name] * w[name] - rate[name] * by_w[name] for name in w}
        return w, jax.tree.map(lambda value, gradient: value - LEARNING_RATE * gradient, b, by_b)

    return compiled(dfa if rule == "dfa" else bptt, (w, b), lambda state: state[0])
