"""Trajectories of six numbers under PyTorch's optimizers, in float64: python3 make.py > optimizers.json

Gradients depend on the update alone, and are large at times.
"""
import json
import math

import torch
from lion import Lion
from torch import optim
from torch.optim import lr_scheduler as rates

torch.set_default_dtype(torch.float64)
LR = 0.05
UPDATES = 40
KEPT = [1, 2, 10, 40]
START = [0.3, -0.02, 0.0, 1.5, -0.7, 0.0004]


def gradient(update):
    scale = 5 if update % 7 == 3 else 0.2
    return torch.tensor([math.sin(1.7 * update + 2.3 * i) * scale for i in range(6)])


def trajectory(make, schedule=None, clip=None):
    p = torch.nn.Parameter(torch.tensor(START))
    optimizer = make([p])
    scheduler = schedule(optimizer) if schedule else None
    kept = []
    for update in range(UPDATES):
        p.grad = gradient(update)
        if clip:
            clip([p])
        optimizer.step()
        if scheduler:
            scheduler.step()
        if update + 1 in KEPT:
            kept.append(p.tolist())
    return kept


def sgd(p):
    return optim.SGD(p, lr=LR)


cases = {
    "adam": trajectory(lambda p: optim.Adam(p, lr=LR)),
    "adam, l2": trajectory(lambda p: optim.Adam(p, lr=LR, weight_decay=0.1)),
    "adamw": trajectory(lambda p: optim.AdamW(p, lr=LR, weight_decay=0.01)),
    "adamw, rates": trajectory(
        lambda p: optim.AdamW(p, lr=LR, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2)
    ),
    "adamw, clipped": trajectory(
        lambda p: optim.AdamW(p, lr=LR, weight_decay=0.01),
        clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 0.5),
    ),
    "lion": trajectory(lambda p: Lion(p, lr=LR, weight_decay=0.1)),
    "momentum": trajectory(lambda p: optim.SGD(p, lr=LR, momentum=0.9, weight_decay=0.1)),
    "nesterov": trajectory(lambda p: optim.SGD(p, lr=LR, momentum=0.9, nesterov=True)),
    "rmsprop": trajectory(lambda p: optim.RMSprop(p, lr=LR)),
    "rmsprop, momentum": trajectory(lambda p: optim.RMSprop(p, lr=LR, alpha=0.9, momentum=0.9)),
    "sgd, clipped": trajectory(sgd, clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.15)),
    "sgd, cosine": trajectory(
        sgd, schedule=lambda o: rates.CosineAnnealingLR(o, T_max=UPDATES, eta_min=0.1 * LR)
    ),
    "sgd, exponential": trajectory(sgd, schedule=lambda o: rates.ExponentialLR(o, 2 ** (-1 / 7))),
    "sgd, piecewise": trajectory(sgd, schedule=lambda o: rates.MultiStepLR(o, [5, 25], 0.1)),
    "adam, warm-up and cosine": trajectory(
        lambda p: optim.Adam(p, lr=LR),
        schedule=lambda o: rates.LambdaLR(
            o, lambda t: min(1, (t + 1) / 8) * (1 + math.cos(math.pi * min(1, t / 20))) / 2
        ),
    ),
}
print(json.dumps({"updates": KEPT, "cases": cases}, indent=1))
