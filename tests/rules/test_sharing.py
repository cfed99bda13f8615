"""同类任务: when two duties of different campaigns ask for the same record."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.definition.shelf import forms
from campaigns.rules.work.sharing import (
    FOR_EVER,
    Likeness,
    Record,
    Rhythm,
    Wanted,
    fingerprint,
    lacking,
    last_day,
    likeness,
    meet,
    missing,
    pairs,
    rhythm,
    why_not_usable,
)

MAY = date(2023, 5, 1), date(2023, 5, 31)
ONE = Wanted(
    campaign_id=1,
    title="全员安全警示教育",
    rhythm=Rhythm.RECURRING,
    form="教育培训记录",
    blanks="abc",
    asks=frozenset({"培训日期", "签到表"}),
    evidence=("签到表",),
    sole=True,
    opens_on=MAY[0],
    closes_on=MAY[1],
)
OTHER = replace(ONE, campaign_id=2)


def test_duties_of_one_title_on_one_form_ask_for_the_same_record() -> None:
    assert likeness(ONE, replace(OTHER, title="警示教育", sole=False)) is Likeness.SAME_TITLE
    assert likeness(ONE, replace(OTHER, title="每月 “全员安全警示教育”", sole=False)) is Likeness.SAME_TITLE


def test_a_form_that_only_one_duty_of_each_campaign_uses_tells_the_duty() -> None:
    assert likeness(ONE, replace(OTHER, title="职工安全课")) is Likeness.SAME_FORM
    assert likeness(ONE, replace(OTHER, title="职工安全课", sole=False)) is None
    assert likeness(replace(ONE, sole=False), replace(OTHER, title="职工安全课")) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER, campaign_id=1),
        replace(OTHER, form="演练记录"),
        replace(OTHER, blanks="abd"),
        replace(OTHER, rhythm=Rhythm.EVENT),
        replace(OTHER, rhythm=Rhythm.ONCE),
    ],
    ids=["same campaign", "another form", "another content of the form", "at each event", "once"],
)
def test_nothing_else_is_the_same_record(other: Wanted) -> None:
    assert likeness(ONE, other) is None


def test_a_paper_done_once_is_perhaps_the_same_by_its_title() -> None:
    once, other = replace(ONE, rhythm=Rhythm.ONCE), replace(OTHER, rhythm=Rhythm.ONCE)
    found = likeness(once, other)
    assert found is Likeness.ONE_PAPER
    assert not found.is_sure
    assert likeness(once, replace(other, title="职工安全课")) is None


def test_the_general_record_says_nothing_of_what_was_done() -> None:
    plain = replace(ONE, form="")
    assert likeness(plain, replace(plain, campaign_id=2, title="晨会")) is None
    assert likeness(plain, replace(plain, campaign_id=2)) is Likeness.SAME_TITLE


def test_a_title_too_short_to_say_anything_is_not_looked_for_inside_others() -> None:
    assert likeness(ONE, replace(OTHER, title="教育", sole=False)) is None


def test_a_signature_that_only_the_other_duty_wants_is_lacking() -> None:
    signed = replace(OTHER, evidence=("签到表", "主要负责人签字"))
    assert lacking(ONE, signed) == ["主要负责人签字"]
    assert lacking(replace(signed, asks=ONE.asks | {"主要负责人签字"}), ONE) == []
    assert missing({"签到表": [{"name": "a"}]}, signed) == ["主要负责人签字"]
    assert missing({"签到表": [{"name": "a"}], "主要负责人签字": "卫矿长"}, signed) == []


def test_periods_meet_on_a_day_that_lies_in_both() -> None:
    week = replace(OTHER, opens_on=date(2023, 5, 29), closes_on=date(2023, 6, 4))
    assert meet(ONE, week)
    assert not meet(ONE, replace(week, opens_on=date(2023, 6, 1)))


@pytest.mark.parametrize(
    ("label", "last"),
    [
        ("2023-05", date(2023, 5, 31)),
        ("2023-02中旬", date(2023, 2, 20)),
        ("2023-02下旬", date(2023, 2, 28)),
        ("2023-W21", date(2023, 5, 28)),
        ("2023-Q2", date(2023, 6, 30)),
        ("2023-H2", date(2023, 12, 31)),
        ("2023", date(2023, 12, 31)),
        ("2023-2025", date(2025, 12, 31)),
        ("once", FOR_EVER),
        ("自查", FOR_EVER),
        ("2024年", FOR_EVER),
        ("2025-冬季", FOR_EVER),
    ],
)
def test_a_periods_label_tells_its_last_day(label: str, last: date) -> None:
    assert last_day(label) == last


def test_a_lines_rhythm_is_read_from_its_period() -> None:
    assert rhythm("2023-05", event_driven=False) is Rhythm.RECURRING
    assert rhythm("once", event_driven=False) is Rhythm.ONCE
    assert rhythm("2024年", event_driven=False) is Rhythm.ONCE, "a stage's name"
    assert rhythm("once", event_driven=True) is Rhythm.EVENT


def test_a_forms_fingerprint_is_its_content_not_its_name() -> None:
    form = forms()["教育培训记录"]
    assert fingerprint(form) == fingerprint(form.model_copy(update={"title": "别的名称"}))
    assert fingerprint(form) != fingerprint(form.model_copy(update={"fields": form.fields[:-1]}))
    assert fingerprint(form) != fingerprint(form.model_copy(update={"nil": not form.nil}))


def test_each_line_covers_one_line_whose_period_it_meets() -> None:
    twice = [OTHER, OTHER]
    june = replace(ONE, opens_on=date(2023, 6, 1), closes_on=date(2023, 6, 30))
    assert pairs(twice, [ONE]) == [(0, 0)]
    assert pairs([OTHER], [june, ONE]) == [(0, 1)]
    assert pairs([june], [ONE]) == []


RECORD = Record(ONE, date(2023, 5, 12), False, {"签到表": [{}]}, frozenset({1}), False)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (RECORD, ""),
        (replace(RECORD, sent_back=True), "被退回过或者有异议"),
        (replace(RECORD, campaigns=frozenset({1, 2})), "已经用过"),
        (replace(RECORD, wanted=replace(ONE, blanks="x")), "不是同一种"),
        (replace(RECORD, nil=True), "不能零报告"),
        (replace(RECORD, content={}), "还要签到表"),
        (replace(RECORD, occurred_on=date(2023, 4, 30)), "不在本期内"),
        (replace(RECORD, occurred_on=date(2023, 6, 1)), "不在本期内"),
        (replace(RECORD, occurred_on=date(2023, 5, 20)), "已经有一份记录"),
    ],
)
def test_why_a_record_that_stands_is_not_used_for_a_task(record: Record, why: str) -> None:
    said = why_not_usable(record, OTHER, nil_allowed=False, taken={date(2023, 5, 20)})
    assert (why in said) if why else not said
