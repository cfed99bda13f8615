"""热力表, 逐家, 走势 and 对比 in a browser: they open, they drill, and bad addresses are answered and not crashed on."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest

from api.pages.progress.trends import _filed_chart
from api.wording import number
from campaigns.queries.listings.looking_rows import difference_rows, filed_headings, filed_rows
from campaigns.queries.reporting.sealed import Filed, FiledFigure, FiledPeriod, on_paper
from tests.actions.rankings.test_rankings import Desk, desk
from tests.api.client import Browser, Clock, words
from tests.monthly import instant_of
from tests.people import Cast


@pytest.fixture
def at(browser: Browser, cast: Cast, clock: Clock) -> str:
    """Sit down as the city's officer on 21 June: six tasks of 茌平 were due in May, four are done."""
    clock.instant = instant_of(6, 21)
    city: Desk = desk(cast)
    browser.sign_in("city.officer")
    return f"/progress/{city.campaign.id}"


def test_a_superior_drills_from_the_heat_table_to_the_tasks(browser: Browser, cast: Cast, at: str) -> None:
    heat = browser.get(f"{at}/heat")
    assert 'data-shade="bad"' in heat.text
    assert "4/7 逾期" in words(heat)
    inside = browser.get(f"{at}/heat?by=duty&region={cast.county.id}")
    assert "逐家看茌平区" in words(inside)
    listed = words(browser.get(f"{at}/organisations?region={cast.county.id}"))
    assert "青山矿业尾矿库 乐平铺镇 4/6" in listed
    late = words(browser.get(f"{at}/tasks?organisation={cast.pond.id}"))
    assert "青山矿业尾矿库：逾期的任务" in late


def test_the_trend_has_a_table_and_two_periods_their_differences(browser: Browser, at: str) -> None:
    trend = browser.get(f"{at}/trend")
    assert "<svg" in trend.text
    assert "2023年5月 14 10 71%" in words(trend)
    compared = words(browser.get(f"{at}/compare?first=2023-06&second=2023-05"))
    assert "2023年5月 → 2023年6月" in compared
    assert "持平" in compared


def test_money_is_compared_in_the_unit_of_the_table() -> None:
    assert [on_paper("万元", value) for value in (280_000, 15_000, 0, None)] == [28, Decimal("1.5"), 0, None]
    assert number(on_paper("万元", 12_345_678_900) or 0) == "1,234,567.89"
    assert on_paper("家", 7) == 7


FILES = ("heat/table", "organisations/table", "trend/table", "trend/filed", "compare/table", "compare/filed")


def lines(browser: Browser, address: str) -> list[list[str]]:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("file", FILES)
def test_each_view_is_a_workbook_too_with_numbers_as_numbers(browser: Browser, cast: Cast, at: str, file: str) -> None:
    for query in ("", f"?region={cast.county.id}"):
        page = openpyxl.load_workbook(BytesIO(browser.get(f"{at}/{file}.xlsx{query}").content)).active
        assert page is not None
        cells = [["" if cell is None else str(cell) for cell in row] for row in page.iter_rows(values_only=True)]
        assert cells == lines(browser, f"{at}/{file}.csv{query}")
        if not file.endswith("filed"):
            assert isinstance(page.cell(page.max_row, page.max_column).value, int)


def test_the_files_have_the_figures_of_their_pages(browser: Browser, cast: Cast, at: str) -> None:
    heat, page = lines(browser, f"{at}/heat/table.csv"), words(browser.get(f"{at}/heat"))
    assert heat[0][0] == "地方"
    assert heat[-1][0] == "合计"
    assert all(line[0] in page for line in heat)
    assert ["7", "4"] in [line[-4:-2] for line in heat], "4/7 on the page"
    inside = f"by=duty&region={cast.county.id}"
    assert lines(browser, f"{at}/heat/table.csv?{inside}")[0][0] == "任务"
    pond = next(line for line in lines(browser, f"{at}/organisations/table.csv") if line[0] == cast.pond.name)
    assert pond[2:5] == ["乐平铺镇", "6", "4"]
    assert lines(browser, f"{at}/trend/table.csv")[1][:4] == ["2023年5月", "14", "10", "71"]
    compared = lines(browser, f"{at}/compare/table.csv?first=2023-06&second=2023-05")
    assert compared[0][2:5] == ["完成（2023年5月）", "完成（2023年6月）", "完成增减"]
    assert all(int(line[3]) - int(line[2]) == int(line[4]) for line in compared[1:])


def test_each_view_offers_its_files_as_it_is_asked(browser: Browser, cast: Cast, at: str) -> None:
    region = f"region={cast.county.id}"
    offered = {
        f"heat?by=duty&{region}": f"{at}/heat/table.csv?by=duty&amp;{region}",
        f"organisations?{region}": f"{at}/organisations/table.xlsx?{region}",
        f"trend?{region}": f"{at}/trend/table.csv?{region}",
        f"compare?{region}": f"{at}/compare/table.xlsx?{region}&amp;first=2023-05&amp;second=2023-06",
    }
    for view, link in offered.items():
        assert link in browser.get(f"{at}/{view}").text, view


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_foreign_campaign_or_region_has_no_file(browser: Browser, cast: Cast, at: str, kind: str) -> None:
    for file in FILES:
        assert browser.get(f"/progress/999/{file}.{kind}").status_code == 404, file
        assert browser.get(f"{at}/{file}.{kind}?region=999999").status_code == 404, file
    browser.sign_in("neighbour.officer")
    for file in FILES:
        assert browser.get(f"{at}/{file}.{kind}?region={cast.county.id}").status_code == 404, file
    browser.sign_in("principal")
    for file in FILES:
        assert browser.get(f"{at}/{file}.{kind}").status_code == 404, file


def test_filed_money_is_drawn_listed_and_sent_in_ten_thousands() -> None:
    fined = FiledFigure("5.1", "罚款", "万元")
    filed = (FiledPeriod("2023-05", 1, {"5.1": 15_000}), FiledPeriod("2023-06", 2, {"5.1": None}))
    table = Filed("调度表", "进展", (fined,), filed)
    chart = _filed_chart(table, ("5.1",))
    assert chart.names == ("罚款（万元）",)
    assert [values for _, values in chart.rows] == [(Decimal("1.5"),), (None,)]
    assert chart.dots[0].word == "1.5"
    assert filed_headings(table, ("5.1",)) == ("期次", "罚款（万元）")
    assert filed_rows(table, ("5.1",)) == [("2023年5月", 1.5), ("2023年6月", None)]
    assert difference_rows(table.differences("2023-05", "2023-06")) == [("罚款", "万元", 1.5, None, None)]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/heat?region=999999", 404),
        ("/heat?by=weather", 404),
        ("/organisations?region=x", 404),
        ("/tasks?stage=999999999999999999999&duty=%00", 200),
        ("/tasks?organisation=999999", 404),
        ("/trend?region=999999", 404),
        ("/trend?form=nothing&figure=9.9", 200),
        ("/compare?first=2099-01&second=never", 200),
    ],
)
def test_an_address_made_up_is_answered(browser: Browser, at: str, address: str, status: int) -> None:
    assert browser.get(f"{at}{address}").status_code == status


def test_an_enterprise_finds_none_of_it(browser: Browser, at: str) -> None:
    browser.sign_in("principal")
    for view in ("heat", "organisations", "tasks", "trend", "compare", "rankings"):
        assert browser.get(f"{at}/{view}").status_code == 404, view
