"""What a launch would do, before it does it: every date, who, how many tasks and messages. Only reads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, Subquery, cast, func, null, select
from sqlmodel import Session, col

from campaigns.actions.launch.burden import Burden, burden
from campaigns.actions.launch.drafts import Prepared
from campaigns.actions.messages.told import active
from campaigns.date_words import day_words
from campaigns.definition.parameters import not_stated
from campaigns.rules.dates.plan import DatedStage, Occurrence
from campaigns.rules.ladders.chasing import REMINDED
from campaigns.rules.ladders.reminders import rungs
from campaigns.rules.permissions import Permission, Role, roles_with
from campaigns.rules.quotes import quoted
from campaigns.rules.states import CampaignState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.campaign.rosters import Manner, members, office_over, pairs
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.directory.working_days import work_calendar

SHOWN_NAMES = 20
Doing = Mapping[int, int]
"""Organisation → how many tasks one line of the plan gives it."""


@dataclass(frozen=True, slots=True)
class PreviewedRoster:
    """One 对象 or 角色: how many organisations it selects today, and the first names for recognition."""

    name: str
    count: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewedLine:
    """One dated line: how many organisations do it, and how many tasks that makes."""

    occurrence: Occurrence
    organisations: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole launch as it would be.

    `messages_per_day` counts one digest per person and day, if all work is done by its due date. `to_state` are the parameters
    that the notice leaves open and the bureau must state before a launch. `warnings` begin with the gravest: the page folds
    what comes after the first few.
    """

    title: str
    starts_on: date
    ends_on: date
    stages: tuple[DatedStage, ...]
    lines: tuple[PreviewedLine, ...]
    rosters: tuple[PreviewedRoster, ...]
    tasks: int
    people: int
    burden: Burden
    messages_per_day: Mapping[date, int]
    inferred: tuple[str, ...]
    skipped: tuple[str, ...]
    warnings: tuple[str, ...]
    to_state: tuple[str, ...]


def previewed(session: Session, ready: Prepared, *, now: datetime) -> Preview:
    """Count what launching a prepared draft would write."""
    rosters = tuple(_roster(session, ready, name) for name in _names(ready))
    doing = {manner: _doing(session, ready, manner) for manner in dict.fromkeys(map(_manner, ready.lines))}
    lines = tuple(_counted(line, doing[_manner(line)]) for line in ready.lines)
    told = _people(session, roles_with(Permission.SUBMIT))
    everybody = {organisation_id for counts in doing.values() for organisation_id in counts}
    people = sum(told.get(organisation_id, 0) for organisation_id in everybody)
    messages = _messages(session, ready, doing)
    messages[ready.today] = max(people, messages.get(ready.today, 0))
    return Preview(
        title=ready.definition.meta.title,
        starts_on=ready.plan.starts_on,
        ends_on=ready.plan.ends_on,
        stages=ready.plan.stages,
        lines=lines,
        rosters=rosters,
        tasks=sum(line.tasks for line in lines),
        people=people,
        burden=burden(session, ready, doing),
        messages_per_day=dict(sorted(messages.items())),
        inferred=tuple(_inferred(ready)),
        skipped=ready.plan.skipped,
        warnings=(*_warnings(session, ready, rosters, doing, told), *ready.plan.warnings),
        to_state=not_stated(ready.definition, ready.draft.parameters),
    )


def _manner(line: Occurrence) -> Manner:
    return Manner(line.audience, line.per, line.reviewer)


def _names(ready: Prepared) -> list[str]:
    return sorted({name for line in ready.lines for name in (line.audience, line.per) if name})


def _roster(session: Session, ready: Prepared, name: str) -> PreviewedRoster:
    found = members(ready.definition, name, ready.home, ready.today).subquery()
    count = session.scalar(select(func.count()).select_from(found)) or 0
    first = select(col(Organisation.name)).where(col(Organisation.id).in_(select(found.c.id)))
    return PreviewedRoster(
        name, count, tuple(session.scalars(first.order_by(col(Organisation.id)).limit(SHOWN_NAMES)).all())
    )


def _doing(session: Session, ready: Prepared, manner: Manner) -> Doing:
    """Ask the very question that the fan-out asks, of the rosters as they are today."""
    pair = pairs(ready.definition, manner, lambda name: _present(ready, name)).subquery()
    counted = select(pair.c.organisation_id, func.count()).group_by(pair.c.organisation_id)
    return dict(session.execute(counted).tuples().all())


def _present(ready: Prepared, name: str) -> Subquery:
    member = members(ready.definition, name, ready.home, ready.today).subquery()
    return select(member.c.id.label("organisation_id"), cast(null(), Date).label("joined_on")).subquery()


def _counted(line: Occurrence, doing: Doing) -> PreviewedLine:
    return PreviewedLine(line, len(doing), sum(doing.values()))


def _people(session: Session, roles: Iterable[Role]) -> dict[int, int]:
    counted = select(col(Person.organisation_id), func.count()).where(*active(roles))
    return dict(session.execute(counted.group_by(col(Person.organisation_id))).tuples().all())


def _messages(session: Session, ready: Prepared, doing: Mapping[Manner, Doing]) -> dict[date, int]:
    calendar, people = work_calendar(session), _people(session, REMINDED)
    reminded: dict[date, set[Manner]] = {}
    for line in ready.plan.occurrences:
        ladder = ready.definition.reminders.get(line.reminder or "")
        for rung in rungs(ladder, line.due_on, calendar) if ladder and line.required else ():
            if ready.today <= rung.on <= line.due_on:
                reminded.setdefault(rung.on, set()).add(_manner(line))
    sizes = {frozenset(manners): 0 for manners in reminded.values()}
    for manners in sizes:
        organisations = {organisation_id for manner in manners for organisation_id in doing[manner]}
        sizes[manners] = sum(people.get(organisation_id, 0) for organisation_id in organisations)
    return {day: sizes[frozenset(manners)] for day, manners in reminded.items()}


def _inferred(ready: Prepared) -> Iterator[str]:
    for stage in ready.plan.stages:
        if stage.opens_inferred:
            yield f"{quoted(stage.title)}没有写开始日期，推定为{day_words(stage.opens_on)}。"


def _warnings(
    session: Session,
    ready: Prepared,
    rosters: Iterable[PreviewedRoster],
    doing: Mapping[Manner, Doing],
    told: Mapping[int, int],
) -> Iterator[str]:
    if _runs_already(session, ready):
        yield "本局已有一个进行中的同一行动，再启动会多出一套任务。"
    for roster in rosters:
        if roster.count == 0:
            yield f"“{roster.name}”现在没有符合条件的单位，它的任务不会下发。"
    silent = {one for counts in doing.values() for one in counts if one not in told}
    if silent:
        yield f"{len(silent)}个单位没有可用账号，任务会下发，但没有人收到提醒，请先开通账号。"
    for manner in doing:
        if missing := _without_reviewer(session, ready, manner):
            yield f"“{manner.audience}”中有{missing}个单位找不到审核单位“{manner.reviewer}”，提交后直接算完成。"


def _runs_already(session: Session, ready: Prepared) -> bool:
    running = select(func.count()).select_from(Campaign).where(col(Campaign.bureau_id) == ready.bureau.id)
    same = (col(Campaign.template) == ready.definition.meta.code, col(Campaign.state) == CampaignState.RUNNING)
    return bool(session.scalar(running.where(*same)))


def _without_reviewer(session: Session, ready: Prepared, manner: Manner) -> int:
    if manner.reviewer is None:
        return 0
    doer = pairs(ready.definition, manner, lambda name: _present(ready, name)).subquery()
    reviewer = office_over(ready.definition.roles[manner.reviewer], doer.c.organisation_id)
    found = select(doer.c.organisation_id, reviewer.label("reviewer_id")).distinct().subquery()
    return session.scalar(select(func.count()).select_from(found).where(found.c.reviewer_id.is_(None))) or 0
