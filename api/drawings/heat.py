"""The heat table as a grid: rows, columns and what each cell opens. Stages stand across, duties down, whichever reads better."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from campaigns.queries.campaign.heat import WHOLE, Heat, HeatSplit, crossed
from campaigns.rules.shades import Shade, Share


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: its column's heading, its share, the address of its tasks."""

    heading: str
    share: Share
    href: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row; `href` looks inside its region, empty where there is nothing inside."""

    title: str
    href: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A heat table ready to be drawn; the last row and column are the whole. `shades` is the key under it."""

    corner: str
    headings: tuple[str, ...]
    rows: tuple[GridRow, ...]
    shades: tuple[Shade, ...]


Along = Sequence[tuple[str, dict[str, str]]]


def heat_grid(found: Heat, split: HeatSplit, *, at: str, inside: int | None) -> Grid:
    """Lay a heat table out: regions down and stages across, or duties down and regions across."""
    regions: Along = [(name, {"region": str(key)} if key else {}) for key, name in found.regions]
    lines: Along = [(line.title, {split.value: line.key}) for line in found.lines]
    shares = crossed(found, split)
    here = {"region": str(inside)} if inside else {}
    if split is HeatSplit.STAGE:
        return _grid("地方", regions, lines, shares, at, here)
    return _grid("任务", lines, regions, shares, at, here)


def _grid(corner: str, down: Along, over: Along, shares: list[list[Share]], at: str, here: dict[str, str]) -> Grid:
    whole: tuple[str, dict[str, str]] = (WHOLE, {})
    rows = []
    for (title, mine), row in zip((*down, whole), shares, strict=True):
        cells = tuple(
            GridCell(heading, share, f"{at}/tasks?{urlencode({**here, **mine, **theirs, 'which': _which(share)})}")
            for (heading, theirs), share in zip((*over, whole), row, strict=True)
        )
        rows.append(GridRow(title, f"{at}/heat?{urlencode(mine)}" if "region" in mine else "", cells))
    seen = {cell.share.shade for row in rows for cell in row.cells}
    return Grid(
        corner, tuple(heading for heading, _ in (*over, whole)), tuple(rows), tuple(s for s in Shade if s in seen)
    )


def _which(share: Share) -> str:
    return "late" if share.late else "due" if share.due else "all"
