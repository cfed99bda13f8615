"""The inbox shows a person his own notices, unread first, and opening one leads on."""

import re

from sqlalchemy import select

from campaigns.store.messages import Notice
from tests.api.client import Browser, words
from tests.notifications.outside import tell
from tests.people import Cast


def test_unread_notices_come_first_and_opening_one_marks_it_read(browser: Browser, cast: Cast) -> None:
    tell(cast.database, cast.principal.person_id, "one:1", "two:2")
    browser.sign_in("principal")
    page = browser.get("/notices")
    assert "2 条未读" in words(page)
    number = re.findall(r'action="/notices/(\d+)"', page.text)[0]
    assert browser.post(f"/notices/{number}").headers["location"] == "/notices"
    assert "1 条未读" in words(browser.get("/notices"))


def test_somebody_elses_notice_is_not_found_and_stays_unread(browser: Browser, cast: Cast) -> None:
    tell(cast.database, cast.stranger_principal.person_id, "canary:1")
    browser.sign_in("principal")
    assert "canary" not in browser.get("/notices").text
    with cast.database.reading() as session:
        notice = session.scalars(select(Notice)).one()
    assert browser.post(f"/notices/{notice.id}").status_code == 404
    with cast.database.reading() as session:
        assert session.scalars(select(Notice.read_at)).all() == [None]


def test_everything_is_marked_read_at_once(browser: Browser, cast: Cast) -> None:
    tell(cast.database, cast.principal.person_id, "one:1", "two:2")
    browser.sign_in("principal")
    assert "已全部标为已读" in words(browser.follow(browser.post("/notices/read")))
    assert "0 条未读" in words(browser.get("/notices"))
