"""排名 in a browser: from the rule's formula to the published table, without script, and what a sibling's browser is sent."""

from io import BytesIO
from itertools import count
from zipfile import ZipFile

import pytest

from tests.actions.rankings.test_rankings import DAY, WITHOUT_TABLES, Desk, desk
from tests.api.client import Browser, Clock, words
from tests.monthly import instant_of
from tests.people import Cast

KEYS = (f"key-of-one-step-{number:06}" for number in count())


def do(browser: Browser, path: str, **fields: str) -> str:
    response = browser.post(path, next(KEYS), **fields)
    return words(response) if response.status_code != 303 else words(browser.follow(response))


@pytest.fixture
def city(cast: Cast, clock: Clock) -> Desk:
    clock.instant = instant_of(6, 21)
    return desk(cast, text=WITHOUT_TABLES)


def marked(city: Desk) -> dict[str, str]:
    return {f"mark-{city.cast.county.id}-4": "18.5", f"mark-{city.neighbour}-4": "12"}


def test_the_city_ranks_marks_adjusts_and_publishes(browser: Browser, city: Desk) -> None:
    at = f"/progress/{city.campaign.id}/rankings"
    browser.sign_in("city.officer")
    assert "任务按期完成（到期完成率×50）" in words(browser.get(at))
    refused = do(browser, at, code="各县工作", until_on="2023-07-01")
    assert "请选一天" in refused
    assert "这是草稿" in do(browser, at, code="各县工作", until_on=DAY.isoformat())
    assert "接着办草稿" in words(browser.get(at))
    here = "/rankings/1"
    wrong = do(browser, f"{here}/marks", **marked(city) | {f"mark-{city.neighbour}-4": "21"})
    assert "请填0到20分" in wrong
    assert "评分已保存" in do(browser, f"{here}/marks", **marked(city))
    bare = browser.post(f"{here}/adjust", next(KEYS), region_id=str(city.cast.county.id), points="-2", reason="漏报")
    assert bare.status_code == 422
    assert 'value="-2"' in bare.text, "what was typed is still there"
    said = {"points": "-2", "reason": "漏报一次", "basis": "聊应急发〔2023〕20号"}
    assert "已调整" in do(browser, f"{here}/adjust", region_id=str(city.cast.county.id), **said)
    browser.sign_in("city.leader")
    page = do(browser, f"{here}/publish")
    assert "已发布并通知参评的应急局" in page
    assert "4÷7×50 = 28.57" in page
    assert "聊应急发〔2023〕20号" in page
    assert "这一版已被更正" not in page


def test_a_sibling_is_sent_totals_and_not_a_figure_more(browser: Browser, city: Desk) -> None:
    ranking_id = city.draft()
    city.mark(ranking_id, "18.5", "12")
    city.adjust(ranking_id, "-2")
    browser.sign_in("neighbour.leader")
    assert browser.get(f"/rankings/{ranking_id}").status_code == 404
    city.publish(ranking_id)
    answer = browser.get(f"/rankings/{ranking_id}")
    assert "60.07" in answer.text, "茌平's total"
    for secret in ("4÷7", "1÷2", "18.5", "-2.00", "62.07", "漏报", "20号"):
        assert secret not in answer.text, secret
    assert "6÷7×50 = 42.86" in answer.text, "their own sums"
    file = browser.get(f"/rankings/{ranking_id}/table.csv").text
    assert "60.07,不公开,不公开" in file
    assert "6÷7×50 = 42.86" in file
    for secret in ("4÷7", "18.5", "-2.00", "62.07"):
        assert secret not in file, secret
    packed = ZipFile(BytesIO(browser.get(f"/campaigns/{city.campaign.id}/package.zip").content))
    evidence = next(name for name in packed.namelist() if name.startswith("排名/"))
    assert packed.read(evidence).decode() == file
    assert browser.get(f"/rankings/{ranking_id}/work").status_code == 404
    assert browser.post(f"/rankings/{ranking_id}/correct", next(KEYS), reason="不服").status_code == 404
    browser.sign_in("city.officer")
    assert "60.07,62.07,-2.0," in browser.get(f"/rankings/{ranking_id}/table.csv").text, "numbers, not defused words"
    browser.sign_in("principal")
    for address in ("", "/table.csv", "/table.xlsx"):
        assert browser.get(f"/rankings/{ranking_id}{address}").status_code == 404


def test_a_campaign_without_rules_says_so(browser: Browser, cast: Cast, clock: Clock) -> None:
    clock.instant = instant_of(6, 21)
    city = desk(cast, text=WITHOUT_TABLES.partition("\n排名:")[0])
    browser.sign_in("city.officer")
    assert "本行动没有写排名办法" in words(browser.get(f"/progress/{city.campaign.id}/rankings"))
