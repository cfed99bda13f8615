"""The 状态 of an enterprise that is new in the register and of which the sheet does not say it: it works as usual.

Without one it would stand in no roster that selects by 状态, and nobody would notice; so it is inferred, and said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from campaigns.rules.directory.register import Line, Problem, RegisterSheet, cell_of

USUAL = "正常生产"


def with_status(line: Line) -> tuple[Line, bool]:
    """Return the line with its 状态, and whether it had to be inferred."""
    if line.values.get("status"):
        return line, False
    return replace(line, values={**line.values, "status": USUAL}), True


def status_inferred(sheet: RegisterSheet, numbers: Sequence[int]) -> Iterator[Problem]:
    """Say once, at the first of the rows, how many have an inferred 状态."""
    if not numbers:
        return
    rows = f"（共{len(numbers)}行）" if len(numbers) > 1 else ""
    sentence = f"没有写状态，新企业按“{USUAL}”登记{rows}。"
    advice = "停产、停建或者停用的，请填上状态再上传。"
    yield Problem(sheet.name, cell_of(sheet, "status", numbers[0]), sentence, advice, blocking=False)
