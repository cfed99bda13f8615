"""Who may recheck a rectified hazard: never who rectified it, and a major one only two officials of its supervising bureau.

One whose grade was taken down from 重大 stays with the bureau, and who took it down is not the one who closes it: so two
officials have answered for it either way. 001（十二）审核把关销号: who rectified does not verify, and
a second person's 审核 comes before 销号.
"""

from dataclasses import dataclass

from campaigns.errors import Forbidden
from campaigns.rules.permissions import Actor, Permission, Relation, check, may
from campaigns.rules.states import HazardState


@dataclass(frozen=True, slots=True)
class Hands:
    """Through whose hands a hazard went: who rectified it, who signed first for a major one, who took its grade down."""

    rectified_by_id: int | None
    checked_by_id: int | None = None
    lowered_by_id: int | None = None


def why_not_recheck(actor: Actor, *, relation: Relation, major: bool, hands: Hands) -> str:
    """Return the sentence for a disabled button, empty if the actor may recheck. `relation` is to the hazard's enterprise."""
    if not may(actor, Permission.RECHECK_HAZARD, relation):
        return f"您没有权限{Permission.RECHECK_HAZARD.label}。"
    if relation is not Relation.SUPERVISED and (major or hands.lowered_by_id is not None):
        return _BUREAU_CLOSES[major]
    return _another(actor.person_id, hands)


_BUREAU_CLOSES = {
    True: "重大事故隐患由监管部门复查、销号，本企业不能自行销号。",
    False: "这项隐患是从重大改判为一般的，仍由监管部门复查、销号，本企业不能自行销号。",
}


def _another(person_id: int | None, hands: Hands) -> str:
    """Whoever had a hand in it is not the one who finds it good."""
    if person_id == hands.rectified_by_id:
        return "整改是您填报的，要由另一个人复查。"
    if person_id == hands.lowered_by_id:
        return "这项隐患是您从重大改判为一般的，要由本局另一位经办人员复查、销号。"
    if person_id == hands.checked_by_id:
        return "您已经审签，重大事故隐患要由另一位经办人员再审签才能销号。"
    return ""


def check_recheck(actor: Actor, *, relation: Relation, major: bool, hands: Hands) -> None:
    """Raise unless the actor may recheck."""
    check(actor, Permission.RECHECK_HAZARD, relation)
    reason = why_not_recheck(actor, relation=relation, major=major, hands=hands)
    if reason:
        raise Forbidden(reason, kept="没有改动任何内容。")


def after_passing(state: HazardState, *, major: bool) -> HazardState:
    """Return where a recheck that found it fixed leads: a major hazard waits for the second signature first."""
    return HazardState.CHECKED if major and state is HazardState.RECTIFIED else HazardState.CLOSED
