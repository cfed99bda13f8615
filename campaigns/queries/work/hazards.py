"""隐患台账: the register within the reader's sight, and one hazard with the steps he may take."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.rules.states import (
    OPEN_HAZARD_STATES,
    TO_RECHECK_STATES,
    UNFIXED_HAZARD_STATES,
    HazardSource,
    HazardState,
    Stated,
)
from campaigns.store.hazards import Hazard
from campaigns.store.regions import Organisation
from campaigns.store.scope import visible


class HazardTab(Stated):
    """Which hazards a list shows."""

    OPEN = "open", "未销号"
    TO_FIX = "to_fix", "待整改"
    LATE = "late", "超期未改"
    RECHECK = "recheck", "待复查"
    CLOSED = "closed", "已销号"
    ENDED = "ended", "企业关闭"
    ALL = "all", "全部"


@dataclass(frozen=True, slots=True)
class HazardFilter:
    """What the reader looks for; None and empty mean all. `words` is a part of the title, place or number."""

    words: str = ""
    major: bool | None = None
    source: HazardSource | None = None
    enterprise_id: int | None = None


@dataclass(frozen=True, slots=True)
class HazardLine:
    """One hazard in a list."""

    id: int
    number: str
    title: str
    location: str
    enterprise: str
    major: bool
    source: HazardSource
    state: HazardState
    found_on: date
    deadline_on: date | None
    late: bool


def hazard_lines(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    tab: HazardTab,
    wanted: HazardFilter,
    limit: int,
    offset: int = 0,
) -> tuple[HazardLine, ...]:
    """List hazards in the actor's sight: major ones and those whose deadline is nearest first."""
    today = local_date(now)
    rows = session.execute(
        select(Hazard, col(Organisation.name), is_overdue(today))
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .where(in_sight(actor), *_tab(tab, today), *_wanted(wanted))
        .order_by(
            col(Hazard.major).desc(), col(Hazard.deadline_on).is_(None), col(Hazard.deadline_on), col(Hazard.id).desc()
        )
        .limit(limit)
        .offset(offset)
    )
    return tuple(_line(*row) for row in rows)


def count_hazards(
    session: Session, *, actor: Actor, now: datetime, wanted: HazardFilter | None = None
) -> dict[HazardTab, int]:
    """Count each tab in one statement."""
    today = local_date(now)
    counted = [
        func.count() if tab is HazardTab.ALL else func.count().filter(and_(*_tab(tab, today))) for tab in HazardTab
    ]
    row = session.execute(
        select(*counted).select_from(Hazard).where(in_sight(actor), *_wanted(wanted or HazardFilter()))
    ).one()
    return dict(zip(HazardTab, row, strict=True))


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """Hazards of the enterprises an actor sees, if his role lets him see such things at all."""
    looking = Relation.SUPERVISED if actor.is_regulator else Relation.SELF
    return col(Hazard.enterprise_id).in_(visible(actor)) if may(actor, Permission.SEE, looking) else false()


def is_overdue(today: date) -> ColumnElement[bool]:
    """Past its 五落实 deadline and not reported as rectified."""
    return and_(_unfixed(), col(Hazard.deadline_on) < today)


def _unfixed() -> ColumnElement[bool]:
    return col(Hazard.state).in_(UNFIXED_HAZARD_STATES)


def _tab(tab: HazardTab, today: date) -> tuple[ColumnElement[bool], ...]:
    conditions: dict[HazardTab, tuple[ColumnElement[bool], ...]] = {
        HazardTab.OPEN: (col(Hazard.state).in_(OPEN_HAZARD_STATES),),
        HazardTab.TO_FIX: (_unfixed(),),
        HazardTab.LATE: (is_overdue(today),),
        HazardTab.RECHECK: (col(Hazard.state).in_(TO_RECHECK_STATES),),
        HazardTab.CLOSED: (col(Hazard.state) == HazardState.CLOSED,),
        HazardTab.ENDED: (col(Hazard.state) == HazardState.ENDED,),
        HazardTab.ALL: (),
    }
    return conditions[tab]


def _wanted(wanted: HazardFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        columns = (col(Hazard.title), col(Hazard.location), col(Hazard.number))
        conditions.append(or_(*(column.contains(wanted.words, autoescape=True) for column in columns)))
    if wanted.major is not None:
        conditions.append(col(Hazard.major).is_(wanted.major))
    if wanted.source is not None:
        conditions.append(col(Hazard.source) == wanted.source)
    if wanted.enterprise_id is not None:
        conditions.append(col(Hazard.enterprise_id) == wanted.enterprise_id)
    return conditions


def _line(hazard: Hazard, enterprise: str, late: Any) -> HazardLine:
    return HazardLine(
        hazard.id,
        hazard.number,
        hazard.title,
        hazard.location,
        enterprise,
        hazard.major,
        HazardSource(hazard.source),
        HazardState(hazard.state),
        hazard.found_on,
        hazard.deadline_on,
        bool(late),
    )
