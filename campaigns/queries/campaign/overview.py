"""A campaign in one screen: where it is, what falls due this week, who is late."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.errors import NotFound
from campaigns.queries.work.task_lines import (
    TaskLine,
    count_tasks,
    counts,
    due_within_a_week,
    is_done,
    is_late,
    task_lines,
)
from campaigns.rules.permissions import Actor, OrganisationKind, Permission, Relation, why_not
from campaigns.rules.states import CampaignState, StageState
from campaigns.store.campaign.campaigns import Campaign, Milestone, PlannedOccurrence, RosterEntry, Stage
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import campaigns_in_sight, visible
from campaigns.store.work.tasks import Task

SHOWN = 6


@dataclass(frozen=True, slots=True)
class CampaignHead:
    """What stands at the top of every page about a campaign."""

    id: int
    title: str
    kind: str
    bureau_id: int
    bureau: str
    document_number: str
    state: CampaignState
    starts_on: date
    ends_on: date
    enterprises: int
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageLine:
    """阶段 with its count of tasks in the actor's sight."""

    title: str
    opens_on: date
    opens_inferred: bool
    closes_on: date
    state: StageState
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """里程碑: reached, or not yet."""

    title: str
    due_on: date
    reached_on: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures and the first lines of each list; `throughout` counts tasks that belong to no stage (全程任务)."""

    head: CampaignHead
    stages: tuple[StageLine, ...]
    milestones: tuple[MilestoneLine, ...]
    throughout: tuple[int, int]
    total: int
    done: int
    due_this_week: int
    due_lines: tuple[TaskLine, ...]
    late: int
    late_organisations: int
    late_lines: tuple[TaskLine, ...]


def campaign_head(session: Session, *, campaign_id: int, actor: Actor) -> CampaignHead:
    """Return the head of a campaign in the actor's sight; any other is not found."""
    member = aliased(Organisation)
    enterprises = (
        select(func.count(col(RosterEntry.organisation_id).distinct()))
        .join(member, col(member.id) == col(RosterEntry.organisation_id))
        .where(
            col(RosterEntry.campaign_id) == campaign_id,
            col(RosterEntry.left_on).is_(None),
            col(RosterEntry.organisation_id).in_(visible(actor)),
            col(member.kind) == OrganisationKind.ENTERPRISE,  # 对象 also has bureaus and governments
        )
    )
    row = session.execute(
        select(Campaign, col(Organisation.name), enterprises.scalar_subquery())
        .join(Organisation, col(Organisation.id) == col(Campaign.bureau_id))
        .where(col(Campaign.id) == campaign_id, col(Campaign.id).in_(campaigns_in_sight(actor)))
    ).first()
    if row is None:
        raise NotFound
    campaign, bureau, count = row
    return CampaignHead(
        campaign.id,
        campaign.title,
        campaign.kind,
        campaign.bureau_id,
        bureau,
        campaign.document_number,
        CampaignState(campaign.state),
        campaign.starts_on,
        campaign.ends_on,
        count,
        tuple(campaign.skipped),
    )


def why_not_close(head: CampaignHead, actor: Actor) -> str:
    """Return why the actor cannot close the campaign, empty if he may: the bureau that launched it does."""
    if head.state is not CampaignState.RUNNING:
        return f"这个行动{head.state.label}。"
    own = Relation.SELF if actor.organisation_id == head.bureau_id else Relation.BELOW
    return why_not(actor, Permission.LAUNCH, own)


def overview(session: Session, *, campaign_id: int, actor: Actor, now: datetime) -> Overview:
    """Answer the bureau's four questions about a campaign."""
    head = campaign_head(session, campaign_id=campaign_id, actor=actor)
    by_stage = _stage_counts(session, campaign_id, actor)
    here = col(Task.campaign_id) == campaign_id
    due = [here, *due_within_a_week(now)]
    late = [here, is_late(now)]
    due_tasks, _ = count_tasks(session, actor=actor, where=due)
    late_tasks, late_organisations = count_tasks(session, actor=actor, where=late)
    return Overview(
        head=head,
        stages=_stages(session, campaign_id, by_stage),
        milestones=_milestones(session, campaign_id),
        throughout=by_stage.get(None, (0, 0)),
        total=sum(total for _, total in by_stage.values()),
        done=sum(done for done, _ in by_stage.values()),
        due_this_week=due_tasks,
        due_lines=task_lines(session, actor=actor, now=now, where=due, limit=SHOWN) if due_tasks else (),
        late=late_tasks,
        late_organisations=late_organisations,
        late_lines=task_lines(session, actor=actor, now=now, where=late, limit=SHOWN) if late_tasks else (),
    )


def _stage_counts(session: Session, campaign_id: int, actor: Actor) -> dict[int | None, tuple[int, int]]:
    rows = session.execute(
        select(
            col(PlannedOccurrence.stage_id),
            func.sum(case((is_done(), 1), else_=0)),
            func.count(),
        )
        .select_from(Task)
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(
            col(Task.campaign_id) == campaign_id,
            col(Task.organisation_id).in_(visible(actor)),
            *counts(),
        )
        .group_by(col(PlannedOccurrence.stage_id))
    )
    return {stage_id: (done, total) for stage_id, done, total in rows}


def _stages(session: Session, campaign_id: int, by_stage: dict[int | None, tuple[int, int]]) -> tuple[StageLine, ...]:
    rows = session.scalars(select(Stage).where(col(Stage.campaign_id) == campaign_id).order_by(col(Stage.position)))
    return tuple(
        StageLine(
            stage.title,
            stage.opens_on,
            stage.opens_inferred,
            stage.closes_on,
            StageState(stage.state),
            *by_stage.get(stage.id, (0, 0)),
        )
        for stage in rows
    )


def _milestones(session: Session, campaign_id: int) -> tuple[MilestoneLine, ...]:
    rows = session.execute(
        select(col(Milestone.code), col(Milestone.due_on), col(Milestone.reached_on))
        .where(col(Milestone.campaign_id) == campaign_id)
        .order_by(col(Milestone.due_on))
    )
    return tuple(MilestoneLine(*row) for row in rows)
