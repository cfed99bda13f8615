"""继承 省 → 市 → 县: a lower level writes only what differs; merged by 编号, tighten-only, every change remembered.

Single parent, pinned to a version. What the superior marks 下级可改 is free; everything else may only ask for more. `Merging`
goes section by section; `adjustments` puts the changes onto duties and stages; `strictness` says what “more” means for each key.
"""

from typing import Any

from campaigns.definition import strictness
from campaigns.definition.adjustments import Adjusted, Findings
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import CalendarRules, Definition, Flattened, Meta, Parameter, SpotCheckRules
from campaigns.definition.parameters import check
from campaigns.definition.phrases import inherited, span
from campaigns.definition.wording import PhraseError, listed, meant

NOT_IN_AN_OVERLAY = {"standing_duties": "全程任务", "stages": "阶段", "hazard": "隐患"}
STRICTER_CALENDAR = {
    "off_day_policy": ("遇非工作日", strictness.no_laxer_policy),
    "due_time": ("截止时刻", strictness.no_later_hour),
}


def merge(child: Definition, parent: Definition) -> tuple[Flattened, list[Problem]]:
    """Return the merged definition and what is wrong with the overlay, by its own paths."""
    merging = _Merging(child, parent)
    return merging.merged(), merging.findings.problems


def as_written(child: Definition, flat: Definition, problem: Problem) -> Problem:
    """Point a problem of the flattened plan at the lower level's own line that caused it."""
    path, duty = next(((p, d) for p, d in flat.duty_paths() if problem.path[: len(p)] == p), ((), None))
    if duty is None:
        return problem
    rest = problem.path[len(path) :]
    for position, added in enumerate(child.added_duties):
        if added.code == duty.code:
            return Problem(("新增任务", position, *rest), problem.sentence, problem.key)
    for position, adjustment in enumerate(child.adjustments):
        if adjustment.duty == duty.code:
            return Problem(("调整", position, *rest), problem.sentence, problem.key)
    return problem


class _Merging:
    """One merge, section by section."""

    def __init__(self, child: Definition, parent: Definition) -> None:
        self.child, self.parent = child, parent
        # Three levels: what the city wrote over the province is still told below the county.
        provenance = dict(parent.provenance) if isinstance(parent, Flattened) else {}
        self.findings = Findings(f"{child.meta.code}@{child.meta.version}", provenance)

    def merged(self) -> Flattened:
        self.check_pin()
        self.check_sections()
        adjusted = Adjusted(self.child, self.parent, self.findings)
        return Flattened.model_construct(
            language=self.child.language,
            inherits=self.child.inherits,
            parent=f"{self.parent.meta.code}@{self.parent.meta.version}",
            meta=self.meta(),
            calendar=self.calendar(),
            parameters=self.parameters(),
            standing_duties=adjusted.standing,
            stages=tuple(adjusted.stages),
            hazard=self.parent.hazard,
            spot_check=self.spot_check(),
            forms=self.kept("forms", "表单", "fields", "字段"),
            reports=self.kept("reports", "报表", "cells", "指标"),
            adjustments=(),
            added_duties=(),
            provenance=self.findings.provenance,
            roles=self.only_new("roles", "角色"),
            audiences=self.only_new("audiences", "对象"),
            reminders=self.only_new("reminders", "催办"),
            escalations=self.only_new("escalations", "升级"),
            rankings=self.only_new("rankings", "排名"),
            bonuses=self.only_new("bonuses", "加分"),
        )

    def check_pin(self) -> None:
        code, version = inherited(self.child.inherits or "")
        actual = self.parent.meta
        if (code, version) != (actual.code, actual.version):
            sentence = f"继承的是“{code}@{version}”，上级模板现在是“{actual.code}@{actual.version}”，请核对后改写"
            self.findings.complain(("继承",), sentence)

    def check_sections(self) -> None:
        for name, alias in NOT_IN_AN_OVERLAY.items():
            if getattr(self.child, name):
                sentence = f"继承上级的文件不能写“{alias}”，请用“调整”或“新增任务”"
                self.findings.complain((alias,), sentence, key=True)

    def meta(self) -> Meta:
        own = {name: getattr(self.child.meta, name) for name in self.child.meta.model_fields_set}
        if own.get("span") and not _inside(own["span"], self.parent.meta.span):
            self.findings.complain(("行动", "起止"), f"不能超出上级的起止（{self.parent.meta.span}）")
        return self.parent.meta.model_copy(update=own)

    def calendar(self) -> CalendarRules:
        old, own = self.parent.calendar, self.child.calendar
        for name in sorted(own.model_fields_set & STRICTER_CALENDAR.keys()):
            alias, is_stricter = STRICTER_CALENDAR[name]
            before, after = getattr(old, name), getattr(own, name)
            self.findings.wrote(f"日历.{alias}")
            if not is_stricter(before, after):
                sentence = f"上级要求“{before}”，下级只能加严，不能改为“{after}”"
                self.findings.complain(("日历", alias), sentence)
        return old.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})

    def spot_check(self) -> SpotCheckRules:
        """Who is looked at more closely is each bureau's own affair: a lower level may set any threshold."""
        own = self.child.spot_check
        for name in sorted(own.model_fields_set):
            self.findings.wrote(f"抽查.{SpotCheckRules.model_fields[name].alias}")
        return self.parent.spot_check.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})

    def parameters(self) -> dict[str, Parameter]:
        merged = dict(self.parent.parameters)
        for name, own in self.child.parameters.items():
            known = self.parent.parameters.get(name)
            self.findings.wrote(f"参数.{name}")
            merged[name] = own
            if own.kind is None and known:
                merged[name] = known.model_copy(update={"default": own.default})
                if sentence := _parameter_complaint(name, known, own.default):
                    self.findings.complain(("参数", name), sentence)
            elif known:
                sentence = f"“{name}”是上级的参数，只能改它的值，如 {name}: {known.default}"
                self.findings.complain(("参数", name), sentence, key=True)
            elif own.kind is None:
                hint = meant(name, self.parent.parameters)
                self.findings.complain(("参数", name), f"“{name}”不是上级的参数{hint}", key=True)
        return merged

    def only_new(self, name: str, alias: str) -> dict[str, Any]:
        theirs, own = getattr(self.parent, name), getattr(self.child, name)
        for title in own:
            self.findings.wrote(f"{alias}.{title}")
            if title in theirs:
                sentence = f"“{title}”是上级定的{alias}，下级不能改，可以另起一个名字"
                self.findings.complain((alias, title), sentence, key=True)
        return {**own, **theirs}

    def kept(self, name: str, alias: str, parts: str, parts_alias: str) -> dict[str, Any]:
        """Forms and reports of the same name keep every field and cell of the superior and may add more."""
        theirs, own = getattr(self.parent, name), getattr(self.child, name)
        for title, paper in own.items():
            self.findings.wrote(f"{alias}.{title}")
            before = getattr(theirs[title], parts) if title in theirs else ()
            if missing := [part.title for part in before if part not in getattr(paper, parts)]:
                sentence = f"不能删改上级的“{listed(missing)}”，只能增加"
                self.findings.complain((alias, title, parts_alias), sentence)
        return {**theirs, **own}


def _inside(own: str, theirs: str) -> bool:
    mine, whole = span(own), span(theirs)
    if whole.start is None or whole.end is None or mine.start is None or mine.end is None:
        return True
    return whole.start <= mine.start <= mine.end <= whole.end


def _parameter_complaint(name: str, known: Parameter, value: str) -> str:
    try:
        check(name, known, value)
    except PhraseError as problem:
        return str(problem)
    if known.may_change == "否":
        return f"上级没有允许下级改“{name}”"
    allowed = known.may_change == "是" or _moves_as_allowed(known, value)
    return "" if allowed else f"上级定的“{name}”是{known.default}，下级{known.may_change}，不能改为{value}"


def _moves_as_allowed(known: Parameter, value: str) -> bool:
    if known.kind in ("整数", "工作日数"):
        more = int(value) - int(known.default)
        return more >= 0 if known.may_change == "只能增加" else more <= 0
    return strictness.no_later_in_any_period(known.default, value)
