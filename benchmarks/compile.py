"""J5: the text of the 2023 template → its dated plan, in fresh processes; imports and the holiday table are loaded before.

Processor time, because nothing here waits and a busy machine would otherwise measure its neighbours.
"""

import statistics
import subprocess
import sys

GOAL = 0.150
ROUNDS = 5
ONCE = """
import time
from datetime import date
from campaigns.definition.library import template_text
from campaigns.definition.load import load
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.dates.planning import expand
text, calendar = template_text("hazard-2023"), WorkCalendar()
for year in (2023, 2024):
    calendar.is_working(date(year, 5, 1))
start = time.process_time()
plan = expand(load(text), calendar=calendar)
print(time.process_time() - start, len(plan.lines))
"""


def main(rounds: int = ROUNDS) -> None:
    """Measure and print."""
    runs = [
        subprocess.run([sys.executable, "-c", ONCE], capture_output=True, text=True, check=True) for _ in range(rounds)
    ]
    taken = statistics.median(float(run.stdout.split()[0]) for run in runs)
    lines = int(runs[0].stdout.split()[1])
    verdict = "ok" if taken <= GOAL else "MISSED"
    limit = f"goal ≤ {GOAL * 1000:.0f} ms"
    print(f"compile of hazard-2023 to {lines} dated lines: {taken * 1000:.0f} ms of processor ({limit}) {verdict}")


if __name__ == "__main__":
    main()
