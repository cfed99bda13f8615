"""停产 because of a hazard: ordered for a part or the whole, lifted after it is removed and looked at (安全生产法65条（三）)."""

from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.rules.states import OPEN_HAZARD_STATES, UNFIXED_HAZARD_STATES, HazardState, Stated


class StopScope(Stated):
    """How much stands still."""

    PARTIAL = "partial", "局部停产"
    WHOLE = "whole", "全部停产"


def why_not_stop(actor: Actor, *, relation: Relation, state: HazardState) -> str:
    """Return why the actor cannot stop production, empty if he may: the bureau by an order, the enterprise of its own accord."""
    if state not in OPEN_HAZARD_STATES:
        return f"隐患现在是“{state.label}”，不用再停产。"
    if relation is Relation.SELF and may(actor, Permission.RECTIFY_HAZARD, relation):
        return ""
    if relation is Relation.SUPERVISED and may(actor, Permission.DECIDE_HAZARD, relation):
        return ""
    return f"您没有权限{Permission.DECIDE_HAZARD.label}。"


def why_not_lift(actor: Actor, *, relation: Relation, state: HazardState, major: bool, ordered: bool) -> str:
    """Return why the actor cannot lift a stop, empty if he may. `ordered` is whether a bureau ordered it."""
    if ordered and relation is Relation.SELF:
        return "部门责令的停产，由监管部门审查同意后恢复。"
    held = Permission.DECIDE_HAZARD if ordered else Permission.RECTIFY_HAZARD
    if not may(actor, held, relation):
        return f"您没有权限{held.label}。"
    if (ordered or major) and state in UNFIXED_HAZARD_STATES:
        return "隐患还没有改完，不能恢复生产（重大事故隐患排除后，经审查同意，方可恢复：安全生产法第六十五条）。"
    return ""
