"""Accounts are kept by administrators, for others and within what an organisation's people can be."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.directory.accounts import change_password, enable_account, open_for, reset_password, set_roles
from campaigns.actions.directory.closing import close_enterprise
from campaigns.actions.directory.people import actor_for, disable_account
from campaigns.actions.directory.signing_in import sign_in, signed_in_person, verified
from campaigns.clock import local_date
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.permissions import Actor, Role
from campaigns.store.directory.people import Person
from tests.people import FOUNDED, PASSWORD, Cast


def opened(session: Session, cast: Cast, by: Actor, *roles: Role, login: str = "new.person") -> Person:
    """Open an account in the pond's enterprise."""
    return open_for(
        session,
        organisation_id=cast.pond.id,
        login=login,
        name="新人",
        roles=roles,
        password=PASSWORD,
        by=by,
        now=FOUNDED,
    )


def test_an_administrator_opens_an_account_whose_first_password_must_change(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        person = opened(session, either_cast, either_cast.administrator, Role.SAFETY_OFFICER)
        assert person.must_change_password
        assert actor_for(session, person.id).roles == {Role.SAFETY_OFFICER}


@pytest.mark.parametrize(("roles", "sentence"), [((), "请至少选一个角色"), ((Role.INSPECTOR,), "企业可选：主要负责人")])
def test_an_enterprise_has_no_inspectors_and_nobody_without_a_role(
    cast: Cast, roles: tuple[Role, ...], sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
        opened(session, cast, cast.administrator, *roles)
    assert sentence in refusal.value.fields["roles"]


def test_who_runs_the_system_does_not_audit_it(cast: Cast) -> None:
    both = [Role.ADMINISTRATOR, Role.AUDITOR]
    with pytest.raises(Invalid, match="两个人"), cast.database.transaction() as session:
        set_roles(session, person_id=cast.officer.person_id or 0, roles=both, by=cast.administrator, now=FOUNDED)


def test_nobody_changes_his_own_roles_or_resets_his_own_password(cast: Cast) -> None:
    me = cast.administrator.person_id or 0
    with cast.database.transaction() as session:
        with pytest.raises(Conflict, match="自己"):
            set_roles(session, person_id=me, roles=[Role.LEADER], by=cast.administrator, now=FOUNDED)
        with pytest.raises(Conflict, match="自己"):
            reset_password(session, person_id=me, password=PASSWORD, by=cast.administrator, now=FOUNDED)


def test_an_account_out_of_sight_is_not_found_and_an_officer_may_not(cast: Cast) -> None:
    with cast.database.transaction() as session:
        with pytest.raises(NotFound):
            set_roles(
                session,
                person_id=cast.stranger_principal.person_id or 0,
                roles=[Role.PRINCIPAL],
                by=cast.administrator,
                now=FOUNDED,
            )
        with pytest.raises(Forbidden):
            opened(session, cast, cast.officer, Role.SAFETY_OFFICER)


def test_a_reset_ends_every_session_at_once(either_cast: Cast) -> None:
    person_id = either_cast.officer.person_id or 0
    with either_cast.database.transaction() as session:
        token = sign_in(session, person_id=person_id, login="officer", now=FOUNDED)
        reset_password(session, person_id=person_id, password="Another-1x", by=either_cast.administrator, now=FOUNDED)
        assert signed_in_person(session, token=token, now=FOUNDED + timedelta(seconds=1)) is None
        assert session.scalars(select(Person.must_change_password).where(col(Person.id) == person_id)).one()


def test_a_closed_account_opens_again_under_a_new_password_with_its_roles(either_cast: Cast) -> None:
    person_id, by = either_cast.officer.person_id or 0, either_cast.administrator
    with either_cast.database.transaction() as session:
        with pytest.raises(Conflict, match="没有停用"):
            enable_account(session, person_id=person_id, password="Another-1x", by=by, now=FOUNDED)
        disable_account(session, person_id=person_id, by=by, now=FOUNDED)
        with pytest.raises(NotFound):
            actor_for(session, person_id)
        enable_account(session, person_id=person_id, password="Another-1x", by=by, now=FOUNDED)
        assert actor_for(session, person_id).roles == either_cast.officer.roles
        assert verified(session, login="officer", password=PASSWORD) is None
        assert session.get_one(Person, person_id).must_change_password


def test_an_account_of_a_closed_enterprise_stays_closed(cast: Cast) -> None:
    with cast.database.transaction() as session:
        close_enterprise(
            session,
            enterprise_id=cast.pond.id,
            on=local_date(FOUNDED),
            reason="注销",
            by=cast.officer,
            now=FOUNDED,
        )
        with pytest.raises(Conflict, match="已经关闭"):
            enable_account(
                session,
                person_id=cast.principal.person_id or 0,
                password="Another-1x",
                by=cast.administrator,
                now=FOUNDED,
            )


def test_changing_ones_own_password_needs_the_present_one_and_a_new_one(cast: Cast) -> None:
    with cast.database.transaction() as session:
        with pytest.raises(Invalid, match="现在的密码不对"):
            change_password(session, current="wrong", password="Another-1x", by=cast.officer, now=FOUNDED)
        with pytest.raises(Invalid, match="一样"):
            change_password(session, current=PASSWORD, password=PASSWORD, by=cast.officer, now=FOUNDED)
        change_password(session, current=PASSWORD, password="Another-1x", by=cast.officer, now=FOUNDED)


def test_an_unknown_login_costs_what_a_wrong_password_costs(cast: Cast) -> None:
    def seconds(login: str) -> float:
        began = time.process_time()
        with cast.database.reading() as session:
            assert verified(session, login=login, password="nonsense") is None
        return time.process_time() - began

    with cast.database.transaction() as session:  # the cast's own passwords are hashed the quick way
        change_password(session, current=PASSWORD, password="Another-1x", by=cast.officer, now=FOUNDED)
    seconds("nobody")  # the first one makes what the others are compared with
    unknown, known = (min(seconds(login) for _ in range(3)) for login in ("nobody", "officer"))
    assert unknown < known * 1.6
