"""Which roles a person may hold where: an enterprise has no inspectors, a bureau no mine manager."""

from collections.abc import Iterable, Mapping

from campaigns.errors import Invalid
from campaigns.rules.permissions import OrganisationKind, Role

ROLES_OF: Mapping[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.BUREAU: (Role.LEADER, Role.OFFICER, Role.INSPECTOR, Role.ADMINISTRATOR, Role.AUDITOR),
    OrganisationKind.GOVERNMENT: (Role.LEADER, Role.OFFICER),
    OrganisationKind.COMMITTEE: (Role.LEADER, Role.OFFICER),
    OrganisationKind.ENTERPRISE: (Role.PRINCIPAL, Role.SAFETY_DIRECTOR, Role.SAFETY_OFFICER),
}
APART = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""三权分立 (等保三级): who runs the system does not audit it."""


def check_roles(kind: OrganisationKind, roles: Iterable[Role]) -> frozenset[Role]:
    """Return the roles as a set; raises Invalid when there is none, one of another kind of organisation, or two apart."""
    held = frozenset(roles)
    if not held:
        raise Invalid("没有选角色，没有保存。", fields={"roles": "请至少选一个角色。"})
    if not held <= frozenset(ROLES_OF[kind]):
        words = "、".join(role.label for role in ROLES_OF[kind])
        raise Invalid("角色不适用于这个单位，没有保存。", fields={"roles": f"{kind.label}可选：{words}。"})
    if held >= APART:
        raise Invalid("系统管理员和审计员要由两个人担任，没有保存。", fields={"roles": "两个角色请分给不同的人。"})
    return held
