"""Who may do what to whose things: one table, read by the actions, the buttons and the tests.

A decision is a function of the actor's roles and of the relation between the actor's organisation and the one responsible
for the thing. Default is no. Superiors read below them and write only what is theirs (接收、退回、督办).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from campaigns.errors import Forbidden, NotFound
from campaigns.rules.states import Stated


class Level(Stated):
    """Levels of the region tree, top first."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWN = "town", "镇"


class OrganisationKind(Stated):
    """What an organisation is."""

    BUREAU = "bureau", "应急管理局"
    GOVERNMENT = "government", "人民政府"
    COMMITTEE = "committee", "安委会办公室"
    ENTERPRISE = "enterprise", "企业"


class Role(Stated):
    """What a person may be in his organisation."""

    ADMINISTRATOR = "administrator", "系统管理员"
    AUDITOR = "auditor", "审计员"
    LEADER = "leader", "局领导"
    OFFICER = "officer", "经办人"
    INSPECTOR = "inspector", "执法人员"
    PRINCIPAL = "principal", "主要负责人"
    SAFETY_DIRECTOR = "safety_director", "安全总监"
    SAFETY_OFFICER = "safety_officer", "安全员"


class Relation(StrEnum):
    """How the actor's organisation stands to the organisation responsible for the thing."""

    SELF = "self"
    SUPERVISED = "supervised"  # an enterprise under the actor's bureau's active supervision
    BELOW = "below"  # anything in the region subtree of the actor's bureau
    NONE = "none"


class Permission(Stated):
    """Everything anybody can do. The label completes “您没有权限…”."""

    SEE = "see", "查看这项内容"
    LAUNCH = "launch", "启动专项行动"
    ACKNOWLEDGE = "acknowledge", "签收任务"
    SUBMIT = "submit", "提交任务"
    SIGN_NIL = "sign_nil", "签署零报告"
    ENTER_ON_BEHALF = "enter_on_behalf", "代录企业的纸质表"
    ASK = "ask", "申请延期或豁免"
    REVIEW = "review", "审核提交"
    DECIDE_REQUEST = "decide_request", "决定延期、豁免申请或代录异议"
    DECIDE_PROPOSAL = "decide_proposal", "决定拟办事项"
    REGISTER_HAZARD = "register_hazard", "登记隐患"
    RECTIFY_HAZARD = "rectify_hazard", "填报整改"
    RECHECK_HAZARD = "recheck_hazard", "复查隐患"
    DECIDE_HAZARD = "decide_hazard", "决定隐患的延期、等级或停产"
    ESCALATE_HAZARD = "escalate_hazard", "提请上级协调隐患"
    SUPERVISE_HAZARD = "supervise_hazard", "挂牌督办或摘牌"
    SPOT_CHECK = "spot_check", "安排抽查"
    FILL_REPORT = "fill_report", "填写调度表"
    FILE_REPORT = "file_report", "上报调度表"
    DECIDE_REPORT = "decide_report", "接收或退回调度表"
    FILE_ON_BEHALF = "file_on_behalf", "代下级填报"
    DRAFT_DOCUMENT = "draft_document", "拟写文书"
    RANK = "rank", "给下级排名"
    PUBLISH_RANKING = "publish_ranking", "发布排名"
    MANAGE_REGISTER = "manage_register", "维护企业名册"
    MANAGE_PEOPLE = "manage_people", "维护账号"
    MANAGE_CALENDAR = "manage_calendar", "维护工作日历"
    MANAGE_CRITERIA = "manage_criteria", "维护判定标准"
    READ_TRAIL = "read_trail", "查看办理记录"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person with his organisation, or the system itself (`person_id` None)."""

    person_id: int | None
    name: str
    organisation_id: int | None
    organisation_kind: OrganisationKind | None
    level: Level | None
    region_id: int | None
    roles: frozenset[Role]

    @property
    def is_regulator(self) -> bool:
        """Whether the actor looks down a region: bureaus do, governments and enterprises see their own."""
        return self.organisation_kind is OrganisationKind.BUREAU


SYSTEM = Actor(None, "系统", None, None, None, None, frozenset())

_SELF = frozenset({Relation.SELF})
_SUPERVISED = frozenset({Relation.SUPERVISED})
_OWN_AND_SUPERVISED = _SELF | _SUPERVISED
_DOWN = frozenset({Relation.SELF, Relation.SUPERVISED, Relation.BELOW})
_BELOW = frozenset({Relation.BELOW})

P = Permission

PERMISSIONS: Mapping[Role, Mapping[Permission, frozenset[Relation]]] = {
    Role.ADMINISTRATOR: {
        P.MANAGE_PEOPLE: _DOWN,
        P.MANAGE_CALENDAR: _SELF,
        P.MANAGE_CRITERIA: _SELF,
        P.MANAGE_REGISTER: _DOWN,
        P.SEE: _SELF,
    },
    Role.AUDITOR: {P.READ_TRAIL: _DOWN, P.SEE: _SELF},
    Role.LEADER: {
        P.SEE: _DOWN,
        P.LAUNCH: _SELF,
        P.ACKNOWLEDGE: _SELF,
        P.SUBMIT: _SELF,
        P.SIGN_NIL: _SELF,
        P.ASK: _SELF,
        P.REVIEW: _SELF,
        P.DECIDE_REQUEST: _SELF,
        P.DECIDE_PROPOSAL: _SELF,
        P.RECHECK_HAZARD: _SUPERVISED,
        P.DECIDE_HAZARD: _SUPERVISED,
        P.ESCALATE_HAZARD: _SUPERVISED | _BELOW,
        P.SUPERVISE_HAZARD: _SUPERVISED | _BELOW,
        P.SPOT_CHECK: _SUPERVISED,
        P.FILL_REPORT: _SELF,
        P.FILE_REPORT: _SELF,
        P.DECIDE_REPORT: _SUPERVISED | _BELOW,
        P.FILE_ON_BEHALF: _SUPERVISED | _BELOW,
        P.DRAFT_DOCUMENT: _SELF,
        P.RANK: _SELF,
        P.PUBLISH_RANKING: _SELF,
        P.READ_TRAIL: _DOWN,
    },
    Role.OFFICER: {
        P.SEE: _DOWN,
        P.LAUNCH: _SELF,
        P.ACKNOWLEDGE: _SELF,
        P.SUBMIT: _SELF,
        P.SIGN_NIL: _SELF,
        P.ENTER_ON_BEHALF: _SUPERVISED,
        P.ASK: _SELF,
        P.REVIEW: _SELF,
        P.DECIDE_REQUEST: _SELF,
        P.REGISTER_HAZARD: _SUPERVISED,
        P.RECHECK_HAZARD: _SUPERVISED,
        P.DECIDE_HAZARD: _SUPERVISED,
        P.ESCALATE_HAZARD: _SUPERVISED | _BELOW,
        P.SPOT_CHECK: _SUPERVISED,
        P.FILL_REPORT: _SELF,
        P.DECIDE_REPORT: _SUPERVISED | _BELOW,
        P.FILE_ON_BEHALF: _SUPERVISED | _BELOW,
        P.DRAFT_DOCUMENT: _SELF,
        P.RANK: _SELF,
        P.MANAGE_REGISTER: _DOWN,
        P.READ_TRAIL: _DOWN,
    },
    Role.INSPECTOR: {
        P.SEE: _DOWN,
        P.ACKNOWLEDGE: _SELF,
        P.SUBMIT: _SELF,
        P.REVIEW: _SELF,
        P.REGISTER_HAZARD: _SUPERVISED,
        P.RECHECK_HAZARD: _SUPERVISED,
        P.SPOT_CHECK: _SUPERVISED,
    },
    Role.PRINCIPAL: {
        P.SEE: _SELF,
        P.ACKNOWLEDGE: _SELF,
        P.SUBMIT: _SELF,
        P.SIGN_NIL: _SELF,
        P.ASK: _SELF,
        P.REGISTER_HAZARD: _SELF,
        P.RECTIFY_HAZARD: _SELF,
        P.RECHECK_HAZARD: _SELF,
        P.DECIDE_HAZARD: _SELF,
        P.FILL_REPORT: _SELF,
        P.FILE_REPORT: _SELF,
        P.READ_TRAIL: _SELF,
    },
    Role.SAFETY_DIRECTOR: {
        P.SEE: _SELF,
        P.ACKNOWLEDGE: _SELF,
        P.SUBMIT: _SELF,
        P.ASK: _SELF,
        P.REGISTER_HAZARD: _SELF,
        P.RECTIFY_HAZARD: _SELF,
        P.RECHECK_HAZARD: _SELF,
        P.FILL_REPORT: _SELF,
    },
    Role.SAFETY_OFFICER: {
        P.SEE: _SELF,
        P.ACKNOWLEDGE: _SELF,
        P.SUBMIT: _SELF,
        P.ASK: _SELF,
        P.REGISTER_HAZARD: _SELF,
        P.RECTIFY_HAZARD: _SELF,
        P.RECHECK_HAZARD: _SELF,
        P.FILL_REPORT: _SELF,
    },
}
"""Relations are to the organisation responsible: a task's doer, a review's reviewer, a hazard's enterprise, a report's filer."""


def may(actor: Actor, permission: Permission, relation: Relation) -> bool:
    """Whether one of the actor's roles holds the permission for that relation."""
    return any(relation in PERMISSIONS.get(role, {}).get(permission, frozenset()) for role in actor.roles)


def may_somewhere(actor: Actor, permission: Permission) -> bool:
    """Whether the actor holds the permission at all: decides whether a menu entry is shown."""
    return any(PERMISSIONS.get(role, {}).get(permission) for role in actor.roles)


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that hold a permission for their own organisation's things: whom a message about it concerns."""
    return frozenset(role for role, held in PERMISSIONS.items() if Relation.SELF in held.get(permission, ()))


def why_not(actor: Actor, permission: Permission, relation: Relation) -> str:
    """Return the sentence for a disabled button, empty if the actor may."""
    return "" if may(actor, permission, relation) else f"您没有权限{permission.label}。"


def why_not_write(actor: Actor, permission: Permission, relation: Relation, *, directly_above: bool) -> str:
    """As `why_not`, for filling in or filing a report: its direct superior may stand in with his own office (代报)."""
    if directly_above and may(actor, Permission.FILE_ON_BEHALF, relation):
        relation = Relation.SELF
    return why_not(actor, permission, relation)


def check(actor: Actor, permission: Permission, relation: Relation) -> None:
    """Raise unless the actor may; a thing out of sight is not found rather than forbidden."""
    if may(actor, permission, relation):
        return
    if relation is Relation.NONE:
        raise NotFound
    raise Forbidden(
        f"您没有权限{permission.label}。", kept="没有改动任何内容。", advice="需要办理的，请联系本单位管理员。"
    )


def check_somewhere(actor: Actor, permission: Permission) -> None:
    """Raise unless the actor holds the permission at all; which rows he then gets is the scope's question."""
    if not may_somewhere(actor, permission):
        raise Forbidden(f"您没有权限{permission.label}。", advice="需要办理的，请联系本单位管理员。")


def why_not_launch(actor: Actor) -> str:
    """Return why the actor cannot launch a campaign, empty if he may: only a bureau does, and only some of its people."""
    if not actor.is_regulator:
        return "只有应急管理局可以启动专项行动。"
    return why_not(actor, Permission.LAUNCH, Relation.SELF)
