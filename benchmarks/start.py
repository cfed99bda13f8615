"""`python -m benchmarks.start`: how long `rectify run --demo` takes to be ready, and what it holds in memory when idle.

Run it by `make bench`, whose installation has the demonstration prebuilt; without that the first start replays a year.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

import psutil

READY_GOAL_SECONDS = 60
MEMORY_GOAL_MB = 1_200
SETTLE_SECONDS = 70.0
"""Long enough for one tick after the start."""


def main() -> None:
    """Start twice in one new data directory, print both times, the resident memory and the stop."""
    with tempfile.TemporaryDirectory() as home:
        for which in ("first", "second"):
            process, seconds = _start(home)
            _tell(f"{which} start until ready", seconds, "s", READY_GOAL_SECONDS)
            if which == "second":
                time.sleep(SETTLE_SECONDS)
                _tell("resident memory of all parts, idle", _resident(process.pid), "MB", MEMORY_GOAL_MB)
            before = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.wait()
            print(f"stopped after {time.monotonic() - before:.1f} s", flush=True)


def _start(home: str) -> tuple[subprocess.Popen[str], float]:
    command = [sys.executable, "-m", "flows.cli", "run", "--demo"]
    given = {**os.environ, "RECTIFY_HOME": home, "RECTIFY_PORT": "18000", "RECTIFY_PREFECT_PORT": "14200"}
    before = time.monotonic()
    process = subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True)
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if "按 Ctrl-C 停止" in line:
            return process, time.monotonic() - before
    raise SystemExit("the system did not start:\n" + "".join(said))


def _resident(pid: int) -> float:
    parent = psutil.Process(pid)
    return sum(process.memory_info().rss for process in (parent, *parent.children(recursive=True))) / 1e6


def _tell(what: str, value: float, unit: str, goal: float) -> None:
    print(f"{what}: {value:.0f} {unit} (goal ≤ {goal:g}) {'ok' if value <= goal else 'MISSED'}", flush=True)


if __name__ == "__main__":
    main()
