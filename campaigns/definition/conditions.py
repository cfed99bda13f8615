"""条件, 校核, 算式, 属性: which words the expression language may use in each place, and what they point at."""

from collections.abc import Iterator
from functools import lru_cache

from campaigns.definition.expressions import COMPARISONS, Call, Name, Node, Not, Number, Operation, leaves, parse
from campaigns.definition.wording import PhraseError, listed, meant

TASK_FUNCTIONS = ("完成率", "逾期数")
MOMENT_FUNCTIONS = ("到期", "达成")
CELL_FUNCTION = "指标"
FUNCTIONS = (*TASK_FUNCTIONS, *MOMENT_FUNCTIONS, CELL_FUNCTION)
CAMPAIGN_NAMES = ("未销号重大隐患", "涉及重大隐患")
PERIOD_NAMES = ("本期", "上期")

CONDITIONS = (
    "完成率(JG-11) = 100%",
    "逾期数(QY-21) <= 2",
    "到期(动员部署) 或 达成(动员部署)",
    "指标(1.4) = 指标(1.3)",
    "未销号重大隐患 = 0",
    "涉及重大隐患",
    "非 到期(动员部署) 且 完成率(QY-11) >= 90%",
)
REPORT_CHECKS = (
    "指标(1.2) <= 指标(1.1)",
    "指标(1.5) <= 指标(1.1) + 指标(1.3)",
    "指标(3.3.罚款) > 0 则 指标(3.3) > 0",
    "本期 >= 上期",
)
FORMULAS = ("指标(1.2) / 指标(1.1)",)
TRAITS = ("有外包队伍", "非 已闭库", "单班入井人数 >= 30")


@lru_cache(maxsize=1024)
def condition(text: str) -> Node:
    """Read a 条件 of a stage, milestone or escalation rung."""
    return _checked(parse(text), FUNCTIONS, CAMPAIGN_NAMES, "条件")


@lru_cache(maxsize=1024)
def report_check(text: str) -> Node:
    """Read a 校核: a comparison of cells, or 本期 with 上期 for every cell at once."""
    node = _checked(parse(text), (CELL_FUNCTION,), PERIOD_NAMES, "校核")
    if not isinstance(node, Operation) or node.sign not in (*COMPARISONS, "则", "且", "或"):
        raise PhraseError(f"校核“{text}”要比大小，如 {REPORT_CHECKS[0]}")
    return node


@lru_cache(maxsize=1024)
def formula(text: str) -> Node:
    """Read the 算式 of a computed cell: arithmetic over cells of the same report."""
    node = _checked(parse(text), (CELL_FUNCTION,), (), "算式")
    if isinstance(node, Not) or (isinstance(node, Operation) and node.sign not in "+-×÷"):
        raise PhraseError(f"算式“{text}”只能加减乘除，如 {FORMULAS[0]}")
    return node


@lru_cache(maxsize=1024)
def trait(text: str) -> Node:
    """Read one attribute of an audience: a word that must hold, 非 a word, or a word compared with a number."""
    node = parse(text)
    inner = node.part if isinstance(node, Not) else node
    compared = isinstance(inner, Operation) and inner.sign in COMPARISONS
    plain = isinstance(inner, Name) or (
        isinstance(inner, Operation) and compared and isinstance(inner.left, Name) and isinstance(inner.right, Number)
    )
    if not plain:
        raise PhraseError(f"看不懂企业条件“{text}”，可以写：{listed(TRAITS)}")
    return node


def cells_in(node: Node) -> Iterator[str]:
    """Yield the cell codes that an expression uses: 1.4, 3.3.罚款."""
    yield from (leaf.argument for leaf in leaves(node) if isinstance(leaf, Call) and leaf.function == CELL_FUNCTION)


def _checked(node: Node, functions: tuple[str, ...], names: tuple[str, ...], what: str) -> Node:
    for leaf in leaves(node):
        if isinstance(leaf, Call) and leaf.function not in functions:
            hint = meant(leaf.function, functions) or f"，可以用：{listed(functions)}"
            raise PhraseError(f"{what}里不认识“{leaf.function}(…)”{hint}")
        if isinstance(leaf, Name) and leaf.word not in names:
            known = (*names, *(f"{name}(…)" for name in functions))
            raise PhraseError(f"{what}里不认识“{leaf.word}”{meant(leaf.word, names) or f'，可以用：{listed(known)}'}")
    return node
