"""隐患台账: the register within the reader's sight, and one hazard with the steps he may take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
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
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import visible
from campaigns.store.searching import contains


class HazardTab(Stated):
    """Which hazards a list shows."""

    OPEN = "open", "未销号"
    TO_FIX = "to_fix", "待整改"
    LATE = "late", "超期未改"
    RECHECK = "recheck", "待复查"
    CLOSED = "closed", "已销号"
    ENDED = "ended", "企业关闭"
    ALL = "all", "全部"


_STATES: Mapping[HazardTab, tuple[HazardState, ...]] = {
    HazardTab.OPEN: OPEN_HAZARD_STATES,
    HazardTab.TO_FIX: UNFIXED_HAZARD_STATES,
    HazardTab.LATE: UNFIXED_HAZARD_STATES,
    HazardTab.RECHECK: TO_RECHECK_STATES,
    HazardTab.CLOSED: (HazardState.CLOSED, HazardState.ARCHIVED),
    HazardTab.ENDED: (HazardState.ENDED,),
    HazardTab.ALL: tuple(HazardState),
}
_OPEN_TABS = (HazardTab.OPEN, HazardTab.TO_FIX, HazardTab.LATE, HazardTab.RECHECK)
_ORDER = (col(Hazard.ordinary), col(Hazard.act_by), col(Hazard.id))
MOST_COUNTED = 1000
FEW_ENTERPRISES = 300
FEW_HAZARDS = 1000
LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class HazardFilter:
    """What the reader looks for; None and empty mean all. `words` is a part of the title, place or number."""

    words: str = ""
    major: bool | None = None
    source: HazardSource | None = None
    enterprise_id: int | None = None


@dataclass(frozen=True, slots=True)
class HazardCounts:
    """How many hazards each tab has. One above `MOST_COUNTED` may stand for more.

    `ids` are those of the tab that is shown, in no order, if they are at most `FEW_HAZARDS`; else None.
    """

    of: Mapping[HazardTab, int]
    ids: tuple[int, ...] | None


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
    counts: HazardCounts | None = None,
) -> tuple[HazardLine, ...]:
    """List hazards in the actor's sight: open ones by who must act first, major before ordinary; the others newest first.

    `counts` of the same tab and filter save the look for what is few. Few are sorted; of many, an index is read in the order of
    the list until the page is full. Only the rows of the page are read.
    """
    today = local_date(now)
    order = _ORDER if tab in _OPEN_TABS else (col(Hazard.id).desc(),)
    many = _sees_many(session, actor, wanted)
    few = counts.ids if counts else _few(session, actor, today, tab, wanted) if many else None
    among = _in_order(actor, today, tab, wanted, many=many) if few is None else [col(Hazard.id).in_(few)]
    page = select(col(Hazard.id)).where(*among).order_by(*order).limit(limit).offset(offset).subquery()
    rows = session.execute(
        select(Hazard, col(Organisation.name), is_overdue(today))
        .join(page, page.c.id == col(Hazard.id))
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .order_by(*order)
    )
    return tuple(_line(*row) for row in rows)


def looked_for(tab: HazardTab, wanted: HazardFilter, now: datetime) -> ColumnElement[bool]:
    """Return which hazards a tab shows of those that the reader looks for: what he takes away is what he sees."""
    states = true() if tab is HazardTab.ALL else col(Hazard.state).in_(_STATES[tab])
    return and_(states, *_late(tab, local_date(now)), *_wanted(wanted))


def count_hazards(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    wanted: HazardFilter | None = None,
    tab: HazardTab = HazardTab.OPEN,
) -> HazardCounts:
    """Count each tab, and find the hazards of the one that is shown if they are few.

    Words are looked for once, in an index of nothing else; one enterprise and a small sight are gone through once too. Who sees
    many enterprises gets `MOST_COUNTED` + 1 for anything above it: nobody reads on from there.
    """
    wanted, today = wanted or HazardFilter(), local_date(now)
    many = _sees_many(session, actor, wanted)
    if many and (not wanted.words or _is_common(session, wanted.words)):
        counts = {each: _count_some(session, _by_state(actor, today, each, wanted)) for each in HazardTab}
        return HazardCounts(counts, _few(session, actor, today, tab, wanted) if counts[tab] <= FEW_HAZARDS else None)
    found = _found(actor, wanted, many=many)
    some = session.execute(found.limit(FEW_HAZARDS + 1)).all()
    if len(some) <= FEW_HAZARDS:
        shown = {each: tuple(id_ for id_, *when in some if _shows(each, today, *when)) for each in HazardTab}
        return HazardCounts({each: len(ids) for each, ids in shown.items()}, shown[tab])
    counts = _count_once(session, found, today)
    few = session.scalars(found.where(*_said(tab, today))) if 0 < counts[tab] <= FEW_HAZARDS else ()
    return HazardCounts(counts, tuple(few) if counts[tab] <= FEW_HAZARDS else None)


def _is_common(session: Session, words: str) -> bool:
    """Whether most of what was registered last has the words: such a search soon has enough, and would take long to finish."""
    last = (
        select(_has(words).label("has")).select_from(Hazard).order_by(col(Hazard.id).desc()).limit(LOOKED_AT).subquery()
    )
    return 2 * (session.scalar(select(func.count()).select_from(last).where(last.c.has)) or 0) > LOOKED_AT


def _found(actor: Actor, wanted: HazardFilter, *, many: bool) -> Select[tuple[int, str, date | None]]:
    """Select id, state and deadline of what is looked for, whatever the tab, by going through the whole index once."""
    found = select(col(Hazard.id), col(Hazard.state), col(Hazard.deadline_on))
    found = found.where(
        *_wanted(wanted), in_sight(actor, many=many)
    )  # in this order: of most, SQLite asks only the first
    # every hazard has words; that it is said lets SQLite read their index instead of the rows
    return found.where(col(Hazard.search) > "") if many else found


def _shows(tab: HazardTab, today: date, state: str, deadline_on: date | None) -> bool:
    late = deadline_on is not None and deadline_on < today
    return state in _STATES[tab] and (late or tab is not HazardTab.LATE)


def _count_once(session: Session, found: Select[Any], today: date) -> dict[HazardTab, int]:
    """Count by state, which costs the least for each row, and add up."""
    each = [func.count().filter(col(Hazard.state) == state) for state in HazardState]
    unfixed = or_(*(col(Hazard.state) == state for state in UNFIXED_HAZARD_STATES))
    late = func.count().filter(and_(unfixed, col(Hazard.deadline_on) < today))
    *numbers, overdue = session.execute(found.with_only_columns(*each, late)).one()
    by_state = dict(zip(HazardState, numbers, strict=True))
    counts = {tab: sum(by_state[state] for state in _STATES[tab]) for tab in HazardTab}
    return {**counts, HazardTab.LATE: overdue}


def _count_some(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    some = select(col(Hazard.id)).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _few(session: Session, actor: Actor, today: date, tab: HazardTab, wanted: HazardFilter) -> tuple[int, ...] | None:
    some = select(col(Hazard.id)).where(*_by_state(actor, today, tab, wanted)).limit(FEW_HAZARDS + 1)
    ids = tuple(session.scalars(some))
    return ids if len(ids) <= FEW_HAZARDS else None


def _by_state(actor: Actor, today: date, tab: HazardTab, wanted: HazardFilter) -> list[ColumnElement[bool]]:
    """Say a tab and a filter so that every entry of ix_hazard_state that is read is one of theirs: nothing is searched."""
    return [
        col(Hazard.state).in_(_STATES[tab]),
        col(Hazard.source).in_(tuple(HazardSource) if wanted.source is None else (wanted.source,)),
        col(Hazard.ordinary).in_((False, True) if wanted.major is None else (not wanted.major,)),
        *_late(tab, today),
        *([_has(wanted.words)] if wanted.words else []),
        in_sight(actor, many=True),
    ]


def _in_order(
    actor: Actor, today: date, tab: HazardTab, wanted: HazardFilter, *, many: bool
) -> list[ColumnElement[bool]]:
    """Say them so that the list's own index is read in its order."""
    conditions = [*_wanted(wanted), in_sight(actor, many=many)]
    if tab is HazardTab.ALL:
        return conditions
    return [*conditions, col(Hazard.is_open) == (true() if tab in _OPEN_TABS else false()), *_said(tab, today)]


def in_sight(actor: Actor, *, many: bool = False) -> ColumnElement[bool]:
    """Hazards of the enterprises an actor sees, if his role lets him see such things at all.

    With `many`, SQLite is kept from walking enterprise by enterprise, so that it reads the list's own index in order.
    """
    looking = Relation.SUPERVISED if actor.is_regulator else Relation.SELF
    if not may(actor, Permission.SEE, looking):
        return false()
    enterprise = col(Hazard.enterprise_id) + 0 if many else col(Hazard.enterprise_id)
    return enterprise.in_(visible(actor))


def _sees_many(session: Session, actor: Actor, wanted: HazardFilter) -> bool:
    if wanted.enterprise_id is not None or not actor.is_regulator:
        return False
    some = visible(actor).limit(FEW_ENTERPRISES + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > FEW_ENTERPRISES


def is_overdue(today: date) -> ColumnElement[bool]:
    """Past its 五落实 deadline and not reported as rectified."""
    return and_(col(Hazard.state).in_(UNFIXED_HAZARD_STATES), col(Hazard.deadline_on) < today)


def _said(tab: HazardTab, today: date) -> list[ColumnElement[bool]]:
    """Say a tab to whatever index is read already: joined to nothing, a state leads SQLite to no other."""
    return [col(Hazard.state).concat("").in_(_STATES[tab]), *_late(tab, today)]


def _late(tab: HazardTab, today: date) -> list[ColumnElement[bool]]:
    return [col(Hazard.deadline_on) < today] if tab is HazardTab.LATE else []


def _wanted(wanted: HazardFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        conditions.append(_has(wanted.words))
    if wanted.major is not None:
        conditions.append(col(Hazard.ordinary) == (not wanted.major))
    if wanted.source is not None:
        conditions.append(col(Hazard.source).concat("") == wanted.source)
    if wanted.enterprise_id is not None:
        conditions.append(col(Hazard.enterprise_id) == wanted.enterprise_id)
    return conditions


def _has(words: str) -> ColumnElement[bool]:
    """Whether a hazard's words contain what is looked for; they are stored in small letters."""
    return contains(col(Hazard.search), words.lower())


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
