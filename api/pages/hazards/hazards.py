"""隐患台账: the list, and a new one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from api.clauses import clauses_to_pick, day_typed
from api.deps import PhotosDep, Visit, VisitDep
from api.pages.reporting.tables import Form, table_of
from api.paging import PAGE_SIZE, Page, offset
from api.photos import Photos
from api.sent import sent_day
from campaigns.actions.hazards.registering import register
from campaigns.clock import local_date
from campaigns.errors import Invalid
from campaigns.queries.hazards.register_list import (
    MOST_COUNTED,
    HazardFilter,
    HazardTab,
    count_hazards,
    hazard_lines,
    looked_for,
)
from campaigns.queries.listings.listing import Reading
from campaigns.queries.listings.tables import LISTINGS
from campaigns.queries.work.task_choices import enterprises_of
from campaigns.rules.hazards.finding import PhotoRole, check_after, read_finding
from campaigns.rules.permissions import Permission, check_somewhere, may_somewhere
from campaigns.rules.states import HazardSource
from campaigns.rules.work.fields import read_id

router = APIRouter()


@router.get("/hazards")
def hazard_list(
    visit: VisitDep,
    tab: HazardTab = HazardTab.OPEN,
    words: str = "",
    source: str = "",
    major: bool = False,
    enterprise: int | None = None,
    page: int = 1,
) -> Response:
    """List the register in sight."""
    check_somewhere(visit.actor, Permission.SEE)
    found_by = HazardSource(source) if source in set(HazardSource) else None  # an empty choice means all
    wanted = HazardFilter(words.strip(), major or None, found_by, enterprise)
    chosen = {"tab": tab.value, "words": wanted.words, "source": source, "major": major, "enterprise": enterprise or ""}
    asked: dict[str, Any] = {"actor": visit.actor, "now": visit.now, "tab": tab, "wanted": wanted}
    counts = count_hazards(visit.session, **asked)
    lines = hazard_lines(visit.session, **asked, limit=PAGE_SIZE, offset=offset(page), counts=counts)
    filters = {"tab": tab.value, "words": wanted.words, "source": found_by or "", "major": "true" if major else ""}
    filters |= {"enterprise": str(enterprise)} if enterprise else {}
    endless = counts.of[tab] > MOST_COUNTED and len(lines) == PAGE_SIZE
    total = min(counts.of[tab], MOST_COUNTED) if endless else counts.of[tab]
    return visit.page(
        "hazards.html",
        tab=tab,
        tabs=HazardTab,
        wanted=wanted,
        counts=counts.of,
        lines=lines,
        page=Page(page, total, address="/hazards", filters=filters, endless=endless),
        most=MOST_COUNTED,
        taken=urlencode(chosen),
        may_register=may_somewhere(visit.actor, Permission.REGISTER_HAZARD),
        may_spot_check=may_somewhere(visit.actor, Permission.SPOT_CHECK),
    )


@router.get("/hazards/table.{form}")
def hazard_file(
    visit: VisitDep,
    form: Form,
    tab: HazardTab = HazardTab.ALL,
    words: str = "",
    source: str = "",
    major: bool = False,
    enterprise: str = "",
) -> Response:
    """Send the register as the page shows it, every page of it, with cells that no spreadsheet takes for a formula."""
    check_somewhere(visit.actor, Permission.SEE)
    found_by = HazardSource(source) if source in set(HazardSource) else None
    wanted = HazardFilter(words.strip(), major or None, found_by, read_id(enterprise))
    where = looked_for(tab, wanted, visit.now)
    return table_of(visit, LISTINGS["hazards"], "隐患台账", Reading(visit.actor, visit.now), form, where=where)


@router.get("/hazards/new")
def new_hazard_page(visit: VisitDep, enterprise: int | None = None) -> Response:
    """Show the form that registers one hazard, of an enterprise that was chosen already if there is one."""
    check_somewhere(visit.actor, Permission.REGISTER_HAZARD)
    return _new(visit, typed={"enterprise_id": str(enterprise)} if enterprise else None)


@router.get("/hazards/register")
def asked_as_a_page(_visit: VisitDep) -> Response:
    """Lead to the form: who signs in again after a refused one comes back to the address that it was sent to."""
    return RedirectResponse("/hazards/new", status_code=303)


@router.post("/hazards/register")
def new_hazard_form(effect: PhotosDep) -> Response:
    """登记."""
    before, after = Photos.of(effect, PhotoRole.BEFORE), Photos.of(effect, PhotoRole.AFTER, "after")

    def change(session: Session) -> str:
        finding = read_finding(effect.values(), choose_enterprise=effect.actor.is_regulator)
        check_after(finding, photos=len(effect.files("after")))
        hazard = register(
            session,
            enterprise_id=finding.enterprise_id or effect.actor.organisation_id or 0,
            finding=finding,
            found_on=sent_day(effect, "found_on") or local_date(effect.now),
            by=effect.actor,
            now=effect.now,
        )
        before.keep(session, hazard.id)
        after.keep(session, hazard.id)
        return f"/hazards/{hazard.id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _new(visit, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="已登记进隐患台账。", refused=refused)


def _new(
    visit: Visit,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    enterprises = enterprises_of(visit.session, actor=visit.actor) if visit.actor.is_regulator else []
    given = visit.request.query_params if typed is None else typed
    return visit.page(
        "hazard-new.html",
        status=status,
        errors=errors or {},
        typed=given,
        enterprises=enterprises,
        choice=clauses_to_pick(visit, given, on=day_typed(given.get("found_on"), visit.today)),
        here="/hazards/new",
    )
