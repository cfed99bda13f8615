"""What a changed definition would mean for a campaign under way: asked of the rows, on both databases."""

from datetime import UTC, datetime

import pytest

from campaigns.actions.work.tasks import acknowledge, save_draft
from campaigns.definition.library import template_text
from campaigns.definition.load import load
from campaigns.errors import Invalid
from campaigns.queries.campaign.amending import Amended, amended
from campaigns.rules.amending import Fate
from tests.campaigns import launched
from tests.factories import task_of
from tests.people import Cast

SOURCE = template_text("hazard-2023")
EIGHTH = datetime(2023, 5, 8, 1, tzinfo=UTC)
ONCE, TWICE = ("QY-01", "2023-05", 1), ("QY-01", "2023-06", 1)


def asked(cast: Cast, campaign_id: int, old: str = "", new: str = "") -> Amended:
    text = SOURCE.replace(old, new, 1) if old else SOURCE
    assert bool(old) == (text != SOURCE)
    with cast.database.reading() as session:
        return amended(session, campaign_id, load(text), now=EIGHTH)


def test_its_own_text_keeps_every_task_whatever_parameters_it_was_launched_with(either_cast: Cast) -> None:
    campaign = launched(either_cast, parameters={"报送日": "22"})
    found = asked(either_cast, campaign.id)
    assert (found.changes, found.differs) == ((), False)
    assert {amendment.fate for amendment in found.amendments} == {Fate.KEPT}


def test_who_acknowledged_or_drafted_is_asked_before_his_task_moves_forward(either_cast: Cast) -> None:
    campaign = launched(either_cast)
    with either_cast.database.transaction() as session:
        for (duty, period, _), act in ((ONCE, "acknowledge"), (TWICE, "draft")):
            task = task_of(session, duty, either_cast.pond.id, period=period)
            if act == "draft":
                save_draft(session, task_id=task.id, values={}, by=either_cast.principal, now=EIGHTH)
            else:
                acknowledge(session, task_id=task.id, by=either_cast.principal, now=EIGHTH)
    found = asked(either_cast, campaign.id, "分期截止: [15日, 月末]", "分期截止: [10日, 月末]")
    assert [change.key for change in found.changes] == ["分期截止"]
    fates = {amendment.key: amendment.fate for amendment in found.amendments}
    assert {key for key, fate in fates.items() if fate is Fate.TO_DECIDE} == {ONCE, TWICE}
    assert fates["QY-01", "2023-07", 1] is Fate.MOVED
    lines = list(found.lines)
    assert "需人工裁定：2项" in lines
    moved = "截止由2023年5月15日改为2023年5月10日，提前了，已有人办理"
    assert f"  QY-01 重大事故隐患排查治理，2023年5月第1次：{moved}" in lines


def test_a_parameter_out_of_the_new_bounds_is_told(cast: Cast) -> None:
    campaign = launched(cast, parameters={"报送日": "22"})
    with pytest.raises(Invalid, match="“报送日”不能小于24"):
        asked(cast, campaign.id, "类型: 整数, 默认: 25, 最小: 1", "类型: 整数, 默认: 25, 最小: 24")
