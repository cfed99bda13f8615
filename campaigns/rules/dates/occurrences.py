"""One duty → its dated occurrences: the quota of every period, on days that exist, moved by the working-day rule.

No period is ever left out in silence: what is skipped or cut short leaves a sentence in `Notes`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time

from campaigns.date_words import day_words
from campaigns.definition.deadlines import AfterPeriod, Day, Deadline, NextYear, StageEnd, Where, WrittenDate, deadline
from campaigns.definition.model import Duty
from campaigns.definition.periods import Period, is_calendar, periods
from campaigns.definition.phrases import Frequency, frequency
from campaigns.rules.dates.calendar import WorkCalendar, spoken
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.dates.plan import DatedStage, Occurrence
from campaigns.rules.quotes import quoted


@dataclass(slots=True)
class Notes:
    """What the bureau should know about the plan, in sentences."""

    warnings: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        """Remember something uncertain or cut short."""
        self.warnings.append(sentence)

    def skip(self, sentence: str) -> None:
        """Remember something left out."""
        self.skipped.append(sentence)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all duties of one campaign share. `launched_on` is None in a plan that is not launched."""

    starts_on: date
    ends_on: date
    moved_by: int
    off_day_policy: str
    due_time: time
    calendar: WorkCalendar
    launched_on: date | None = None

    def where(self, window: tuple[date, date], period: tuple[date, date]) -> Where:
        """Return what a deadline in this window and period is relative to."""
        return Where(self.starts_on, *window, *period, self.calendar.add_working_days, self.moved_by)


@dataclass(frozen=True, slots=True)
class Slot:
    """One place to be dated: which time in which period, between which days, due when."""

    period: str
    seq: int
    quota: int
    opens_on: date
    ends_on: date
    due: Deadline
    where: Where


def occurrences(duty: Duty, stage: DatedStage | None, frame: Frame, notes: Notes) -> Iterator[Occurrence]:
    """Yield the dated occurrences of one duty, in order."""
    window = (stage.opens_on, stage.closes_on) if stage else (frame.starts_on, frame.ends_on)
    if duty.opens:
        opens_on = deadline(duty.opens).day.on(frame.where(window, window))
        window = (min(max(opens_on, frame.starts_on), window[1]), window[1])
    often = frequency(duty.frequency) if duty.frequency else None
    if often is None or often.event_driven:
        yield from _once(duty, stage, window, frame, notes)
        return
    for slot in _slots(duty, often, window, frame, notes):
        if found := _dated(duty, stage, slot, frame, notes):
            yield found


def _once(
    duty: Duty, stage: DatedStage | None, window: tuple[date, date], frame: Frame, notes: Notes
) -> Iterator[Occurrence]:
    due = deadline(duty.due or "阶段末")
    code = stage.code if stage else "once"
    label = f"{code}阶段" if is_calendar(code) else code  # a stage called 2024 is not the year
    slot = Slot(label, 1, 1, window[0], frame.ends_on, due, frame.where(window, window))
    nominal = _clipped(duty, slot, notes)
    if nominal < frame.starts_on:
        notes.warn(f"{quoted(duty.title)}的截止{spoken(nominal)}早于启动日，请核对。")
    if nominal > frame.ends_on:
        notes.warn(f"{quoted(duty.title)}的截止{day_words(nominal)}晚于行动结束，请核对。")
    elif stage and nominal > stage.closes_on and not _points_beyond(due.day):
        # 6月底 stays where the calendar has it, also when the campaign was moved to another season.
        its = f"{quoted(duty.title)}的截止{day_words(nominal)}"
        notes.warn(f"{its}晚于{quoted(stage.title)}结束（{day_words(stage.closes_on)}），请核对。")
    found = _occurrence(duty, stage, slot, nominal, frame)
    if frame.launched_on and found.due_on < frame.launched_on and not found.event_driven:
        notes.warn(f"{quoted(duty.title)}的截止{spoken(found.due_on)}在启动时已过，启动即算逾期，请考虑延期。")
    yield found


def _slots(duty: Duty, often: Frequency, window: tuple[date, date], frame: Frame, notes: Notes) -> Iterator[Slot]:
    for period in periods(often, *window):
        inside = (max(period.start, window[0]), min(period.end, window[1]))
        times = _times(duty, often, period, inside, notes)
        dues = [deadline(text) for text in duty.split_dues] or [deadline(duty.due or "期末")] * often.times
        where = frame.where(window, (period.start, period.end))
        for seq, due in enumerate(dues[len(dues) - times :], 1):
            yield Slot(period.label, seq, times, *inside, due, where)


def _times(duty: Duty, often: Frequency, period: Period, inside: tuple[date, date], notes: Notes) -> int:
    whole, part = (period.end - period.start).days + 1, (inside[1] - inside[0]).days + 1
    if part == whole or duty.partial == "计入":
        return often.times
    if duty.partial == "跳过":
        notes.skip(f"{quoted(duty.title)}{period_label(period.label)}不足一期，按“跳过”不要求。")
        return 0
    # Rounded up, so that a period is never without its share.
    return -(-often.times * part // whole)


def _dated(duty: Duty, stage: DatedStage | None, slot: Slot, frame: Frame, notes: Notes) -> Occurrence | None:
    nominal = _clipped(duty, slot, notes)
    which = f"{quoted(duty.title)}{period_label(slot.period, slot.seq, slot.quota)}"
    if nominal < slot.opens_on:
        notes.skip(f"{which}的截止{spoken(nominal)}早于{spoken(slot.opens_on)}开始，不要求。")
        return None
    found = _occurrence(duty, stage, slot, nominal, frame)
    if frame.launched_on and found.due_on < frame.launched_on:
        notes.skip(f"{which}的截止{spoken(found.due_on)}在启动时已过，不要求。")
        return None
    return found


def _clipped(duty: Duty, slot: Slot, notes: Notes) -> date:
    """Return the day meant, no later than the window unless the phrase itself points beyond it."""
    day = slot.due.day.on(slot.where)
    if day <= slot.ends_on or _points_beyond(slot.due.day):
        return day
    notes.warn(
        f"{quoted(duty.title)}{period_label(slot.period)}不足一期，截止由{spoken(day)}提前到{spoken(slot.ends_on)}。"
    )
    return slot.ends_on


def _points_beyond(day: Day) -> bool:
    beyond_stage = isinstance(day, StageEnd) and day.distance > 0
    return beyond_stage or isinstance(day, AfterPeriod | NextYear) or (isinstance(day, WrittenDate) and day.fixed)


def _occurrence(duty: Duty, stage: DatedStage | None, slot: Slot, nominal: date, frame: Frame) -> Occurrence:
    due_on, reason = _moved(duty, nominal, frame)
    return Occurrence(
        duty=duty.code,
        title=duty.title,
        clause=duty.clause,
        period=slot.period,
        seq=slot.seq,
        quota=slot.quota,
        opens_on=min(slot.opens_on, due_on),
        nominal_on=nominal,
        due_on=due_on,
        due_time=slot.due.at or frame.due_time,
        stage=stage.code if stage else None,
        audience=duty.audience,
        per=duty.per,
        responsible=duty.responsible,
        form=duty.form,
        evidence=duty.evidence,
        report=duty.report,
        reviewer=duty.reviewer,
        required=duty.required,
        reminder=duty.reminder,
        escalation=duty.escalation,
        moved_reason=reason,
        event_driven=duty.event_driven,
    )


def _moved(duty: Duty, nominal: date, frame: Frame) -> tuple[date, str]:
    if duty.event_driven:
        return nominal, ""
    adjusted = frame.calendar.adjust(nominal, duty.off_day_policy or frame.off_day_policy)
    if adjusted.moved and adjusted.day < frame.starts_on:
        return nominal, ""  # 提前 to before the campaign exists would make a task late at birth
    return adjusted.day, adjusted.reason
