"""热力表: how much of what is due was done, by region and stage or by region and duty; each cell opens its tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlmodel import Session, col

from campaigns.queries.campaign.looking import counted_tasks, looked_at, names_of, number_of
from campaigns.queries.campaign.progress import THROUGHOUT, stage_titles
from campaigns.rules.permissions import Actor
from campaigns.rules.shades import Share
from campaigns.rules.states import Stated
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.campaign.counted import done_by, due_at, late_at

NO_STAGE = "0"
"""The key of what belongs to no stage."""
WHOLE = "合计"


class HeatSplit(Stated):
    """What stands against the regions."""

    STAGE = "stage", "按阶段"
    DUTY = "duty", "按任务"


@dataclass(frozen=True, slots=True)
class HeatLine:
    """One stage or duty across the regions; `whole` is all of them together."""

    key: str
    title: str
    cells: Mapping[int | None, Share]
    whole: Share


@dataclass(frozen=True, slots=True)
class Heat:
    """`regions` in the order of the columns, the worst first; `totals` by region; `ahead` duties have nothing due yet."""

    place: str
    lowest: bool
    regions: tuple[tuple[int | None, str], ...]
    lines: tuple[HeatLine, ...]
    totals: Mapping[int | None, Share]
    whole: Share
    ahead: int


def heat(
    session: Session,
    *,
    campaign_id: int,
    actor: Actor,
    now: datetime,
    split: HeatSplit,
    region_id: int | None = None,
) -> Heat:
    """Return the heat table of a campaign below the actor, or below `region_id`."""
    place = looked_at(session, actor, region_id)
    key = col(PlannedOccurrence.stage_id) if split is HeatSplit.STAGE else col(PlannedOccurrence.duty)
    figures = (due_at(now), and_(due_at(now), done_by(now)), late_at(now))
    counted = select(
        place.below,
        key,
        func.min(col(PlannedOccurrence.title)),
        *(number_of(figure) for figure in figures),
        func.count(),
    )
    rows = session.execute(counted_tasks(counted, campaign_id, place).group_by(place.below, key)).all()
    lines = _by_stage(session, campaign_id, rows) if split is HeatSplit.STAGE else _by_duty(rows)
    totals: dict[int | None, Share] = {}
    for line in lines:
        for region, share in line.cells.items():
            totals[region] = totals.get(region, Share()) + share
    names = names_of(session, set(totals))
    order = sorted(totals, key=lambda region: (totals[region].percent, -totals[region].late, names[region]))
    shown = tuple(line for line in lines if line.whole.due or split is HeatSplit.STAGE)
    return Heat(
        place="" if place.region is None else place.region.name,
        lowest=place.lowest,
        regions=tuple((region, names[region]) for region in order),
        lines=shown,
        totals=totals,
        whole=sum(totals.values(), Share()),
        ahead=len(lines) - len(shown),
    )


def crossed(found: Heat, split: HeatSplit) -> list[list[Share]]:
    """Return the shares row by row: regions down and stages across, or duties down and regions across; the wholes last."""
    across = [[line.cells.get(key, Share()) for key, _ in found.regions] + [line.whole] for line in found.lines]
    across.append([found.totals[key] for key, _ in found.regions] + [found.whole])
    return [list(column) for column in zip(*across, strict=True)] if split is HeatSplit.STAGE else across


def _cells(rows: Sequence[Row[Any]], wanted: object) -> dict[int | None, Share]:
    return {region: Share(*figures) for region, key, _, *figures in rows if key == wanted}


def _by_stage(session: Session, campaign_id: int, rows: Sequence[Row[Any]]) -> tuple[HeatLine, ...]:
    stages = {**stage_titles(session, campaign_id), None: THROUGHOUT}
    found = [(stage, title, _cells(rows, stage)) for stage, title in stages.items()]
    return tuple(
        HeatLine(str(stage or NO_STAGE), title, cells, sum(cells.values(), Share()))
        for stage, title, cells in found
        if cells
    )


def _by_duty(rows: Sequence[Row[Any]]) -> tuple[HeatLine, ...]:
    titles = {duty: title for _, duty, title, *_ in rows}
    found = [(duty, title, _cells(rows, duty)) for duty, title in titles.items()]
    lines = [HeatLine(duty, f"{duty} {title}", cells, sum(cells.values(), Share())) for duty, title, cells in found]
    return tuple(sorted(lines, key=lambda line: (line.whole.percent, -line.whole.late, line.key)))
