"""任务库: the duties that the notices name, ready to be taken into a campaign, as the bureau's page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.definition import library, shelf
from campaigns.definition.form import Form
from campaigns.definition.ready_duty import Asked, Notice, ReadyDuty, Source
from campaigns.errors import NotFound


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """One duty of the shelf. `often` says how often or by when in the notice's words; empty where the notice leaves it open."""

    name: str
    title: str
    side: str
    whose: str
    often: str
    asks: Asked | None
    form: str
    notice: Notice
    clause: str


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a notice names the duty, and its words."""

    notice: Notice
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class ReadyPage:
    """A duty with its sources, its form, the line that takes it, and the shipped campaigns that do."""

    line: ReadyLine
    responsible: str
    evidence: tuple[str, ...]
    required: bool
    note: str
    sources: tuple[Cited, ...]
    form: Form
    taking: str
    templates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader looks for: words of the name, title or clause, who does it, which notice, only what is left open."""

    words: str = ""
    side: str = ""
    notice: str = ""
    open_only: bool = False


def ready_lines(wanted: Wanted) -> tuple[ReadyLine, ...]:
    """Return the duties of the shelf that are wanted, notice by notice."""
    return tuple(line for line in _lines().values() if _is_wanted(line, wanted))


def ready_notices() -> Mapping[str, Notice]:
    """Return the notices the shelf holds duties of, by short number."""
    return shelf.notices()


def ready_page(name: str) -> ReadyPage:
    """Return one duty of the shelf; raises NotFound."""
    duty = shelf.duties().get(name)
    if duty is None:
        raise NotFound
    line = _lines()[name]
    first = Source(notice=line.notice.number, line=duty.line, clause=duty.clause, quote=duty.quote)
    return ReadyPage(
        line=line,
        responsible=duty.responsible or "",
        evidence=duty.evidence,
        required=duty.required,
        note=duty.note,
        sources=tuple(
            Cited(shelf.notices()[source.notice], source.clause, source.quote) for source in (first, *duty.also)
        ),
        form=shelf.forms()[duty.form],
        taking=_taking(name, duty),
        templates=tuple(
            (template_id, library.template(template_id).meta.title)
            for template_id in library.template_ids()
            if any(taken.taken_from == name for taken, _ in library.template(template_id).duties)
        ),
    )


def _lines() -> dict[str, ReadyLine]:
    return {name: _line(name, duty, file.notice) for file in shelf.duty_files() for name, duty in file.duties.items()}


def _line(name: str, duty: ReadyDuty, notice: Notice) -> ReadyLine:
    due = "、".join(duty.split_dues) or duty.due or ""
    often = "，".join(part for part in (duty.frequency or "", due) if part)
    return ReadyLine(name, duty.title, duty.side, duty.whose, often, duty.asks, duty.form, notice, duty.clause)


def _is_wanted(line: ReadyLine, wanted: Wanted) -> bool:
    return (
        (not wanted.side or line.side == wanted.side)
        and (not wanted.notice or line.notice.number == wanted.notice)
        and (not wanted.open_only or line.asks is not None)
        and all(word in f"{line.name} {line.title} {line.clause} {line.form}" for word in wanted.words.split())
    )


def _taking(name: str, duty: ReadyDuty) -> str:
    """Return the line of a campaign file that takes the duty, with the blanks that its writer has to fill in."""
    prefix, audience = ("QY", "企业") if duty.side == "企业" else ("JG", "县局")
    asked = {"频次": ", 频次: 每月1次", "截止": ", 截止: 6月底", None: ""}[duty.asks]
    return f"- {{编号: {prefix}-01, 取自: {name}, 对象: {audience}{asked}}}"
