"""阶段 and 里程碑: opened by date or by achievement, closed with what was reached. An end cancels nothing (压茬推进, 004 六)."""

from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.clock import local_date
from campaigns.definition.conditions import condition
from campaigns.definition.expressions import holds
from campaigns.rules.permissions import SYSTEM
from campaigns.rules.states import OPEN_TASK_STATES, StageState, TaskState, check_move
from campaigns.store.campaign.campaigns import Campaign, Milestone, PlannedOccurrence, Stage
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.campaign.facts import CampaignFacts
from campaigns.store.work.tasks import Task

_UNDONE = (*OPEN_TASK_STATES, TaskState.SUBMITTED)


def open_stages(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Open the stages whose day has come or whose 进入条件 holds; return how many."""
    facts = _facts(session, campaign, now)
    opened = 0
    for stage in _stages(session, campaign, StageState.WAITING):
        written = _written(facts, stage.code, "enter_when")
        early = written is not None and holds(condition(written), facts)
        if stage.opens_on > local_date(now) and not early:
            continue
        late = _caught_up(campaign, stage.opens_on, now)
        ahead = stage.opens_on > local_date(now)
        _move(session, stage, StageState.OPEN, "stage.opened", now, ahead_of_date=ahead, caught_up=late)
        stage.opened_at = now
        opened += 1
    return opened


def close_stages(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Close the stages that ended: 按期完成 when 完成条件 holds, else 到期有未办, which may still become complete later."""
    facts = _facts(session, campaign, now)
    closed = 0
    for stage in _stages(session, campaign, StageState.OPEN, StageState.OVERRUN):
        new = StageState.DONE if _is_complete(facts, stage) else StageState.OVERRUN
        if local_date(now) <= stage.closes_on or stage.state == new:
            continue
        first = stage.state == StageState.OPEN  # what was left undone may be complete any day later
        late = first and _caught_up(campaign, stage.closes_on + timedelta(days=1), now)
        _move(session, stage, new, "stage.closed", now, complete=new is StageState.DONE, caught_up=late)
        stage.closed_at = now
        closed += 1
    return closed


def reach_milestones(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Note the day on which a milestone's condition held, from its date on; return how many were reached.

    Not earlier: before the first hazard is found 未销号重大隐患 = 0 holds and means nothing.
    """
    facts, today = _facts(session, campaign, now), local_date(now)
    waiting = select(Milestone).where(
        col(Milestone.campaign_id) == campaign.id, col(Milestone.reached_on).is_(None), col(Milestone.due_on) <= today
    )
    reached = [
        milestone
        for milestone in session.scalars(waiting.order_by(col(Milestone.id))).all()
        if milestone.condition and holds(condition(milestone.condition), facts)
    ]
    for milestone in reached:
        milestone.reached_on = today
        session.flush()
        record(
            session,
            "milestone.reached",
            by=SYSTEM,
            now=now,
            about=milestone,
            campaign_id=campaign.id,
            organisation_id=campaign.bureau_id,
            milestone=milestone.code,
            due_on=milestone.due_on.isoformat(),
        )
    return len(reached)


def _caught_up(campaign: Campaign, day: date, now: datetime) -> bool:
    """Whether a thing of a day is done on a later one, nobody having been there: its message is marked 补发."""
    launched_on = local_date(campaign.launched_at) if campaign.launched_at else day
    return local_date(now) > max(day, launched_on)


def _is_complete(facts: CampaignFacts, stage: Stage) -> bool:
    if _written(facts, stage.code, "complete_when") is not None:
        return bool(facts.is_achieved(stage.code))
    undone = exists().where(
        col(Task.campaign_id) == stage.campaign_id,
        col(Task.state).in_(_UNDONE),
        col(PlannedOccurrence.id) == col(Task.occurrence_id),
        col(PlannedOccurrence.stage_id) == stage.id,
        col(PlannedOccurrence.required),
        col(PlannedOccurrence.event_driven).is_(False),
    )
    return not facts.session.scalar(select(undone))


def _move(session: Session, stage: Stage, new: StageState, kind: str, now: datetime, **data: bool) -> None:
    check_move("阶段", StageState(stage.state), new)
    stage.state = new
    session.flush()
    bureau = session.get_one(Campaign, stage.campaign_id).bureau_id
    where = {"campaign_id": stage.campaign_id, "organisation_id": bureau}
    record(session, kind, by=SYSTEM, now=now, about=stage, stage=stage.code, **where, **data)


def _stages(session: Session, campaign: Campaign, *states: StageState) -> list[Stage]:
    query = select(Stage).where(col(Stage.campaign_id) == campaign.id, col(Stage.state).in_(states))
    return list(session.scalars(query.order_by(col(Stage.position))).all())


def _facts(session: Session, campaign: Campaign, now: datetime) -> CampaignFacts:
    return CampaignFacts(session, campaign, definition_of(session, campaign), now)


def _written(facts: CampaignFacts, code: str, part: str) -> str | None:
    stage = facts.definition.stage(code)
    return None if stage is None else getattr(stage, part)
