"""I3: nobody edited, deleted, inserted, swapped, re-dated or cut off what happened."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.date_words import moment_words
from campaigns.queries.verify.findings import Finding, Scene
from campaigns.store.ledger import GENESIS, Cursor, Event, fingerprint
from campaigns.store.reporting.reports import Report

_BATCH = 1000


def broken_links(scene: Scene) -> Iterator[Finding]:
    """Compute every link again, the oldest first; each event that does not fit is named once."""
    previous, noted = GENESIS, not scene.head
    events = select(Event).order_by(col(Event.id)).execution_options(yield_per=_BATCH)
    for event in scene.session.scalars(events):
        noted = noted or event.hash == scene.head
        if fingerprint(event) != event.hash:
            yield Finding(f"event {event.id}", f"{_words(event)}被改动过，和记录时的校验值不符。")
        elif event.previous_hash != previous:
            yield Finding(f"event {event.id}", f"{_words(event)}接不上前一条，中间有记录被删除、插入或调换。")
        previous = event.hash
        scene.session.expunge(event)
    if not noted:
        yield Finding(
            f"head {scene.head}", f"链上找不到您抄存的链头{scene.head[:12]}…，它之后的记录被截断或整体替换过。"
        )


def cut_off(scene: Scene) -> Iterator[Finding]:
    """Find readers that have read further than the ledger now goes: its end was cut off."""
    last = _last_id(scene.session)
    readers = select(col(Cursor.name), col(Cursor.position)).where(col(Cursor.position) > last)
    for name, position in scene.session.execute(readers):
        yield Finding(f"cursor {name}", f"办理记录只到第{last}条，而“{name}”已经读到第{position}条，末尾的记录被截断。")
    counted = select(func.max(col(Report.computed_through)))
    if (through := scene.session.scalar(counted) or 0) > last:
        yield Finding("report", f"办理记录只到第{last}条，而调度表取数已经到第{through}条，末尾的记录被截断。")


def head(session: Session) -> tuple[int, str]:
    """Return how many events there are and the hash of the last one: to be noted down outside."""
    last = session.scalar(select(col(Event.hash)).order_by(col(Event.id).desc()).limit(1))
    return session.scalar(select(func.count()).select_from(Event)) or 0, last or GENESIS


def _last_id(session: Session) -> int:
    return session.scalar(select(func.max(col(Event.id)))) or 0


def _words(event: Event) -> str:
    return f"第{event.id}条办理记录（{moment_words(event.at)} {event.actor_name} {event.kind}）"
