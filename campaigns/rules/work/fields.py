"""One blank of a form: from what a person typed to the value that is kept, or the sentence that stands beside it.

Kept values are plain JSON, keyed by the blank's own name: 日期 is ISO, 整数 an integer, 小数 a decimal in text, 金额 whole 元,
是否 1 or 0, 多选 a list of choices, 签字 the signer's name, 照片 and 附件 a list of file references.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from campaigns.date_words import day_words
from campaigns.definition.form import Field
from campaigns.rules.work.signing import Signer, why_not_sign

LONGEST_LINE = 200
LONGEST_TEXT = 5000
MOST_DIGITS = 9
WAN = 10_000
YES, NO = "是", "否"
FILE_KINDS = ("照片", "附件")
HAZARDS = "隐患列表"
SIGNATURE = "签字"

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_TIME = re.compile(r"(\d{1,2})\s*[:时]\s*(\d{1,2})\s*分?")
_PHONE = re.compile(r"[+0-9()\- ]{5,24}")


def read_id(text: str) -> int | None:
    """Return the number of a row that somebody chose, None if it can be none: a forged one may have any length."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else None


class Wrong(ValueError):
    """A blank that does not pass; its text is the sentence beside it."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file that a form may hand in. `storage_id` is random, `name` the person's own, `sha256` of the stored bytes."""

    storage_id: str
    label: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What reading a blank may depend on besides the blank: who signs, which day it is, which files are there."""

    signer: Signer
    today: date
    files: Mapping[str, FileRef]


Reader = Callable[[Field, Any, Desk], Any]


def typed(raw: Any) -> str:
    """Return one typed value, trimmed; anything that is not text counts as nothing."""
    return raw.strip() if isinstance(raw, str) else ""


def picked(raw: Any) -> list[str]:
    """Return several values: check boxes send a list, one box sends a string."""
    values = raw if isinstance(raw, list | tuple) else [raw]
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]


def is_blank(field: Field, raw: Any) -> bool:
    """Whether nothing was filled in."""
    if field.kind == HAZARDS:
        return not rows(raw)
    return not picked(raw)


def rows(raw: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a list that have anything in them: a form always shows a few empty ones."""
    given = raw if isinstance(raw, list | tuple) else ()
    return [row for row in given if isinstance(row, Mapping) and any(typed(value) for value in row.values())]


def read(field: Field, raw: Any, desk: Desk) -> Any:
    """Return the value to keep for a blank that is not empty; raises Wrong."""
    return _READERS[field.kind](field, raw, desk)


def as_typed(field: Field, kept: Any) -> Any:
    """Return a kept value as it would be typed, to open a form with it again. What is typed already stays; a signature goes."""
    if field.kind == SIGNATURE:
        return ""
    if field.kind == HAZARDS:
        return [{**row, "major": YES if row.get("major") in ("1", YES) else ""} for row in rows_kept(kept)]
    if field.kind in FILE_KINDS:
        return [item["storage_id"] if isinstance(item, Mapping) else item for item in kept or ()]
    if field.kind == "是否" and kept in (0, 1):
        return YES if kept else NO
    if field.kind == "金额" and isinstance(kept, int):
        return format((Decimal(kept) / (WAN if field.unit == "万元" else 1)).normalize(), "f")
    return kept if isinstance(kept, list) else "" if kept is None else str(kept)


def rows_kept(kept: Any) -> list[dict[str, Any]]:
    """Return the rows of a kept or drafted list as text, so that they can be typed over."""
    given = kept if isinstance(kept, list | tuple) else ()
    return [
        {name: value if isinstance(value, str) else "" if value is None else str(value) for name, value in row.items()}
        for row in given
        if isinstance(row, Mapping)
    ]


def read_date(raw: Any, *, today: date) -> date:
    """Read a civil date in any usual writing; raises Wrong. What is recorded has happened, so no later than today."""
    match = _DATE.fullmatch(_ascii(raw))
    if match is None:
        raise Wrong("日期看不懂，请写成 2023-05-12 这样。")
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        raise Wrong(f"没有{typed(raw)}这一天，请核对。") from None
    if day > today:
        raise Wrong(f"日期不能晚于今天（{day_words(today)}）。")
    return day


def read_yuan(raw: Any, *, unit: str) -> int:
    """Read an amount typed in 元 or 万元 and return whole 元; a unit that is typed along goes before. Raises Wrong."""
    text = _ascii(raw).replace(" ", "")
    said = next((word for word in ("万元", "万", "元") if text.endswith(word)), "")
    amount = _decimal(text.removesuffix(said), unit, "3500，或写 2万") * (WAN if (said or unit).startswith("万") else 1)
    if amount != amount.to_integral_value():
        raise Wrong("金额最小到元，请不要写角、分。")
    return int(amount)


def _ascii(raw: Any) -> str:
    return unicodedata.normalize("NFKC", typed(raw))


def _decimal(raw: Any, unit: str, example: str = "3") -> Decimal:
    text = _ascii(raw).replace(",", "").replace(" ", "").removesuffix(unit)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Wrong(f"请只填数字{f'，单位是{unit}' if unit else ''}，例如 {example}。") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise Wrong("这个数太大了，请核对。")
    return number


def _between(field: Field, number: Decimal | int, what: str) -> None:
    if field.minimum is not None and number < field.minimum:
        raise Wrong(f"{what}不能小于{field.minimum}{field.unit}。")
    if field.maximum is not None and number > field.maximum:
        raise Wrong(f"{what}不能大于{field.maximum}{field.unit}。")


def _day(field: Field, raw: Any, desk: Desk) -> str:
    latest = desk.today + timedelta(days=field.maximum or 0)
    day = read_date(raw, today=date.max if field.maximum else latest)
    if day > latest:
        raise Wrong(f"最晚写到{day_words(latest)}，请核对。")
    return day.isoformat()


def _clock(field: Field, raw: Any, desk: Desk) -> str:
    match = _TIME.fullmatch(_ascii(raw))
    hour, minute = map(int, match.groups()) if match else (24, 0)
    if hour > 23 or minute > 59:
        raise Wrong("时间看不懂，请写成 08:30 这样。")
    return time(hour, minute).isoformat("minutes")


def _line(field: Field, raw: Any, desk: Desk) -> str:
    return _text(raw, LONGEST_LINE)


def _long(field: Field, raw: Any, desk: Desk) -> str:
    return _text(raw, LONGEST_TEXT)


def _text(raw: Any, longest: int) -> str:
    text = "".join(letter for letter in typed(raw).replace("\r\n", "\n") if letter == "\n" or letter.isprintable())
    if len(text) > longest:
        raise Wrong(f"最多写{longest}个字，现在有{len(text)}个字。")
    return text


def _phone(field: Field, raw: Any, desk: Desk) -> str:
    number = _ascii(raw)
    if not _PHONE.fullmatch(number):
        raise Wrong("电话只写数字和短横线，例如 0635-8280000。")
    return number


def _one(field: Field, raw: Any, desk: Desk) -> str:
    choices = _many(field, raw, desk)
    if len(choices) > 1:
        raise Wrong("这一栏只能选一项。")
    return choices[0]


def _many(field: Field, raw: Any, desk: Desk) -> list[str]:
    chosen = list(dict.fromkeys(picked(raw)))
    unknown = [choice for choice in chosen if choice not in field.choices]
    if unknown:
        raise Wrong(f"没有“{unknown[0][:20]}”这个选项，请从列出的选项里选。")
    if field.kind == "多选":
        _between(field, len(chosen), "选的项数")
    return chosen


def _integer(field: Field, raw: Any, desk: Desk) -> int:
    number = _decimal(raw, field.unit)
    if number != number.to_integral_value():
        raise Wrong("请填整数。")
    _between(field, number, "这个数")
    return int(number)


def _fraction(field: Field, raw: Any, desk: Desk) -> str:
    number = _decimal(raw, field.unit)
    if number.as_tuple().exponent < -4:  # type: ignore[operator]  # finite: the exponent is an integer
        raise Wrong("最多写4位小数。")
    _between(field, number, "这个数")
    return format(number.normalize(), "f")


def _money(field: Field, raw: Any, desk: Desk) -> int:
    unit = field.unit or "元"
    yuan = read_yuan(raw, unit=unit)
    _between(field, Decimal(yuan) / (WAN if unit == "万元" else 1), "金额")
    return yuan


def _yes_no(field: Field, raw: Any, desk: Desk) -> int:
    word = typed(raw)
    if word not in (YES, NO):
        raise Wrong("请选“是”或“否”。")
    return int(word == YES)


def _signature(field: Field, raw: Any, desk: Desk) -> str:
    if blocked := why_not_sign(field, desk.signer):
        raise Wrong(blocked)
    return desk.signer.name


def _files(field: Field, raw: Any, desk: Desk) -> list[dict[str, str]]:
    chosen = [desk.files.get(storage_id) for storage_id in dict.fromkeys(picked(raw))]
    found = [file for file in chosen if file is not None and file.label == field.title]
    if len(found) != len(chosen):
        raise Wrong("有文件已经找不到了，请重新上传。")
    _between(field, len(found), "件数")
    return [{"storage_id": file.storage_id, "name": file.name, "sha256": file.sha256} for file in found]


def _enterprise(field: Field, raw: Any, desk: Desk) -> int:
    number = read_id(_ascii(raw))
    if number is None:
        raise Wrong("请从列表里选一家企业。")
    return number


_READERS: Mapping[str, Reader] = {
    "日期": _day,
    "时间": _clock,
    "人员": _line,
    "单选": _one,
    "多选": _many,
    "整数": _integer,
    "小数": _fraction,
    "金额": _money,
    "文字": _line,
    "长文本": _long,
    "照片": _files,
    "附件": _files,
    SIGNATURE: _signature,
    "是否": _yes_no,
    "企业": _enterprise,
    "地点": _line,
    "电话": _phone,
}
"""隐患列表 is not here: its rows are read by filling.py, because they become lines of the register."""
