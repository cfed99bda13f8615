"""What changed between two definitions, by meaning: keyed by 编号 and name, never by position or line.

For the clerk who compares his copy with the superior's (`rectify diff`). What would happen to tasks already sent out is
decided on the dated plans (rules/amending).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from campaigns.definition.model import Definition
from campaigns.definition.wording import listed
from campaigns.definition.written import NO, YES, Written

ChangeKind = Literal["新增", "删除", "改动"]
Thing = tuple[str, str]
# Sections whose entries are named; the word is what a clerk calls one entry.
NAMED = {
    "parameters": "参数",
    "roles": "角色",
    "audiences": "对象",
    "reminders": "催办",
    "escalations": "升级",
    "rankings": "排名",
    "bonuses": "加分",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `section` and `code` say what, `key` which line of it; `before` and `after` are shown as written."""

    kind: ChangeKind
    section: str
    code: str
    title: str
    key: str = ""
    before: str = ""
    after: str = ""

    @property
    def sentence(self) -> str:
        """The difference in words: 任务QY-02“全员安全警示教育”：“频次”由“每月1次”改为“每月2次”."""
        name = f"{self.section}{self.code}" + (f"“{self.title}”" if self.title not in ("", self.code) else "")
        if self.kind != "改动":
            return f"{self.kind}{name}"
        if not self.before:
            return f"{name}：增加“{self.key}”“{self.after}”"
        return f"{name}：“{self.key}”由“{self.before}”" + (f"改为“{self.after}”" if self.after else "改为不写")


def compare(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Return every difference of meaning, in the order of the new definition, what was removed last."""
    before, after = dict(_things(old)), dict(_things(new))
    return tuple(_differences(before, after))


def _differences(before: Mapping[Thing, dict[str, str]], after: Mapping[Thing, dict[str, str]]) -> Iterator[Change]:
    for (section, code), now in after.items():
        was = before.get((section, code))
        title = now.get("名称", "")
        if was is None:
            yield Change("新增", section, code, title)
            continue
        for key in dict.fromkeys((*now, *was)):
            if was.get(key, "") != now.get(key, ""):
                yield Change("改动", section, code, title, key, was.get(key, ""), now.get(key, ""))
    for (section, code), was in before.items():
        if (section, code) not in after:
            yield Change("删除", section, code, was.get("名称", ""))


def _things(definition: Definition) -> Iterator[tuple[Thing, dict[str, str]]]:
    yield ("行动", ""), _lines(definition.meta)
    yield ("日历", ""), _lines(definition.calendar)
    for name, word in NAMED.items():
        for title, part in getattr(definition, name).items():
            yield (word, title), _lines(part)
    for duty, stage in definition.duties:
        yield ("任务", duty.code), {**_lines(duty), "归入": stage.code if stage else "全程"}
    for stage in definition.stages:
        yield ("阶段", stage.code), _lines(stage, without=("任务", "里程碑"))
        for milestone in stage.milestones:
            yield ("里程碑", milestone.code), _lines(milestone)
    if definition.hazard:
        yield ("隐患", ""), _lines(definition.hazard)
    yield ("抽查", ""), _lines(definition.spot_check)
    yield from _papers(definition)


def _papers(definition: Definition) -> Iterator[tuple[Thing, dict[str, str]]]:
    for name, report in definition.reports.items():
        yield ("报表", name), _lines(report, without=("指标",))
        for cell in report.cells:
            yield ("指标", f"{name}.{cell.code}"), _lines(cell)
    for name, form in definition.forms.items():
        yield ("表单", name), _lines(form, without=("字段",))
        for field in form.fields:
            yield ("栏目", f"{name}.{field.title}"), _lines(field, without=("名称",))


def _lines(part: Any, without: tuple[str, ...] = ()) -> dict[str, str]:
    if not isinstance(part, Written):
        return {"内容": _shown(part)}
    fields = type(part).model_fields
    lines = {str(field.alias): _shown(getattr(part, name)) for name, field in fields.items() if name != "code"}
    return {alias: text for alias, text in lines.items() if alias not in without}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Written):
        return listed(f"{alias}：{text}" for alias, text in _lines(value).items() if text)
    if isinstance(value, tuple):
        return ("；" if any(isinstance(item, Written) for item in value) else "、").join(_shown(item) for item in value)
    return "" if value is None else str(value)
