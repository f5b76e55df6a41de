"""What a workload gives to be timed, the same for every engine."""
from typing import Callable, NamedTuple


class Peer(NamedTuple):
    step: Callable  # one training iteration; returns when its result is there
    parameters: Callable  # what is trained, by name, as NumPy arrays
