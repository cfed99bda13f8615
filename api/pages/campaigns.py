"""专项行动: the bureau's list, and one campaign in one screen."""

from fastapi import APIRouter, Response

from api.deps import VisitDep
from api.drawings.calendar import Span, calendar_bar
from api.paging import PAGE_SIZE, Page, offset
from campaigns.queries.campaign_list import campaign_lines
from campaigns.queries.campaign_overview import Overview, campaign_head, overview
from campaigns.queries.campaign_tasks import TaskTab, campaign_tasks, count_campaign_tasks
from campaigns.queries.decisions import DecisionKind, count_decisions, decisions
from campaigns.rules.permissions import why_not_launch

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
    waiting = [
        decision
        for kind in DecisionKind
        for decision in decisions(visit.session, actor=visit.actor, kind=kind, campaign_id=campaign_id, limit=4)
    ]
    return visit.page(
        "campaign.html",
        found=found,
        head=found.head,
        bar=calendar_bar(_spans(found), visit.today),
        waiting=waiting,
        counts=count_decisions(visit.session, actor=visit.actor, campaign_id=campaign_id),
    )


@router.get("/campaigns/{campaign_id}/tasks")
def campaign_task_list(visit: VisitDep, campaign_id: int, tab: TaskTab = TaskTab.LATE, page: int = 1) -> Response:
    """List a campaign's tasks: late, due this week, waiting for review, or all."""
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    counts = count_campaign_tasks(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now)
    lines = campaign_tasks(
        visit.session,
        campaign_id=campaign_id,
        tab=tab,
        actor=visit.actor,
        now=visit.now,
        limit=PAGE_SIZE,
        offset=offset(page),
    )
    pages = Page(page, counts[tab], address=f"/campaigns/{campaign_id}/tasks", filters={"tab": tab})
    return visit.page("campaign-tasks.html", head=head, tab=tab, tabs=TaskTab, counts=counts, lines=lines, page=pages)


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
