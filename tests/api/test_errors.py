"""Every failure says what happened, what was kept and what to do."""

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from sqlalchemy.exc import IntegrityError, OperationalError

from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from tests.api.client import Browser, words

router = APIRouter()
RAISED = {
    "forbidden": (Forbidden("您没有权限审核提交。"), 403),
    "missing": (NotFound(), 404),
    "conflict": (Conflict("任务现在是“已完成”，不能改为“待审核”。"), 409),
    "invalid": (Invalid("有内容需要改。", fields={"people": "参加人数要填整数。"}), 422),
    "overtaken": (IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed")), 409),
    "busy": (OperationalError("INSERT", {}, Exception("database or disk is full")), 503),
}


@router.get("/raise/{name}")
def fail(name: str) -> None:
    if name == "bug":
        raise ZeroDivisionError("secret detail")
    raise RAISED[name][0]


@pytest.mark.parametrize("name", RAISED)
def test_a_refusal_is_a_page_with_three_answers(browser: Browser, name: str) -> None:
    browser.http.app.include_router(router)  # type: ignore[attr-defined]
    answer = browser.get(f"/raise/{name}")
    assert answer.status_code == RAISED[name][1]
    seen = words(answer)
    assert all(part in seen for part in ("发生了什么", "保留了什么", "现在怎么办"))
    refusal = RAISED[name][0]
    assert getattr(refusal, "sentence", "") in seen
    assert all(sentence in seen for sentence in getattr(refusal, "fields", {}).values())
    assert "disk is full" not in seen
    assert "UNIQUE" not in seen


def test_a_refusal_keeps_the_navigation_of_whoever_is_signed_in_and_leads_back(browser: Browser) -> None:
    stranger = browser.get("/nothing-here")
    browser.sign_in("officer")
    missing = browser.get("/nothing-here")
    assert 'aria-label="主导航"' not in stranger.text
    assert 'aria-label="主导航"' in missing.text
    assert "回到刚才的页面" not in words(missing)
    there = {"Referer": f"{browser.http.base_url}/calendar?year=2023"}
    refused = browser.http.post("/calendar/days", data={"day": "2023-05-04"}, headers=there)
    assert refused.status_code == 422
    assert 'href="/calendar?year=2023"' in refused.text


def test_a_program_gets_the_same_sentences_as_json(browser: Browser) -> None:
    browser.http.app.include_router(router)  # type: ignore[attr-defined]
    answer = browser.http.get("/raise/invalid", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"people": "参加人数要填整数。"}


def test_a_bug_shows_a_number_and_no_detail(browser: Browser) -> None:
    browser.http.app.include_router(router)  # type: ignore[attr-defined]
    patient = TestClient(browser.http.app, raise_server_exceptions=False)
    answer = patient.get("/raise/bug")
    assert answer.status_code == 500
    assert "编号" in words(answer)
    assert "secret detail" not in answer.text
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize(("address", "status"), [("/nothing-here", 404), ("/hazards/x/nothing", 404)])
def test_an_address_that_leads_nowhere_is_answered_in_chinese(browser: Browser, address: str, status: int) -> None:
    answer = browser.get(address)
    assert answer.status_code == status
    assert "现在怎么办" in words(answer)


def test_liveness_and_readiness_are_told_to_machines(browser: Browser) -> None:
    assert browser.get("/livez").json() == {"status": "ok"}
    assert browser.get("/readyz").json() == {
        "status": "ok",
        "database": "ok",
        "scheduler": "late",
        "scheduler_at": None,
    }


@pytest.mark.parametrize("address", ["/tasks/99999999999999999999", "/hazards?page=99999999999999999999"])
def test_a_number_that_no_database_holds_leads_nowhere(browser: Browser, address: str) -> None:
    browser.sign_in("officer")
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        ("/hazards/7/plan", "/hazards/7"),
        ("/tasks/7/submit", "/tasks/7"),
        ("/hazards/register", "/hazards/new"),
        ("/sign-out", "/"),
    ],
)
def test_where_a_form_is_sent_leads_back_to_its_page_when_it_is_asked_for_as_one(
    browser: Browser, sent_to: str, page: str
) -> None:
    browser.sign_in("principal")
    answer = browser.get(sent_to)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    told = browser.http.get("/tasks/7/submit", headers={"Accept": "application/json"})
    assert told.status_code == 405
