"""继承 省 → 市 → 县: a lower level writes only what differs; merged by 编号, tighten-only, every change remembered.

Single parent, pinned to a version. What the superior marks 下级可改 is free; everything else may only ask for more.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from campaigns.definition import mistakes, strictness
from campaigns.definition.mistakes import DefinitionError, DefinitionErrors, Problem
from campaigns.definition.model import AddedDuty, Adjustment, Definition, Duty, Flattened, Parameter, Stage
from campaigns.definition.parameters import check
from campaigns.definition.phrases import inherited, span
from campaigns.definition.tree import Path
from campaigns.definition.wording import PhraseError, listed, meant
from campaigns.definition.written import Written

W = TypeVar("W", bound=Written)
WHOLE_CAMPAIGN = "全程"
NOT_IN_AN_OVERLAY = {"standing_duties": "全程任务", "stages": "阶段", "hazard": "隐患"}
ONLY_NEW_NAMES = {"roles": "角色", "audiences": "对象", "reminders": "催办", "escalations": "升级"}


def flatten(child: Definition, parent: Definition) -> Flattened:
    """Return the whole plan of a lower level; `provenance` names what it changed or added.

    Raises:
        DefinitionErrors: a change that loosens, or that points at nothing (without line numbers; `load` gives those).
    """
    flat, problems = merge(child, parent)
    if problems:
        raise DefinitionErrors(DefinitionError(0, 0, problem.sentence) for problem in problems)
    return flat


def merge(child: Definition, parent: Definition) -> tuple[Flattened, list[Problem]]:
    """Return the merged definition and what is wrong with the overlay, by its own paths."""
    merging = _Merging(child, parent)
    return merging.merged(), merging.problems


def as_written(child: Definition, flat: Definition, problem: Problem) -> Problem:
    """Point a problem of the flattened plan at the lower level's own line that caused it."""
    duty = next((duty for path, duty in flat.duty_paths() if problem.path[: len(path)] == path), None)
    rest = problem.path[4:] if problem.path[:1] == ("阶段",) else problem.path[2:]
    for position, added in enumerate(child.added_duties):
        if duty and added.code == duty.code:
            return Problem(("新增任务", position, *rest), problem.sentence, problem.key)
    for position, adjustment in enumerate(child.adjustments):
        if duty and adjustment.duty == duty.code:
            return Problem(("调整", position, *rest), problem.sentence, problem.key)
    return problem


class _Merging:
    """One merge: the parts as they become, the problems on the way, and who wrote what."""

    def __init__(self, child: Definition, parent: Definition) -> None:
        self.child, self.parent = child, parent
        self.problems: list[Problem] = []
        # Three levels: what the city wrote over the province is still told below the county.
        self.provenance: dict[str, str] = dict(parent.provenance) if isinstance(parent, Flattened) else {}
        self.who = f"{child.meta.code}@{child.meta.version}"

    def merged(self) -> Flattened:
        self.check_pin()
        self.check_sections()
        duties, stages = self.adjusted()
        changes = {
            "language": self.child.language,
            "inherits": self.child.inherits,
            "meta": self.meta(),
            "calendar": self.calendar(),
            "parameters": self.parameters(),
            "standing_duties": (*duties, *self.added(WHOLE_CAMPAIGN)),
            "stages": tuple(s.model_copy(update={"duties": (*s.duties, *self.added(s.code))}) for s in stages),
            "hazard": self.parent.hazard,
            "forms": {**self.parent.forms, **self.kept("forms", "表单", "fields", "字段")},
            "reports": {**self.parent.reports, **self.kept("reports", "报表", "cells", "指标")},
        }
        for name, alias in ONLY_NEW_NAMES.items():
            changes[name] = self.only_new(name, alias)
        pin = f"{self.parent.meta.code}@{self.parent.meta.version}"
        return Flattened.model_construct(
            **changes, adjustments=(), added_duties=(), parent=pin, provenance=self.provenance
        )

    def complain(self, path: Path, sentence: str, *, key: bool = False) -> None:
        self.problems.append(Problem(path, sentence, key))

    def check_pin(self) -> None:
        code, version = inherited(self.child.inherits or "")
        actual = self.parent.meta
        if (code, version) != (actual.code, actual.version):
            self.complain(
                ("继承",), f"继承的是“{code}@{version}”，上级模板现在是“{actual.code}@{actual.version}”，请核对后改写"
            )

    def check_sections(self) -> None:
        for name, alias in NOT_IN_AN_OVERLAY.items():
            if getattr(self.child, name):
                self.complain((alias,), f"继承上级的文件不能写“{alias}”，请用“调整”或“新增任务”", key=True)

    def meta(self) -> Any:
        own = {name: getattr(self.child.meta, name) for name in self.child.meta.model_fields_set}
        if own.get("span") and self.parent.meta.span:
            mine, theirs = span(own["span"]), span(self.parent.meta.span)
            if (
                theirs.start
                and theirs.end
                and mine.start
                and mine.end
                and not theirs.start <= mine.start <= mine.end <= theirs.end
            ):
                self.complain(("行动", "起止"), f"不能超出上级的起止（{self.parent.meta.span}）")
        return self.parent.meta.model_copy(update=own)

    def calendar(self) -> Any:
        old, own = self.parent.calendar, self.child.calendar
        rules = {
            "off_day_policy": ("遇非工作日", strictness.no_laxer_policy),
            "due_time": ("截止时刻", strictness.no_later_hour),
        }
        for name in own.model_fields_set & rules.keys():
            alias, is_stricter = rules[name]
            before, after = getattr(old, name), getattr(own, name)
            if not is_stricter(before, after):
                self.complain(("日历", alias), f"上级要求“{before}”，下级只能加严，不能改为“{after}”")
            self.provenance[f"日历.{alias}"] = self.who
        return old.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})

    def parameters(self) -> dict[str, Parameter]:
        merged = dict(self.parent.parameters)
        for name, own in self.child.parameters.items():
            known = self.parent.parameters.get(name)
            merged[name] = own
            if own.kind is None and known:
                self.check_parameter(name, known, own.default)
                merged[name] = known.model_copy(update={"default": own.default})
            elif known or own.kind is None:
                unknown = f"不是上级的参数{meant(name, self.parent.parameters)}"
                hint = "是上级的参数，只能改它的值，如 报送日: 22" if known else unknown
                self.complain(("参数", name), f"“{name}”{hint}", key=True)
            self.provenance[f"参数.{name}"] = self.who
        return merged

    def check_parameter(self, name: str, known: Parameter, value: str) -> None:
        path = ("参数", name)
        try:
            check(name, known, value)
        except PhraseError as problem:
            return self.complain(path, str(problem))
        if known.may_change == "否":
            return self.complain(path, f"上级没有允许下级改“{name}”")
        if not _moves_as_allowed(known, value):
            self.complain(path, f"上级定的“{name}”是{known.default}，下级{known.may_change}，不能改为{value}")
        return None

    def only_new(self, name: str, alias: str) -> dict[str, Any]:
        theirs, own = getattr(self.parent, name), getattr(self.child, name)
        for title in own.keys() & theirs.keys():
            self.complain((alias, title), f"“{title}”是上级定的{alias}，下级不能改，可以另起一个名字", key=True)
        self.provenance |= {f"{alias}.{title}": self.who for title in own}
        return {**own, **theirs}

    def kept(self, name: str, alias: str, parts: str, parts_alias: str) -> dict[str, Any]:
        """Forms and reports of the same name keep every field and cell of the superior and may add more."""
        theirs, own = getattr(self.parent, name), getattr(self.child, name)
        for title in own.keys() & theirs.keys():
            missing = [part.title for part in getattr(theirs[title], parts) if part not in getattr(own[title], parts)]
            if missing:
                self.complain((alias, title, parts_alias), f"不能删改上级的“{listed(missing)}”，只能增加")
        self.provenance |= {f"{alias}.{title}": self.who for title in own}
        return dict(own)

    def adjusted(self) -> tuple[tuple[Duty, ...], tuple[Stage, ...]]:
        standing, stages = list(self.parent.standing_duties), list(self.parent.stages)
        for position, adjustment in enumerate(self.child.adjustments):
            path: Path = ("调整", position)
            if (adjustment.duty is None) == (adjustment.stage is None):
                self.complain(path, "每条调整要写明一个“任务”或一个“阶段”的编号")
            elif adjustment.duty:
                self.adjust_duty(path, adjustment, standing, stages)
            else:
                self.adjust_stage(path, adjustment, stages)
        return tuple(standing), tuple(stages)

    def adjust_duty(self, path: Path, change: Adjustment, standing: list[Duty], stages: list[Stage]) -> None:
        for position, duty in enumerate(standing):
            if duty.code == change.duty:
                standing[position] = self.changed_duty(path, duty, change)
                return
        for number, stage in enumerate(stages):
            if any(duty.code == change.duty for duty in stage.duties):
                duties = tuple(self.changed_duty(path, d, change) if d.code == change.duty else d for d in stage.duties)
                stages[number] = stage.model_copy(update={"duties": duties})
                return
        self.complain((*path, "任务"), f"上级没有任务“{change.duty}”，请核对编号")

    def changed_duty(self, path: Path, duty: Duty, change: Adjustment) -> Duty:
        changed = self.changed(path, duty, _with_one_kind_of_due(change.changes))
        self.complaints(path, change, duty.code, lambda alias: strictness.duty_complaint(alias, duty, changed))
        return changed

    def adjust_stage(self, path: Path, change: Adjustment, stages: list[Stage]) -> None:
        for number, stage in enumerate(stages):
            if stage.code == change.stage:
                changed = stages[number] = self.changed(path, stage, change.changes)
                name = f"阶段.{stage.code}"
                self.complaints(path, change, name, lambda alias: strictness.stage_complaint(alias, stage, changed))  # noqa: B023
                return
        known = [stage.code for stage in stages]
        self.complain((*path, "阶段"), f"上级没有阶段“{change.stage}”{meant(change.stage or '', known)}")

    def complaints(self, path: Path, change: Adjustment, name: str, complaint: Any) -> None:
        for alias in change.changes:
            self.provenance[f"{name}.{alias}"] = self.who
            if sentence := _quietly(complaint, alias):
                self.complain((*path, alias), sentence)

    def changed(self, path: Path, part: W, changes: dict[str, Any]) -> W:
        written = part.model_dump(by_alias=True, exclude_unset=True) | changes
        try:
            return type(part).model_validate(written, by_alias=True, by_name=False)
        except ValidationError as invalid:
            for problem in mistakes.problems_of(type(part), invalid):
                self.complain((*path, *problem.path), problem.sentence, key=problem.key)
            return part

    def added(self, belongs_to: str) -> Iterator[Duty]:
        targets = (WHOLE_CAMPAIGN, *(stage.code for stage in self.parent.stages))
        for position, added in enumerate(self.child.added_duties):
            if belongs_to == WHOLE_CAMPAIGN and added.belongs_to not in targets:
                hint = meant(added.belongs_to, targets) or f"，可以写：{listed(targets)}"
                self.complain(("新增任务", position, "归入"), f"没有阶段“{added.belongs_to}”{hint}")
            if added.belongs_to == belongs_to:
                self.provenance[added.code] = self.who
                yield _as_duty(added)


def _as_duty(added: AddedDuty) -> Duty:
    return Duty.model_validate(added.model_dump(exclude={"belongs_to"}, exclude_unset=True))


def _with_one_kind_of_due(changes: dict[str, Any]) -> dict[str, Any]:
    """A 分期截止 takes the place of the superior's 截止, and the other way round."""
    if "分期截止" in changes and "截止" not in changes:
        return changes | {"截止": None}
    if "截止" in changes and "分期截止" not in changes:
        return changes | {"分期截止": ()}
    return changes


def _moves_as_allowed(known: Parameter, value: str) -> bool:
    if known.may_change == "是":
        return True
    if known.kind in ("整数", "工作日数"):
        more = int(value) - int(known.default)
        return more >= 0 if known.may_change == "只能增加" else more <= 0
    return strictness.no_later(known.default, value)


def _quietly(complaint: Any, alias: str) -> str:
    try:
        return str(complaint(alias))
    except (PhraseError, StopIteration):
        return ""  # an unreadable phrase or unknown key has its own message
