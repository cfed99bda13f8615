"""存量和动态清零: how fast the old stock goes, and whether the two conditions hold today."""

from datetime import date

from fastapi import APIRouter, Response

from api.deps import VisitDep
from api.drawings.axis import period_short
from api.drawings.plots import trend
from campaigns.date_words import day_words
from campaigns.queries.hazards.stock import behind, clearance, stock
from campaigns.rules.hazards.clearance import DEFINITION
from campaigns.rules.permissions import Permission, check_somewhere
from campaigns.rules.work.fields import Wrong, read_date

router = APIRouter()


@router.get("/hazards/stock")
def stock_page(visit: VisitDep, day: str = "", major: bool = False) -> Response:
    """Show the burndown of the hazards that stood open at the end of a day (last year's, unless another is asked for)."""
    check_somewhere(visit.actor, Permission.SEE)
    on, error = _day(day, visit.today)
    found = stock(visit.session, actor=visit.actor, on=on, major_only=major, now=visit.now)
    rows = [(period_short(month), (left,)) for month, left in found.left]
    return visit.page(
        "hazard-stock.html",
        stock=found,
        major=major,
        errors={"day": error} if error else {},
        plot=trend(rows, ["剩余"], unit="项", title=f"{day_words(on)}存量隐患还剩多少"),
        clearance=clearance(visit.session, actor=visit.actor, now=visit.now),
        behind=behind(visit.session, actor=visit.actor, now=visit.now),
        definition=DEFINITION,
    )


def _day(text: str, today: date) -> tuple[date, str]:
    usual = date(today.year - 1, 12, 31)
    if not text:
        return usual, ""
    try:
        return read_date(text, today=today), ""
    except Wrong as sentence:
        return usual, str(sentence)
