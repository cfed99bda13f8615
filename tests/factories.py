"""A launched campaign with the tasks that stories are told with, and what people write into its forms."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.clock import instant
from campaigns.definition.library import template, template_text
from campaigns.rules.states import CampaignState, TaskState
from campaigns.store.campaigns import Campaign, FrozenDefinition, PlannedOccurrence
from campaigns.store.tasks import Task
from tests.people import Cast

LAUNCHED = datetime(2023, 5, 1, 1, 0, tzinfo=UTC)
INSPECTION = {"排查日期": "2023-05-12", "带队人": "卫矿长", "排查部位": ["坝体", "库区"]}
NOTHING_FOUND = INSPECTION | {"无隐患声明": "on", "主要负责人签字": "on"}
LINES: Mapping[tuple[str, str, int], tuple[date, date]] = {
    ("QY-01", "2023-05", 1): (date(2023, 5, 1), date(2023, 5, 15)),
    ("QY-01", "2023-05", 2): (date(2023, 5, 16), date(2023, 5, 31)),
    ("QY-01", "2023-06", 1): (date(2023, 6, 1), date(2023, 6, 15)),
    ("QY-02", "2023-05", 1): (date(2023, 5, 1), date(2023, 5, 31)),
    ("QY-08", "once", 1): (date(2023, 5, 1), date(2023, 12, 29)),
    ("QY-21", "自查自改", 1): (date(2023, 6, 1), date(2023, 7, 31)),
    ("QY-12", "动员部署", 1): (date(2023, 5, 1), date(2023, 5, 31)),
    ("JG-01", "2023-05", 1): (date(2023, 5, 1), date(2023, 5, 25)),
    ("JG-31", "精准执法", 1): (date(2023, 8, 1), date(2023, 11, 30)),
}


def launched(cast: Cast) -> Campaign:
    """Launch hazard-2023 over 茌平区 on 1 May 2023."""
    text = template_text("hazard-2023")
    frozen = FrozenDefinition(
        template="hazard-2023",
        version="1.0.0",
        language="rectify/v1",
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    with cast.database.transaction() as session:
        session.add(frozen)
        session.flush()
        campaign = Campaign(
            template="hazard-2023",
            title="2023行动",
            kind="专项行动",
            bureau_id=cast.bureau.id,
            region_id=cast.county.id,
            definition_id=frozen.id,
            starts_on=date(2023, 5, 1),
            ends_on=date(2023, 12, 31),
            state=CampaignState.RUNNING,
            launched_at=LAUNCHED,
            launch_key="factory",
        )
        session.add(campaign)
        session.flush()
        for (duty, period, seq), (opens_on, due_on) in LINES.items():
            _line(session, cast, campaign, duty, period, seq, opens_on, due_on)
    return campaign


def _line(
    session: Session, cast: Cast, campaign: Campaign, code: str, period: str, seq: int, opens_on: date, due_on: date
) -> None:
    duty = template("hazard-2023").duty(code)
    assert duty is not None
    occurrence = PlannedOccurrence(
        campaign_id=campaign.id,
        duty=code,
        title=duty.title,
        clause=duty.clause,
        period=period,
        seq=seq,
        quota=2 if code == "QY-01" else 1,
        opens_on=opens_on,
        nominal_on=due_on,
        due_on=due_on,
        due_at=instant(due_on, time(17)),
        audience=duty.audience,
        per=duty.per,
        form=duty.form,
        evidence=list(duty.evidence),
        report=duty.report,
        reviewer=duty.reviewer,
        event_driven=duty.event_driven,
    )
    session.add(occurrence)
    session.flush()
    ponds = [cast.pond.id, cast.other_pond.id]
    pairs = [(cast.bureau.id, pond) for pond in ponds] if duty.per else [(pond, pond) for pond in ponds]
    if code == "JG-01":
        pairs = [(cast.bureau.id, cast.bureau.id)]
    reviewer = {"县局": cast.bureau.id, "市局": cast.city_bureau.id}.get(duty.reviewer or "")
    session.add_all(
        Task(
            campaign_id=campaign.id,
            occurrence_id=occurrence.id,
            organisation_id=doer,
            subject_id=subject,
            reviewer_id=reviewer,
            state=TaskState.ASSIGNED,
            opens_on=opens_on,
            due_on=due_on,
            due_at=instant(due_on, time(17)),
        )
        for doer, subject in pairs
    )


def task_of(
    session: Session, duty: str, organisation_id: int, *, period: str = "", seq: int = 1, subject_id: int | None = None
) -> Task:
    """Return one task of an organisation by the key of its line, the earliest where the period is left open."""
    line = select(Task).join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
    wanted = [
        col(PlannedOccurrence.duty) == duty,
        col(PlannedOccurrence.seq) == seq,
        col(Task.organisation_id) == organisation_id,
        col(Task.subject_id) == (subject_id or organisation_id),
    ]
    if period:
        wanted.append(col(PlannedOccurrence.period) == period)
    task = session.scalars(line.where(*wanted).order_by(col(Task.due_on))).first()
    assert task is not None
    return task


def found(*titles: str, **more: Any) -> dict[str, Any]:
    """Fill in an inspection that found these hazards."""
    rows = [{"title": title, **more} for title in titles]
    return INSPECTION | {"发现隐患": rows, "主要负责人签字": "on"}
