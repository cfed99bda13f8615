"""A clerk keeps the register: opens an enterprise, corrects it, hands it over, closes it and takes it up again."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.store.directory.regions import Organisation
from campaigns.store.ledger import Event
from tests.api.client import Browser, Clock, words
from tests.people import Cast

GOOD, ODD = "91371503MA3C4R8T5X", "913715000000000000"


def fields(cast: Cast, **changed: object) -> dict[str, object]:
    """Return the form as it opens, with what the clerk changed in it."""
    with cast.database.reading() as session:
        pond = session.get_one(Organisation, cast.pond.id)
        shown = {name: getattr(pond, name) or "" for name in ("name", "sector", "category", "status", "region_id")}
        return {**shown, "traits": "有外包队伍", "version": pond.version, **changed}


def test_a_clerk_corrects_an_entry_and_the_trail_says_from_what_to_what(browser: Browser, cast: Cast) -> None:
    at = f"/register/{cast.pond.id}"
    browser.sign_in("officer")
    assert f'href="{at}/edit"' in browser.get(at).text
    form = browser.get(f"{at}/edit")
    assert 'value="尾矿库"' in form.text
    typed = fields(
        cast, name="青山矿业有限公司尾矿库", status="停产", traits="有外包队伍、单班入井人数=35", risk_grade="B"
    )
    page = words(browser.follow(browser.post(f"{at}/edit", **typed)))
    assert "已保存：企业名称；状态；风险等级；属性。" in page
    assert "单班入井人数=35" in page
    with cast.database.reading() as session:
        event = session.scalars(select(Event).where(col(Event.kind) == "enterprise.edited")).one()
    assert "企业名称由“青山矿业尾矿库”改为“青山矿业有限公司尾矿库”" in event.data["words"]
    assert "改为“停产”" in words(browser.get(f"/trail?organisation={cast.pond.id}"))


def test_an_odd_code_is_saved_and_warned_about(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    at = f"/register/{cast.pond.id}"
    page = words(browser.follow(browser.post(f"{at}/edit", **fields(cast, credit_code=ODD))))
    assert "统一社会信用代码没有通过校验" in page
    assert ODD in page
    with cast.database.reading() as session:
        assert session.get_one(Organisation, cast.pond.id).credit_code == ODD
    taken = browser.post(
        f"/register/{cast.other_pond.id}/edit",
        key="b" * 20,
        **fields(cast, name="白石铝业尾矿库", credit_code=ODD, version=1),
    )
    assert taken.status_code == 422
    assert "已登记在另一家单位名下" in words(taken)


def test_a_stale_edit_shows_both_versions_and_keeps_the_other_one(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    at, old = f"/register/{cast.pond.id}", fields(cast)
    browser.post(f"{at}/edit", key="a" * 20, **(old | {"status": "停产"}))
    late = browser.post(f"{at}/edit", key="b" * 20, **(old | {"status": "基建"}))
    assert late.status_code == 409
    said = words(late)
    assert "第1版，现在已是第2版" in said
    assert "状态现为“停产”，您填的是“基建”" in said


def test_every_wrong_field_is_named_at_once_and_nothing_is_saved(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    wrong = browser.post(
        f"/register/{cast.pond.id}/edit",
        **fields(cast, name="", risk_grade="特别重大", traits="人数=多", sector="矿" * 40),
    )
    assert wrong.status_code == 422
    said = words(wrong)
    for sentence in ("没有写企业名称", "请缩短到30个字以内", "不超过9位的整数"):
        assert sentence in said
    elsewhere = fields(cast, region_id=cast.neighbour_bureau.region_id)
    assert browser.post(f"/register/{cast.pond.id}/edit", key="c" * 20, **elsewhere).status_code == 404


def test_the_city_hands_an_enterprise_over_and_the_new_bureau_has_it(
    browser: Browser, cast: Cast, clock: Clock
) -> None:
    at = f"/register/{cast.pond.id}"
    browser.sign_in("city.officer")
    form = browser.get(f"{at}/transfer")
    assert cast.neighbour_bureau.name in form.text
    sent = {"bureau_id": cast.neighbour_bureau.id, "on": clock.instant.date().isoformat(), "version": 1}
    missing = browser.post(f"{at}/transfer", key="a" * 20, **sent)
    assert missing.status_code == 422
    assert "请写明移交理由" in words(missing)
    done = browser.follow(browser.post(f"{at}/transfer", key="b" * 20, reason="聊应急发〔2023〕12号", **sent))
    assert "监管主体已移交" in words(done)
    browser.sign_in("neighbour.officer")
    assert f"监管主体 {cast.neighbour_bureau.name}" in words(browser.get(at))


def test_a_county_is_told_that_the_city_hands_over_between_counties(browser: Browser, cast: Cast) -> None:
    browser.sign_in("officer")
    page = words(browser.get(f"/register/{cast.pond.id}/transfer"))
    assert "县与县之间的移交由上级应急管理局办理" in page
    assert cast.neighbour_bureau.name not in page
    assert cast.city_bureau.name in page


def test_a_clerk_closes_an_enterprise_and_takes_it_up_again(browser: Browser, cast: Cast, clock: Clock) -> None:
    at, today = f"/register/{cast.pond.id}", clock.instant.date().isoformat()
    browser.sign_in("officer")
    assert "不算已整改" in words(browser.get(f"{at}/close"))
    bad = browser.post(f"{at}/close", key="a" * 20, on="昨天", reason="闭库", version=1)
    assert bad.status_code == 422
    assert "请选一个日期" in words(bad)
    done = browser.follow(browser.post(f"{at}/close", key="b" * 20, on=today, reason="闭库销号", version=1))
    assert "已登记关闭" in words(done)
    assert "恢复" in words(browser.get(f"{at}/close"))
    back = browser.follow(browser.post(f"{at}/reopen", key="c" * 20, reason="复产验收合格", version=2))
    assert "已恢复" in words(back)


@pytest.mark.parametrize("path", ["edit", "transfer", "close"])
def test_an_office_is_no_enterprise_and_a_stranger_finds_nothing(browser: Browser, cast: Cast, path: str) -> None:
    browser.sign_in("officer")
    assert browser.get(f"/register/{cast.government.id}/{path}").status_code == 404
    assert browser.get(f"/register/{cast.stranger.id}/{path}").status_code == 404
    browser.sign_in("principal")
    assert browser.get(f"/register/{cast.pond.id}/{path}").status_code == 403
