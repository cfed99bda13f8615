"""双报告: a major hazard reported to the bureau (直报) and to the workers' assembly, each once and with its receipt."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.hazards.step import hazard_for, note, words_of
from campaigns.actions.stepping import UNCHANGED
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.hazards.reporting_up import Addressee, why_not_report
from campaigns.rules.permissions import Actor, Permission, Relation
from campaigns.rules.states import HazardState
from campaigns.store.database import locked
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.records import HazardReport
from campaigns.store.scope import relation

LONGEST_NAME = 60


def report_to_bureau(session: Session, *, hazard_id: int, content: str, by: Actor, now: datetime) -> HazardReport:
    """直报: report a major hazard to the supervising bureau, into its inbox. The bureau signs for it by `receive`."""
    hazard = _to_report(session, hazard_id, Addressee.BUREAU, by=by)
    report = _report(hazard, Addressee.BUREAU, content, by=by, now=now)
    session.add(report)
    session.flush()
    note(session, "hazard.reported_up", hazard, by=by, now=now, opinion=report.content)
    return report


def report_to_workers(
    session: Session,
    *,
    hazard_id: int,
    content: str,
    received_by: str,
    received_on: date | None,
    by: Actor,
    now: datetime,
) -> HazardReport:
    """Note that the workers' assembly was told, on which day and who signed for it there."""
    hazard = _to_report(session, hazard_id, Addressee.WORKERS, by=by)
    report = _report(hazard, Addressee.WORKERS, content, by=by, now=now)
    wrong: dict[str, str] = {}
    name, today = received_by.strip(), local_date(now)
    if not name or len(name) > LONGEST_NAME:
        wrong["received_by"] = f"请写签收人的姓名和职务（不超过{LONGEST_NAME}个字）。"
    if received_on is None or not hazard.found_on <= received_on <= today:
        wrong["received_on"] = f"签收日期应在{day_words(hazard.found_on)}到{day_words(today)}之间。"
    if wrong:
        raise Invalid("没有保存。", fields=wrong, kept=UNCHANGED)
    report.received_by, report.received_on, report.received_at = name, received_on, now
    session.add(report)
    session.flush()
    note(session, "hazard.told_workers", hazard, by=by, now=now, opinion=f"{name}签收：{report.content}")
    return report


def receive(session: Session, *, hazard_id: int, by: Actor, now: datetime) -> HazardReport:
    """接收直报: an official of the supervising bureau signs for the report; his name and the server's clock are the receipt."""
    hazard = hazard_for(session, hazard_id, Permission.RECHECK_HAZARD, by=by)
    if relation(session, by, hazard.enterprise_id) is not Relation.SUPERVISED:
        raise Forbidden("直报由监管部门接收。", kept=UNCHANGED)
    known = report_of(session, hazard.id, Addressee.BUREAU)
    report = locked(session, HazardReport, known.id) if known else None
    if report is None or report.received_at is not None:
        raise Conflict("没有等待接收的直报。", kept=UNCHANGED, advice="请刷新页面查看。")
    report.received_by, report.received_by_id = by.name, by.person_id
    report.received_on, report.received_at = local_date(now), now
    session.flush()
    note(session, "hazard.report_received", hazard, by=by, now=now)
    return report


def report_of(session: Session, hazard_id: int, to: Addressee) -> HazardReport | None:
    """Return the report of a hazard to one addressee."""
    which = col(HazardReport.hazard_id) == hazard_id, col(HazardReport.addressee) == to
    return session.scalar(select(HazardReport).where(*which))


def _to_report(session: Session, hazard_id: int, to: Addressee, *, by: Actor) -> Hazard:
    hazard = hazard_for(session, hazard_id, Permission.RECTIFY_HAZARD, by=by)
    made = {to} if report_of(session, hazard.id, to) else set()
    if why_not_report(major=hazard.major, state=HazardState(hazard.state), made=made, to=to) is None:
        sentence = f"已经向{to.label}报告过。" if made else "只有重大事故隐患才要双报告。"
        raise Conflict(sentence, kept=UNCHANGED, advice="请刷新页面查看。")
    return hazard


def _report(hazard: Hazard, to: Addressee, content: str, *, by: Actor, now: datetime) -> HazardReport:
    words = words_of(content, field="content", what="报告内容")
    return HazardReport(
        hazard_id=hazard.id, addressee=to, content=words, reported_by_id=by.person_id or 0, reported_at=now
    )
