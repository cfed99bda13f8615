"""The dry run of importing an old hazard ledger: what would be registered, is known already, or is wrong. Changes nothing."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import orjson
from sqlmodel import Session

from campaigns.clock import local_date
from campaigns.errors import Forbidden
from campaigns.rules.directory.register import Problem, RegisterSheet, cell_of
from campaigns.rules.hazards.import_names import Names
from campaigns.rules.hazards.import_rows import OldHazard, read_rows
from campaigns.rules.permissions import Actor, Permission, check_somewhere
from campaigns.rules.states import HazardState, Stated
from campaigns.store.hazards.imports import Known, known_enterprises, place_words, registered_hazards

MOST_UNKNOWN = 50


class Outcome(Stated):
    """What an import does with a row."""

    NEW = "new", "登记"
    KNOWN = "known", "已在台账"
    IN_ERROR = "in_error", "有错误，不导入"


@dataclass(frozen=True, slots=True)
class PlannedHazard:
    """What happens to one row; `number` is of the hazard that is registered already.

    `meant` is the enterprise's name as it is registered, where the ledger writes it differently.
    """

    hazard: OldHazard
    outcome: Outcome
    enterprise_id: int = 0
    number: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that no enterprise in sight has: on how many rows it stands, and whom it could mean."""

    name: str
    rows: int
    suggestions: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class HazardImportPlan:
    """The dry run. `in_error` counts rows that stay out, `unnamed` how many names more than the listed ones are unknown."""

    sheet: RegisterSheet
    rows: tuple[PlannedHazard, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[Unknown, ...]
    unnamed: int
    in_error: int
    passed_over: int
    fingerprint: str
    states: Mapping[HazardState, int] = field(default_factory=dict)

    def rows_with(self, outcome: Outcome) -> tuple[PlannedHazard, ...]:
        """Return the rows of one outcome."""
        return tuple(row for row in self.rows if row.outcome is outcome)


def check_may_import(actor: Actor) -> None:
    """Raise unless the actor is an official who registers hazards: an enterprise's own finds are registered as they are found.

    What an old ledger says about 自查 decides a penalty (004 五（二）3), so nobody may say it about himself afterwards.
    """
    check_somewhere(actor, Permission.REGISTER_HAZARD)
    if not actor.is_regulator:
        advice = "企业自查的隐患请逐项登记；以前的台账请交监管部门导入。"
        raise Forbidden("历史台账由监管部门导入。", kept="没有登记任何隐患。", advice=advice)


def plan_import(
    session: Session,
    *,
    sheet: RegisterSheet,
    sha256: str,
    year: int,
    chosen: Mapping[str, int],
    by: Actor,
    now: datetime,
) -> HazardImportPlan:
    """Return what importing the sheet would do now.

    `sha256` is of the uploaded file, `year` stands in for dates without one, `chosen` are names that a person has matched.
    """
    check_may_import(by)
    read = read_rows(sheet, year=year, today=local_date(now))
    desk = _Desk(session, by, sheet, chosen)
    places = [(hazard, desk.enterprise(hazard)) for hazard in read.hazards]
    rows = tuple(desk.planned(read.hazards, places, session))
    problems = tuple(sorted([*read.problems, *desk.problems], key=_place))
    wrong = {_place(problem)[0] for problem in problems if problem.blocking}
    unknown = desk.unknown()
    said = [sha256, sheet.name, [(row.hazard.number, row.outcome, row.enterprise_id, row.hazard) for row in rows]]
    return HazardImportPlan(
        sheet,
        rows,
        problems,
        tuple(unknown[:MOST_UNKNOWN]),
        max(len(unknown) - MOST_UNKNOWN, 0),
        len(wrong),
        read.passed_over,
        hashlib.sha256(orjson.dumps(said)).hexdigest(),
        Counter(row.hazard.state for row in rows if row.outcome is Outcome.NEW),
    )


def _place(problem: Problem) -> tuple[int, str]:
    letters = problem.cell.rstrip("0123456789")
    return int(problem.cell.removeprefix(letters)), letters


def same_words(text: str) -> str:
    """Return words without blanks and signs, so that a double is recognised however it was typed."""
    return re.sub(r"[\W_]", "", text)


class _Desk:
    """The enterprises that rows may name, what is registered about them, and what is wrong with a row because of either."""

    def __init__(self, session: Session, by: Actor, sheet: RegisterSheet, chosen: Mapping[str, int]) -> None:
        self._known: dict[int, Known] = {one.id: one for one in known_enterprises(session, by)}
        self._names = Names(((one.id, one.name) for one in self._known.values()), place_words(session, by))
        self._sheet, self._chosen = sheet, chosen
        self._found: dict[str, int | None] = {}
        self._nameless: Counter[str] = Counter()
        self.problems: list[Problem] = []

    def enterprise(self, hazard: OldHazard) -> int:
        """Return whose hazard a row is; 0 when it cannot be imported here, and why stands among the problems."""
        name = hazard.enterprise
        if name not in self._found:
            chosen = self._chosen.get(name)
            self._found[name] = chosen if chosen in self._known else self._names.find(name)
        known = self._known.get(self._found[name] or 0)
        if known is None:
            self._nameless[name] += 1
            return self._refuse(
                hazard, f"名册里没有“{name[:30]}”，或有几家相像。", "请在预览里选是哪家，或先登记到企业名册。"
            )
        if not known.supervised:
            return self._refuse(hazard, f"“{known.name}”由{known.bureau or '别的部门'}监管。", "请由它的监管部门导入。")
        if known.closed_on is not None and hazard.state is not HazardState.ARCHIVED:
            return self._refuse(hazard, f"“{known.name}”已登记关闭，不能再登记没有销号的隐患。", "企业恢复后再导入。")
        return known.id

    def planned(
        self, hazards: Iterable[OldHazard], places: Iterable[tuple[OldHazard, int]], session: Session
    ) -> Iterable[PlannedHazard]:
        """Yield what happens to each row."""
        there = self._registered(session, hazards)
        seen: dict[tuple[int, date, str, str], int] = {}
        for hazard, enterprise_id in places:
            title, location = same_words(hazard.title), same_words(hazard.location)
            numbers = there.get((enterprise_id, hazard.found_on, title), {})
            number = numbers.get(location) or (
                next(iter(numbers.values()), "") if not location else numbers.get("", "")
            )
            first = seen.setdefault((enterprise_id, hazard.found_on, title, location), hazard.number)
            if not enterprise_id:
                yield PlannedHazard(hazard, Outcome.IN_ERROR)
            elif number:
                yield PlannedHazard(hazard, Outcome.KNOWN, enterprise_id, number, self._meant(hazard, enterprise_id))
            elif first != hazard.number:
                self._refuse(
                    hazard, f"和第{first}行是同一项隐患。", "只保留一行；不是同一项的，请写清部位。", column="title"
                )
                yield PlannedHazard(hazard, Outcome.IN_ERROR, enterprise_id)
            else:
                yield PlannedHazard(hazard, Outcome.NEW, enterprise_id, meant=self._meant(hazard, enterprise_id))

    def _meant(self, hazard: OldHazard, enterprise_id: int) -> str:
        name = self._known[enterprise_id].name
        return "" if name == hazard.enterprise else name

    def unknown(self) -> list[Unknown]:
        """Return the names that mean nobody, the most frequent first."""
        some = self._nameless.most_common()
        asked = [
            (name, rows, self._names.suggestions(name) if at < MOST_UNKNOWN else [])
            for at, (name, rows) in enumerate(some)
        ]
        return [Unknown(name, rows, tuple(near)) for name, rows, near in asked]

    def _registered(
        self, session: Session, hazards: Iterable[OldHazard]
    ) -> dict[tuple[int, date, str], dict[str, str]]:
        days = [hazard.found_on for hazard in hazards]
        there: dict[tuple[int, date, str], dict[str, str]] = defaultdict(dict)
        if days:
            mine = {id_ for id_ in self._found.values() if id_}
            for id_, day, title, location, number in registered_hazards(session, mine, min(days), max(days)):
                there[id_, day, same_words(title)][same_words(location)] = number
        return there

    def _refuse(self, hazard: OldHazard, sentence: str, advice: str, *, column: str = "enterprise") -> int:
        cell = cell_of(self._sheet, column, hazard.number)
        self.problems.append(Problem(self._sheet.name, cell, sentence, advice))
        return 0
