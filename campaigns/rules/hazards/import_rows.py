"""The rows of an old hazard ledger (历史台账) as hazards, each problem at its cell. Pure: knows no register and no enterprise.

What the old ledger says stays history. A hazard that it calls 销号 is 历史已销号, signed by nobody here; a major one that it only
calls done waits for the two signatures (001（十二）); one that is not done needs all five of 五落实 to count as planned.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from campaigns.date_words import day_words
from campaigns.rules.directory.register import Column, Problem, RegisterSheet
from campaigns.rules.files.formula_cells import NO_RESULT, PASTE_VALUES, is_formula
from campaigns.rules.hazards.finding import LONGEST_CRITERION, LONGEST_NAME, LONGEST_TITLE, LONGEST_WORDS
from campaigns.rules.hazards.import_cells import (
    Slip,
    Standing,
    read_day,
    read_funds,
    read_grade,
    read_source,
    read_standing,
)
from campaigns.rules.hazards.import_columns import WANTED
from campaigns.rules.states import HazardSource, HazardState

OLDEST = timedelta(days=3653)
_TOTAL = re.compile(r"(合计|小计|总计|共计|累计|合 计|小 计|总 计|填表人|填报人|备注[:：]|注[:：]|审核人)")
_PLAN = ("responsible", "measures", "contingency")
_LONGEST = {
    "location": LONGEST_TITLE,
    "criterion": LONGEST_CRITERION,
    "responsible": LONGEST_NAME,
    "measures": LONGEST_WORDS,
    "contingency": LONGEST_WORDS,
}


@dataclass(frozen=True, slots=True)
class OldHazard:
    """One row as a hazard. `enterprise` is the name as written; `description` carries what has no column of its own."""

    number: int
    enterprise: str
    title: str
    found_on: date
    source: HazardSource
    major: bool
    state: HazardState
    location: str = ""
    description: str = ""
    criterion: str = ""
    plan: Mapping[str, Any] = field(default_factory=dict)
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class OldRows:
    """What was read: hazards, problems, which rows are in error, and how many rows were passed over (blank, totals)."""

    hazards: tuple[OldHazard, ...]
    problems: tuple[Problem, ...]
    passed_over: int


def read_rows(sheet: RegisterSheet, *, year: int, today: date) -> OldRows:
    """Read every row. `year` stands in for dates without one; a row that has no enterprise continues the one above it."""
    reader = _Reader(sheet, year, today)
    hazards, passed_over, above = [], 0, ""
    for number, cells in sheet.rows:
        if _is_no_hazard(reader, cells):
            passed_over += 1
            above = ""
            continue
        hazard = reader.row(number, cells, above)
        written = reader.text("enterprise", cells)
        above = hazard.enterprise if hazard is not None else "" if is_formula(written) else written or above
        if hazard is not None:
            hazards.append(hazard)
    return OldRows(tuple(hazards), tuple(reader.problems), passed_over)


def _is_no_hazard(reader: "_Reader", cells: Mapping[str, str]) -> bool:
    """Blank rows, totals, signatures below the table, and the headings repeated on the next printed page."""
    if not any(cells.values()):
        return True
    first = next(text for text in cells.values() if text)
    if _TOTAL.match(first) or _TOTAL.match(reader.text("enterprise", cells)):
        return True
    title, enterprise = reader.text("title", cells), reader.text("enterprise", cells)
    return (not title and not enterprise) or title == reader.heading("title")


class _Reader:
    def __init__(self, sheet: RegisterSheet, year: int, today: date) -> None:
        self.sheet, self.year, self.today = sheet, year, today
        self.problems: list[Problem] = []
        self._column: dict[str, Column] = {column.fills: column for column in sheet.columns if column.fills}
        self._others = [column for column in sheet.columns if not column.fills]

    def text(self, name: str, cells: Mapping[str, str]) -> str:
        column = self._column.get(name)
        return cells.get(column.letter, "") if column else ""

    def heading(self, name: str) -> str:
        column = self._column.get(name)
        return column.heading.rpartition("/")[2] if column else ""

    def row(self, number: int, cells: Mapping[str, str], above: str) -> OldHazard | None:
        """Return the row as a hazard; None when a cell that it cannot do without says nothing that is understood."""
        before = len(self.problems)
        if self._formulas(number, cells):
            return None
        found_on = self._found_on(number, cells)
        major = self._read("grade", number, cells, read_grade, False)
        source = self._read("source", number, cells, read_source, HazardSource.INSPECTION)
        standing = self._read("state", number, cells, read_standing, Standing.OPEN)
        enterprise = self._enterprise(number, cells, above)
        title, words = self._title(number, cells)
        plan = self._plan(number, cells)
        closed_on = self._closed_on(number, cells, found_on, standing)
        texts = {name: self._words(name, number, cells) for name in ("location", "criterion")}
        if found_on is None or any(problem.blocking for problem in self.problems[before:]):
            return None
        state = self._state(number, standing, major=major, planned=len(plan) == 5)
        kept = plan if len(plan) == 5 else {}
        words += self._left_over(cells, dropped={} if kept else plan)
        if len(words) > LONGEST_WORDS:
            self.say("title", number, Slip("这一行的文字合起来太长。", f"请缩短到{LONGEST_WORDS}个字以内。"))
            return None
        return OldHazard(
            number, enterprise, title, found_on, source, major, state,
            description=words, plan=kept, closed_on=closed_on, **texts,
        )  # fmt: skip

    def say(self, name: str, number: int, slip: Slip) -> None:
        column = self._column.get(name)
        cell = f"{column.letter if column else ''}{number}"
        self.problems.append(Problem(self.sheet.name, cell, str(slip), slip.advice, slip.blocking))

    def _read(self, name: str, number: int, cells: Mapping[str, str], how: Callable[[str], Any], otherwise: Any) -> Any:
        try:
            return how(self.text(name, cells))
        except Slip as slip:
            self.say(name, number, slip)
            return otherwise

    def _formulas(self, number: int, cells: Mapping[str, str]) -> bool:
        """Say which cells hold a formula in place of its result; what the row would say is then not known."""
        found = [name for name in self._column if is_formula(self.text(name, cells))]
        for name in found:
            self.say(name, number, Slip(NO_RESULT, PASTE_VALUES))
        return bool(found)

    def _found_on(self, number: int, cells: Mapping[str, str]) -> date | None:
        text = self.text("found_on", cells)
        if not text:
            self.say("found_on", number, Slip("没有写发现日期。", "请写成 2023-06-05。"))
            return None
        day: date | None = self._read("found_on", number, cells, lambda words: read_day(words, year=self.year), None)
        if day is not None and not self.today - OLDEST <= day <= self.today:
            slip = Slip(
                f"发现日期{day_words(day)}不对。", f"要在今天（{day_words(self.today)}）以前、十年以内，请核对年份。"
            )
            self.say("found_on", number, slip)
        return day

    def _enterprise(self, number: int, cells: Mapping[str, str], above: str) -> str:
        name = self.text("enterprise", cells)
        if name:
            return name
        if not above:
            self.say("enterprise", number, Slip("没有写企业。", "请写企业名称；整行不用的，请删除整行。"))
        else:
            slip = Slip(f"企业空着，按上一行的“{above}”登记。", "不是这家的，请填上企业名称。", blocking=False)
            self.say("enterprise", number, slip)
        return above

    def _title(self, number: int, cells: Mapping[str, str]) -> tuple[str, str]:
        """Return the title, and the whole text where it is longer than a title can be."""
        text = self.text("title", cells)
        if not text:
            self.say("title", number, Slip("没有写是什么隐患。", "请写清隐患内容。"))
        if len(text) <= LONGEST_TITLE:
            return text, ""
        return f"{text[: LONGEST_TITLE - 1]}…", text

    def _words(self, name: str, number: int, cells: Mapping[str, str]) -> str:
        text = self.text(name, cells)
        if len(text) > _LONGEST[name]:
            slip = Slip(f"{WANTED[name].label}太长（{len(text)}个字）。", f"请缩短到{_LONGEST[name]}个字以内。")
            self.say(name, number, slip)
        return text

    def _plan(self, number: int, cells: Mapping[str, str]) -> dict[str, Any]:
        """Return those of the five that the row has."""
        plan: dict[str, Any] = {name: text for name in _PLAN if (text := self._words(name, number, cells))}
        if self.text("funds", cells):
            in_wan = "万" in self._column["funds"].heading
            plan["funds"] = self._read("funds", number, cells, lambda words: read_funds(words, in_wan=in_wan), 0)
        if self.text("deadline_on", cells):
            day = self._read("deadline_on", number, cells, lambda words: read_day(words, year=self.year), None)
            plan |= {"deadline_on": day} if day else {}
        return plan

    def _closed_on(
        self, number: int, cells: Mapping[str, str], found_on: date | None, standing: Standing
    ) -> date | None:
        if not self.text("closed_on", cells) or standing is Standing.OPEN:
            return None
        day: date | None = self._read("closed_on", number, cells, lambda words: read_day(words, year=self.year), None)
        if day is not None and found_on is not None and not found_on <= day <= self.today:
            slip = Slip(f"完成日期{day_words(day)}不在发现日期和今天之间。", "请核对年份。")
            self.say("closed_on", number, slip)
        return day

    def _state(self, number: int, standing: Standing, *, major: bool, planned: bool) -> HazardState:
        if standing is Standing.CLOSED or (standing is Standing.DONE and not major):
            return HazardState.ARCHIVED
        if standing is Standing.DONE:
            slip = Slip("重大隐患没有写销号，登记为“待复查”。", "由两名经办人员在系统里复查、审签。", blocking=False)
            self.say("state", number, slip)
            return HazardState.RECTIFIED
        return HazardState.RECTIFYING if planned else HazardState.REGISTERED

    def _left_over(self, cells: Mapping[str, str], *, dropped: Mapping[str, Any]) -> str:
        """Keep in words what has no column of its own, and an incomplete plan."""
        said = [(self._column[name].heading, self.text(name, cells)) for name in dropped]
        others = [(column.heading, cells.get(column.letter, "")) for column in self._others if column.heading]
        said += [(heading, text) for heading, text in others if not is_formula(text)]
        said += [(self.heading("state"), self.text("state", cells))]
        lines = [f"{heading.replace('/', '')}：{text}" for heading, text in said if heading and text]
        return "".join(f"\n{line}" for line in lines if not line.startswith("序号"))
