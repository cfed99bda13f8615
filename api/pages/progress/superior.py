"""各地进度: which region is behind, on what, since when; and who has not reported."""

from typing import TypeAlias
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, Visit, VisitDep
from campaigns.actions.reporting.reminding import remind_missing
from campaigns.errors import NotFound
from campaigns.queries.campaign.overview import campaign_head
from campaigns.queries.campaign.progress import progress
from campaigns.queries.campaign.running import campaign_lines
from campaigns.queries.reporting.reports import Filing, filing, newest_due_period, periods_of, pressing_period
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import OrganisationKind

Periods: TypeAlias = tuple[tuple[str, str], ...]
router = APIRouter()


@router.get("/progress")
def progress_list(visit: VisitDep) -> Response:
    """List the campaigns whose progress a bureau can look at."""
    only_bureaus(visit)
    return visit.page("progress-list.html", campaigns=campaign_lines(visit.session, actor=visit.actor, now=visit.now))


@router.get("/progress/{campaign_id}")
def progress_page(visit: VisitDep, campaign_id: int, region: int | None = None) -> Response:
    """Answer in one screen which region is behind, on what, since when, compared with last month; `region` looks inside one."""
    only_bureaus(visit)
    head = campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor)
    return visit.page(
        "progress.html",
        head=head,
        found=progress(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now, region_id=region),
        inside=region,
        filings=_filings(visit, campaign_id),
    )


@router.get("/progress/{campaign_id}/missing")
def missing_page(visit: VisitDep, campaign_id: int, period: str = "", form: str = "") -> Response:
    """List who has not filed a period, with a text that can be pasted into a chat group."""
    only_bureaus(visit)
    periods = _periods(visit, campaign_id)
    asked = next((each for each in periods if each == (form, period)), None)
    chosen = asked or _first_to_ask_for(visit, campaign_id, periods)
    return visit.page(
        "progress-missing.html",
        head=campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor),
        tabs=[(period_label(each[1]), _address(campaign_id, each), each == chosen, None) for each in periods],
        filing=filing(visit.session, campaign_id=campaign_id, form=chosen[0], period=chosen[1], actor=visit.actor),
    )


def _periods(visit: Visit, campaign_id: int) -> Periods:
    return periods_of(visit.session, campaign_id=campaign_id, actor=visit.actor)


def _first_to_ask_for(visit: Visit, campaign_id: int, periods: Periods) -> tuple[str, str]:
    """Show the period that somebody owes longest; when nobody does, the newest."""
    behind = pressing_period(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now)
    return behind or (periods[0] if periods else ("", ""))


def _filings(visit: Visit, campaign_id: int) -> tuple[tuple[Filing, str], ...]:
    """How far the period is that fell due last, then the one owed longest if that is another; each with its address."""
    newest = newest_due_period(visit.session, campaign_id=campaign_id, actor=visit.actor, now=visit.now)
    oldest = _first_to_ask_for(visit, campaign_id, _periods(visit, campaign_id))
    found = (
        (filing(visit.session, campaign_id=campaign_id, form=each[0], period=each[1], actor=visit.actor), each)
        for each in dict.fromkeys((newest or oldest, oldest))
    )
    return tuple((one, _address(campaign_id, each)) for one, each in found if one)


@router.post("/progress/{campaign_id}/remind")
def remind_missing_reports(effect: EffectDep, campaign_id: int) -> Response:
    """催报: one click for everybody below who has not filed the period."""
    form, period = effect.text("form"), effect.text("period")

    def change(session: Session) -> str:
        remind_missing(session, campaign_id=campaign_id, form=form, period=period, by=effect.actor, now=effect.now)
        return _address(campaign_id, (form, period))

    return effect.once(change, said="已催报；今天催过的不再重复发。")


def _address(campaign_id: int, period: tuple[str, str]) -> str:
    return f"/progress/{campaign_id}/missing?{urlencode({'form': period[0], 'period': period[1]})}"


def only_bureaus(visit: VisitDep) -> None:
    """Raise NotFound for everybody else: 各地进度 is for those who look down a region."""
    if visit.actor.organisation_kind is not OrganisationKind.BUREAU:
        raise NotFound
