"""任务: today's work, one task with its form, and every step its doer takes."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep, base_of, lead_to, settings_of
from api.form_blanks import blanks, errors_by_name, sent_files, sent_values
from api.sent import sent_day, sent_version
from api.trail_words import entry
from campaigns.actions.form_keys import is_answered
from campaigns.actions.work.files import attach_to_task, checked
from campaigns.actions.work.requests import ask
from campaigns.actions.work.tasks import acknowledge, save_draft, sign_nil, submit
from campaigns.definition.form import Form
from campaigns.errors import Invalid, NotFound
from campaigns.queries.hazards.register_list import HazardFilter, HazardTab, hazard_lines
from campaigns.queries.history import history_of
from campaigns.queries.work.answers import answers
from campaigns.queries.work.submissions import requests_of, submissions_of
from campaigns.queries.work.task import TaskCard, started_with, steps, task_card, task_files, task_form
from campaigns.queries.work.task_choices import enterprises_of
from campaigns.queries.work.worklist import worklist
from campaigns.rules.states import RequestKind
from campaigns.rules.uploads import CheckedUpload
from campaigns.store.files import file_store
from campaigns.store.tasks import Task

router = APIRouter()
HAZARDS_SHOWN = 5


@router.get("/tasks")
def worklist_page(visit: VisitDep) -> Response:
    """Show what must be done today, and what comes after."""
    tab = HazardTab.RECHECK if visit.actor.is_regulator else HazardTab.TO_FIX
    hazards = hazard_lines(
        visit.session, actor=visit.actor, now=visit.now, tab=tab, wanted=HazardFilter(), limit=HAZARDS_SHOWN
    )
    work = worklist(visit.session, actor=visit.actor, now=visit.now)
    return visit.page("tasks.html", work=work, hazards=hazards, tab=tab)


@router.get("/tasks/{task_id}")
def task_page(visit: VisitDep, task_id: int) -> Response:
    """Show one task: what the notice asks, the form, what was handed in, what happened."""
    return show_task(visit, task_id)


@router.post("/tasks/{task_id}/acknowledge")
def acknowledge_form(effect: EffectDep, task_id: int) -> Response:
    """签收."""

    def change(session: Session) -> str:
        acknowledge(session, task_id=task_id, version=sent_version(effect), by=effect.actor, now=effect.now)
        return f"/tasks/{task_id}"

    return effect.once(change, said="已签收，请在下面填报。")


@router.post("/tasks/{task_id}/submit")
def task_form_sent(effect: EffectDep, task_id: int) -> Response:
    """Keep what was typed and the files first, whatever comes; then hand in, if that was asked."""
    values, wrong = _keep(effect, task_id)
    if wrong:
        with base_of(effect.request).reading() as session:
            return show_task(
                Visit(effect.request, session, effect.actor, effect.now), task_id, status=422, errors=wrong
            )
    if effect.text("intent"):
        return lead_to(effect.request, f"/tasks/{task_id}#form", "草稿已保存，可以接着填。")

    def change(session: Session) -> str:
        version = sent_version(effect)
        done = submit(session, task_id=task_id, values=values, version=version, by=effect.actor, now=effect.now)
        return f"/receipts/{done.receipt}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return show_task(visit, task_id, status=422, errors=invalid.fields)

    return effect.once(change, said="已提交。", refused=refused)


@router.post("/tasks/{task_id}/nil")
def nil_form(effect: EffectDep, task_id: int) -> Response:
    """零报告."""

    def change(session: Session) -> str:
        done = sign_nil(
            session,
            task_id=task_id,
            signed=bool(effect.text("signed")),
            version=sent_version(effect),
            by=effect.actor,
            now=effect.now,
        )
        return f"/receipts/{done.receipt}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return show_task(visit, task_id, status=422, errors=invalid.fields)

    return effect.once(change, said="零报告已签字提交。", refused=refused)


@router.get("/tasks/{task_id}/ask")
def ask_page(visit: VisitDep, task_id: int) -> Response:
    """Show the form that asks for 延期 or 豁免."""
    return _ask_page(visit, task_id)


@router.post("/tasks/{task_id}/request")
def ask_form(effect: EffectDep, task_id: int) -> Response:
    """Ask for 延期 or 豁免."""

    def change(session: Session) -> str:
        kind = RequestKind.WAIVER if effect.text("kind") == RequestKind.WAIVER else RequestKind.EXTENSION
        day = sent_day(effect, "due_on") if kind is RequestKind.EXTENSION else None
        ask(
            session,
            task_id=task_id,
            kind=kind,
            reason=effect.text("reason"),
            due_on=day,
            by=effect.actor,
            now=effect.now,
        )
        return f"/tasks/{task_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _ask_page(visit, task_id, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="申请已提交，等监管部门决定。", refused=refused)


def _keep(effect: Effect, task_id: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Store new files and the draft in a transaction of their own; return the values with the files, and what was wrong.

    A form sent again after it was handed in keeps nothing: its key already has its answer.
    """
    with base_of(effect.request).reading() as session:
        card = task_card(session, task_id=task_id, actor=effect.actor, now=effect.now)
        form = task_form(session, card)
        closed = steps(session, card, form, actor=effect.actor).submit
        answered = is_answered(session, key=effect.text("form_key"), person_id=effect.actor.person_id)
    if form is None or closed or answered:
        return (sent_values(form, effect) if form else {}), {}
    values, files, wrong = sent_values(form, effect), dict[str, list[CheckedUpload]](), dict[str, str]()
    for field, uploads in sent_files(form, effect):
        try:
            files[field.title] = checked(uploads, label=field.title, picture=field.kind == "照片")
        except Invalid as invalid:
            wrong |= invalid.fields
    with base_of(effect.request).transaction() as session:
        wrong |= _attach(session, effect, task_id, values, files)
        save_draft(session, task_id=task_id, values=values, by=effect.actor, now=effect.now)
    return values, wrong


def _attach(
    session: Session, effect: Effect, task_id: int, values: dict[str, Any], files: Mapping[str, list[CheckedUpload]]
) -> dict[str, str]:
    store, wrong = file_store(settings_of(effect.request)), dict[str, str]()
    for label, uploads in files.items():
        try:
            values[label] += attach_to_task(
                session,
                task_id=task_id,
                label=label,
                uploads=uploads,
                picture=False,
                store=store,
                by=effect.actor,
                now=effect.now,
            )
        except Invalid as invalid:
            wrong |= invalid.fields
    return wrong


def show_task(visit: Visit, task_id: int, *, status: int = 200, errors: Mapping[str, str] | None = None) -> Response:
    """Show a task's page, with the sentences of a form that did not pass beside its blanks."""
    card = task_card(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    form = task_form(visit.session, card)
    allowed = steps(visit.session, card, form, actor=visit.actor)
    handed_in = submissions_of(visit.session, task_id)
    return visit.page(
        "task.html",
        status=status,
        card=card,
        form=form,
        allowed=allowed,
        blanks=_blanks(visit, card, form, errors or {}) if form and not allowed.submit else [],
        enterprises=[] if card.about_enterprise else enterprises_of(visit.session, actor=visit.actor),
        errors=errors_by_name(form, errors or {}) if form else dict(errors or {}),
        submissions=[(submission, answers(form, submission.content) if form else ()) for submission in handed_in],
        requests=requests_of(visit.session, task_id),
        entries=[entry(line) for line in history_of(visit.session, Task, task_id)],
    )


def _blanks(visit: Visit, card: TaskCard, form: Form, errors: Mapping[str, str]) -> list[Any]:
    values = started_with(visit.session, card.id, actor=visit.actor)
    return blanks(form, values, errors=errors, files=task_files(visit.session, card.id))


def _ask_page(
    visit: Visit,
    task_id: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    card = task_card(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    if steps(visit.session, card, None, actor=visit.actor).ask:
        raise NotFound
    return visit.page("task-ask.html", status=status, card=card, errors=errors or {}, typed=typed or {})
