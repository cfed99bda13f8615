"""改判 一般⇄重大 (M01): an enterprise may only make it stricter; taking the grade down is the supervising bureau's decision."""

from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.rules.states import UNFIXED_HAZARD_STATES, HazardState

GRADES = {True: "重大事故隐患", False: "一般隐患"}


def why_not_regrade(actor: Actor, *, relation: Relation, major: bool, state: HazardState, listed: bool) -> str:
    """Return the sentence for a disabled button, empty if the actor may change the grade that `major` says.

    `listed` is whether a 挂牌督办 of the hazard is in force.
    """
    if state not in (*UNFIXED_HAZARD_STATES, HazardState.RECTIFIED):
        return f"隐患现在是“{state.label}”，不能再改判。"
    if not major and may(actor, Permission.RECTIFY_HAZARD, relation):
        return ""
    if not may(actor, Permission.DECIDE_HAZARD, relation):
        return f"您没有权限{Permission.DECIDE_HAZARD.label}。"
    if relation is not Relation.SUPERVISED:
        return "重大事故隐患改判为一般，由监管部门决定。"
    if major and listed:
        return "这项隐患正在挂牌督办，不能改判为一般隐患。"
    return ""
