"""How a simulated campaign is written down: as data for programs, as lines for people."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from campaigns.date_words import day_words
from campaigns.definition.model import Definition
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.dates.plan import Occurrence, Plan
from campaigns.rules.ladders.reminders import rungs


def as_data(definition: Definition, plan: Plan) -> dict[str, Any]:
    """Return the simulation as plain values, dates in ISO form."""
    return {
        "occurrences": [
            {
                "duty": occurrence.duty,
                "title": occurrence.title,
                "period": occurrence.period,
                "seq": occurrence.seq,
                "due": occurrence.due_on.isoformat(),
                "nominal": occurrence.nominal_on.isoformat(),
                "stage": occurrence.stage,
                "audience": occurrence.audience,
            }
            for occurrence in plan.occurrences
        ],
        "messages_per_day": {day.isoformat(): count for day, count in messages_per_day(definition, plan).items()},
        "warnings": list(plan.warnings),
    }


def as_lines(definition: Definition, plan: Plan) -> Iterator[str]:
    """Yield the simulation as a clerk reads it: stages, dated work, messages, remarks."""
    yield f"{definition.meta.title}    {day_words(plan.starts_on)}至{day_words(plan.ends_on)}"
    for stage in plan.stages:
        inferred = "（开始日期为推定）" if stage.opens_inferred else ""
        yield f"  {stage.title}：{day_words(stage.opens_on)}至{day_words(stage.closes_on)}{inferred}"
    yield f"共 {len(plan.occurrences)} 项有期限的工作："
    yield from (_line(occurrence) for occurrence in sorted(plan.occurrences, key=lambda one: (one.due_on, one.duty)))
    messages = messages_per_day(definition, plan)
    yield f"消息：{len(messages)} 天有消息，每类对象每天至多一条，合计 {sum(messages.values())} 条。"
    yield from (f"说明：{warning}" for warning in plan.warnings)


def messages_per_day(definition: Definition, plan: Plan) -> dict[date, int]:
    """Count messages by day: each audience gets one digest a day at most, and all work is done by its due date."""
    calendar = WorkCalendar()
    told: dict[date, set[str]] = defaultdict(set)
    for occurrence in plan.occurrences:
        told[max(occurrence.opens_on, plan.starts_on)].add(occurrence.audience)
        ladder = definition.reminders.get(occurrence.reminder or "")
        for rung in rungs(ladder, occurrence.due_on, calendar) if ladder else ():
            if plan.starts_on <= rung.on <= occurrence.due_on:
                told[rung.on].add(occurrence.audience)
    return {day: len(audiences) for day, audiences in sorted(told.items())}


def _line(occurrence: Occurrence) -> str:
    label = period_label(occurrence.period, occurrence.seq, occurrence.quota)
    moved = f"（原{day_words(occurrence.nominal_on)}，{occurrence.moved_reason}）" if occurrence.moved_reason else ""
    work = f"{occurrence.duty}  {occurrence.title} {label}"
    return f"  {day_words(occurrence.due_on)}  {work}  {occurrence.audience}{moved}"
