"""The invented people at work on one day: they fill forms in, review, ask, decide, and see hazards through."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeAlias

from sqlalchemy import Row, exists, select
from sqlmodel import Session, col

from campaigns.actions.time import proposals
from campaigns.actions.work import requests, tasks
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.using import use_record
from campaigns.clock import instant
from campaigns.queries.work.sharing import usable_records
from campaigns.rules.permissions import Actor, Role
from campaigns.rules.states import OPEN_TASK_STATES, ProposalState, RequestKind, RequestState, TaskState
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.directory.regions import Organisation
from campaigns.store.files import FileStore
from campaigns.store.scope import decider_of
from campaigns.store.work.forms import form_of
from campaigns.store.work.tasks import Proposal, Submission, Task, TaskRequest
from flows.demo.answers import answers
from flows.demo.habits import ALWAYS_NIL, OLD_PHOTO, acts_on
from flows.demo.pictures import photograph

MORNING = time(10, 20)
AFTERNOON = time(15, 40)
Asked: TypeAlias = tuple[RequestKind, str]
SENT_BACK = ("照片看不清责任牌，请补拍后再交。", "请写明整改责任人和完成日期。", "签到表缺外包队伍人员，请补齐。")
ASKED: Mapping[str, Asked] = {
    "QY-40": (RequestKind.EXTENSION, "“一库一策”方案需第三方复核坝体稳定性，报告下月出具，申请延期。"),
    "QY-27": (RequestKind.EXTENSION, "专家行程冲突，申请推迟现场指导。"),
    "QY-39": (RequestKind.WAIVER, "本单位没有劳务派遣和灵活用工人员，申请豁免。"),
}
ASKED_NOW: Mapping[str, Asked] = {"QY-01": (RequestKind.EXTENSION, "设备年检停用，申请推迟自查。")}


Open: TypeAlias = Row[tuple[Task, PlannedOccurrence, str]]


@dataclass(frozen=True)
class Undone:
    """What a campaign under way leaves undone, so that somebody is late and something waits for whoever signs in.

    From `decided_until` on nobody decides; before `asks_from` nobody asks to be put off. Organisations by id: `silent` hands
    nothing in from a day on, `unfiled` files no table that is due from a day on, `undecided` waits for its table's acceptance.
    `agreed` is the day on which an organisation, contrary to its habit, does a duty, and then never as a nil return.
    """

    decided_until: date = date.max
    asks_from: date = date.min
    silent: Mapping[int, date] = field(default_factory=dict)
    unfiled: Mapping[int, date] = field(default_factory=dict)
    undecided: frozenset[int] = frozenset()
    agreed: Mapping[tuple[int, str], date] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """Who sits where: the people of each organisation by its id, the one who answers for it first.

    `thrifty` people use a record that they filled in for another campaign, where one does.
    """

    people: Mapping[int, tuple[Actor, ...]]
    store: FileStore
    hazards: Mapping[str, int]
    asked: Mapping[str, Asked]
    undone: Undone = Undone()
    thrifty: bool = False

    def doer(self, organisation_id: int, responsible: str, form_signers: tuple[str, ...]) -> Actor:
        """Return who fills a form in: the one whose signature it asks for, else whoever does the paper work."""
        staff = self.people[organisation_id]
        for word in (*form_signers, responsible):
            for person in staff:
                if any(word.startswith(role.label) for role in person.roles):
                    return person
        return staff[-1]


def work(session: Session, campaign_id: int, day: date, desk: Desk) -> None:
    """Let everybody do what he does on this day in one campaign."""
    for row in _one_a_day(_open(session, campaign_id, day, desk.undone)):
        if day < desk.undone.silent.get(row[0].organisation_id, date.max):
            _hand_in(session, row, day, desk)
    if day >= desk.undone.asks_from:
        _ask(session, campaign_id, day, desk)
    if day <= desk.undone.decided_until:
        _decide(session, campaign_id, day, desk)
        _review(session, campaign_id, day, desk)
        _answer_proposals(session, campaign_id, day, desk)


def _one_a_day(rows: Iterable[Open]) -> list[Open]:
    """Keep one record a day of each duty: 每月2次 means two different days."""
    return list({(row[0].organisation_id, row[0].subject_id, row[1].duty): row for row in rows}.values())


def _open(session: Session, campaign_id: int, day: date, undone: Undone) -> Iterator[Open]:
    rows = session.execute(
        select(Task, PlannedOccurrence, col(Organisation.name))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
        .where(
            col(Task.campaign_id) == campaign_id,
            col(Task.state).in_(OPEN_TASK_STATES),
            col(Task.opens_on) <= day,
            col(PlannedOccurrence.report).is_(None),
            col(PlannedOccurrence.event_driven).is_(False),
            ~exists().where(col(TaskRequest.task_id) == col(Task.id), col(TaskRequest.state) == RequestState.ASKED),
        )
        .order_by(col(Task.id))
    ).all()
    for row in rows:
        task, occurrence, _ = row
        if task.state == TaskState.SENT_BACK:
            ready = task.decided_at is None or day >= task.due_on or day.toordinal() % 3 == 0
        else:
            ready = day >= (_agreed(task, occurrence.duty, undone) or _habitual(row))
        if ready and occurrence.required:
            yield row


def _habitual(row: Open) -> date:
    task, occurrence, name = row
    key = f"{occurrence.duty}/{occurrence.period}/{occurrence.seq}/{task.subject_id}"
    return acts_on(name, key, opens_on=task.opens_on, due_on=task.due_on)


def _agreed(task: Task, duty: str, undone: Undone) -> date | None:
    """Return the day that was agreed on, if it falls into this task's time."""
    day = undone.agreed.get((task.organisation_id, duty))
    return day if day and task.opens_on <= day <= task.due_on else None


def _hand_in(session: Session, row: Open, day: date, desk: Desk) -> None:
    task, occurrence, name = row
    chance = Random(f"{name}/{task.occurrence_id}/{task.subject_id}")  # noqa: S311 - a story, not a secret
    now = instant(day, MORNING) + timedelta(minutes=task.id % 300)
    form = form_of(session, occurrence)
    signers = tuple(field.title for field in form.fields if field.kind == "签字")
    by = desk.doer(task.organisation_id, occurrence.responsible, signers)
    if task.state == TaskState.ASSIGNED:
        tasks.acknowledge(session, task_id=task.id, by=by, now=now - timedelta(hours=1))
    if desk.thrifty and _use(session, task, day, by):
        return
    if form.nil and not _agreed(task, occurrence.duty, desk.undone) and (chance.random() < 0.5 or ALWAYS_NIL in name):
        tasks.sign_nil(session, task_id=task.id, signed=True, by=desk.people[task.organisation_id][0], now=now)
        return
    for blank in form.fields:
        if blank.kind in {"照片", "附件"} and (blank.required == "是" or blank.kind == "照片"):
            taken_on = day.replace(day=1) if any(word in name for word in OLD_PHOTO) else day
            picture = photograph(f"{name}{blank.title}{occurrence.duty}{task.subject_id}", taken_on)
            attach_to_task(
                session,
                task_id=task.id,
                label=blank.title,
                uploads=[picture],
                picture=blank.kind == "照片",
                store=desk.store,
                by=by,
                now=now,
            )
    found = desk.hazards.get(occurrence.duty, 0) if chance.random() < 0.35 else 0
    values = answers(form, day=day, signer=by.name, hazards=found, chance=chance)
    tasks.submit(session, task_id=task.id, values=values, by=by, now=now)


def _use(session: Session, task: Task, day: date, by: Actor) -> bool:
    """Hand in the latest record that surely does for a task, in the afternoon: it was filled in before."""
    sure = (record for record in usable_records(session, task.id, actor=by) if record.likeness.is_sure)
    if (record := next(sure, None)) is None:
        return False
    now = instant(day, AFTERNOON) + timedelta(minutes=task.id % 60)
    use_record(session, task_id=task.id, receipt=record.receipt, by=by, now=now)
    return True


def _review(session: Session, campaign_id: int, day: date, desk: Desk) -> None:
    waiting = session.execute(
        select(col(Task.id), col(Task.reviewer_id), col(Submission.number))
        .join(Submission, col(Submission.task_id) == col(Task.id))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(
            col(Task.campaign_id) == campaign_id,
            col(Task.state) == TaskState.SUBMITTED,
            col(Submission.decision) == "",
            col(Submission.submitted_at) < instant(day, time(0)),
            col(PlannedOccurrence.report).is_(None),
        )
        .order_by(col(Task.id))
    ).all()
    for task_id, reviewer_id, number in waiting:
        reviewer = desk.people[reviewer_id][-1]
        now = instant(day, AFTERNOON) + timedelta(minutes=task_id % 60)
        if number == 1 and task_id % 7 == 0:
            tasks.send_back(session, task_id=task_id, reason=SENT_BACK[task_id % 3], by=reviewer, now=now)
        else:
            tasks.accept(session, task_id=task_id, by=reviewer, now=now)


def _ask(session: Session, campaign_id: int, day: date, desk: Desk) -> None:
    candidates = session.execute(
        select(Task, col(PlannedOccurrence.duty))
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .outerjoin(TaskRequest, col(TaskRequest.task_id) == col(Task.id))
        .where(
            col(Task.campaign_id) == campaign_id,
            col(Task.state).in_(OPEN_TASK_STATES),
            col(PlannedOccurrence.duty).in_(desk.asked),
            col(Task.organisation_id).not_in(desk.undone.silent),
            col(Task.due_on) == day + timedelta(days=4),
            col(TaskRequest.id).is_(None),
        )
        .order_by(col(Task.id))
    ).all()
    free = [(task, duty) for task, duty in candidates if not _agreed(task, duty, desk.undone)]
    for task, duty in free[:2]:
        kind, reason = desk.asked[duty]
        due_on = task.due_on + timedelta(days=14) if kind is RequestKind.EXTENSION else None
        requests.ask(
            session,
            task_id=task.id,
            kind=kind,
            reason=reason,
            due_on=due_on,
            by=desk.people[task.organisation_id][0],
            now=instant(day, AFTERNOON),
        )


def _decide(session: Session, campaign_id: int, day: date, desk: Desk) -> None:
    asked = session.execute(
        select(TaskRequest, Task)
        .join(Task, col(Task.id) == col(TaskRequest.task_id))
        .where(
            col(Task.campaign_id) == campaign_id,
            col(TaskRequest.state) == RequestState.ASKED,
            col(TaskRequest.asked_at) < instant(day, time(0)),
        )
        .order_by(col(TaskRequest.id))
    ).all()
    for request, task in asked:
        decider_id = decider_of(session, task)
        if decider_id is None:
            continue
        by, now = desk.people[decider_id][-1], instant(day, AFTERNOON)
        if request.id % 3 == 0:
            requests.decline(session, request_id=request.id, reason="请另请专家，按期完成。", by=by, now=now)
        else:
            requests.grant(session, request_id=request.id, reason="情况属实，同意。", by=by, now=now)


def _answer_proposals(session: Session, campaign_id: int, day: date, desk: Desk) -> None:
    drafted = session.scalars(
        select(Proposal)
        .where(
            col(Proposal.campaign_id) == campaign_id,
            col(Proposal.state) == ProposalState.DRAFTED,
            col(Proposal.drafted_at) < instant(day, time(0)),
        )
        .order_by(col(Proposal.id))
    ).all()
    for proposal in drafted:
        by, now = desk.people[proposal.handler_id][0], instant(day, AFTERNOON)
        if proposal.id % 4 == 0:
            proposals.dismiss(session, proposal_id=proposal.id, reason="已当面督促，本周内补交。", by=by, now=now)
        else:
            proposals.confirm(session, proposal_id=proposal.id, reason="情况属实，按此办理。", by=by, now=now)


def staff(*people: Actor) -> tuple[Actor, ...]:
    """Order people so that the one who answers comes first and the one who does the paper work last."""
    first = (Role.PRINCIPAL, Role.LEADER)
    return tuple(sorted(people, key=lambda person: not any(role in first for role in person.roles)))


def evening(day: date) -> datetime:
    """Return the instant after the cut-off hour at which the day's pass runs."""
    return instant(day, time(17, 5))
