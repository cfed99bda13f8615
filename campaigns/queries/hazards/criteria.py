"""判定标准 as people read and pick it: the sets, one version's clauses, and what may be picked for a hazard found on some day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.definition import shelf
from campaigns.errors import NotFound
from campaigns.rules.hazards.criteria import citation, why_not_in_force
from campaigns.rules.hazards.criteria_sheet import SetHead
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.hazards.criteria import CriteriaClause, CriteriaVersion, clauses_of, newest_versions

MOST_OFFERED = 200
"""Options of one select; who looks for more is asked to narrow it down."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One imported version."""

    id: int
    version: int
    clauses: int
    imported_at: datetime
    imported_by: str


@dataclass(frozen=True, slots=True)
class SetCard:
    """One set with its versions, newest first; none where only its existence is known and nobody imported its clauses."""

    head: SetHead
    versions: tuple[VersionLine, ...]
    why_not: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version to read: `newest` is false for one that only old hazards cite."""

    row: CriteriaVersion
    clauses: tuple[CriteriaClause, ...]
    parts: tuple[str, ...]
    newest: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the choice: words of the clause, one part, one sector."""

    words: str = ""
    part: str = ""
    sector: str = ""

    def matches(self, clause: CriteriaClause) -> bool:
        """Whether a clause is wanted."""
        text = f"{clause.place}{clause.words}"
        return (not self.part or clause.part == self.part) and all(word in text for word in self.words.split())


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be picked: groups of (clause id, words), what narrows them, and the sets without clauses to pick from.

    `cited` has the offered clauses by their citation.
    """

    groups: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
    parts: tuple[str, ...]
    sectors: tuple[str, ...]
    not_imported: tuple[SetHead, ...]
    wanted: Wanted
    total: int
    on: date
    cited: Mapping[str, int]

    def picked(self, words: str) -> int | None:
        """Return the offered clause that a hazard's words cite, None if they cite none of these."""
        return self.cited.get(words.partition("：")[0])

    @property
    def offered(self) -> int:
        """How many clauses the groups hold."""
        return sum(len(clauses) for _, clauses in self.groups)


def criteria_sets(session: Session, *, today: date) -> tuple[SetCard, ...]:
    """Return every set, imported or only known, the latest in force first."""
    lines = _version_lines(session)
    cards = [_card(head, tuple(lines.get(head.document_number, ())), today) for head in _heads(session)]
    return tuple(sorted(cards, key=lambda card: card.head.in_force_on, reverse=True))


def set_head(session: Session, document_number: str) -> SetHead | None:
    """Return what is known of a set, to fill in the form that imports its next version."""
    return next((head for head in _heads(session) if head.document_number == document_number), None)


def criteria_version(session: Session, version_id: int, wanted: Wanted, *, today: date) -> VersionPage:
    """Return one version to read, its clauses narrowed; raises NotFound."""
    row = session.get(CriteriaVersion, version_id)
    if row is None:
        raise NotFound
    clauses = clauses_of(session, row.id)
    return VersionPage(
        row,
        tuple(clause for clause in clauses if wanted.matches(clause)),
        tuple(dict.fromkeys(clause.part for clause in clauses if clause.part)),
        row.id in {version.id for version in newest_versions(session)},
        why_not_in_force(today, starts=row.in_force_on, ends=row.ended_on),
    )


def clause_choice(session: Session, wanted: Wanted, *, on: date, sector: str = "") -> Choice:
    """Return the clauses of the newest versions in force on a day; `sector` is the enterprise's, used until another is wanted."""
    held = [row for row in newest_versions(session) if not _why_not(head_of(row), on)]
    sectors = tuple(dict.fromkeys(name for row in held for name in row.sectors))
    chosen = wanted.sector or (sector if sector in sectors else "")
    rows = [row for row in held if not chosen or chosen in row.sectors]
    found = [(row, clauses_of(session, row.id)) for row in rows]
    wanted = Wanted(wanted.words, wanted.part, chosen)
    imported = {row.document_number for row in newest_versions(session)}
    groups = tuple(_groups(found, wanted))
    offered = {id_ for _, clauses in groups for id_, _ in clauses}
    return Choice(
        groups=groups,
        parts=tuple(dict.fromkeys(clause.part for _, clauses in found for clause in clauses if clause.part)),
        sectors=sectors,
        not_imported=tuple(
            head
            for number, head in _known().items()
            if number not in imported and not _why_not(head, on) and (not sector or sector in head.sectors)
        ),
        wanted=wanted,
        total=sum(wanted.matches(clause) for _, clauses in found for clause in clauses),
        on=on,
        cited={
            citation(row.document_number, clause.place): clause.id
            for row, clauses in found
            for clause in clauses
            if clause.id in offered
        },
    )


def sector_of(session: Session, enterprise_id: int | None) -> str:
    """Return an enterprise's sector, empty when it is not known."""
    return session.scalar(select(col(Organisation.sector)).where(col(Organisation.id) == enterprise_id)) or ""


def _groups(
    found: list[tuple[CriteriaVersion, list[CriteriaClause]]], wanted: Wanted
) -> Iterator[tuple[str, tuple[tuple[int, str], ...]]]:
    room = MOST_OFFERED
    for row, clauses in found:
        for part in dict.fromkeys(clause.part for clause in clauses):
            these = [clause for clause in clauses if clause.part == part and wanted.matches(clause)][:room]
            room -= len(these)
            if these:
                label = f"{row.document_number} {part}".strip()
                yield label, tuple((clause.id, f"{clause.place} {clause.words}") for clause in these)


def _version_lines(session: Session) -> dict[str, list[VersionLine]]:
    counted = (
        select(
            col(CriteriaVersion.document_number),
            col(CriteriaVersion.id),
            col(CriteriaVersion.version),
            func.count(col(CriteriaClause.id)),
            col(CriteriaVersion.imported_at),
            col(Person.name),
        )
        .join(Person, col(Person.id) == col(CriteriaVersion.imported_by_id))
        .outerjoin(CriteriaClause, col(CriteriaClause.version_id) == col(CriteriaVersion.id))
        .group_by(col(CriteriaVersion.id), col(Person.name))
        .order_by(col(CriteriaVersion.version).desc())
    )
    lines: dict[str, list[VersionLine]] = {}
    for number, *line in session.execute(counted):
        lines.setdefault(number, []).append(VersionLine(*line))
    return lines


def _heads(session: Session) -> list[SetHead]:
    """Return the newest head of every set: the imported over the shipped one."""
    return list((_known() | {row.document_number: head_of(row) for row in newest_versions(session)}).values())


def _known() -> dict[str, SetHead]:
    return {
        number: SetHead(
            number, found.title, found.issued_on, found.in_force_on, found.ended_on, found.sectors, found.parts
        )
        for number, found in shelf.criteria_sets().items()
    }


def head_of(row: CriteriaVersion) -> SetHead:
    """Return a version's head as its sheet was imported under it."""
    return SetHead(
        row.document_number,
        row.title,
        row.issued_on,
        row.in_force_on,
        row.ended_on,
        tuple(row.sectors),
        tuple(row.parts),
    )


def _card(head: SetHead, versions: tuple[VersionLine, ...], today: date) -> SetCard:
    return SetCard(head, versions, _why_not(head, today))


def _why_not(head: SetHead, on: date) -> str:
    return why_not_in_force(on, starts=head.in_force_on, ends=head.ended_on)
