"""Two clicks, one effect: the form's key through the web door, on a small app of its own."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
from fastapi import APIRouter, Response
from sqlalchemy import func, select
from sqlmodel import Session, col

from api.deps import Effect, EffectDep, Visit, one_by_one
from campaigns.actions.events import record
from campaigns.errors import Invalid
from campaigns.store.directory.people import FormKey
from campaigns.store.ledger import Event
from tests.api.client import Browser, words
from tests.people import Cast

router = APIRouter()


@router.post("/probe")
def probe(effect: EffectDep) -> Response:
    def change(session: Session) -> str:
        if effect.text("note") == "坏":
            raise Invalid("有内容需要改", fields={"note": "不能写“坏”。"})
        event = record(session, "probe", by=effect.actor, now=effect.now, note=effect.text("note"))
        if effect.text("note") == "崩":
            raise RuntimeError("the process dies here")
        return f"/more?receipt={event.id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return visit.page("error.html", status=422, failure={}, fields=invalid.fields, number=effect.values()["note"])

    return effect.once(change, said="已经办好", refused=refused)


@pytest.fixture
def signed_in(browser: Browser) -> Iterator[Browser]:
    """Return the officer's browser on an app that also has the probe."""
    browser.http.app.include_router(router)  # type: ignore[attr-defined]
    browser.sign_in("officer")
    return browser


def probes(cast: Cast) -> int:
    with cast.database.reading() as session:
        return session.scalar(select(func.count()).where(col(Event.kind) == "probe")) or 0


def test_a_form_sent_twice_has_one_effect_and_one_receipt(signed_in: Browser, cast: Cast) -> None:
    first = signed_in.post("/probe", key="k" * 20, note="一")
    again = signed_in.post("/probe", key="k" * 20, note="一")
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert probes(cast) == 1


def test_fifty_parallel_clicks_have_one_effect(signed_in: Browser, cast: Cast) -> None:
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: signed_in.post("/probe", key="p" * 20, note="一"), range(50)))
    assert {answer.headers["location"] for answer in answers} == {answers[0].headers["location"]}
    assert probes(cast) == 1


def test_the_same_key_with_another_body_is_refused_and_changes_nothing(signed_in: Browser, cast: Cast) -> None:
    signed_in.post("/probe", key="k" * 20, note="一")
    other = signed_in.post("/probe", key="k" * 20, note="二")
    assert other.status_code == 422
    assert "已经提交过" in words(other)
    assert probes(cast) == 1


def test_another_person_cannot_replay_a_key(signed_in: Browser, cast: Cast) -> None:
    signed_in.post("/probe", key="k" * 20, note="一")
    signed_in.sign_in("leader")
    assert signed_in.post("/probe", key="k" * 20, note="一").status_code == 422
    assert probes(cast) == 1


def test_a_failure_inside_leaves_no_stuck_key(signed_in: Browser, cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        signed_in.post("/probe", key="k" * 20, note="崩")
    with cast.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FormKey)) == 0
    assert signed_in.post("/probe", key="k" * 20, note="一").status_code == 303
    assert probes(cast) == 1


def test_a_form_without_a_key_is_refused(signed_in: Browser, cast: Cast) -> None:
    assert signed_in.http.post("/probe", data={"note": "一"}).status_code == 422
    assert signed_in.post("/probe", key="short", note="一").status_code == 422
    assert probes(cast) == 0


def test_the_next_page_says_what_was_done_and_only_once(signed_in: Browser) -> None:
    done = signed_in.post("/probe", key="k" * 20, note="一")
    assert "已经办好" in words(signed_in.follow(done))
    assert "已经办好" not in words(signed_in.get("/more"))


def test_a_form_with_photos_waits_for_the_one_before_it() -> None:
    async def two_forms() -> list[str]:
        first, second = one_by_one(cast("Effect", "first")), one_by_one(cast("Effect", "second"))
        seen = [str(await anext(first))]
        waiting = asyncio.ensure_future(anext(second))
        await asyncio.sleep(0)
        seen.append("waiting" if not waiting.done() else "let in")
        await first.aclose()
        return [*seen, str(await waiting)]

    assert asyncio.run(two_forms()) == ["first", "waiting", "second"]
