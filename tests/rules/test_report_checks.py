"""校核: each broken balance names its cell and says what must hold, with the figures in it."""

import pytest

from campaigns.definition.model import ReportForm
from campaigns.rules.reporting.checks import Finding, blanks, mistakes

FORM = ReportForm.model_validate(
    {
        "名称": "试表",
        "口径": "累计",
        "校核": [
            "指标(1.2) <= 指标(1.1)",
            "指标(1.3) <= 指标(1.1) + 指标(1.2)",
            "指标(3.3.罚款) > 0 则 指标(3.3) > 0",
            "本期 >= 上期",
        ],
        "指标": {
            "总体情况": [
                {"编号": "1.1", "名称": "自查发现", "单位": "个", "取数": "填报"},
                {"编号": "1.2", "名称": "已整改", "单位": "个", "取数": "填报"},
                {"编号": "1.3", "名称": "挂牌督办", "单位": "个", "取数": "填报"},
            ],
            "执法": [
                {
                    "编号": "3.3",
                    "名称": "行政处罚",
                    "单位": "次",
                    "取数": "填报",
                    "分项": [{"名称": "罚款", "单位": "万元"}],
                },
                {
                    "编号": "3.8",
                    "名称": "典型案例",
                    "单位": "个",
                    "取数": "填报",
                    "分项": [{"名称": "危险作业罪", "单位": "个"}],
                },
                {"编号": "4.7", "名称": "检查员", "单位": "人", "取数": "填报", "性质": "存量"},
            ],
        },
    }
)
GOOD = {
    "1.1": 3,
    "1.2": 2,
    "1.3": 1,
    "3.3": 1,
    "3.3.罚款": 20_000,
    "3.8": 2,
    "3.8.危险作业罪": 1,
    "4.7": 6,
}


def test_a_table_that_balances_has_nothing_to_say() -> None:
    assert mistakes(FORM, GOOD, before=GOOD) == ()
    assert blanks(FORM, GOOD) == ()


@pytest.mark.parametrize(
    ("change", "cell", "atom", "sentence"),
    [
        ({"1.2": 5}, "1.2", "1.2", "1.2“已整改”：1.2（5）不能大于1.1（3）"),
        ({"1.3": 9}, "1.3", "1.3", "1.3“挂牌督办”：1.3（9）不能大于1.1（3）+1.2（2）"),
        ({"3.3": 0}, "3.3", "3.3", "3.3“行政处罚”：3.3.罚款（2）大于0时，3.3（0）要大于0"),
        ({"3.8.危险作业罪": 4}, "3.8", "3.8.危险作业罪", "3.8“典型案例”的危险作业罪填了4，是其中数，不能大于总数2"),
    ],
)
def test_a_broken_balance_points_at_its_cell(change: dict[str, int], cell: str, atom: str, sentence: str) -> None:
    assert mistakes(FORM, {**GOOD, **change}) == (Finding(cell, atom, sentence),)


def test_a_part_above_its_total_in_one_month_alone_is_a_mistake_and_is_told_once() -> None:
    part = "3.8“典型案例”的危险作业罪"
    month = {"3.8": 1, "3.8.危险作业罪": 2, "1.1": 0, "1.2": 2}
    (found,) = mistakes(FORM, GOOD, months=month)
    assert found.sentence == f"{part}当月填了2，是其中数，不能大于当月总数1", "1.2 closes what was found before"
    (found,) = mistakes(FORM, {**GOOD, "3.8.危险作业罪": 4}, months=month)
    assert found.sentence == f"{part}填了4，是其中数，不能大于总数2"


def test_a_cumulative_figure_below_last_months_is_the_commonest_mistake() -> None:
    (found,) = mistakes(FORM, {**GOOD, "1.1": 2}, before=GOOD)
    assert found == Finding("1.1", "1.1", "1.1“自查发现”本期2，上期3，累计数不能比上期少")


def test_a_stock_may_fall() -> None:
    assert mistakes(FORM, {**GOOD, "4.7": 5}, before=GOOD) == ()


def test_a_blank_breaks_no_check_but_is_reported_as_blank() -> None:
    table = {**GOOD, "1.2": None}
    assert mistakes(FORM, table, before=GOOD) == ()
    assert blanks(FORM, table) == (Finding("1.2", "1.2", "1.2“已整改”还没有填；没有的请填0"),)


def test_a_question_left_blank_is_asked_for_its_answer_and_not_for_a_figure() -> None:
    question = {"编号": "4.6", "名称": "开展专题学习", "单位": "是否", "取数": "填报"}
    asked = ReportForm.model_validate({"名称": "试表", "口径": "累计", "指标": {"政府": [question]}})
    assert blanks(asked, {}) == (Finding("4.6", "4.6", "4.6“开展专题学习”还没有填；请选“是”或“否”"),)


def test_a_matrix_is_checked_row_by_row() -> None:
    matrix = ReportForm.model_validate(
        {
            "名称": "月报",
            "口径": "当月",
            "校核": ["指标(2) <= 指标(1)"],
            "行": [{"编号": "矿", "名称": "金属非金属矿山"}, {"编号": "库", "名称": "尾矿库"}],
            "指标": {
                "隐患": [
                    {"编号": "1", "名称": "排查", "单位": "项", "取数": "填报"},
                    {"编号": "2", "名称": "已整改", "单位": "项", "取数": "填报"},
                ]
            },
            "版面": {"形式": "矩阵"},
        }
    )
    (found,) = mistakes(matrix, {"矿:1": 3, "矿:2": 3, "库:1": 0, "库:2": 1})
    assert (found.cell, found.sentence) == ("库:2", "库:2“已整改”：2（1）不能大于1（0）")


def test_a_corrected_month_does_not_leave_its_total_behind() -> None:
    found = mistakes(FORM, GOOD, before=GOOD, months=GOOD | {"1.1": 4, "4.7": 9})
    assert found == (Finding("1.1", "1.1", "1.1“自查发现”当月4大于累计3；改了当月的，累计也要改"),)


def test_a_month_may_be_more_than_what_a_year_that_began_in_it_holds() -> None:
    of_the_year = FORM.model_copy(update={"counts_from": "1月1日"})
    assert mistakes(of_the_year, GOOD, before=GOOD, months=GOOD | {"1.1": 4}) == ()
