"""汇编: what lower levels wrote in words or in lists, beside each other, because words do not add up."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.report_form import Atom, ReportForm
from campaigns.rules.reporting.checks import BESIDE_EACH_OTHER
from campaigns.rules.reporting.figures import shown
from campaigns.rules.reporting.indicators import row_of
from campaigns.rules.states import ReportState
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import Cells, cells_of, month
from campaigns.store.reporting.reports import Report


@dataclass(frozen=True, slots=True)
class Said:
    """What one organisation wrote: of a list each begun line (`values` by column), of a text one line for the whole."""

    report_id: int
    organisation: str
    values: tuple[tuple[str, str], ...]


def said_below(session: Session, report: Report, form: ReportForm) -> tuple[Said, ...]:
    """Return what every accepted report below wrote, level by level; nothing for a form that is all figures.

    Who sees a report sees what was added into it: the caller has checked the report itself.
    """
    atoms = [atom for atom in form.atoms if atom.rollup in BESIDE_EACH_OTHER]
    if not atoms:
        return ()
    said: list[Said] = []
    level = [report.id]
    while level:
        below = session.execute(
            select(col(Report.id), col(Organisation.name))
            .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
            .where(col(Report.parent_id).in_(level), col(Report.state) == ReportState.ACCEPTED)
            .order_by(col(Organisation.id))
        ).all()
        for report_id, name in below:
            said += (Said(report_id, name, values) for values in _lines(atoms, cells_of(session, report_id)))
        level = [report_id for report_id, _ in below]
    return tuple(said)


def _lines(atoms: list[Atom], cells: Cells) -> Iterator[tuple[tuple[str, str], ...]]:
    lines: dict[str, list[tuple[str, str]]] = {}
    for atom in atoms:
        cell = cells.get(atom.code)
        text = (cell.text or "" if cell else "") if atom.worded else shown(atom, month(cell))
        lines.setdefault(row_of(atom), []).append((_column(atom), text))
    for values in lines.values():
        if any(text for _, text in values):
            yield tuple(values)


def _column(atom: Atom) -> str:
    return f"{atom.title}（{atom.unit}）" if atom.unit in ("万元", "人", "个") else atom.title
