"""The first start: an administrator from the environment or from the terminal, never a default one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from campaigns.errors import Invalid, Refusal
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.migrate import migrate
from flows.serve.prepare import Ask, ask_for_administrator, check_shape

GOOD = "Zheng-shi-2026"
HEADLESS = {"RECTIFY_ADMIN_LOGIN": "chen", "RECTIFY_ADMIN_PASSWORD": GOOD}


def _logins(base: Database) -> list[str]:
    with base.reading() as session:
        return list(session.scalars(select(col(Person.login))))


def _typed(*answers: str) -> Ask:
    remaining: Iterator[str] = iter(answers)
    return lambda _words, _hidden: next(remaining)


def test_without_a_terminal_login_and_password_come_from_the_environment(database: Database) -> None:
    ask_for_administrator(database, HEADLESS, None)
    assert _logins(database) == ["chen"]


@pytest.mark.parametrize("missing", ["RECTIFY_ADMIN_LOGIN", "RECTIFY_ADMIN_PASSWORD"])
def test_without_a_terminal_nothing_is_assumed_about_login_and_password(database: Database, missing: str) -> None:
    with pytest.raises(Refusal, match="没有终端可以询问"):
        ask_for_administrator(database, {k: v for k, v in HEADLESS.items() if k != missing}, None)
    assert _logins(database) == []


def test_a_weak_password_from_the_environment_stops_the_start(database: Database) -> None:
    with pytest.raises(Invalid, match="密码不够安全"):
        ask_for_administrator(database, HEADLESS | {"RECTIFY_ADMIN_PASSWORD": "123456"}, None)
    assert _logins(database) == []


def test_at_the_terminal_everything_is_asked_and_an_empty_answer_asked_again(database: Database) -> None:
    ask_for_administrator(database, {}, _typed("茌平区", "", "茌平区应急管理局", "陈管理", "chen", GOOD))
    with database.reading() as session:
        assert session.scalar(select(col(Organisation.name))) == "茌平区应急管理局"


def test_at_the_terminal_a_weak_password_is_refused_and_asked_again(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    about = ("茌平区", "茌平区应急管理局", "陈管理", "chen")
    ask_for_administrator(database, {}, _typed(*about, "123456", *about, GOOD))
    assert _logins(database) == ["chen"]
    assert "密码不够安全" in capsys.readouterr().err


def _of_a_trial_version(home: Path) -> Settings:
    given = Settings(home=home, demo=True)
    given.files.mkdir(parents=True)
    base = Database(given.url)
    migrate(base)
    with base.transaction() as session:
        session.execute(text("ALTER TABLE hazard ADD COLUMN forgotten VARCHAR(10)"))
    base.dispose()
    return given


def test_a_demonstration_of_a_trial_version_is_set_aside_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    given = _of_a_trial_version(tmp_path)
    check_shape(given)
    (aside,) = tmp_path.glob("earlier-*")
    assert {path.name for path in aside.iterdir()} >= {"rectify.sqlite3", "files"}
    assert not (tmp_path / "rectify.sqlite3").exists()
    check_shape(given)


def test_real_data_of_a_trial_version_is_refused_and_not_touched(tmp_path: Path) -> None:
    given = _of_a_trial_version(tmp_path).model_copy(update={"demo": False})
    with pytest.raises(Refusal, match="更早的试用版"):
        check_shape(given)
    assert (tmp_path / "rectify.sqlite3").exists()


def test_a_database_of_this_version_is_left_alone(database: Database, tmp_path: Path) -> None:
    check_shape(Settings(home=tmp_path, demo=True, database_url=database.url))
    assert list(tmp_path.glob("earlier-*")) == []


def test_looking_leaves_no_database_behind_where_the_prebuilt_demonstration_belongs(tmp_path: Path) -> None:
    check_shape(Settings(home=tmp_path, demo=True))
    assert list(tmp_path.iterdir()) == []
