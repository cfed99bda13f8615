"""A filled-in form read back: each blank with its words, its files, and the hazards it brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.definition.form import Field, Form
from campaigns.rules.fields import FILE_KINDS, HAZARDS, NO, SIGNATURE, WAN, YES


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file of a submission: where it is fetched and the name its owner gave it."""

    storage_id: str
    name: str
    picture: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One blank as a reader sees it. `rows` are the hazards of a 隐患列表: title and what is said of it."""

    label: str
    words: str
    files: tuple[FileLink, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


def answers(form: Form, content: Mapping[str, Any]) -> tuple[Answer, ...]:
    """Read a submission's content in the order of its form; what the form no longer names comes last."""
    known = {field.title: field for field in form.fields}
    order = [title for title in known if title in content] + [title for title in content if title not in known]
    return tuple(_answer(title, known.get(title), content[title]) for title in order)


def _answer(title: str, field: Field | None, value: Any) -> Answer:
    kind = field.kind if field else ""
    if kind in FILE_KINDS:
        files = tuple(FileLink(file["storage_id"], file["name"], kind == "照片") for file in value)
        return Answer(title, f"{len(files)}个文件", files=files)
    if kind == HAZARDS:
        return Answer(title, f"{len(value)}条" if value else "没有发现隐患", rows=tuple(map(_hazard, value)))
    return Answer(title, _words(field, value))


def _words(field: Field | None, value: Any) -> str:
    if field is None or (isinstance(value, Sequence) and not isinstance(value, str)):
        return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if field.kind == SIGNATURE:
        return f"{value}（本人签字）"
    if field.kind == "是否":
        return YES if value else NO
    if field.kind == "日期":
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    if field.kind == "金额" and field.unit == "万元":
        return f"{value / WAN:g}万元"
    return f"{value}{field.unit}"


def _hazard(row: Mapping[str, Any]) -> tuple[str, str]:
    clause = f"（{row['criterion']}）" if row.get("criterion") else ""
    grade = f"重大隐患{clause}" if row["major"] else "一般隐患"
    fixed = f"已当场整改：{row['rectification']}" if row.get("rectification") else ""
    return row["title"], "；".join(part for part in (grade, row["location"], row["description"], fixed) if part)
