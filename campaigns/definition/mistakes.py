"""From what a validator says to what a clerk understands: the place, the cause once, and what to write instead."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from campaigns.definition.model import Definition
from campaigns.definition.tree import Node, Path, blanks, place
from campaigns.definition.wording import listed, meant
from campaigns.definition.written import Written
from campaigns.errors import Invalid

W = TypeVar("W", bound=Written)
# Nobody reads more in one sitting, and a file of nonsense must not cost a minute of suggestions.
MOST_TOLD = 100
LONGEST = 300


@dataclass(frozen=True, slots=True, order=True)
class DefinitionError:
    """One mistake: where (from 1), and a sentence that says what to write."""

    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.sentence}"


class DefinitionErrors(Invalid):
    """A file that was refused whole; `errors` are in file order."""

    def __init__(self, errors: Iterable[DefinitionError], *, source: str = "") -> None:
        self.errors = tuple(sorted(set(errors)))
        self.source = source
        super().__init__(
            f"{source or '模板'}有{len(self.errors)}处要改。",
            kept="原来的模板没有变。",
            advice="请按行号逐条修改后重新上传。",
        )

    def __str__(self) -> str:
        prefix = f"{self.source}:" if self.source else ""
        return "\n".join(f"{prefix}{error}" for error in self.errors)


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake of sense at a path of Chinese keys; `key` points at the key rather than at its value."""

    path: Path
    sentence: str
    key: bool = False


def located(tree: Node, problems: Iterable[Problem]) -> tuple[DefinitionError, ...]:
    """Give each problem its line and column; the same sentence at many places is told once, with their number."""
    places: dict[str, list[DefinitionError]] = {}
    for problem in islice(problems, MOST_TOLD):
        mark = place(tree, problem.path, key=problem.key)
        sentence = _short(problem.sentence)
        places.setdefault(sentence, []).append(DefinitionError(mark.line, mark.column, sentence))
    return tuple(sorted(_once(same) for same in places.values()))


def _short(sentence: str) -> str:
    """Keep both ends of a sentence that quotes too much of a broken file."""
    return sentence if len(sentence) <= LONGEST else f"{sentence[:60]}……{sentence[60 - LONGEST :]}"


def _once(same: list[DefinitionError]) -> DefinitionError:
    first, others = min(same), len(set(same)) - 1
    return DefinitionError(first.line, first.column, f"{first.sentence}（另有{others}处）") if others else first


def typed(model: type[W], tree: Node) -> W:
    """Return the tree as a model, by its Chinese keys only.

    Raises:
        DefinitionErrors: keys that are unknown, missing or of the wrong kind.
    """
    if blank := [Problem(path, f"“{name_of(path)}”后面没有写内容", key=True) for path in blanks(tree)]:
        raise DefinitionErrors(located(tree, blank))
    try:
        return model.model_validate(tree.plain(), by_alias=True, by_name=False)
    except ValidationError as invalid:
        raise DefinitionErrors(located(tree, problems_of(model, invalid))) from None


def problems_of(model: type[Written], invalid: ValidationError) -> Iterator[Problem]:
    """Yield what a validator found, in a clerk's words; a misspelt key is not also told as missing."""
    errors = invalid.errors(include_url=False)[:MOST_TOLD]
    misspelt: set[tuple[Path, str]] = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            *parent, name = error["loc"]
            hint = meant(str(name), keys := keys_at(model, tuple(parent)))
            misspelt.update((tuple(parent), known) for known in keys if f"“{known}”" in hint)
            yield Problem(error["loc"], _unknown_key(str(name), hint, keys), key=True)
    for error in errors:
        *parent, name = error["loc"] or ("",)
        if error["type"] != "extra_forbidden" and (tuple(parent), name) not in misspelt:
            yield _problem(error)


def _unknown_key(name: str, hint: str, keys: Sequence[str]) -> str:
    for colon, advice in (("：", "后面是全角冒号“：”，请改为半角“: ”"), (":", "的冒号后面要空一格")):
        word = name.split(colon, maxsplit=1)[0]
        if colon in name and word in keys:
            return f"“{word}”{advice}"
    return f"不认识“{name}”{hint or f'，这里可以写：{listed(keys)}'}"


def _problem(error: ErrorDetails) -> Problem:
    path, context = error["loc"], error.get("ctx", {})
    if not path:
        return Problem(path, "这不像一份行动文件：应从“语法: rectify/v1”写起，下面分“行动”“对象”“阶段”等各节")
    name = name_of(path)
    if error["type"] == "missing":
        return Problem(path[:-1], f"缺少“{name}”")
    if error["type"] == "value_error":
        said = str(context["error"])
        return Problem(path, f"“{name}”{said}" if said.startswith("请写") else said)
    explain = _SENTENCES.get(error["type"])
    return Problem(path, explain(name, context, error["input"]) if explain else f"“{name}”的写法不对")


def name_of(path: Path) -> str:
    """Return the key that a path ends in, above any list positions."""
    return next((step for step in reversed(path) if isinstance(step, str)), "这一项")


def _literal(name: str, context: dict[str, Any], given: Any) -> str:
    choices = re.findall(r"'([^']*)'", context["expected"])
    if not isinstance(given, str):
        return f"“{name}”这里要写一个词，可以写：{listed(choices)}"
    return f"“{name}”不能写“{given}”{meant(given, choices) or f'，可以写：{listed(choices)}'}"


_PATTERN_ADVICE = {
    "^[a-z]": "请用小写字母、数字和短横，如 hazard-2023",
    "^[A-Z]{2,4}-": "请写成 QY-01（企业）、JG-01（部门）这样",
    "^[A-Z]{0,2}": "请写成 1.1 或 A1 这样",
    r"^\d+": "请写三段数字，如 1.0.0",
}


def _pattern(name: str, context: dict[str, Any], given: Any) -> str:
    advice = next(
        (words for start, words in _PATTERN_ADVICE.items() if context["pattern"].startswith(start)), "格式不对"
    )
    return f"“{name}”不能写“{given}”，{advice}"


_SENTENCES: dict[str, Callable[[str, dict[str, Any], Any], str]] = {
    "literal_error": _literal,
    "string_type": lambda name, _context, _given: f"“{name}”这里要写一段文字，不能分项",
    "tuple_type": lambda name, _context, _given: f"“{name}”要写成列表，每项前面加“- ”，或用方括号 [甲, 乙]",
    "dict_type": lambda name, _context, _given: f"“{name}”下面要分项写“名称: 内容”",
    "model_type": lambda name, _context, _given: f"“{name}”下面要分项写“名称: 内容”",
    "model_attributes_type": lambda name, _context, _given: f"“{name}”下面要分项写“名称: 内容”",
    "int_parsing": lambda name, _context, given: f"“{name}”要写整数，不能写“{given}”",
    "int_type": lambda name, _context, _given: f"“{name}”要写整数",
    "string_too_long": lambda name, context, given: f"“{name}”最多{context['max_length']}字，现在{len(given)}字",
    "too_short": lambda name, context, _given: f"“{name}”至少要有{context['min_length']}项",
    "greater_than_equal": lambda name, context, _given: f"“{name}”不能小于{context['ge']}",
    "less_than_equal": lambda name, context, _given: f"“{name}”不能大于{context['le']}",
    "string_pattern_mismatch": _pattern,
}


@cache
def known_keys() -> frozenset[str]:
    """Every key of the language, to recognise one that stands before a wrong colon."""
    seen: set[type[Written]] = set()

    def walk(model: type[Written]) -> Iterator[str]:
        if model not in seen:
            seen.add(model)
            for field in model.model_fields.values():
                yield field.alias or ""
                for inner in _models_in(field.annotation):
                    yield from walk(inner)

    return frozenset(walk(Definition))


def keys_at(model: type[Written], path: Path) -> list[str]:
    """Return the keys that may stand in the mapping at `path`."""
    annotation: Any = model
    for step in path:
        annotation = _inside(annotation, step)
    found = next(iter(_models_in(annotation)), None)
    return [str(field.alias) for field in found.model_fields.values() if "〔" not in str(field.alias)] if found else []


def _inside(annotation: Any, step: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return next((f.annotation for f in annotation.model_fields.values() if f.alias == step), None)
    if get_origin(annotation) in (tuple, dict):
        return next((inner for inner in get_args(annotation) if inner not in (str, ...)), None)
    return next((_inside(inner, step) for inner in get_args(annotation) if _models_in(inner)), None)


def _models_in(annotation: Any) -> list[type[Written]]:
    if isinstance(annotation, type) and issubclass(annotation, Written):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]
