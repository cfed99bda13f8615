"""补录: what people type into a report, beside what the system computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from campaigns.actions.events import record
from campaigns.actions.reporting.blanks import ONE, Blanks
from campaigns.actions.reporting.carrying import carry_over, work_out
from campaigns.actions.reporting.deciders import check_may_write
from campaigns.actions.reporting.rollup import recount
from campaigns.clock import local
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.reporting.figures import FigureError, read, read_words, shown
from campaigns.rules.states import OPEN_REPORT_STATES, ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.database import locked
from campaigns.store.reporting.cells import Cells, cells_of
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report, ReportCell

LONGEST_REASON = 300
_COLUMNS = (("month", "当月"), ("total", "累计"))


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed for one atom; None leaves a blank as it stands, an empty text clears it. Words come as `month`."""

    month: str | None = None
    total: str | None = None
    reason: str | None = None


def load(session: Session, report_id: int) -> tuple[Report, ReportForm]:
    """Return a report, locked, with its form: what is checked of it holds until it is kept. Raises NotFound."""
    report = locked(session, Report, report_id)
    if report is None:
        raise NotFound
    return report, report_form(session, session.get_one(Campaign, report.campaign_id), report.form)


def fill_cells(
    session: Session, *, report_id: int, edit_version: int, values: Mapping[str, Typed], by: Actor, now: datetime
) -> Report:
    """Keep what a person typed over or beside the computed figures; a blank is kept blank, never turned into zero.

    `edit_version` is the one the person saw: somebody else's edit in between is never overwritten.

    Raises:
        Invalid: values of the wrong kind, with `fields` named `month-1.1`, `total-1.1`, `reason-1.1`; nothing is kept.
        Conflict: the report is filed, or was edited meanwhile.
    """
    report, form = load(session, report_id)
    behalf = check_may_write(session, report, Permission.FILL_REPORT, by)
    check_moving(report)
    check_lock(report, form, now)
    cells = cells_of(session, report.id)
    if edit_version != report.edit_version:
        raise _edited_meanwhile(form, cells, values)
    changed = _keep(form, cells, values, by)
    if not changed:
        return report
    report.edit_version += 1
    session.flush()
    carry_figures(session, report, form)
    record(session, "report.filled", by=by, now=now, about=report, **trail_of(report), changed=changed, behalf=behalf)
    return report


def carry_figures(session: Session, report: Report, form: ReportForm) -> None:
    """Work out 累计 and 计算 cells again after something was typed."""
    blanks = Blanks.of(session, report, form)
    carry_over(session, form, ONE, blanks)
    session.expire_all()
    work_out(session, form, ONE, blanks)


def refresh(session: Session, *, report_id: int, by: Actor, now: datetime) -> Report:
    """重新取数: bring an open report up to date with the rows of this moment."""
    report, _ = load(session, report_id)
    check_may_write(session, report, Permission.FILL_REPORT, by)
    check_moving(report)
    recount(session, report=report, now=now, everything=True)
    return report


def check_moving(report: Report) -> None:
    """Raise unless figures may still change."""
    if report.state not in OPEN_REPORT_STATES:
        label = ReportState(report.state).label
        raise Conflict(
            f"这张表“{label}”，数字已经锁定。",
            kept="没有改动任何内容。",
            advice="需要改的，请上级退回后再改。"
            if report.state == ReportState.FILED
            else "要改已接收的表，请上级解锁后办理更正。",
        )


def check_lock(report: Report, form: ReportForm, now: datetime) -> None:
    """Raise if a report's time is over: it is locked by its form, or the exception that let it be corrected has run out."""
    if report.state == ReportState.CORRECTING:
        if report.unlocked_until is not None:
            check_unlocked(report, now)
    elif form.locks_after is not None and now > report.due_at + timedelta(days=form.locks_after):
        check_unlocked(report, now)


def check_unlocked(report: Report, now: datetime) -> None:
    """Raise unless the superior's exception from the lock (解锁) is in force."""
    if report.unlocked_until is None:
        raise Conflict("这张表已经锁定。", kept="没有改动任何内容。", advice="请上级解锁后再改，解锁要写明原因和期限。")
    if now > report.unlocked_until:
        until = local(report.unlocked_until)
        raise Conflict(
            f"解锁已于{until.month}月{until.day}日到期，这张表又锁定了。",
            kept="已经保存的内容都还在。",
            advice="请上级重新解锁。",
        )


def trail_of(report: Report) -> dict[str, Any]:
    """Return what every event about a report says."""
    return {
        "campaign_id": report.campaign_id,
        "organisation_id": report.organisation_id,
        "form": report.form,
        "period": report.period,
    }


def _keep(form: ReportForm, cells: Cells, values: Mapping[str, Typed], by: Actor) -> dict[str, list[object]]:
    wrong: dict[str, str] = {}
    changed: dict[str, list[object]] = {}
    for atom in form.atoms:
        typed, cell = values.get(atom.code), cells.get(atom.code)
        if typed is None or cell is None or atom.formula is not None:
            continue
        before = _typed_in(cell)
        wrong |= _write(atom, cell, typed)
        if _typed_in(cell) != before:
            cell.typed_by_id = by.person_id
            changed[atom.code] = list(_typed_in(cell))
    if wrong:
        raise Invalid("有几格填得不对，没有保存。", fields=wrong, kept="您填的内容都还在。", advice="请改正后再保存。")
    return changed


def _typed_in(cell: ReportCell) -> tuple[object, ...]:
    return cell.month_reported, cell.total_reported, cell.reason, cell.text


def _write(atom: Atom, cell: ReportCell, typed: Typed) -> dict[str, str]:
    wrong = {}
    for column, _ in _COLUMNS:
        text = getattr(typed, column)
        if text is None:
            continue
        try:
            if atom.worded:
                cell.text = read_words(atom, text) or None
            else:
                setattr(cell, f"{column}_reported", _over(cell, column, read(atom, text)))
        except FigureError as error:
            wrong[f"{column}-{atom.code}"] = f"{error}。"
    if typed.reason is not None:
        reason = " ".join(typed.reason.split())
        if len(reason) > LONGEST_REASON:
            wrong[f"reason-{atom.code}"] = f"差异原因最多写{LONGEST_REASON}个字，现在有{len(reason)}个字。"
        cell.reason = reason[:LONGEST_REASON]
    return wrong


def _over(cell: ReportCell, column: str, value: int | None) -> int | None:
    """A figure typed as the system computed it is not a difference: it follows the rows again."""
    computed: int | None = getattr(cell, f"{column}_computed")
    return None if value == computed else value


def _edited_meanwhile(form: ReportForm, cells: Cells, values: Mapping[str, Typed]) -> Conflict:
    differences = []
    for atom in form.atoms:
        typed, cell = values.get(atom.code), cells.get(atom.code)
        for column, word in _COLUMNS:
            text = getattr(typed, column, None)
            now = getattr(cell, "text", None) if atom.worded else shown(atom, getattr(cell, f"{column}_reported", None))
            if text is not None and text.strip() != (now or ""):
                differences.append(f"{atom.code}{word}现为“{now or '空'}”，您填“{text.strip() or '空'}”")
    listed = "；".join(differences[:8])
    return Conflict(
        f"别人刚刚改过这张表，您的修改没有保存。{listed}",
        kept="表里是别人保存的内容。",
        advice="请刷新页面，核对后再填。",
    )
