"""How every benchmark measures: alternate rounds of ours and raw, medians, one line with the ratio and its goal."""

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternate(*works: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """Run the works in turn, several rounds, and return each one's median, so that a noisy minute hits all alike."""
    measured = [[work() for work in works] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*measured, strict=True)]


def tell(what: str, ours: float, raw: float, goal: float) -> None:
    """Print one comparison."""
    verdict = "ok" if ours <= goal * raw else "MISSED"
    print(f"{what}: {ours:.3f} s, raw {raw:.3f} s, ratio {ours / raw:.2f} (goal ≤ {goal:g}) {verdict}", flush=True)


def peak_memory() -> float:
    """Return this program's own peak in MB: getrusage would include what its parent had when it was started."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0
