"""Thumbnails and prints are made after the receipt: every photo, once, whoever is killed on the way and whatever a photo is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from campaigns.actions.work.drawing import draw_photos, thumbnail
from campaigns.actions.work.files import attach_to_task
from campaigns.rules.files.thumbnails import Undrawable
from campaigns.rules.files.uploads import Upload
from campaigns.settings import Settings
from campaigns.store.files import FileStore, file_store
from campaigns.store.work.tasks import Attachment
from tests.bucket import kept_in
from tests.campaigns import launched
from tests.factories import task_of
from tests.people import Cast
from tests.pictures import PAPER, damaged, scene

NOW = datetime(2023, 5, 12, 9, 30, tzinfo=UTC)


@pytest.fixture(params=["directory", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FileStore]:
    """Return each kind of store."""
    with kept_in(request.param, tmp_path) as chosen:
        yield chosen


def attached(cast: Cast, store: FileStore, *contents: bytes) -> list[str]:
    launched(cast)
    with cast.database.transaction() as session:
        return attach_to_task(
            session,
            task_id=task_of(session, "QY-01", cast.pond.id).id,
            label="现场照片",
            uploads=[Upload("一.jpg", content) for content in contents],
            picture=False,
            store=store,
            by=cast.safety_officer,
            now=NOW,
        )


def rows(cast: Cast) -> dict[str, tuple[bool, bool, bool]]:
    """Return of every file whether it waits, whether it is broken, and whether its print was taken."""
    with cast.database.reading() as session:
        found = session.scalars(select(Attachment).order_by(col(Attachment.id))).all()
        return {one.storage_id: (one.undrawn, one.broken, one.print_1 is not None) for one in found}


def test_photos_are_drawn_once_after_they_were_kept(either_cast: Cast, store: FileStore) -> None:
    photo, large, paper = attached(either_cast, store, scene(1), scene(2, form="PNG"), PAPER)
    assert rows(either_cast) == {
        photo: (True, False, False),
        large: (True, False, False),
        paper: (False, False, False),
    }
    assert (store.small(photo), bool(store.small(large))) == (b"", True), "what must be redrawn is decoded anyway"
    assert draw_photos(either_cast.database, store) == 2
    assert set(rows(either_cast).values()) == {(False, False, True), (False, False, False)}
    small = store.small(photo)
    assert small.startswith(b"\xff\xd8")
    assert draw_photos(either_cast.database, store) == 0
    assert store.small(photo) == small


def test_a_thumbnail_that_somebody_looks_at_is_drawn_at_once_and_its_print_later(
    either_cast: Cast, store: FileStore
) -> None:
    (photo,) = attached(either_cast, store, scene(1))
    seen = thumbnail(store, photo)
    assert (store.small(photo), rows(either_cast)[photo]) == (seen, (True, False, False)), "killed before the print"
    assert draw_photos(either_cast.database, store) == 1
    assert (store.small(photo), rows(either_cast)[photo]) == (seen, (False, False, True))


def test_one_that_cannot_be_drawn_holds_nobody_up_and_is_not_tried_again(either_cast: Cast, store: FileStore) -> None:
    bad, gone, good = attached(either_cast, store, damaged(), scene(2), scene(3))
    content = store.read(gone)
    store.remove(gone)
    assert draw_photos(either_cast.database, store) == 2
    waits = (True, False, False)
    assert rows(either_cast) == {bad: (False, True, False), gone: waits, good: (False, False, True)}
    with pytest.raises(Undrawable):
        thumbnail(store, bad)
    assert content
    assert draw_photos(either_cast.database, store) == 0, "its bytes are missing still"


def test_one_that_is_taken_back_while_it_is_drawn_is_passed_over(cast: Cast, tmp_path: Path) -> None:
    folder = file_store(Settings(home=tmp_path))
    first, second = attached(cast, folder, scene(1), scene(2))
    take_back = delete(Attachment).where(col(Attachment.storage_id) == first)

    class Slow:
        """A store in which the author is quicker than the one who draws."""

        def small(self, storage_id: str) -> bytes:
            with cast.database.transaction() as session:
                session.execute(take_back)
            return folder.small(storage_id)

        read, put_small = staticmethod(folder.read), staticmethod(folder.put_small)

    assert draw_photos(cast.database, Slow()) == 1  # type: ignore[arg-type]
    assert rows(cast) == {second: (False, False, True)}
