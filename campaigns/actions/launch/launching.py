"""What a launch writes besides people and tasks: the frozen text, the dated plan, and the work of its calendar."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import insert, select
from sqlmodel import Session, col

from campaigns.actions.launch.drafts import Draft, Prepared
from campaigns.actions.time import due_work
from campaigns.actions.time.due_work import Item, WorkKind
from campaigns.clock import instant, local_date
from campaigns.definition.borrowed import borrowed
from campaigns.definition.model import Definition
from campaigns.definition.phrases import office_hours
from campaigns.definition.versions import fingerprint
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.dates.plan import Occurrence, Plan
from campaigns.rules.states import StageState
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition, Milestone, PlannedOccurrence, Stage
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.database import insert_into

MIDNIGHT = time()
DAY = timedelta(days=1)


def freeze(session: Session, draft: Draft, definition: Definition) -> int:
    """Keep the exact text, and the forms it borrows, under their hash and return the id; the same is kept once."""
    shelf = borrowed(definition)
    sha256 = fingerprint(draft.text, draft.parent_text, shelf)
    row = {
        "template": definition.meta.code,
        "version": definition.meta.version,
        "language": definition.language,
        "text": draft.text,
        "parent_text": draft.parent_text,
        "borrowed": shelf,
        "sha256": sha256,
    }
    session.execute(
        insert_into(session, FrozenDefinition).values(row).on_conflict_do_nothing(index_elements=["sha256"])
    )
    return session.scalars(select(col(FrozenDefinition.id)).where(col(FrozenDefinition.sha256) == sha256)).one()


def write_plan(session: Session, campaign: Campaign, plan: Plan, *, now: datetime) -> None:
    """Write stages, milestones and every line of the plan. A stage whose day has come is open at once."""
    today = local_date(now)
    for stage in plan.stages:
        begun = stage.opens_on <= today
        row = Stage(
            campaign_id=campaign.id,
            code=stage.code,
            title=stage.title,
            position=stage.position,
            opens_on=stage.opens_on,
            opens_inferred=stage.opens_inferred,
            closes_on=stage.closes_on,
            state=StageState.OPEN if begun else StageState.WAITING,
            opened_at=now if begun else None,
        )
        session.add(row)
    session.flush()
    stages = select(col(Stage.code), col(Stage.id)).where(col(Stage.campaign_id) == campaign.id)
    ids = dict(session.execute(stages).tuples().all())
    for mark in plan.milestones:
        where = {"campaign_id": campaign.id, "stage_id": ids[mark.stage]}
        session.add(Milestone(code=mark.code, due_on=mark.due_on, condition=mark.condition or "", **where))
    session.flush()
    session.execute(insert(PlannedOccurrence), [_line(campaign.id, ids, line) for line in plan.lines])


def _line(campaign_id: int, stages: dict[str, int], line: Occurrence) -> dict[str, object]:
    return {
        "campaign_id": campaign_id,
        "duty": line.duty,
        "title": line.title,
        "clause": line.clause,
        "period": line.period,
        "seq": line.seq,
        "quota": line.quota,
        "stage_id": stages[line.stage] if line.stage else None,
        "opens_on": line.opens_on,
        "nominal_on": line.nominal_on,
        "due_on": line.due_on,
        "due_at": due_at(line),
        "moved_reason": line.moved_reason,
        "audience": line.audience,
        "per": line.per,
        "responsible": line.responsible or "",
        "form": line.form,
        "evidence": list(line.evidence),
        "report": line.report,
        "reviewer": line.reviewer,
        "required": line.required,
        "event_driven": line.event_driven,
        "reminder": line.reminder,
        "escalation": line.escalation,
    }


def due_at(line: Occurrence) -> datetime:
    """Return the instant at which a line's due date ends."""
    return instant(line.due_on, line.due_time)


def plan_work(session: Session, campaign: Campaign, ready: Prepared, *, now: datetime) -> None:
    """Plan what the calendar makes due once: stages, report periods, and the first of the daily sweeps."""
    work = (*_stage_work(campaign, ready.plan), *_report_work(campaign, ready.plan))
    due_work.plan(
        session, [*(item for item in work if item.due_at > now), _next_daily(campaign, ready.definition, now)]
    )


def _stage_work(campaign: Campaign, plan: Plan) -> Iterator[Item]:
    for stage in plan.stages:
        opens, closes = instant(stage.opens_on, MIDNIGHT), instant(stage.closes_on + DAY, MIDNIGHT)
        key = f"{campaign.id}:{stage.code}"
        yield Item(f"stage_opens:{key}", WorkKind.STAGE_OPENS, opens, campaign.id, stage.code, f"{stage.title}启动")
        yield Item(f"stage_closes:{key}", WorkKind.STAGE_CLOSES, closes, campaign.id, stage.code, f"{stage.title}到期")


def _report_work(campaign: Campaign, plan: Plan) -> Iterator[Item]:
    last = {(line.report, line.period): line for line in plan.occurrences if line.report}
    for (report, period), line in last.items():
        key = f"roll_up:{campaign.id}:{report}:{period}"
        yield Item(key, WorkKind.ROLL_UP, due_at(line), campaign.id, period, f"{period_label(period)}{report}汇总")


def plan_next_daily(session: Session, campaign: Campaign, *, now: datetime) -> int:
    """Plan a campaign's next daily sweep; each sweep plans the one after it, until the campaign is closed."""
    due_work.plan(session, [_next_daily(campaign, definition_of(session, campaign), now)])
    return 1


def _next_daily(campaign: Campaign, definition: Definition, now: datetime) -> Item:
    opens, _ = office_hours(definition.calendar.office_hours)
    today = local_date(now)
    day = today if instant(today, opens) > now else today + DAY
    key = f"daily:{campaign.id}:{day.isoformat()}"
    return Item(key, WorkKind.DAILY, instant(day, opens), campaign.id, day.isoformat(), WorkKind.DAILY.label)
