"""Writes networks.json.gz: python3 make_networks.py"""

import pathlib
import random
from collections import Counter

import torch

from cells import CELLS, CellWriter
from graphs import ERROR
from learning import train
from losses import LOSSES
from storage import numbers, write

COUNT = 200
SAMPLES = 8
HERE = pathlib.Path(__file__).parent
RULES = ["bptt", "bptt", "backprop", "dfa", "rtrl"]


def on_grid(r, scale):
    """A number that float32 has and that takes few digits."""
    return round(r.gauss(0, scale) * 64) / 64


def readout(cell, kind, options, r, h):
    """The output that a loss judges, and for the attractor what it reads beside it."""
    n = cell.n
    if kind == "crossEntropy":
        return cell.linear("out", options["symbols"], h, n, "output")
    if kind == "binaryCrossEntropy":
        return cell.node("add", cell.node("dot", cell.parameter("readout", n), h), cell.parameter("bias"))
    if kind == "patternError":
        return cell.linear("out", options["size"] + r.randrange(2), h, n, "output")
    retention, reaction = cell.state("retention"), cell.state("reaction")
    overlap = cell.node("abs", cell.node("mean", h))
    cell.next["retention"] = cell.node("lerp", retention, overlap, {"number": 0.5})
    cell.next["reaction"] = cell.node("maximum", reaction, overlap)
    square = cell.node("mean", cell.node("square", h))
    cell.observed["activity"] = square
    cell.observed["fixed_point_error"] = cell.node("square", cell.node("sub", square, {"number": 0.5}))
    cell.observed["margin_shortfall"] = cell.node("relu", cell.node("sub", {"number": 0.75}, overlap))
    cell.observed["wrong_bits"] = cell.node("sum", cell.node("less", h, {"number": 0}))
    return h


def draw_settings(r, updater):
    settings = {"learning_rate": r.choice([0.25, 0.125, 0.015625])}
    if updater in ("bptt", "rtrl", "backprop") and r.random() < 0.5:
        settings["optimizer"] = "adam"
    if updater in ("bptt", "rtrl") and r.random() < 0.2:
        settings["l2"] = 0.0625
    if r.random() < 0.3:
        settings["grad_clip"] = 0.5
    if updater == "bptt" and r.random() < 0.4:
        settings["truncate"] = r.randint(1, 4)
    return settings


def describe(seed, cell_name, kind, updater):
    r = random.Random(seed)
    steps, sequences = r.randint(1, 6), 1 if updater == "rtrl" else r.randint(1, 3)
    cell = CellWriter(r, r.choice([1, 1, 2, 3, 4]), r.randint(1, 3))
    h = getattr(cell, cell_name)()
    options = {
        "crossEntropy": {"symbols": r.randint(1, 4)},
        "binaryCrossEntropy": {},
        "patternError": {"size": r.randint(1, 3)},
        "attractor": {"steps": steps, "alpha": 1, "beta": 2, "gamma": 0.5, "delta": 0.25, "epsilon": r.choice([0, 0.125])},
    }[kind]
    output = readout(cell, kind, options, r, h)
    kinds = {"parameter": cell.parameters, "state": cell.states, "input": cell.inputs}
    declared = [(kind, name) for kind, names in kinds.items() for name in names]
    at = {key: index for index, key in enumerate(declared)}
    place = lambda x: x if isinstance(x, dict) else len(declared) + x[1] if x[0] == "node" else at[x]
    draw = lambda shape, count, scale: [on_grid(r, scale) for _ in range(count * int(torch.Size(shape).numel()))]
    parameters = {}
    for name, p in cell.parameters.items():
        values = draw(p["shape"], 1, p["scale"])
        kept = {"shape": p["shape"], "values": values}
        if "diagonal" in p:
            kept["diagonal"] = p["diagonal"]
            for i in range(p["shape"][0]):
                values[i * (p["shape"][1] + 1)] = p["diagonal"]
        parameters[name] = kept
    settings = draw_settings(r, updater)
    masked = r.random() < 0.08
    _, draw_targets, shapes = LOSSES[kind]
    drawn = [draw_targets(r, options, t, masked) for t in range(steps) for _ in range(sequences)]
    shape_of = lambda s: [options["size"]] if s == "size" else s
    values_of = lambda name: [x for each in drawn for x in each[name]]
    targets = {name: {"shape": shape_of(s), "values": values_of(name)} for name, s in shapes.items()}
    height = lambda layer: parameters[f"w_{layer}"]["shape"][0]
    layers = {node[2]["name"]: node[2]["role"] for node in cell.nodes if node[0] == "linear"}
    feedback = {}
    if updater == "dfa":
        width = next(height(layer) for layer, role in layers.items() if role == "output")
        for layer in (layer for layer, role in layers.items() if role != "output"):
            shape = [width, height(layer)]
            feedback[layer] = {"shape": shape, "values": draw(shape, 1, 0.7)}
    inputs = {
        name: {"shape": x["shape"], "values": draw(x["shape"], steps * sequences, 1)} for name, x in cell.inputs.items()
    }
    return {
        "seed": seed, "cell": cell_name, "updater": updater, "settings": settings, "updates": r.randint(1, 3),
        "sequences": sequences, "steps": steps, "allMasked": masked,
        "parameters": parameters, "states": cell.states,
        "inputs": inputs,
        "nodes": [[op, [place(x) for x in xs], *([options] if options else [])] for op, xs, options in cell.nodes],
        "next": {n: place(x) for n, x in cell.next.items()}, "output": place(output),
        "observed": {n: place(x) for n, x in cell.observed.items()},
        "loss": {"kind": kind, "options": options}, "targets": targets, "feedback": feedback,
    }


def with_options(description):
    """Nodes with their options, as the interpreter takes them."""
    return {**description, "nodes": [[*node, {}][:3] for node in description["nodes"]]}


def expected(description):
    found = train(with_options(description))
    spread = {name: torch.zeros_like(x) for name, x in found.items()}
    for sample in range(SAMPLES):
        torch.manual_seed(sample)
        for name, x in train(with_options(description), noisy=True).items():
            spread[name] = torch.maximum(spread[name], (x - found[name]).abs())
    # A step that float32 decides otherwise moves numbers by more than its errors.
    moved = max(float((m / (x.abs() + 1)).max()) for m, x in zip(spread.values(), found.values()))
    finite = all(torch.isfinite(x).all() for x in found.values())
    if not finite or moved > 1e-2:
        return None
    return {n: {"values": numbers(x), "spread": numbers(spread[n] / ERROR, 2)} for n, x in found.items()}


def main():
    torch.set_num_threads(1)
    networks, met = [], Counter()
    for seed in range(10 * COUNT):
        if len(networks) == COUNT:
            break
        r = random.Random(10_000 + seed)
        updater, kind = RULES[seed % len(RULES)], r.choice(list(LOSSES))
        if updater == "dfa":
            kind = r.choice(["crossEntropy", "patternError"])
        description = describe(seed, CELLS[seed % len(CELLS)], kind, updater)
        numbers_of = expected(description)
        if numbers_of is None:
            met["rejected"] += 1
            continue
        networks.append({**description, "expected": numbers_of})
        met.update([updater, kind, description["cell"], *(["all masked"] if description["allMasked"] else [])])
    size = write(HERE / "networks.json.gz", {"networks": networks})
    print(f"{len(networks)} networks, {size} bytes before compression: {dict(met)}")


main()
