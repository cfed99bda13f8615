"""One value of a table: read from what a clerk types, shown as the paper prints it.

The store keeps integers: counts plain, money in 元 whatever unit the paper uses, 是否 as 1 or 0, rates in hundredths of a
percent. Cells of words (文字, 日期) keep what was typed; `read_words` tidies it.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from campaigns.definition.report_form import Atom

YUAN_IN_WAN = 10_000
A_NUMBER = re.compile(r"(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,6})?")
MOST = 10**10
"""What one cell holds is less, in its own unit: a country's sum still fits the store, and more is a slip of the unit."""
LONGEST_WORDS = 4000
A_DATE = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?")
ANSWERS = {"是": 1, "否": 0, "有": 1, "无": 0, "1": 1, "0": 0}


class FigureError(ValueError):
    """What was typed cannot stand in this cell; the message says why and what to type, in Chinese."""


def read(atom: Atom, typed: str) -> int | None:
    """Return what the store keeps for a typed value; an empty one is a blank (None).

    Raises:
        FigureError: not a value of the cell's unit.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return None
    if atom.unit == "是否":
        return _answer(text)
    if atom.unit == "%":
        return _whole(_number(text.rstrip("%"), "百分数，如 85.71") * 100, "百分数最多两位小数")
    if atom.unit == "万元":
        return _whole(_number(text, "金额（万元），如 1.5") * YUAN_IN_WAN, "金额精确到元，万元最多四位小数")
    return _whole(_number(text, "整数，没有的填0"), f"这一格按{atom.unit}填整数，不能有小数")


def read_words(atom: Atom, typed: str) -> str:
    """Return what the store keeps for typed words: lines without trailing blanks, a date as 2023-05-25.

    Raises:
        FigureError: too long, or not a date.
    """
    text = "\n".join(line.rstrip() for line in typed.strip().splitlines())
    if len(text) > LONGEST_WORDS:
        raise FigureError(f"写了{len(text)}个字，这一格最多{LONGEST_WORDS}个字")
    return _date(text) if atom.unit == "日期" and text else text


def shown(atom: Atom, value: int | None) -> str:
    """Return a value as the paper prints it: 1.5 for 15000元 in 万元, 是, 85.71%; a blank is empty."""
    if value is None:
        return ""
    if atom.unit == "是否":
        return "是" if value else "否"
    if atom.unit == "%":
        return f"{_plain(Decimal(value) / 100)}%"
    if atom.unit == "万元":
        return _plain(Decimal(value) / YUAN_IN_WAN)
    return str(value)


def printed(atom: Atom, value: int | None) -> int | float | str | None:
    """Return a value for a spreadsheet cell: a number where the paper has a number."""
    if value is None or atom.unit == "是否":
        return shown(atom, value) or None
    if atom.unit == "万元":
        return value / YUAN_IN_WAN
    return value / 100 if atom.unit == "%" else value


def _answer(text: str) -> int:
    if text not in ANSWERS:
        raise FigureError(f"“{text}”看不懂，请填“是”或“否”")
    return ANSWERS[text]


def _number(text: str, wanted: str) -> Decimal:
    if not A_NUMBER.fullmatch(text):
        raise FigureError(f"“{text[:20]}”不能填在这里，请填{wanted}")
    number = Decimal(text.replace(",", ""))
    if number >= MOST:
        raise FigureError(f"{text[:20]}太大了，请核对单位")
    return number


def _date(text: str) -> str:
    found = A_DATE.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        raise FigureError(f"“{text[:20]}”不是日期，请填年月日，如 2023-05-25")
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        raise FigureError(f"没有“{text[:20]}”这一天，请核对日期") from None


def _whole(number: Decimal, complaint: str) -> int:
    if number != number.to_integral_value():
        raise FigureError(complaint)
    return int(number)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
