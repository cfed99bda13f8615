"""整改前照片 added after the registration: of a find that came with a record, of a relapse, of an old ledger's row."""

from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.rules.states import UNFIXED_HAZARD_STATES, HazardState


def why_not_photograph(actor: Actor, *, relation: Relation, state: HazardState) -> str:
    """Return why the actor cannot add photos of the hazard as it stands, empty if he may.

    Once it is reported as fixed there is nothing left to take a photo of.
    """
    if state not in UNFIXED_HAZARD_STATES:
        return f"隐患现在是“{state.label}”，不能再补整改前的照片。"
    if not may(actor, Permission.REGISTER_HAZARD, relation):
        return f"您没有权限{Permission.REGISTER_HAZARD.label}。"
    return ""
