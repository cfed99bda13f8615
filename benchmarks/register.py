"""A large register: one county bureau that supervises any number of enterprises, each with one principal."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import Session

from campaigns.actions.directory.organisations import add_region, establish
from campaigns.actions.directory.people import actor_for, open_account
from campaigns.rules.permissions import SYSTEM, Actor, Level, OrganisationKind, Role
from campaigns.store.database import Database
from campaigns.store.directory.people import Person, PersonRole
from campaigns.store.directory.regions import Organisation, Supervision
from campaigns.store.migrate import migrate

FOUNDED = datetime(2023, 4, 1, 1, tzinfo=UTC)
LAUNCHED = datetime(2023, 5, 1, 1, tzinfo=UTC)
FIRST = 1000


def found(path: Path, enterprises: int) -> Actor:
    """Write the register into a new SQLite file and return the leader who may launch in it."""
    base = Database(f"sqlite:///{path}")
    migrate(base)
    with base.transaction() as session:
        leader = _bureau(session)
        _enterprises(session, enterprises, leader)
    settle(base)
    return leader


def copied(template: Path, to: Path) -> Database:
    """Return a database on a fresh copy of the file."""
    shutil.copyfile(template, to)
    return Database(f"sqlite:///{to}")


def settle(base: Database) -> None:
    """Write everything into the file itself, so that a copy of it is whole."""
    base.dispose()
    raw = base.engine.raw_connection()
    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    base.dispose()


def _bureau(session: Session) -> Actor:
    province = add_region(session, code="370000", name="山东省", level=Level.PROVINCE, parent=None)
    city = add_region(session, code="371500", name="聊城市", level=Level.CITY, parent=province)
    county = add_region(session, code="371503", name="茌平区", level=Level.COUNTY, parent=city)
    kind = OrganisationKind.BUREAU
    bureau = establish(session, kind=kind, name="茌平区应急管理局", region=county, by=SYSTEM, now=FOUNDED)
    account = open_account(
        session,
        login="leader",
        name="区局局长",
        organisation=bureau,
        roles=[Role.LEADER],
        password="Zhong-he-8",
        by=SYSTEM,
        now=FOUNDED,
    )
    return actor_for(session, account.id)


def _enterprises(session: Session, number: int, leader: Actor) -> None:
    ids = range(FIRST, FIRST + number)
    place = {"region_id": leader.region_id, "created_at": FOUNDED, "version": 1}
    what = {"kind": OrganisationKind.ENTERPRISE, "sector": "非煤矿山", "category": "尾矿库", "status": "正常生产"}
    blank = {"risk_grade": "", "address": "", "principal": "", "phone": ""}
    session.execute(insert(Organisation), [{"id": n, "name": f"企业{n}", **place, **what, **blank} for n in ids])
    since = {"bureau_id": leader.organisation_id, "started_on": date(2023, 4, 1)}
    session.execute(insert(Supervision), [{"enterprise_id": n, **since} for n in ids])
    empty = {"phone": "", "email": "", "title": "", "password_hash": "", "must_change_password": False}
    person = {"name": "主要负责人", "created_at": FOUNDED, **empty}
    session.execute(insert(Person), [{"id": n, "login": f"q{n}", "organisation_id": n, **person} for n in ids])
    session.execute(insert(PersonRole), [{"person_id": n, "role": Role.PRINCIPAL} for n in ids])


def campaign_text(duties: int) -> str:
    """Return a campaign of so many one-off duties for every enterprise, due over six months, reviewed by the bureau."""
    lines = [
        f"  - {{编号: QY-{n:02}, 名称: 事项{n:02}, 对象: 企业, 截止: 2023年{5 + n % 6}月{3 + n}日, 审核: 县局, 催办: 企业}}"
        for n in range(1, duties + 1)
    ]
    return _HEAD + "\n".join(lines) + _TAIL


_HEAD = """
语法: rectify/v1
行动: {编号: large, 名称: 大行动, 版本: 1.0.0, 发文单位: 区应急管理局, 起止: 2023年5月1日 至 2023年12月31日}
日历: {遇非工作日: 提前}
角色:
  县局: {层级: 县, 单位: 应急管理局}
  主要负责人: {层级: 企业, 岗位: [主要负责人]}
对象:
  企业: {行业: 非煤矿山, 名单: 动态}
全程任务:
"""
_TAIL = """
催办:
  企业: {时点: [到期前5个工作日, 到期前1个工作日, 到期当日, 逾期后每2个工作日], 最多: 8}
"""
