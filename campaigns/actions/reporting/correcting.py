"""更正: changing what was filed and accepted, as the next version. What was filed before stays readable, hash and all.

A superior that has added the old figures in gets a correction of its own, opened by the system and counted again; nobody's
signature is put under new figures but his own.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select, update
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.reporting.filling import check_unlocked, load, trail_of
from campaigns.actions.reporting.rollup import recount
from campaigns.actions.stepping import LONGEST_REASON, check_length
from campaigns.errors import Conflict, Invalid
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import SYSTEM, Actor, Permission
from campaigns.rules.states import ReportState, check_move
from campaigns.store.database import insert_into
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.evidence import REPORT
from campaigns.store.reporting.reports import Report, ReportCell, ReportMember
from campaigns.store.scope import check_relation, decider_id

_IN_FULL_BELOW = "……（全文见下级的表）"
_OF_THE_TREE = ("id", "parent_id", "previous_id", "task_id")
_CELL = ("month_computed", "month_reported", "total_computed", "total_reported", "text", "reason", "typed_by_id")


def correct(session: Session, *, report_id: int, reason: str, by: Actor, now: datetime) -> Report:
    """更正: open an accepted report again as its next version, with the reason; its superior must have unlocked it.

    Raises:
        Invalid: no reason, or one that is too long to keep.
        Conflict: not accepted yet (then it is returned, not corrected), or locked.
    """
    report, _ = load(session, report_id)
    check_relation(session, by, Permission.FILL_REPORT, report.organisation_id)
    if report.state == ReportState.FILED:
        raise Conflict(
            "这张表上级还没有接收，不用更正。", kept="没有改动任何内容。", advice="需要改的，请上级退回后再改。"
        )
    check_move("调度表", ReportState(report.state), ReportState.CORRECTING)
    if not reason.strip():
        raise Invalid("没有写更正原因，没有打开更正。", fields={"reason": "请写明哪一格错了、为什么错。"})
    check_length(reason.strip(), what="更正原因")
    if decider_id(session, report) is not None:
        check_unlocked(report, now)
    _next_version(session, report, reason=reason.strip(), by=by, now=now)
    return report


def correct_above(session: Session, report: Report, *, now: datetime) -> None:
    """Open the superior's correction when a correction below was accepted after he had filed; else count his table again."""
    parent = session.get(Report, report.parent_id) if report.parent_id else None
    if parent is None:
        return
    if parent.state in (ReportState.FILED, ReportState.ACCEPTED):
        name = session.get_one(Organisation, report.organisation_id).name
        parent.unlocked_until = None
        reason = _shortened(f"下级更正：{name}{period_label(report.period)}第{report.version}版。{report.correction}")
        _next_version(session, parent, reason=reason, by=SYSTEM, now=now)
    recount(session, report=parent, now=now, everything=True)


def _shortened(reason: str) -> str:
    """The system's own sentence quotes a reason that may itself be as long as one can be; it says where the rest stands."""
    if len(reason) <= LONGEST_REASON:
        return reason
    return reason[: LONGEST_REASON - len(_IN_FULL_BELOW)] + _IN_FULL_BELOW


def _next_version(session: Session, report: Report, *, reason: str, by: Actor, now: datetime) -> None:
    _keep_version(session, report)
    report.state, report.correction = ReportState.CORRECTING, reason
    report.reason, report.sha256, report.reviewed_by_id, report.reviewed_sha256 = "", "", None, ""
    report.edit_version += 1
    session.flush()
    data: dict[str, Any] = {"version": report.version, "reason": report.correction}
    record(session, "report.correcting", by=by, now=now, about=report, **trail_of(report), **data)


def _keep_version(session: Session, report: Report) -> None:
    """Set aside what was filed: the row, its cells, and what was behind every number."""
    columns = {name: getattr(report, name) for name in Report.model_fields if name not in _OF_THE_TREE}
    report.version += 1
    session.flush()
    kept = Report(**columns | {"state": ReportState.REPLACED, "current_id": report.id, "unlocked_until": None})
    session.add(kept)
    session.flush()
    session.execute(insert_into(session, ReportCell).from_select(["report_id", "atom", *_CELL], _cells(report, kept)))
    behind = update(ReportMember).execution_options(synchronize_session=False)
    session.execute(behind.where(col(ReportMember.report_id) == report.id).values(report_id=kept.id))
    added_in = col(ReportMember.kind) == REPORT, col(ReportMember.row_id) == report.id
    session.execute(behind.where(*added_in).values(row_id=kept.id))
    session.expire_all()


def _cells(report: Report, kept: Report) -> Select[tuple[int]]:
    columns = (getattr(ReportCell, name) for name in ("atom", *_CELL))
    return select(literal(kept.id), *columns).where(col(ReportCell.report_id) == report.id)
