"""整改期限的延期: how far it may go, and who decides.

SM5 延期(批). A major hazard and one that a bureau found are the bureau's to decide; the principal of an enterprise decides on
what the enterprise found itself, and nobody decides on what he asked for.
"""

from datetime import date

from campaigns.date_words import day_words
from campaigns.rules.dates.far_dates import too_far
from campaigns.rules.permissions import Actor, Permission, Relation, may
from campaigns.rules.states import HazardSource


def wrong_date(later: date | None, *, deadline: date, today: date, order_until: date | None) -> str:
    """Return what is wrong with a wished deadline, empty if nothing. `order_until` is the 督办期限 of an order in force."""
    earliest = max(deadline, today)
    if later is None or later <= deadline or later < today:
        return f"请选一个晚于{day_words(earliest)}的日期。"
    if order_until is not None and later > order_until:
        return f"挂牌督办的期限是{day_words(order_until)}，整改期限不能晚于它。"
    return too_far(later, today=today)


def why_not_decide(
    actor: Actor, *, relation: Relation, major: bool, source: HazardSource, asked_by_id: int | None
) -> str:
    """Return the sentence for a disabled button, empty if the actor may decide on an extension."""
    if not may(actor, Permission.DECIDE_HAZARD, relation):
        return f"您没有权限{Permission.DECIDE_HAZARD.label}。"
    if relation is Relation.SELF and (major or source is HazardSource.INSPECTION):
        return "重大事故隐患和部门检查发现的隐患，延期由监管部门决定。"
    if actor.person_id == asked_by_id:
        return "自己的申请不能自己决定。"
    return ""
