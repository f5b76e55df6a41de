"""JAX: a training step of a loss with Adam, compiled as a whole; replicas side by side under vmap."""
import jax
import jax.numpy as jnp
import numpy as np

from peer import Peer


def compiled(update, state, parameters_of):
    """A peer that replaces its state by update(state) in the memory that it has."""
    update = jax.jit(update, donate_argnums=0)
    box = [jax.tree.map(jnp.array, state)]

    def step():
        box[0] = jax.block_until_ready(update(box[0]))

    return Peer(step, lambda: jax.tree.map(np.asarray, parameters_of(box[0])))


def adam(parameters, gradients, moments, learning_rate):
    """Parameters and moments (first, second, number of updates) after an update."""
    first, second, count = moments
    count = count + 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    rate, scale = learning_rate / (1 - 0.9**count), 1 / (1 - 0.999**count)
    change = lambda p, m, v: p - rate * m / (jnp.sqrt(scale * v) + 1e-8)
    return jax.tree.map(change, parameters, first, second), (first, second, count)


def train(loss, parameters, data, learning_rate, gradient=jax.grad):
    """
    A peer that lowers loss(parameters, data) of each replica. Arrays have the replicas as first axis; the loss
    sees one replica.
    """
    replicas = len(next(iter(parameters.values())))
    data = jax.tree.map(jnp.array, data)
    if replicas == 1:
        # The same without an axis, as one would write it for one network.
        parameters, data = jax.tree.map(lambda array: array[0], (parameters, data))
        gradients = lambda p: gradient(loss)(p, data)
    else:
        gradients = lambda p: jax.vmap(gradient(loss))(p, data)
    zeros = lambda: jax.tree.map(np.zeros_like, parameters)

    def update(state):
        values, moments = state
        return adam(values, gradients(values), moments, learning_rate)

    return compiled(update, (parameters, (zeros(), zeros(), np.float32(0))), lambda state: state[0])
