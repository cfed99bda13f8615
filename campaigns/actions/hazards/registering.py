"""登记: one hazard enters the register. Who registers it decides its source, and nothing changes that later."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from campaigns.actions.hazards.citing import cited_criterion
from campaigns.actions.hazards.rectifying import rectify
from campaigns.actions.hazards.step import note
from campaigns.actions.stepping import UNCHANGED
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Invalid
from campaigns.rules.hazards.criteria import Criterion
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor, Permission, Relation
from campaigns.rules.quotes import quoted
from campaigns.rules.states import HazardSource, HazardState
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.scope import check_relation, supervising_bureau
from campaigns.store.work.tasks import Submission

OLDEST = timedelta(days=3653)
"""How long ago a hazard may have been found; older than ten years is a mistyped year."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a hazard comes from, fixed for ever: whose find, which day, the record or the closed hazard it follows from.

    `cited` is the clause that the closed hazard cited, in the version of then.
    """

    source: HazardSource
    found_on: date
    submission: Submission | None = None
    reopens_id: int | None = None
    cited: Criterion | None = None


def register(
    session: Session,
    *,
    enterprise_id: int,
    finding: Finding,
    found_on: date,
    submission: Submission | None = None,
    by: Actor,
    now: datetime,
) -> Hazard:
    """登记: put one hazard into the register. Who registers it decides its source, and nothing changes that later.

    A finding that says what was done about it was fixed on the spot (立查立改): the enterprise states that it was removed on
    the day it was found, and the server's clock keeps when it said so.
    """
    stands = check_relation(session, by, Permission.REGISTER_HAZARD, enterprise_id)
    source = HazardSource.SELF if stands is Relation.SELF else HazardSource.INSPECTION
    _check_finding(finding, found_on, source, today=local_date(now))
    origin = Origin(source, found_on, submission=submission)
    hazard = enter(session, finding, origin, enterprise_id=enterprise_id, by=by, now=now)
    if finding.rectification:
        rectify(session, hazard, finding.rectification, on=found_on, fixed_on_the_spot=True, by=by, now=now)
        note(session, "hazard.fixed_on_the_spot", hazard, by=by, now=now)
    return hazard


def enter(
    session: Session,
    finding: Finding,
    origin: Origin,
    *,
    enterprise_id: int,
    by: Actor,
    now: datetime,
) -> Hazard:
    """Write the row and its number, dated by the server's clock; the caller has decided that it may be and whose find it is."""
    _check_not_closed(session, enterprise_id)
    hazard = _row(
        finding,
        origin.cited or _criterion(session, finding, origin.found_on),
        enterprise_id=enterprise_id,
        bureau_id=supervising_bureau(session, enterprise_id),
        source=origin.source,
        found_on=origin.found_on,
        registered_at=now,
        major_since=now if finding.major else None,
        registered_by_id=by.person_id or 0,
        reopens_id=origin.reopens_id,
        submission_id=origin.submission.id if origin.submission else None,
    )
    session.add(hazard)
    session.flush()
    hazard.number = f"YH{local_date(now):%Y%m%d}-{hazard.id:06d}"
    session.flush()
    note(session, "hazard.registered", hazard, by=by, now=now, submission=origin.submission, source=origin.source)
    return hazard


def _check_not_closed(session: Session, enterprise_id: int) -> None:
    """Nobody is left in a closed enterprise to rectify what would stand open in its name for ever."""
    enterprise = session.get_one(Organisation, enterprise_id)
    if enterprise.closed_on is not None:
        raise Conflict(
            f"“{enterprise.name}”已于{day_words(enterprise.closed_on)}登记关闭，不能再登记隐患。",
            kept=UNCHANGED,
            advice="企业实际还在生产的，请先在企业名册里恢复。",
        )


def _criterion(session: Session, finding: Finding, found_on: date) -> Criterion:
    if not finding.major:
        return Criterion(finding.criterion)
    return cited_criterion(session, Criterion(finding.criterion, clause_id=finding.clause_id), found_on=found_on)


def _row(finding: Finding, criterion: Criterion, **columns: Any) -> Hazard:
    return Hazard(
        number=uuid.uuid4().hex[:30],  # until the row has its id
        state=HazardState.REGISTERED,
        major=finding.major,
        title=finding.title,
        location=finding.location,
        description=finding.description,
        criterion=criterion.words,
        criterion_set=criterion.set_id,
        criterion_version=criterion.version,
        criterion_clause=criterion.clause,
        **columns,
    )


def _check_finding(finding: Finding, found_on: date, source: HazardSource, *, today: date) -> None:
    wrong: dict[str, str] = {}
    if not finding.title.strip():
        wrong["title"] = "请写清是什么隐患。"
    if finding.major and finding.clause_id is None and not finding.criterion.strip():
        wrong["criterion"] = "判为重大事故隐患的，请写明对应判定标准的哪一条。"
    if found_on > today:
        wrong["found_on"] = f"发现日期不能晚于今天（{day_words(today)}）。"
    if found_on < today - OLDEST:
        wrong["found_on"] = f"发现日期不能早于{day_words(today - OLDEST)}，请核对年份。"
    if finding.rectification and source is HazardSource.INSPECTION:
        wrong["rectification"] = "部门检查发现的隐患由企业填报整改，这里请留空。"
    if wrong:
        raise Invalid(f"隐患{quoted(finding.title)}没有登记。", fields=wrong, kept=UNCHANGED, advice="改好后再登记。")
