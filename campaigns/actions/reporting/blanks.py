"""Which reports a count works on, as conditions with blanks that are filled in when a statement runs.

To build and compile a roll-up's statement takes longer than to run it over the few rows that changed. With blanks in place of
a campaign, a period and an instant, each is built once per form and compiled once per database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ARRAY, ColumnElement, Integer, String, bindparam, func, select
from sqlmodel import Session, col

from campaigns.definition.report_form import ReportForm
from campaigns.rules.states import OPEN_REPORT_STATES
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.reporting.evidence import Span
from campaigns.store.reporting.forms import counts_from
from campaigns.store.reporting.reports import Report
from campaigns.store.types import UtcDateTime

Which: TypeAlias = tuple[ColumnElement[bool], ...]
"""Which reports a statement works on, as conditions on `Report`."""

_CAMPAIGN, _STARTS = bindparam("of_campaign", type_=Integer), bindparam("counts_from", type_=UtcDateTime)
SPAN = Span(_CAMPAIGN, _STARTS)
"""Of which campaign rows count, and from when 累计 runs: both blank."""
ONE: Which = (col(Report.id) == bindparam("this_report", type_=Integer),)
"""One report."""
OPEN: Which = (col(Report.state).in_(OPEN_REPORT_STATES),)
"""Those whose figures still move."""
FAMILY: Which = (
    col(Report.campaign_id) == _CAMPAIGN,
    col(Report.form) == bindparam("of_form", type_=String),
    col(Report.period) == bindparam("of_period", type_=String),
)
"""All reports of one form and period of a campaign."""
TAKEN: Which = (col(Report.computed_at) == bindparam("taken_at", type_=UtcDateTime),)
"""Those that this count has claimed."""
NAMED: Which = (col(Report.id).in_(select(func.unnest(bindparam("taken_ids", type_=ARRAY(Integer))))),)
"""The same by their ids, for PostgreSQL: a column just written has no statistics, so that it expects one report of 3,000."""


@dataclass(frozen=True, slots=True)
class Blanks:
    """What is filled in: a campaign and the start of 累计, and one report or the form and period of a family."""

    campaign_id: int
    counts_from: datetime
    report_id: int | None = None
    form: str = ""
    period: str = ""
    taken_at: datetime | None = None
    taken_ids: tuple[int, ...] = ()

    @classmethod
    def of(cls, session: Session, report: Report, form: ReportForm) -> "Blanks":
        """Return what is filled in for one report."""
        campaign = session.get_one(Campaign, report.campaign_id)
        start = counts_from(form, campaign, report.period)
        return cls(campaign.id, start, report.id, report.form, report.period)

    @property
    def values(self) -> Mapping[str, Any]:
        """The values by their blanks' names."""
        return {
            "of_campaign": self.campaign_id,
            "counts_from": self.counts_from,
            "this_report": self.report_id,
            "of_form": self.form,
            "of_period": self.period,
            "taken_at": self.taken_at,
            "taken_ids": list(self.taken_ids),
        }

    def fill(self, session: Session, statement: Any, **more: object) -> Any:
        """Run a statement with its blanks filled in, and with `more` that only this one has.

        On the connection itself: the session would annotate a copy, whose key in the cache of statements is then worked out anew.
        """
        session.flush()
        return session.connection().execute(statement, {**self.values, **more})
