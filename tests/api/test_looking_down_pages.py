"""热力表, 逐家, 走势 and 对比 in a browser: they open, they drill, and bad addresses are answered and not crashed on."""

from decimal import Decimal

import pytest

from api.pages.trends import _on_paper
from api.wording import number
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
    assert [_on_paper("万元", value) for value in (280_000, 15_000, 0, None)] == [28, Decimal("1.5"), 0, None]
    assert number(_on_paper("万元", 12_345_678_900) or 0) == "1,234,567.89"
    assert _on_paper("家", 7) == 7


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
