"""One task: what the notice asks and which steps its reader may take."""

from datetime import UTC, datetime

import pytest

from campaigns.actions.work.tasks import save_draft, sign_nil
from campaigns.errors import NotFound
from campaigns.queries.work.submissions import receipt, submissions_of
from campaigns.queries.work.task import Steps, started_with, steps, task_card, task_form
from campaigns.rules.permissions import Actor
from tests.campaigns import launched
from tests.factories import task_of
from tests.people import Cast

NOW = datetime(2023, 5, 12, 9, 30, tzinfo=UTC)


def task_id(cast: Cast, duty: str = "QY-01") -> int:
    with cast.database.reading() as session:
        return task_of(session, duty, cast.pond.id).id


def allowed(cast: Cast, actor: Actor, duty: str = "QY-01") -> Steps:
    with cast.database.reading() as session:
        card = task_card(session, task_id=task_id(cast, duty), actor=actor, now=NOW)
        return steps(session, card, task_form(session, card), actor=actor)


def test_a_task_quotes_its_notice(either_cast: Cast) -> None:
    launched(either_cast)
    with either_cast.database.reading() as session:
        card = task_card(session, task_id=task_id(either_cast), actor=either_cast.principal, now=NOW)
        form = task_form(session, card)
    assert (card.clause, card.quote) == ("五（一）2", "每月组织开展2次重大事故隐患排查治理")
    assert form is not None
    assert [field.title for field in form.fields if field.required == "是"][-2:] == ["现场照片", "主要负责人签字"]


def test_the_buttons_follow_the_permission_table(cast: Cast) -> None:
    launched(cast)
    nothing, nobody = "这项任务现在是“待签收”，没有等审核的提交。", "您没有权限决定延期、豁免申请或代录异议。"
    theirs, none = "您没有权限代录企业的纸质表。", "没有可以提异议的代录。"
    assert allowed(cast, cast.principal) == Steps("", "", theirs, none, "", "", nothing, nobody, nobody)
    assert allowed(cast, cast.officer).enter == ""
    assert allowed(cast, cast.officer, "QY-08").enter == "做一次填一次的任务（作业票等）由企业自己填写，不能代录。"
    assert allowed(cast, cast.inspector).enter == theirs
    assert allowed(cast, cast.officer).decide == ""
    assert allowed(cast, cast.safety_officer).nil == "您没有权限签署零报告。"
    assert allowed(cast, cast.officer).submit == "您没有权限提交任务。"
    assert allowed(cast, cast.principal, "QY-02").nil == "这项任务不能零报告。"


def test_a_foreign_task_is_not_found(cast: Cast) -> None:
    launched(cast)
    for actor in (cast.other_principal, cast.stranger_principal, cast.neighbour_leader, cast.administrator):
        with pytest.raises(NotFound):
            allowed(cast, actor)


def test_the_form_opens_with_ones_own_draft_else_a_colleagues(cast: Cast) -> None:
    launched(cast)
    wanted = task_id(cast)
    with cast.database.transaction() as session:
        save_draft(session, task_id=wanted, values={"带队人": "甲"}, by=cast.safety_officer, now=NOW)
        assert started_with(session, wanted, actor=cast.principal) == {"带队人": "甲"}
        save_draft(session, task_id=wanted, values={"带队人": "乙"}, by=cast.principal, now=NOW)
        assert started_with(session, wanted, actor=cast.principal) == {"带队人": "乙"}
        assert started_with(session, wanted, actor=cast.safety_officer) == {"带队人": "甲"}


def test_a_receipt_is_seen_by_the_doer_and_its_bureau_only(cast: Cast) -> None:
    launched(cast)
    wanted = task_id(cast)
    with cast.database.transaction() as session:
        number = sign_nil(session, task_id=wanted, signed=True, by=cast.principal, now=NOW).receipt
    with cast.database.reading() as session:
        for actor in (cast.principal, cast.officer, cast.city_officer):
            assert receipt(session, number=number, actor=actor).submission.by == cast.principal.name
        for actor in (cast.other_principal, cast.neighbour_officer):
            with pytest.raises(NotFound):
                receipt(session, number=number, actor=actor)
        assert [card.nil for card in submissions_of(session, wanted)] == [True]
