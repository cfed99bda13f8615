"""Reports in themselves: cells once, formulas where needed, checks that point at cells that exist."""

from collections.abc import Iterator, Mapping

from campaigns.definition import shelf
from campaigns.definition.checks.readable import readable
from campaigns.definition.conditions import cells_in, formula, report_check
from campaigns.definition.expressions import Node
from campaigns.definition.form import Form
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition
from campaigns.definition.parameters import PLACEHOLDER
from campaigns.definition.report_form import Cell, ReportForm
from campaigns.definition.tree import Path
from campaigns.definition.wording import listed, meant


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


REGISTER_FIGURES = (
    "自查重大隐患",
    "自查重大隐患已整改",
    "检查重大隐患",
    "检查重大隐患已整改",
    "挂牌重大隐患",
    "挂牌重大隐患已整改",
)
"""What 来源 may count from the hazard register; how each is counted stands in store/reporting/evidence; a test compares."""


COUNTABLE = ("整数", "金额", "是否")
"""Kinds of blanks that the store keeps as whole numbers; a sum over words would break on PostgreSQL and be 0 on SQLite."""


def sources_that_point_nowhere(definition: Definition) -> Iterator[Problem]:
    """Yield 来源 that name no figure of the register, no form, or a blank that cannot be counted: they would count 0."""
    forms = {**shelf.forms(), **definition.forms}
    for name, report in definition.reports.items():
        for section, group in report.sections.items():
            for position, cell in enumerate(group):
                yield from _sources(cell, forms, ("报表", name, "指标", section, position))


def sources_missing(definition: Definition) -> Iterator[Problem]:
    """Yield 自动 cells that do not say where their figure comes from: they stay blank until somebody types it."""
    for name, report in definition.reports.items():
        for section, group in report.sections.items():
            for position, cell in enumerate(group):
                if cell.source == "自动" and not cell.computation and not cell.parts:
                    where = ("报表", name, "指标", section, position, "取数")
                    yield Problem(where, f"指标“{cell.code}”取数是“自动”，没有写“来源”，系统取不到数，要人工填")


def _sources(cell: Cell, forms: Mapping[str, Form], path: Path) -> Iterator[Problem]:
    written = [(cell.computation, path), *((p.computation, (*path, "分项", n)) for n, p in enumerate(cell.parts))]
    for source, here in written:
        if source and (complaint := _unknown_source(source, forms)):
            yield Problem((*here, "来源"), complaint)


def _unknown_source(source: str, forms: Mapping[str, Form]) -> str:
    form, _, blank = source.partition(".")
    if source in REGISTER_FIGURES or PLACEHOLDER.search(source):
        return ""
    if form not in forms:
        known = (*REGISTER_FIGURES, *forms)
        hint = meant(form, known) or f"，可以写台账的数（{listed(REGISTER_FIGURES)}），或者表单名、表单名.栏名"
        return f"来源“{source}”没有可取的数，照这样会一直是0{hint}"
    titles = tuple(field.title for field in forms[form].fields)
    if blank and blank not in titles:
        return f"表单“{form}”没有“{blank}”这一栏{meant(blank, titles) or f'，已有：{listed(titles)}'}"
    kind = next((field.kind for field in forms[form].fields if field.title == blank), None)
    if kind is not None and kind not in COUNTABLE:
        return f"表单“{form}”的“{blank}”是{kind}，不能相加，来源可以取{listed(COUNTABLE)}栏"
    return ""


def sources_in_rows(definition: Definition) -> Iterator[Problem]:
    """Yield 自动 cells of a matrix or a list: every row would count the same records, and 合计 count them again."""
    for name, report in definition.reports.items():
        for section, group in report.sections.items() if report.every_row else ():
            for position, cell in enumerate(group):
                if cell.source == "自动" or any(part.source == "自动" for part in cell.parts):
                    where = ("报表", name, "指标", section, position, "取数")
                    yield Problem(where, f"指标“{cell.code}”分行填，系统分不出各行，取数请写“填报”或“计算”")


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
