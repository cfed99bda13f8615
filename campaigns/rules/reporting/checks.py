"""校核: does a table balance, is it complete, and which cell should the clerk look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from campaigns.definition.conditions import cells_in, report_check
from campaigns.definition.expressions import Call, Name, Node, Not, Number, Operation, evaluate, leaves
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.rules.quotes import nested, quoted
from campaigns.rules.reporting.figures import shown
from campaigns.rules.reporting.indicators import CellFacts, Figures, row_of

MUST = {"<=": "不能大于", "<": "要小于", ">=": "不能小于", ">": "要大于", "=": "要等于", "!=": "不能等于"}
BESIDE_EACH_OTHER = ("汇编", "不汇总")
NO_WORDS: Mapping[str, str] = {}
NO_FIGURES: Figures = {}
IS = {"<=": "不大于", "<": "小于", ">=": "不小于", ">": "大于", "=": "等于", "!=": "不等于"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a table: the cell to look at, the value in it, and a sentence for the clerk."""

    cell: str
    atom: str
    sentence: str


def mistakes(
    form: ReportForm, figures: Figures, *, before: Figures | None = None, months: Figures = NO_FIGURES
) -> tuple[Finding, ...]:
    """Return every broken check. A check that hangs on a blank says nothing: `blanks` does.

    `figures` are the ones that are filed (累计 or 当月); `before` the same of the period before, None if there was none.
    `months` are 当月 of a form that files 累计: a part (其中) is no more than its total in either, and 当月 no more than 累计.
    What the form itself wants checked may well be broken by one month alone (整改 of what was found the month before).
    """
    parts = tuple(_parts_above_totals(form, figures, months))
    told = {finding.atom for finding in parts}
    behind = (finding for finding in _months_above_totals(form, figures, months) if finding.atom not in told)
    return (*parts, *behind, *_broken(form, figures, before))


def blanks(
    form: ReportForm, figures: Figures, words: Mapping[str, str] = NO_WORDS, *, adds_up: bool = False
) -> tuple[Finding, ...]:
    """Return the values nobody gave. A blank is not a zero: who has none writes 0 (零报告).

    `words` are the cells that hold words. A report that `adds_up` lower levels need not say in words, or score, what they did.
    """
    if form.lines:
        return () if adds_up else tuple(_unfinished_lines(form, figures, words))
    return tuple(
        Finding(atom.cell, atom.code, f"{named(form, atom)}还没有填；{_instead_of_a_blank(atom)}")
        for atom in form.atoms
        if atom.required
        and atom.formula is None
        and not _given(atom, figures, words)
        and not (adds_up and atom.rollup in BESIDE_EACH_OTHER)
    )


def _instead_of_a_blank(atom: Atom) -> str:
    """Say what stands in a cell of whoever has none: a 0 is no answer to a question."""
    if atom.unit == "是否":
        return "请选“是”或“否”"
    return "没有的请填“无”" if atom.worded else "没有的请填0"


def _given(atom: Atom, figures: Figures, words: Mapping[str, str]) -> bool:
    return bool(words.get(atom.code)) if atom.worded else figures.get(atom.code) is not None


def _unfinished_lines(form: ReportForm, figures: Figures, words: Mapping[str, str]) -> Iterator[Finding]:
    """A list needs one line at least, and of a line that was begun everything the form wants."""
    needed = {cell.code for cell in form.cells if cell.required == "是"}
    begun = {row_of(atom) for atom in form.atoms if _given(atom, figures, words)}
    if not begun:
        first = form.atoms[0]
        yield Finding(first.cell, first.code, "清单里一条也没有；本期确实没有的，请签零报告")
    for atom in form.atoms:
        wanted = atom.formula is None and atom.cell.partition(":")[2] in needed
        if wanted and row_of(atom) in begun and not _given(atom, figures, words):
            yield Finding(atom.cell, atom.code, f"{atom.section}的{quoted(atom.title)}还没有填")


def named(form: ReportForm, atom: Atom) -> str:
    """Name a value as the paper does: 1.2“已完成整改的”, or 3.3“行政处罚”的罚款."""
    if atom.code == atom.cell:
        return nested(f"{atom.code}“{atom.title}”")
    title = next((other.title for other in form.atoms if other.code == atom.cell), "")
    title = title or next(cell.title for cell in form.cells if atom.cell.endswith(cell.code))
    return nested(f"{atom.cell}“{title}”的{atom.title}")


def _parts_above_totals(form: ReportForm, figures: Figures, months: Figures) -> Iterator[Finding]:
    for atom in form.atoms:
        for word, given in (("", figures), ("当月", months)):
            part, total = given.get(atom.code), given.get(atom.total_of or "")
            if part is not None and total is not None and part > total:
                sentence = f"{named(form, atom)}{word}填了{shown(atom, part)}，是其中数，不能大于{word}总数{shown(atom, total)}"
                yield Finding(atom.cell, atom.code, sentence)
                break


def _months_above_totals(form: ReportForm, figures: Figures, months: Figures) -> Iterator[Finding]:
    """A month that somebody corrected and a 累计 that he left; a 累计 from 1月1日 may well be less than a month before it."""
    if form.counts_from != "行动启动":
        return
    for atom in form.atoms:
        month, total = months.get(atom.code), figures.get(atom.code)
        if atom.stock or atom.formula or atom.rollup in BESIDE_EACH_OTHER or month is None or total is None:
            continue
        if month > total:
            said = f"{named(form, atom)}当月{shown(atom, month)}大于累计{shown(atom, total)}；改了当月的，累计也要改"
            yield Finding(atom.cell, atom.code, said)


def _broken(form: ReportForm, figures: Figures, before: Figures | None) -> Iterator[Finding]:
    rows = tuple(f"{row.code}:" for row in form.rows) or ("",)
    for text in form.checks:
        node = report_check(text)
        if any(isinstance(leaf, Name) for leaf in leaves(node)):
            yield from _against_last_time(form, node, figures, before)
            continue
        for row in rows:
            if evaluate(node, CellFacts(figures, row)) is False:
                yield _balance(form, node, figures, row)


def _against_last_time(form: ReportForm, node: Node, now: Figures, before: Figures | None) -> Iterator[Finding]:
    for atom in form.atoms:
        if before is None or atom.stock or atom.formula:
            continue
        words = {"本期": now.get(atom.code), "上期": before.get(atom.code)}
        if evaluate(node, CellFacts(now, row_of(atom), words)) is False:
            this, last = (shown(atom, words[word]) for word in ("本期", "上期"))
            hint = "，累计数不能比上期少" if node == Operation(">=", Name("本期"), Name("上期")) else ""
            yield Finding(atom.cell, atom.code, f"{named(form, atom)}本期{this}，上期{last}{hint}")


def _balance(form: ReportForm, node: Node, figures: Figures, row: str) -> Finding:
    by_code = {atom.code: atom for atom in form.atoms}
    code = row + next(cells_in(_blamed(node)))
    atom = by_code[code]
    words = _Words(by_code, figures, row)
    return Finding(atom.cell, atom.code, f"{named(form, atom)}：{words.demand(node)}")


def _blamed(node: Node) -> Node:
    """Return the side whose first cell the clerk should look at: in “A 则 B” the B that is missing."""
    return node.right if isinstance(node, Operation) and node.sign == "则" else node


@dataclass(frozen=True, slots=True)
class _Words:
    """Says an expression in a clerk's words, with the figures in it."""

    atoms: dict[str, Atom]
    figures: Figures
    row: str

    def demand(self, node: Node) -> str:
        """Say what must hold: 1.2（5）不能大于1.1（3）."""
        if isinstance(node, Operation) and node.sign in MUST:
            return f"{self.say(node.left)}{MUST[node.sign]}{self.say(node.right)}"
        if isinstance(node, Operation) and node.sign == "则":
            return f"{self.say(node.left)}时，{self.demand(node.right)}"
        if isinstance(node, Operation) and node.sign in ("且", "或"):
            return f"{self.demand(node.left)}{'，并且' if node.sign == '且' else '，或者'}{self.demand(node.right)}"
        return self.say(node)

    def say(self, node: Node) -> str:
        """Say a part of it: 1.2（5）, 1.1（3）+1.3（1）."""
        match node:
            case Number(value):
                return f"{value}"
            case Call(_, argument):
                atom = self.atoms[self.row + argument]
                return f"{argument}（{shown(atom, self.figures.get(atom.code)) or '空'}）"
            case Name(word):
                return word
            case Not(part):
                return f"不是“{self.say(part)}”"
            case Operation(sign, left, right):
                return f"{self.say(left)}{IS.get(sign, sign)}{self.say(right)}"
