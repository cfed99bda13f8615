"""Who typed a cell of a report, when, what, and with which reason: as the ledger recorded it, the latest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition.report_form import Atom
from campaigns.rules.reporting.figures import shown
from campaigns.store.directory.regions import Organisation
from campaigns.store.ledger import Event
from campaigns.store.reporting.reports import Report


@dataclass(frozen=True, slots=True)
class Typing:
    """One time somebody typed the cell. `behalf`: somebody of another organisation, its superior, did. Empty: left to rows."""

    at: datetime
    by: str
    behalf: str
    month: str
    total: str
    reason: str
    words: str


def typings_of(session: Session, report: Report, atom: Atom) -> tuple[Typing, ...]:
    """Return every typing of a cell; of an earlier version those up to its filing."""
    living = report.current_id or report.id
    typed = (
        select(Event, col(Organisation.name))
        .outerjoin(Organisation, col(Organisation.id) == col(Event.actor_organisation_id))
        .where(col(Event.subject) == "report", col(Event.subject_id) == living, col(Event.kind) == "report.filled")
        .order_by(col(Event.id).desc())
    )
    if report.current_id is not None and report.filed_at is not None:
        typed = typed.where(col(Event.at) <= report.filed_at)
    return tuple(
        _typing(atom, event, office, own=event.actor_organisation_id == report.organisation_id)
        for event, office in session.execute(typed)
        if atom.code in event.data.get("changed", {})
    )


def _typing(atom: Atom, event: Event, office: str | None, *, own: bool) -> Typing:
    month, total, reason, *words = event.data["changed"][atom.code]
    return Typing(
        at=event.at,
        by=event.actor_name,
        behalf="" if own else office or "",
        month=shown(atom, month),
        total=shown(atom, total),
        reason=reason or "",
        words=(words[0] or "") if words else "",
    )
