"""Files of torch.save and numpy.savez, in this folder: python3 make.py

`state.pt` and `arrays.npz` have the same weights of a small simple RNN, under names with dots. `parts.pt` has tensors
that are views of a storage, of all types, in dicts inside a dict. `whole.pt` is a module instead of its state_dict.
`code.pt` would run a command if it were loaded as Python loads it; nothing reads it so.
"""
import os
from pathlib import Path

import numpy
import torch

folder = Path(__file__).parent
SHAPES = {
    "linear_layers.0.weight": (4, 13),
    "linear_layers.0.bias": (4,),
    "i2h.weight": (4, 4),
    "i2h.bias": (4,),
    "i2o.weight": (9, 4),
    "i2o.bias": (9,),
}


def weights(index, shape):
    """Halves of whole numbers, which float32 has."""
    place = numpy.arange(numpy.prod(shape), dtype=numpy.float32).reshape(shape)
    return (place % 7 - 3 + index) / 8


class Command:
    def __reduce__(self):
        return os.system, ("touch /tmp/hebb-was-here",)


arrays = {name: weights(index, shape) for index, (name, shape) in enumerate(SHAPES.items())}
module = torch.nn.Module()
state = {name: torch.from_numpy(array) for name, array in arrays.items()}
torch.save(state, folder / "state.pt")
numpy.savez(folder / "arrays.npz", **arrays)

base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
parts = {
    "model": {
        "turned": base.t(),
        "part": torch.nn.Parameter(base[1:, 1:3].half()),
        "bfloat": base.bfloat16(),
        "double": base[0].double(),
        "steps": torch.tensor(5),
        "mask": torch.tensor([True, False]),
        "small": torch.tensor([-3, 4], dtype=torch.int8),
        "none": torch.zeros(0, 3),
    },
    "epoch": 3,
    "rate": 1e-3,
    "names": ["a", "b"],
    "large": 2**40,
}
torch.save(parts, folder / "parts.pt")
torch.save(torch.nn.Linear(2, 1), folder / "whole.pt")
torch.save({"weight": Command()}, folder / "code.pt")
