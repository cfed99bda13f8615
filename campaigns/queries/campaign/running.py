"""Which campaigns are running here, and how each stands at a glance."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from campaigns.queries.work.task_lines import counts, is_done, is_late
from campaigns.rules.permissions import Actor
from campaigns.rules.states import CampaignState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import campaigns_in_sight, visible
from campaigns.store.work.tasks import Task


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """One campaign: `done` of `total` tasks in the actor's sight, `late` among the open ones."""

    id: int
    title: str
    kind: str
    bureau: str
    state: CampaignState
    starts_on: date
    ends_on: date
    total: int
    done: int
    late: int


def campaign_lines(session: Session, *, actor: Actor, now: datetime) -> tuple[CampaignLine, ...]:
    """List the campaigns in the actor's sight, running ones first, the newest first."""
    campaigns = session.execute(
        select(
            col(Campaign.id),
            col(Campaign.title),
            col(Campaign.kind),
            col(Organisation.name),
            col(Campaign.state),
            col(Campaign.starts_on),
            col(Campaign.ends_on),
        )
        .join(Organisation, col(Organisation.id) == col(Campaign.bureau_id))
        .where(col(Campaign.id).in_(campaigns_in_sight(actor)))
        .order_by(case((col(Campaign.state) == CampaignState.RUNNING, 0), else_=1), col(Campaign.launched_at).desc())
    ).all()
    counted = _counts(session, actor, now, [row[0] for row in campaigns])
    return tuple(
        CampaignLine(
            row[0], row[1], row[2], row[3], CampaignState(row[4]), row[5], row[6], *counted.get(row[0], (0, 0, 0))
        )
        for row in campaigns
    )


def _counts(session: Session, actor: Actor, now: datetime, campaign_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    rows = session.execute(
        select(
            col(Task.campaign_id),
            func.count(),
            func.sum(case((is_done(), 1), else_=0)),
            func.sum(case((is_late(now), 1), else_=0)),
        )
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .where(
            col(Task.campaign_id).in_(campaign_ids),
            col(Task.organisation_id).in_(visible(actor)),
            *counts(),
        )
        .group_by(col(Task.campaign_id))
    )
    return {campaign_id: (total, done, late) for campaign_id, total, done, late in rows}
