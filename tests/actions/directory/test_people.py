"""Accounts are personal, hashed and closed at once."""

from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.directory.accounts import set_roles
from campaigns.actions.directory.people import actor_for, create_first_administrator, disable_account, open_account
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.rules.permissions import SYSTEM, Role
from campaigns.store.database import Database
from campaigns.store.ledger import GENESIS, Event, fingerprint
from tests.people import FOUNDED, PASSWORD, Cast


def test_the_first_administrator_can_be_created_once(either_database: Database) -> None:
    words = {"login": "admin", "name": "陈管理员", "bureau_name": "某县应急管理局", "region_name": "某县"}
    with either_database.transaction() as session:
        person = create_first_administrator(session, password=PASSWORD, now=FOUNDED, **words)
        assert Role.ADMINISTRATOR in actor_for(session, person.id).roles
    with pytest.raises(Conflict, match="已经有账号"), either_database.transaction() as session:
        create_first_administrator(session, password=PASSWORD, now=FOUNDED, **words)


@pytest.mark.parametrize("password", ["short", "alllowercase", "Officer-2"])
def test_a_weak_password_is_refused_with_what_to_write_instead(cast: Cast, password: str) -> None:
    with pytest.raises(Invalid) as refusal, cast.database.transaction() as session:
        open_account(
            session,
            login="officer-2",
            name="某人",
            organisation=cast.bureau,
            roles=[Role.OFFICER],
            password=password,
            by=SYSTEM,
            now=FOUNDED,
        )
    assert "至少8位" in refusal.value.fields["password"]


def test_an_officer_cannot_open_accounts(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="维护账号"), cast.database.transaction() as session:
        open_account(
            session,
            login="another",
            name="某人",
            organisation=cast.bureau,
            roles=[Role.OFFICER],
            password=PASSWORD,
            by=cast.officer,
            now=FOUNDED,
        )


def test_a_disabled_account_can_no_longer_act(either_cast: Cast) -> None:
    person_id = either_cast.officer.person_id or 0
    with either_cast.database.transaction() as session:
        disable_account(session, person_id=person_id, by=either_cast.administrator, now=FOUNDED)
        with pytest.raises(NotFound):
            actor_for(session, person_id)


def test_nobody_disables_himself_the_same_account_twice_or_the_last_administrator(either_cast: Cast) -> None:
    cast = either_cast
    with cast.database.transaction() as session:
        other = open_account(
            session,
            login="second.admin",
            name="市局魏管理员",
            organisation=cast.city_bureau,
            roles=[Role.ADMINISTRATOR],
            password=PASSWORD,
            by=SYSTEM,
            now=FOUNDED,
        )
        city = actor_for(session, other.id)
    for whom, by, words in (
        (cast.administrator, cast.administrator, "不能停用自己"),
        (cast.administrator, city, "最后一位系统管理员"),
    ):
        with pytest.raises(Conflict, match=words), cast.database.transaction() as session:
            disable_account(session, person_id=whom.person_id or 0, by=by, now=FOUNDED)
    with pytest.raises(Conflict, match="最后一位系统管理员"), cast.database.transaction() as session:
        set_roles(session, person_id=cast.administrator.person_id or 0, roles=[Role.AUDITOR], by=city, now=FOUNDED)
    with cast.database.transaction() as session:
        disable_account(session, person_id=cast.officer.person_id or 0, by=cast.administrator, now=FOUNDED)
    with pytest.raises(Conflict, match="已停用"), cast.database.transaction() as session:
        disable_account(session, person_id=cast.officer.person_id or 0, by=cast.administrator, now=FOUNDED)


def test_every_event_is_chained_to_the_one_before_it(either_cast: Cast) -> None:
    with either_cast.database.reading() as session:
        events = session.scalars(select(Event).order_by(col(Event.id))).all()
    assert events[0].previous_hash == GENESIS
    assert all(event.hash == fingerprint(event) for event in events)
    assert all(later.previous_hash == event.hash for event, later in pairwise(events))


def test_the_cast_is_the_same_through_actor_for(cast: Cast) -> None:
    with cast.database.reading() as session:
        assert actor_for(session, cast.leader.person_id or 0) == replace(cast.leader)
