"""Attachments: kept once, under their owner's thing, and gone only while nobody has handed them in."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from campaigns.actions.hazards.registering import register
from campaigns.actions.work.files import (
    MOST_PER_THING,
    attach_to_hazard,
    attach_to_task,
    checked,
    laid_down,
    sweep_files,
)
from campaigns.errors import Forbidden, Invalid, NotFound
from campaigns.rules.files.uploads import MOST_PER_FIELD, Upload
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor
from campaigns.store.files import FileStore, Folder
from tests.campaigns import launched
from tests.factories import task_of
from tests.people import Cast
from tests.pictures import PROGRAM, photo

NOW = datetime(2023, 5, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """Return an empty file store."""
    return Folder(tmp_path / "files")


def attached(cast: Cast, store: FileStore, *uploads: Upload, by: Actor | None = None) -> list[str]:
    with cast.database.transaction() as session:
        return attach_to_task(
            session,
            task_id=task_of(session, "QY-01", cast.pond.id).id,
            label="现场照片",
            uploads=uploads,
            picture=True,
            store=store,
            by=by or cast.safety_officer,
            now=NOW,
        )


def test_the_same_photo_sent_again_is_kept_once(either_cast: Cast, store: FileStore) -> None:
    launched(either_cast)
    first = attached(either_cast, store, Upload("一.jpg", photo("red")), Upload("二.jpg", photo("blue")))
    again = attached(either_cast, store, Upload("一.jpg", photo("red")))
    assert again == first[:1]
    assert sorted(file.storage_id for file in store.stored()) == sorted(first)


def test_a_wrong_file_among_good_ones_keeps_none(cast: Cast, store: FileStore) -> None:
    launched(cast)
    with pytest.raises(Invalid) as refusal:
        attached(cast, store, Upload("好.jpg", photo()), Upload("坏.jpg", PROGRAM))
    assert refusal.value.fields == {"现场照片": "“坏.jpg”不是照片。请传 JPG 或 PNG 照片。"}
    assert list(store.stored()) == []


def test_too_many_at_once_are_refused(cast: Cast, store: FileStore) -> None:
    launched(cast)
    with pytest.raises(Invalid) as refusal:
        attached(cast, store, *[Upload(f"{n}.jpg", photo()) for n in range(MOST_PER_FIELD + 1)])
    assert refusal.value.fields == {"现场照片": "一次最多传9个文件，请分几次传。"}


def test_a_task_holds_so_many_files_and_no_more(cast: Cast, store: FileStore) -> None:
    launched(cast)
    each = [Upload(f"{n}.jpg", photo(f"#{n:06x}", size=(8, 8), form="PNG")) for n in range(MOST_PER_THING)]
    for start in range(0, MOST_PER_THING, MOST_PER_FIELD):
        attached(cast, store, *each[start : start + MOST_PER_FIELD])
    with pytest.raises(Invalid) as refusal:
        attached(cast, store, Upload("多.jpg", photo()))
    assert refusal.value.fields == {"现场照片": f"这里最多放{MOST_PER_THING}个文件。"}
    assert len(list(store.stored())) == MOST_PER_THING


def test_what_was_written_before_the_transaction_is_named_and_not_written_again(cast: Cast, store: FileStore) -> None:
    launched(cast)
    (ready,) = laid_down(checked([Upload("一.jpg", photo())], label="现场照片", picture=True), store=store)
    assert attached(cast, store, ready) == [ready.storage_id] == [file.storage_id for file in store.stored()]


def test_nobody_else_adds_files(cast: Cast, store: FileStore) -> None:
    launched(cast)
    with pytest.raises(Forbidden):
        attached(cast, store, Upload("一.jpg", photo()), by=cast.inspector)
    for stranger in (cast.other_principal, cast.neighbour_officer):
        with pytest.raises(NotFound):
            attached(cast, store, Upload("一.jpg", photo()), by=stranger)


def test_a_hazards_photos_come_from_those_who_work_on_it(cast: Cast, store: FileStore) -> None:
    def pictured(by: Actor) -> list[str]:
        with cast.database.transaction() as session:
            return attach_to_hazard(
                session,
                hazard_id=hazard.id,
                label="整改前",
                uploads=[Upload("一.jpg", photo())],
                store=store,
                by=by,
                now=NOW,
            )

    with cast.database.transaction() as session:
        hazard = register(
            session,
            enterprise_id=cast.pond.id,
            finding=Finding("盖板破损"),
            found_on=date(2023, 5, 12),
            by=cast.safety_officer,
            now=NOW,
        )
    assert pictured(cast.safety_officer) == pictured(cast.inspector)
    with pytest.raises(Forbidden):
        pictured(cast.city_leader)
    with pytest.raises(NotFound):
        pictured(cast.other_principal)


def test_what_no_record_names_is_swept_up_a_day_later(either_cast: Cast, store: FileStore) -> None:
    launched(either_cast)
    (kept,) = attached(either_cast, store, Upload("坝顶.jpg", photo()))
    store.put(b"of a transaction that failed")
    written = max(file.written_at for file in store.stored())
    with either_cast.database.reading() as session:
        assert sweep_files(session, store=store, now=written + timedelta(hours=23)) == 0
        assert sweep_files(session, store=store, now=written + timedelta(hours=25)) == 1
        assert sweep_files(session, store=store, now=written + timedelta(hours=25)) == 0
    assert [file.storage_id for file in store.stored()] == [kept]
