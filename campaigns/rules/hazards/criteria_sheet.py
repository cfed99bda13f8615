"""判定标准 in Excel: one sheet with 条, 款, 内容, 适用. Pure: texts of cells in, clauses and problems at their cells out.

A set goes in whole or not at all: half a standard would be a wrong one. An empty 条 or 适用 goes on from the row above, as
merged cells read. Clauses are taken as they stand; nothing is rewritten.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date

import orjson

from campaigns.errors import Invalid
from campaigns.rules.directory.register import Problem, tidy
from campaigns.rules.files.formula_cells import NO_RESULT, PASTE_VALUES, is_formula

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "article": ("条", "条号", "条款"),
    "item": ("款", "款号", "项"),
    "words": ("内容", "条款内容", "情形", "重大事故隐患情形"),
    "part": ("适用", "适用范围", "适用部分", "部分", "类别"),
}
"""What each column is, by the headings that mean it; the first is the one of our own template."""
REQUIRED = ("article", "words")
LONGEST_NUMBER, LONGEST_PART, LONGEST_WORDS = 20, 20, 2000
MOST_LISTED = 20
_MEANING = {heading: name for name, headings in HEADINGS.items() for heading in headings}


@dataclass(frozen=True, slots=True)
class SetHead:
    """What stands over the clauses: the 文号 that is the set's name for life, its dates (inclusive), sectors and parts."""

    document_number: str
    title: str
    issued_on: date
    in_force_on: date
    ended_on: date | None
    sectors: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseSheet:
    """What was read: the sheet's name, which letter holds which column, and per row its number and texts by column."""

    name: str
    letters: Mapping[str, str]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as it will be kept."""

    part: str
    place: str
    words: str


def fingerprint(head: SetHead, clauses: Iterable[Clause]) -> str:
    """Return the SHA-256 of a version: its head and its clauses in order."""
    lines = [list(astuple(head)), *([clause.part, clause.place, clause.words] for clause in clauses)]
    return hashlib.sha256(orjson.dumps(lines)).hexdigest()


def read_head(typed: Mapping[str, str]) -> SetHead:
    """Read the head as typed; 行业 and 部分 are lists with 顿号. Raises Invalid with one sentence per blank."""
    wrong: dict[str, str] = {}
    number, title = _line(typed, "number", 40, "请写文号。", wrong), _line(typed, "title", 120, "请写全称。", wrong)
    issued, starts = _day(typed, "issued_on", wrong), _day(typed, "in_force_on", wrong)
    ends = _day(typed, "ended_on", wrong) if typed.get("ended_on", "").strip() else None
    if issued and starts and starts < issued:
        wrong["in_force_on"] = "施行日期不能早于印发日期。"
    if starts and ends and ends < starts:
        wrong["ended_on"] = "停止施行的日期不能早于施行日期。"
    sectors, parts = _listed(typed, "sectors", wrong), _listed(typed, "parts", wrong)
    if not sectors and "sectors" not in wrong:
        wrong["sectors"] = "请写适用的行业。"
    if wrong or issued is None or starts is None:
        raise Invalid("判定标准的基本情况没有填好。", fields=wrong, kept="判定标准没有改动。", advice="改好后再上传。")
    return SetHead(number, title, issued, starts, ends, sectors, parts)


def _line(typed: Mapping[str, str], name: str, longest: int, missing: str, wrong: dict[str, str]) -> str:
    text = tidy(typed.get(name, ""))
    if not text:
        wrong[name] = missing
    elif len(text) > longest:
        wrong[name] = f"最多写{longest}个字，现在有{len(text)}个字。"
    return text


def _day(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(typed.get(name, "").strip())
    except ValueError:
        wrong[name] = "请选择日期。"
        return None


def _listed(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> tuple[str, ...]:
    text = tidy(typed.get(name, "")).replace("，", "、").replace(",", "、")
    found = tuple(dict.fromkeys(word.strip() for word in text.split("、") if word.strip()))
    if len(found) > MOST_LISTED or any(len(word) > LONGEST_PART for word in found):
        wrong[name] = f"最多{MOST_LISTED}个，每个{LONGEST_PART}个字以内，用顿号隔开。"
    return found


def recognise(headings: Sequence[str]) -> dict[str, int]:
    """Return the position of each column that a row of headings has; empty unless 条 and 内容 are among them."""
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        name = _MEANING.get("".join(tidy(heading).split()))
        if name:
            found.setdefault(name, position)
    return found if all(name in found for name in REQUIRED) else {}


def read_clauses(sheet: ClauseSheet, parts: Sequence[str]) -> tuple[tuple[Clause, ...], tuple[Problem, ...]]:
    """Return the clauses of a sheet whose set has these parts, and every problem at its cell."""
    reading = _Reading(sheet, tuple(parts))
    for number, cells in sheet.rows:
        if any(cells.values()):
            reading.row(number, cells)
    if not reading.clauses and not reading.problems:
        reading.complain("words", 1, "表里一条也没有。", "请在表头下面逐条填写。")
    return tuple(reading.clauses), tuple(reading.problems)


class _Reading:
    """One pass over the rows, remembering what an empty cell goes on from."""

    def __init__(self, sheet: ClauseSheet, parts: tuple[str, ...]) -> None:
        self.sheet, self.parts = sheet, parts
        self.clauses: list[Clause] = []
        self.problems: list[Problem] = []
        self._places: dict[str, int] = {}
        self._article, self._applies = "", ""

    def complain(self, column: str, number: int, sentence: str, advice: str) -> None:
        letter = self.sheet.letters.get(column, self.sheet.letters["article"])
        self.problems.append(Problem(self.sheet.name, f"{letter}{number}", sentence, advice))

    def row(self, number: int, cells: Mapping[str, str]) -> None:
        before = len(self.problems)
        for column, text in cells.items():
            if is_formula(text):
                self.complain(column, number, NO_RESULT, PASTE_VALUES)
        if len(self.problems) > before:
            return
        item, words = cells.get("item", ""), cells.get("words", "")
        if cells.get("part"):
            self._article = self._article if cells["part"] == self._applies else ""
            self._applies = cells["part"]
        self._article = cells.get("article", "") or self._article
        self._check(number, cells, item, words)
        applies = tuple(self._applied(number))
        if len(self.problems) == before:
            for part in applies:
                self._keep(number, Clause(part, part + placed(self._article, item), words))

    def _check(self, number: int, cells: Mapping[str, str], item: str, words: str) -> None:
        if not self._article or (not cells.get("article") and not item):
            self.complain("article", number, "这一行没有写是哪一条。", "请写条号，如 （一）。")
        if not words:
            self.complain("words", number, "这一条没有内容。", "请照原文填写；整行不用的，请删除整行。")
        elif len(words) > LONGEST_WORDS:
            self.complain("words", number, f"内容太长（{len(words)}个字）。", f"请控制在{LONGEST_WORDS}个字以内。")
        for column, text in (("article", self._article), ("item", item)):
            if len(text) > LONGEST_NUMBER // 2:
                self.complain(column, number, f"“{text[:12]}…”不像条款号。", "条、款两列只写号，原文写在“内容”列。")

    def _applied(self, number: int) -> Iterator[str]:
        named = [name.strip() for name in self._applies.replace("，", "、").split("、") if name.strip()]
        if not named and self.parts:
            self.complain("part", number, "没有写适用哪一部分。", f"可以写：{'、'.join(self.parts)}。")
        for name in named:
            if self.parts and name not in self.parts:
                self.complain("part", number, f"这一套没有“{name}”这个部分。", f"可以写：{'、'.join(self.parts)}。")
            elif len(name) > LONGEST_PART:
                self.complain("part", number, "适用写得太长。", f"请控制在{LONGEST_PART}个字以内，多个用顿号隔开。")
            else:
                yield name
        if not named and not self.parts:
            yield ""

    def _keep(self, number: int, clause: Clause) -> None:
        if clause.place in self._places:
            first = self._places[clause.place]
            self.complain("article", number, f"“{clause.place}”和第{first}行重复。", "请核对条号、款号和适用。")
            return
        self._places[clause.place] = number
        self.clauses.append(clause)


def placed(article: str, item: str) -> str:
    """Return 条 and 款 as one place: （一）1, 第3条, 第3条第2款. A bare number gets its word."""
    head = f"第{article}条" if article.isdecimal() else article
    if not item:
        return head
    return f"{head}第{item}款" if item.isdecimal() and article.isdecimal() else f"{head}{item}"
