"""启动: choose a template, set its parameters, look at every date, person and message, and only then launch."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, Visit, VisitDep
from api.drawings.calendar import Span, calendar_bar
from api.drawings.plots import Plot, columns, trend
from campaigns.actions.launch.burden import Burden
from campaigns.actions.launch.campaigns import launch, preview
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.launch.previews import Preview, PreviewedLine
from campaigns.date_words import month_words
from campaigns.errors import Forbidden, Invalid
from campaigns.queries.campaign.templates import suggested_start, template_card, template_cards, template_parameters
from campaigns.rules.permissions import Actor, why_not_launch

router = APIRouter()
SET = "set."
"""Before the name of a parameter's field, so that no parameter can take the name of another field."""


@router.get("/launch")
def template_list(visit: VisitDep) -> Response:
    """List the templates."""
    _check_may_launch(visit.actor)
    return visit.page("launch-templates.html", templates=template_cards())


@router.get("/launch/{template_id}")
def parameter_form(visit: VisitDep, template_id: str) -> Response:
    """Ask for the start and the parameters; what the address carries is filled in."""
    _check_may_launch(visit.actor)
    return _form(visit, template_id, visit.request.query_params, {})


@router.get("/launch/{template_id}/preview")
def preview_page(visit: VisitDep, template_id: str) -> Response:
    """Show what a launch would do; parameters that do not pass lead back to the form with their sentences."""
    typed = visit.request.query_params
    try:
        draft = _draft(template_id, typed)
        found = preview(visit.session, draft, by=visit.actor, now=visit.now)
    except Invalid as invalid:
        return _form(visit, template_id, typed, invalid.fields, status=422)
    return visit.page(
        "launch-preview.html",
        template=template_card(template_id),
        found=found,
        bar=calendar_bar(_spans(found), visit.today),
        months=_months(found),
        messages=_messages(found),
        burden_chart=_burden(found.burden),
        typed=dict(typed),
        address=f"/launch/{template_id}?{typed}",
    )


@router.post("/launch/{template_id}")
def launch_form(effect: EffectDep, template_id: str) -> Response:
    """Launch once: the form's key is the campaign's launch key."""

    def change(session: Session) -> str:
        campaign = launch(
            session,
            _draft(template_id, effect.values()),
            launch_key=effect.text("form_key"),
            document_number=effect.text("document_number"),
            by=effect.actor,
            now=effect.now,
        )
        return f"/campaigns/{campaign.id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _form(visit, template_id, effect.values(), invalid.fields, status=422)

    return effect.once(change, said="已下发，任务和通知都已送到各单位。", refused=refused)


def _check_may_launch(actor: Actor) -> None:
    if reason := why_not_launch(actor):
        raise Forbidden(reason)


def _draft(template_id: str, typed: Mapping[str, str]) -> Draft:
    """Read a draft from the address or the form; an empty parameter keeps the template's default."""
    given = {name.removeprefix(SET): value for name, value in typed.items() if name.startswith(SET) and value.strip()}
    return Draft.of_template(template_id, parameters=given, starts_on=_start(typed.get("starts_on", "")))


def _start(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid("启动日期看不懂。", fields={"starts_on": "请写成 2023-05-01 这样，或者留空。"}) from None


def _form(
    visit: Visit, template_id: str, typed: Mapping[str, str], errors: Mapping[str, str], *, status: int = 200
) -> Response:
    start = suggested_start(template_id, today=visit.today)
    return visit.page(
        "launch-parameters.html",
        status=status,
        template=template_card(template_id),
        parameters=template_parameters(template_id),
        typed={"starts_on": start.isoformat() if start else "", **typed},
        errors={name if name == "starts_on" else SET + name: sentence for name, sentence in errors.items()},
    )


def _spans(found: Preview) -> list[Span]:
    return [
        Span(stage.title, stage.opens_on, stage.closes_on, stage.opens_inferred, 0, 0, "未开始")
        for stage in found.stages
    ]


@dataclass(frozen=True, slots=True)
class Month:
    """The lines that fall due in one month; or, not `dated`, those of work recorded at each event, which is never due."""

    words: str
    lines: tuple[PreviewedLine, ...]
    dated: bool = True

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self.lines)

    @property
    def tasks(self) -> int:
        """How many tasks they make."""
        return sum(line.tasks for line in self.lines)


def _months(found: Preview) -> list[Month]:
    at_events = tuple(line for line in found.lines if line.occurrence.event_driven)
    dated = (line for line in found.lines if not line.occurrence.event_driven)
    ordered = sorted(dated, key=lambda line: (line.occurrence.due_on, line.occurrence.duty))
    grouped = groupby(ordered, key=lambda line: month_words(line.occurrence.due_on))
    months = [Month(words, tuple(lines)) for words, lines in grouped]
    return [*months, Month("没有日期，每次做时填", at_events, dated=False)] if at_events else months


def _burden(found: Burden) -> Plot:
    words = _short_words([load.month for load in found.months])
    rows = [(words(load.month), (load.after, load.before)) for load in found.months]
    return trend(rows, ("下发后", "现在"), unit="次", title="一般企业每月填报")


def _messages(found: Preview) -> Plot:
    """Draw messages by month: a day's figure says little."""
    words = _short_words(found.messages_per_day)
    months: dict[str, int] = {}
    for day, count in found.messages_per_day.items():
        months[words(day)] = months.get(words(day), 0) + count
    return columns(list(months.items()), name="消息", unit="条", title="每月消息")


def _short_words(days: Iterable[date]) -> Callable[[date], str]:
    """Return how a month is written under a drawing, where a phone has room for little: 11月, or 26/11 over several years."""
    if len({day.year for day in days}) <= 1:
        return lambda day: f"{day.month}月"
    return lambda day: f"{day:%y}/{day.month}"
