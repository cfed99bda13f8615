"""Conditions: parsed without eval, true only when everything they need is known."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.definition.conditions import condition, report_check, trait
from campaigns.definition.expressions import evaluate, holds, parse
from campaigns.definition.wording import PhraseError

KNOWN = {
    "完成率(JG-11)": Fraction(1),
    "完成率(QY-11)": Fraction(1, 2),
    "逾期数(QY-11)": 3,
    "到期(动员部署)": True,
    "达成(动员部署)": False,
    "指标(1.3)": 4,
    "指标(1.4)": 4,
    "未销号重大隐患": 0,
    "涉及重大隐患": False,
}


class Told:
    """Facts from a dictionary; what is not in it is not known."""

    def name(self, word: str) -> int | Fraction | bool | None:
        return KNOWN.get(word)

    def call(self, function: str, argument: str) -> int | Fraction | bool | None:
        return KNOWN.get(f"{function}({argument})")


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("完成率(JG-11) = 100%", True),
        ("完成率(QY-11) >= 50%", True),
        ("完成率(QY-11) > 50%", False),
        ("完成率(JG-11)=100% 且 完成率(QY-11) = 100%", False),
        ("到期(动员部署) 或 达成(动员部署)", True),
        ("非 到期(动员部署)", False),
        ("非 (到期(动员部署) 且 达成(动员部署))", True),
        ("指标(1.4) = 指标(1.3)", True),
        ("指标(1.4) ≥ 指标(1.3) + 1", False),
        ("未销号重大隐患 = 0", True),
        ("涉及重大隐患", False),
        ("逾期数(QY-11) ≤ 2 或 逾期数(QY-11) = 3", True),
    ],
)
def test_a_condition_holds_or_not(text: str, met: bool) -> None:
    assert holds(condition(text), Told()) is met


@pytest.mark.parametrize(
    "text", ["完成率(QY-99) = 100%", "非 完成率(QY-99) = 100%", "完成率(QY-99) = 100% 且 到期(动员部署)"]
)
def test_what_is_not_known_never_counts_as_met(text: str) -> None:
    assert evaluate(condition(text), Told()) is None
    assert holds(condition(text), Told()) is False


def test_a_known_side_decides_alone_where_it_can() -> None:
    assert holds(condition("到期(动员部署) 或 完成率(QY-99) = 100%"), Told())
    assert evaluate(condition("达成(动员部署) 且 完成率(QY-99) = 100%"), Told()) is False


def test_an_implication_fails_only_when_its_first_half_holds_and_its_second_does_not() -> None:
    assert holds(report_check("指标(1.3) > 0 则 指标(1.4) > 0"), Told())
    assert not holds(report_check("指标(1.3) > 0 则 指标(1.4) > 9"), Told())
    assert holds(report_check("指标(1.3) > 9 则 指标(1.4) > 9"), Told())


def test_a_share_of_nothing_is_not_known() -> None:
    assert evaluate(parse("1 / 0"), Told()) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "完成率(JG-11) =",
        "(1",
        "1)",
        "1 1",
        "完成率(",
        "且",
        "涉及重大隐患且 x",
        "__import__('os')",
        "1 = 2 = 3",
        "非",
        "(" * 400,
    ],
)
def test_what_is_not_an_expression_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(PhraseError) as refused:
        condition(text)
    assert any("一" <= letter <= "鿿" for letter in str(refused.value))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="完成率(JG-11)且或非则 =<>100%+-×÷.未销号重大隐患{}[];'\"\\", max_size=60))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    with suppress(PhraseError):
        evaluate(parse(text), Told())


@pytest.mark.parametrize("text", ["有外包队伍", "非 已闭库", "单班入井人数 >= 30"])
def test_an_audience_asks_for_attributes(text: str) -> None:
    trait(text)


@pytest.mark.parametrize("text", ["有外包队伍 且 已闭库", "1 = 1", "完成率(JG-11)", "30 <= 单班入井人数"])
def test_an_audience_asks_one_attribute_a_line(text: str) -> None:
    with pytest.raises(PhraseError, match="看不懂企业条件"):
        trait(text)
