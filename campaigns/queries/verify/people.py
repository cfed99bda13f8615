"""I6, I15: one supervising bureau for every enterprise, and every open account somebody's."""

from collections.abc import Iterator

from sqlalchemy import exists, func, or_, select
from sqlmodel import col

from campaigns.clock import local_date
from campaigns.queries.verify.findings import Finding, Scene
from campaigns.rules.permissions import OrganisationKind
from campaigns.store.directory.people import Person, PersonRole
from campaigns.store.directory.regions import Organisation, Supervision


def wrong_supervision(scene: Scene) -> Iterator[Finding]:
    """Count the active supervising bureaus of every enterprise that is not closed."""
    active = col(Supervision.ended_on).is_(None) & (col(Supervision.enterprise_id) == col(Organisation.id))
    count = func.count(col(Supervision.id))
    enterprises = (
        select(col(Organisation.id), col(Organisation.name), count)
        .outerjoin(Supervision, active)
        .where(col(Organisation.kind) == OrganisationKind.ENTERPRISE, col(Organisation.closed_on).is_(None))
        .group_by(col(Organisation.id), col(Organisation.name))
        .having(count != 1)
    )
    for id_, name, bureaus in scene.session.execute(enterprises.order_by(col(Organisation.id))):
        words = f"同时有{bureaus}个监管主体" if bureaus else "没有监管主体"
        yield Finding(f"organisation {id_}", f"企业“{name}”{words}。")


def strange_bureaus(scene: Scene) -> Iterator[Finding]:
    """Find enterprises supervised by something that is no bureau."""
    bureau = exists().where(
        col(Organisation.id) == col(Supervision.bureau_id), col(Organisation.kind) == OrganisationKind.BUREAU
    )
    rows = select(col(Supervision.id), col(Supervision.enterprise_id)).where(
        ~bureau, col(Supervision.ended_on).is_(None)
    )
    for id_, enterprise_id in scene.session.execute(rows.order_by(col(Supervision.id))):
        yield Finding(f"supervision {id_}", f"企业{enterprise_id}的监管主体不是应急管理局。")


def loose_accounts(scene: Scene) -> Iterator[Finding]:
    """Find open accounts without an organisation that still exists, or without any role."""
    at_home = exists().where(
        col(Organisation.id) == col(Person.organisation_id),
        or_(col(Organisation.closed_on).is_(None), col(Organisation.closed_on) > local_date(scene.now)),
    )
    role = exists().where(col(PersonRole.person_id) == col(Person.id))
    rows = select(col(Person.id), col(Person.login), col(Person.name), at_home.label("at_home"))
    for id_, login, name, homed in scene.session.execute(
        rows.where(col(Person.disabled_at).is_(None), or_(~at_home, ~role)).order_by(col(Person.id))
    ):
        words = "没有任何角色" if homed else "没有在册的单位（不存在或已关闭）"
        yield Finding(f"person {id_}", f"账号“{login}”（{name}）还能登录，却{words}。")
