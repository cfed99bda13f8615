"""代录: what a form asks besides its own blanks when a bureau's clerk types in what an enterprise wrote and signed on paper.

The paper answers the signatures: whose name stands there is typed as it stands, and the paper itself, scanned, is compulsory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from campaigns.date_words import day_words
from campaigns.definition.form import Field, Form
from campaigns.errors import Conflict, Invalid
from campaigns.rules.work.fields import SIGNATURE, YES, Wrong, picked
from campaigns.rules.work.filling import KEPT, Filled, check_not_contradicted, date_field

SCANS, SIGNED_BY, RECEIVED_ON, NIL = "纸质表原件", "纸面签字人", "收到纸质表的日期", "零报告"
NOTHING = "本期没有情况要报"
LONGEST_NAME = 40
_PAPER = (
    Field(
        title=SCANS, kind="附件", required=YES, note="整张拍照或扫描，签字、盖章要看得清。每页一份，可以一次选几份。"
    ),
    Field(title=SIGNED_BY, kind="人员", required=YES, note="纸面上“主要负责人签字”处的姓名。"),
    Field(title=RECEIVED_ON, kind="日期", required=YES, note="你局收到这张纸的那天；是不是逾期按这一天算。"),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper behind a submission: who signed it, when the bureau had it, its scans as `Filled` keeps files."""

    signed_by: str
    received_on: date
    scans: tuple[Mapping[str, Any], ...]


def on_paper(form: Form) -> Form:
    """Return the form as a clerk types it in: names in place of signatures, then what is asked about the paper."""
    named = [
        field.model_copy(update={"kind": "人员", "note": "照纸面上的签名填姓名"}) if field.kind == SIGNATURE else field
        for field in form.fields
    ]
    nil = (
        (Field(title=NIL, kind="多选", choices=(NOTHING,), note="纸面上勾了零报告的勾选，上面各栏不用填。"),)
        if form.nil
        else ()
    )
    return form.model_copy(update={"fields": (*named, *nil, *_PAPER)})


def is_nil(form: Form, values: Mapping[str, Any]) -> bool:
    """Whether the paper is a 零报告, which then has nothing but its signature."""
    return form.nil and NOTHING in picked(values.get(NIL))


def paper_alone(form: Form) -> Form:
    """Return what is left to fill in for a 零报告 on paper."""
    return form.model_copy(update={"fields": _PAPER})


def check_signatures(form: Form, values: Mapping[str, Any]) -> None:
    """Raise Invalid where the paper signs that another blank is empty while it is not, as `fill` does for a signature."""
    given = {field.title: values.get(field.title) for field in form.fields}
    for field in form.fields:
        if field.kind == SIGNATURE and picked(given[field.title]):
            try:
                check_not_contradicted(field, form, given)
            except Wrong as sentence:
                raise _wrong(field.title, str(sentence)) from None


def taken_apart(form: Form, filled: Filled) -> tuple[Filled, Paper]:
    """Return the form's own content and the paper; raises Invalid when the paper cannot be what it is said to be.

    A form without a date of its own is about the day on which the paper came.
    """
    content = dict(filled.content)
    paper = Paper(
        signed_by=content.pop(SIGNED_BY),
        received_on=date.fromisoformat(content.pop(RECEIVED_ON)),
        scans=tuple(content.pop(SCANS)),
    )
    content.pop(NIL, None) if form.nil else None
    day = date_field(form)
    dated = day is not None and day.title in content
    if len(paper.signed_by) > LONGEST_NAME:
        raise _wrong(SIGNED_BY, f"姓名最多{LONGEST_NAME}个字。")
    if dated and filled.occurred_on > paper.received_on:
        raise _wrong(
            RECEIVED_ON,
            f"{day_words(paper.received_on)}收到的纸，写不出{day_words(filled.occurred_on)}的事，请核对两个日期。",
        )
    occurred_on = filled.occurred_on if dated else paper.received_on
    return replace(filled, content=content, occurred_on=occurred_on), paper


def check_enterable(*, event_driven: bool) -> None:
    """Raise Conflict for a duty at each event: a permit is filled in where the work is done, before it is done."""
    if event_driven:
        raise Conflict(
            "做一次填一次的任务（作业票等）由企业自己填写，不能代录。",
            kept="没有改动任何内容。",
            advice="请企业用手机填写；纸质的由企业存档备查。",
        )


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid("有1处需要改，没有提交。", fields={field: sentence}, kept=KEPT, advice="改好后再提交一次。")
