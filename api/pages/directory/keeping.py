"""One entry of the register in a clerk's hands: edited, handed over to another bureau, closed, restored."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep, lead_to
from campaigns.actions.directory.closing import close_enterprise, reopen_enterprise
from campaigns.actions.directory.editing import edit_enterprise, said
from campaigns.actions.directory.handing_over import transfer
from campaigns.errors import Invalid, NotFound
from campaigns.queries.directory.keeping import places, receivers, stake_of, words_in_use
from campaigns.queries.directory.register import OrganisationCard, organisation_card
from campaigns.rules.permissions import OrganisationKind, Permission
from campaigns.store.directory.register import COLUMNS
from campaigns.store.scope import check_relation

router = APIRouter()


@router.get("/register/{organisation_id}/edit")
def edit_page(visit: VisitDep, organisation_id: int) -> Response:
    """Show the entry as a form."""
    return _edit(visit, organisation_id)


@router.post("/register/{organisation_id}/edit")
def edit_form(effect: EffectDep, organisation_id: int) -> Response:
    """Save the entry; what looks odd is saved and told."""
    told = ""

    def change(session: Session) -> str:
        nonlocal told
        edited = edit_enterprise(
            session,
            enterprise_id=organisation_id,
            version=_number(effect.text("version")),
            typed={name: effect.text(name) for name in COLUMNS},
            traits=effect.text("traits"),
            region_id=_number(effect.text("region_id")),
            by=effect.actor,
            now=effect.now,
        )
        told = said(edited)
        return f"/register/{organisation_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _edit(visit, organisation_id, status=422, errors=invalid.fields, typed=effect.values())

    answer = effect.once(change, refused=refused)
    return lead_to(effect.request, answer.headers["location"], told) if told else answer


@router.get("/register/{organisation_id}/transfer")
def transfer_page(visit: VisitDep, organisation_id: int) -> Response:
    """Ask to whom, from when and why, and say what goes along."""
    return _transfer(visit, organisation_id)


@router.post("/register/{organisation_id}/transfer")
def transfer_form(effect: EffectDep, organisation_id: int) -> Response:
    """Hand the enterprise over."""

    def change(session: Session) -> str:
        transfer(
            session,
            enterprise_id=organisation_id,
            bureau_id=_chosen(effect),
            on=_day(effect),
            reason=effect.text("reason"),
            version=_number(effect.text("version")),
            by=effect.actor,
            now=effect.now,
        )
        return "/register"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _transfer(visit, organisation_id, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="监管主体已移交，双方和企业都已收到消息。", refused=refused)


@router.get("/register/{organisation_id}/close")
def close_page(visit: VisitDep, organisation_id: int) -> Response:
    """Ask for the day and the reason of a closing or a restoring, and say what follows."""
    return _close(visit, organisation_id)


@router.post("/register/{organisation_id}/close")
def close_form(effect: EffectDep, organisation_id: int) -> Response:
    """Close the enterprise."""

    def change(session: Session) -> str:
        who = {"enterprise_id": organisation_id, "version": _number(effect.text("version"))}
        close_enterprise(session, **who, reason=effect.text("reason"), on=_day(effect), by=effect.actor, now=effect.now)
        return f"/register/{organisation_id}"

    return effect.once(change, said="已登记关闭，不再催办。", refused=_again(effect, organisation_id))


@router.post("/register/{organisation_id}/reopen")
def reopen_form(effect: EffectDep, organisation_id: int) -> Response:
    """Restore a closed enterprise."""

    def change(session: Session) -> str:
        who = {"enterprise_id": organisation_id, "version": _number(effect.text("version"))}
        reopen_enterprise(session, **who, reason=effect.text("reason"), by=effect.actor, now=effect.now)
        return f"/register/{organisation_id}"

    return effect.once(
        change, said="已恢复，没到期的任务和没整改完的隐患接着办。", refused=_again(effect, organisation_id)
    )


def _again(effect: Effect, organisation_id: int):  # type: ignore[no-untyped-def]
    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _close(visit, organisation_id, status=422, errors=invalid.fields, typed=effect.values())

    return refused


def _edit(visit: Visit, organisation_id: int, **shown: object) -> Response:
    card = _card(visit, organisation_id)
    present = {name: getattr(card, name) for name in COLUMNS}
    present |= {"traits": "、".join(card.traits), "region_id": str(card.region_id), "version": str(card.version)}
    return _page(
        visit,
        "organisation-edit.html",
        card,
        shown,
        present=present,
        places=places(visit.session, visit.actor, present=card.region_id),
        words=words_in_use(visit.session, visit.actor),
    )


def _transfer(visit: Visit, organisation_id: int, **shown: object) -> Response:
    card = _card(visit, organisation_id)
    bureaus = receivers(visit.session, visit.actor, but=card.bureau_id)
    return _page(visit, "organisation-transfer.html", card, shown, bureaus=bureaus)


def _close(visit: Visit, organisation_id: int, **shown: object) -> Response:
    return _page(visit, "organisation-close.html", _card(visit, organisation_id), shown)


def _page(
    visit: Visit, template: str, card: OrganisationCard, shown: Mapping[str, object], **values: object
) -> Response:
    status = shown.get("status", 200)
    return visit.page(
        template,
        status=status if isinstance(status, int) else 200,
        card=card,
        stake=stake_of(visit.session, card.id),
        errors=shown.get("errors") or {},
        typed=shown.get("typed") or {},
        **values,
    )


def _card(visit: Visit, organisation_id: int) -> OrganisationCard:
    check_relation(visit.session, visit.actor, Permission.MANAGE_REGISTER, organisation_id)
    card = organisation_card(visit.session, actor=visit.actor, organisation_id=organisation_id)
    if card.kind is not OrganisationKind.ENTERPRISE:
        raise NotFound
    return card


def _day(effect: Effect) -> date:
    try:
        return date.fromisoformat(effect.text("on"))
    except ValueError:
        raise Invalid("日期没有写好，没有保存。", fields={"on": "请选一个日期，如 2026-05-20。"}) from None


def _chosen(effect: Effect) -> int:
    if not effect.text("bureau_id"):
        raise Invalid("没有选移交给谁，没有移交。", fields={"bureau_id": "请选接管的应急管理局。"})
    return _number(effect.text("bureau_id"))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return int(text)
