"""工作日历: the days on which offices are open, as shipped and as an administrator set them."""

from datetime import date

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, Visit, VisitDep
from campaigns.actions.time.calendar import YEARS, forget_workday, set_workday
from campaigns.errors import Invalid, NotFound
from campaigns.queries.directory.workdays import work_year
from campaigns.rules.permissions import Permission, Relation, why_not

router = APIRouter()


@router.get("/calendar")
def calendar_page(visit: VisitDep, year: int | None = None) -> Response:
    """Show one year of the calendar; everybody may read it, because due dates move by it."""
    return _page(visit, year or visit.today.year, {}, {})


@router.post("/calendar/days")
def set_day(effect: EffectDep) -> Response:
    """Set one day to working or off."""
    typed = effect.values()

    def change(session: Session) -> str:
        day = _day(effect.text("day"))
        working = effect.text("working") == "yes"
        set_workday(session, day=day, working=working, note=effect.text("note"), by=effect.actor, now=effect.now)
        return f"/calendar?year={day.year}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _page(visit, visit.today.year, dict(invalid.fields), typed, status=422)

    return effect.once(change, said="工作日历已更新。已经下发的期限不变，以后的下发和催办按新的算。", refused=refused)


@router.post("/calendar/days/{day}/forget")
def forget_day(effect: EffectDep, day: date) -> Response:
    """Take an entry back."""

    def change(session: Session) -> str:
        forget_workday(session, day=day, by=effect.actor, now=effect.now)
        return f"/calendar?year={day.year}"

    return effect.once(change, said="已恢复为放假通知的安排。")


def _page(visit: Visit, year: int, errors: dict[str, str], typed: dict[str, str], *, status: int = 200) -> Response:
    if year not in YEARS:
        raise NotFound
    blocked = why_not(visit.actor, Permission.MANAGE_CALENDAR, Relation.SELF)
    found = work_year(visit.session, year=year)
    return visit.page("calendar.html", status=status, year=found, blocked=blocked, errors=errors, typed=typed)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("日期不对，没有保存。", fields={"day": "请选择日期。"}) from None
