"""What the system ships besides whole campaigns: forms, reports, ready duties, tables of working days (campaigns/library/)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from campaigns.definition.calendar_year import CalendarYear
from campaigns.definition.criteria_set import CriteriaSet
from campaigns.definition.form import Form
from campaigns.definition.mistakes import typed
from campaigns.definition.read import read
from campaigns.definition.ready_duty import DutyFile, Notice, ReadyDuty
from campaigns.definition.report_form import ReportForm
from campaigns.definition.tree import Entries
from campaigns.definition.written import Written

LIBRARY = Path(__file__).parents[1] / "library"
# Discharges a duty whose form nobody wrote: what was done, when, with a paper to show for it.
GENERAL_FORM = Form.model_validate(
    {
        "名称": "通用记录",
        "字段": [
            {"名称": "完成日期", "类型": "日期", "必填": "是"},
            {"名称": "完成情况", "类型": "长文本", "必填": "是"},
            {"名称": "附件", "类型": "附件"},
        ],
    }
)
W = TypeVar("W", bound=Written)


@cache
def forms() -> Mapping[str, Form]:
    """Return the shipped forms by name."""
    return _named(Form, "forms")


@cache
def reports() -> Mapping[str, ReportForm]:
    """Return the shipped reports by name."""
    return _named(ReportForm, "reports")


@cache
def duty_files() -> tuple[DutyFile, ...]:
    """Return the ready duties notice by notice."""
    return tuple(typed(DutyFile, read(_text(path), source=path.name)) for path in _files("duties"))


@cache
def duties() -> Mapping[str, ReadyDuty]:
    """Return the ready duties by the name under which a campaign takes them (取自)."""
    return {name: duty for file in duty_files() for name, duty in file.duties.items()}


@cache
def notices() -> Mapping[str, Notice]:
    """Return the notices that the ready duties come from, by their short number."""
    return {file.notice.number: file.notice for file in duty_files()}


@cache
def criteria_sets() -> Mapping[str, CriteriaSet]:
    """Return what is known of the sets of 判定标准 by 文号; their clauses are imported."""
    read_sets = (typed(CriteriaSet, read(_text(path), source=path.name)) for path in _files("criteria"))
    return {found.document_number: found for found in read_sets}


@cache
def calendar_years() -> Mapping[int, CalendarYear]:
    """Return the shipped working-day tables by year (they go over the holidays library)."""
    read_years = (typed(CalendarYear, read(_text(path), source=path.name)) for path in _files("calendars"))
    return {table.year: table for table in read_years}


def _named(kind: type[W], folder: str) -> dict[str, W]:
    return {name: part for path in _files(folder) for name, part in _parts(kind, path).items()}


def _parts(kind: type[W], path: Path) -> dict[str, W]:
    tree = read(_text(path), source=path.name)
    return {name: typed(kind, node) for name, node in tree.values.items()} if isinstance(tree, Entries) else {}


def _files(folder: str) -> list[Path]:
    return sorted((LIBRARY / folder).glob("*.yaml"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
