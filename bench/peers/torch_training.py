"""PyTorch: arrays to tensors, and a training step of a loss with Adam."""
import torch

from peer import Peer


def tensor(array):
    return torch.from_numpy(array).to(torch.get_default_device())


def trained(arrays):
    """Tensors that gradients are taken of, by name."""
    return {name: tensor(array.copy()).requires_grad_() for name, array in arrays.items()}


def step_function(function, compiled):
    """A function of one time step. Loops over the steps stay in Python: unrolled they take minutes to compile."""
    return torch.compile(function, dynamic=False) if compiled else function


def values(parameters):
    return {name: value.detach().cpu().numpy() for name, value in parameters.items()}


def train(loss, parameters, learning_rate):
    """A peer that lowers loss(parameters), a scalar."""
    adam = torch.optim.Adam(parameters.values(), lr=learning_rate, fused=True)

    def step():
        adam.zero_grad()
        loss(parameters).backward()
        adam.step()

    return Peer(step, lambda: values(parameters))
