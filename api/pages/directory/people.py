"""账号 of an organisation: who has one, with which roles. For administrators."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, Refused, Visit, VisitDep
from campaigns.actions.directory.accounts import enable_account, open_for, reset_password, set_roles
from campaigns.actions.directory.passwords import hashed
from campaigns.actions.directory.people import disable_account
from campaigns.errors import Invalid, NotFound
from campaigns.queries.directory.people import account, staff_of
from campaigns.rules.directory.posts import ROLES_OF
from campaigns.rules.permissions import OrganisationKind, Permission, Role, check_somewhere

router = APIRouter()


@router.get("/people")
def people_page(visit: VisitDep, organisation: int | None = None) -> Response:
    """List the accounts of the actor's own organisation, or of one below."""
    check_somewhere(visit.actor, Permission.MANAGE_PEOPLE)
    where = organisation or visit.actor.organisation_id or 0
    return visit.page("people.html", staff=staff_of(visit.session, actor=visit.actor, organisation_id=where))


@router.get("/people/new")
def new_page(visit: VisitDep, organisation: int) -> Response:
    """Ask for a new account's particulars."""
    return _form(visit, organisation, {}, {}, [])


@router.post("/people/open")
def open_one(effect: EffectDep) -> Response:
    """Open an account."""
    where = _number(effect.text("organisation"))
    typed = {name: effect.text(name) for name in ("login", "name", "phone", "email", "title")}
    chosen, password = effect.many("roles"), hashed(effect.text("password"))

    def open_it(session: Session) -> str:
        roles = _roles(chosen)
        open_for(
            session, organisation_id=where, roles=roles, password=password, by=effect.actor, now=effect.now, **typed
        )
        return f"/people?organisation={where}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _form(visit, where, dict(invalid.fields), typed, chosen, status=422)

    return effect.once(open_it, said=f"已为{typed['name']}开通账号。首次登录会要求修改密码。", refused=refused)


@router.get("/people/{person_id}")
def person_page(visit: VisitDep, person_id: int) -> Response:
    """Show one account with what can be done to it."""
    return _person(visit, person_id, {})


@router.post("/people/{person_id}/roles")
def change_roles(effect: EffectDep, person_id: int) -> Response:
    """Replace a person's roles."""

    def change(session: Session) -> str:
        roles = _roles(effect.many("roles"))
        set_roles(session, person_id=person_id, roles=roles, by=effect.actor, now=effect.now)
        return f"/people/{person_id}"

    return effect.once(change, said="角色已更新。", refused=_again(person_id))


@router.post("/people/{person_id}/password")
def new_password(effect: EffectDep, person_id: int) -> Response:
    """Give a person a new password."""
    password = hashed(effect.text("password"))

    def change(session: Session) -> str:
        reset_password(session, person_id=person_id, password=password, by=effect.actor, now=effect.now)
        return f"/people/{person_id}"

    return effect.once(change, said="密码已重置，请当面告诉本人。", refused=_again(person_id))


@router.post("/people/{person_id}/disable")
def disable(effect: EffectDep, person_id: int) -> Response:
    """Close an account, once it was said twice."""
    sure = effect.text("sure")

    def change(session: Session) -> str:
        if not sure:
            raise Invalid("没有停用：请先勾选确认。", fields={"sure": "请勾选这里，再按“停用账号”。"})
        disable_account(session, person_id=person_id, by=effect.actor, now=effect.now)
        return f"/people/{person_id}"

    return effect.once(change, said="账号已停用，办理过的记录都保留。", refused=_again(person_id))


@router.post("/people/{person_id}/enable")
def enable(effect: EffectDep, person_id: int) -> Response:
    """Open a closed account again."""
    password = hashed(effect.text("password"))

    def change(session: Session) -> str:
        enable_account(session, person_id=person_id, password=password, by=effect.actor, now=effect.now)
        return f"/people/{person_id}"

    return effect.once(change, said="账号已重新启用，请把新密码当面告诉本人。", refused=_again(person_id))


def _again(person_id: int) -> Refused:
    return lambda visit, invalid: _person(visit, person_id, dict(invalid.fields), status=422)


def _person(visit: Visit, person_id: int, errors: dict[str, str], *, status: int = 200) -> Response:
    staff, person = account(visit.session, actor=visit.actor, person_id=person_id)
    own = person.id == visit.actor.person_id
    return visit.page(
        "person.html", status=status, staff=staff, person=person, own=own, choices=_choices(staff.kind), errors=errors
    )


def _form(
    visit: Visit, where: int, errors: dict[str, str], typed: dict[str, str], chosen: list[str], *, status: int = 200
) -> Response:
    staff = staff_of(visit.session, actor=visit.actor, organisation_id=where)
    return visit.page(
        "person-new.html",
        status=status,
        staff=staff,
        errors=errors,
        typed=typed,
        chosen=chosen,
        choices=_choices(staff.kind),
    )


def _choices(kind: OrganisationKind) -> list[tuple[str, str, str]]:
    return [(role.value, role.label, "") for role in ROLES_OF[kind]]


def _roles(values: list[str]) -> list[Role]:
    if not set(values) <= set(Role):
        raise NotFound
    return [Role(value) for value in values]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return int(text)
