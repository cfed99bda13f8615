"""A definition's form as a page draws it, and what a person sent of it.

Each blank has a plain name of its own (`b0`, `b1`, …), so that whatever a notice calls a column never meets the page's own
names. File blanks send the files to keep under the blank's name and new ones under `b3.new`; rows of a hazard list are
`b5.0.title`, `b5.0.location`, ….
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile

from api.deps import Effect
from campaigns.definition.form import Field, Form
from campaigns.queries.work.task import TaskFile
from campaigns.rules.files.uploads import Upload
from campaigns.rules.work.fields import FILE_KINDS, HAZARDS, SIGNATURE, as_typed
from campaigns.rules.work.signing import Signer, why_not_sign

COLUMNS = ("title", "location", "description", "major", "clause", "criterion", "rectification", "enterprise_id")
MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank ready to draw: its value as typed, the sentence beside it, the files it keeps, why he cannot sign there."""

    name: str
    field: Field
    value: Any
    error: str
    files: tuple[TaskFile, ...]
    blocked: str = ""

    @property
    def optional(self) -> bool:
        """Whether it may always stay empty."""
        return self.field.required == "否"

    @property
    def hint(self) -> str:
        """What stands under the label: the form's own note and when it is compulsory."""
        condition = "" if self.field.required in ("是", "否") else f"{self.field.required}必填"
        return "；".join(part for part in (self.field.note, condition) if part)


def blanks(
    form: Form,
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, str],
    files: Sequence[TaskFile],
    signer: Signer | None = None,
) -> list[Blank]:
    """Lay out a form with what is known; a hazard list gets one empty row at its end. `signer` is who fills it in himself."""
    return [
        Blank(
            name,
            field,
            _value(field, values),
            errors.get(field.title, ""),
            tuple(file for file in files if file.label == field.title and _is_wanted(file, field, values)),
            why_not_sign(field, signer) if signer and field.kind == SIGNATURE else "",
        )
        for name, field in named(form)
    ]


def named(form: Form) -> Iterator[tuple[str, Field]]:
    """Every blank with its name on the page."""
    return ((f"b{place}", field) for place, field in enumerate(form.fields))


def errors_by_name(form: Form, errors: Mapping[str, str]) -> dict[str, str]:
    """Return the sentences by the blanks' page names, for the summary that links to each."""
    names = {field.title: name for name, field in named(form)}
    return {names.get(title, title): sentence for title, sentence in errors.items()}


def sent_values(form: Form, effect: Effect) -> dict[str, Any]:
    """Return what was typed, by the blank's title, as campaigns.rules.work.filling reads it."""
    return {field.title: _sent(name, field, effect) for name, field in named(form)}


def sent_files(form: Form, effect: Effect) -> Iterator[tuple[Field, list[Upload]]]:
    """Return the new files of each file blank, read into memory (the walls bound their sum)."""
    for name, field in named(form):
        if field.kind in FILE_KINDS and (uploads := effect.files(f"{name}.new")):
            yield field, [read(upload) for upload in uploads]


def read(upload: UploadFile) -> Upload:
    """Read an uploaded file and wind it back, because the form's fingerprint reads it too."""
    content = upload.file.read()
    upload.file.seek(0)
    return Upload(upload.filename or "", content)


def _value(field: Field, values: Mapping[str, Any]) -> Any:
    value = as_typed(field, values.get(field.title))
    return [*value, {}][:MOST_ROWS] if field.kind == HAZARDS else value


def _is_wanted(file: TaskFile, field: Field, values: Mapping[str, Any]) -> bool:
    chosen = values.get(field.title)
    return chosen is None or file.storage_id in as_typed(field, chosen)


def _sent(name: str, field: Field, effect: Effect) -> Any:
    if field.kind == HAZARDS:
        return _rows(name, effect)
    if field.kind == "多选" or field.kind in FILE_KINDS:
        return effect.many(name)
    return effect.text(name)


def _rows(name: str, effect: Effect) -> list[dict[str, str]]:
    rows = ({column: effect.text(f"{name}.{place}.{column}") for column in COLUMNS} for place in range(MOST_ROWS))
    return [row for row in rows if any(row.values())]
