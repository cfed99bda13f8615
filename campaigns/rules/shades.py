"""How dark a cell of the heat table is: a rate in four shades, and none where a rate would say nothing."""

from dataclasses import dataclass

from campaigns.rules.states import Stated

FEW = 5
"""Below so many tasks due, a cell shows counts: one of two is not “50%” of anything."""
BOUNDS = (95, 80, 60)
"""Whole percent from which a rate is good, fair or poor; below the last it is bad."""


class Shade(Stated):
    """The look of a cell. The label is what the key under the table says."""

    AHEAD = "ahead", "还没有到期的"
    FEW = "few", f"到期不足{FEW}件，只列件数"
    GOOD = "good", f"{BOUNDS[0]}%以上"
    FAIR = "fair", f"{BOUNDS[1]}%—{BOUNDS[0]}%"
    POOR = "poor", f"{BOUNDS[2]}%—{BOUNDS[1]}%"
    BAD = "bad", f"不到{BOUNDS[2]}%"


RATED = (Shade.GOOD, Shade.FAIR, Shade.POOR)


@dataclass(frozen=True, slots=True)
class Share:
    """Tasks of one cell: `due` so far, `done` of them (accepted), `late` of them (not handed in), `total` in the campaign."""

    due: int = 0
    done: int = 0
    late: int = 0
    total: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.due + other.due, self.done + other.done, self.late + other.late, self.total + other.total)

    @property
    def percent(self) -> int:
        """到期完成率 in whole percent, rounded down: 100% is said only when everything due is done."""
        return 100 * self.done // self.due if self.due else 0

    @property
    def shade(self) -> Shade:
        """The shade of the cell."""
        if not self.due:
            return Shade.AHEAD
        if self.due < FEW:
            return Shade.FEW
        reached = (shade for shade, bound in zip(RATED, BOUNDS, strict=True) if 100 * self.done >= bound * self.due)
        return next(reached, Shade.BAD)
