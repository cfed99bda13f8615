"""What a form in the middle of being filled in leaves with us: files and the draft, in a transaction of their own.

A form that was handed in already keeps nothing more: its key has its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from api.deps import Effect, base_of, settings_of
from api.form_blanks import named, read, sent_files, sent_values
from campaigns.actions.form_keys import is_answered
from campaigns.actions.work.files import attach_to_task, checked, laid_down
from campaigns.actions.work.tasks import save_draft
from campaigns.definition.form import Field, Form
from campaigns.errors import Conflict, Invalid
from campaigns.queries.work.task import filling_steps, task_card, task_form
from campaigns.rules.fields import FILE_KINDS
from campaigns.rules.paper import on_paper
from campaigns.rules.uploads import CheckedUpload
from campaigns.store.files import file_store

FILE = "file"
"""The name under which a script sends one file by itself, with the blank it belongs to as `blank`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A task's form as whoever sent it may fill it in: `closed` says why he may not, `answered` that he handed it in already.

    For the bureau that types in an enterprise's paper it has the paper's blanks (代录).
    """

    form: Form | None
    closed: str
    answered: bool
    where: str
    """The page on which it is filled in."""


def opened(effect: Effect, task_id: int) -> Opened:
    """Look up the form of a task in the sender's sight; anything else is not found."""
    with base_of(effect.request).reading() as session:
        card = task_card(session, task_id=task_id, actor=effect.actor, now=effect.now)
        form = task_form(session, card)
        closed, not_on_paper = filling_steps(session, card, actor=effect.actor)
        answered = is_answered(session, key=effect.text("form_key"), person_id=effect.actor.person_id)
    if form is not None and not not_on_paper:
        return Opened(on_paper(form), "", answered, f"/tasks/{task_id}/enter#form")
    return Opened(form, closed, answered, f"/tasks/{task_id}#form")


def keep(effect: Effect, task_id: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Store new files and the draft, whatever they say; return the values with the files, and what was wrong with those."""
    found = opened(effect, task_id)
    form = found.form
    if form is None or found.closed or found.answered:
        return (sent_values(form, effect) if form else {}), {}
    values, files, wrong = sent_values(form, effect), dict[str, list[CheckedUpload]](), dict[str, str]()
    store = file_store(settings_of(effect.request))
    for field, uploads in sent_files(form, effect):
        try:
            sound = checked(uploads, label=field.title, picture=field.kind == "照片")
            files[field.title] = laid_down(sound, store=store)
        except Invalid as invalid:
            wrong |= invalid.fields
    try:
        with base_of(effect.request).transaction() as session:
            wrong |= _attach(session, effect, task_id, values, files)
            save_draft(session, task_id=task_id, values=values, by=effect.actor, now=effect.now)
    except Conflict:
        if not opened(effect, task_id).answered:
            raise
        # the first of two clicks handed it in meanwhile: the second goes on to its receipt
    return values, wrong


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that came by itself and lies in the draft now."""

    storage_id: str
    name: str
    picture: bool


def keep_file(effect: Effect, task_id: int, form: Form) -> KeptFile:
    """Store one file of one blank and the draft as it stands, once under the form key that the file came with.

    Raises Invalid beside the blank when the file is none that it takes.
    """
    field = _file_blank(form, effect.text("blank"))
    sent = effect.files(FILE)
    if field is None or len(sent) != 1:
        raise Invalid("没有收到文件，没有保存。", advice="请重新选择照片；一张一张传。")
    sound = checked([read(sent[0])], label=field.title, picture=field.kind == "照片")
    store = file_store(settings_of(effect.request))
    uploads = laid_down(sound, store=store)

    def change(session: Session) -> str:
        values = sent_values(form, effect)
        _attach_one(session, effect, task_id, values, field.title, uploads)
        save_draft(session, task_id=task_id, values=values, by=effect.actor, now=effect.now)
        return f"/files/{values[field.title][-1]}"

    kept = effect.done(change).rpartition("/")[2]
    if kept != uploads[0].storage_id:  # the same photo was there already: what was just laid down is named by no row
        store.remove(uploads[0].storage_id)
    return KeptFile(kept, uploads[0].name, uploads[0].content_type.startswith("image/"))


def _file_blank(form: Form, name: str) -> Field | None:
    return next((field for known, field in named(form) if known == name and field.kind in FILE_KINDS), None)


def _attach(
    session: Session, effect: Effect, task_id: int, values: dict[str, Any], files: Mapping[str, list[CheckedUpload]]
) -> dict[str, str]:
    wrong = dict[str, str]()
    for label, uploads in files.items():
        try:
            _attach_one(session, effect, task_id, values, label, uploads)
        except Invalid as invalid:
            wrong |= invalid.fields
    return wrong


def _attach_one(
    session: Session, effect: Effect, task_id: int, values: dict[str, Any], label: str, uploads: list[CheckedUpload]
) -> None:
    """Put the files behind what the blank keeps already."""
    values[label] += attach_to_task(
        session,
        task_id=task_id,
        label=label,
        uploads=uploads,
        picture=False,
        store=file_store(settings_of(effect.request)),
        by=effect.actor,
        now=effect.now,
    )
