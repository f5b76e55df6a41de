"""
Times one training iteration of workloads on another engine; a line of JSON each.

    python3 time_peers.py --engine jax --workload memo-50-50-t400 --threads 2
"""
import argparse
import json
import os
import sys
import time
from importlib import import_module
from importlib.util import find_spec

from workloads import ENGINES, WORKLOADS, maker

# Before it is timed: the first calls compile, allocate and wake the threads.
WARM_UP_CALLS, WARM_UP_SECONDS = 3, 1.5


def options():
    parser = argparse.ArgumentParser(description="Times one training iteration of workloads.")
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--workload", choices=WORKLOADS, nargs="+", default=list(WORKLOADS))
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="default: one a core")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="default: cpu")
    parser.add_argument("--repeats", type=int, default=15, help="timed iterations (default 15)")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="begin no more iterations after this time"
    )
    parser.add_argument("--list", action="store_true", help="print workloads and their engines")
    given = parser.parse_args()
    if not (given.list or given.engine):
        parser.error("expected --engine or --list")
    return given


def limit_threads(package, threads):
    """
    Returns how many threads there will be. JAX and NumPy ask the system for the number of cores when they are
    imported, so they get fewer, where the system lets a process choose its cores (Linux).
    """
    if package == "torch":
        import_module(package).set_num_threads(threads)
        return threads
    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count()
    cores = sorted(os.sched_getaffinity(0))[:threads]
    os.sched_setaffinity(0, cores)
    return len(cores)


def choose_device(package, device):
    """Returns a function that waits for the device: a step of PyTorch ends before its kernels do."""
    if package == "torch" and device == "cuda":
        torch = import_module(package)
        torch.set_default_device(device)
        return torch.cuda.synchronize
    os.environ.setdefault("JAX_PLATFORMS", device)
    return lambda: None


def sorted_milliseconds(once, repeats, wait, seconds):
    def step():
        once()
        wait()

    began = time.perf_counter()
    passed = lambda: time.perf_counter() - began
    is_late = lambda: passed() >= seconds
    calls = 0
    while calls < 1 or not is_late() and (calls < WARM_UP_CALLS or passed() < WARM_UP_SECONDS):
        step()
        calls += 1
    times = []
    while not times or not is_late() and len(times) < repeats:
        started = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - started))
    return sorted(times)


def print_rows(given):
    package, _ = ENGINES[given.engine]
    threads = limit_threads(package, given.threads)
    wait = choose_device(package, given.device)
    for workload in given.workload:
        if given.engine not in WORKLOADS[workload][2]:
            continue
        step = maker(workload, given.engine)().step
        times = sorted_milliseconds(step, given.repeats, wait, given.seconds)
        row = {
            "workload": workload,
            "engine": given.engine,
            "version": import_module(package).__version__,
            "device": given.device,
            "threads": threads,
            "ms": round(times[len(times) // 2], 4),
            "min_ms": round(times[0], 4),
            "max_ms": round(times[-1], 4),
            "repeats": len(times),
        }
        print(json.dumps(row), flush=True)


def main():
    given = options()
    if given.list:
        for workload in given.workload:
            print(workload, *WORKLOADS[workload][2])
        return
    package, _ = ENGINES[given.engine]
    if not find_spec(package):
        folder = os.path.dirname(os.path.relpath(__file__))
        sys.exit(
            f"{sys.executable} has no {package}; to get it: "
            f"{sys.executable} -m pip install -r {os.path.join(folder, 'requirements.txt')}"
        )
    try:
        print_rows(given)
    except Exception as error:  # such as that of torch.compile without a C++ compiler
        sys.exit(f"{type(error).__name__}: {str(error).strip().splitlines()[0]}")


if __name__ == "__main__":
    main()
