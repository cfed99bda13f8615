"""Names: every code once, every reference to something that exists, no circles, every phrase readable."""

from collections.abc import Iterator, Mapping

from campaigns.definition import shelf, versions
from campaigns.definition.conditions import CELL_FUNCTION, MOMENT_FUNCTIONS, TASK_FUNCTIONS, condition
from campaigns.definition.expressions import Call, leaves
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition
from campaigns.definition.parameters import BUILT_IN, PLACEHOLDER, names_in
from campaigns.definition.phrases import GRAMMARS
from campaigns.definition.tree import Path
from campaigns.definition.walk import texts
from campaigns.definition.wording import PhraseError, listed, meant
from campaigns.definition.written import Phrase, Refers


def language_versions(definition: Definition) -> Iterator[Problem]:
    """A language version that this system reads."""
    if definition.language not in versions.LANGUAGES:
        known = listed(versions.LANGUAGES)
        yield Problem(("语法",), f"不认识语法“{definition.language}”，本系统能读：{known}")


def unknown_placeholders(definition: Definition) -> Iterator[Problem]:
    """`{{ 名称 }}` of a parameter that nobody declared."""
    known = (*definition.parameters, *BUILT_IN)
    for text in texts(definition):
        for name in names_in(text.value):
            if name not in known:
                yield Problem(text.path, f"没有“{name}”这个参数{meant(name, known) or f'，已有：{listed(known)}'}")


def unreadable_phrases(definition: Definition) -> Iterator[Problem]:
    """Text outside its closed grammar."""
    for text in texts(definition):
        if not isinstance(text.marker, Phrase) or not text.value or PLACEHOLDER.search(text.value):
            continue
        try:
            GRAMMARS[text.marker.grammar].read(text.value)
        except PhraseError as problem:
            yield Problem(text.path, str(problem))


def codes_used_twice(definition: Definition) -> Iterator[Problem]:
    """编号 are for life: one duty, stage or milestone each."""
    seen: dict[str, str] = {}
    for path, code, title in _codes(definition):
        if code in seen:
            yield Problem(path, f"编号“{code}”用了两次，“{seen[code]}”已经用了它")
        seen.setdefault(code, title)


def _codes(definition: Definition) -> Iterator[tuple[Path, str, str]]:
    for path, duty in definition.duty_paths():
        yield (*path, "编号"), duty.code, duty.title
    for position, stage in enumerate(definition.stages):
        yield ("阶段", position, "编号"), stage.code, stage.title or stage.code
        for number, milestone in enumerate(stage.milestones):
            yield ("阶段", position, "里程碑", number, "编号"), milestone.code, milestone.code


def names_that_point_nowhere(definition: Definition) -> Iterator[Problem]:
    """对象, 角色, 催办, 升级, 报表 that are not defined. (A form nobody wrote is a caution: a general one takes its place.)"""
    shelves = _shelves(definition)
    for text in texts(definition):
        if not isinstance(text.marker, Refers) or text.marker.to not in shelves:
            continue
        known = shelves[text.marker.to]
        if text.value not in known:
            hint = meant(text.value, known) or (f"，已有：{listed(known)}" if known else "，请先定义")
            yield Problem(text.path, f"没有叫“{text.value}”的{text.marker.to}{hint}")


def _shelves(definition: Definition) -> Mapping[str, tuple[str, ...]]:
    return {
        "对象": tuple(definition.audiences),
        "角色": tuple(definition.roles),
        "对象或角色": (*definition.audiences, *definition.roles),
        "催办": tuple(definition.reminders),
        "升级": tuple(definition.escalations),
        "排名": tuple(definition.rankings),
        "报表": (*definition.reports, *(name for name in shelf.reports() if name not in definition.reports)),
    }


def conditions_that_point_nowhere(definition: Definition) -> Iterator[Problem]:
    """完成率(x) of no duty, 到期(x) of no stage, 指标(x) of no report."""
    targets = _targets(definition)
    for text in texts(definition):
        if not isinstance(text.marker, Phrase) or text.marker.grammar != "条件":
            continue
        for call in _calls(text.value):
            known = targets[call.function]
            if call.argument not in known:
                hint = meant(call.argument, known) or "，请核对编号"
                yield Problem(text.path, f"{call.function}(…)里没有“{call.argument}”{hint}")


def _targets(definition: Definition) -> Mapping[str, frozenset[str]]:
    duty_codes = frozenset(duty.code for duty, _ in definition.duties)
    stages = frozenset(stage.code for stage in definition.stages)
    milestones = frozenset(milestone.code for stage in definition.stages for milestone in stage.milestones)
    used = {duty.report for duty, _ in definition.duties if duty.report} | set(definition.reports)
    forms = {**shelf.reports(), **definition.reports}
    atoms = frozenset(atom.code for name in used if name in forms for atom in forms[name].atoms)
    return (
        dict.fromkeys(TASK_FUNCTIONS, duty_codes)
        | dict.fromkeys(MOMENT_FUNCTIONS, stages | milestones)
        | {CELL_FUNCTION: atoms}
    )


def circles(definition: Definition) -> Iterator[Problem]:
    """Stages that wait for each other, audiences that inherit from each other."""
    stages = {stage.code: _waits_for(stage.enter_when) for stage in definition.stages}
    for position, stage in enumerate(definition.stages):
        if stage.code in _reachable(stage.code, stages):
            yield Problem(("阶段", position, "进入条件"), f"阶段互相等待：“{stage.code}”的进入条件绕回了自己")
    parents = {name: (audience.inherits or "",) for name, audience in definition.audiences.items()}
    for name in definition.audiences:
        if name in _reachable(name, parents):
            yield Problem(("对象", name, "继承"), f"对象互相继承：“{name}”绕回了自己")


def _waits_for(text: str | None) -> tuple[str, ...]:
    return tuple(call.argument for call in _calls(text or "") if call.function in MOMENT_FUNCTIONS)


def _calls(text: str) -> Iterator[Call]:
    try:
        yield from (leaf for leaf in leaves(condition(text)) if isinstance(leaf, Call)) if text else ()
    except PhraseError:
        return  # told by unreadable_phrases


def _reachable(start: str, links: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    ahead = list(links[start])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead.extend(links.get(name, ()))
    return found
