"""A ranking as arithmetic: points, places, ties, small numbers, bonuses."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.definition.ranking import BonusRule, RankingRule
from campaigns.rules.rankings.ranking import Entrant, Figure, bonuses, in_words, rank, shown_points

TASKS = {"编号": "1", "名称": "任务", "满分": "60", "取数": "到期完成率"}
HAZARDS = {"编号": "2", "名称": "整改", "满分": "40", "取数": "重大隐患整改率", "最小分母": "1", "没有基数时": "得满分"}
FINES = {
    "编号": "3",
    "名称": "处罚",
    "满分": "10",
    "取数": "报表",
    "报表": "调度表",
    "算式": "指标(3.3)",
    "计分": "与最高比",
}
MARK = {"编号": "4", "名称": "成效", "满分": "20", "取数": "评分", "计分": "按得分"}
BONUS = BonusRule.model_validate({"名称": "前三名", "按排名": "执法", "分数": ["10", "5", "3"], "计入": "考核"})


def rule(*items: dict[str, str], **more: object) -> RankingRule:
    return RankingRule.model_validate({"名称": "排名", "层级": "县", "计分项": list(items or (TASKS,)), **more})


def entrant(region: int, *rates: tuple[int, int], **more: object) -> Entrant:
    figures = {str(number): Figure.rate(*rate) for number, rate in enumerate(rates, start=1)}
    return Entrant(region, f"县{region}", figures, **more)  # type: ignore[arg-type]


def places(lines: object) -> dict[int, int | None]:
    return {line.region_id: line.place for line in lines}  # type: ignore[attr-defined]


def test_equal_totals_share_a_place_and_the_next_is_left_out() -> None:
    lines = rank(rule(), [entrant(1, (9, 10)), entrant(2, (18, 20)), entrant(3, (8, 10)), entrant(4, (10, 10))])
    assert [(line.region_id, line.place) for line in lines] == [(4, 1), (1, 2), (2, 2), (3, 4)]


def test_the_items_of_a_line_add_up_to_its_total_as_printed() -> None:
    (line,) = rank(rule(TASKS, HAZARDS), [entrant(1, (2, 3 * 2), (1, 3))])
    assert [(item.sum, shown_points(item.points or 0)) for item in line.items] == [
        ("2÷6×60 = 20.00", "20.00"),
        ("1÷3×40 = 13.33", "13.33"),
    ]
    assert shown_points(line.total or 0) == "33.33"


def test_a_rate_of_too_few_ranks_nobody_and_says_why() -> None:
    lines = rank(rule(), [entrant(1, (2, 2)), entrant(2, (5, 5))])
    assert places(lines) == {2: 1, 1: None}
    assert lines[-1].why_not == "任务：分母只有2，不到5，不算比率"
    assert lines[-1].items[0].sum == "2÷2"


@pytest.mark.parametrize(("without", "points"), [("得满分", 4000), ("得零分", 0)])
def test_no_case_at_all_means_what_the_rule_says(without: str, points: int) -> None:
    (line,) = rank(rule(HAZARDS | {"没有基数时": without, "编号": "1"}), [entrant(1, (0, 0))])
    assert line.total == points
    assert line.items[0].sum == f"没有基数，{without}"


def test_no_case_at_all_ranks_nobody_unless_the_rule_says_otherwise() -> None:
    (line,) = rank(rule(), [entrant(1, (0, 0))])
    assert (line.place, line.why_not) == (None, "任务：没有可以算的（分母是0）")


def test_who_does_not_take_part_sets_no_mark_for_the_others() -> None:
    def fined(region: int, value: int, left_out: str = "") -> Entrant:
        return Entrant(region, f"县{region}", {"3": Figure(Fraction(value))}, left_out=left_out)

    lines = rank(rule(FINES), [fined(1, 3), fined(2, 6), fined(3, 60, "没有列入参评名单")])
    assert {line.region_id: line.total for line in lines} == {2: 1000, 1: 500, 3: None}
    assert lines[1].items[0].sum == "3÷最高6×10 = 5.00"
    assert lines[-1].why_not == "没有列入参评名单"


def test_a_mark_counts_as_given_and_an_adjustment_stands_beside_it() -> None:
    marked = Entrant(1, "甲县", {"4": Figure(Fraction(37, 2))}, adjustment=-250)
    missing = Entrant(2, "乙县", {"4": Figure(missing="还没有评分")})
    line, unmarked = rank(rule(MARK), [marked, missing])
    assert (line.computed, line.adjustment, line.total, line.place) == (1850, -250, 1600, 1)
    assert unmarked.why_not == "成效：还没有评分"


def test_the_formula_is_a_sentence() -> None:
    assert in_words(rule(TASKS, FINES, MARK, 调整上限="5")) == (
        "总分（满分90）= 任务（到期完成率×60） + 处罚（调度表：指标(3.3)÷最高的×10）"
        " + 成效（评分，最多20分） + 人工调整（最多±5分）"
    )


def test_equal_places_get_the_bonus_of_their_place_and_the_one_after_is_left_out() -> None:
    assert bonuses(BONUS, {1: 1, 2: 1, 3: 3, 4: 4, 5: None}) == {1: 10, 2: 10, 3: 3}


def test_a_tie_at_the_last_place_that_counts_rewards_all_of_them() -> None:
    assert bonuses(BONUS, {1: 1, 2: 2, 3: 3, 4: 3, 5: 5}) == {1: 10, 2: 5, 3: 3, 4: 3}


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(5, 40)).map(lambda pair: (min(pair), pair[1])), min_size=1))
def test_places_are_what_a_recount_by_hand_gives(rates: list[tuple[int, int]]) -> None:
    lines = rank(rule(), [entrant(number, rate) for number, rate in enumerate(rates)])
    for line in lines:
        assert line.total is not None
        better = [other for other in lines if other.total is not None and other.total > line.total]
        assert line.place == 1 + len(better)
        assert 0 <= line.total <= 6000
        done, due = rates[line.region_id]
        assert abs(Fraction(line.total, 100) - Fraction(60 * done, due)) <= Fraction(1, 200)
