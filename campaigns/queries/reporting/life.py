"""The life of one report besides its figures: versions and what changed, review, lock, who stands in, and what one may do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col

from campaigns.definition.report_form import Atom, ReportForm
from campaigns.rules.permissions import Actor, Permission, Relation, why_not, why_not_write
from campaigns.rules.reporting.checks import named
from campaigns.rules.reporting.figures import shown
from campaigns.rules.states import OPEN_REPORT_STATES, ReportState
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import Cells, cells_of, month, total
from campaigns.store.reporting.reports import Report, ReportCell
from campaigns.store.scope import decider_id


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it was filed; `report_id` opens it."""

    report_id: int
    version: int
    filed_at: datetime | None
    filed_by: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """A cell whose figure differs from the version before."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Life:
    """Where a report stands. `current_id` is set on an earlier version; `versions` has two or more once it was corrected.

    `reviewed_by` is empty when figures changed since. `stands_in`: the actor would file on its organisation's behalf.
    """

    version: int
    current_id: int | None
    correction: str
    behalf: str
    behalf_by: str
    reviewed_by: str
    unlocked_until: datetime | None
    versions: tuple[Version, ...]
    changes: tuple[Change, ...]
    own: bool
    stands_in: bool
    why_not_fill: str
    why_not_file: str
    why_not_review: str
    why_not_correct: str
    why_not_unlock: str


def life_of(session: Session, report: Report, form: ReportForm, *, actor: Actor, relation: Relation, seen: str) -> Life:
    """Return the life of a report that the actor may see; `seen` is the fingerprint of its figures."""
    versions = _versions(session, report)
    above = decider_id(session, report)
    directly = actor.organisation_id is not None and actor.organisation_id == above
    may_fill = why_not_write(actor, Permission.FILL_REPORT, relation, directly_above=directly)
    may_file = why_not_write(actor, Permission.FILE_REPORT, relation, directly_above=directly)
    own = why_not(actor, Permission.FILL_REPORT, relation)
    return Life(
        version=report.version,
        current_id=report.current_id,
        correction=report.correction,
        behalf=report.behalf,
        behalf_by=_office(session, report.filed_by_id) if report.behalf else "",
        reviewed_by=_name(session, report.reviewed_by_id) if report.reviewed_sha256 == seen else "",
        unlocked_until=report.unlocked_until,
        versions=versions,
        changes=_changes(session, report, form, versions),
        own=report.organisation_id == actor.organisation_id,
        stands_in=directly and report.organisation_id != actor.organisation_id,
        why_not_fill=may_fill or _sealed(report),
        why_not_file=may_file or _sealed(report),
        why_not_review=own or _sealed(report) or _typed_it(session, report, actor),
        why_not_correct=own or _uncorrectable(report, above),
        why_not_unlock=why_not(actor, Permission.DECIDE_REPORT, relation) or _no_unlock(report, directly=directly),
    )


def _versions(session: Session, report: Report) -> tuple[Version, ...]:
    living = report.current_id or report.id
    rows = session.scalars(
        select(Report).where(or_(col(Report.id) == living, col(Report.current_id) == living)).order_by(Report.version)  # type: ignore[arg-type]
    )
    return tuple(Version(r.id, r.version, r.filed_at, _name(session, r.filed_by_id), r.correction) for r in rows)


def _changes(session: Session, report: Report, form: ReportForm, versions: tuple[Version, ...]) -> tuple[Change, ...]:
    before = next((each for each in versions if each.version == report.version - 1), None)
    if before is None:
        return ()
    old, new = cells_of(session, before.report_id), cells_of(session, report.id)
    reported = total if "累计" in form.basis else month
    changes = []
    for atom in form.atoms:
        was, now = (_said(atom, cells, reported(cells.get(atom.code))) for cells in (old, new))
        if was != now:
            changes.append(Change(named(form, atom), was or "空", now or "空"))
    return tuple(changes)


def _said(atom: Atom, cells: Cells, figure: int | None) -> str:
    cell = cells.get(atom.code)
    return (cell.text or "" if cell else "") if atom.worded else shown(atom, figure)


def _name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return "" if person is None else person.name


def _office(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return "" if person is None else session.get_one(Organisation, person.organisation_id).name


def _sealed(report: Report) -> str:
    if report.state in OPEN_REPORT_STATES:
        return ""
    return f"这张表“{ReportState(report.state).label}”，数字已经锁定。"


def _typed_it(session: Session, report: Report, actor: Actor) -> str:
    typed = select(col(ReportCell.atom)).where(col(ReportCell.report_id) == report.id)
    mine = session.scalar(typed.where(col(ReportCell.typed_by_id) == actor.person_id).limit(1))
    return "您填过这张表，请本单位另一位同志审核。" if mine else ""


def _uncorrectable(report: Report, above: int | None) -> str:
    if report.state != ReportState.ACCEPTED:
        return "上级接收以后才谈得上更正。"
    return (
        "" if above is None or report.unlocked_until else "已接收的表需要更正的，要先请上级解锁，上级会写明原因和期限。"
    )


def _no_unlock(report: Report, *, directly: bool) -> str:
    if not directly:
        return "由它的直接上级解锁。"
    return "" if report.state in (*OPEN_REPORT_STATES, ReportState.ACCEPTED) else "现在不用解锁。"
