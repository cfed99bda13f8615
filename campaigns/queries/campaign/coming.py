"""What the calendar still asks for: undone work up to an instant, in the words that the schedule shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.ledger import DueWork


@dataclass(frozen=True)
class Coming:
    """One undone item. `campaign` is its title and `campaign_id` its number: empty and None for the whole installation's work."""

    key: str
    kind: str
    due_at: datetime
    title: str
    campaign: str
    campaign_id: int | None = None

    @property
    def name(self) -> str:
        """What people read in a list of all campaigns' work."""
        return f"{self.campaign} · {self.title}" if self.campaign else self.title

    @property
    def tag(self) -> str:
        """What tells a campaign's work from that of another one with the same title; empty for the whole installation's."""
        return f"{self.campaign}（编号{self.campaign_id}）" if self.campaign else ""


def coming(session: Session, *, until: datetime) -> tuple[Coming, ...]:
    """Return everything undone that falls due up to `until`, overdue work included, the soonest first."""
    query: Select[Any] = (
        select(
            col(DueWork.key),
            col(DueWork.kind),
            col(DueWork.due_at),
            col(DueWork.title),
            col(Campaign.title).label("campaign"),
            col(Campaign.id).label("campaign_id"),
        )
        .outerjoin(Campaign, col(Campaign.id) == col(DueWork.campaign_id))
        .where(col(DueWork.done_at).is_(None), col(DueWork.due_at) <= until)
        .order_by(col(DueWork.due_at), col(DueWork.id))
    )
    return tuple(
        Coming(row.key, row.kind, row.due_at, row.title, row.campaign or "", row.campaign_id)
        for row in session.execute(query)
    )
