"""调整 and 新增任务: a lower level's changes put onto its superior's duties and stages, each checked for being stricter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from campaigns.definition import mistakes, strictness
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import AddedDuty, Adjustment, Definition, Duty
from campaigns.definition.parameters import ANY_YEAR, built_in, filled_in
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
        if standing := self._replaced(path, change, self.standing):
            self.standing = standing
            return
        for number, stage in enumerate(self.stages):
            if duties := self._replaced(path, change, stage.duties):
                self.stages[number] = stage.model_copy(update={"duties": duties})
                return
        self.findings.complain((*path, "任务"), f"上级没有任务“{change.duty}”，请核对编号")

    def _replaced(self, path: Path, change: Adjustment, duties: tuple[Duty, ...]) -> tuple[Duty, ...] | None:
        old = next((duty for duty in duties if duty.code == change.duty), None)
        if old is None:
            return None
        new = self._changed(path, old, _with_one_kind_of_due(change.changes))
        self._compare(path, change, strictness.duty_complaint, old, new)
        return tuple(new if duty is old else duty for duty in duties)

    def _adjust_stage(self, path: Path, change: Adjustment) -> None:
        for number, stage in enumerate(self.stages):
            if stage.code == change.stage:
                self.stages[number] = self._changed(path, stage, change.changes)
                self._compare(path, change, strictness.stage_complaint, stage, self.stages[number])
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

    def _compare(self, path: Path, change: Adjustment, complaint: Callable[[str, W, W], str], old: W, new: W) -> None:
        name = change.duty or f"阶段.{change.stage}"
        before, after = filled_in(old, self._defaults), filled_in(new, self._defaults)
        for alias in change.changes:
            self.findings.wrote(f"{name}.{alias}")
            try:
                sentence = complaint(alias, before, after)
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


def _with_one_kind_of_due(changes: dict[str, Any]) -> dict[str, Any]:
    """A 分期截止 takes the place of the superior's 截止, and the other way round."""
    if "分期截止" in changes and "截止" not in changes:
        return changes | {"截止": None}
    if "截止" in changes and "分期截止" not in changes:
        return changes | {"分期截止": ()}
    return changes
