"""任务: today's work, one task with its form, and every step its doer takes."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.clauses import clauses_for_lines
from api.deps import EffectDep, PhotosDep, Visit, VisitDep
from api.drafting import drafted, handed_in, taken_in
from api.form_blanks import blanks, errors_by_name
from api.sent import sent_day, sent_version
from api.short_links import short_link
from api.trail_words import entry
from campaigns.actions.work.requests import ask
from campaigns.actions.work.tasks import acknowledge, sign_nil, submit
from campaigns.actions.work.using import use_record
from campaigns.definition.form import Form
from campaigns.errors import Invalid, NotFound
from campaigns.queries.hazards.register_list import HazardFilter, HazardTab, hazard_lines
from campaigns.queries.history import MOST, history_of
from campaigns.queries.work.answers import answers
from campaigns.queries.work.files import broken_files
from campaigns.queries.work.sharing import Usable, usable_records
from campaigns.queries.work.submissions import SubmissionCard, requests_of, submissions_of
from campaigns.queries.work.task import TaskCard, started_with, steps, task_card, task_files, task_form
from campaigns.queries.work.task_choices import enterprises_of
from campaigns.queries.work.worklist import worklist
from campaigns.rules.states import RequestKind
from campaigns.rules.work.objecting import suggested_day
from campaigns.rules.work.signing import Signer
from campaigns.store.work.attachments import named_files
from campaigns.store.work.tasks import Task

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
def task_page(visit: VisitDep, task_id: int, before: int | None = None) -> Response:
    """Show one task: what the notice asks, the form, what was handed in (`before` a number: earlier still), what happened."""
    return show_task(visit, task_id, before=before)


@router.post("/tasks/{task_id}/acknowledge")
def acknowledge_form(effect: EffectDep, task_id: int) -> Response:
    """签收."""

    def change(session: Session) -> str:
        acknowledge(session, task_id=task_id, version=sent_version(effect), by=effect.actor, now=effect.now)
        return f"/tasks/{task_id}"

    return effect.once(change, said="已签收，请在下面填报。")


@router.post("/tasks/{task_id}/submit")
def task_form_sent(effect: PhotosDep, task_id: int) -> Response:
    """Hand in what was typed and its files, or keep them as a draft, if that was asked or something is not right yet."""
    sent = taken_in(effect, task_id)

    def hand_in(session: Session, values: Mapping[str, Any]) -> str:
        version = sent_version(effect)
        done = submit(session, task_id=task_id, values=values, version=version, by=effect.actor, now=effect.now)
        return f"/receipts/{done.receipt}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return show_task(visit, task_id, refused=invalid)

    if effect.text("intent"):
        return drafted(effect, sent, f"/tasks/{task_id}#form", said="草稿已保存，可以接着填。", refused=refused)
    return handed_in(effect, sent, hand_in, said="已提交。", refused=refused)


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
        return show_task(visit, task_id, refused=invalid)

    return effect.once(change, said="零报告已签字提交。", refused=refused)


@router.post("/tasks/{task_id}/use")
def use_form(effect: EffectDep, task_id: int) -> Response:
    """用已报的记录: nothing is typed anew."""

    def change(session: Session) -> str:
        receipt, version = effect.text("receipt"), sent_version(effect)
        done = use_record(session, task_id=task_id, receipt=receipt, version=version, by=effect.actor, now=effect.now)
        return f"/receipts/{done.receipt}"

    return effect.once(change, said="已用这份记录提交，不用再填。")


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


def show_task(visit: Visit, task_id: int, *, refused: Invalid | None = None, before: int | None = None) -> Response:
    """Show a task's page; with what was `refused`, if anything: what was kept, and its sentences beside their fields."""
    card = task_card(visit.session, task_id=task_id, actor=visit.actor, now=visit.now)
    form = task_form(visit.session, card)
    allowed = steps(visit.session, card, form, actor=visit.actor)
    errors = refused.fields if refused else {}
    handed_in = submissions_of(visit.session, task_id, before=before)
    usable = () if form is None or allowed.submit else usable_records(visit.session, task_id, actor=visit.actor)
    return visit.page(
        "task.html",
        status=refused.status if refused else 200,
        card=card,
        form=form,
        allowed=allowed,
        refused=refused,
        link=short_link(visit.request, task_id),
        **(form_to_fill(visit, card, form, errors) if form and not allowed.submit else {"blanks": []}),
        enterprises=[] if card.about_enterprise else enterprises_of(visit.session, actor=visit.actor),
        errors=errors_by_name(form, errors) if form else errors,
        submissions=[
            (each, answers(form, each.content, on_paper=bool(each.on_paper)) if form else ()) for each in handed_in
        ],
        usable=[(each, answers(form, each.content) if form else ()) for each in usable],
        broken=broken_files(visit.session, _files_shown(handed_in, usable)),
        before=before,
        requests=requests_of(visit.session, task_id),
        fill_in_by=suggested_day(due_on=card.due_on, today=visit.today),
        entries=[entry(line) for line in history_of(visit.session, Task, task_id)],
        most_steps=MOST,
    )


def _files_shown(handed_in: Iterable[SubmissionCard], usable: Iterable[Usable]) -> frozenset[str]:
    named = (named_files(record.content) for record in usable)
    return frozenset().union(*(each.files for each in handed_in), *named)


def form_to_fill(visit: Visit, card: TaskCard, form: Form, errors: Mapping[str, str]) -> dict[str, Any]:
    """Return what a page draws a form with: its blanks with what is known, and the clauses that its hazards may cite."""
    values = started_with(visit.session, card.id, actor=visit.actor)
    signer = Signer(visit.actor.name, visit.actor.roles)
    files = task_files(visit.session, card.id, actor=visit.actor)
    enterprise_id = card.subject_id if card.about_enterprise else None
    return {
        "blanks": blanks(form, values, errors=errors, files=files, signer=signer),
        "choice": clauses_for_lines(visit, form, values, enterprise_id=enterprise_id),
    }


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
