"""调整 and 新增任务: a lower level's changes put onto its superior's duties and stages, each checked for being stricter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import ValidationError

from campaigns.definition import mistakes, strictness
from campaigns.definition.deadlines import deadline
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import AddedDuty, Adjustment, Definition, Duty, Stage
from campaigns.definition.parameters import ANY_YEAR, built_in, filled_in
from campaigns.definition.phrases import span
from campaigns.definition.strictness import Setting
from campaigns.definition.tree import Path
from campaigns.definition.wording import PhraseError, listed, meant
from campaigns.definition.written import Written

W = TypeVar("W", bound=Written)
WHOLE_CAMPAIGN = "全程"


@dataclass(slots=True)
class Findings:
    """What a merge finds: the problems, by the lower level's own paths, and who wrote what."""

    who: str
    provenance: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def complain(self, path: Path, sentence: str, *, key: bool = False) -> None:
        """Remember a problem."""
        self.problems.append(Problem(path, sentence, key))

    def wrote(self, name: str) -> None:
        """Remember that the lower level wrote this."""
        self.provenance[name] = self.who


class Adjusted:
    """The superior's duties and stages, with the lower level's adjustments put in one after the other."""

    def __init__(self, child: Definition, parent: Definition, findings: Findings) -> None:
        self.standing, self.stages = parent.standing_duties, list(parent.stages)
        self.findings = findings
        defaults = {name: parameter.default for name, parameter in parent.parameters.items()}
        # “每月{{ 报送日 }}日” is compared as what it is by default.
        self._defaults = built_in(None, ANY_YEAR) | defaults
        self._settings = settings(filled_in(parent, self._defaults))
        for position, change in enumerate(child.adjustments):
            self._adjust(("调整", position), change)
        for position, added in enumerate(child.added_duties):
            self._add(("新增任务", position), added)

    def _adjust(self, path: Path, change: Adjustment) -> None:
        if (change.duty is None) == (change.stage is None):
            self.findings.complain(path, "每条调整要写明一个“任务”或一个“阶段”的编号")
        elif change.stage:
            self._adjust_stage(path, change)
        else:
            self._adjust_duty(path, change)

    def _adjust_duty(self, path: Path, change: Adjustment) -> None:
        if standing := self._replaced(path, change, self.standing, self._settings[WHOLE_CAMPAIGN]):
            self.standing = standing
            return
        for number, stage in enumerate(self.stages):
            if duties := self._replaced(path, change, stage.duties, self._settings[stage.code]):
                self.stages[number] = stage.model_copy(update={"duties": duties})
                return
        self.findings.complain((*path, "任务"), f"上级没有任务“{change.duty}”，请核对编号")

    def _replaced(
        self, path: Path, change: Adjustment, duties: tuple[Duty, ...], setting: Setting
    ) -> tuple[Duty, ...] | None:
        old = next((duty for duty in duties if duty.code == change.duty), None)
        if old is None:
            return None
        new = self._changed(path, old, _with_one_kind_of_due(change.changes))
        before, after = self._filled(old), self._filled(new)
        self._told(path, change, lambda alias: strictness.duty_complaint(alias, before, after, setting))
        return tuple(new if duty is old else duty for duty in duties)

    def _adjust_stage(self, path: Path, change: Adjustment) -> None:
        for number, stage in enumerate(self.stages):
            if stage.code == change.stage:
                self.stages[number] = self._changed(path, stage, change.changes)
                self._compare_stages(path, change, stage, self.stages[number])
                return
        known = [stage.code for stage in self.stages]
        self.findings.complain((*path, "阶段"), f"上级没有阶段“{change.stage}”{meant(change.stage or '', known)}")

    def _changed(self, path: Path, part: W, changes: dict[str, Any]) -> W:
        written = part.model_dump(by_alias=True, exclude_unset=True) | changes
        try:
            return type(part).model_validate(written, by_alias=True, by_name=False)
        except ValidationError as invalid:
            for problem in mistakes.problems_of(type(part), invalid):
                self.findings.complain((*path, *problem.path), problem.sentence, key=problem.key)
            return part

    def _compare_stages(self, path: Path, change: Adjustment, old: Stage, new: Stage) -> None:
        setting, before, after = self._settings[WHOLE_CAMPAIGN], self._filled(old), self._filled(new)
        self._told(path, change, lambda alias: strictness.stage_complaint(alias, before, after, setting))

    def _filled(self, part: W) -> W:
        return filled_in(part, self._defaults)

    def _told(self, path: Path, change: Adjustment, complaint: Callable[[str], str]) -> None:
        name = change.duty or f"阶段.{change.stage}"
        for alias in change.changes:
            self.findings.wrote(f"{name}.{alias}")
            try:
                sentence = complaint(alias)
            except (PhraseError, StopIteration):
                continue  # an unreadable phrase or an unknown key has its own message
            if sentence:
                self.findings.complain((*path, alias), sentence)

    def _add(self, path: Path, added: AddedDuty) -> None:
        duty = Duty.model_validate(added.model_dump(exclude={"belongs_to"}, exclude_unset=True))
        self.findings.wrote(duty.code)
        if added.belongs_to == WHOLE_CAMPAIGN:
            self.standing = (*self.standing, duty)
            return
        for number, stage in enumerate(self.stages):
            if stage.code == added.belongs_to:
                self.stages[number] = stage.model_copy(update={"duties": (*stage.duties, duty)})
                return
        targets = (WHOLE_CAMPAIGN, *(stage.code for stage in self.stages))
        hint = meant(added.belongs_to, targets) or f"，可以写：{listed(targets)}"
        self.findings.complain((*path, "归入"), f"没有阶段“{added.belongs_to}”{hint}")


def settings(definition: Definition) -> dict[str, Setting]:
    """Return where the duties of each stage, and of 全程, stand on the calendar as written."""
    written = span(definition.meta.span)
    first = written.start or strictness.SAMPLE[0]
    campaign = (first, written.from_start(first))
    found = {WHOLE_CAMPAIGN: Setting(definition.calendar, campaign, campaign)}
    opens = first
    for stage in definition.stages:
        whole = Setting(definition.calendar, campaign, (opens, campaign[1]))
        (where,) = whole.places(None)
        opens = deadline(stage.opens).day.on(where) if stage.opens else opens
        closes = max(opens, deadline(stage.due).day.on(where))
        found[stage.code] = Setting(definition.calendar, campaign, (opens, closes))
        opens = closes + timedelta(days=1)
    return found


def _with_one_kind_of_due(changes: dict[str, Any]) -> dict[str, Any]:
    """A 分期截止 takes the place of the superior's 截止, and the other way round."""
    if "分期截止" in changes and "截止" not in changes:
        return changes | {"截止": None}
    if "截止" in changes and "分期截止" not in changes:
        return changes | {"分期截止": ()}
    return changes
