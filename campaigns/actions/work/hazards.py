"""隐患 from register to 销号: found, planned or fixed on the spot, rectified, rechecked by somebody else, closed."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from campaigns.actions.events import record
from campaigns.actions.stepping import UNCHANGED, check_version, move, reason_of
from campaigns.clock import local_date
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.finding import Finding, RectificationPlan
from campaigns.rules.permissions import Actor, Permission, Relation, check
from campaigns.rules.rechecking import check_recheck
from campaigns.rules.states import HazardSource, HazardState, check_move
from campaigns.store.hazards import Hazard
from campaigns.store.scope import check_relation, relation, supervising_bureau
from campaigns.store.tasks import Submission, Task

LONGEST_WORDS = 2000


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
    hazard = _row(
        finding,
        enterprise_id=enterprise_id,
        bureau_id=supervising_bureau(session, enterprise_id),
        source=source,
        found_on=found_on,
        registered_at=now,
        registered_by_id=by.person_id or 0,
        submission_id=submission.id if submission else None,
    )
    session.add(hazard)
    session.flush()
    hazard.number = f"YH{local_date(now):%Y%m%d}-{hazard.id:06d}"
    session.flush()
    _record(session, "hazard.registered", hazard, by=by, now=now, submission=submission, source=source)
    if finding.rectification:
        _rectify(session, hazard, finding.rectification, on=found_on, fixed_on_the_spot=True, by=by, now=now)
        _record(session, "hazard.fixed_on_the_spot", hazard, by=by, now=now)
    return hazard


def fix_on_the_spot(
    session: Session, *, hazard_id: int, rectification: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """立查立改: the enterprise fixed it on the very day it was found, so it needs no plan, but a recheck all the same."""
    hazard = hazard_for(session, hazard_id, Permission.RECTIFY_HAZARD, version, by=by)
    check_move("隐患", HazardState(hazard.state), HazardState.RECTIFIED)
    if hazard.state != HazardState.REGISTERED or hazard.found_on != local_date(now):
        raise Conflict(
            "不是发现当天改完的，不算立查立改。", kept=UNCHANGED, advice="请先填写五落实整改方案，改完后再报整改。"
        )
    _rectify(session, hazard, rectification, on=hazard.found_on, fixed_on_the_spot=True, by=by, now=now)
    _record(session, "hazard.fixed_on_the_spot", hazard, by=by, now=now)
    return hazard


def plan(
    session: Session, *, hazard_id: int, plan: RectificationPlan, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """五落实: lay down responsible person, measures, funds, deadline and contingency; rectification begins."""
    hazard = hazard_for(session, hazard_id, Permission.RECTIFY_HAZARD, version, by=by)
    state = HazardState(hazard.state)
    if state not in (HazardState.REGISTERED, HazardState.RECTIFYING):
        raise Conflict(f"隐患现在是“{state.label}”，不能再填整改方案。", kept=UNCHANGED)
    if is_planned(hazard):
        raise Conflict("整改方案已经填过，不能改写。", kept="原方案保持不变。")
    move(
        session,
        hazard,
        HazardState.RECTIFYING,
        responsible=plan.responsible,
        measures=plan.measures,
        funds=plan.funds,
        deadline_on=plan.deadline_on,
        contingency=plan.contingency,
    )
    _record(session, "hazard.planned", hazard, by=by, now=now, deadline_on=plan.deadline_on.isoformat())
    return hazard


def report_rectification(
    session: Session, *, hazard_id: int, rectification: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """报整改: the enterprise says that what was planned is done, and asks for the recheck."""
    hazard = hazard_for(session, hazard_id, Permission.RECTIFY_HAZARD, version, by=by)
    check_move("隐患", HazardState(hazard.state), HazardState.RECTIFIED)
    if not is_planned(hazard):
        raise Conflict("没有当场改完的，要先填写五落实整改方案。", kept=UNCHANGED, advice="请先填整改方案。")
    _rectify(session, hazard, rectification, on=local_date(now), fixed_on_the_spot=False, by=by, now=now)
    _record(session, "hazard.rectified", hazard, by=by, now=now)
    return hazard


def close(
    session: Session, *, hazard_id: int, opinion: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """销号: a recheck by somebody other than the rectifier found it fixed."""
    hazard = _to_recheck(session, hazard_id, version, by=by)
    words = _words_of(opinion, field="opinion", what="复查意见")
    move(
        session,
        hazard,
        HazardState.CLOSED,
        closed_on=local_date(now),
        closed_at=now,
        closed_by_id=by.person_id,
        recheck=words,
    )
    _record(session, "hazard.closed", hazard, by=by, now=now, opinion=words)
    return hazard


def send_back(
    session: Session, *, hazard_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """退回重改: the recheck found it not fixed. What the enterprise had written stays in the trail."""
    hazard = _to_recheck(session, hazard_id, version, by=by)
    why = reason_of(reason, what="退回理由")
    said, rectifier = hazard.rectification, hazard.rectified_by_id
    move(
        session,
        hazard,
        HazardState.RECTIFYING,
        rectified_on=None,
        rectified_at=None,
        rectified_by_id=None,
        rectification="",
        fixed_on_the_spot=False,
        recheck=why,
    )
    _record(
        session, "hazard.sent_back", hazard, by=by, now=now, reason=why, rectification=said, rectified_by_id=rectifier
    )
    return hazard


def hazard_for(
    session: Session, hazard_id: int, permission: Permission, version: int | None = None, *, by: Actor
) -> Hazard:
    """Return a hazard that the actor may do something with; raises NotFound, Forbidden or Conflict."""
    hazard = session.get(Hazard, hazard_id)
    if hazard is None:
        raise NotFound
    check(by, permission, relation(session, by, hazard.enterprise_id))
    check_version(session, hazard, seen=version)
    return hazard


def is_planned(hazard: Hazard) -> bool:
    """Whether the five of 五落实 are laid down (they come all together or not at all)."""
    return hazard.deadline_on is not None


def _row(finding: Finding, **columns: Any) -> Hazard:
    return Hazard(
        number=uuid.uuid4().hex[:30],  # until the row has its id
        state=HazardState.REGISTERED,
        major=finding.major,
        title=finding.title,
        location=finding.location,
        description=finding.description,
        criterion=finding.criterion,
        **columns,
    )


def _check_finding(finding: Finding, found_on: date, source: HazardSource, *, today: date) -> None:
    wrong: dict[str, str] = {}
    if not finding.title.strip():
        wrong["title"] = "请写清是什么隐患。"
    if finding.major and not finding.criterion.strip():
        wrong["criterion"] = "判为重大事故隐患的，请写明对应判定标准的哪一条。"
    if found_on > today:
        wrong["found_on"] = f"发现日期不能晚于今天（{today.isoformat()}）。"
    if finding.rectification and source is HazardSource.INSPECTION:
        wrong["rectification"] = "部门检查发现的隐患由企业填报整改，这里请留空。"
    if wrong:
        raise Invalid(f"隐患“{finding.title}”没有登记。", fields=wrong, kept=UNCHANGED, advice="改好后再登记。")


def _rectify(
    session: Session, hazard: Hazard, rectification: str, *, on: date, fixed_on_the_spot: bool, by: Actor, now: datetime
) -> None:
    move(
        session,
        hazard,
        HazardState.RECTIFIED,
        fixed_on_the_spot=fixed_on_the_spot,
        rectification=_words_of(rectification, field="rectification", what="整改情况"),
        rectified_on=on,
        rectified_at=now,
        rectified_by_id=by.person_id,
    )


def _to_recheck(session: Session, hazard_id: int, version: int | None, *, by: Actor) -> Hazard:
    hazard = hazard_for(session, hazard_id, Permission.SEE, version, by=by)
    check_recheck(
        by,
        relation=relation(session, by, hazard.enterprise_id),
        major=hazard.major,
        rectified_by_id=hazard.rectified_by_id,
    )
    check_move("隐患", HazardState(hazard.state), HazardState.CLOSED)
    return hazard


def _words_of(words: str, *, field: str, what: str) -> str:
    text = words.strip()
    if not text or len(text) > LONGEST_WORDS:
        sentence = f"请写明{what}。" if not text else f"最多写{LONGEST_WORDS}个字，现在有{len(text)}个字。"
        raise Invalid(f"{what}没有写好。", fields={field: sentence}, kept=UNCHANGED)
    return text


def _record(
    session: Session,
    kind: str,
    hazard: Hazard,
    *,
    by: Actor,
    now: datetime,
    submission: Submission | None = None,
    **data: Any,
) -> None:
    task = session.get(Task, submission.task_id) if submission else None
    record(
        session,
        kind,
        by=by,
        now=now,
        about=hazard,
        campaign_id=task.campaign_id if task else None,
        organisation_id=hazard.enterprise_id,
        number=hazard.number,
        title=hazard.title,
        major=hazard.major,
        **data,
    )
