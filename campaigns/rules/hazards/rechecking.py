"""Who may recheck a rectified hazard: never who rectified it, and a major one only two officials of its supervising bureau.

001（十二）审核把关销号; TRUST A5: rectifier ≠ verifier, a major hazard needs a second person's 审核.
"""

from campaigns.errors import Forbidden
from campaigns.rules.permissions import Actor, Permission, Relation, check, may
from campaigns.rules.states import HazardState


def why_not_recheck(
    actor: Actor, *, relation: Relation, major: bool, rectified_by_id: int | None, checked_by_id: int | None = None
) -> str:
    """Return the sentence for a disabled button, empty if the actor may recheck. `relation` is to the hazard's enterprise.

    `checked_by_id` is who signed first, while a second signature is waited for.
    """
    if not may(actor, Permission.RECHECK_HAZARD, relation):
        return f"您没有权限{Permission.RECHECK_HAZARD.label}。"
    if actor.person_id == rectified_by_id:
        return "整改是您填报的，要由另一个人复查。"
    if major and relation is not Relation.SUPERVISED:
        return "重大事故隐患由监管部门复查、销号，本企业不能自行销号。"
    if actor.person_id == checked_by_id:
        return "您已经审签，重大事故隐患要由另一位经办人员再审签才能销号。"
    return ""


def check_recheck(
    actor: Actor, *, relation: Relation, major: bool, rectified_by_id: int | None, checked_by_id: int | None = None
) -> None:
    """Raise unless the actor may recheck."""
    check(actor, Permission.RECHECK_HAZARD, relation)
    reason = why_not_recheck(
        actor, relation=relation, major=major, rectified_by_id=rectified_by_id, checked_by_id=checked_by_id
    )
    if reason:
        raise Forbidden(reason, kept="没有改动任何内容。")


def after_passing(state: HazardState, *, major: bool) -> HazardState:
    """Return where a recheck that found it fixed leads: a major hazard waits for the second signature first."""
    return HazardState.CHECKED if major and state is HazardState.RECTIFIED else HazardState.CLOSED
