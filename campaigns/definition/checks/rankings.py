"""Rankings in themselves: items once, formulas where needed and over cells that exist, a list of regions each once."""

from collections.abc import Iterator

from campaigns.definition import shelf
from campaigns.definition.checks.readable import readable
from campaigns.definition.conditions import cells_in, formula
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition
from campaigns.definition.ranking import RankingRule, ScoreItem
from campaigns.definition.report_form import WORDS
from campaigns.definition.tree import Path
from campaigns.definition.wording import meant

RATES = ("到期完成率", "重大隐患整改率", "报送及时率")


def score_items(definition: Definition) -> Iterator[Problem]:
    """Yield what is wrong with the items of rankings."""
    for name, rule in definition.rankings.items():
        yield from _twice(rule, ("排名", name, "计分项"))
        for position, item in enumerate(rule.items):
            here = ("排名", name, "计分项", position)
            yield from _source(item, here)
            if item.measure == "报表" and item.report and item.formula:
                yield from _cells(definition, item, here)


def ranked_twice(definition: Definition) -> Iterator[Problem]:
    """Yield regions that a ranking names twice."""
    for name, rule in definition.rankings.items():
        for region in sorted({one for one in rule.regions if rule.regions.count(one) > 1}):
            yield Problem(("排名", name, "参评"), f"“{region}”写了两次")


def _twice(rule: RankingRule, path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, item in enumerate(rule.items):
        if item.code in seen:
            yield Problem((*path, position, "编号"), f"计分项“{item.code}”写了两次")
        seen.add(item.code)


def _source(item: ScoreItem, here: Path) -> Iterator[Problem]:
    if item.measure == "报表" and not (item.report and item.formula):
        yield Problem((*here, "取数"), f"计分项“{item.code}”取数是“报表”，要写“报表”和“算式”")
    if item.measure != "报表" and (item.report or item.formula):
        yield Problem((*here, "取数"), f"计分项“{item.code}”写了“报表”或“算式”，取数请写“报表”")
    if item.measure == "评分" and item.scoring != "按得分":
        yield Problem(here, f"计分项“{item.code}”由上级评分，“计分”请写“按得分”")
    if item.measure in RATES and item.scoring == "按得分":
        yield Problem((*here, "计分"), f"计分项“{item.code}”取的是比率，“计分”请写“按比率”或“与最高比”")


def _cells(definition: Definition, item: ScoreItem, here: Path) -> Iterator[Problem]:
    form = definition.reports.get(item.report or "") or shelf.reports().get(item.report or "")
    node = readable(formula, item.formula)
    if form is None or node is None:
        return  # told by the checks of names and phrases
    known = {atom.code: atom for atom in form.atoms}
    for code in cells_in(node):
        if code not in known:
            hint = meant(code, known) or "，请核对编号"
            yield Problem((*here, "算式"), f"报表“{item.report}”没有指标“{code}”{hint}")
        elif known[code].unit in WORDS:
            yield Problem((*here, "算式"), f"指标“{code}”填的是文字，不能计分")
