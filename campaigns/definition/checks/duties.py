"""A duty in itself: its frequency, deadlines, splits and persons fit together."""

from collections.abc import Iterator

from campaigns.definition.checks.readable import readable
from campaigns.definition.deadlines import (
    CampaignDay,
    Deadline,
    MonthlyDay,
    PeriodEnd,
    StageEnd,
    WrittenDate,
    YearlyDate,
    deadline,
)
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition, Duty
from campaigns.definition.phrases import Frequency, frequency

LENGTH = {"周": 1, "旬": 2, "月": 3, "季度": 4, "半年": 5, "年": 6}
ENDS = {"周": "周末", "旬": "旬末", "月": "月末", "季度": "季末", "半年": "半年末", "年": "年末"}


def frequency_and_deadline(definition: Definition) -> Iterator[Problem]:
    """“每月25日” needs a 频次; “每月1次” cannot be due at 季末."""
    for path, duty in definition.duty_paths():
        often = readable(frequency, duty.frequency)
        if duty.frequency and (often is None or often.event_driven):
            continue
        for where, text in _dues(duty):
            due = readable(deadline, text)
            if due and (complaint := _misfit(often, due, text)):
                yield Problem((*path, *where), complaint)


def _dues(duty: Duty) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if duty.due:
        yield ("截止",), duty.due
    yield from ((("分期截止", position), text) for position, text in enumerate(duty.split_dues))


def _misfit(often: Frequency | None, due: Deadline, text: str) -> str:
    day = due.day
    if often is None:
        return f"“{text}”是每期的截止，要先写“频次”" if day.recurs else ""
    name = f"每{often.unit}{often.times}次"
    if isinstance(day, WrittenDate | StageEnd | CampaignDay) or (isinstance(day, YearlyDate) and often.unit != "年"):
        return f"“{name}”的截止要写每期的哪一天，如“{ENDS[often.unit]}”，不能写“{text}”"
    if isinstance(day, MonthlyDay) and LENGTH[often.unit] < LENGTH["月"]:
        return f"“{name}”的截止不能按月写“{text}”，可以写“{ENDS[often.unit]}”"
    if isinstance(day, PeriodEnd) and LENGTH.get(day.unit, 0) > LENGTH[often.unit]:
        return f"“{name}”的截止不能是“{text}”，可以写“{ENDS[often.unit]}”或“期末”"
    return ""


def split_deadlines(definition: Definition) -> Iterator[Problem]:
    """每月2次 has two split deadlines, in order, and no other."""
    for path, duty in definition.duty_paths():
        if not duty.split_dues:
            continue
        often, count = readable(frequency, duty.frequency), len(duty.split_dues)
        if not duty.frequency:
            yield Problem((*path, "分期截止"), "写了“分期截止”，要先写“频次”")
        elif often and not often.event_driven and often.times != count:
            yield Problem((*path, "分期截止"), f"“{duty.frequency}”要有{often.times}个分期截止，现在写了{count}个")
        if duty.due:
            yield Problem((*path, "截止"), "“截止”和“分期截止”只能写一个")
        days = [
            found.day.day
            for text in duty.split_dues
            if (found := readable(deadline, text)) and isinstance(found.day, MonthlyDay)
        ]
        if days != sorted(set(days)):
            yield Problem((*path, "分期截止"), "分期截止要从早到晚，不能重复")


EVENT_KEYS = (
    ("due", "截止"),
    ("split_dues", "分期截止"),
    ("reminder", "催办"),
    ("escalation", "升级"),
    ("reviewer", "审核"),
)


def events_with_dates(definition: Definition) -> Iterator[Problem]:
    """每次作业前 is not scheduled, so it has no dates, ladders or review: each record stands by itself."""
    for path, duty in definition.duty_paths():
        wrong = [alias for name, alias in EVENT_KEYS if duty.event_driven and getattr(duty, name)]
        if wrong:
            names = "".join(f"“{alias}”" for alias in wrong)
            yield Problem((*path, wrong[0]), f"“{duty.frequency}”随事件做、不排期，不能写{names}", key=True)


def responsible_persons(definition: Definition) -> Iterator[Problem]:
    """责任人 is a post inside the enterprise that has the duty."""
    for path, duty in definition.duty_paths():
        role = definition.roles.get(duty.responsible or "")
        if role and role.level != "企业":
            yield Problem((*path, "责任人"), f"“{duty.responsible}”不是企业里的岗位，部门任务不用写责任人")
        elif role and duty.audience in definition.roles:
            yield Problem((*path, "责任人"), f"“{duty.audience}”是单位，不用写企业里的责任人“{duty.responsible}”")
