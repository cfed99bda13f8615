"""The dated plan: what a definition becomes once it has a start. Plain values that the preview shows and launch stores."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class DatedStage:
    """阶段 with dates. `opens_inferred`: the notice gives only an end, so the start follows from the stage before."""

    code: str
    title: str
    position: int
    opens_on: date
    opens_inferred: bool
    closes_on: date
    enter_when: str | None = None
    complete_when: str | None = None


@dataclass(frozen=True, slots=True)
class DatedMilestone:
    """里程碑 with its date."""

    code: str
    stage: str
    due_on: date
    condition: str | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated line of the plan, before it meets organisations. Its key is (duty, period, seq).

    `period` is 2023-05, 2023-05上旬, 2023-W21, 2023-Q2, 2023-H1, 2023, 2023-2025, a stage code, or `once`.
    `seq` counts 1..`quota` inside the period, and each needs one valid record: 每月2次 makes 第1次 and 第2次, quota 2 in both.
    `nominal_on` is the date the notice means, clipped to the campaign; `due_on` is that date after the working-day rule, and
    `moved_reason` says in Chinese why they differ. An event-driven duty has one line, for its whole window, never late.
    """

    duty: str
    title: str
    clause: str
    period: str
    seq: int
    quota: int
    opens_on: date
    nominal_on: date
    due_on: date
    due_time: time
    stage: str | None
    audience: str
    per: str | None
    responsible: str | None
    form: str | None
    evidence: tuple[str, ...]
    report: str | None
    reviewer: str | None
    required: bool
    reminder: str | None
    escalation: str | None
    moved_reason: str = ""
    event_driven: bool = False

    @property
    def key(self) -> tuple[str, str, int]:
        """What stays the same when the campaign is amended."""
        return self.duty, self.period, self.seq


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole campaign on the calendar. `on_event` holds one line for each duty done at events, which has no dates of its own.

    `warnings` are sentences for the bureau: re-dated, inferred, cut short, skipped, uncertain. `skipped`, also among them, are
    those about what was left out because it was past at launch or before the first day.
    """

    starts_on: date
    ends_on: date
    stages: tuple[DatedStage, ...]
    occurrences: tuple[Occurrence, ...]
    on_event: tuple[Occurrence, ...] = ()
    milestones: tuple[DatedMilestone, ...] = ()
    warnings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Occurrence, ...]:
        """Everything that launch stores: the dated occurrences, then those on event."""
        return (*self.occurrences, *self.on_event)
