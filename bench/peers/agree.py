"""
Whether the engines do the same work: the largest relative difference (RMS) between what two engines have learned
of a parameter in two iterations, by workload.

    python3 agree.py [WORKLOAD ...]
"""
import sys

import numpy as np

from workloads import WORKLOADS, maker

ITERATIONS = 2


def learned(workload, engine):
    peer = maker(workload, engine)()
    for _ in range(ITERATIONS):
        peer.step()
    return {name: np.array(value) for name, value in peer.parameters().items()}


def main():
    for workload in sys.argv[1:] or WORKLOADS:
        first, *others = WORKLOADS[workload][2]
        expected = learned(workload, first)
        for engine in others:
            actual = learned(workload, engine)
            difference = max(
                np.linalg.norm(actual[name].ravel() - value.ravel()) / np.linalg.norm(value)
                for name, value in expected.items()
            )
            print(f"{workload:24} {first} and {engine}: {difference:.1e}", flush=True)


if __name__ == "__main__":
    main()
