"""Dates that a notice gets wrong: no span, stages in disorder, a deadline outside the campaign."""

from collections.abc import Iterator
from datetime import date

from campaigns.definition.checks.readable import readable
from campaigns.definition.deadlines import WrittenDate, deadline
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition
from campaigns.definition.phrases import span
from campaigns.definition.tree import Path


def span_missing(definition: Definition) -> Iterator[Problem]:
    """A campaign says when it runs."""
    if not definition.meta.span:
        yield Problem(("行动",), "缺少“起止”，如 2023年5月1日 至 2023年12月31日，或 启动起100天")


def stages_out_of_order(definition: Definition) -> Iterator[Problem]:
    """Stages are written in the order of their ends, and none ends before it opens."""
    latest: tuple[date, str] | None = None
    for position, stage in enumerate(definition.stages):
        opens, ends = _written(stage.opens), _written(stage.due)
        if opens and ends and ends < opens:
            yield Problem(("阶段", position, "截止"), f"“{stage.code}”的截止早于它的开始")
        if ends and latest and ends < latest[0]:
            yield Problem(
                ("阶段", position, "截止"), f"“{stage.code}”的截止早于前一阶段“{latest[1]}”，请核对日期或调整顺序"
            )
        latest = (ends, stage.code) if ends else latest


def dates_outside_the_campaign(definition: Definition) -> Iterator[Problem]:
    """A written date that lies before the first or after the last day of the campaign."""
    whole = readable(span, definition.meta.span)
    if whole is None or whole.start is None or whole.end is None:
        return
    for path, text in _deadlines(definition):
        day = _written(text)
        if day and not whole.start <= day <= whole.end:
            yield Problem(path, f"“{text}”不在行动起止（{definition.meta.span}）之内")


def _deadlines(definition: Definition) -> Iterator[tuple[Path, str | None]]:
    for path, duty in definition.duty_paths():
        yield (*path, "截止"), duty.due
        yield (*path, "开始"), duty.opens
    for position, stage in enumerate(definition.stages):
        yield ("阶段", position, "截止"), stage.due
        yield ("阶段", position, "开始"), stage.opens
        for number, milestone in enumerate(stage.milestones):
            yield ("阶段", position, "里程碑", number, "截止"), milestone.due


def _written(text: str | None) -> date | None:
    found = readable(deadline, text)
    return found.day.as_written if found and isinstance(found.day, WrittenDate) and not found.day.fixed else None
