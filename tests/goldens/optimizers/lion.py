"""Lion (Chen et al., 2023), which PyTorch does not have."""
import torch
from torch import optim


class Lion(optim.Optimizer):
    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                direction = torch.sign(b1 * mean + (1 - b1) * p.grad)
                p.sub_(group["lr"] * (direction + group["weight_decay"] * p))
                mean.copy_(b2 * mean + (1 - b2) * p.grad)
