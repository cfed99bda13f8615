"""One campaign, one set of figures: the list, the campaign's page and the superior's page never disagree."""

import pytest

from campaigns.actions.reporting import reports
from campaigns.actions.work import requests
from campaigns.queries.campaign.all_tasks import TaskTab, count_campaign_tasks
from campaigns.queries.campaign.decisions import DecisionKind, count_decisions, decisions
from campaigns.queries.campaign.overview import overview
from campaigns.queries.campaign.progress import progress
from campaigns.queries.campaign.running import campaign_lines
from campaigns.queries.frame import frame
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind
from campaigns.store.campaign.campaigns import Campaign
from flows.sweeps import pass_of_everything
from tests.campaigns import at, launched
from tests.factories import task_of
from tests.monthly import report_of, type_everything
from tests.people import Cast

TODAY = at(5, 27, 12)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    """Let the city launch; one enterprise is let off a duty, one county files the table, the rest do nothing until the 27th."""
    campaign = launched(cast, by=cast.city_leader)
    with cast.database.transaction() as session:
        asked = {"reason": "没有劳务派遣人员", "due_on": None, "by": cast.principal, "now": at(5, 9)}
        task = task_of(session, "QY-11", cast.pond.id)
        wish = requests.ask(session, task_id=task.id, kind=RequestKind.WAIVER, **asked)
        requests.grant(session, request_id=wish.id, reason="情况属实。", by=cast.officer, now=at(5, 10))
    pass_of_everything(cast.database, now=at(5, 20))
    with cast.database.transaction() as session:
        report = report_of(session, campaign, cast.bureau)
        type_everything(session, report, cast.officer, at(5, 22))
        reports.file(session, report_id=report.id, by=cast.leader, now=at(5, 23))
    pass_of_everything(cast.database, now=TODAY)
    return campaign


@pytest.mark.parametrize("who", ["city_leader", "leader"])
def test_every_page_counts_the_same_tasks(cast: Cast, campaign: Campaign, who: str) -> None:
    actor: Actor = getattr(cast, who)
    with cast.database.reading() as session:
        page = overview(session, campaign_id=campaign.id, actor=actor, now=TODAY)
        line = campaign_lines(session, actor=actor, now=TODAY)[0]
        whole = progress(session, campaign_id=campaign.id, actor=actor, now=TODAY).whole
        rows = count_campaign_tasks(session, campaign_id=campaign.id, actor=actor, now=TODAY)
    assert (page.total, page.done, page.late) == (line.total, line.done, line.late)
    assert (page.total, page.done, page.late) == (whole.total, whole.done, whole.late)
    assert (page.done, page.late) == (rows[TaskTab.DONE], rows[TaskTab.LATE])


def test_a_filed_table_waits_for_the_superior_as_a_decision(cast: Cast, campaign: Campaign) -> None:
    with cast.database.reading() as session:
        waiting = decisions(session, actor=cast.city_leader, kind=DecisionKind.REPORT)
        counts = count_decisions(session, actor=cast.city_leader, campaign_id=campaign.id)
        shown = frame(session, actor=cast.city_leader).waiting
    assert [decision.organisation for decision in waiting] == [cast.bureau.name]
    assert counts[DecisionKind.REPORT] == 1
    assert shown == sum(counts.values())
