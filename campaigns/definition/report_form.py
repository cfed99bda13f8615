"""报表: a form of figures for a superior, as data: its cells, its arithmetic and its paper layout."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Literal, Self

from campaigns.definition.written import Phrase, Words, Written, key

Unit = Literal[
    "个",
    "家",
    "家次",
    "次",
    "起",
    "项",
    "条",
    "处",
    "座",
    "人",
    "人次",
    "份",
    "场",
    "元",
    "万元",
    "分",
    "是否",
    "%",
    "文字",
    "日期",
]
Basis = Literal["当月", "当期", "累计"]
Source = Literal["自动", "填报", "计算"]
Rollup = Literal["合计", "去重", "最新", "任一", "重算", "汇编", "不汇总"]

HOW_UNITS_ROLL_UP: dict[str, Rollup] = {
    "家": "去重",
    "是否": "任一",
    "%": "重算",
    "分": "不汇总",
    "文字": "汇编",
    "日期": "汇编",
}
CAMPAIGN = "{行动}"
PLACE, ANY_PLACE = "{县区}", "县区"
WHOLE_PLACE = re.compile(r"^全[国省市县区镇]")
WORDS = ("文字", "日期")
"""Units of cells that hold words: nothing is added up, the superior reads his lower levels' one after another (汇编)."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One value of a report: what a cell breaks down to. `code` is `1.1`, or `3.3.罚款` for a 分项.

    `total_of` names the atom this one is an “其中” of; a value above its total is a mistake. `formula` is set for 计算.
    A `stock` (存量) is as it stands at the end of the period: never added up over months, free to fall. `required` is false
    for a blank that may stay one; a list (`ReportForm.lines`) never has to be filled to its last line.
    """

    code: str
    cell: str
    section: str
    title: str
    unit: str
    source: Source
    computation: str | None
    rollup: Rollup
    total_of: str | None = None
    formula: str | None = None
    stock: bool = False
    required: bool = True

    @property
    def worded(self) -> bool:
        """Whether it holds words and not a figure."""
        return self.unit in WORDS


class Part(Written):
    """分项: one figure of a compound cell such as “行政处罚（次，万元）”."""

    title: str = key("名称", "分项名称", max_length=12)
    unit: Unit = key("单位", "分项的单位")
    source: Source | None = key("取数", "自动 | 填报；不写随本格", None)
    computation: str | None = key("来源", "自动取数的口径名", None, max_length=40)
    rollup: Rollup | None = key("汇总", "合计 | 去重 | 最新 | 任一 | 重算 | 不汇总；不写按单位定", None)


class Cell(Written):
    """One numbered cell. Its parts make 1..n atoms:

    - no 分项: the cell is the atom;
    - 其中 (default for one 分项 of the same unit) or 并列 (default for one of another unit): the cell itself and its parts;
    - 分别 (default for two or more): the parts alone, as in “市、县分别”.

    `computation` names what 自动 cells are counted from; without it nothing is counted and people fill the cell in. A 存量
    (stock, “配备人数”) takes the latest value and is never added up over months.
    """

    code: str = key("编号", "表上的序号，如 1.1 或 A1", pattern=r"^[A-Z]{0,2}\d+(\.\d+)*$", max_length=12)
    title: str = key("名称", "指标名称，照抄原表；{县区} 处印启动行动的区县，市、省启动的印“县区”", max_length=120)
    unit: Unit = key("单位", "个、家、家次、次、人、万元、是否……决定怎样逐级汇总")
    source: Source = key("取数", "自动（系统台账）| 填报（人工）| 计算（按算式）")
    computation: str | None = key("来源", "自动取数的口径名", None, max_length=40)
    formula: Annotated[str, Phrase("算式")] | None = key("算式", "计算格的算式，如 指标(1.2) / 指标(1.1)", None)
    parts: tuple[Part, ...] = key("分项", "一格里的几个数", ())
    parts_as: Literal["其中", "并列", "分别"] | None = key("分项方式", "其中 | 并列 | 分别", None)
    nature: Literal["流量", "存量"] = key("性质", "流量逐月累加；存量只取最新", "流量")
    rollup: Rollup | None = key("汇总", "合计 | 去重 | 最新 | 任一 | 重算 | 不汇总；不写按单位定", None)
    required: Literal["是", "否"] = key("必填", "否：可以空着", "是")
    label: str = key("表内文字", "纸质表上这一格印的字；不写由名称和单位拼成", "", max_length=120)
    note: str = key("说明", "填报说明", "")

    @property
    def on_paper(self) -> str:
        """What the paper prints in this cell: 责令停产整顿（家）."""
        return self.label or (self.title if self.unit in ("是否", *WORDS) else f"{self.title}（{self.unit}）")

    def placed(self, place: str) -> Self:
        """Return the cell with a place's name for {县区}."""
        if PLACE not in self.title + self.label:
            return self
        return self.model_copy(
            update={"title": self.title.replace(PLACE, place), "label": self.label.replace(PLACE, place)}
        )

    def atoms(self, section: str) -> Iterator[Atom]:
        """Yield the cell's values in paper order."""
        style = self.parts_as or self._usual_style()
        if style != "分别" or not self.parts:
            yield self._atom(section)
        for part in self.parts:
            yield Atom(
                code=f"{self.code}.{part.title}",
                cell=self.code,
                section=section,
                title=part.title,
                unit=part.unit,
                source=part.source or self.source,
                computation=part.computation,
                rollup=part.rollup or self._rollup(part.unit),
                total_of=self.code if style == "其中" else None,
                stock=self.nature == "存量",
                required=self.required == "是",
            )

    def _usual_style(self) -> str:
        if len(self.parts) > 1:
            return "分别"
        return "其中" if self.parts and self.parts[0].unit == self.unit else "并列"

    def _atom(self, section: str) -> Atom:
        computation = self.computation if self.source == "自动" else None
        rollup = self.rollup or self._rollup(self.unit)
        return Atom(
            code=self.code,
            cell=self.code,
            section=section,
            title=self.title,
            unit=self.unit,
            source=self.source,
            computation=computation,
            rollup=rollup,
            formula=self.formula,
            stock=self.nature == "存量",
            required=self.required == "是",
        )

    def _rollup(self, unit: str) -> Rollup:
        return HOW_UNITS_ROLL_UP.get(unit, "合计")


class Row(Written):
    """A row of a matrix report, such as an industry. A 合计 row adds the others up; nobody types into it."""

    code: str = key("编号", "行号", pattern=r"^\w{1,6}$", max_length=6)
    title: str = key("名称", "行名", max_length=60)
    total: Literal["是", "否"] = key("合计", "是：这一行是其他各行之和", "否")


class RollUpRule(Written):
    """汇总: through which levels the report climbs, lowest first, and how."""

    levels: tuple[Literal["企业", "镇", "县", "市", "省"], ...] = key("层级", "自下而上，如 [县, 市, 省]", min_length=1)
    method: Literal["合计"] = key("方法", "合计（家数按名单去重，是否取任一）", "合计")


class Layout(Written):
    """版面: how the paper looks. 成对: 序号-指标-值 repeated `pairs` times to the right of a merged section label.

    The 2023 table is 成对 with 2 pairs: 1 + 2×3 = 7 columns and 3 + 5 + 5 + 4 = 17 rows. 逐行: one cell per row.
    矩阵: `rows` down, cells across, `row_heading` above the rows' names; also for a list.
    `date_line` may hold {年} {月} {日} {月份}.
    """

    kind: Literal["成对", "逐行", "矩阵"] = key("形式", "成对 | 逐行 | 矩阵", "成对")
    row_heading: str = key("行标题", "矩阵表左上角印的字", "行业", max_length=12)
    pairs: int = key("每行指标", "成对排列时一行放几个指标", 2, ge=1, le=4)
    date_line: str = key("时间行", "表头下的时间行，如 时间：{年}年{月}月{日}日", "", max_length=60)
    widths: tuple[int, ...] = key("列宽", "各列宽度（字符数）", ())
    paper: Literal["A4纵", "A4横", "A3横"] = key("纸张", "A4纵 | A4横 | A3横", "A4纵")
    signatures: Words = key("落款", "签字栏，如 [填报人, 审核人, 负责人]", ())


class ReportForm(Written):
    """A report that a county files and its superiors roll up. Cells by section, or rows × columns for a matrix or a list.

    `basis` says which figures are filed (当月, 累计 or both); the system keeps both anyway. `counts_from` moves the start of
    累计 from the campaign's first day to 1月1日. A check that fails stops filing and points at its cell. `title` is the paper's
    heading; a shipped form that several campaigns borrow holds {行动} where each has its own name (see `headed`).
    """

    title: str = key("名称", "表的全称；{行动} 处印借用它的行动的名称", max_length=120)
    clause: str = key("条款", "依据的条款", "", max_length=60)
    basis: Annotated[tuple[Basis, ...], *Words.__metadata__] = key(
        "口径", "当月 | 累计，或两者 [当月, 累计]", min_length=1
    )
    counts_from: Literal["行动启动", "1月1日"] = key("累计自", "累计从哪天起算", "行动启动")
    rollup: RollUpRule | None = key("汇总", "逐级汇总的层级和方法", None)
    catch_up: Literal["逐月补齐", "只补最近一期"] = key("补报", "漏报后：逐月补齐 | 只补最近一期", "逐月补齐")
    checks: tuple[Annotated[str, Phrase("校核")], ...] = key("校核", "不通过不能上报，如 指标(1.2) <= 指标(1.1)", ())
    sections: dict[str, tuple[Cell, ...]] = key("指标", "分栏目的指标", min_length=1)
    rows: tuple[Row, ...] = key("行", "矩阵表的各行", ())
    lines: int = key("清单行数", "逐条填的清单印几行；空行不用填", 0, ge=0, le=40)
    locks_after: int | None = key("锁定", "截止后几天锁定，锁定后由上级解锁才能填报；不写不锁定", None, ge=0, le=366)
    layout: Layout = key("版面", "纸质表的样式", Layout)
    note: str = key("说明", "填报说明", "")

    def headed(self, campaign: str) -> Self:
        """Return the form with a campaign's name in its heading, as papers print it: 全市甲行动 files a 甲行动进展情况调度表."""
        if CAMPAIGN not in self.title:
            return self
        return self.model_copy(update={"title": self.title.replace(CAMPAIGN, WHOLE_PLACE.sub("", campaign))})

    def placed(self, place: str = ANY_PLACE) -> Self:
        """Return the form with a county's name where a cell speaks of 县区, as a county's copy of its superior's paper has it."""
        if not any(PLACE in cell.title + cell.label for cell in self.cells):
            return self
        sections = {title: tuple(cell.placed(place) for cell in cells) for title, cells in self.sections.items()}
        copy = self.model_copy(update={"sections": sections})
        copy.__dict__.pop("atoms", None)  # a copy takes what was worked out from the old cells along
        return copy

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The numbered cells in paper order (34 in the 2023 table)."""
        return tuple(cell for cells in self.sections.values() for cell in cells)

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Every single value (41 in the 2023 table). A matrix repeats its columns per row: `2:1.1`."""
        columns = [atom for section, cells in self.sections.items() for cell in cells for atom in cell.atoms(section)]
        return tuple(_of_rows(self.every_row, columns, listed=self.lines > 0)) if self.every_row else tuple(columns)

    @property
    def every_row(self) -> tuple[Row, ...]:
        """The rows of a matrix, or the numbered blank lines of a list."""
        return self.rows or tuple(Row(code=str(number), title=f"第{number}行") for number in range(1, self.lines + 1))


def _of_rows(rows: tuple[Row, ...], columns: list[Atom], *, listed: bool) -> Iterator[Atom]:
    added = tuple(row.code for row in rows if row.total == "否")
    for row in rows:
        for atom in columns:
            code, total = f"{row.code}:{atom.code}", f"{row.code}:{atom.total_of}" if atom.total_of else None
            here = replace(atom, code=code, cell=f"{row.code}:{atom.cell}", section=row.title, total_of=total)
            if listed:
                here = replace(here, rollup="汇编", required=False)
            if row.total == "是" and not atom.formula:
                here = _sum_of(here, [f"{code}:{atom.code}" for code in added])
            yield here


def _sum_of(atom: Atom, codes: list[str]) -> Atom:
    """A cell of the 合计 row: worked out from the same column of the other rows."""
    if atom.worded:
        return replace(atom, source="计算", formula="", required=False)
    return replace(atom, source="计算", computation=None, formula=" + ".join(f"指标({code})" for code in codes))
