"""`python -m trust [NAME…]`: run all fault runs, or the named ones, each in a process of its own; exit 1 if a promise broke."""

import subprocess
import sys

NAMES = ("killed_submits", "killed_launch", "wiped_prefect", "random_trees")


def main(wanted: list[str]) -> int:
    """Run and print; a name that does not exist is refused."""
    if unknown := set(wanted) - set(NAMES):
        raise SystemExit(f"no such run: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return max(
        subprocess.run([sys.executable, "-m", f"trust.{name}"], check=False).returncode for name in wanted or NAMES
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
