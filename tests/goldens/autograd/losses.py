"""The losses from their equations: inputs of one step, drawn, and the loss of every sequence."""

import torch
import torch.nn.functional as F


def draw_cross_entropy(r, options, step, masked):
    mask = 0.0 if masked else r.choice([0.0, 1.0, 1.0, 1.0])
    return {"target": [r.randrange(options["symbols"])], "mask": [mask], "recall": [r.randrange(2)], "last": [0]}


def cross_entropy(options, output, targets, **_):
    return targets["mask"] * F.cross_entropy(output, targets["target"].long(), reduction="none")


def draw_binary(r, options, step, masked):
    return {"target": [r.randrange(2)], "weight": [0.0 if masked else r.choice([0.0, 1.0, 0.25])]}


def binary(options, output, targets, **_):
    return targets["weight"] * F.binary_cross_entropy_with_logits(output, targets["target"], reduction="none")


def draw_pattern(r, options, step, masked):
    size = options["size"]
    return {
        "target": [r.choice([-1, 1]) for _ in range(size)],
        "erased": [r.randrange(2) for _ in range(size)],
        "weight": [0.0 if masked else r.choice([0.0, 1.0, 2.0])],
    }


def pattern(options, output, targets, **_):
    difference = output[:, : options["size"]] - targets["target"]
    return targets["weight"] * 0.5 * (difference * difference).sum(1)


def draw_attractor(r, options, step, masked):
    return {"last": [0.0 if masked else float(step == options["steps"] - 1)]}


def attractor(options, output, targets, observed, state):
    judged = (
        options["gamma"] * observed["fixed_point_error"]
        + options["delta"] * observed["margin_shortfall"]
        - options["alpha"] * state["retention"]
        - options["beta"] * state["reaction"]
    )
    return targets["last"] * judged + options["epsilon"] / options["steps"] * observed["activity"]


LOSSES = {
    "crossEntropy": (cross_entropy, draw_cross_entropy, {"target": [], "mask": [], "recall": [], "last": []}),
    "binaryCrossEntropy": (binary, draw_binary, {"target": [], "weight": []}),
    "patternError": (pattern, draw_pattern, {"target": "size", "erased": "size", "weight": []}),
    "attractor": (attractor, draw_attractor, {"last": []}),
}
