"""What the system ships besides whole campaigns: forms, reports, and the tables of working days (campaigns/library/)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from campaigns.definition.calendar_year import CalendarYear
from campaigns.definition.form import Form
from campaigns.definition.mistakes import typed
from campaigns.definition.read import read
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
