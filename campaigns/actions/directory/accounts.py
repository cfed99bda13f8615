"""What an administrator does with accounts, and what a person does with his own. Nobody changes his own roles."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from campaigns.actions.directory.passwords import NewPassword, check_password_strength, hashed, hasher
from campaigns.actions.directory.people import check_not_last_administrator, open_account
from campaigns.actions.events import record
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.directory.posts import check_roles
from campaigns.rules.permissions import Actor, OrganisationKind, Permission, Role
from campaigns.store.directory.people import Person, PersonRole, SignIn
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import check_relation

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,59}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
LONGEST_NAME = 40
LONGEST_PHONE = 20
LONGEST_TITLE = 40


def open_for(  # noqa: PLR0913 - one keyword per field of the form
    session: Session,
    *,
    organisation_id: int,
    login: str,
    name: str,
    roles: Iterable[Role],
    password: str | NewPassword,
    phone: str = "",
    email: str = "",
    title: str = "",
    by: Actor,
    now: datetime,
) -> Person:
    """Open an account in an organisation; its first password must be changed at the first sign-in."""
    check_relation(session, by, Permission.MANAGE_PEOPLE, organisation_id)
    organisation = session.get_one(Organisation, organisation_id)
    wrong = _wrong(login, name, email) | _too_long(phone, title)
    if wrong:
        raise Invalid("有内容需要改，没有开通账号。", fields=wrong)
    held = check_roles(OrganisationKind(organisation.kind), roles)
    person = open_account(
        session,
        login=login,
        name=name,
        organisation=organisation,
        roles=held,
        password=password,
        phone=phone,
        email=email,
        title=title,
        by=by,
        now=now,
    )
    person.must_change_password = True
    return person


def set_roles(session: Session, *, person_id: int, roles: Iterable[Role], by: Actor, now: datetime) -> None:
    """Replace a person's roles; what he signed before stays signed."""
    person = _somebody_else(session, person_id, by)
    organisation = session.get_one(Organisation, person.organisation_id)
    held = check_roles(OrganisationKind(organisation.kind), roles)
    if Role.ADMINISTRATOR not in held:
        check_not_last_administrator(session, person)
    session.execute(delete(PersonRole).where(col(PersonRole.person_id) == person_id))
    session.add_all(PersonRole(person_id=person_id, role=role) for role in sorted(held))
    session.flush()
    _record(session, "account.roles_set", person, by=by, now=now, roles=sorted(held))


def reset_password(session: Session, *, person_id: int, password: str | NewPassword, by: Actor, now: datetime) -> None:
    """Give a person who forgot it a new password and end his sessions; he has to change it at his next sign-in."""
    person = _somebody_else(session, person_id, by)
    _set_password(session, person, password, now)
    person.must_change_password = True
    _record(session, "account.password_reset", person, by=by, now=now)


def enable_account(session: Session, *, person_id: int, password: str | NewPassword, by: Actor, now: datetime) -> None:
    """Open a closed account again under a new password, which has to be changed at the first sign-in; roles are as they were."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    check_relation(session, by, Permission.MANAGE_PEOPLE, person.organisation_id)
    if person.disabled_at is None:
        raise Conflict(f"“{person.name}”的账号没有停用。", kept="没有改动任何内容。")
    organisation = session.get_one(Organisation, person.organisation_id)
    if organisation.closed_on is not None:
        raise Conflict(
            f"“{organisation.name}”已经关闭。", kept="账号仍是停用的。", advice="请先在企业名册里恢复这家企业。"
        )
    _set_password(session, person, password, now)
    person.disabled_at, person.must_change_password = None, True
    _record(session, "account.enabled", person, by=by, now=now)


def change_password(
    session: Session, *, current: str, password: str | NewPassword, proof: str = "", by: Actor, now: datetime
) -> None:
    """Change one's own password, proving the present one; all sessions end, this one included.

    `proof` is the stored hash that the present one was held against before (`proven`), so that it is not done twice.
    """
    person = session.get(Person, by.person_id)
    if person is None:
        raise NotFound
    if person.password_hash != proof and not hasher().verify(current, person.password_hash):
        raise Invalid("现在的密码不对，没有修改。", fields={"current": "现在的密码不对。"})
    if current == (password if isinstance(password, str) else password.text):
        raise Invalid("新密码和现在的一样，没有修改。", fields={"password": "请换一个新密码。"})
    _set_password(session, person, password, now)
    person.must_change_password = False
    _record(session, "account.password_changed", person, by=by, now=now)


def _record(session: Session, kind: str, person: Person, *, by: Actor, now: datetime, **data: list[Role]) -> None:
    where = person.organisation_id
    record(
        session, kind, by=by, now=now, about=person, campaign_id=None, organisation_id=where, name=person.name, **data
    )


def _somebody_else(session: Session, person_id: int, by: Actor) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    check_relation(session, by, Permission.MANAGE_PEOPLE, person.organisation_id)
    if person.disabled_at is not None:
        raise Conflict(f"“{person.name}”的账号已停用。", kept="没有改动任何内容。", advice="请先重新启用这个账号。")
    if person.id == by.person_id:
        raise Conflict("不能给自己改角色或重置密码。", kept="没有改动任何内容。", advice="请由另一位管理员办理。")
    return person


def _set_password(session: Session, person: Person, password: str | NewPassword, now: datetime) -> None:
    check_password_strength(password if isinstance(password, str) else password.text, login=person.login)
    person.password_hash = hashed(password).hash
    live = col(SignIn.person_id) == person.id, col(SignIn.ended_at).is_(None)
    session.execute(update(SignIn).where(*live).values(ended_at=now))


def _wrong(login: str, name: str, email: str) -> dict[str, str]:
    wrong = {}
    if not _LOGIN.fullmatch(login):
        wrong["login"] = "登录名用3到60个字母、数字、点、横线，以字母或数字开头。"
    if not 0 < len(name) <= LONGEST_NAME:
        wrong["name"] = f"请写真实姓名，最多{LONGEST_NAME}个字。"
    if email and not _EMAIL.fullmatch(email):
        wrong["email"] = "邮箱写得不对，应当像 name@example.gov.cn。"
    return wrong


def _too_long(phone: str, title: str) -> dict[str, str]:
    bounds = (("phone", "联系电话", phone, LONGEST_PHONE), ("title", "职务", title, LONGEST_TITLE))
    return {
        field: f"{what}最多写{longest}个字，现在有{len(text)}个字。"
        for field, what, text, longest in bounds
        if len(text) > longest
    }
