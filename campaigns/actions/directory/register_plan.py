"""The dry run of a register import: which rows are new, changed, unchanged or wrong, and why. Changes nothing."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlmodel import Session

from campaigns.definition.library import selected_by
from campaigns.errors import Forbidden
from campaigns.rules.directory.new_status import status_inferred, with_status
from campaigns.rules.directory.register import (
    SELECTED_BY,
    Line,
    Problem,
    RegisterSheet,
    cell_of,
    read_lines,
    strange_words,
)
from campaigns.rules.permissions import Actor, OrganisationKind, Permission
from campaigns.rules.states import Stated
from campaigns.store.directory.register import (
    COLUMNS,
    Enterprise,
    codes_elsewhere,
    enterprises_in,
    regions_below,
    town_names,
)
from campaigns.store.scope import check_relation

_SUGGESTED = 6


class Outcome(Stated):
    """What an import does with a row."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    UNCHANGED = "unchanged", "无变化"
    IN_ERROR = "in_error", "有错误，不导入"


@dataclass(frozen=True, slots=True)
class Change:
    """One column that moves: its name in the register (or the attribute's), before and after."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What happens to one row of the sheet."""

    line: Line
    outcome: Outcome
    region_id: int
    enterprise_id: int | None = None
    changes: tuple[Change, ...] = ()
    inferred: bool = False
    """Whether its 状态 is inferred: a new enterprise of which the sheet does not say it."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The dry run: every row with its outcome, every problem at its cell, and the fingerprint to confirm with."""

    sheet: RegisterSheet
    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]
    fingerprint: str

    def rows_with(self, outcome: Outcome) -> tuple[PlannedRow, ...]:
        """Return the rows of one outcome."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome."""
        return {outcome: len(self.rows_with(outcome)) for outcome in Outcome}


def plan_import(session: Session, *, sheet: RegisterSheet, sha256: str, by: Actor) -> ImportPlan:
    """Return what importing the sheet would do now; `sha256` is of the uploaded file."""
    check_relation(session, by, Permission.MANAGE_REGISTER, by.organisation_id)
    if by.organisation_kind is not OrganisationKind.BUREAU:
        raise Forbidden("只有应急管理局可以导入企业名册。", kept="名册没有改动。")
    lines, problems = read_lines(sheet)
    known = _Known(session, by, sheet, lines)
    of_rows = (problem for line in lines for problem in known.problems(line))
    wrong = sorted([*problems, *of_rows, *strange_words(sheet, lines, known.words)], key=_place)
    blocked = {_place(problem)[0] for problem in wrong if problem.blocking}
    rows = tuple(known.planned(line, in_error=line.number in blocked) for line in lines)
    inferred = [row.line.number for row in rows if row.inferred]
    wrong = sorted([*wrong, *status_inferred(sheet, inferred)], key=_place)
    return ImportPlan(sheet, rows, tuple(wrong), _fingerprint(sha256, rows))


def _place(problem: Problem) -> tuple[int, str]:
    """Return row and column, so that problems are told in the order of the sheet."""
    letters = problem.cell.rstrip("0123456789")
    return int(problem.cell.removeprefix(letters)), letters


class _Known:
    """The enterprises and places in sight. An enterprise is found by code, or by name when either side has no code."""

    def __init__(self, session: Session, by: Actor, sheet: RegisterSheet, lines: Sequence[Line]) -> None:
        enterprises = enterprises_in(session, by)
        self._by_code = {one.values["credit_code"]: one for one in enterprises if one.values["credit_code"]}
        self._by_name = {one.values["name"]: one for one in enterprises}
        self._places, self._home, self._sheet = regions_below(session, by), by.region_id or 0, sheet
        self._towns = town_names(session, by)
        codes = (line.values.get("credit_code") for line in lines)
        selected = selected_by()
        self.words = {
            name: selected[name] | {str(one.values[name]) for one in enterprises} - {""} for name in SELECTED_BY
        }
        self._elsewhere = codes_elsewhere(session, by, {code for code in codes if code})

    def problems(self, line: Line) -> Iterator[Problem]:
        """Yield what only the register knows to be wrong: an unknown place, a code that is somebody else's."""
        place, code = line.values.get("region"), line.values.get("credit_code")
        if place and place not in self._places:
            some = "、".join(self._towns[:_SUGGESTED])
            yield self._problem(line, "region", f"本辖区没有“{place[:20]}”，或有重名。", f"请写全称，如：{some}。")
        if code in self._elsewhere:
            advice = "请核对代码；确需由本局监管的，请报上级应急管理局办理变更。"
            yield self._problem(line, "credit_code", "这个信用代码不能登记在本辖区。", advice)

    def planned(self, line: Line, *, in_error: bool) -> PlannedRow:
        """Return what happens to a row."""
        found = self._find(line)
        enterprise_id = found.id if found else None
        if in_error:
            return PlannedRow(line, Outcome.IN_ERROR, self._home, enterprise_id)
        region_id = self._places.get(line.values.get("region") or "") or (found.region_id if found else self._home)
        if found is None:
            told, inferred = with_status(line)
            return PlannedRow(told, Outcome.NEW, region_id, inferred=inferred)
        changes = tuple(_changes(line, found, region_id))
        return PlannedRow(line, Outcome.CHANGED if changes else Outcome.UNCHANGED, region_id, enterprise_id, changes)

    def _find(self, line: Line) -> Enterprise | None:
        code = line.values.get("credit_code")
        if code and code in self._by_code:
            return self._by_code[code]
        found = self._by_name.get(line.name)
        return None if found is None or (code and found.values["credit_code"]) else found

    def _problem(self, line: Line, column: str, sentence: str, advice: str) -> Problem:
        return Problem(self._sheet.name, cell_of(self._sheet, column, line.number), sentence, advice)


def _changes(line: Line, found: Enterprise, region_id: int) -> Iterator[Change]:
    for name in COLUMNS:
        after, before = line.values.get(name), found.values[name]
        if after and after != before:  # an empty cell says nothing; it does not erase what is known
            yield Change(name, before or "", after)
    if region_id != found.region_id:
        yield Change("region", found.region, line.values.get("region") or "")
    for name, value in line.traits.items():
        known = found.traits.get(name, False)
        if (value or known) and _trait_words(value) != _trait_words(known):
            yield Change(name, _trait_words(known), _trait_words(value))


def _trait_words(value: int | bool) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def _fingerprint(sha256: str, rows: Sequence[PlannedRow]) -> str:
    said: list[Mapping[str, object] | list[object]] = [
        [
            row.line.number,
            row.outcome,
            row.region_id,
            row.enterprise_id,
            [(c.column, c.before, c.after) for c in row.changes],
        ]
        for row in rows
    ]
    return hashlib.sha256(orjson.dumps([sha256, said])).hexdigest()
