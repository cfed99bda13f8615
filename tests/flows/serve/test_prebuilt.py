"""The prebuilt demonstration: copied into an empty installation, never over anything, and not when it is stale."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from campaigns.clock import now
from campaigns.settings import Settings
from flows.serve.prebuilt import DATABASE, FRESH, take


@pytest.fixture
def place(tmp_path: Path) -> Path:
    built = tmp_path / "built"
    (built / "files" / "ab").mkdir(parents=True)
    (built / DATABASE).write_bytes(b"a year")
    (built / "files" / "ab" / "photo").write_bytes(b"a photo")
    return built


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "var").mkdir()
    return Settings(home=tmp_path / "var", demo=True, database_url="")


def test_an_empty_installation_gets_database_and_photos(place: Path, settings: Settings) -> None:
    assert take(settings, now=now(), place=place)
    assert (settings.home / DATABASE).read_bytes() == b"a year"
    assert (settings.files / "ab" / "photo").read_bytes() == b"a photo"


def test_what_is_there_is_never_replaced(place: Path, settings: Settings) -> None:
    (settings.home / DATABASE).write_bytes(b"mine")
    assert not take(settings, now=now(), place=place)
    assert (settings.home / DATABASE).read_bytes() == b"mine"


def test_a_stale_one_is_left_and_replayed_again(place: Path, settings: Settings) -> None:
    long_ago = (now() - FRESH - timedelta(hours=1)).timestamp()
    os.utime(place / DATABASE, (long_ago, long_ago))
    assert not take(settings, now=now(), place=place)
    assert not (settings.home / DATABASE).exists()


def test_nothing_is_copied_where_none_was_built_or_the_data_is_on_postgresql(place: Path, settings: Settings) -> None:
    assert not take(settings, now=now(), place=place / "nowhere")
    elsewhere = settings.model_copy(update={"database_url": "postgresql+psycopg://localhost/rectify"})
    assert not take(elsewhere, now=now(), place=place)
