"""专项行动: the bureau's list, and one campaign in one screen."""

from collections.abc import Mapping

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, Visit, VisitDep
from api.drawings.calendar import Span, calendar_bar
from api.paging import PAGE_SIZE, Page, offset
from campaigns.actions.launch.campaigns import close
from campaigns.errors import Invalid
from campaigns.queries.campaign.all_tasks import TaskTab, campaign_tasks, count_campaign_tasks
from campaigns.queries.campaign.decisions import count_decisions, decisions
from campaigns.queries.campaign.overview import Overview, campaign_head, overview, why_not_close
from campaigns.queries.campaign.running import campaign_lines
from campaigns.rules.permissions import Permission, may_somewhere, why_not_launch
from campaigns.rules.states import CampaignState

router = APIRouter()


@router.get("/campaigns")
def campaign_list(visit: VisitDep) -> Response:
    """List the campaigns in sight."""
    return visit.page(
        "campaigns.html",
        campaigns=campaign_lines(visit.session, actor=visit.actor, now=visit.now),
        no_launch=why_not_launch(visit.actor),
    )


@router.get("/campaigns/{campaign_id}")
def campaign_page(visit: VisitDep, campaign_id: int) -> Response:
    """Answer in one screen: where are we, what falls due this week, who is late, what waits for my decision."""
    found = overview(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now)
    counts = count_decisions(visit.session, actor=visit.actor, campaign_id=campaign_id)
    waiting = [
        decision
        for kind in counts
        for decision in decisions(visit.session, actor=visit.actor, kind=kind, campaign_id=campaign_id, limit=4)
    ]
    return visit.page(
        "campaign.html",
        found=found,
        head=found.head,
        bar=calendar_bar(_spans(found), visit.today),
        no_close=why_not_close(found.head, visit.actor),
        ended=found.head.state is not CampaignState.RUNNING,
        waiting=waiting,
        may_spot_check=may_somewhere(visit.actor, Permission.SPOT_CHECK),
        counts=counts,
        kinds=[f"{kind.label} {number}" for kind, number in counts.items() if number],
    )


@router.get("/campaigns/{campaign_id}/tasks")
def campaign_task_list(visit: VisitDep, campaign_id: int, tab: TaskTab | None = None, page: int = 1) -> Response:
    """List a campaign's tasks by tab; without one, the first that has any."""
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    counts = count_campaign_tasks(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now)
    shown = tab or next((one for one, number in counts.items() if number), TaskTab.ALL)
    lines = campaign_tasks(
        visit.session,
        campaign_id=campaign_id,
        tab=shown,
        actor=visit.actor,
        now=visit.now,
        limit=PAGE_SIZE,
        offset=offset(page),
    )
    pages = Page(page, counts[shown], address=f"/campaigns/{campaign_id}/tasks", filters={"tab": shown})
    return visit.page("campaign-tasks.html", head=head, tab=shown, tabs=TaskTab, counts=counts, lines=lines, page=pages)


@router.get("/campaigns/{campaign_id}/close")
def close_page(visit: VisitDep, campaign_id: int) -> Response:
    """Ask once more before a campaign is closed."""
    return _close_page(visit, campaign_id)


@router.post("/campaigns/{campaign_id}/close")
def close_form(effect: EffectDep, campaign_id: int) -> Response:
    """Close a campaign after its summary."""

    def change(session: Session) -> str:
        close(session, campaign_id=campaign_id, reason=effect.text("reason"), by=effect.actor, now=effect.now)
        return f"/campaigns/{campaign_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _close_page(visit, campaign_id, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="行动已结束。", refused=refused)


def _close_page(
    visit: Visit,
    campaign_id: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    return visit.page(
        "campaign-close.html",
        status=status,
        head=head,
        blocked=why_not_close(head, visit.actor),
        errors=errors or {},
        typed=typed or {},
    )


def _spans(found: Overview) -> list[Span]:
    return [
        Span(
            stage.title,
            stage.opens_on,
            stage.closes_on,
            stage.opens_inferred,
            stage.done,
            stage.total,
            stage.state.label,
        )
        for stage in found.stages
    ]
