"""改判: 一般 becomes 重大 or the other way round, with who, when, why and the clause; source and dates never change.

Who takes a grade down is kept on the row: another official of the bureau has to close the hazard then, so that no one official
can take a major hazard out of the register by himself (001（十二）审核把关销号).
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from campaigns.actions.hazards.citing import cited_criterion
from campaigns.actions.hazards.step import hazard_for, note
from campaigns.actions.hazards.supervision import order_of
from campaigns.actions.stepping import UNCHANGED, move, reason_of
from campaigns.errors import Forbidden, Invalid
from campaigns.rules.hazards.criteria import Criterion
from campaigns.rules.hazards.finding import LONGEST_CRITERION
from campaigns.rules.hazards.grading import GRADES, why_not_regrade
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import HazardState
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import relation


def regrade(
    session: Session,
    *,
    hazard_id: int,
    criterion: Criterion,
    reason: str,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Hazard:
    """改判 to the other grade. The clause is compulsory when it becomes major; the ledger keeps what it was before."""
    hazard = hazard_for(session, hazard_id, Permission.SEE, version, by=by)
    _check(session, hazard, by=by)
    why = reason_of(reason, what="改判理由")
    major = not hazard.major
    if major and criterion.clause_id is None:
        _check_clause(criterion.words)
    before = hazard.criterion
    kept = cited_criterion(session, criterion, found_on=hazard.found_on) if major else Criterion()
    move(
        session,
        hazard,
        HazardState(hazard.state),
        major=major,
        major_since=now if major else None,
        lowered_by_id=None if major else by.person_id,
        criterion=kept.words,
        criterion_set=kept.set_id,
        criterion_version=kept.version,
        criterion_clause=kept.clause,
    )
    was: dict[str, Any] = {
        "was_criterion": before,
        "criterion": kept.words,
        "was": GRADES[not major],
        "grade": GRADES[major],
    }
    note(session, "hazard.regraded", hazard, by=by, now=now, reason=why, **was)
    return hazard


def _check_clause(words: str) -> None:
    wrong = "判为重大事故隐患的，请写明对应判定标准的哪一条。" if not words else ""
    if len(words) > LONGEST_CRITERION:
        wrong = f"条款最多写{LONGEST_CRITERION}个字，现在有{len(words)}个字。"
    if wrong:
        raise Invalid("没有改判。", fields={"criterion": wrong}, kept=UNCHANGED)


def _check(session: Session, hazard: Hazard, *, by: Actor) -> None:
    order = order_of(session, hazard.id)
    blocked = why_not_regrade(
        by,
        relation=relation(session, by, hazard.enterprise_id),
        major=hazard.major,
        state=HazardState(hazard.state),
        listed=order is not None and order.delisted_on is None,
    )
    if blocked:
        raise Forbidden(blocked, kept=UNCHANGED)
