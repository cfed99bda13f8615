"""Where the demonstration plays: a city with three counties, their bureaus, and invented enterprises.

The regions are real names, because a notice names real places; every enterprise and person is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from campaigns.actions.directory.organisations import add_region, establish, supervise
from campaigns.actions.directory.people import actor_for, open_account
from campaigns.rules.permissions import SYSTEM, Actor, Level, OrganisationKind, Role
from campaigns.settings import DEMO_PASSWORD
from campaigns.store.directory.regions import Organisation, Region

PASSWORD = DEMO_PASSWORD
SAFETY = (Role.SAFETY_OFFICER, Role.SAFETY_DIRECTOR)
SUPERVISED_FROM = date(2023, 1, 1)


@dataclass(frozen=True)
class Account:
    """One line of the list that `rectify run --demo` prints."""

    login: str
    name: str
    organisation: str
    duty: str


ACCOUNTS = (
    Account("quju", "王经办", "茌平区应急管理局", "区局经办人：启动、审核、填调度表"),
    Account("juzhang", "郑局长", "茌平区应急管理局", "区局领导：签发上报、决定拟办事项"),
    Account("zhifa", "冯执法", "茌平区应急管理局", "执法人员：检查、复查隐患"),
    Account("guanli", "陈管理", "茌平区应急管理局", "系统管理员：账号、名册、工作日历"),
    Account("shiju", "吴科长", "聊城市应急管理局", "市局：看进度、接收或退回调度表"),
    Account("qiye", "卫矿长", "青山矿业有限公司1号尾矿库", "企业主要负责人（请用手机打开）"),
    Account("anquan", "沈安全", "青山矿业有限公司1号尾矿库", "企业安全员"),
)

MINE = {"sector": "非煤矿山", "category": "尾矿库", "status": "正常生产"}
SMELTER = {"sector": "金属冶炼", "category": "铝冶炼", "status": "正常生产"}
ENTERPRISES: Mapping[str, tuple[tuple[str, Mapping[str, str], tuple[str, ...]], ...]] = {
    "茌平区": (
        ("青山矿业有限公司1号尾矿库", MINE, ("有外包队伍",)),
        ("白石矿业有限公司尾矿库", MINE, ()),
        ("青山铝业有限公司", SMELTER, ()),
        ("云杉金属有限公司", SMELTER, ("有外包队伍",)),
    ),
    "东阿县": (
        ("长桥矿业有限公司尾矿库", MINE, ("有外包队伍",)),
        ("河湾石料有限公司尾矿库", MINE, ()),
        ("北岭矿业有限公司尾矿库", MINE, ()),
    ),
    "阳谷县": (
        ("松岗矿业有限公司尾矿库", MINE, ()),
        ("南坪矿业有限公司尾矿库", MINE, ("有外包队伍",)),
    ),
}
TOWNS = {"茌平区": "乐平铺镇", "东阿县": "牛角店镇", "阳谷县": "阿城镇"}
COUNTY_CODES = {"茌平区": "371503", "东阿县": "371524", "阳谷县": "371521"}


@dataclass(frozen=True)
class County:
    """One county of the demonstration with the people who act in it."""

    region: Region
    bureau: Organisation
    leader: Actor
    officer: Actor
    inspector: Actor
    government: Organisation
    government_officer: Actor
    town_centre: Organisation
    town_officer: Actor
    enterprises: tuple["Enterprise", ...]


@dataclass(frozen=True)
class Enterprise:
    """One enterprise with the two who act for it."""

    organisation: Organisation
    principal: Actor
    safety_officer: Actor


@dataclass(frozen=True)
class Places:
    """The whole stage."""

    city: Region
    city_bureau: Organisation
    city_leader: Actor
    city_officer: Actor
    counties: tuple[County, ...]


def build(session: Session, *, now: datetime) -> Places:
    """Found everything in the caller's transaction."""
    province = add_region(session, code="370000", name="山东省", level=Level.PROVINCE, parent=None)
    city = add_region(session, code="371500", name="聊城市", level=Level.CITY, parent=province)
    bureau = _found(session, OrganisationKind.BUREAU, "聊城市应急管理局", city, now)
    _found(session, OrganisationKind.COMMITTEE, "聊城市安委会办公室", city, now)
    return Places(
        city=city,
        city_bureau=bureau,
        city_leader=_person(session, "shijuzhang", "周局长", bureau, now, Role.LEADER),
        city_officer=_person(session, "shiju", "吴科长", bureau, now, Role.OFFICER),
        counties=tuple(_county(session, name, city, now) for name in ENTERPRISES),
    )


def _county(session: Session, name: str, city: Region, now: datetime) -> County:
    region = add_region(session, code=COUNTY_CODES[name], name=name, level=Level.COUNTY, parent=city)
    town = add_region(session, code=f"{region.code}100", name=TOWNS[name], level=Level.TOWN, parent=region)
    bureau = _found(session, OrganisationKind.BUREAU, f"{name}应急管理局", region, now)
    government = _found(session, OrganisationKind.GOVERNMENT, f"{name}人民政府", region, now)
    centre = _found(session, OrganisationKind.BUREAU, f"{TOWNS[name]}应急管理中心", town, now)
    prefix = "" if name == "茌平区" else f"{region.code}-"
    if not prefix:
        _person(session, "guanli", "陈管理", bureau, now, Role.ADMINISTRATOR)
    return County(
        region=region,
        bureau=bureau,
        leader=_person(session, f"{prefix}juzhang", "郑局长", bureau, now, Role.LEADER),
        officer=_person(session, f"{prefix}quju", "王经办", bureau, now, Role.OFFICER),
        inspector=_person(session, f"{prefix}zhifa", "冯执法", bureau, now, Role.INSPECTOR),
        government=government,
        government_officer=_person(session, f"{prefix}zhengfu", "褚秘书", government, now, Role.OFFICER),
        town_centre=centre,
        town_officer=_person(session, f"{prefix}zhen", "孔主任", centre, now, Role.LEADER, Role.OFFICER),
        enterprises=tuple(
            _enterprise(session, number, line, town, bureau, prefix, now)
            for number, line in enumerate(ENTERPRISES[name])
        ),
    )


def _enterprise(
    session: Session,
    number: int,
    line: tuple[str, Mapping[str, str], tuple[str, ...]],
    town: Region,
    bureau: Organisation,
    prefix: str,
    now: datetime,
) -> Enterprise:
    name, columns, traits = line
    enterprise = establish(
        session,
        kind=OrganisationKind.ENTERPRISE,
        name=name,
        region=town,
        sector=columns["sector"],
        category=columns["category"],
        status=columns["status"],
        traits=traits,
        by=SYSTEM,
        now=now,
    )
    supervise(session, enterprise=enterprise, bureau=bureau, from_day=SUPERVISED_FROM, by=SYSTEM, now=now)
    suffix = "" if number == 0 else str(number + 1)
    return Enterprise(
        organisation=enterprise,
        principal=_person(session, f"{prefix}qiye{suffix}", "卫矿长", enterprise, now, Role.PRINCIPAL),
        safety_officer=_person(session, f"{prefix}anquan{suffix}", "沈安全", enterprise, now, *SAFETY),
    )


def _found(session: Session, kind: OrganisationKind, name: str, region: Region, now: datetime) -> Organisation:
    return establish(session, kind=kind, name=name, region=region, by=SYSTEM, now=now)


def _person(session: Session, login: str, name: str, organisation: Organisation, now: datetime, *roles: Role) -> Actor:
    account = open_account(
        session,
        login=login,
        name=name,
        organisation=organisation,
        roles=roles,
        password=PASSWORD,
        email=f"{login}@example.invalid",
        by=SYSTEM,
        now=now,
    )
    return actor_for(session, account.id)
