"""The cells of an old ledger as offices write them."""

from collections.abc import Callable
from datetime import date

import pytest

from campaigns.rules.hazards.import_cells import (
    Slip,
    Standing,
    read_day,
    read_funds,
    read_grade,
    read_source,
    read_standing,
)
from campaigns.rules.hazards.import_columns import guess
from campaigns.rules.hazards.import_names import Names, plain_name
from campaigns.rules.states import HazardSource

OWN, FOUND = HazardSource.SELF, HazardSource.INSPECTION


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023.6.5", date(2023, 6, 5)),
        ("2023/06/05", date(2023, 6, 5)),
        ("2023年6月5日前", date(2023, 6, 5)),
        ("２０２３年６月５日", date(2023, 6, 5)),
        ("6月5日", date(2022, 6, 5)),
        ("6.5", date(2022, 6, 5)),
        ("23.6.5", date(2023, 6, 5)),
        ("45082", date(2023, 6, 5)),
        ("45082.5", date(2023, 6, 5)),
        ("20230605", date(2023, 6, 5)),
        ("2023-06-05 10:30:00", date(2023, 6, 5)),
        ("6月底", date(2022, 6, 30)),
        ("2024年2月底前", date(2024, 2, 29)),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, day: date) -> None:
    assert read_day(text, year=2022) == day


@pytest.mark.parametrize("text", ["2023-13-05", "2月30日", "长期", "13月底", "12", "二〇二三年"])
def test_what_is_no_day_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(Slip, match="不是日期") as slip:
        read_day(text, year=2022)
    assert "2023-06-05" in slip.value.advice


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (read_grade, "重大隐患", True),
        (read_grade, "非重大", False),
        (read_grade, "一般", False),
        (read_grade, "", False),
        (read_grade, "√", True),
        (read_grade, "否", False),
        (read_source, "企业自查", OWN),
        (read_source, "自查自改", OWN),
        (read_source, "部门检查", FOUND),
        (read_source, "督促企业自查", FOUND),
        (read_source, "", FOUND),
        (read_standing, "", Standing.OPEN),
        (read_standing, "整改中", Standing.OPEN),
        (read_standing, "未完成", Standing.OPEN),
        (read_standing, "未销号", Standing.OPEN),
        (read_standing, "部分完成", Standing.OPEN),
        (read_standing, "×", Standing.OPEN),
        (read_standing, "√", Standing.DONE),
        (read_standing, "已完成", Standing.DONE),
        (read_standing, "完成", Standing.DONE),
        (read_standing, "已整改，待复查", Standing.DONE),
        (read_standing, "待复查", Standing.DONE),
        (read_standing, "已销号", Standing.CLOSED),
        (read_standing, "已整改，复查合格", Standing.CLOSED),
    ],
)
def test_grade_source_and_state_are_read_from_their_many_words(
    read: Callable[[str], object], text: str, value: object
) -> None:
    assert read(text) == value


@pytest.mark.parametrize("read", [read_grade, read_source, read_standing])
def test_a_word_that_nobody_knows_is_said_and_not_guessed(read: Callable[[str], object]) -> None:
    with pytest.raises(Slip, match="看不懂") as slip:
        read("嗯嗯")
    assert slip.value.blocking is (read is not read_source), "an unknown source is taken for a bureau's find"


@pytest.mark.parametrize(
    ("text", "in_wan", "yuan"),
    [("3500", False, 3500), ("3.5", True, 35000), ("0.5万", False, 5000), ("3,500元", True, 3500), ("无", True, 0)],
)
def test_money_is_read_with_the_unit_of_the_cell_or_the_heading(text: str, in_wan: bool, yuan: int) -> None:
    assert read_funds(text, in_wan=in_wan) == yuan


def test_columns_are_guessed_by_their_lower_heading_and_remembered_ones_win() -> None:
    headings = ("序号", "单位名称", "检查日期", "存在的问题", "整改情况/整改措施", "整改情况/完成情况", "备注")
    assert guess(headings) == {"enterprise": 1, "found_on": 2, "title": 3, "measures": 4, "state": 5}
    assert guess(headings, known={"title": "备注", "measures": ""}) == {
        "enterprise": 1,
        "found_on": 2,
        "title": 6,
        "state": 5,
    }


def test_a_name_means_an_enterprise_if_it_can_mean_only_one() -> None:
    names = Names(
        [(1, "青山矿业有限公司"), (2, "白石铝业尾矿库"), (3, "白石铝业（尾矿库）有限公司")], ["茌平区", "聊城市"]
    )
    assert names.find("茌平青山矿业有限责任公司") == 1
    assert names.find("白石铝业尾矿库") == 2, "exactly as written goes first"
    assert names.find("白石铝业尾矿库公司") is None, "two could be meant"
    assert names.suggestions("青山矿叶") == [(1, "青山矿业有限公司")]
    assert plain_name("公司") == "公司"
