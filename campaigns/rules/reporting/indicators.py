"""Report arithmetic: adding up organisations, each unit in its own way.

Values are what the store keeps (`ReportCell`): counts as they are, money in 元, 是否 as 0 or 1, a rate (%) in hundredths of
a percent. None is a blank, which is not zero: a blank adds nothing, satisfies no check and breaks none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from campaigns.definition.conditions import formula
from campaigns.definition.expressions import evaluate
from campaigns.definition.report_form import Atom, ReportForm

Figures = Mapping[str, int | None]

RATE_SCALE = 10_000  # 1 = 100%, kept in hundredths of a percent


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one organisation brings to a total: its figures by atom, and who stands behind each 家.

    `members` are row ids. A figure above its list (typed from paper) counts as so many more that nobody can name.
    """

    figures: Figures
    members: Mapping[str, frozenset[int]] = field(default_factory=dict)


def roll_up(form: ReportForm, parts: Sequence[Contribution]) -> Contribution:
    """Add organisations of one period up the tree, oldest filing first (最新 takes the last one that is not blank).

    家 is the union of the enterprises behind it, so that two bureaus inspecting one enterprise count it once.
    """
    figures: dict[str, int | None] = {}
    members: dict[str, frozenset[int]] = {}
    for atom in form.atoms:
        values = [part.figures.get(atom.code) for part in parts]
        lists = [part.members.get(atom.code, frozenset()) for part in parts]
        if any(lists):
            members[atom.code] = frozenset().union(*lists)
        figures[atom.code] = _WAYS[atom.rollup](values, lists)
    return Contribution(recalculated(form, figures), members)


def recalculated(form: ReportForm, figures: Figures) -> dict[str, int | None]:
    """Return the figures with every 计算 cell worked out from the others; a rate over nothing is blank, never zero."""
    results = dict(figures)
    for atom in form.atoms:
        if atom.formula:
            value = evaluate(formula(atom.formula), CellFacts(results, row_of(atom)))
            scale = RATE_SCALE if atom.unit == "%" else 1
            results[atom.code] = None if value is None else rounded(Fraction(value) * scale)
    return results


def row_of(atom: Atom) -> str:
    """Return what stands before a cell's number in a matrix: `2:` of `2:1.1`; nothing in a list of cells."""
    return "".join(atom.code.partition(":")[:2]) if ":" in atom.code else ""


def rounded(value: Fraction) -> int:
    """Round half up, as a bureau does on paper."""
    return int((value * 2 + 1) // 2)


@dataclass(frozen=True, slots=True)
class CellFacts:
    """指标(1.4) of one table (of one `row` of a matrix) for the expressions of 校核 and 算式."""

    figures: Figures
    row: str = ""
    words: Mapping[str, int | None] = field(default_factory=dict)

    def name(self, word: str) -> int | None:
        """Return 本期 or 上期 of the one atom that is looked at."""
        return self.words.get(word)

    def call(self, function: str, argument: str) -> int | None:
        """Return the value of 指标(argument); one that names its row (`2:1.1`) is taken there."""
        code = argument if ":" in argument else self.row + argument
        return self.figures.get(code) if function == "指标" else None


def _known(values: Iterable[int | None]) -> list[int]:
    return [value for value in values if value is not None]


def _sum(values: Sequence[int | None], _: Sequence[frozenset[int]]) -> int | None:
    known = _known(values)
    return sum(known) if known else None


def _latest(values: Sequence[int | None], _: Sequence[frozenset[int]]) -> int | None:
    known = _known(values)
    return known[-1] if known else None


def _any(values: Sequence[int | None], _: Sequence[frozenset[int]]) -> int | None:
    known = _known(values)
    return max(known) if known else None


def _distinct(values: Sequence[int | None], lists: Sequence[frozenset[int]]) -> int | None:
    known = [(value, who) for value, who in zip(values, lists, strict=True) if value is not None]
    if not known:
        return None
    unnamed = sum(value - len(who) for value, who in known)
    return max(len(frozenset().union(*(who for _, who in known))) + unnamed, 0)


def _never(_: Sequence[int | None], __: Sequence[frozenset[int]]) -> int | None:
    return None  # words and scores stand beside each other; nobody's is the sum of the others'


def _later(_: Sequence[int | None], __: Sequence[frozenset[int]]) -> int | None:
    return None  # `recalculated` fills it in from the totals: rates are never averaged


_WAYS: dict[str, Callable[[Sequence[int | None], Sequence[frozenset[int]]], int | None]] = {
    "合计": _sum,
    "去重": _distinct,
    "最新": _latest,
    "任一": _any,
    "重算": _later,
    "汇编": _never,
    "不汇总": _never,
}
