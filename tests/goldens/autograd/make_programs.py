"""Writes programs.json.gz: python3 make_programs.py"""

import pathlib
from collections import Counter

from conventions import conventions_of
from graphs import ERROR
from language import CONVENTIONS
from programs import Writer, by_chain, expected
from storage import numbers, write
import torch

COUNT = 200
HERE = pathlib.Path(__file__).parent


def describe(seed, program, special, wide, found, spread):
    fits = all(
        ((x.abs() < 1e36) | ~torch.isfinite(x)).all() and ((x.abs() > 1e-30) | (x == 0) | x.isnan()).all()
        for xs in found.values() for x in xs
    )
    described = {
        "seed": seed,
        "kind": "infinities" if special else "finite",
        "fitsFloat32": bool(fits) and not wide,
        "conventions": conventions_of(program, special),
        "sequences": program.sequences,
        "inputs": {
            name: {
                "shape": list(x.shape[1:]),
                **({"shared": True} if x.shape[0] == 1 and program.sequences > 1 else {}),
                "values": numbers(x),
                **({} if t is None else {"tangent": numbers(t)}),
            }
            for name, x, t in zip(program.names, program.inputs, program.tangents)
        },
        "nodes": [node if node[2] else node[:2] for node in program.nodes],
        "outputs": [
            {"value": index, "cotangent": numbers(c)} for index, c in zip(program.results, program.cotangents)
        ],
    }
    described["expected"] = {
        key: [{"values": numbers(x), "spread": numbers(m / ERROR, 2)} for x, m in zip(xs, spread[key])]
        for key, xs in found.items()
    }
    if special:
        for key, others in by_chain(program, noisy=False, weak=True).items():
            for tensor, strong, other in zip(described["expected"][key], found[key], others):
                places = (other.isnan() & ~strong.isnan()).reshape(-1).nonzero()[:, 0].tolist()
                tensor.update({"mayBeNaN": places} if places else {})
    return described


def main():
    torch.set_num_threads(1)
    programs, decks, met = [], {False: [], True: []}, Counter()
    for seed in range(10 * COUNT):
        if len(programs) == COUNT:
            break
        special, wide = len(programs) % 2 == 1, len(programs) % 20 in (4, 5)
        writer = Writer(seed, special, wide)
        program = writer.write(decks[special])
        numbers_of = expected(program, special)
        if numbers_of is None:
            continue
        programs.append(describe(seed, program, special, wide, *numbers_of))
        met.update(programs[-1]["conventions"])
    size = write(HERE / "programs.json.gz", {"conventions": CONVENTIONS, "programs": programs})
    print(f"{len(programs)} programs, {size} bytes before compression; conventions met: {dict(met)}")


main()
