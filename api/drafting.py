"""What a form that is being filled in leaves with us: its files and its words.

Handed in, both go into the one transaction of what they hand in. Whatever stops that (a blank, somebody faster, an error of
ours), they are kept as a draft. A form that was handed in already keeps nothing more: its key has its answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from sqlmodel import Session

from api.deps import Effect, Refused, Visit, base_of, lead_to, settings_of
from api.form_blanks import named, read, sent_files, sent_values
from campaigns.actions.form_keys import is_answered
from campaigns.actions.work.files import attach_to_task, checked, laid_down
from campaigns.actions.work.tasks import save_draft
from campaigns.definition.form import Field, Form
from campaigns.errors import Invalid
from campaigns.queries.work.filling import filling
from campaigns.rules.files.uploads import CheckedUpload
from campaigns.rules.work.fields import FILE_KINDS
from campaigns.rules.work.filling import not_handed_in
from campaigns.rules.work.paper import on_paper
from campaigns.store.files import file_store

HandIn = Callable[[Session, Mapping[str, Any]], str]
"""Hands in a form's values, its files among them, and returns where to look at it."""
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
        found = filling(session, task_id, actor=effect.actor)
        answered = is_answered(session, key=effect.text("form_key"), person_id=effect.actor.person_id)
    if found.form is not None and not found.enter:
        return Opened(on_paper(found.form), "", answered, f"/tasks/{task_id}/enter#form")
    return Opened(found.form, found.submit, answered, f"/tasks/{task_id}#form")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: what was typed, its sound files, laid down already, and what was wrong with the others."""

    task_id: int
    values: Mapping[str, Any]
    files: Mapping[str, list[CheckedUpload]]
    wrong: Mapping[str, str]
    to_keep: bool
    """Whether its sender may fill it in and has not handed it in yet: else nothing of it is kept."""


def taken_in(effect: Effect, task_id: int) -> Sent:
    """Read a form and lay its sound files down, before any transaction; no row names them yet."""
    found = opened(effect, task_id)
    form = found.form
    if form is None or found.closed or found.answered:
        return Sent(task_id, sent_values(form, effect) if form else {}, {}, {}, to_keep=False)
    files, wrong = dict[str, list[CheckedUpload]](), dict[str, str]()
    store = file_store(settings_of(effect.request))
    for field, uploads in sent_files(form, effect):
        try:
            sound = checked(uploads, label=field.title, picture=field.kind == "照片")
            files[field.title] = laid_down(sound, store=store)
        except Invalid as invalid:
            wrong |= invalid.fields
    return Sent(task_id, sent_values(form, effect), files, wrong, to_keep=True)


def keep(effect: Effect, sent: Sent) -> dict[str, str]:
    """Keep what was typed as the sender's draft, with its files, whatever they say; return what was wrong with these."""
    wrong = dict(sent.wrong)
    if not sent.to_keep:
        return wrong
    with base_of(effect.request).transaction() as session:
        values = dict(sent.values)
        for label in sent.files:
            try:
                values[label] = _attached(session, effect, sent, label)
            except Invalid as invalid:
                wrong |= invalid.fields
        save_draft(session, task_id=sent.task_id, values=values, by=effect.actor, now=effect.now)
    return wrong


def drafted(effect: Effect, sent: Sent, where: str, *, said: str, refused: Refused) -> Response:
    """Keep the form as a draft and lead back to it; `refused` shows it with a sentence beside each file that was not taken."""
    if wrong := keep(effect, sent):
        return _again(effect, not_handed_in(wrong), refused)
    return lead_to(effect.request, where, said)


def handed_in(effect: Effect, sent: Sent, hand_in: HandIn, *, said: str, refused: Refused) -> Response:
    """Attach the files and `hand_in` the values in one transaction, once; whatever stops that, the draft is kept first.

    `refused` shows the form again with a sentence beside each blank.
    """

    def change(session: Session) -> str:
        attached = {label: _attached(session, effect, sent, label) for label in sent.files}
        return hand_in(session, {**sent.values, **attached})

    if sent.wrong:
        return _again(effect, not_handed_in(keep(effect, sent)), refused)
    try:
        return lead_to(effect.request, effect.done(change), said)
    except Exception as error:
        if wrong := keep(effect, sent):
            return _again(effect, not_handed_in(wrong), refused)
        if not isinstance(error, Invalid) or not error.fields:
            raise
        return _again(effect, error, refused)


def _again(effect: Effect, why: Invalid, refused: Refused) -> Response:
    with base_of(effect.request).reading() as session:
        return refused(Visit(effect.request, session, effect.actor, effect.now), why)


def _attached(session: Session, effect: Effect, sent: Sent, label: str) -> list[str]:
    """Put the files of a blank behind what it keeps already and return them all."""
    new = attach_to_task(
        session,
        task_id=sent.task_id,
        label=label,
        uploads=sent.files[label],
        picture=False,
        store=file_store(settings_of(effect.request)),
        by=effect.actor,
        now=effect.now,
    )
    return [*sent.values[label], *new]


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
    taken = Sent(task_id, sent_values(form, effect), {field.title: uploads}, {}, to_keep=True)

    def change(session: Session) -> str:
        files = _attached(session, effect, taken, field.title)
        values = {**taken.values, field.title: files}
        save_draft(session, task_id=task_id, values=values, by=effect.actor, now=effect.now)
        return f"/files/{files[-1]}"

    kept = effect.done(change).rpartition("/")[2]
    if kept != uploads[0].storage_id:  # the same photo was there already: what was just laid down is named by no row
        store.remove(uploads[0].storage_id)
    return KeptFile(kept, uploads[0].name, uploads[0].content_type.startswith("image/"))


def _file_blank(form: Form, name: str) -> Field | None:
    return next((field for known, field in named(form) if known == name and field.kind in FILE_KINDS), None)
