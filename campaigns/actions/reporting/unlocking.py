"""解锁: an exception from the lock, given by the superior for a reason and for a time; 审核: a second pair of eyes."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.reporting.filling import check_moving, load, trail_of
from campaigns.clock import instant, local_date
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import ReportState
from campaigns.store.reporting.cells import cells_of, figures_before, findings, fingerprint
from campaigns.store.reporting.handed_over import handed_over
from campaigns.store.reporting.reports import Report, ReportCell
from campaigns.store.scope import check_relation, decider_id

LONGEST_DAYS = 31
LONGEST_REASON = 300


def unlock(session: Session, *, report_id: int, until: date | None, reason: str, by: Actor, now: datetime) -> Report:
    """解锁: let a locked or sealed report be filled in or corrected until the end of a day, for a reason.

    Raises:
        Invalid: no reason, one that is too long to keep, or a day that is past or more than a month away.
    """
    report, _ = load(session, report_id)
    check_relation(session, by, Permission.DECIDE_REPORT, report.organisation_id)
    if by.organisation_id != decider_id(session, report):
        raise Forbidden("这张表由它的直接上级解锁。", kept="没有改动任何内容。", advice="请联系直接上级办理。")
    if report.state in (ReportState.FILED, ReportState.REPLACED):
        raise Conflict("这张表不用解锁。", kept="没有改动任何内容。", advice="要改的，请退回下级。")
    wrong = {}
    if not reason.strip():
        wrong["reason"] = "请写明为什么解锁。"
    if len(reason.strip()) > LONGEST_REASON:
        wrong["reason"] = f"解锁原因最多写{LONGEST_REASON}个字，现在有{len(reason.strip())}个字。"
    if until is None or not 0 <= (until - local_date(now)).days <= LONGEST_DAYS:
        wrong["until"] = f"请填今天起{LONGEST_DAYS}天以内的日期。"
    if wrong or until is None:
        raise Invalid("没有解锁。", fields=wrong, kept="没有改动任何内容。", advice="改好后再提交一次。")
    report.unlocked_until = instant(until, time(23, 59, 59))
    session.flush()
    data: dict[str, Any] = {"until": until.isoformat(), "reason": reason.strip()}
    record(session, "report.unlocked", by=by, now=now, about=report, **trail_of(report), **data)
    return report


def review(session: Session, *, report_id: int, by: Actor, now: datetime) -> Report:
    """审核: somebody of the same office, who typed none of it, has looked through the table before it is signed.

    It holds for the figures as they stand: whoever changes one afterwards takes the review away.

    Raises:
        Forbidden: he typed figures of it himself.
        Invalid: it does not balance yet; `fields` maps each atom to what is wrong with it.
    """
    report, form = load(session, report_id)
    check_relation(session, by, Permission.FILL_REPORT, report.organisation_id)
    check_moving(report)
    typed = select(col(ReportCell.atom)).where(col(ReportCell.report_id) == report.id)
    if session.scalar(typed.where(col(ReportCell.typed_by_id) == by.person_id).limit(1)):
        raise Forbidden("您填过这张表，不能再由您审核。", kept="没有改动任何内容。", advice="请本单位另一位同志审核。")
    cells = cells_of(session, report.id)
    before, left = figures_before(session, form, report), handed_over(session, form, report).by_atom
    found = findings(form, cells, before, typed_below=report.task_id is None, left=left)
    if found:
        fields = {finding.atom: f"{finding.sentence}。" for finding in reversed(found)}
        raise Invalid(f"有{len(found)}处没有通过校核，不能审核通过。", fields=fields, advice="请改正所列各格后再审核。")
    report.reviewed_by_id, report.reviewed_sha256 = by.person_id, fingerprint(form, cells)
    session.flush()
    record(session, "report.reviewed", by=by, now=now, about=report, **trail_of(report))
    return report
