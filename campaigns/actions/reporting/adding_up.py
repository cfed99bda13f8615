"""The statements of a roll-up: what an organisation's own rows say, and what its lower levels' sealed reports add.

Every function takes the reports to work on as conditions on `Report` and writes `*_computed` of their cells; what people typed
is never touched. The same arithmetic over values stands in rules/reporting/indicators.py, which the tests recount with.
"""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    distinct,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.actions.reporting.blanks import SPAN, Blanks, Which
from campaigns.actions.reporting.putting import put, put_first, without_cells
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.rules.states import ReportState
from campaigns.store.aside import Dropped, LaidAside
from campaigns.store.database import dialect_of
from campaigns.store.reporting.evidence import ENTERPRISE, enterprises, tallies
from campaigns.store.reporting.reports import Report, ReportCell, ReportMember

Atoms: TypeAlias = tuple[Atom, ...]
MANY = 200
"""Reports from which PostgreSQL, told their ids, lays what it counts aside first, with several processes at once."""


def month_of(cell: Any) -> Any:
    """Return a cell's 当月 as it is reported: what a person typed, else what rows say."""
    return func.coalesce(cell.month_reported, cell.month_computed)


def total_of(cell: Any) -> Any:
    """Return a cell's 累计 as it is reported."""
    return func.coalesce(cell.total_reported, cell.total_computed)


def own_figures(session: Session, form: ReportForm, which: Which, blanks: Blanks) -> None:
    """Count every 自动 cell from rows, one pass over each register; typed cells come into being blank."""
    write = put_first if without_cells(session, which, blanks) else put
    aside = len(blanks.taken_ids) >= MANY
    for statement in _own_figures(form.atoms, which, dialect_of(session), write, aside):
        blanks.fill(session, statement)


@lru_cache(maxsize=64)
def _own_figures(
    atoms: Atoms, which: Which, dialect: str, write: Callable[[str, Any], Any], aside: bool
) -> tuple[Any, ...]:
    parts: dict[str, list[tuple[Any, Any]]] = {}
    counts: Select[Any] = select(col(Report.id).label("report_id")).select_from(Report).where(*which)
    for number, (tally, codes) in enumerate(tallies(SPAN, atoms, *which)):
        register = _once(tally, f"register_{number}")
        counts = counts.outerjoin(register, register.c.report_id == col(Report.id))
        for place, code in enumerate(codes):
            parts.setdefault(code, []).append((register.c[f"month_{place}"], register.c[f"total_{place}"]))
    for place, figures in enumerate(parts.values()):
        month, total = (_together(column) for column in zip(*figures, strict=True))
        counts = counts.add_columns(month.label(f"month_{place}"), total.label(f"total_{place}"))
    if not aside:
        return (write(dialect, _one_row_per_atom(atoms, _once(counts, "counts"), list(parts))),)
    laid = LaidAside("counts_aside", counts)
    return laid, write(dialect, _one_row_per_atom(atoms, laid.rows, list(parts))), Dropped(laid.name)


def _once(part: Select[Any], name: str) -> Any:
    """Name a part of a statement that is worked out once: inside a loop over reports PostgreSQL would do it for each."""
    return part.cte(name).prefix_with("MATERIALIZED")


def _one_row_per_atom(atoms: Atoms, counts: Any, codes: list[str]) -> Any:
    """Turn one wide row per report into one per atom; what nobody counts stands blank."""
    blank = [atom.code for atom in atoms if atom.code not in codes]
    unknown, rows = cast(null(), BigInteger), []
    if codes:
        counted = _numbered(codes)
        month, total = (
            case({place: counts.c[f"{name}_{place}"] for place in range(len(codes))}, value=counted.c.place)
            for name in ("month", "total")
        )
        rows.append(select(counts.c.report_id, counted.c.atom, month, total, literal("")).join(counted, true()))
    if blank:
        typed = _numbered(blank)
        rows.append(select(counts.c.report_id, typed.c.atom, unknown, unknown, literal("")).join(typed, true()))
    return union_all(*rows)


def _numbered(codes: Collection[str]) -> Any:
    places = (select(literal(n).label("place"), literal(code).label("atom")) for n, code in enumerate(codes))
    return union_all(*places).subquery()


def add_lower_levels(session: Session, form: ReportForm, which: Which, blanks: Blanks) -> None:
    """Add the sealed reports of the level below, if there are any, to the own figures, each unit in its own way."""
    if not blanks.fill(session, _anything_below(which)).scalar():
        return
    for statement in _lower_levels(form.atoms, which, dialect_of(session)):
        blanks.fill(session, statement)


@lru_cache(maxsize=64)
def _lower_levels(atoms: Atoms, which: Which, dialect: str) -> tuple[Any, ...]:
    ways: dict[str, list[str]] = {}
    for atom in atoms:
        ways.setdefault(atom.rollup, []).append(atom.code)
    added = [
        add(which, ways[way]) for way, add in (("合计", _summed), ("任一", _any), ("最新", _latest)) if way in ways
    ]
    united = [_united(atoms, which, ways["去重"])] if "去重" in ways else []
    return tuple(put(dialect, cells) for cells in (*added, *united))


@lru_cache(maxsize=8)
def _anything_below(which: Which) -> Any:
    child = aliased(Report)
    return select(exists().where(*_sealed_under(child, which)))


def sealed_below(parent: Any, child: Any) -> ColumnElement[bool]:
    """Return the condition that one report is a sealed one of the level right below another."""
    return and_(child.parent_id == parent.id, child.state == ReportState.ACCEPTED)


def _together(parts: Iterable[Any]) -> Any:
    return sum((func.coalesce(part, 0) for part in parts), literal(0))


def _summed(which: Which, codes: Collection[str]) -> Select[Any]:
    return _with_own(_below(which, codes, func.sum), _added)


def _any(which: Which, codes: Collection[str]) -> Select[Any]:
    return _with_own(_below(which, codes, func.max), _larger)


def _below(which: Which, codes: Collection[str], together: Callable[[Any], Any]) -> Any:
    """Put the cells of the sealed reports of the level below together: one row per superior's report and atom."""
    child, theirs = aliased(Report), aliased(ReportCell)
    columns: tuple[Any, ...] = (
        col(child.parent_id).label("report_id"),
        col(theirs.atom).label("atom"),
        together(month_of(theirs)).label("month"),
        together(total_of(theirs)).label("total"),
    )
    return (
        select(*columns)
        .join(theirs, col(theirs.report_id) == col(child.id))
        .where(*_sealed_under(child, which), col(theirs.atom).in_(codes))
        .group_by(col(child.parent_id), col(theirs.atom))
        .subquery()
    )


def _sealed_under(child: Any, which: Which) -> Which:
    return child.state == ReportState.ACCEPTED, child.parent_id.in_(select(col(Report.id)).where(*which))


def _with_own(below: Any, put: Callable[[Any, Any], Any]) -> Select[Any]:
    """Put what came from below together with what the superior's own rows say."""
    own = aliased(ReportCell)
    return select(
        below.c.report_id,
        below.c.atom,
        put(own.month_computed, below.c.month),
        put(own.total_computed, below.c.total),
        literal(""),
    ).join(own, and_(own.report_id == below.c.report_id, own.atom == below.c.atom))


def _added(mine: Any, theirs: Any) -> Any:
    nobody = and_(mine.is_(None), theirs.is_(None))
    return case((nobody, None), else_=cast(func.coalesce(mine, 0) + func.coalesce(theirs, 0), BigInteger))


def _larger(mine: Any, theirs: Any) -> Any:
    return case((or_(mine.is_(None), theirs > mine), theirs), else_=mine)


def _latest(which: Which, codes: Collection[str]) -> Select[Any]:
    own, child = aliased(ReportCell), aliased(Report)

    def last(of: Any, mine: Any) -> Any:
        sealed, theirs = aliased(Report), aliased(ReportCell)
        newest = (
            select(of(theirs))
            .join(sealed, col(sealed.id) == theirs.report_id)
            .where(sealed_below(Report, sealed), col(theirs.atom) == col(own.atom), of(theirs).is_not(None))
            .order_by(col(sealed.filed_at).desc(), col(sealed.id).desc())
            .limit(1)
            .correlate(Report, own)
            .scalar_subquery()
        )
        return func.coalesce(newest, mine)

    columns: tuple[Any, ...] = (
        col(Report.id),
        col(own.atom),
        last(month_of, own.month_computed),
        last(total_of, own.total_computed),
        literal(""),
    )
    return (
        select(*columns)
        .join(own, col(own.report_id) == col(Report.id))
        .where(*which, col(own.atom).in_(codes), exists().where(sealed_below(Report, child)))
    )


def _united(atoms: Atoms, which: Which, codes: Collection[str]) -> Select[Any]:
    """家 of a superior: the union of the enterprises behind it, and what lower levels reported above their lists."""
    own = aliased(ReportCell)
    named = _once(_named_enterprises(atoms, which, codes), "named")
    unlisted = _unlisted(which, codes)

    def figure(mine: Any, name: str) -> Any:
        everybody = func.coalesce(named.c[name], 0) + func.coalesce(unlisted.c[name], 0)
        nobody_said = and_(mine.is_(None), unlisted.c[name].is_(None))
        return case((nobody_said, None), (everybody < 0, 0), else_=cast(everybody, BigInteger))

    month, total = figure(own.month_computed, "month"), figure(own.total_computed, "total")
    rows: Select[Any] = select(unlisted.c.report_id, unlisted.c.atom, month, total, literal(""))
    return rows.join(own, and_(own.report_id == unlisted.c.report_id, own.atom == unlisted.c.atom)).outerjoin(
        named, and_(named.c.report_id == unlisted.c.report_id, named.c.atom == unlisted.c.atom)
    )


def _unlisted(which: Which, codes: Collection[str]) -> Any:
    """By how much the reports below exceed the lists that they froze: one row per superior's report and atom."""
    child, theirs = aliased(Report), aliased(ReportCell)
    listed = _once(_list_sizes(which, codes), "listed")
    month = func.sum(month_of(theirs) - func.coalesce(listed.c.month, 0))
    total = func.sum(total_of(theirs) - func.coalesce(listed.c.total, 0))
    atom = col(theirs.atom)
    return (
        select(col(child.parent_id).label("report_id"), atom.label("atom"), month.label("month"), total.label("total"))
        .join(theirs, col(theirs.report_id) == col(child.id))
        .outerjoin(listed, and_(listed.c.report_id == col(child.id), listed.c.atom == theirs.atom))
        .where(*_sealed_under(child, which), atom.in_(codes))
        .group_by(col(child.parent_id), atom)
        .subquery()
    )


def listed_below(*which: Any) -> Select[Any]:
    """Name the enterprises that the reports below froze behind each 家: (report_id, atom, enterprise_id, in_month)."""
    child, member = aliased(Report), ReportMember
    named: tuple[Any, ...] = (col(member.atom), col(member.row_id).label("enterprise_id"), col(member.in_month))
    return (
        select(col(Report.id).label("report_id"), *named)
        .select_from(Report)
        .join(child, sealed_below(Report, child))
        .join(member, and_(col(member.report_id) == child.id, col(member.kind) == ENTERPRISE))
        .where(*which)
    )


def _named_enterprises(atoms: Atoms, which: Which, codes: Collection[str]) -> Select[Any]:
    """Name everybody behind each 家: in the lists of the reports below, and in the own rows of who adds such reports up."""
    theirs = listed_below(*which, col(ReportMember.atom).in_(codes))
    summing_up = exists().where(sealed_below(Report, aliased(Report)))
    own = enterprises(SPAN, (atom for atom in atoms if atom.code in codes), *which, summing_up)
    everybody = union_all(*own, theirs).subquery()
    return _sizes(everybody.c.report_id, everybody.c.atom, everybody.c.enterprise_id, everybody.c.in_month)


def _list_sizes(which: Which, codes: Collection[str]) -> Select[Any]:
    """How many enterprises each report below froze behind each 家; a report names an enterprise once."""
    child, member = aliased(Report), ReportMember
    below = select(col(child.id)).where(*_sealed_under(child, which))
    month, total = func.count(case((col(member.in_month).is_(True), 1))), func.count()
    columns: tuple[Any, ...] = (col(member.report_id), col(member.atom), month.label("month"), total.label("total"))
    of_enterprises = col(member.kind) == ENTERPRISE, col(member.report_id).in_(below), col(member.atom).in_(codes)
    return select(*columns).where(*of_enterprises).group_by(col(member.report_id), col(member.atom))


def _sizes(report_id: Any, atom: Any, enterprise_id: Any, in_month: Any) -> Select[Any]:
    month = func.count(distinct(case((in_month.is_(True), enterprise_id))))
    total = func.count(distinct(enterprise_id))
    columns = (report_id.label("report_id"), atom.label("atom"), month.label("month"), total.label("total"))
    return select(*columns).group_by(report_id, atom)
