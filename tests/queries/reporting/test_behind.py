"""Every number opens: a superior's to the lower levels', theirs to rows or to who typed them, a sealed one to what was sealed."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.reporting.correcting import correct
from campaigns.actions.reporting.filling import Typed, fill_cells, refresh
from campaigns.actions.reporting.reports import accept, file, open_period
from campaigns.actions.reporting.unlocking import unlock
from campaigns.definition.report_form import Atom, ReportForm
from campaigns.errors import NotFound
from campaigns.queries.reporting.behind import Behind, rows_behind
from campaigns.queries.reporting.behind_rows import PAGE
from campaigns.rules.permissions import Actor
from campaigns.rules.reporting.figures import shown
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation
from campaigns.store.reporting.cells import cells_of, month
from campaigns.store.reporting.reports import Report
from tests.fifteen import NAMES, Period, a_value, opened, typed
from tests.monthly import MAY, TABLE, Register, instant_of, report_of, reporting, type_everything
from tests.people import Cast


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_every_report_opens_down_to_the_person_who_typed_it(cast: Cast, name: str) -> None:
    with cast.database.transaction() as session:
        period = opened(session, cast, name)
        for organisation, leader in period.who.filers:
            period.fill(organisation, leader)
        period.climb()
        given = typed(period.form)
        (top, reader), lower = period.who.above[-1], steps_below(period)
        for atom in one_of_each_kind(period.form):
            reached = down(session, period.report(top), atom, reader)
            assert [behind.organisation for behind in reached] == [one.name for one in (top, *lower)], atom.code
            for behind in reached[-len(period.who.filers) :]:
                leaf(period.form, atom, behind, given)


def one_of_each_kind(form: ReportForm) -> list[Atom]:
    """The first cell of each unit, source and way of adding up, so that a form of 220 cells is not opened 900 times."""
    kinds = {
        (atom.unit, atom.source, atom.rollup, atom.stock, bool(atom.formula)): atom for atom in reversed(form.atoms)
    }
    return list(kinds.values())


def steps_below(period: Period) -> list[Organisation]:
    """Whoever stands below the top, the way a reader comes to them: level by level."""
    levels = [[organisation] for organisation, _ in reversed(period.who.above[:-1])]
    return [one for level in (*levels, [organisation for organisation, _ in period.who.filers]) for one in level]


def down(session: Session, report: Report, atom: Atom, reader: Actor) -> list[Behind]:
    """Open a cell and every lower level's, level by level; each opens with the figure that stands in its own table."""
    found, level = [], [report.id]
    while level:
        opened = [rows_behind(session, report_id=id_, atom=atom.code, actor=reader) for id_ in level]
        found += opened
        added = [lower for behind in opened for lower in behind.added]
        for lower in added:
            cell = cells_of(session, lower.report_id)[atom.code]
            assert lower.month == (cell.text or "" if atom.worded else shown(atom, month(cell)))
        level = [lower.report_id for lower in added]
    return found


def leaf(form: ReportForm, atom: Atom, behind: Behind, given: dict[str, Typed]) -> None:
    """At the bottom stands who typed it, or for a 计算 cell what it follows from, or for a counted one its rows."""
    if atom.formula:
        assert behind.operands
        assert {one.atom for one in behind.operands} <= {each.code for each in form.atoms}
    elif atom.code in given:
        assert [one.words or one.month for one in behind.typings] == [shown_as(atom)]
        assert behind.typings[0].by
    else:
        assert behind.typings == ()


def shown_as(atom: Atom) -> str:
    return "2023-05-20" if atom.unit == "日期" else a_value(atom)


class May:
    """茌平's table of May with something in every register, filed and accepted; the city has not filed yet."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast = session, cast
        self.campaign: Campaign = reporting(session, cast, months=(5,))
        self.register = Register(session, self.campaign, cast.officer.person_id or 0)
        self.first = self.register.hazard(cast.pond, cast.bureau, instant_of(5, 10))
        for bureau, enterprise, found in (
            (cast.bureau, cast.pond, {"行政处罚": 2, "罚款": 15_000}),
            (cast.bureau, cast.other_pond, {"行政处罚": 1, "罚款": 5_000}),
            (cast.city_bureau, cast.pond, {"行政处罚": 4, "罚款": 0}),
        ):
            self.register.record("执法检查记录", bureau, enterprise, instant_of(5, 11), **found)
        open_period(session, campaign_id=self.campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))

        self.report = report_of(session, self.campaign, cast.bureau)
        self.city = report_of(session, self.campaign, cast.city_bureau)

    def file(self) -> None:
        type_everything(self.session, self.report, self.cast.officer, instant_of(5, 21), c3_1="2")
        file(self.session, report_id=self.report.id, by=self.cast.leader, now=instant_of(5, 22))
        accept(self.session, report_id=self.report.id, by=self.cast.city_leader, now=instant_of(5, 23))

    def behind(self, atom: str, *, report: Report | None = None, by: Actor | None = None) -> Behind:
        report_id = (report or self.report).id
        return rows_behind(self.session, report_id=report_id, atom=atom, actor=by or self.cast.officer)


def test_rows_add_up_to_the_number_and_lead_to_the_signed_record(either_cast: Cast) -> None:
    with either_cast.database.transaction() as session:
        may = May(session, either_cast)
        fined = may.behind("3.3.罚款")
        assert (fined.total, sorted(row.counts for row in fined.rows)) == ("2", ["0.5万元", "1.5万元"])
        assert sorted(row.counts for row in may.behind("3.3").rows) == ["1次", "2次"]
        assert all(row.receipt and row.href.startswith("/tasks/") for row in fined.rows)
        hazards = may.behind("1.1")
        assert [(row.href, row.new) for row in hazards.rows] == [(f"/hazards/{may.first.id}", True)]
        may.file()
        city = may.behind("2.1", report=may.city, by=either_cast.city_officer)
        assert (city.total, [lower.total for lower in city.added], len(city.rows)) == ("2", ["2"], 1)
        assert city.shared == (either_cast.pond.name,), "the city inspected what the county had"


def test_a_sealed_number_opens_what_it_counted_and_a_corrected_one_its_own(either_cast: Cast) -> None:
    cast = either_cast
    with cast.database.transaction() as session:
        may = May(session, cast)
        may.file()
        may.register.hazard(cast.pond, cast.bureau, instant_of(5, 15))
        assert [row.href for row in may.behind("1.1").rows] == [f"/hazards/{may.first.id}"]
        until = instant_of(6, 5).date()
        unlock(session, report_id=may.report.id, until=until, reason="来电", by=cast.city_leader, now=instant_of(6, 1))
        correct(session, report_id=may.report.id, reason="漏报", by=cast.officer, now=instant_of(6, 1))
        refresh(session, report_id=may.report.id, by=cast.leader, now=instant_of(6, 1))
        values, version = {"3.1": Typed(month="5")}, may.report.edit_version
        fill_cells(
            session, report_id=may.report.id, edit_version=version, values=values, by=cast.leader, now=instant_of(6, 1)
        )
        file(session, report_id=may.report.id, by=cast.leader, now=instant_of(6, 2))
        now = may.behind("3.1")
        assert (now.total, [one.month for one in now.typings], now.version) == ("5", ["5", "2"], 2)
        earlier = session.get_one(Report, max(_versions(session, may.report)))
        then = may.behind("3.1", report=earlier)
        assert (then.total, [one.month for one in then.typings], then.current_id) == ("2", ["2"], may.report.id)
        assert [row.href for row in may.behind("1.1", report=earlier).rows] == [f"/hazards/{may.first.id}"]
        assert len(may.behind("1.1").rows) == 2, "the correction was counted anew"


def _versions(session: Session, report: Report) -> list[int]:
    return list(session.scalars(select(col(Report.id)).where(col(Report.current_id) == report.id)))


def test_a_number_typed_over_says_who_when_why_and_what_the_system_counted(cast: Cast) -> None:
    with cast.database.transaction() as session:
        may = May(session, cast)
        for by, reason, at in ((cast.officer, "另有纸质记录", 21), (cast.city_officer, "区局来电补报", 22)):
            over = {"2.1": Typed(month="9", total="9", reason=reason)}
            version = may.report.edit_version
            fill_cells(
                session,
                report_id=may.report.id,
                edit_version=version,
                values=over,
                by=by,
                now=instant_of(5, at),
            )
        behind = may.behind("2.1")
        assert (behind.total, behind.total_computed, behind.reason) == ("9", "2", "区局来电补报")
        assert [(one.by, one.behalf, one.reason) for one in behind.typings] == [
            (cast.city_officer.name, cast.city_bureau.name, "区局来电补报"),
            (cast.officer.name, "", "另有纸质记录"),
        ]
        assert len(behind.rows) == 2, "the rows that the system counted stand below"


def test_a_nil_return_says_who_signed_that_there_was_nothing(cast: Cast) -> None:
    with cast.database.transaction() as session:
        campaign = reporting(session, cast, months=(5,))
        open_period(session, campaign_id=campaign.id, form=TABLE, period=MAY, now=instant_of(5, 20))
        report = report_of(session, campaign, cast.bureau)
        file(session, report_id=report.id, nil=True, by=cast.leader, now=instant_of(5, 22))
        behind = rows_behind(session, report_id=report.id, atom="3.1", actor=cast.leader)
        assert (behind.total, behind.nil_by, behind.typings) == ("0", cast.leader.name, ())


def test_what_lies_outside_the_readers_rights_is_a_count_and_nothing_else(cast: Cast) -> None:
    with cast.database.transaction() as session:
        may = May(session, cast)
        may.register.hazard(cast.stranger, cast.bureau, instant_of(5, 12))
        refresh(session, report_id=may.report.id, by=cast.officer, now=instant_of(5, 21))
        behind = may.behind("1.1")
        assert (behind.total, behind.rows.total, behind.rows.hidden) == ("2", 1, 1)
        assert all(cast.stranger.name not in (row.organisation, row.title) for row in behind.rows)
        for reader, atom in ((cast.neighbour_leader, "1.1"), (cast.principal, "1.1"), (cast.officer, "9.9")):
            with pytest.raises(NotFound):
                may.behind(atom, by=reader)
        with pytest.raises(NotFound):
            may.behind("1.1", report=may.city)
        nobody = replace(cast.officer, organisation_id=None)
        with pytest.raises(NotFound):
            may.behind("1.1", by=nobody)


def test_many_rows_are_turned_over_page_by_page(cast: Cast) -> None:
    with cast.database.transaction() as session:
        may = May(session, cast)
        for _ in range(PAGE):
            may.register.hazard(cast.pond, cast.bureau, instant_of(5, 12))
        first, second = (
            rows_behind(session, report_id=may.report.id, atom="1.1", actor=cast.officer, page=page) for page in (1, 2)
        )
        assert (len(first.rows), len(second.rows), first.rows.total) == (PAGE, 1, PAGE + 1)
        assert {row.href for row in first.rows}.isdisjoint(row.href for row in second.rows)
