"""A whole form: which blanks must be filled, what they say together, and what becomes of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.definition.form import Field, Form
from campaigns.errors import Invalid
from campaigns.rules.hazards.finding import Finding, read_findings
from campaigns.rules.quotes import quoted
from campaigns.rules.work.fields import FILE_KINDS, HAZARDS, SIGNATURE, YES, Desk, FileRef, Wrong, is_blank, read
from campaigns.rules.work.signing import Signer, why_not_sign

KEPT = "填写的内容和照片都已存为草稿。"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that passed: what is kept, what goes into the hazard register, and the day it is about."""

    content: dict[str, Any]
    findings: tuple[Finding, ...]
    occurred_on: date


def blank(form: Form, evidence: Iterable[str] = ()) -> Form:
    """Return the form a task asks for: the template's, with the 佐证 the duty wants made compulsory or added."""
    wanted = dict.fromkeys(evidence)
    fields = [field.model_copy(update={"required": YES}) if field.title in wanted else field for field in form.fields]
    named = {field.title for field in fields}
    fields += [_evidence(title) for title in wanted if title not in named]
    return form.model_copy(update={"fields": tuple(fields)})


def date_field(form: Form) -> Field | None:
    """Return the blank that says on which day the work was done: the first date."""
    return next((field for field in form.fields if field.kind == "日期"), None)


def fill(
    form: Form,
    values: Mapping[str, Any],
    *,
    files: Sequence[FileRef] = (),
    signer: Signer,
    today: date,
    choose_enterprise: bool = False,
) -> Filled:
    """Check a filled-in form and return what to keep; raises Invalid with one sentence per blank.

    `values` holds what was typed, by the blank's name. A file blank that is absent takes every file of its label.
    `choose_enterprise`: the form is about no enterprise in particular, so each hazard must name one.
    """
    desk = Desk(signer, today, {file.storage_id: file for file in files})
    given = {field.title: _given(field, values, files) for field in form.fields}
    wrong: dict[str, str] = {}
    content: dict[str, Any] = {}
    findings: tuple[Finding, ...] = ()
    for field in form.fields:
        raw = given[field.title]
        try:
            if field.kind == HAZARDS:
                findings = read_findings(raw, choose_enterprise=choose_enterprise)
                content[field.title] = [finding.as_json() for finding in findings]
            elif is_blank(field, raw):
                check_may_stay_blank(field, form, given, signer=signer)
            else:
                check_not_contradicted(field, form, given)
                content[field.title] = read(field, raw, desk)
        except Wrong as sentence:
            wrong[field.title] = str(sentence)
    if wrong:
        raise not_handed_in(wrong)
    day = date_field(form)
    about = content.get(day.title) if day else None
    # a permit may be for tomorrow; the record of it is today's
    return Filled(content, findings, min(date.fromisoformat(about), today) if about else today)


def not_handed_in(wrong: Mapping[str, str]) -> Invalid:
    """Return the refusal of a form whose draft was kept: `wrong` has a sentence per blank."""
    return Invalid(f"有{len(wrong)}处需要改，没有提交。", fields=wrong, kept=KEPT, advice="改好后再提交一次。")


def check_may_stay_blank(field: Field, form: Form, given: Mapping[str, Any], *, signer: Signer) -> None:
    """Raise Wrong if an empty blank must be filled in, saying what to do with it, or who signs there if he does not."""
    condition = must(field, form, given)
    if not condition:
        return
    because = "" if condition == YES else f"{condition.removesuffix('时')}，"
    if field.kind == SIGNATURE:
        raise Wrong(why_not_sign(field, signer) or f"{because}请在{quoted(field.title)}处签字。")
    if field.kind in FILE_KINDS:
        raise Wrong(f"{because}请上传{quoted(field.title)}。")
    raise Wrong(f"{because}请填写{quoted(field.title)}。")


def check_not_contradicted(field: Field, form: Form, given: Mapping[str, Any]) -> None:
    """Raise Wrong if somebody signs that another blank is empty while it is not (无隐患声明)."""
    other = _named(field.required, form)
    if (
        field.kind == SIGNATURE
        and other
        and field.required.endswith("为空时")
        and not is_blank(other, given[other.title])
    ):
        raise Wrong(f"{quoted(other.title)}里已经填了内容，不能再签{quoted(field.title)}，请取消签字。")


def must(field: Field, form: Form, given: Mapping[str, Any]) -> str:
    """Return why the blank is compulsory given the others (是 or the condition in words), or an empty word."""
    if field.required == YES:
        return YES
    other = _named(field.required, form)
    if other is None:
        return ""
    raw = given[other.title]
    wanted = field.required.removeprefix(f"{other.title}为").removesuffix("时")
    if wanted == "空":
        return f"{quoted(other.title)}为空时" if is_blank(other, raw) else ""
    values = raw if isinstance(raw, list | tuple) else [raw]
    return f"{quoted(other.title)}为“{wanted}”时" if wanted in values else ""


def _named(condition: str, form: Form) -> Field | None:
    if not condition.endswith("时"):
        return None
    return next((field for field in form.fields if condition.startswith(f"{field.title}为")), None)


def _given(field: Field, values: Mapping[str, Any], files: Sequence[FileRef]) -> Any:
    if field.kind in FILE_KINDS and field.title not in values:
        return [file.storage_id for file in files if file.label == field.title]
    raw = values.get(field.title)
    return [raw] if isinstance(raw, Mapping) else raw


def _evidence(title: str) -> Field:
    kind = SIGNATURE if title.endswith("签字") else "照片" if title.endswith("照片") else "附件"
    return Field(title=title, kind=kind, required=YES)
