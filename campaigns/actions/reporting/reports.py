"""The life of a filed report: signed and filed, accepted or sent back by the superior, sealed; its task keeps in step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.reporting.correcting import correct_above
from campaigns.actions.reporting.deciders import check_may_write
from campaigns.actions.reporting.filling import carry_figures, check_lock, load, trail_of
from campaigns.actions.reporting.freezing import freeze, thaw
from campaigns.actions.reporting.opening import open_due_periods, open_period
from campaigns.actions.reporting.rollup import recount
from campaigns.actions.stepping import check_length
from campaigns.definition.report_form import ReportForm
from campaigns.errors import Conflict, Forbidden, Invalid
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.reporting.punctuality import judged_by
from campaigns.rules.states import OPEN_REPORT_STATES, OPEN_TASK_STATES, ReportState, TaskState, check_move
from campaigns.store.database import locked
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import cells_of, figures_before, findings, fingerprint, month, signature
from campaigns.store.reporting.handed_over import handed_over
from campaigns.store.reporting.reports import Report, ReportComment
from campaigns.store.scope import check_relation, decider_id, excused
from campaigns.store.work.tasks import Task

NO_COMMENTS: Mapping[str, str] = {}
LONGEST_BEHALF, LONGEST_COMMENT = 200, 300
__all__ = ["accept", "decider_id", "file", "open_due_periods", "open_period", "send_back", "waiting_below"]


def file(
    session: Session,
    *,
    report_id: int,
    seen: str = "",
    nil: bool = False,
    without: str = "",
    behalf: str = "",
    by: Actor,
    now: datetime,
) -> Report:
    """上报: sign the table as it stands and freeze it with what is behind every number.

    `seen` is the fingerprint of the figures the person looked at (empty: do not compare); newer rows stop the filing, so that
    nobody signs what he did not see. `nil` signs a 零报告: blanks become zero, and nothing may have happened this month.
    `without` is the reason for filing before every lower level was accepted; those are then left out, and said so.
    `behalf` is the reason why the superior files it (代报); whoever files his own needs none.

    Raises:
        Invalid: no reason for 代报, figures missing or not balancing; `fields` maps each atom to what is wrong with it.
        Conflict: filed already, newer figures, the period before not filed, or lower levels missing without a reason.
    """
    report, form = load(session, report_id)
    stands_in = check_may_write(session, report, Permission.SIGN_NIL if nil else Permission.FILE_REPORT, by)
    _check_time(session, report, form, now)
    _check_reason_for_behalf(stands_in, behalf.strip())
    _check_order(session, report, form)
    missing = _check_lower_levels(session, report, without.strip())
    _check_nothing_newer(session, report, form, seen, now)
    if nil:
        _fill_with_zero(session, report, form)
    _check_figures(session, report, form, nil=nil)
    report.behalf = behalf.strip() if stands_in else ""
    _seal(session, report, form, nil=nil, by=by, now=now)
    data = _told(report, without.strip(), missing)
    record(session, "report.filed", by=by, now=now, about=report, **trail_of(report), **data)
    if decider_id(session, report) is None:
        report.state, report.decided_at = ReportState.ACCEPTED, now  # nobody above in this system: sealed at once
    return report


def accept(session: Session, *, report_id: int, by: Actor, now: datetime) -> Report:
    """接收: the superior takes the table; it is sealed for ever and added up in his own."""
    report, _ = load(session, report_id)
    _check_decider(session, report, by)
    check_move("调度表", ReportState(report.state), ReportState.ACCEPTED)
    report.state, report.decided_at, report.decided_by_id, report.reason = (
        ReportState.ACCEPTED,
        now,
        by.person_id,
        "",
    )
    _keep_task_in_step(session, report, TaskState.ACCEPTED, now)
    session.flush()
    record(session, "report.accepted", by=by, now=now, about=report, **trail_of(report), sha256=report.sha256)
    parent = session.get(Report, report.parent_id) if report.parent_id else None
    if report.version > 1:
        correct_above(session, report, now=now)
    elif parent is not None:
        recount(session, report=parent, now=now)
    return report


def send_back(
    session: Session,
    *,
    report_id: int,
    reason: str,
    comments: Mapping[str, str] = NO_COMMENTS,
    by: Actor,
    now: datetime,
) -> Report:
    """退回: the superior returns the table with a reason; its figures move again until it is filed anew.

    `comments` say by atom what is wrong with a cell; one comment is reason enough.
    """
    report, form = load(session, report_id)
    _check_decider(session, report, by)
    check_move("调度表", ReportState(report.state), ReportState.RETURNED)
    said = _comments(form, comments)
    reason = reason.strip() or ("请按各格意见改正。" if said else "")
    check_length(reason, what="退回原因")
    if not reason:
        raise Invalid(
            "没有写退回原因，没有退回。",
            fields={"reason": "请写明哪一格有什么问题、怎样改。"},
            kept="没有改动任何内容。",
        )
    report.state, report.decided_at, report.decided_by_id = ReportState.RETURNED, now, by.person_id
    report.reason = reason
    report.edit_version += 1
    thaw(session, report)
    _keep_task_in_step(session, report, TaskState.SENT_BACK, now)
    session.flush()
    session.add_all(
        ReportComment(report_id=report.id, atom=atom, text=text, said_by_id=by.person_id, said_at=now)
        for atom, text in said.items()
    )
    session.flush()
    data: dict[str, Any] = {"reason": report.reason, "comments": said}
    record(session, "report.returned", by=by, now=now, about=report, **trail_of(report), **data)
    return report


def waiting_below(session: Session, report: Report) -> list[str]:
    """Return the names of the lower levels whose report is not accepted yet; they are not in this report's figures."""
    missing = (
        select(col(Organisation.name))
        .join(Report, col(Report.organisation_id) == col(Organisation.id))
        .where(col(Report.parent_id) == report.id, col(Report.state) != ReportState.ACCEPTED, ~excused())
    )
    return list(session.scalars(missing.order_by(col(Organisation.id))))


def _comments(form: ReportForm, comments: Mapping[str, str]) -> dict[str, str]:
    """Keep what is said about cells that the form has."""
    said = ((atom.code, " ".join(comments.get(atom.code, "").split())) for atom in form.atoms)
    kept = {code: text for code, text in said if text}
    for code, text in kept.items():
        check_length(text, what=f"{code}的意见", longest=LONGEST_COMMENT)
    return kept


def _told(report: Report, without: str, missing: list[str]) -> dict[str, Any]:
    """What the record of a filing says besides whose table it is."""
    told = {name: getattr(report, name) for name in ("sha256", "late", "nil", "behalf", "version")}
    return told | {"without": without, "missing": missing}


def _check_time(session: Session, report: Report, form: ReportForm, now: datetime) -> None:
    """Raise unless the report may be filed now: open, not locked, and still expected."""
    check_move("调度表", ReportState(report.state), ReportState.FILED)
    check_lock(report, form, now)
    if session.scalar(select(exists().where(col(Report.id) == report.id, excused()))):
        raise Conflict(
            "这张表的报送任务已经豁免或撤销，不用上报。", kept="填的内容都已保存。", advice="如需恢复，请联系上级。"
        )


def _check_reason_for_behalf(stands_in: bool, reason: str) -> None:
    if stands_in and not reason:
        raise Invalid(
            "没有写代报原因，没有上报。",
            fields={"behalf": "请写明为什么由上级代报。"},
            kept="填的内容都已保存。",
            advice="写明原因后再上报，原因会在表上一直注明。",
        )
    if stands_in:
        check_length(reason, what="代报原因", field="behalf", longest=LONGEST_BEHALF)


def _check_order(session: Session, report: Report, form: ReportForm) -> None:
    last = session.get(Report, report.previous_id) if report.previous_id else None
    if last is not None and last.state in OPEN_REPORT_STATES and form.catch_up == "逐月补齐":
        still = "正在更正" if last.state == ReportState.CORRECTING else "还没有上报"
        raise Conflict(
            f"上一期（{period_label(last.period)}）{still}，不能先报{period_label(report.period)}。",
            kept="您填的内容都已保存。",
            advice=f"请先上报{period_label(last.period)}的表，再回来上报这一期。",
        )


def _check_lower_levels(session: Session, report: Report, reason: str) -> list[str]:
    """Return who is left out; raises unless everybody is in or the reason is said."""
    missing = waiting_below(session, report)
    if not missing or reason:
        return missing
    raise Conflict(
        f"还有{len(missing)}个下级的表没有接收：{'、'.join(missing[:10])}。",
        kept="没有上报。",
        advice="请先接收或催报；确需先报的，写明缺报原因后再上报，缺报的单位不计入本表。",
    )


def _check_nothing_newer(session: Session, report: Report, form: ReportForm, seen: str, now: datetime) -> None:
    before = fingerprint(form, cells_of(session, report.id))
    recount(session, report=report, now=now)
    after = fingerprint(form, cells_of(session, report.id))
    if after != before or (seen and seen != after):
        raise Conflict(
            "您打开页面以后，台账里又有新的数据，表里的数变了，没有上报。",
            kept="您填的内容都已保存。",
            advice="请点“重新取数”，核对后再上报。",
        )


def _fill_with_zero(session: Session, report: Report, form: ReportForm) -> None:
    cells = cells_of(session, report.id)
    happened = []
    for atom in form.atoms:
        cell = cells[atom.code]
        if cell.text or (month(cell) and not atom.stock and not atom.formula):
            happened.append(atom.code)
        elif month(cell) is None and atom.formula is None and not (atom.worded or form.lines):
            cell.month_reported = 0
    if happened:
        raise Invalid(
            f"本期有{len(happened)}格不是0，不能按零报告上报。",
            fields={code: f"{code}当月不是0，请核对。" for code in happened},
            advice="请按实际数字上报。",
        )
    session.flush()
    carry_figures(session, report, form)


def _check_figures(session: Session, report: Report, form: ReportForm, *, nil: bool) -> None:
    cells, before = cells_of(session, report.id), figures_before(session, form, report)
    left = handed_over(session, form, report).by_atom
    found = findings(form, cells, before, typed_below=report.task_id is None, left=left)
    if nil:  # a 零报告 leaves words and lists empty: its signature says that there was nothing
        silent = {atom.code for atom in form.atoms if atom.worded or form.lines}
        found = tuple(finding for finding in found if finding.atom not in silent)
    if found:
        raise Invalid(
            f"有{len(found)}处没有通过校核，没有上报。",
            fields={finding.atom: f"{finding.sentence}。" for finding in reversed(found)},
            kept="您填的内容都已保存。",
            advice="请按提示改正所列各格后再上报。",
        )


def _seal(session: Session, report: Report, form: ReportForm, *, nil: bool, by: Actor, now: datetime) -> None:
    freeze(session, report, form)
    task = session.get(Task, report.task_id) if report.task_id else None
    report.state, report.nil, report.unlocked_until = ReportState.FILED, nil, None
    if report.version == 1:  # a 更正 is no second chance to be on time, nor a second chance to be late
        before, due_at = report.received_at, (task or report).due_at
        report.received_at = judged_by(filed_at=now, received_at=before, returned_at=report.decided_at, due_at=due_at)
        # The notice gives a deadline to those who file by a duty; whoever only adds up has none of his own.
        report.late = task is not None and report.received_at > task.due_at
    report.filed_at, report.filed_by_id, report.edit_version = now, by.person_id, report.edit_version + 1
    _settle_comments(session, report, now)
    report.sha256 = signature(report, fingerprint(form, cells_of(session, report.id)))
    _keep_task_in_step(session, report, TaskState.SUBMITTED, now)
    if decider_id(session, report) is None:
        _keep_task_in_step(session, report, TaskState.ACCEPTED, now)
    session.flush()


def _settle_comments(session: Session, report: Report, now: datetime) -> None:
    settle = update(ReportComment).where(col(ReportComment.report_id) == report.id)
    unsettled = col(ReportComment.settled_at).is_(None)
    session.execute(settle.where(unsettled).values(settled_at=now).execution_options(synchronize_session=False))


def _keep_task_in_step(session: Session, report: Report, state: TaskState, now: datetime) -> None:
    task = locked(session, Task, report.task_id) if report.task_id else None
    if task is None or TaskState(task.state) not in (*OPEN_TASK_STATES, TaskState.SUBMITTED):
        return
    check_move("任务", TaskState(task.state), state)
    task.state, task.version = state, task.version + 1
    if state is TaskState.ACCEPTED:
        task.decided_at = now
    else:
        task.submitted_at = now if state is TaskState.SUBMITTED else None


def _check_decider(session: Session, report: Report, by: Actor) -> None:
    check_relation(session, by, Permission.DECIDE_REPORT, report.organisation_id)
    if by.organisation_id != decider_id(session, report):
        raise Forbidden("这张表由它的直接上级接收或退回。", kept="没有改动任何内容。", advice="请联系直接上级办理。")
