"""A report's cells as the rules want them: what is filed, what last period filed, what stands in the way."""

import hashlib
from collections.abc import Mapping
from datetime import UTC

import orjson
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.report_form import ReportForm
from campaigns.rules.reporting.checks import Finding, blanks, mistakes, named
from campaigns.rules.reporting.figures import shown
from campaigns.store.reporting.reports import Report, ReportCell

Cells = Mapping[str, ReportCell]
_NOTHING: Mapping[str, int] = {}


def cells_of(session: Session, report_id: int | None) -> dict[str, ReportCell]:
    """Return a report's cells by atom."""
    cells = session.scalars(select(ReportCell).where(col(ReportCell.report_id) == report_id))
    return {cell.atom: cell for cell in cells}


def month(cell: ReportCell | None) -> int | None:
    """Return 当月 as reported: typed, else computed."""
    if cell is None:
        return None
    return cell.month_computed if cell.month_reported is None else cell.month_reported


def total(cell: ReportCell | None) -> int | None:
    """Return 累计 as reported: typed, else computed."""
    if cell is None:
        return None
    return cell.total_computed if cell.total_reported is None else cell.total_reported


def filed_figures(form: ReportForm, cells: Cells) -> dict[str, int | None]:
    """Return the figures that the form files: 累计, or 当月 for a form that asks for nothing else."""
    reported = total if "累计" in form.basis else month
    return {atom.code: reported(cells.get(atom.code)) for atom in form.atoms}


def words_in(cells: Cells) -> dict[str, str]:
    """Return what stands in the cells of words, by atom."""
    return {code: cell.text for code, cell in cells.items() if cell.text}


def figures_before(session: Session, form: ReportForm, report: Report) -> dict[str, int | None] | None:
    """Return what the period before filed; None for a first period, and when 累计 starts again in a new year."""
    last = session.get(Report, report.previous_id) if report.previous_id else None
    if last is None or (form.counts_from == "1月1日" and last.period[:4] != report.period[:4]):
        return None
    return filed_figures(form, cells_of(session, last.id))


def findings(
    form: ReportForm,
    cells: Cells,
    before: Mapping[str, int | None] | None,
    *,
    typed_below: bool = False,
    left: Mapping[str, int] = _NOTHING,
) -> tuple[Finding, ...]:
    """Return what stops a table from being filed, each naming its cell: blanks, broken checks, differences without a reason.

    `typed_below`: the report adds up lower levels, so a figure typed over theirs needs a reason too. `left`: by how much each
    cell shrank because enterprises were handed over (移交) since the period before.
    """
    figures = filed_figures(form, cells)
    if before is not None:
        before = {code: _less(figure, left.get(code, 0)) for code, figure in before.items()}
    months = {atom.code: month(cells.get(atom.code)) for atom in form.atoms} if "累计" in form.basis else {}
    missing = blanks(form, figures, words_in(cells), adds_up=typed_below)
    found = (*missing, *mistakes(form, figures, before=before, months=months), *_unexplained(form, cells, typed_below))
    return tuple(found)


def _less(figure: int | None, gone: int) -> int | None:
    return None if figure is None else max(0, figure - gone)


def _unexplained(form: ReportForm, cells: Cells, typed_below: bool) -> list[Finding]:
    found = []
    for atom in form.atoms:
        cell = cells.get(atom.code)
        if cell is None or cell.reason:
            continue
        retyped_stock = atom.stock and atom.source == "填报" and not typed_below
        pairs = [] if retyped_stock else [("当月", cell.month_computed, cell.month_reported)]
        for word, computed, reported in (*pairs, ("累计", cell.total_computed, cell.total_reported)):
            if None not in (computed, reported) and computed != reported:
                sentence = (
                    f"{named(form, atom)}{word}系统算得{shown(atom, computed)}，"
                    f"填报为{shown(atom, reported)}，请写明差异原因"
                )
                found.append(Finding(atom.cell, atom.code, sentence))
    return found


def fingerprint(form: ReportForm, cells: Cells) -> str:
    """Return the SHA-256 over every figure of a table, computed and reported, with its reason, in the form's order."""
    rows = []
    for atom in form.atoms:
        cell = cells.get(atom.code) or ReportCell(report_id=0, atom=atom.code)
        computed, reported = (cell.month_computed, cell.total_computed), (cell.month_reported, cell.total_reported)
        said = [cell.text] if atom.worded else []
        rows.append([atom.code, *computed, *reported, cell.reason, *said])
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()


def signature(report: Report, figures_sha256: str) -> str:
    """Return the SHA-256 that a filed report is sealed with: whose, which period, until when counted, by whom and when filed."""
    content = [
        report.campaign_id,
        report.form,
        report.organisation_id,
        report.period,
        report.version,
        report.counted_from.isoformat(),
        report.counted_until.isoformat(),
        report.nil,
        report.filed_by_id,
        None if report.filed_at is None else report.filed_at.astimezone(UTC).isoformat(),
        figures_sha256,
    ]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()
