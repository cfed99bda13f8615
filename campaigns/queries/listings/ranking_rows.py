"""A ranking and 及时性 as rows of a file: the pages' own figures, for the same eyes."""

from sqlmodel import Session

from campaigns.queries.rankings.table import RankingTable, ShownLine
from campaigns.queries.reporting.timeliness import Asked, Count, Split, timeliness

NOT_SHOWN = "不公开"
PLACED = ("名次", "地方", "总分", "计算得分", "人工调整")
Cells = tuple[object, ...]


def ranking_headings(ranking: RankingTable) -> tuple[str, ...]:
    """Return the columns of a ranking: its items, each with its sum in numbers, stand in the middle."""
    return (*PLACED, *(item.title for item in ranking.rule.items), "没有排名的原因")


def ranking_rows(ranking: RankingTable) -> list[Cells]:
    """Return who has a place in the order of places, then who has none; of a sibling only what his page shows."""
    return [_line(line, len(ranking.rule.items)) for line in (*ranking.placed, *ranking.unplaced)]


def _line(line: ShownLine, items: int) -> Cells:
    begins: Cells = (line.place, line.name, _points(line.total))
    if not line.detailed:
        return (*begins, *(NOT_SHOWN,) * (items + 2), "" if line.place is not None else NOT_SHOWN)
    sums = (*(item.sum for item in line.items), *("",) * items)[:items]
    return (*begins, _points(line.computed), _points(line.adjustment), *sums, line.why_not)


def _points(shown: str) -> float | None:
    """Points as a number: a spreadsheet adds them up, and a minus is no formula to be defused."""
    return float(shown) if shown else None


def timeliness_headings(split: Split) -> tuple[str, ...]:
    """Return the columns of 及时性."""
    return (split.label[1:], *(count.label for count in Count), "及时率（按原期限）", "及时率（按延期后期限）")


def timeliness_rows(session: Session, asked: Asked, split: Split) -> list[Cells]:
    """Return the lines of the page, the whole last."""
    return [
        (
            line.title,
            *(line.counts[count] for count in Count),
            line.percent(Count.ON_TIME),
            line.percent(Count.EXTENDED),
        )
        for line in timeliness(session, asked, split)
    ]
