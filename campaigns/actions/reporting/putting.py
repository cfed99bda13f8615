"""How a count writes its figures: one INSERT … SELECT per step, in which what people typed is never named."""

from functools import lru_cache
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session, col

from campaigns.actions.reporting.blanks import Blanks, Which
from campaigns.store.database import upserting
from campaigns.store.reporting.reports import Report, ReportCell

COLUMNS = ("report_id", "atom", "month_computed", "total_computed", "reason")


def put(dialect: str, cells: Any) -> Any:
    """Write selected cells (in the order of `COLUMNS`) as new ones, or as new figures of those that are there."""
    insert = upserting(dialect, ReportCell).from_select(COLUMNS, cells)
    return insert.replacing(keys=("report_id", "atom"), columns=("month_computed", "total_computed"))


def put_first(dialect: str, cells: Any) -> Any:
    """Write selected cells of reports that have none: no conflict is looked for."""
    return upserting(dialect, ReportCell).from_select(COLUMNS, cells)


def without_cells(session: Session, which: Which, blanks: Blanks) -> bool:
    """Whether none of these reports was ever counted."""
    return not blanks.fill(session, _any_cell(which)).scalar()


@lru_cache(maxsize=8)
def _any_cell(which: Which) -> Any:
    return select(exists().where(col(ReportCell.report_id).in_(select(col(Report.id)).where(*which))))
