"""调度表: the list of an organisation's reports, one table, its typed cells, what is behind a number, filing and deciding."""

from collections.abc import Mapping
from enum import StrEnum

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep
from api.downloads import XLSX, attachment
from api.paging import Page
from api.sent import sent_version
from campaigns.actions.reporting.filling import Typed, fill_cells, refresh
from campaigns.actions.reporting.reports import accept, file, send_back
from campaigns.documents.progress_table import workbook
from campaigns.errors import Forbidden, Invalid
from campaigns.queries.reporting.behind import rows_behind
from campaigns.queries.reporting.behind_rows import PAGE
from campaigns.queries.reporting.monthly import monthly_table
from campaigns.queries.reporting.reports import own_reports
from campaigns.queries.reporting.sheet import report_sheet
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Permission, check_somewhere

router = APIRouter()

COLUMNS = ("month", "total", "reason")


class Face(StrEnum):
    """Which figures the table shows."""

    TOTAL = "total"
    MONTH = "month"
    COMPARE = "compare"


@router.get("/reports")
def report_list(visit: VisitDep) -> Response:
    """List the reports of the actor's organisation."""
    check_somewhere(visit.actor, Permission.FILL_REPORT)
    return visit.page("reports.html", reports=own_reports(visit.session, actor=visit.actor))


@router.get("/reports/{report_id}")
def report_page(visit: VisitDep, report_id: int, show: Face | None = None) -> Response:
    """Show one table as the paper has it, with what stands in the way of filing."""
    return _report_page(visit, report_id, show)


@router.get("/reports/{report_id}/cells/{atom}")
def cell_page(visit: VisitDep, report_id: int, atom: str, page: int = 1) -> Response:
    """Open a number: the rows it was counted from, the lower levels' numbers, the cells it follows from, or who typed it."""
    behind = rows_behind(visit.session, report_id=report_id, atom=atom, actor=visit.actor, page=page)
    address = f"/reports/{report_id}/cells/{atom}"
    pages = Page(max(page, 1), behind.rows.total, size=PAGE, address=address)
    return visit.page("report-cell.html", behind=behind, page=pages)


@router.get("/reports/{report_id}/table.xlsx")
def report_file(visit: VisitDep, report_id: int) -> Response:
    """Download the table in the paper's layout."""
    sheet = report_sheet(visit.session, report_id=report_id, actor=visit.actor)
    return attachment(workbook(sheet.form, sheet.figures, as_of=sheet.as_of, words=sheet.words), sheet.name, XLSX)


@router.get("/reports/{report_id}/fill")
def fill_page(visit: VisitDep, report_id: int) -> Response:
    """Show the typed cells as a form, and the counted ones with a place to correct them with a reason."""
    return _fill_page(visit, report_id, {}, {})


@router.post("/reports/{report_id}/fill")
def fill(effect: EffectDep, report_id: int) -> Response:
    """Keep what was typed."""

    def change(session: Session) -> str:
        fill_cells(
            session,
            report_id=report_id,
            edit_version=sent_version(effect, "edit_version") or 0,
            values=_typed(effect),
            by=effect.actor,
            now=effect.now,
        )
        return f"/reports/{report_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _fill_page(visit, report_id, dict(invalid.fields), effect.values(), status=422)

    return effect.once(change, said="已保存。", refused=refused)


@router.post("/reports/{report_id}/refresh")
def refresh_report(effect: EffectDep, report_id: int) -> Response:
    """Count again from the rows of this moment."""

    def change(session: Session) -> str:
        refresh(session, report_id=report_id, by=effect.actor, now=effect.now)
        return f"/reports/{report_id}"

    return effect.once(change, said="已按台账重新取数。")


@router.post("/reports/{report_id}/file")
def file_report(effect: EffectDep, report_id: int) -> Response:
    """Sign and file, as a 零报告 if asked so."""

    def change(session: Session) -> str:
        file(
            session,
            report_id=report_id,
            seen=effect.text("seen"),
            nil=effect.text("nil") == "1",
            without=effect.text("without"),
            behalf=effect.text("behalf"),
            by=effect.actor,
            now=effect.now,
        )
        return f"/reports/{report_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return report_page_again(visit, report_id, invalid, typed=effect.values())

    return effect.once(change, said="已签发上报，数字已锁定。", refused=refused)


@router.post("/reports/{report_id}/accept")
def accept_report(effect: EffectDep, report_id: int) -> Response:
    """接收."""

    def change(session: Session) -> str:
        accept(session, report_id=report_id, by=effect.actor, now=effect.now)
        return f"/reports/{report_id}"

    return effect.once(change, said="已接收，计入本级汇总。")


@router.post("/reports/{report_id}/send-back")
def send_back_report(effect: EffectDep, report_id: int) -> Response:
    """退回."""

    def change(session: Session) -> str:
        send_back(
            session,
            report_id=report_id,
            reason=effect.text("reason"),
            comments={
                name.removeprefix("comment-"): said for name, said in effect.values().items() if "comment-" in name
            },
            by=effect.actor,
            now=effect.now,
        )
        return f"/reports/{report_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return report_page_again(visit, report_id, invalid, typed=effect.values())

    return effect.once(change, said="已退回。", refused=refused)


def report_page_again(
    visit: Visit, report_id: int, refused: Invalid, *, typed: Mapping[str, str] | None = None
) -> Response:
    """Show the table once more, with why a step was refused and what was typed for it."""
    return _report_page(visit, report_id, None, refused=refused, typed=typed, status=422)


def _report_page(
    visit: Visit,
    report_id: int,
    show: Face | None,
    *,
    refused: Invalid | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    table = monthly_table(visit.session, report_id=report_id, actor=visit.actor)
    show = show or (Face.MONTH if table.shape.this_period_only else Face.TOTAL)
    return visit.page(
        "report.html", status=status, table=table, show=show, faces=Face, refused=refused, typed=typed or {}
    )


def _fill_page(
    visit: Visit, report_id: int, errors: dict[str, str], values: dict[str, str], *, status: int = 200
) -> Response:
    table = monthly_table(visit.session, report_id=report_id, actor=visit.actor)
    if table.why_not_fill:
        raise Forbidden(
            table.why_not_fill, kept="没有改动任何内容。", advice=f"请回到{period_label(table.period)}的表查看。"
        )
    return visit.page("report-fill.html", status=status, table=table, errors=errors, values=values)


def _typed(effect: Effect) -> dict[str, Typed]:
    typed: dict[str, dict[str, str]] = {}
    for name, value in effect.values().items():
        column, _, atom = name.partition("-")
        if column in COLUMNS and atom:
            typed.setdefault(atom, {})[column] = value
    return {atom: Typed(**columns) for atom, columns in typed.items()}
