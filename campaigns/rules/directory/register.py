"""企业名册 as a bureau keeps it in Excel: which headings mean which column, and what a cell must hold.

Pure: it takes the texts of a sheet and gives lines with problems, each at its cell. A blocking problem keeps its row out; a
warning does not (a 统一社会信用代码 that fails its check digit is warned about and kept: registers are older than their checks).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from campaigns.rules.files.formula_cells import NO_RESULT, PASTE_VALUES, is_formula

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("企业名称", "单位名称", "名称", "公司名称", "矿山名称", "生产经营单位名称", "被监管单位"),
    "credit_code": ("统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码"),
    "region": (
        "所在乡镇",
        "所在镇",
        "所在镇街",
        "所在乡镇街道",
        "乡镇",
        "镇街",
        "属地",
        "所在地",
        "行政区划",
        "所在区县",
    ),
    "sector": ("行业", "所属行业", "行业领域", "行业分类"),
    "category": ("类别", "企业类别", "矿山类别", "企业类型", "类型"),
    "status": ("状态", "生产状态", "企业状态", "生产经营状态"),
    "risk_grade": ("风险等级", "安全风险等级", "风险分级"),
    "address": ("地址", "详细地址", "生产经营地址", "企业地址", "注册地址"),
    "principal": ("主要负责人", "法定代表人", "企业负责人", "负责人", "法人"),
    "phone": ("联系电话", "电话", "手机", "手机号", "联系方式", "主要负责人电话"),
    "since": ("纳入监管日期", "监管起始日期", "纳入日期"),
}
"""Column of the register → the headings that mean it; the first is the one in our own template."""
LONGEST = {"name": 120, "sector": 30, "category": 30, "status": 20, "risk_grade": 4, "address": 200, "principal": 40}
SELECTED_BY: Mapping[str, str] = {"sector": "行业", "category": "类别", "status": "状态"}
"""Columns that a campaign's 对象 select enterprises by, with their titles."""
LONGEST_PHONE, LONGEST_TRAIT = 40, 30
YES, NO = frozenset("是有√✓1Yy对"), frozenset("否无×✗0Nn-—/")
KNOWN_TRAITS = ("有外包队伍",)
_COUNTED = re.compile(r".+(人数|数量|个数)")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_LOST_DIGITS = re.compile(r"[\d.]+[eE]\+?\d+|\d{15,}\.0")
_MEANING = {heading: name for name, headings in HEADINGS.items() for heading in headings}


@dataclass(frozen=True, slots=True)
class Column:
    """One recognised column: its letter, its heading, and what it fills (a column of the register, or an attribute)."""

    letter: str
    heading: str
    fills: str
    is_trait: bool = False


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """What was read: the sheet's name, its columns, and per row its number and its texts by letter."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell and what to write instead."""

    sheet: str
    cell: str
    sentence: str
    advice: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One enterprise as the sheet has it. A column the sheet lacks is None: it is left as it was."""

    number: int
    values: Mapping[str, str | None]
    traits: Mapping[str, int | bool] = field(default_factory=dict)
    since: date | None = None

    @property
    def name(self) -> str:
        """The enterprise's name."""
        return self.values["name"] or ""


def recognise(headings: Sequence[str]) -> tuple[dict[int, tuple[str, bool]], list[str]]:
    """Return what each heading fills, by position, and the headings that mean nothing to us. The first of a kind counts."""
    found: dict[int, tuple[str, bool]] = {}
    ignored = []
    for position, heading in enumerate(headings):
        plain = re.sub(r"[（(].*?[)）]|[\s*：:/、]", "", tidy(heading))
        meaning = (_MEANING[plain], False) if plain in _MEANING else _trait(plain)
        if meaning and meaning not in found.values():
            found[position] = meaning
        elif plain:
            ignored.append(heading)
    return found, ignored


def _trait(heading: str) -> tuple[str, bool] | None:
    """Return the attribute a heading asks for: 是否有外包队伍 and 有外包队伍 are one, 单班入井人数 is counted."""
    name = heading.removeprefix("是否")
    asked = heading.startswith("是否") or name in KNOWN_TRAITS or _COUNTED.fullmatch(name)
    return (name, True) if asked and 0 < len(name) <= LONGEST_TRAIT else None


def read_lines(sheet: RegisterSheet) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Return every row as a line with the problems of its cells; rows without a word are passed over."""
    lines, problems = [], []
    for number, cells in sheet.rows:
        if any(cells.values()):
            line, wrong = _line(sheet, number, cells)
            lines.append(line)
            problems.extend(wrong)
    problems.extend(_repeated(sheet, lines))
    return tuple(lines), tuple(problems)


def _line(sheet: RegisterSheet, number: int, cells: Mapping[str, str]) -> tuple[Line, list[Problem]]:
    values: dict[str, str | None] = {}
    traits: dict[str, int | bool] = {}
    since, problems = None, []
    for column in sheet.columns:
        try:
            text = cells.get(column.letter, "")
            if is_formula(text):
                raise _Slip(NO_RESULT, PASTE_VALUES)
            if column.is_trait:
                if text:  # an empty cell says nothing; it does not erase what is known
                    traits[column.fills] = _trait_value(column.fills, text)
            elif column.fills == "since":
                since = _day(text)
            else:
                values[column.fills] = _value(column.fills, text)
        except _Slip as slip:
            problems.append(_problem(sheet, column, number, slip))
            if not column.is_trait and column.fills != "since":
                values[column.fills] = slip.kept
    return Line(number, values, traits, since), problems


class _Slip(ValueError):
    """A cell that does not hold what its column needs; `kept` stands in for it when the row goes in all the same."""

    def __init__(self, sentence: str, advice: str, *, blocking: bool = True, kept: str | None = None) -> None:
        super().__init__(sentence)
        self.advice, self.blocking, self.kept = advice, blocking, kept


def _value(name: str, text: str) -> str | None:
    if name == "credit_code":
        return _credit_code(text)
    if name == "name" and not text:
        raise _Slip("这一行没有写企业名称。", "请写企业全称；整行不用的，请删除整行。")
    if name == "phone":
        return _phone(text)
    longest = LONGEST.get(name, 60)
    if len(text) > longest:
        raise _Slip(f"内容太长（{len(text)}个字）。", f"请缩短到{longest}个字以内。")
    return text


@dataclass(frozen=True, slots=True)
class Typed:
    """One field of an entry typed by hand: what is kept of it, and the sentence when something about it is odd."""

    value: str
    sentence: str = ""
    blocking: bool = False


def read_typed(name: str, text: str) -> Typed:
    """Read one field of the register as a person typed it; a code that fails its check is kept and warned about."""
    try:
        return Typed(_value(name, tidy(text)) or "")
    except _Slip as slip:
        sentence = f"{slip}{slip.advice.replace('仍按所填内容导入', '仍按所填内容保存')}"
        return Typed(slip.kept or "", sentence, blocking=slip.blocking or slip.kept is None)


def _credit_code(text: str) -> str | None:
    code = re.sub(r"[\s-]", "", text).upper()
    if not code:
        return None
    if _LOST_DIGITS.fullmatch(text):
        raise _Slip("信用代码被Excel存成了数字，后几位已经丢失。", "请把这一列的单元格格式改为“文本”，再重新填写代码。")
    if len(code) > 18:
        raise _Slip("统一社会信用代码超过18位，没有采用。", "请核对后填写18位代码；企业本身照常导入。", blocking=False)
    try:
        uscc.validate(code)
    except ValidationError:
        advice = "请对照营业执照核对；仍按所填内容导入。"
        raise _Slip("统一社会信用代码没有通过校验。", advice, blocking=False, kept=code) from None
    return code


def _phone(text: str) -> str:
    phone = text.removesuffix(".0")
    if len(phone) > LONGEST_PHONE:
        raise _Slip("联系电话太长。", "请只写一到两个电话号码。")
    if phone and not re.search(r"\d{7}", re.sub(r"[\s()（）-]", "", phone)):
        raise _Slip("联系电话不像电话号码。", "请核对；仍按所填内容导入。", blocking=False, kept=phone)
    return phone


def _trait_value(name: str, text: str) -> int | bool:
    if _COUNTED.fullmatch(name):
        number = text.removesuffix(".0").removesuffix("人") or "0"
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise _Slip(f"“{name}”不是整数。", "请只写数字，如 12；没有的写 0。")
        return int(number)
    if text in NO or text[0] in "否无未没":
        return False
    if text in YES or text[0] in "是有":
        return True
    raise _Slip(f"看不懂“{text[:20]}”。", "请写“是”或“否”。")


def _day(text: str) -> date | None:
    if not text:
        return None
    found = _DATE.fullmatch(text.split(" ", maxsplit=1)[0])
    try:
        numbers = [int(part) for part in found.groups() if part] if found else []
        return date(*numbers)
    except (TypeError, ValueError):
        raise _Slip(f"“{text[:20]}”不是日期。", "请写成 2023-05-01 这样的日期。") from None


def _repeated(sheet: RegisterSheet, lines: Iterable[Line]) -> Iterator[Problem]:
    """Yield a problem for every name or code that an earlier row has already."""
    seen: dict[tuple[str, str], int] = {}
    by_name = {column.fills: column for column in sheet.columns}
    for line in lines:
        for name, words in (("credit_code", "信用代码"), ("name", "企业名称")):
            value = line.values.get(name)
            first = seen.setdefault((name, value), line.number) if value else line.number
            if first != line.number:
                slip = _Slip(f"{words}与第{first}行重复。", "同一家企业只保留一行；不是同一家的，请改正。")
                yield _problem(sheet, by_name[name], line.number, slip)


def strange_words(
    sheet: RegisterSheet, lines: Sequence[Line], known: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Caution at the first cell of every word of a column that campaigns select by and that is `known` nowhere.

    Such an enterprise would stand in no roster, and nobody would notice. A column of which nothing is known says nothing.
    """
    for fills, title in SELECTED_BY.items():
        found: dict[str, list[int]] = {}
        for line in lines:
            if (word := line.values.get(fills)) and known.get(fills) and word not in known[fills]:
                found.setdefault(word, []).append(line.number)
        for word, numbers in found.items():
            rows = f"（共{len(numbers)}行）" if len(numbers) > 1 else ""
            sentence = f"名册和行动模板里都没有“{word[:20]}”这种{title}{rows}。"
            usual = "、".join(sorted(known[fills])[:6])
            advice = f"写法不同的企业进不了按{title}选的名单，请核对（如：{usual}）；仍按所填内容导入。"
            yield Problem(sheet.name, cell_of(sheet, fills, numbers[0]), sentence, advice, blocking=False)


def _problem(sheet: RegisterSheet, column: Column, number: int, slip: _Slip) -> Problem:
    return Problem(sheet.name, f"{column.letter}{number}", str(slip), slip.advice, slip.blocking)


def cell_of(sheet: RegisterSheet, fills: str, number: int) -> str:
    """Return the address of the cell of a row that fills something; the row alone when the sheet has no such column."""
    letters = [column.letter for column in sheet.columns if column.fills == fills]
    return f"{letters[0] if letters else ''}{number}"


def tidy(text: str) -> str:
    """Return a cell's text without outer blanks, invisible letters and line breaks; full-width letters become plain ones."""
    kept = "".join(" " if letter in "\r\n\t\u3000\u00a0" else letter for letter in text)
    visible = "".join(letter for letter in kept if unicodedata.category(letter) not in {"Cc", "Cf"})
    return " ".join("".join(_NARROW.get(letter, letter) for letter in visible).split())


_NARROW = {
    chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
