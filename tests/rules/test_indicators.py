"""Adding tables up the tree and over the months, against a recount that does it the slow, obvious way."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.definition.model import ReportForm
from campaigns.rules.reporting.indicators import Contribution, recalculated, roll_up

FORM = ReportForm.model_validate(
    {
        "名称": "试表",
        "口径": "累计",
        "指标": {
            "全部单位": [
                {"编号": "1", "名称": "隐患", "单位": "个", "取数": "填报"},
                {"编号": "2", "名称": "已整改", "单位": "个", "取数": "填报"},
                {"编号": "3", "名称": "检查企业", "单位": "家", "取数": "填报"},
                {"编号": "4", "名称": "是否开专栏", "单位": "是否", "取数": "填报"},
                {"编号": "5", "名称": "检查员", "单位": "人", "取数": "填报", "性质": "存量"},
                {"编号": "6", "名称": "整改率", "单位": "%", "取数": "计算", "算式": "指标(2) / 指标(1)"},
                {"编号": "7", "名称": "最近一次评分", "单位": "项", "取数": "填报", "汇总": "最新"},
            ]
        },
    }
)

blank_or = st.none() | st.integers(0, 50)


@st.composite
def a_contribution(draw: st.DrawFn) -> Contribution:
    enterprises = draw(st.frozensets(st.integers(1, 12)))
    unnamed = draw(st.integers(0, 3))
    figures = {code: draw(blank_or) for code in ("1", "2", "5", "7")}
    figures["3"] = draw(st.sampled_from([None, len(enterprises) + unnamed]))
    figures["4"] = draw(st.none() | st.integers(0, 1))
    return Contribution(figures, {"3": enterprises} if figures["3"] is not None else {})


def recount_sum(parts: list[Contribution], code: str) -> int | None:
    total = None
    for part in parts:
        if part.figures[code] is not None:
            total = (total or 0) + part.figures[code]
    return total


def recount_enterprises(parts: list[Contribution]) -> int | None:
    seen: list[object] = []
    reported = False
    for number, part in enumerate(parts):
        if part.figures["3"] is None:
            continue
        reported = True
        seen += [who for who in part.members["3"] if who not in seen]
        seen += [(number, extra) for extra in range(part.figures["3"] - len(part.members["3"]))]
    return len(seen) if reported else None


def recount_last(parts: list[Contribution], code: str) -> int | None:
    known = [part.figures[code] for part in parts if part.figures[code] is not None]
    return known[-1] if known else None


@given(st.lists(a_contribution(), max_size=6))
def test_a_roll_up_equals_a_recount(parts: list[Contribution]) -> None:
    figures = roll_up(FORM, parts).figures
    assert figures["1"] == recount_sum(parts, "1")
    assert figures["5"] == recount_sum(parts, "5"), "the county's people and the city's are different people"
    assert figures["3"] == recount_enterprises(parts)
    answers = [part.figures["4"] for part in parts if part.figures["4"] is not None]
    assert figures["4"] == (None if not answers else int(1 in answers))
    assert figures["7"] == recount_last(parts, "7")
    found, fixed = recount_sum(parts, "1"), recount_sum(parts, "2")
    expected = None if not found or fixed is None else int(fixed * 10_000 / found + 0.5)
    assert figures["6"] == expected


@given(st.lists(a_contribution(), min_size=2, max_size=6), st.integers(1, 5))
def test_rolling_up_in_two_steps_gives_the_same_as_in_one(parts: list[Contribution], cut: int) -> None:
    counties, city = roll_up(FORM, parts[:cut]), parts[cut:]
    assert roll_up(FORM, [counties, *city]).figures == roll_up(FORM, parts).figures


def test_an_enterprise_inspected_by_county_and_city_counts_once() -> None:
    county = Contribution({"3": 2}, {"3": frozenset({11, 12})})
    city = Contribution({"3": 1}, {"3": frozenset({12})})
    total = roll_up(FORM, [county, city])
    assert total.figures["3"] == 2
    assert total.members["3"] == {11, 12}


def test_a_rate_is_recomputed_from_the_totals_and_never_averaged() -> None:
    total = roll_up(FORM, [Contribution({"1": 1, "2": 1}), Contribution({"1": 9, "2": 0})])
    assert total.figures["6"] == 1000, "1 of 10 is 10%, the average of 100% and 0% would be 50%"


def test_a_rate_over_nothing_is_blank() -> None:
    assert recalculated(FORM, {"1": 0, "2": 0})["6"] is None


def test_nobody_reported_is_not_the_same_as_zero() -> None:
    assert roll_up(FORM, [Contribution({"1": None})]).figures["1"] is None
    assert roll_up(FORM, [Contribution({"1": None}), Contribution({"1": 0})]).figures["1"] == 0
