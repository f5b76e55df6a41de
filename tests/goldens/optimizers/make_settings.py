"""Trajectories of six numbers over 1,000 updates under PyTorch, in float64: python3 make_settings.py > settings.json

Each case is a record of settings, as Hebb takes them. The same names mean the same to PyTorch, but for schedules:
`schedule`, `warm_up` and `end_factor` become a scheduler here.
"""
import json
import math

import torch
from lion import Lion
from torch import optim
from torch.optim import lr_scheduler as rates

torch.set_default_dtype(torch.float64)
LR = 0.01
UPDATES = 1000
KEPT = [1, 2, 10, 100, 500, 1000]
START = [0.3, -0.02, 0.0, 1.5, -0.7, 0.0004]
BATCHES = 3


def loss(p, batch):
    """Its gradient is large at times, and depends on all numbers together."""
    place = torch.arange(6.0)
    target = torch.sin(0.7 * batch + 2.3 * place)
    scale = 5 if batch % 7 == 3 else 0.2
    return scale * ((p - target) ** 2).sum() / 2 + 0.1 * torch.cos(p.sum())


CLASSES = {
    "sgd": optim.SGD,
    "adam": optim.Adam,
    "adamw": optim.AdamW,
    "rmsprop": optim.RMSprop,
    "lion": Lion,
}
NUMBERS = ["betas", "eps", "weight_decay", "momentum", "nesterov", "alpha", "centered"]


def scheduler(optimizer, settings):
    length = settings.get("schedule_iterations", UPDATES)
    warm_up = settings.get("warm_up", 0)
    kind = settings.get("schedule", "constant")
    least = settings.get("end_factor", 0)
    left = length - warm_up
    after = {
        "constant": lambda: rates.ConstantLR(optimizer, factor=1),
        "step": lambda: rates.StepLR(
            optimizer, step_size=settings["step_size"], gamma=settings.get("gamma", 0.1)
        ),
        "exponential": lambda: rates.ExponentialLR(optimizer, gamma=settings["gamma"]),
        "linear": lambda: rates.LinearLR(
            optimizer, start_factor=1, end_factor=least, total_iters=left
        ),
        "cosine": lambda: rates.CosineAnnealingLR(optimizer, T_max=left, eta_min=least * LR),
        "one_cycle": lambda: rates.OneCycleLR(
            optimizer,
            max_lr=LR,
            total_steps=left,
            cycle_momentum=False,
            pct_start=settings.get("pct_start", 0.3),
            div_factor=settings.get("div_factor", 25),
            final_div_factor=settings.get("final_div_factor", 1e4),
        ),
    }[kind]
    if warm_up == 0:
        return after()
    # The rate is whole in the last iteration of the warm-up.
    rise = rates.LinearLR(optimizer, start_factor=1 / warm_up, total_iters=warm_up - 1)
    return rates.SequentialLR(optimizer, [rise, after()], milestones=[warm_up])


def trajectory(settings):
    p = torch.nn.Parameter(torch.tensor(START))
    numbers = {name: settings[name] for name in NUMBERS if name in settings}
    optimizer = CLASSES[settings["optimizer"]]([p], lr=LR, **numbers)
    schedule = scheduler(optimizer, settings)
    batches = settings.get("accumulate_batches", 1)
    kept = []
    for batch in range(UPDATES):
        (loss(p, batch) / batches).backward()
        if (batch + 1) % batches == 0:
            optimizer.step()
            optimizer.zero_grad()
        if batch + 1 < UPDATES:
            schedule.step()
        if batch + 1 in KEPT:
            kept.append(p.tolist())
    return kept


cases = [
    {"optimizer": "sgd"},
    {"optimizer": "sgd", "weight_decay": 0.01},
    {"optimizer": "sgd", "momentum": 0.9},
    {"optimizer": "sgd", "momentum": 0.8, "nesterov": True, "weight_decay": 0.01},
    {"optimizer": "adam"},
    {"optimizer": "adam", "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.01},
    {"optimizer": "adamw"},
    {"optimizer": "adamw", "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.2},
    {"optimizer": "rmsprop"},
    {"optimizer": "rmsprop", "alpha": 0.9, "momentum": 0.9, "eps": 1e-3, "weight_decay": 0.01},
    {"optimizer": "rmsprop", "centered": True},
    {"optimizer": "rmsprop", "centered": True, "alpha": 0.9, "momentum": 0.5},
    {"optimizer": "lion"},
    {"optimizer": "lion", "betas": [0.95, 0.98], "weight_decay": 0.1},
    {"optimizer": "sgd", "warm_up": 100},
    {"optimizer": "sgd", "schedule": "step", "step_size": 300},
    {"optimizer": "sgd", "schedule": "step", "step_size": 70, "gamma": 0.5, "warm_up": 50},
    {"optimizer": "sgd", "schedule": "exponential", "gamma": 0.995},
    {"optimizer": "sgd", "schedule": "linear"},
    {"optimizer": "sgd", "schedule": "linear", "end_factor": 0.1, "schedule_iterations": 600},
    {"optimizer": "sgd", "schedule": "cosine"},
    {"optimizer": "sgd", "schedule": "one_cycle"},
    {
        "optimizer": "sgd",
        "schedule": "one_cycle",
        "pct_start": 0.45,
        "div_factor": 10,
        "final_div_factor": 100,
    },
    {"optimizer": "adamw", "schedule": "cosine", "warm_up": 100, "end_factor": 0.05},
    {"optimizer": "lion", "schedule": "linear", "warm_up": 10},
    {"optimizer": "sgd", "accumulate_batches": BATCHES},
    {"optimizer": "adamw", "accumulate_batches": 4, "schedule": "cosine", "warm_up": 20},
]
print(
    json.dumps(
        {"kept": KEPT, "cases": [{"settings": c, "values": trajectory(c)} for c in cases]},
        indent=None,
        separators=(",", ":"),
    )
)
