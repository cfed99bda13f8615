"""`python -m benchmarks [NAME…]`: run all benchmarks, or the named ones, each in a process of its own."""

import subprocess
import sys

NAMES = (
    "start",
    "compile",
    "launch",
    "preview",
    "sweep",
    "rollup",
    "cells",
    "spreadsheet",
    "progress",
    "hazards",
    "worklist",
    "submission",
)


def main(wanted: list[str]) -> None:
    """Run and print; a name that does not exist is refused."""
    if unknown := set(wanted) - set(NAMES):
        raise SystemExit(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    for name in wanted or NAMES:
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
