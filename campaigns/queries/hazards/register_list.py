"""隐患台账: the register within the reader's sight, and one hazard with the steps he may take."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select, true
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.rules.states import (
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


_CLOSED = (HazardState.CLOSED, HazardState.ARCHIVED)
_OPEN_TABS = (HazardTab.OPEN, HazardTab.TO_FIX, HazardTab.LATE, HazardTab.RECHECK)
_ORDER = (col(Hazard.ordinary), col(Hazard.act_by), col(Hazard.id))
MOST_COUNTED = 1000
FEW_ENTERPRISES = 300
FEW_FOUND = 1000


@dataclass(frozen=True, slots=True)
class HazardFilter:
    """What the reader looks for; None and empty mean all. `words` is a part of the title, place or number.

    `ids` are the hazards that have the words, once `narrowed` has found that they are few.
    """

    words: str = ""
    major: bool | None = None
    source: HazardSource | None = None
    enterprise_id: int | None = None
    ids: tuple[int, ...] | None = None


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


def narrowed(session: Session, *, actor: Actor, wanted: HazardFilter) -> HazardFilter:
    """Look for the words once, in an index of nothing else, so that the list and its counts need not look again.

    Rare words become their few hazards; of common ones every page is full soon, whatever the order. Letters are alike in either
    case, as `search` has them.
    """
    if not wanted.words:
        return wanted
    looking = select(col(Hazard.id)).where(_has(wanted.words), in_sight(actor, many=True)).limit(FEW_FOUND + 1)
    ids = tuple(session.scalars(looking))
    return replace(wanted, ids=ids) if len(ids) <= FEW_FOUND else wanted


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
    """List hazards in the actor's sight: open ones by who must act first, major before ordinary; the others newest first.

    The ids are found in an index alone; only the rows of the page are read.
    """
    today = local_date(now)
    order = _ORDER if tab in _OPEN_TABS else (col(Hazard.id).desc(),)
    found = select(col(Hazard.id)).where(_sight(session, actor), *_tab(tab, today), *_wanted(wanted)).order_by(*order)
    page = found.limit(limit).offset(offset).subquery()
    rows = session.execute(
        select(Hazard, col(Organisation.name), is_overdue(today))
        .join(page, page.c.id == col(Hazard.id))
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .order_by(*order)
    )
    return tuple(_line(*row) for row in rows)


def looked_for(tab: HazardTab, wanted: HazardFilter, now: datetime) -> ColumnElement[bool]:
    """Return which hazards a tab shows of those that the reader looks for: what he takes away is what he sees."""
    return and_(true(), *_tab(tab, local_date(now)), *_wanted(wanted))


def count_hazards(
    session: Session, *, actor: Actor, now: datetime, wanted: HazardFilter | None = None
) -> dict[HazardTab, int]:
    """Count each tab. Who sees many enterprises gets `MOST_COUNTED` + 1 for anything above it: nobody reads on from there."""
    today, asked = local_date(now), _wanted(wanted or HazardFilter())
    if _sees_many(session, actor):
        return {tab: _count_some(session, in_sight(actor, many=True), *_tab(tab, today), *asked) for tab in HazardTab}
    counted = [
        func.count() if tab is HazardTab.ALL else func.count().filter(and_(*_tab(tab, today))) for tab in HazardTab
    ]
    row = session.execute(select(*counted).select_from(Hazard).where(in_sight(actor), *asked)).one()
    return dict(zip(HazardTab, row, strict=True))


def _count_some(session: Session, *conditions: ColumnElement[bool]) -> int:
    some = select(col(Hazard.id)).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def in_sight(actor: Actor, *, many: bool = False) -> ColumnElement[bool]:
    """Hazards of the enterprises an actor sees, if his role lets him see such things at all.

    With `many`, SQLite is kept from walking enterprise by enterprise, so that it reads the list's own index in order.
    """
    looking = Relation.SUPERVISED if actor.is_regulator else Relation.SELF
    if not may(actor, Permission.SEE, looking):
        return false()
    enterprise = col(Hazard.enterprise_id) + 0 if many else col(Hazard.enterprise_id)
    return enterprise.in_(visible(actor))


def _sight(session: Session, actor: Actor) -> ColumnElement[bool]:
    return in_sight(actor, many=_sees_many(session, actor))


def _sees_many(session: Session, actor: Actor) -> bool:
    some = visible(actor).limit(FEW_ENTERPRISES + 1).subquery()
    return actor.is_regulator and (session.scalar(select(func.count()).select_from(some)) or 0) > FEW_ENTERPRISES


def is_overdue(today: date) -> ColumnElement[bool]:
    """Past its 五落实 deadline and not reported as rectified."""
    return and_(_unfixed(), col(Hazard.deadline_on) < today)


def _unfixed() -> ColumnElement[bool]:
    return col(Hazard.state).in_(UNFIXED_HAZARD_STATES)


def _tab(tab: HazardTab, today: date) -> tuple[ColumnElement[bool], ...]:
    is_open = col(Hazard.is_open) == true()
    conditions: dict[HazardTab, tuple[ColumnElement[bool], ...]] = {
        HazardTab.OPEN: (is_open,),
        HazardTab.TO_FIX: (is_open, _unfixed()),
        HazardTab.LATE: (is_open, is_overdue(today)),
        HazardTab.RECHECK: (is_open, col(Hazard.state).in_(TO_RECHECK_STATES)),
        HazardTab.CLOSED: (col(Hazard.is_open) == false(), col(Hazard.state).concat("").in_(_CLOSED)),
        HazardTab.ENDED: (col(Hazard.state) == HazardState.ENDED,),
        HazardTab.ALL: (),
    }
    return conditions[tab]


def _wanted(wanted: HazardFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        conditions.append(col(Hazard.id).in_(wanted.ids))
    elif wanted.words:
        conditions.append(_has(wanted.words))
    if wanted.major is not None:
        conditions.append(col(Hazard.major).is_(wanted.major))
    if wanted.source is not None:
        conditions.append(col(Hazard.source) == wanted.source)
    if wanted.enterprise_id is not None:
        conditions.append(col(Hazard.enterprise_id) == wanted.enterprise_id)
    return conditions


def _has(words: str) -> ColumnElement[bool]:
    """Whether a hazard's words contain what is looked for, letter by letter: the same on either database."""
    return col(Hazard.search).contains(words.lower(), autoescape=True)


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
