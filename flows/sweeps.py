"""What time does, as plain functions of rows and an instant: no Prefect here, so every one of them is tested by a call.

Each may be called twice, by two workers, or days late: it derives again from rows what is due, and a second call writes
nothing. One campaign of one sweep is one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.launch import rosters
from campaigns.actions.launch.launching import plan_next_daily
from campaigns.actions.time import chasing, escalation, stages
from campaigns.actions.time.due_work import Item, WorkKind
from campaigns.actions.time.heartbeats import beat
from campaigns.rules.states import CampaignState
from campaigns.settings import settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.database import Database
from campaigns.store.files import file_store
from campaigns.store.ledger import SCHEDULER
from flows.dispatching import dispatch_the_day
from flows.due import Executor, Outcome, run_everything
from flows.rollup import count_again, open_reports, roll_up
from flows.spot_checks import raise_flags
from notifications.compose import compose

log = structlog.get_logger()


class Step(Protocol):
    """One sweep of one campaign; it returns how many rows it changed."""

    def __call__(self, session: Session, campaign: Campaign, *, now: datetime) -> int:
        """Do what is due for the campaign."""


@dataclass(frozen=True)
class PassResult(Outcome):
    """What one pass did: the due work it ran, and how many rows each sweep changed."""

    counts: Mapping[str, int] = field(default_factory=dict)


RECOUNT = "取数"
SWEEPS: Mapping[str, Step] = {
    "名单变动": rosters.refresh,
    "阶段到期": stages.close_stages,
    "阶段启动": stages.open_stages,
    "里程碑": stages.reach_milestones,
    "调度表": open_reports,
    RECOUNT: count_again,
    "逾期": chasing.mark_overdue,
    "催办": chasing.remind,
    "升级": escalation.escalate,
}
"""In the order of their dependence: a stage closes before the next opens, overdue is marked before it climbs."""


def sweep(base: Database, step: Step, *, now: datetime, campaign_id: int | None = None) -> int:
    """Take one step for every running campaign (or one), each in its own transaction; return how many rows it changed."""
    ids = _running(base) if campaign_id is None else (campaign_id,)
    return sum(_take(base, step, id_, now) for id_ in ids)


def sweep_everything(base: Database, *, now: datetime, campaign_id: int | None = None) -> dict[str, int]:
    """Take every step once and return how many rows each changed."""
    return {name: sweep(base, step, now=now, campaign_id=campaign_id) for name, step in SWEEPS.items()}


def pass_of_everything(base: Database, *, now: datetime) -> PassResult:
    """Do everything due at `now` once, tell it in the inboxes and leave a heartbeat: the minute's tick and `rectify tick`.

    What breaks for one campaign is logged, named in `failed` and tried again by the next pass; the others go on.
    """
    outcome = run_everything(base, EXECUTORS, now=now)
    failed, counts = list(outcome.failed), dict.fromkeys(SWEEPS, 0)
    for name, step in SWEEPS.items():
        for campaign_id in _running(base):
            try:
                counts[name] += _take(base, step, campaign_id, now)
            except Exception:  # whatever is wrong with one campaign, the deadlines of the others are not its hostages
                log.exception("sweep failed", sweep=name, campaign=campaign_id)
                failed.append(f"{name}:{campaign_id}")
    compose(base, now=now)
    with base.transaction() as session:
        beat(session, SCHEDULER, now=now, detail=f"完成 {len(outcome.done)} 项，待重试 {len(failed)} 项")
    return PassResult(outcome.done, tuple(failed), outcome.left, counts)


def _running(base: Database) -> Sequence[int]:
    running = select(col(Campaign.id)).where(col(Campaign.state) == CampaignState.RUNNING).order_by(col(Campaign.id))
    with base.reading() as session:
        return session.scalars(running).all()


def _take(base: Database, step: Step, campaign_id: int, now: datetime) -> int:
    with base.transaction() as session:
        # The lock makes two workers on PostgreSQL take turns; on SQLite the transaction itself does.
        campaign = session.get_one(Campaign, campaign_id, with_for_update=True)
        if campaign.state != CampaignState.RUNNING:
            return 0  # closed while this pass was under way
        return step(session, campaign, now=now)


def _stage(base: Database, item: Item, now: datetime) -> None:
    for step in (stages.close_stages, stages.open_stages, stages.reach_milestones):
        sweep(base, step, now=now, campaign_id=item.campaign_id)


def _daily(base: Database, item: Item, now: datetime) -> None:
    sweep_everything(base, now=now, campaign_id=item.campaign_id)
    if item.campaign_id is not None:
        raise_flags(base, item.campaign_id, store=file_store(settings()), now=now)
    sweep(base, plan_next_daily, now=now, campaign_id=item.campaign_id)


EXECUTORS: dict[str, Executor] = {
    WorkKind.STAGE_OPENS: _stage,
    WorkKind.STAGE_CLOSES: _stage,
    WorkKind.DAILY: _daily,
    WorkKind.ROLL_UP: roll_up,
    WorkKind.DISPATCH: dispatch_the_day,
}
"""What each kind of due work does (campaigns.actions.time.due_work.WorkKind)."""
