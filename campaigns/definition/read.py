"""The one place that knows YAML: text in, a tree of marked text out, under limits that no file can break.

Size and characters first, then the parser's events one by one: depth and number of nodes are counted as they come; anchors,
aliases, merge keys, tags, directives and duplicate keys are refused where they stand, so nothing is ever expanded. Scalars stay
text (no 08:30 → 510, no 2.10 → 2.1, no “no” → False); the model types them.
"""

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # from the C extension ruamel.yaml.clib
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from campaigns.definition import slips
from campaigns.definition.mistakes import DefinitionError, DefinitionErrors
from campaigns.definition.tree import Entries, Items, Mark, Node, Scalar

LARGEST_BYTES = 1_000_000
DEEPEST = 30
MOST_NODES = 30_000
UNCLEAR = "这里的格式看不懂，请检查缩进、冒号和引号"


def read(text: str, *, source: str = "") -> Node:
    """Read YAML text into a tree with marks, under the limits; for every YAML file of the system.

    Raises:
        DefinitionErrors: the text is too large, hostile, or not YAML; one sentence that says what to change.
    """
    if len(text) > LARGEST_BYTES or len(text.encode("utf-8", "surrogatepass")) > LARGEST_BYTES:
        raise DefinitionErrors([DefinitionError(1, 1, "文件超过1MB，请拆开或删去不需要的内容")], source=source)
    text = text.removeprefix("\ufeff")
    if slip := slips.of_characters(text):
        raise DefinitionErrors(slip, source=source)
    try:
        root = _Composer(text).root()
    except (YAMLError, _RefusedError) as problem:
        raise DefinitionErrors(slips.of_separators(text) or [_as_error(problem, text)], source=source) from None
    if slip := slips.of_runaway_values(root, text):
        raise DefinitionErrors(slip, source=source)
    return root


class _RefusedError(Exception):
    """YAML that the language does not allow."""

    def __init__(self, mark: Mark, sentence: str) -> None:
        super().__init__(sentence)
        self.mark, self.sentence = mark, sentence


class _Composer:
    """Builds the tree from parser events, one event at a time, so that a bomb is refused before it grows."""

    def __init__(self, text: str) -> None:
        self.parser = CParser(text)
        self.nodes = 0

    def root(self) -> Node:
        self.expect(StreamStartEvent)
        start = self.parser.get_event()
        if isinstance(start, StreamEndEvent):
            raise _RefusedError(Mark(1, 1), "文件是空的")
        if isinstance(start, DocumentStartEvent) and (start.version or start.tags):
            raise _RefusedError(Mark(1, 1), "不要写以“%”开头的指令行")
        root = self.node(self.parser.get_event(), depth=0)
        self.expect(DocumentEndEvent)
        after = self.parser.get_event()
        if not isinstance(after, StreamEndEvent):
            raise _RefusedError(_mark(after), "一个文件只写一个行动，不要用“---”分成几份")
        return root

    def expect(self, kind: type[Event]) -> None:
        event = self.parser.get_event()
        if not isinstance(event, kind):
            raise _RefusedError(_mark(event), "文件的开头或结尾不对")

    def node(self, event: Event, depth: int) -> Node:
        self.nodes += 1
        mark = _mark(event)
        if self.nodes > MOST_NODES:
            raise _RefusedError(mark, f"内容超过{MOST_NODES}项，请拆开")
        if depth > DEEPEST:
            raise _RefusedError(mark, f"套得太深，超过{DEEPEST}层")
        _refuse_references(event, mark)
        if isinstance(event, ScalarEvent):
            lines = event.end_mark.line - event.start_mark.line + 1 if not event.style else 1
            return Scalar(event.value.strip(), mark, lines)
        return self.items(mark, depth) if isinstance(event, SequenceStartEvent) else self.entries(mark, depth)

    def items(self, mark: Mark, depth: int) -> Items:
        items = Items(mark)
        while not isinstance(event := self.parser.get_event(), SequenceEndEvent):
            items.items.append(self.node(event, depth + 1))
        return items

    def entries(self, mark: Mark, depth: int) -> Entries:
        entries = Entries(mark)
        while not isinstance(event := self.parser.get_event(), MappingEndEvent):
            if isinstance(event, SequenceStartEvent | MappingStartEvent):
                raise _RefusedError(_mark(event), "冒号前面只能是一个词")
            name, where = self.node(event, depth + 1), _mark(event)
            if not isinstance(name, Scalar):  # pragma: no cover - aliases and containers are refused above
                raise _RefusedError(where, "冒号前面只能是一个词")
            if name.text == "<<":
                raise _RefusedError(where, "不支持“<<”合并写法，请把内容写全")
            if name.text in entries.keys:
                raise _RefusedError(where, f"“{name.text}”写了两次，第一次在第{entries.keys[name.text].line}行")
            entries.keys[name.text] = where
            entries.values[name.text] = self.node(self.parser.get_event(), depth + 1)
        return entries


def _refuse_references(event: Event, mark: Mark) -> None:
    if isinstance(event, AliasEvent):
        raise _RefusedError(mark, "不支持“*”引用写法，请把内容写全；如果是普通文字，请加引号")
    if getattr(event, "anchor", None) is not None:
        raise _RefusedError(mark, "不支持“&”锚点写法，请删去；如果是普通文字，请加引号")
    if getattr(event, "tag", None) is not None:
        raise _RefusedError(mark, "不支持“!”类型标签，请删去；如果是普通文字，请加引号")


def _mark(event: Event) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


# What libyaml says, and what a clerk should do about it. For the first group the place is where the thing began.
ADVICE_AT_START = (
    ("',' or '}'", "花括号没有配对，或两项之间少了逗号"),
    ("',' or ']'", "方括号没有配对，或两项之间少了逗号"),
    ("unexpected end of stream", "引号没有配对"),
)
ADVICE = (
    ("unexpected ':'", "冒号后面要空一格；文字里带冒号的（如 17:00）要加引号，或写成17时"),
    (
        "mapping values are not allowed",
        "这里的冒号放错了地方：检查上一行是否缺冒号、缩进是否对齐；文字里有冒号时整句加引号",
    ),
    ("cannot start any token", "这个符号不能开头，请给这段文字加引号"),
    ("unknown escape", "双引号里的反斜杠看不懂，请改用单引号"),
    ("expected key", "缩进没有对齐，或这一行少了冒号"),
    ("could not find expected ':'", "这一行少了冒号"),
    ("expected '-' indicator", "这一项前面少了“- ”，或缩进没有对齐"),
    ("block sequence entries are not allowed", "“- ”的位置不对，请另起一行并缩进"),
    ("directive", "不要写以“%”开头的行"),
    ("tag", "不支持“!”类型标签，请删去；如果是普通文字，请加引号"),
    ("alias", "不支持“*”引用写法；如果是普通文字，请加引号"),
    ("anchor", "不支持“&”锚点写法；如果是普通文字，请加引号"),
)


def _as_error(problem: Exception, text: str) -> DefinitionError:
    if isinstance(problem, _RefusedError):
        return DefinitionError(problem.mark.line, problem.mark.column, problem.sentence)
    said = str(getattr(problem, "problem", "") or problem)
    at_start = next((advice for words, advice in ADVICE_AT_START if words in said), "")
    sentence = at_start or next((advice for words, advice in ADVICE if words in said), UNCLEAR)
    mark = getattr(problem, "context_mark" if at_start else "problem_mark", None)
    if mark is None:
        return DefinitionError(1, 1, sentence)
    return DefinitionError(min(mark.line + 1, text.count("\n") + 1), mark.column + 1, sentence)
