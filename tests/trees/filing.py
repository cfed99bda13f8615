"""A county's desk in a random tree: typing, filing, being returned, correcting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.reporting.correcting import correct
from campaigns.actions.reporting.filling import Typed, fill_cells, refresh
from campaigns.actions.reporting.reports import accept, file, send_back
from campaigns.actions.reporting.rollup import recount
from campaigns.actions.reporting.unlocking import unlock
from campaigns.definition.shelf import reports
from campaigns.rules.permissions import Actor
from campaigns.rules.states import ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.reports import Report
from tests.monthly import JUNE, MAY, TABLE, instant_of
from tests.trees.shapes import County, Filing

PERIODS = (MAY, JUNE)
HOUR = timedelta(hours=1)
Entry = tuple[datetime, Callable[[datetime], object]]


@cache
def blanks() -> dict[str, str]:
    """What stands in every typed cell of which a shape says nothing."""
    typed = (atom for atom in reports()[TABLE].atoms if atom.source == "填报")
    return {atom.code: "否" if atom.unit == "是否" else "0" for atom in typed}


# Everything is counted again by the minute's tick, here right before a clerk looks: nobody signs what he did not see.


def standing(session: Session, campaign: Campaign, bureau: Organisation, month: int) -> Report:
    """Return the living report of a bureau and month, as it stands."""
    return session.scalars(
        select(Report)
        .where(
            col(Report.campaign_id) == campaign.id,
            col(Report.organisation_id) == bureau.id,
            col(Report.period) == PERIODS[month],
            col(Report.state) != ReportState.REPLACED,
        )
        .execution_options(populate_existing=True)
    ).one()


@dataclass(frozen=True)
class Desk:
    """Who files for a county, and who accepts it."""

    session: Session
    campaign: Campaign
    bureau: Organisation
    by: Actor
    boss: Actor

    def files(self, county: County, m: int, over: tuple[int, int] | None, *, nil: bool) -> Iterator[Entry]:
        """Yield when a month is filled in, filed, perhaps returned, and accepted."""
        filing = county.months[m].filing
        first = instant_of(5 + m, 27 if filing is Filing.LATE else 22)
        if not nil:
            yield first, partial(self._fill, county, m, over)
        elif over is not None:
            yield first, partial(self._type, m, _over(over))
        yield first, partial(self._file, m, nil)
        if filing is Filing.RETURNED:
            yield instant_of(5 + m, 23), partial(self._returned, m)
            yield instant_of(5 + m, 23, 12), partial(self._file, m, False)
        yield instant_of(5 + m, 27, 12) if filing is Filing.LATE else instant_of(5 + m, 24), partial(self._accepted, m)

    def corrects(self, county: County, over: tuple[int, int] | None) -> Iterator[Entry]:
        """Yield when May is unlocked, corrected, filed and accepted anew."""
        first = instant_of(5, 24, 11) if county.corrects_early else instant_of(6, 1)
        yield first, self._unlocked
        yield first + HOUR, partial(self._corrected, county, over)
        yield first + 2 * HOUR, partial(self._file, 0, False)
        yield first + 3 * HOUR, partial(self._accepted, 0)

    def report(self, m: int) -> Report:
        return standing(self.session, self.campaign, self.bureau, m)

    def _fill(self, county: County, m: int, over: tuple[int, int] | None, at: datetime, *, more: int = 0) -> None:
        month = county.months[m]
        given = {"3.1": str(month.visits + more), "4.6": "是" if month.broadcast else "否"}
        staff = str(month.staff or 0) if month.staff is not None or m == 0 else None
        typed = {code: Typed(month=text) for code, text in (blanks() | given).items() if code != "4.7"}
        if staff is not None:
            typed["4.7"] = Typed(month=staff)
        if over is not None:
            typed |= _over(over)
        self._type(m, typed, at)

    def _type(self, m: int, typed: dict[str, Typed], at: datetime) -> None:
        report = self.report(m)
        recount(self.session, report=report, now=at)
        fill_cells(
            self.session, report_id=report.id, edit_version=report.edit_version, values=typed, by=self.by, now=at
        )

    def _file(self, m: int, nil: bool, at: datetime) -> None:
        recount(self.session, report=self.report(m), now=at)
        file(self.session, report_id=self.report(m).id, nil=nil, by=self.by, now=at)

    def _returned(self, m: int, at: datetime) -> None:
        send_back(self.session, report_id=self.report(m).id, reason="请核对", by=self.boss, now=at)

    def _accepted(self, m: int, at: datetime) -> None:
        accept(self.session, report_id=self.report(m).id, by=self.boss, now=at)

    def _unlocked(self, at: datetime) -> None:
        until = at.date() + timedelta(days=5)
        unlock(self.session, report_id=self.report(0).id, until=until, reason="来电", by=self.boss, now=at)

    def _corrected(self, county: County, over: tuple[int, int] | None, at: datetime) -> None:
        correct(self.session, report_id=self.report(0).id, reason="漏报", by=self.by, now=at)
        refresh(self.session, report_id=self.report(0).id, by=self.by, now=at)
        self._fill(county, 0, over, at, more=county.forgotten)


def _over(figures: tuple[int, int]) -> dict[str, Typed]:
    return {"2.1": Typed(month=str(figures[0]), total=str(figures[1]), reason="另有纸质检查记录")}
