"""办理记录: who did what and when."""

from fastapi import APIRouter, Response

from api.deps import VisitDep
from api.trail_words import entry
from campaigns.queries.trail import TrailFilter, trail_lines
from campaigns.rules.states import Stated

router = APIRouter()
SHOWN = 60


class Subject(Stated):
    """What an event is about: the table's name and the word of the tab."""

    ALL = "", "全部"
    TASK = "task", "任务"
    HAZARD = "hazard", "隐患"
    REPORT = "report", "报表"
    ORGANISATION = "organisation", "单位"
    PERSON = "person", "账号"


@router.get("/trail")
def trail_page(
    visit: VisitDep,
    campaign: int | None = None,
    organisation: int | None = None,
    subject: Subject = Subject.ALL,
    before: int | None = None,
) -> Response:
    """Show the newest events in sight; `before` goes further back."""
    wanted = TrailFilter(campaign, organisation, subject.value, before=before)
    lines = trail_lines(visit.session, actor=visit.actor, wanted=wanted, limit=SHOWN)
    return visit.page(
        "trail.html",
        wanted=wanted,
        subjects=Subject,
        entries=[entry(line) for line in lines],
        older=lines[-1].id if len(lines) == SHOWN else None,
    )
