"""Who may recheck a rectified hazard: never who rectified it, and a major one only its supervising bureau.

001（十二）审核把关销号; TRUST A5: rectifier ≠ verifier.
"""

from campaigns.errors import Forbidden
from campaigns.rules.permissions import Actor, Permission, Relation, check, may


def why_not_recheck(actor: Actor, *, relation: Relation, major: bool, rectified_by_id: int | None) -> str:
    """Return the sentence for a disabled button, empty if the actor may recheck. `relation` is to the hazard's enterprise."""
    if not may(actor, Permission.RECHECK_HAZARD, relation):
        return f"您没有权限{Permission.RECHECK_HAZARD.label}。"
    if actor.person_id == rectified_by_id:
        return "整改是您填报的，要由另一个人复查。"
    if major and relation is not Relation.SUPERVISED:
        return "重大事故隐患由监管部门复查、销号，本企业不能自行销号。"
    return ""


def check_recheck(actor: Actor, *, relation: Relation, major: bool, rectified_by_id: int | None) -> None:
    """Raise unless the actor may recheck."""
    check(actor, Permission.RECHECK_HAZARD, relation)
    reason = why_not_recheck(actor, relation=relation, major=major, rectified_by_id=rectified_by_id)
    if reason:
        raise Forbidden(reason, kept="没有改动任何内容。")
