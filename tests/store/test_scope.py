"""The one scope function: who sees whom."""

from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.directory.organisations import establish
from campaigns.rules.permissions import SYSTEM, Actor, OrganisationKind, Relation
from campaigns.store.directory.regions import Organisation
from campaigns.store.scope import relation, visible
from tests.people import FOUNDED, Cast


def seen(cast: Cast, actor: Actor) -> set[str]:
    with cast.database.reading() as session:
        return set(session.scalars(select(col(Organisation.name)).where(col(Organisation.id).in_(visible(actor)))))


def test_an_enterprise_sees_only_itself(either_cast: Cast) -> None:
    assert seen(either_cast, either_cast.principal) == {"青山矿业尾矿库"}


def test_a_government_sees_only_itself(either_cast: Cast) -> None:
    assert seen(either_cast, either_cast.government_officer) == {"茌平区人民政府"}


def test_a_county_bureau_sees_its_county_and_nothing_of_the_neighbour(either_cast: Cast) -> None:
    assert seen(either_cast, either_cast.officer) == {
        "茌平区应急管理局",
        "茌平区人民政府",
        "青山矿业尾矿库",
        "白石铝业尾矿库",
    }


def test_a_bureau_does_not_see_its_peer_in_the_same_region(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        establish(
            session,
            kind=OrganisationKind.BUREAU,
            name="茌平经济开发区应急管理局",
            region=either_cast.county,
            by=SYSTEM,
            now=FOUNDED,
        )
    assert "茌平经济开发区应急管理局" not in seen(either_cast, either_cast.officer)
    assert "茌平经济开发区应急管理局" in seen(either_cast, either_cast.city_officer)


def test_a_city_bureau_sees_both_counties(either_cast: Cast) -> None:
    assert {"青山矿业尾矿库", "东阿石料厂尾矿库"} <= seen(either_cast, either_cast.city_officer)


def test_relations_follow_supervision_and_the_tree(either_cast: Cast) -> None:
    pond = either_cast.pond.id
    with either_cast.database.reading() as session:
        assert relation(session, either_cast.principal, pond) is Relation.SELF
        assert relation(session, either_cast.officer, pond) is Relation.SUPERVISED
        assert relation(session, either_cast.city_officer, pond) is Relation.BELOW
        assert relation(session, either_cast.neighbour_officer, pond) is Relation.NONE
        assert relation(session, either_cast.stranger_principal, pond) is Relation.NONE
