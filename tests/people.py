"""The cast: who appears in every story, reached through real actions.

聊城市 has two counties. 茌平区应急局 supervises two tailings ponds (青山 with an outsourced crew, 白石 without);
东阿县 next door supervises a stranger who must never see, nor be seen by, anybody of 茌平.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from unittest.mock import patch

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session

from campaigns.actions.directory.editing import edit_enterprise
from campaigns.actions.directory.organisations import add_region, establish, supervise
from campaigns.actions.directory.people import actor_for, open_account
from campaigns.rules.permissions import SYSTEM, Actor, Level, OrganisationKind, Role
from campaigns.store.database import Database
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.directory.register import COLUMNS

FOUNDED = datetime(2023, 4, 1, 1, 0, tzinfo=UTC)
PASSWORD = "Zhong-he-8"
MINE = {"sector": "非煤矿山", "category": "尾矿库", "status": "正常生产"}


@dataclass(frozen=True)
class Cast:
    """Everybody by role, with the organisations they belong to."""

    database: Database
    city: Region
    county: Region
    town: Region
    city_bureau: Organisation
    bureau: Organisation
    government: Organisation
    committee: Organisation
    pond: Organisation
    other_pond: Organisation
    neighbour_bureau: Organisation
    stranger: Organisation
    city_leader: Actor
    city_officer: Actor
    leader: Actor
    officer: Actor
    inspector: Actor
    administrator: Actor
    government_officer: Actor
    principal: Actor
    safety_director: Actor
    safety_officer: Actor
    other_principal: Actor
    neighbour_leader: Actor
    neighbour_officer: Actor
    stranger_principal: Actor


def quick_hasher() -> PasswordHash:
    """Return argon2id at its least work, for accounts that guard nothing."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def found(database: Database) -> Cast:
    """Found regions, organisations, supervision and accounts in one transaction; their passwords are hashed the quick way.

    A hash says itself how much work it is, so everybody of the cast signs in quickly through the real verification.
    """
    with patch("campaigns.actions.directory.passwords.hasher", quick_hasher), database.transaction() as session:
        return Cast(database=database, **_places(session))


def _places(session: Session) -> dict[str, object]:
    province = add_region(session, code="370000", name="山东省", level=Level.PROVINCE, parent=None)
    city = add_region(session, code="371500", name="聊城市", level=Level.CITY, parent=province)
    county = add_region(session, code="371503", name="茌平区", level=Level.COUNTY, parent=city)
    neighbour = add_region(session, code="371524", name="东阿县", level=Level.COUNTY, parent=city)
    town = add_region(session, code="371503100", name="乐平铺镇", level=Level.TOWN, parent=county)

    def organisation(kind: OrganisationKind, name: str, region: Region, **columns: object) -> Organisation:
        return establish(session, kind=kind, name=name, region=region, by=SYSTEM, now=FOUNDED, **columns)  # type: ignore[arg-type]

    bureau = organisation(OrganisationKind.BUREAU, "茌平区应急管理局", county)
    neighbour_bureau = organisation(OrganisationKind.BUREAU, "东阿县应急管理局", neighbour)
    places = {
        "city_bureau": organisation(OrganisationKind.BUREAU, "聊城市应急管理局", city),
        "bureau": bureau,
        "government": organisation(OrganisationKind.GOVERNMENT, "茌平区人民政府", county),
        "committee": organisation(OrganisationKind.COMMITTEE, "聊城市安委会办公室", city),
        "pond": organisation(OrganisationKind.ENTERPRISE, "青山矿业尾矿库", town, traits=["有外包队伍"], **MINE),
        "other_pond": organisation(OrganisationKind.ENTERPRISE, "白石铝业尾矿库", town, **MINE),
        "neighbour_bureau": neighbour_bureau,
        "stranger": organisation(OrganisationKind.ENTERPRISE, "东阿石料厂尾矿库", neighbour, **MINE),
    }
    for enterprise, its in (("pond", bureau), ("other_pond", bureau), ("stranger", neighbour_bureau)):
        supervise(session, enterprise=places[enterprise], bureau=its, from_day=date(2023, 4, 1), by=SYSTEM, now=FOUNDED)
    return {"city": city, "county": county, "town": town, **places, **_people(session, places)}


def _people(session: Session, places: dict[str, Organisation]) -> dict[str, Actor]:
    def person(login: str, name: str, place: str, *roles: Role) -> Actor:
        account = open_account(
            session,
            login=login,
            name=name,
            organisation=places[place],
            roles=roles,
            password=PASSWORD,
            email=f"{login}@example.invalid",
            by=SYSTEM,
            now=FOUNDED,
        )
        return actor_for(session, account.id)

    return {
        "city_leader": person("city.leader", "市局周局长", "city_bureau", Role.LEADER),
        "city_officer": person("city.officer", "市局吴科长", "city_bureau", Role.OFFICER),
        "leader": person("leader", "区局郑局长", "bureau", Role.LEADER),
        "officer": person("officer", "区局王经办", "bureau", Role.OFFICER),
        "inspector": person("inspector", "区局冯执法", "bureau", Role.INSPECTOR),
        "administrator": person("administrator", "区局陈管理员", "bureau", Role.ADMINISTRATOR),
        "government_officer": person("government", "区政府褚秘书", "government", Role.OFFICER),
        "principal": person("principal", "青山卫矿长", "pond", Role.PRINCIPAL),
        "safety_director": person("director", "青山蒋总监", "pond", Role.SAFETY_DIRECTOR),
        "safety_officer": person("safety", "青山沈安全员", "pond", Role.SAFETY_OFFICER),
        "other_principal": person("other.principal", "白石韩矿长", "other_pond", Role.PRINCIPAL),
        "neighbour_leader": person("neighbour.leader", "东阿杨局长", "neighbour_bureau", Role.LEADER),
        "neighbour_officer": person("neighbour.officer", "东阿朱经办", "neighbour_bureau", Role.OFFICER),
        "stranger_principal": person("stranger", "东阿秦矿长", "stranger", Role.PRINCIPAL),
    }


def retrait(cast: Cast, enterprise: Organisation, traits: str, *, now: datetime) -> None:
    """Let the administrator correct what an enterprise's entry says audiences may select on: 有外包队伍、单班入井人数=35."""
    with cast.database.transaction() as session:
        current = session.get_one(Organisation, enterprise.id)
        edit_enterprise(
            session,
            enterprise_id=current.id,
            version=current.version,
            typed={name: getattr(current, name) or "" for name in COLUMNS},
            traits=traits,
            region_id=current.region_id,
            by=cast.administrator,
            now=now,
        )
