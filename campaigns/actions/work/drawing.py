"""Thumbnails and prints of photos, after their sender has his receipt: by the pulse, or when somebody looks at one.

A row says that its photo waits (`undrawn`) until its print is taken, so whoever is killed on the way leaves it to the next pass.
A thumbnail is written whole or not at all, and drawing it again gives the same one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from campaigns.rules.files.photo_print import BANDS, Print, photo_print
from campaigns.rules.files.thumbnails import Undrawable, drawn_small
from campaigns.store.database import Database
from campaigns.store.files import FileStore
from campaigns.store.work.tasks import Attachment

AT_A_TIME = 20
"""How many photos are drawn between two short transactions."""


def thumbnail(store: FileStore, storage_id: str) -> bytes:
    """Return a picture's thumbnail, drawn now if it never was; raises Undrawable, or FileNotFoundError without its bytes."""
    small = store.small(storage_id)
    if not small:
        small = drawn_small(store.read(storage_id))
        store.put_small(storage_id, small)
    return small


def draw_photos(base: Database, store: FileStore) -> int:
    """Draw every photo that waits and take its print; return how many there were. Twice, or by two at once, is once.

    Decoding takes its time, so it is no part of a transaction; each few photos are written down in one of their own. One that
    cannot be drawn is marked so and not tried again; one whose bytes are missing keeps waiting (`rectify verify` names it).
    """
    after = drawn = 0
    while waiting := _waiting(base, after):
        after = waiting[-1][0]
        rows = list(_drawn(store, waiting))
        with base.transaction() as session:
            drawn += _note(session, rows)
    return drawn


def _waiting(base: Database, after: int) -> Sequence[tuple[int, str]]:
    undrawn = select(col(Attachment.id), col(Attachment.storage_id)).where(
        col(Attachment.undrawn).is_(True), col(Attachment.id) > after
    )
    with base.reading() as session:
        return session.execute(undrawn.order_by(col(Attachment.id)).limit(AT_A_TIME)).tuples().all()


def _drawn(store: FileStore, waiting: Sequence[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    for id_, storage_id in waiting:
        try:
            yield _row(id_, photo_print(thumbnail(store, storage_id)))
        except Undrawable:
            yield _row(id_, None, broken=True)
        except FileNotFoundError:
            continue


def _row(id_: int, print_: Print | None, *, broken: bool = False) -> dict[str, Any]:
    bands: Sequence[int | None] = print_ or (None,) * BANDS
    return {"photo": id_, "is_broken": broken} | {f"band_{place}": band for place, band in enumerate(bands, start=1)}


def _note(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Write down what was drawn; a photo that was taken back meanwhile, or that another drew first, is passed over."""
    if not rows:
        return 0
    photos = Attachment.__table__  # type: ignore[attr-defined]
    bands: dict[str, Any] = {f"print_{place}": bindparam(f"band_{place}") for place in range(1, BANDS + 1)}
    noted = (
        update(photos)
        .where(photos.c.id == bindparam("photo"), photos.c.undrawn.is_(True))
        .values(undrawn=False, broken=bindparam("is_broken"), **bands)
    )
    return int(session.connection().execute(noted, list(rows)).rowcount)
