"""Definition → dated plan. The one expander: preview, simulate and launch call the same `expand`.

Re-dating. A notice's file carries the notice's own dates. Launched from another day, its written dates (2023年5月底) move by the
whole months between the written first month and the chosen one, so that 月底 stays 月底 and stages keep their length; what is
bound to the calendar (每月25日, 季末, 6月底 without a year) stays where the calendar has it; “定于…” never moves.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice

from campaigns.date_words import day_words
from campaigns.definition import checks
from campaigns.definition.deadlines import deadline
from campaigns.definition.model import Definition, Stage
from campaigns.definition.months import FIRST_YEAR, LAST_YEAR, months_between, shift
from campaigns.definition.parameters import START, YEAR, fill, filled_in, not_stated, values
from campaigns.definition.phrases import Span, span
from campaigns.definition.wording import clock_time, squeeze
from campaigns.errors import Invalid
from campaigns.rules.dates.calendar import WorkCalendar
from campaigns.rules.dates.occurrences import Frame, Notes, occurrences
from campaigns.rules.dates.plan import DatedMilestone, DatedStage, Occurrence, Plan
from campaigns.rules.quotes import quoted

__all__ = ["DatedMilestone", "DatedStage", "Occurrence", "Plan", "expand", "resolve"]

MOST_OCCURRENCES = 50_000
_DATE = re.compile(r"(\d{4})(?:-|年)(\d{1,2})(?:-|月)(\d{1,2})日?")


def expand(
    definition: Definition,
    *,
    starts_on: date | None = None,
    parameters: Mapping[str, object] | None = None,
    calendar: WorkCalendar | None = None,
    launched_on: date | None = None,
) -> Plan:
    """Lay a campaign out on the calendar.

    Without `starts_on` (or the parameters 启动日期 or 年度) the notice's own dates stand. With `launched_on`, periods whose due
    date is past by then are skipped and said to be; a one-off that is past stays, with a warning.

    Raises:
        Invalid: a parameter out of bounds, no start where one is needed, or an overlay without its superior.
    """
    given = dict(parameters or {})
    starts_on, ends_on, moved_by = _dates(definition, starts_on, given)
    if launched_on and launched_on > ends_on:
        over = f"按方案的日期，行动到{day_words(ends_on)}已经结束。"
        raise Invalid(over, fields={START: "请填写启动日期，按新的日期排期"})
    resolved = resolve(definition, given, starts_on=starts_on)
    policy, due_time = resolved.calendar.off_day_policy, clock_time(resolved.calendar.due_time)
    frame = Frame(starts_on, ends_on, moved_by, policy, due_time, calendar or WorkCalendar(), launched_on)
    notes = Notes(list(_opening_remarks(definition, given, moved_by)))
    stages = tuple(_stages(resolved, frame, notes))
    dated = tuple(islice(_all(resolved, stages, frame, notes), MOST_OCCURRENCES + 1))
    if len(dated) > MOST_OCCURRENCES:
        raise Invalid(f"这个行动排出的任务超过{MOST_OCCURRENCES}项，请减少频次或缩短起止。")
    years = {occurrence.due_on.year for occurrence in dated} | {starts_on.year, ends_on.year}
    return Plan(
        starts_on=starts_on,
        ends_on=ends_on,
        stages=stages,
        occurrences=tuple(occurrence for occurrence in dated if not occurrence.event_driven),
        on_event=tuple(occurrence for occurrence in dated if occurrence.event_driven),
        milestones=tuple(_milestones(resolved, stages, frame)),
        warnings=(*notes.warnings, *notes.skipped, *frame.calendar.warnings(years)),
        skipped=tuple(notes.skipped),
    )


def resolve(definition: Definition, parameters: Mapping[str, object], *, starts_on: date | None = None) -> Definition:
    """Return the definition with its parameters filled in, checked again where values other than the defaults were given.

    Raises:
        Invalid: a value out of bounds, or one that does not fit where it is used.
    """
    given = {name: value for name, value in parameters.items() if name not in (START, YEAR)}
    resolved = filled_in(definition, values(definition, given, starts_on=starts_on))
    problems = [problem.sentence for problem in checks.problems(resolved)] if given else []
    if problems:
        raise Invalid(f"参数和任务对不上：{'；'.join(problems)}", advice="请改正参数后再预演或启动。")
    return resolved


def _dates(definition: Definition, starts_on: date | None, given: Mapping[str, object]) -> tuple[date, date, int]:
    """Return the first day, the last day, and by how many months the written dates move."""
    if not definition.meta.span:
        raise Invalid("这是一份“继承+调整”的模板，要和上级模板合并后才能排期。", advice="请先取得上级模板。")
    written = span(fill(definition.meta.span, values(definition, {}, starts_on=None)))
    chosen = starts_on or _chosen_start(written, given)
    if chosen is None:
        raise Invalid("这个行动从启动日算起，请给出启动日期。", fields={START: "请填写启动日期"})
    if not FIRST_YEAR <= chosen.year <= LAST_YEAR:
        raise Invalid(
            f"启动日期{day_words(chosen)}不对，年份要在{FIRST_YEAR}到{LAST_YEAR}之间。", fields={START: "年份不对"}
        )
    moved_by = months_between(written.start, chosen) if written.start else 0
    ends_on = written.from_start(chosen)
    if ends_on < chosen:
        raise Invalid(
            f"启动日{day_words(chosen)}晚于行动结束{day_words(ends_on)}。", fields={START: "请选更早的启动日期"}
        )
    return chosen, ends_on, moved_by


def _chosen_start(written: Span, given: Mapping[str, object]) -> date | None:
    if START in given:
        return _date(str(given[START]))
    if written.start and YEAR in given:
        return shift(written.start, 12 * (_year(str(given[YEAR])) - written.start.year))
    return written.start


def _date(text: str) -> date:
    match = _DATE.fullmatch(squeeze(text))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"看不懂启动日期“{text}”，请写成 2026-11-22 这样。", fields={START: "日期不对"}) from None


def _year(text: str) -> int:
    if not re.fullmatch(r"20\d{2}", squeeze(text).removesuffix("年")):
        raise Invalid(f"看不懂年度“{text}”，请写四位数字，如 2027。", fields={YEAR: "年度不对"})
    return int(squeeze(text).removesuffix("年"))


def _stages(definition: Definition, frame: Frame, notes: Notes) -> Iterator[DatedStage]:
    next_opens = frame.starts_on
    for position, stage in enumerate(definition.stages, 1):
        dated = _stage(stage, position, next_opens, frame)
        if dated.closes_on == frame.ends_on and position < len(definition.stages):
            notes.warn(f"阶段“{stage.code}”一直到行动结束。")
        next_opens = min(dated.closes_on + timedelta(days=1), frame.ends_on)
        yield dated


def _stage(stage: Stage, position: int, inferred: date, frame: Frame) -> DatedStage:
    rest = (inferred, frame.ends_on)
    where = frame.where(rest, rest)
    opens_on = max(deadline(stage.opens).day.on(where), frame.starts_on) if stage.opens else inferred
    from_then = (opens_on, frame.ends_on)
    closes_on = deadline(stage.due).day.on(frame.where(from_then, from_then))
    return DatedStage(
        code=stage.code,
        title=stage.title or stage.code,
        position=position,
        opens_on=opens_on,
        opens_inferred=stage.opens is None,
        closes_on=max(opens_on, min(closes_on, frame.ends_on)),
        enter_when=stage.enter_when,
        complete_when=stage.complete_when,
    )


def _all(definition: Definition, stages: tuple[DatedStage, ...], frame: Frame, notes: Notes) -> Iterator[Occurrence]:
    by_code = {stage.code: stage for stage in stages}
    for duty, stage in definition.duties:
        dated = tuple(occurrences(duty, by_code[stage.code] if stage else None, frame, notes))
        if not dated:
            notes.warn(f"{quoted(duty.title)}在本行动期间没有排出任何一期，请核对。")
        yield from dated


def _milestones(definition: Definition, stages: tuple[DatedStage, ...], frame: Frame) -> Iterator[DatedMilestone]:
    for stage, dated in zip(definition.stages, stages, strict=True):
        window = (dated.opens_on, dated.closes_on)
        for milestone in stage.milestones:
            due_on = deadline(milestone.due).day.on(frame.where(window, window))
            yield DatedMilestone(milestone.code, stage.code, due_on, milestone.condition)


def _opening_remarks(definition: Definition, given: Mapping[str, object], moved_by: int) -> Iterator[str]:
    if moved_by:
        way = "后移" if moved_by > 0 else "前移"
        yield f"方案里写明的日期整体{way}{abs(moved_by)}个月；每月、每季等按日历走的不变。"
    if inferred := "、".join(stage.code for stage in definition.stages if stage.opens is None):
        yield f"方案只写了截止的阶段，开始时间是推定的：{inferred}。"
    for name in not_stated(definition, given):
        yield f"“{name}”通知没有写明，预演用默认值“{definition.parameters[name].default}”，启动时须填写。"
