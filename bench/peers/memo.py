"""
Memo, a network with two plastic layers that says whether it has seen a scene before: 100 scenes of 4 frames.

    y = tanh((W o P) x + W x + b),  P <- s(k) P + H o (y x')        multiplicative, 25 to 50
    z = s((V + Q) y + c),           Q <- s(l) Q + G o (z y')        additive, 50 to 50

The answer is s(u z + d) on the last frame of a scene; the loss is binary cross-entropy. Trained: all but P and
Q, with Adam at 1e-3.
"""
import numpy as np

INPUTS, UNITS = 25, 50
SCENES, FRAMES = 100, 4
LEARNING_RATE = 1e-3


def arrays(replicas, batch):
    random = np.random.default_rng(0)
    normal = lambda *shape: random.standard_normal((replicas, *shape), np.float32)
    matrix = lambda post, pre: normal(post, pre) / np.float32(pre**0.5)
    parameters = {
        "w0": matrix(UNITS, INPUTS),
        "w1": matrix(UNITS, UNITS),
        "b0": 0.1 * normal(UNITS),
        "b1": 0.1 * normal(UNITS),
        "eta0": matrix(UNITS, INPUTS),
        "eta1": matrix(UNITS, UNITS),
        "lambda0": np.ones((replicas, 1), np.float32),
        "lambda1": np.ones((replicas, 1), np.float32),
        "w_out": 0.2 * normal(UNITS),
        "b_out": np.zeros((replicas, 1), np.float32),
    }
    frames = np.sign(normal(batch, SCENES * FRAMES, INPUTS))
    seen = (normal(batch, SCENES) > 0).astype(np.float32)
    return parameters, (frames, seen)


def on_torch(replicas=1, batch=1, compiled=False):
    """The first axis is that of the replicas or that of the sequences: one of the two is 1."""
    import torch
    from torch_training import step_function, tensor, train, trained

    parameters, (frames, seen) = arrays(replicas, batch)
    count = replicas * batch
    columns = tensor(frames).reshape(count, -1, INPUTS, 1).transpose(0, 1).contiguous().unbind()
    seen = tensor(seen).reshape(count, SCENES)

    def cell(fast0, fast1, x, w0, w1, b0, b1, eta0, eta1, keep0, keep1):
        y = torch.tanh(torch.baddbmm(b0, torch.addcmul(w0, w0, fast0), x))
        fast0 = torch.addcmul(keep0 * fast0, eta0, y * x.mT)
        z = torch.sigmoid(torch.baddbmm(b1, w1 + fast1, y))
        fast1 = torch.addcmul(keep1 * fast1, eta1, z * y.mT)
        return fast0, fast1, z

    cell = step_function(cell, compiled)

    def loss(p):
        weights, etas = (p["w0"], p["w1"]), (p["eta0"], p["eta1"])
        biases = [p[name].unsqueeze(2).expand(count, -1, -1) for name in ("b0", "b1")]
        keeps = [torch.sigmoid(p[name]).unsqueeze(2) for name in ("lambda0", "lambda1")]
        fast0, fast1 = torch.zeros(count, UNITS, INPUTS), torch.zeros(count, UNITS, UNITS)
        judged = []
        for t, x in enumerate(columns):
            fast0, fast1, z = cell(fast0, fast1, x, *weights, *biases, *etas, *keeps)
            if t % FRAMES == FRAMES - 1:
                judged.append(z)
        logits = torch.cat(judged, 2).mT @ p["w_out"].unsqueeze(2) + p["b_out"].unsqueeze(2)
        entropy = torch.nn.functional.binary_cross_entropy_with_logits
        return entropy(logits.squeeze(2), seen) * replicas

    return train(loss, trained(parameters), LEARNING_RATE)


def on_torch_compiled(**options):
    return on_torch(**options, compiled=True)


def on_jax(replicas=1, batch=1):
    import jax
    import jax.numpy as jnp
    from jax_training import train

    def entropy(p, frames, seen):
        keep0, keep1 = jax.nn.sigmoid(p["lambda0"]), jax.nn.sigmoid(p["lambda1"])

        def cell(fast, x):
            fast0, fast1 = fast
            y = jnp.tanh((p["w0"] * fast0 + p["w0"]) @ x + p["b0"])
            fast0 = keep0 * fast0 + p["eta0"] * jnp.outer(y, x)
            z = jax.nn.sigmoid((p["w1"] + fast1) @ y + p["b1"])
            fast1 = keep1 * fast1 + p["eta1"] * jnp.outer(z, y)
            return (fast0, fast1), z

        start = jnp.zeros((UNITS, INPUTS)), jnp.zeros((UNITS, UNITS))
        _, z = jax.lax.scan(cell, start, frames)
        logits = z[FRAMES - 1 :: FRAMES] @ p["w_out"] + p["b_out"]
        return (jax.nn.softplus(logits) - seen * logits).mean()

    def loss(p, data):
        return jax.vmap(entropy, (None, 0, 0))(p, *data).mean()

    return train(loss, *arrays(replicas, batch), LEARNING_RATE)
