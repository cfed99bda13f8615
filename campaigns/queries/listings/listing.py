"""What a listing is: named columns over one statement, in the reader's sight, in the order of its key.

Pages of a listing are asked for by the last key seen, not by a number: rows that come or go shift nothing, and the last page
costs as much as the first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session

from campaigns.rules.permissions import Actor
from campaigns.rules.states import Stated

PIECE = 2_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads a listing, when, and of which campaign (None: of all in sight)."""

    actor: Actor
    now: datetime
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One table. `columns` are names and headings, the key first; `states` names the words behind stored states.

    `by_campaign` says that it is of one campaign.
    """

    title: str
    columns: Mapping[str, str]
    key: Any
    select: Callable[[Reading], Select[Any]]
    states: Mapping[str, type[Stated]]
    by_campaign: bool = True

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns' words in order."""
        return tuple(self.columns.values())


def rows_after(
    session: Session,
    listing: Listing,
    reading: Reading,
    *,
    after: int,
    limit: int,
    where: ColumnElement[bool] | None = None,
) -> list[Row]:
    """Return at most `limit` rows whose key is greater than `after`, in the order of the key."""
    statement = listing.select(reading).where(listing.key > after).order_by(listing.key).limit(limit)
    found = session.execute(statement if where is None else statement.where(where))
    return [_row(listing, values) for values in found]


def every_row(
    session: Session, listing: Listing, reading: Reading, *, where: ColumnElement[bool] | None = None
) -> Iterator[Row]:
    """Yield the whole listing in pieces, so that a hundred thousand rows need no more memory than two thousand."""
    after, name = 0, next(iter(listing.columns))
    while piece := rows_after(session, listing, reading, after=after, limit=PIECE, where=where):
        yield from piece
        after = piece[-1][name]


def _row(listing: Listing, values: Any) -> Row:
    row = dict(zip(listing.columns, values, strict=True))
    for name, states in listing.states.items():
        row[name] = states(row[name]).label if row[name] else ""
    return row
