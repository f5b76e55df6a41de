"""The workloads by name, as in `bench/workloads.ts`, and who takes part in each. Imports no engine."""
from functools import partial
from importlib import import_module

# By engine: its package, and the function of a workload's module that makes its peer.
ENGINES = {
    "torch": ("torch", "on_torch"),
    "torch.compile": ("torch", "on_torch_compiled"),
    "jax": ("jax", "on_jax"),
    "numpy": ("numpy", "on_numpy"),
}

LARGE = ("torch", "torch.compile", "jax")

# By workload: its module, what its functions take, and the engines.
WORKLOADS = {
    "ethereal-dfa-h128-b16": ("ethereal", {"rule": "dfa", "hidden": 128}, LARGE),
    "ethereal-bptt-h128-b16": ("ethereal", {"rule": "bptt", "hidden": 128}, LARGE),
    "ethereal-dfa-h1024-b16": ("ethereal", {"rule": "dfa", "hidden": 1024}, LARGE),
    "ethereal-dfa-h1024-b16-t7": (
        "ethereal",
        {"rule": "dfa", "hidden": 1024, "symbols": 7, "steps": 7},
        LARGE,
    ),
    "memo-50-50-t400": ("memo", {}, LARGE),
    "memo-50-50-t400-b32": ("memo", {"batch": 32}, LARGE),
    "memo-50-50-t400-r16": ("memo", {"replicas": 16}, LARGE),
    # A step is one product: compiled alone it is slower.
    "attractor-n64-t1000": ("attractor", {"replicas": 1}, ("torch", "jax")),
    "attractor-n64-t1000-r64": ("attractor", {"replicas": 64}, ("torch", "jax")),
    "bohp-bptt-n29-t66": ("plastic", {"replicas": 1}, LARGE),
    "bohp-bptt-n29-t66-r64": ("plastic", {"replicas": 64}, LARGE),
    # Plain arrays, as one would write the equations of the derivatives down.
    "bohp-rtrl-n29-t66": ("plastic_forward", {}, ("numpy",)),
}


def maker(workload, engine):
    """A function that makes the peer; its first call imports the engine."""
    module, options, _ = WORKLOADS[workload]
    _, function = ENGINES[engine]
    return partial(getattr(import_module(module), function), **options)
