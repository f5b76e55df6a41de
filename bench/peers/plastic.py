"""
A network of 29 neurons whose connections have Hebbian traces, over 66 steps.

    hebb <- 0.99 hebb + 0.01 y y_before',  y <- tanh((w + alpha o hebb) y + x)

The loss is half the squared error of the first 28 neurons after the last step. Trained: w and alpha, with Adam
at 3e-4. The gradient is taken backwards (`bohp-bptt`).
"""
import numpy as np

NEURONS, STEPS, RATE = 29, 66, 0.99
LEARNING_RATE = 3e-4


def arrays(replicas):
    random = np.random.default_rng(0)
    normal = lambda *shape: random.standard_normal((replicas, *shape), np.float32)
    parameters = {
        "w": normal(NEURONS, NEURONS) * np.float32(1.1 / NEURONS**0.5),
        "alpha": 0.01 * np.abs(normal(NEURONS, NEURONS)),
    }
    return parameters, (20 * normal(STEPS, NEURONS), np.sign(normal(NEURONS - 1)))


def on_torch(replicas, compiled=False):
    import torch
    from torch_training import step_function, tensor, train, trained

    parameters, (inputs, target) = arrays(replicas)
    columns = tensor(inputs).unsqueeze(3).transpose(0, 1).contiguous().unbind()
    target = tensor(target).unsqueeze(2)

    def cell(y, before, hebb, x, w, alpha):
        hebb = torch.baddbmm(hebb, y, before.mT, beta=RATE, alpha=1 - RATE)
        return torch.tanh(torch.baddbmm(x, torch.addcmul(w, alpha, hebb), y)), y, hebb

    cell = step_function(cell, compiled)

    def loss(p):
        y = before = torch.zeros(replicas, NEURONS, 1)
        hebb = torch.zeros(replicas, NEURONS, NEURONS)
        for x in columns:
            y, before, hebb = cell(y, before, hebb, x, p["w"], p["alpha"])
        return 0.5 * ((y[:, :-1] - target) ** 2).sum()

    return train(loss, trained(parameters), LEARNING_RATE)


def on_torch_compiled(**options):
    return on_torch(**options, compiled=True)


def on_jax(replicas):
    import jax
    import jax.numpy as jnp
    from jax_training import train

    def loss(p, data):
        inputs, target = data

        def cell(state, x):
            y, before, hebb = state
            hebb = RATE * hebb + (1 - RATE) * jnp.outer(y, before)
            return (jnp.tanh((p["w"] + p["alpha"] * hebb) @ y + x), y, hebb), None

        rest = jnp.zeros(NEURONS)
        (y, _, _), _ = jax.lax.scan(cell, (rest, rest, jnp.zeros((NEURONS, NEURONS))), inputs)
        return 0.5 * ((y[:-1] - target) ** 2).sum()

    return train(loss, *arrays(replicas), LEARNING_RATE)
