"""Every report of the notices opens, is filled in, checked, filed and added up to the top, by real actions."""

import pytest

from campaigns.actions.reporting.reports import file
from campaigns.errors import Invalid
from campaigns.queries.verify.figures import wrong_figures
from campaigns.queries.verify.findings import Scene
from campaigns.rules.reporting.indicators import roll_up
from campaigns.rules.states import ReportState
from campaigns.settings import Settings
from campaigns.store.reporting.cells import cells_of, words_in
from tests.fifteen import NAMES, contribution, opened
from tests.monthly import instant_of
from tests.people import Cast


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_opened_filled_filed_and_added_up_to_the_top(cast: Cast, name: str) -> None:
    with cast.database.transaction() as session:
        period = opened(session, cast, name)
        for organisation, leader in period.who.filers:
            period.fill(organisation, leader)
        period.climb()
        lowest = [contribution(period, organisation) for organisation, _ in period.who.filers]
        for organisation, _ in period.who.above:
            report = period.report(organisation)
            added = contribution(period, organisation)
            assert added.figures == roll_up(period.form, lowest).figures, organisation.name
            assert report.state in (ReportState.ACCEPTED, ReportState.FILED)
        assert list(wrong_figures(Scene(session, Settings(), instant_of(5, 26)))) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_report_with_nothing_in_it_is_stopped_and_a_nil_return_is_not(cast: Cast, name: str) -> None:
    with cast.database.transaction() as session:
        period = opened(session, cast, name)
        organisation, leader = period.who.filers[0]
        report_id = period.report(organisation).id
        with pytest.raises(Invalid) as refused:
            file(session, report_id=report_id, by=leader, now=instant_of(5, 23))
        assert all("还没有填" in sentence or "一条也没有" in sentence for sentence in refused.value.fields.values())
        filed = file(session, report_id=report_id, nil=True, by=leader, now=instant_of(5, 23))
        assert filed.nil
        assert words_in(cells_of(session, report_id)) == {}
