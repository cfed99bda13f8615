"""The small expression language of conditions, report checks and formulas: parsed to a tree, evaluated without `eval`.

    expression := choice { 则 choice }            “A 则 B” fails only when A holds and B does not
    choice     := both { 或 both }
    both       := negation { 且 negation }
    negation   := 非 negation | comparison
    comparison := sum [ (= | != | < | <= | > | >=) sum ]
    sum        := product { (+ | -) product }
    product    := term { (× | ÷) term }
    term       := number[%] | name | 函数(参数) | ( expression )

Values come from `Facts`. A fact that is not known yet (None) makes what depends on it unknown, and unknown is never “met”: a
task that was removed cannot complete a stage silently.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from campaigns.definition.wording import PhraseError

Value = Fraction | bool | None
DEEPEST, LONGEST = 20, 500


class Facts(Protocol):
    """Where values come from; None is “not known”."""

    def name(self, word: str) -> int | Fraction | bool | None:
        """Return the value of a bare word such as 未销号重大隐患."""

    def call(self, function: str, argument: str) -> int | Fraction | bool | None:
        """Return the value of 函数(参数), such as 完成率(JG-11)."""


@dataclass(frozen=True, slots=True)
class Number:
    """A written number; 100% is 1."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A bare word."""

    word: str


@dataclass(frozen=True, slots=True)
class Call:
    """函数(参数)."""

    function: str
    argument: str


@dataclass(frozen=True, slots=True)
class Not:
    """非."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two sides and the sign between them."""

    sign: str
    left: "Node"
    right: "Node"


Node = Number | Name | Call | Not | Operation

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
# From loosest to tightest. 非 is a prefix; a comparison does not chain.
LEVELS = (("则",), ("或",), ("且",), ("非",), COMPARISONS, ("+", "-"), ("×", "÷"))
SPELLINGS = {"≤": "<=", "≥": ">=", "≠": "!=", "==": "=", "*": "×", "/": "÷"}
_SIGNS = r"<=|>=|!=|==|[=<>≤≥≠+×*÷/()]|(?<=[\s)%\d])-"
_TOKEN = re.compile(
    rf"""\s*(?: (?P<call> [^\s=<>≤≥≠+×*÷/()!]+ \( [^()]* \) )
           | (?P<number> \d+ (?:\.\d+)? %? (?![^\s=<>≤≥≠+×*÷/()且或则-]) )
           | (?P<sign> {_SIGNS} | [且或则] | 非(?=[\s(]) )
           | (?P<word> [^\s=<>≤≥≠+×*÷/()!]+ ) )""",
    re.VERBOSE,
)


def parse(text: str) -> Node:
    """Read one expression.

    Raises:
        PhraseError: what is wrong with it, in Chinese.
    """
    if len(text) > LONGEST:
        raise PhraseError(f"条件超过{LONGEST}字，请拆开写")
    return _Reader(text).whole()


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, token): call, number, sign or word."""
    plain, at = unicodedata.normalize("NFKC", text).strip(), 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if not match or match.lastgroup is None:
            raise PhraseError(f"“{text}”里的“{plain[at:].strip()[:1]}”看不懂")
        token = match[match.lastgroup]
        yield match.lastgroup, SPELLINGS.get(token, token)
        at = match.end()


class _Reader:
    """Precedence climbing over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at, self.depth = text, list(tokens(text)), 0, 0

    def whole(self) -> Node:
        node = self.level(0)
        if self.at < len(self.tokens):
            raise PhraseError(f"“{self.text}”里的“{self.tokens[self.at][1]}”接不上前面，且、或、非前后要空一格")
        return node

    def level(self, level: int) -> Node:
        if level == len(LEVELS):
            return self.term()
        signs = LEVELS[level]
        if signs == ("非",):
            return Not(self.nested(level)) if self.take(signs) else self.level(level + 1)
        node = self.level(level + 1)
        while sign := self.take(signs):
            node = Operation(sign, node, self.level(level + 1))
            if signs is COMPARISONS:
                break
        return node

    def nested(self, level: int) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise PhraseError("条件套得太深，请拆开写")
        node = self.level(level)
        self.depth -= 1
        return node

    def term(self) -> Node:
        if self.take(("(",)):
            node = self.nested(0)
            if not self.take((")",)):
                raise PhraseError(f"“{self.text}”少了右括号")
            return node
        if self.at >= len(self.tokens):
            raise PhraseError(f"“{self.text}”没有写完")
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "sign":
            raise PhraseError(f"“{self.text}”里“{token}”的位置不对")
        return _LEAVES[kind](token)

    def take(self, signs: tuple[str, ...]) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self.tokens[self.at][1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""


def _number(token: str) -> Node:
    return Number(Fraction(token.rstrip("%")) / (100 if token.endswith("%") else 1))


def _call(token: str) -> Node:
    function, _, argument = token[:-1].partition("(")
    return Call(function, argument.strip())


_LEAVES: dict[str, Callable[[str], Node]] = {"number": _number, "call": _call, "word": Name}


def leaves(node: Node) -> Iterator[Number | Name | Call]:
    """Yield what an expression is made of, left to right."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, Operation):
        yield from leaves(node.left)
        yield from leaves(node.right)
    else:
        yield node


def evaluate(node: Node, facts: Facts) -> Value:
    """Return the value under these facts; None when it hangs on something not known."""
    match node:
        case Number(value):
            return value
        case Name(word):
            return _exact(facts.name(word))
        case Call(function, argument):
            return _exact(facts.call(function, argument))
        case Not(part):
            inner = evaluate(part, facts)
            return None if inner is None else not inner
        case Operation(sign, left, right):
            return _OPERATIONS[sign](evaluate(left, facts), evaluate(right, facts))


def holds(node: Node, facts: Facts) -> bool:
    """Whether a condition is met; unknown is not met."""
    return bool(evaluate(node, facts))


def _exact(value: int | Fraction | bool | None) -> Value:
    return value if value is None or isinstance(value, bool) else Fraction(value)


def _both(left: Value, right: Value) -> Value:
    if left is False or right is False or left == 0 or right == 0:
        return False
    return None if left is None or right is None else True


def _either(left: Value, right: Value) -> Value:
    if left or right:
        return True
    return None if left is None or right is None else False


def _implies(left: Value, right: Value) -> Value:
    return _either(None if left is None else not left, right)


def _known(operate: Callable[[Fraction, Fraction], Value]) -> Callable[[Value, Value], Value]:
    def operation(left: Value, right: Value) -> Value:
        return None if left is None or right is None else operate(Fraction(left), Fraction(right))

    return operation


_OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "则": _implies,
    "或": _either,
    "且": _both,
    "=": _known(lambda a, b: a == b),
    "!=": _known(lambda a, b: a != b),
    "<": _known(lambda a, b: a < b),
    "<=": _known(lambda a, b: a <= b),
    ">": _known(lambda a, b: a > b),
    ">=": _known(lambda a, b: a >= b),
    "+": _known(lambda a, b: a + b),
    "-": _known(lambda a, b: a - b),
    "×": _known(lambda a, b: a * b),
    "÷": _known(lambda a, b: a / b if b else None),
}
