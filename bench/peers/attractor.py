"""
A memory of 64 bits in a symmetric tanh network: 1000 steps, of which the first 200 with input.

    h <- tanh(W h + shown V x)      W = (L + L') / 2, x = 2.5 m

The loss rewards the mean overlap |m h| / N after the input and the largest during it; it adds half the mean
squared distance of tanh(W m) from m and an L2 term. Trained: L and V, with Adam at 5e-3.
"""
import numpy as np

UNITS, STEPS, SHOWN = 64, 1000, 200
LEARNING_RATE, L2 = 5e-3, 1e-6


def arrays(replicas):
    random = np.random.default_rng(0)
    normal = lambda *shape: random.standard_normal((replicas, *shape), np.float32)
    parameters = {"free": 0.1 * normal(UNITS, UNITS), "input": 0.1 * normal(UNITS, UNITS)}
    return parameters, np.sign(normal(UNITS))


def on_torch(replicas):
    import torch
    from torch_training import tensor, train, trained

    parameters, memory = arrays(replicas)
    memory = tensor(memory).unsqueeze(1)  # [replica, 1, unit]

    def loss(p):
        free, w_input = p["free"], p["input"]
        weights = (free + free.mT) / 2
        driven = 2.5 * memory @ w_input.mT
        h, states = torch.zeros_like(memory), []
        for t in range(STEPS):
            field = torch.baddbmm(driven, h, weights) if t < SHOWN else torch.bmm(h, weights)
            h = torch.tanh(field)
            states.append(h)
        overlap = (torch.cat(states, 1) @ memory.mT / UNITS).abs().squeeze(2)
        distance = ((torch.tanh(memory @ weights) - memory) ** 2).mean((1, 2))
        squares = (free**2).sum((1, 2)) + (w_input**2).sum((1, 2))
        kept = overlap[:, SHOWN:].mean(1) + 10 * overlap[:, :SHOWN].amax(1)
        return (0.5 * distance + L2 * squares - kept).sum()

    return train(loss, trained(parameters), LEARNING_RATE)


def on_jax(replicas):
    import jax
    import jax.numpy as jnp
    from jax_training import train

    shown = (jnp.arange(STEPS) < SHOWN).astype(jnp.float32)

    def loss(p, memory):
        weights = (p["free"] + p["free"].T) / 2
        driven = p["input"] @ (2.5 * memory)

        def cell(h, is_shown):
            h = jnp.tanh(weights @ h + is_shown * driven)
            return h, h

        _, states = jax.lax.scan(cell, jnp.zeros(UNITS), shown)
        overlap = jnp.abs(states @ memory) / UNITS
        distance = ((jnp.tanh(weights @ memory) - memory) ** 2).mean()
        squares = (p["free"] ** 2).sum() + (p["input"] ** 2).sum()
        return 0.5 * distance + L2 * squares - overlap[SHOWN:].mean() - 10 * overlap[:SHOWN].max()

    return train(loss, *arrays(replicas), LEARNING_RATE)
