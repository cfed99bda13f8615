"""抽查建议: what the records show that a visit might look into, whom to visit, and what was found there."""

from collections.abc import Mapping

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, Visit, VisitDep
from api.paging import PAGE_SIZE, Page, offset
from api.sent import sent_day, sent_version
from campaigns.actions.spot_checks.deciding import note_outcome, put_on_list, set_aside
from campaigns.errors import Invalid
from campaigns.queries.spot_checks.proposed import (
    check_may_spot_check,
    count_flags,
    flags,
    one_flag,
    one_visit,
    visits,
)
from campaigns.rules.states import FlagState

router = APIRouter()


@router.get("/spot-checks")
def spot_check_list(
    visit: VisitDep, tab: FlagState = FlagState.OPEN, campaign: int | None = None, page: int = 1
) -> Response:
    """List the flags about the bureau's enterprises, of one campaign if asked, beside the list of whom to visit."""
    asked = check_may_spot_check(visit.session, visit.actor, campaign)
    counts = count_flags(visit.session, actor=visit.actor, campaign_id=campaign)
    lines = flags(
        visit.session, actor=visit.actor, state=tab, campaign_id=campaign, limit=PAGE_SIZE, offset=offset(page)
    )
    filters = {"tab": tab.value} | ({"campaign": str(campaign)} if campaign else {})
    return visit.page(
        "spot-checks.html",
        tab=tab,
        tabs=FlagState,
        counts=counts,
        campaign=asked,
        lines=lines,
        page=Page(page, counts.get(tab, 0), address="/spot-checks", filters=filters),
        waiting=visits(visit.session, actor=visit.actor),
        done=visits(visit.session, actor=visit.actor, done=True, limit=10),
    )


@router.get("/spot-checks/flags/{flag_id}")
def flag_page(visit: VisitDep, flag_id: int) -> Response:
    """Show a flag with its evidence, and the two things that can be done about it."""
    return _flag(visit, flag_id)


@router.post("/spot-checks/flags/{flag_id}/set-aside")
def set_aside_form(effect: EffectDep, flag_id: int) -> Response:
    """放下."""

    def change(session: Session) -> str:
        reason, version = effect.text("reason"), sent_version(effect)
        set_aside(session, flag_id=flag_id, reason=reason, version=version, by=effect.actor, now=effect.now)
        return "/spot-checks"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _flag(visit, flag_id, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="已放下，理由已记录。", refused=refused)


@router.post("/spot-checks/flags/{flag_id}/list")
def list_form(effect: EffectDep, flag_id: int) -> Response:
    """列入抽查."""

    def change(session: Session) -> str:
        day, version = sent_day(effect, "planned_on"), sent_version(effect)
        check = put_on_list(session, flag_id=flag_id, planned_on=day, version=version, by=effect.actor, now=effect.now)
        return f"/spot-checks/{check.id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _flag(visit, flag_id, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="已列入抽查名单，企业不会收到消息。", refused=refused)


@router.get("/spot-checks/{spot_check_id}")
def spot_check_page(visit: VisitDep, spot_check_id: int) -> Response:
    """Show one enterprise on the list."""
    return _visit(visit, spot_check_id)


@router.post("/spot-checks/{spot_check_id}/outcome")
def outcome_form(effect: EffectDep, spot_check_id: int) -> Response:
    """Write down what was found."""

    def change(session: Session) -> str:
        note_outcome(
            session,
            spot_check_id=spot_check_id,
            outcome=effect.text("outcome"),
            checked_on=sent_day(effect, "checked_on"),
            by=effect.actor,
            now=effect.now,
        )
        return f"/spot-checks/{spot_check_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _visit(visit, spot_check_id, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="抽查结果已记录。", refused=refused)


def _flag(
    visit: Visit,
    flag_id: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    line, pieces = one_flag(visit.session, flag_id=flag_id, actor=visit.actor)
    return visit.page(
        "spot-check-flag.html",
        status=status,
        line=line,
        flag=line.row,
        pieces=pieces,
        errors=errors or {},
        typed=typed or {},
    )


def _visit(
    visit: Visit,
    spot_check_id: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    found, reasons, openings = one_visit(visit.session, spot_check_id=spot_check_id, actor=visit.actor)
    return visit.page(
        "spot-check.html",
        status=status,
        found=found,
        check=found.row,
        reasons=reasons,
        openings=openings,
        errors=errors or {},
        typed=typed or {},
    )
