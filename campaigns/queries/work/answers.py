"""A filled-in form read back: each blank with its words, its files, and the hazards it brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.date_words import day_words
from campaigns.definition.form import Field, Form
from campaigns.rules.work.fields import FILE_KINDS, HAZARDS, NO, SIGNATURE, WAN, YES

PICTURES = (".jpg", ".jpeg", ".png", ".webp")


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


def file_link(file: Mapping[str, Any]) -> FileLink:
    """Return a file as a submission's content names it; what it is follows from the ending that `rules.uploads` left it."""
    return FileLink(file["storage_id"], file["name"], file["name"].lower().endswith(PICTURES))


def answers(form: Form, content: Mapping[str, Any], *, on_paper: bool = False) -> tuple[Answer, ...]:
    """Read a submission's content in the order of its form; what the form no longer names comes last.

    `on_paper`: it was typed in from a signed paper (代录), so its signatures stand there.
    """
    known = {field.title: field for field in form.fields}
    order = [title for title in known if title in content] + [title for title in content if title not in known]
    return tuple(
        _answer(title, known.get(title), content[title], "纸面签字" if on_paper else "本人签字") for title in order
    )


def _answer(title: str, field: Field | None, value: Any, signed: str) -> Answer:
    kind = field.kind if field else ""
    if kind in FILE_KINDS:
        files = tuple(FileLink(file["storage_id"], file["name"], kind == "照片") for file in value)
        return Answer(title, f"{len(files)}个文件", files=files)
    if kind == HAZARDS:
        return Answer(title, f"{len(value)}条" if value else "没有发现隐患", rows=tuple(map(_hazard, value)))
    return Answer(title, f"{value}（{signed}）" if kind == SIGNATURE else _words(field, value))


def _words(field: Field | None, value: Any) -> str:
    if field is None or (isinstance(value, Sequence) and not isinstance(value, str)):
        return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if field.kind == "是否":
        return YES if value else NO
    if field.kind == "日期":
        return day_words(date.fromisoformat(value))
    if field.kind == "金额" and field.unit == "万元":
        return f"{value / WAN:g}万元"
    return f"{value}{field.unit}"


def _hazard(row: Mapping[str, Any]) -> tuple[str, str]:
    clause = f"（{row['criterion']}）" if row.get("criterion") else ""
    grade = f"重大隐患{clause}" if row["major"] else "一般隐患"
    fixed = f"已当场整改：{row['rectification']}" if row.get("rectification") else ""
    return row["title"], "；".join(part for part in (grade, row["location"], row["description"], fixed) if part)
