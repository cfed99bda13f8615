"""负担 of a launch: what it adds to each enterprise's month, and which of its duties other running campaigns cover already.

Set-based: one pass over the tasks of the enterprises it is about, one over the tasks of the lines that cover something, and
sums in memory over (enterprise, month).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, extract, func, or_, select
from sqlmodel import Session, col

from campaigns.actions.launch.drafts import Prepared
from campaigns.definition import library
from campaigns.rules.dates.plan import Occurrence
from campaigns.rules.states import CampaignState, TaskState
from campaigns.rules.work.burden import Heaviest, MonthLoad, heaviest, loads, month_of
from campaigns.rules.work.filling import blank
from campaigns.rules.work.sharing import Likeness, Wanted, fingerprint, lacking, last_day, likeness, pairs, rhythm
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence
from campaigns.store.campaign.rosters import Manner, members
from campaigns.store.directory.regions import Organisation
from campaigns.store.work.sharing import wanted_of
from campaigns.store.work.tasks import Task

NEW = 0
"""The campaign id that the draft compares under."""
SHOWN_NAMES = 20
Doing = Mapping[Manner, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Covered:
    """One duty of the draft that a running campaign's duty covers: for how many of its enterprises, and how many entries."""

    duty: str
    title: str
    by_campaign: str
    by_title: str
    likeness: Likeness
    enterprises: int
    of: int
    entries: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Burden:
    """What a launch asks of the enterprises. `heaviest` is the one with the fullest month, `named` its name."""

    enterprises: int
    months: tuple[MonthLoad, ...]
    heaviest: Heaviest | None
    named: str
    covered: tuple[Covered, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """A line of the draft that a line of a running campaign covers."""

    line: int
    occurrence_id: int
    by: PlannedOccurrence
    likeness: Likeness


def burden(session: Session, ready: Prepared, doing: Doing) -> Burden:
    """Count the burden of a draft: `doing` says how many tasks a line of each manner gives whom."""
    lines = [line for line in ready.plan.occurrences if _is_entry(ready, line)]
    enterprises = sorted({one for line in lines for one in doing[_manner(line)]})
    if not enterprises:
        return Burden(0, (), None, "", ())
    theirs = _theirs(ready, lines)
    months = _months(lines)
    before = _before(session, theirs, months)
    new = _added(lines, doing)
    matches = _matches(session, ready, lines, theirs)
    covering = _covering(session, matches, lines, doing)
    spared = Counter((one, month_of(lines[line].due_on)) for line, ones in _by_line(covering).items() for one in ones)
    fullest = heaviest(before, new, spared)
    return Burden(
        enterprises=len(enterprises),
        months=tuple(loads(enterprises, months, before, new, spared)),
        heaviest=fullest,
        named=session.get_one(Organisation, fullest.enterprise_id).name if fullest else "",
        covered=tuple(_covered(session, covering, lines, doing)),
    )


def _manner(line: Occurrence) -> Manner:
    return Manner(line.audience, line.per, line.reviewer)


def _is_entry(ready: Prepared, line: Occurrence) -> bool:
    return line.audience in ready.definition.audiences and line.per is None and line.required and not line.report


def _theirs(ready: Prepared, lines: Sequence[Occurrence]) -> ColumnElement[bool]:
    """Return the condition on Task that its doer is an enterprise of the draft."""
    names = dict.fromkeys(line.audience for line in lines)
    chosen = (members(ready.definition, name, ready.home, ready.today) for name in names)
    return or_(*(col(Task.organisation_id).in_(one) for one in chosen))


def _months(lines: Sequence[Occurrence]) -> list[date]:
    return sorted({month_of(line.due_on) for line in lines})


def _owed() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Task.state).not_in((TaskState.WITHDRAWN, TaskState.WAIVED)),
        col(Campaign.state) == CampaignState.RUNNING,
        col(PlannedOccurrence.required).is_(True),
        col(PlannedOccurrence.event_driven).is_(False),
        col(PlannedOccurrence.report).is_(None),
    )


def _before(session: Session, theirs: ColumnElement[bool], months: Sequence[date]) -> dict[tuple[int, date], int]:
    """Count what the running campaigns ask of the draft's enterprises, month by month."""
    first, last = months[0], months[-1].replace(day=28)
    year, month = extract("year", col(PlannedOccurrence.due_on)), extract("month", col(PlannedOccurrence.due_on))
    planned = (
        select(col(PlannedOccurrence.id), year.label("year"), month.label("month"))
        .join(Campaign, col(Campaign.id) == col(PlannedOccurrence.campaign_id))
        .where(*_owed()[1:], col(PlannedOccurrence.due_on) >= first)
        .where((year * 12 + month) <= last.year * 12 + last.month)
        .subquery()
    )
    counted = (
        select(col(Task.organisation_id), planned.c.year, planned.c.month, func.count())
        .join(planned, planned.c.id == col(Task.occurrence_id))
        .where(theirs, _owed()[0], col(Task.subject_id) == col(Task.organisation_id))
        .group_by(col(Task.organisation_id), planned.c.year, planned.c.month)
    )
    return {(one, date(int(y), int(m), 1)): count for one, y, m, count in session.execute(counted).tuples()}


def _added(lines: Sequence[Occurrence], doing: Doing) -> Counter[tuple[int, date]]:
    times = Counter((_manner(line), month_of(line.due_on)) for line in lines)
    added = Counter[tuple[int, date]]()
    for (manner, month), count in times.items():
        for one in doing[manner]:
            added[one, month] += count
    return added


def _matches(
    session: Session, ready: Prepared, lines: Sequence[Occurrence], theirs: ColumnElement[bool]
) -> list[_Match]:
    """Pair the draft's lines with those of running campaigns that the same record does for (rules/work/sharing)."""
    own = _by_duty(enumerate(lines))
    found = []
    for old in _running(session, {line.form for line in lines}, theirs):
        pattern = wanted_of(session, old[0])
        wanted = [replace(pattern, opens_on=one.opens_on, closes_on=last_day(one.period)) for one in old]
        for places in own.values():
            new = [_wanted(ready, lines, lines[place]) for place in places]
            like = likeness(new[0], pattern)
            if like is None or (lacking(new[0], pattern) and lacking(pattern, new[0])):
                continue
            found += [_Match(places[n], old[o].id, old[o], like) for n, o in pairs(new, wanted)]
    return found


def _by_duty(lines: Iterator[tuple[int, Occurrence]] | enumerate[Occurrence]) -> dict[str, list[int]]:
    grouped: dict[str, list[int]] = defaultdict(list)
    for place, line in lines:
        grouped[line.duty].append(place)
    return grouped


def _wanted(ready: Prepared, lines: Sequence[Occurrence], line: Occurrence) -> Wanted:
    form = library.form(ready.definition, line.form)
    beat = rhythm(line.period, event_driven=line.event_driven)
    others = (
        other for other in ready.lines if other.duty != line.duty and other.form == line.form and not other.report
    )
    return Wanted(
        campaign_id=NEW,
        title=line.title,
        rhythm=beat,
        form=line.form or "",
        blanks=fingerprint(form),
        asks=frozenset(field.title for field in blank(form, line.evidence).fields),
        evidence=line.evidence,
        sole=all(rhythm(other.period, event_driven=other.event_driven) is not beat for other in others),
        opens_on=line.opens_on,
        closes_on=last_day(line.period),
    )


def _running(
    session: Session, forms: set[str | None], theirs: ColumnElement[bool]
) -> Iterator[list[PlannedOccurrence]]:
    """Yield the lines of each duty on these forms, of the running campaigns that have tasks for the draft's enterprises."""
    named = [col(PlannedOccurrence.form).in_(forms - {None})]
    if None in forms:
        named.append(col(PlannedOccurrence.form).is_(None))
    busy = select(col(Task.id)).where(col(Task.occurrence_id) == col(PlannedOccurrence.id), theirs).exists()
    found = (
        select(PlannedOccurrence)
        .join(Campaign, col(Campaign.id) == col(PlannedOccurrence.campaign_id))
        .where(*_owed()[1:], or_(*named), col(PlannedOccurrence.per).is_(None), busy)
        .order_by(col(PlannedOccurrence.campaign_id), col(PlannedOccurrence.duty), col(PlannedOccurrence.due_at))
    )
    grouped: dict[tuple[int, str], list[PlannedOccurrence]] = defaultdict(list)
    for line in session.scalars(found):
        grouped[line.campaign_id, line.duty].append(line)
    yield from grouped.values()


def _covering(
    session: Session, matches: Sequence[_Match], lines: Sequence[Occurrence], doing: Doing
) -> list[tuple[_Match, set[int]]]:
    """Return, with each match, the enterprises that have both tasks."""
    ids = {match.occurrence_id for match in matches}
    rows = select(col(Task.occurrence_id), col(Task.organisation_id)).where(
        col(Task.occurrence_id).in_(ids), col(Task.subject_id) == col(Task.organisation_id), _owed()[0]
    )
    has: dict[int, set[int]] = defaultdict(set)
    for occurrence_id, one in session.execute(rows).tuples() if ids else ():
        has[occurrence_id].add(one)
    return [
        (match, both)
        for match in matches
        if (both := has[match.occurrence_id] & doing[_manner(lines[match.line])].keys())
    ]


def _by_line(covering: Sequence[tuple[_Match, set[int]]]) -> dict[int, set[int]]:
    """An entry that two campaigns cover is spared once; one that is only perhaps the same paper is not counted on."""
    both: dict[int, set[int]] = defaultdict(set)
    for match, ones in covering:
        if match.likeness.is_sure:
            both[match.line] |= ones
    return both


def _covered(
    session: Session, covering: Sequence[tuple[_Match, set[int]]], lines: Sequence[Occurrence], doing: Doing
) -> Iterator[Covered]:
    grouped: dict[tuple[str, int, str], list[tuple[_Match, set[int]]]] = defaultdict(list)
    for match, ones in covering:
        grouped[lines[match.line].duty, match.by.campaign_id, match.by.duty].append((match, ones))
    for (duty, campaign_id, _), found in grouped.items():
        match, line = found[0][0], lines[found[0][0].line]
        everybody = set[int]().union(*(ones for _, ones in found))
        names = select(col(Organisation.name)).where(col(Organisation.id).in_(sorted(everybody)[:SHOWN_NAMES]))
        yield Covered(
            duty=duty,
            title=line.title,
            by_campaign=session.get_one(Campaign, campaign_id).title,
            by_title=match.by.title,
            likeness=match.likeness,
            enterprises=len(everybody),
            of=len(doing[_manner(line)]),
            entries=sum(len(ones) for _, ones in found),
            first=tuple(session.scalars(names.order_by(col(Organisation.id)))),
        )
