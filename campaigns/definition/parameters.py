"""参数: what the launching bureau may set, within bounds, and how `{{ 名称 }}` is filled in.

A date that a bureau sets is meant for its own launch, so it is filled in as “定于…” and never moves; a default was written with
the notice's dates and moves with them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from campaigns.date_words import day_words
from campaigns.definition.deadlines import WrittenDate, deadline
from campaigns.definition.model import Definition, Parameter
from campaigns.definition.phrases import frequency
from campaigns.definition.wording import PhraseError, clock_time, listed, meant, squeeze
from campaigns.definition.written import NO, YES, Written
from campaigns.errors import Invalid

YEAR, START = "年度", "启动日期"
BUILT_IN = (YEAR, START)
ANY_YEAR = 2024
PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
P = TypeVar("P")


def values(definition: Definition, given: Mapping[str, object], *, starts_on: date | None) -> dict[str, str]:
    """Return every parameter's text: what was given where something was, else the default.

    Raises:
        Invalid: with one sentence per parameter that is unknown or out of bounds.
    """
    wrong: dict[str, str] = {}
    filled = {name: parameter.default for name, parameter in definition.parameters.items()}
    for name, value in given.items():
        try:
            filled[name] = _given(definition, name, str(value).strip())
        except PhraseError as problem:
            wrong[name] = str(problem)
    if wrong:
        raise Invalid(f"参数没有填对：{'；'.join(wrong.values())}", fields=wrong, advice="请改正后再启动。")
    return built_in(starts_on, starts_on.year if starts_on else ANY_YEAR) | filled


def built_in(starts_on: date | None, year: int) -> dict[str, str]:
    """Return the parameters that every campaign has; an unknown start reads as the year's first day."""
    start = starts_on or date(year, 1, 1)
    return {YEAR: str(year), START: f"定于{day_words(start)}"}


def not_stated(definition: Definition, given: Mapping[str, object]) -> tuple[str, ...]:
    """Return the parameters that the notice leaves open and the bureau has not stated; a launch needs them."""
    return tuple(n for n, parameter in definition.parameters.items() if parameter.must_state and not given.get(n))


def _given(definition: Definition, name: str, value: str) -> str:
    if name in BUILT_IN:
        return value
    parameter = definition.parameters.get(name)
    if parameter is None:
        known = (*definition.parameters, *BUILT_IN)
        raise PhraseError(f"没有“{name}”这个参数{meant(name, known) or f'，可以填：{listed(known)}'}")
    check(name, parameter, value)
    if parameter.kind in ("日期", "日期写法") and isinstance(deadline(value).day, WrittenDate):
        return f"定于{value.removeprefix('定于')}"
    return value


def check(name: str, parameter: Parameter, value: str) -> None:
    """Check one value against its parameter's kind and bounds.

    Raises:
        PhraseError: what is wrong, in Chinese.
    """
    if not value:
        raise PhraseError(f"“{name}”没有填")
    if kind_check := _KINDS.get(parameter.kind or ""):
        kind_check(name, parameter, value)


def _check_date(name: str, parameter: Parameter, value: str) -> None:
    if not isinstance(deadline(value).day, WrittenDate) and parameter.kind == "日期":
        raise PhraseError(f"“{name}”要写完整日期，如 2023年5月20日")


def _check_choice(name: str, parameter: Parameter, value: str) -> None:
    choices = (YES, NO) if parameter.kind == "是否" else parameter.choices
    if value not in choices:
        raise PhraseError(f"“{name}”不能是“{value}”，可以选：{listed(choices)}")


def _check_number(name: str, parameter: Parameter, value: str) -> None:
    if not re.fullmatch(r"-?\d{1,9}", squeeze(value)):
        raise PhraseError(f"“{name}”要写整数，不能写“{value}”")
    number = int(squeeze(value))
    if parameter.minimum is not None and number < parameter.minimum:
        raise PhraseError(f"“{name}”不能小于{parameter.minimum}，现在是{number}")
    if parameter.maximum is not None and number > parameter.maximum:
        raise PhraseError(f"“{name}”不能大于{parameter.maximum}，现在是{number}")


_KINDS: dict[str, Callable[[str, Parameter, str], object]] = {
    "整数": _check_number,
    "工作日数": _check_number,
    "日期": _check_date,
    "日期写法": _check_date,
    "时刻": lambda _name, _parameter, value: clock_time(value),
    "频次": lambda _name, _parameter, value: frequency(value),
    "是否": _check_choice,
    "选项": _check_choice,
}


def fill(text: str, filled: Mapping[str, str]) -> str:
    """Put the values into one text; a name without a value stays as written."""
    return PLACEHOLDER.sub(lambda match: filled.get(match[1], match[0]), text) if "{{" in text else text


def names_in(text: str) -> Iterator[str]:
    """Yield the parameter names a text uses."""
    yield from (match[1] for match in PLACEHOLDER.finditer(text))


def filled_in(part: P, filled: Mapping[str, str]) -> P:
    """Return the definition, or any part of it, with every placeholder filled in; what holds none comes back as it is."""
    result: Any = part
    if isinstance(part, str):
        result = fill(part, filled)
    elif isinstance(part, tuple):
        items = tuple(filled_in(item, filled) for item in part)
        result = items if any(new is not old for new, old in zip(items, part, strict=True)) else part
    elif isinstance(part, dict):
        result = {name: filled_in(value, filled) for name, value in part.items()}
    elif isinstance(part, Written):
        fields = {name: filled_in(value, filled) for name, value in part.__dict__.items()}
        changed = {name: value for name, value in fields.items() if value is not part.__dict__[name]}
        result = part.model_copy(update=changed) if changed else part
    return result  # type: ignore[no-any-return]
