"""What a 条件 of a running campaign is true of: 完成率, 逾期数, 到期, 达成, 指标 and 未销号重大隐患, each read by one statement.

None means “not known”, and an unknown fact never meets a condition: a duty whose tasks were all withdrawn cannot complete a
stage silently.
"""

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.definition.conditions import condition
from campaigns.definition.expressions import holds
from campaigns.definition.model import Definition
from campaigns.rules.states import OPEN_HAZARD_STATES, OPEN_TASK_STATES, StageState, TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence, RosterEntry, Stage
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.reporting.reports import Report, ReportCell
from campaigns.store.work.tasks import Task

OPEN_MAJOR_HAZARDS = "未销号重大隐患"


@dataclass
class CampaignFacts:
    """The facts of one campaign at one instant, each read once. `_asked` guards against stages that wait for each other."""

    session: Session
    campaign: Campaign
    definition: Definition
    now: datetime
    _asked: set[str] = field(default_factory=set)
    _known: dict[tuple[str, str], int | Fraction | bool | None] = field(default_factory=dict)

    def name(self, word: str) -> int | Fraction | bool | None:
        """Return the value of a bare word."""
        return self._open_major_hazards() if word == OPEN_MAJOR_HAZARDS else None

    def call(self, function: str, argument: str) -> int | Fraction | bool | None:
        """Return the value of 函数(参数)."""
        questions = {
            "完成率": self._done_share,
            "逾期数": self._overdue,
            "到期": self._has_ended,
            "达成": self.is_achieved,
            "指标": self._indicator,
        }
        if (function, argument) not in self._known:
            self._known[function, argument] = questions[function](argument) if function in questions else None
        return self._known[function, argument]

    def is_achieved(self, code: str) -> bool | None:
        """Whether a stage or milestone has reached its condition; None when it has none or waits for itself."""
        stage = self.definition.stage(code)
        milestones = (mark for one in self.definition.stages for mark in one.milestones if mark.code == code)
        written = stage.complete_when if stage else next((mark.condition for mark in milestones), None)
        if written is None or code in self._asked:
            return None if stage is None else self._state(code) == StageState.DONE
        self._asked.add(code)
        achieved = holds(condition(written), self)
        self._asked.discard(code)
        return achieved

    def _done_share(self, duty: str) -> Fraction | None:
        """Accepted tasks among those that count; a waived one was decided not to apply, a withdrawn one never counted."""
        counted = case((col(Task.state).not_in((TaskState.WITHDRAWN, TaskState.WAIVED)), 1))
        waived = case((col(Task.state) == TaskState.WAIVED, 1))
        accepted = case((col(Task.state) == TaskState.ACCEPTED, 1))
        row = self.session.execute(
            select(func.count(counted), func.count(waived), func.count(accepted))
            .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
            .where(col(PlannedOccurrence.campaign_id) == self.campaign.id, col(PlannedOccurrence.duty) == duty)
        ).one()
        if row[0] == 0:
            return Fraction(1) if row[1] else None
        return Fraction(row[2], row[0])

    def _overdue(self, duty: str) -> int:
        count = self.session.scalar(
            select(func.count())
            .select_from(Task)
            .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
            .where(
                col(PlannedOccurrence.campaign_id) == self.campaign.id,
                col(PlannedOccurrence.duty) == duty,
                col(PlannedOccurrence.required).is_(True),
                col(PlannedOccurrence.event_driven).is_(False),
                col(Task.state).in_(OPEN_TASK_STATES),
                col(Task.due_at) < self.now,
            )
        )
        return count or 0

    def _has_ended(self, code: str) -> bool | None:
        closes_on = self.session.scalar(select(col(Stage.closes_on)).where(*self._stage(code)))
        return None if closes_on is None else local_date(self.now) > closes_on

    def _state(self, code: str) -> str | None:
        return self.session.scalar(select(col(Stage.state)).where(*self._stage(code)))

    def _stage(self, code: str) -> tuple[ColumnElement[bool], ...]:
        return col(Stage.campaign_id) == self.campaign.id, col(Stage.code) == code

    def _indicator(self, atom: str) -> int | None:
        """Return the cumulative figure of the launching bureau's newest report: reported over computed."""
        figure = func.coalesce(col(ReportCell.total_reported), col(ReportCell.total_computed))
        return self.session.scalar(
            select(figure)
            .join(Report, col(Report.id) == col(ReportCell.report_id))
            .where(
                col(Report.campaign_id) == self.campaign.id,
                col(Report.organisation_id) == self.campaign.bureau_id,
                col(ReportCell.atom) == atom,
            )
            .order_by(col(Report.cutoff_on).desc(), col(Report.version).desc())
            .limit(1)
        )

    def _open_major_hazards(self) -> int:
        enrolled = select(col(RosterEntry.organisation_id)).where(col(RosterEntry.campaign_id) == self.campaign.id)
        count = self.session.scalar(
            select(func.count())
            .select_from(Hazard)
            .where(
                col(Hazard.major).is_(True),
                col(Hazard.state).in_(OPEN_HAZARD_STATES),
                col(Hazard.enterprise_id).in_(enrolled),
            )
        )
        return count or 0
