"""Parameters, forms and ladders in themselves."""

import re
from collections.abc import Iterator, Mapping

from campaigns.definition import shelf
from campaigns.definition.checks.readable import readable
from campaigns.definition.form import CHOICES, Form
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition
from campaigns.definition.parameters import BUILT_IN, check
from campaigns.definition.phrases import duration
from campaigns.definition.tree import Path
from campaigns.definition.wording import PhraseError, meant
from campaigns.definition.written import NO, YES

REQUIRED_WHEN = re.compile(r"(?P<field>.+?)为(?:空|.+)时")


def parameters_out_of_bounds(definition: Definition) -> Iterator[Problem]:
    """Defaults inside their own bounds; choices where choices are needed."""
    for name, parameter in definition.parameters.items():
        if name in BUILT_IN:
            yield Problem(("参数", name), f"“{name}”是系统自带的参数，不用再写", key=True)
        if parameter.kind is None:
            yield Problem(("参数", name), f"参数“{name}”要写“类型”和“默认”，如 {{类型: 整数, 默认: 25}}")
            continue
        if parameter.kind == "选项" and not parameter.choices:
            yield Problem(("参数", name), f"“{name}”要写“选项”")
            continue
        try:
            check(name, parameter, parameter.default)
        except PhraseError as problem:
            yield Problem(("参数", name, "默认"), str(problem))


def fields(definition: Definition) -> Iterator[Problem]:
    """Form fields: names once, choices where needed, “X为空时” of a field that exists."""
    for name, form in definition.forms.items():
        yield from form_problems(form, ("表单", name))


def form_problems(form: Form, path: Path) -> Iterator[Problem]:
    """Yield what is wrong inside one form."""
    titles = [field.title for field in form.fields]
    for position, field in enumerate(form.fields):
        here = (*path, "字段", position)
        if field.title in titles[:position]:
            yield Problem((*here, "名称"), f"“{field.title}”这一栏写了两次")
        if field.kind in CHOICES and not field.choices:
            yield Problem(here, f"“{field.title}”是{field.kind}，要写“选项”")
        if field.required not in (YES, NO):
            yield from _required_when(field.required, titles, (*here, "必填"))


def _required_when(text: str, titles: list[str], path: Path) -> Iterator[Problem]:
    match = REQUIRED_WHEN.fullmatch(text)
    if not match:
        yield Problem(path, f"“必填”不能写“{text}”，可以写：是、否、某栏为空时")
    elif match["field"] not in titles:
        yield Problem(path, f"这张表没有“{match['field']}”这一栏{meant(match['field'], titles)}")


def ladders(definition: Definition) -> Iterator[Problem]:
    """Escalation only warns by itself; every further step has somebody who decides; later rungs come later."""
    for name, rungs in definition.escalations.items():
        before = -1
        for position, rung in enumerate(rungs):
            here = ("升级", name, position)
            if rung.manner == "自动" and rung.action != "预警":
                yield Problem((*here, "方式"), f"“{rung.action}”不能自动发出，请写“拟办”，由人决定")
            if rung.manner == "拟办" and not rung.handler:
                yield Problem(here, f"“{rung.action}”是拟办，要写“承办”")
            late = readable(duration, rung.after)
            if late and late.days < before:
                yield Problem((*here, "逾期"), "升级要从早到晚排列")
            before = late.days if late else before


def known_forms(definition: Definition) -> Mapping[str, Form]:
    """Return the forms a duty may name: the campaign's own over the shipped ones."""
    return {**shelf.forms(), **definition.forms}
