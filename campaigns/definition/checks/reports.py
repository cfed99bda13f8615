"""Reports in themselves: cells once, formulas where needed, checks that point at cells that exist."""

from collections.abc import Iterator

from campaigns.definition.checks.readable import readable
from campaigns.definition.conditions import cells_in, formula, report_check
from campaigns.definition.expressions import Node
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition
from campaigns.definition.report_form import ReportForm
from campaigns.definition.tree import Path
from campaigns.definition.wording import meant


def cells(definition: Definition) -> Iterator[Problem]:
    """Yield cells with the same number, computed cells without 算式, percentages that are added up."""
    for name, report in definition.reports.items():
        yield from cell_problems(report, ("报表", name))


def cell_problems(report: ReportForm, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with one report's cells."""
    seen: set[str] = set()
    for section, group in report.sections.items():
        for position, cell in enumerate(group):
            here = (*path, "指标", section, position)
            if cell.code in seen:
                yield Problem((*here, "编号"), f"指标“{cell.code}”写了两次")
            seen.add(cell.code)
            if cell.source == "计算" and not cell.formula:
                yield Problem(here, f"指标“{cell.code}”取数是“计算”，要写“算式”")
            if cell.source != "计算" and (cell.formula or cell.unit == "%"):
                why = "是比率，逐级要重算" if cell.unit == "%" else "写了“算式”"
                yield Problem((*here, "取数"), f"指标“{cell.code}”{why}，取数请写“计算”")


def checks_of_reports(definition: Definition) -> Iterator[Problem]:
    """Yield checks and formulas that use a cell the report does not have."""
    for name, report in definition.reports.items():
        yield from check_problems(report, ("报表", name))


def check_problems(report: ReportForm, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with one report's checks and formulas."""
    known = {code for cell in report.cells for atom in cell.atoms("") for code in (atom.code, cell.code)}
    for where, node in _expressions(report):
        for code in cells_in(node) if node else ():
            if code not in known:
                yield Problem((*path, *where), f"这张表没有指标“{code}”{meant(code, known) or '，请核对编号'}")


def _expressions(report: ReportForm) -> Iterator[tuple[Path, Node | None]]:
    for position, text in enumerate(report.checks):
        yield ("校核", position), readable(report_check, text)
    for section, group in report.sections.items():
        for position, cell in enumerate(group):
            yield ("指标", section, position, "算式"), readable(formula, cell.formula)
