"""热力表, 逐家, 走势, 对比: several ways to say the same, each within the reader's sight."""

from datetime import date, datetime, time

import pytest
from sqlmodel import Session

from campaigns.clock import instant
from campaigns.errors import NotFound
from campaigns.queries.campaign.heat import Heat, HeatSplit, heat
from campaigns.queries.campaign.progress import progress
from campaigns.queries.campaign.standings import Looked, Which, count_behind, named, one_by_one, tasks_behind
from campaigns.queries.campaign.trend import MonthEnd, month_ends, trend_of
from campaigns.queries.reporting.sealed import filed, filed_forms
from campaigns.rules.permissions import Actor
from tests.campaigns import at
from tests.lived import END, Lived


def table(session: Session, told: Lived, split: HeatSplit, region_id: int | None = None) -> Heat:
    campaign_id, actor = told.campaign.id, told.cast.city_leader
    return heat(session, campaign_id=campaign_id, actor=actor, now=END, split=split, region_id=region_id)


def counted(session: Session, told: Lived, looked: Looked, actor: Actor) -> dict[Which, int]:
    return count_behind(session, looked, actor=actor, now=END)


def test_stages_and_duties_add_up_to_the_same_regions_as_the_overview(either_lived: Lived) -> None:
    with either_lived.cast.database.reading() as session:
        stages, duties = (table(session, either_lived, split) for split in HeatSplit)
        whole = progress(
            session, campaign_id=either_lived.campaign.id, actor=either_lived.cast.city_leader, now=END
        ).whole
    assert dict(stages.totals) == dict(duties.totals)
    assert (stages.whole.total, stages.whole.late) == (whole.total, whole.late)
    assert {name for _, name in stages.regions} == {"茌平区", "东阿县", "本级"}
    assert duties.ahead > 0, "duties of later stages are not due in May and are not listed"


def test_a_cell_opens_exactly_the_tasks_it_counts(either_lived: Lived) -> None:
    cast, campaign = either_lived.cast, either_lived.campaign
    with cast.database.reading() as session:
        duties = table(session, either_lived, HeatSplit.DUTY)
        line = next(line for line in duties.lines if line.key == "QY-01")
        share = line.cells[cast.county.id]
        looked = Looked(campaign.id, region_id=cast.county.id, duty="QY-01")
        behind = counted(session, either_lived, looked, cast.city_leader)
        listed = tasks_behind(session, looked, which=Which.DUE, actor=cast.city_leader, now=END, limit=50)
        words = named(session, looked, actor=cast.city_leader)
        stages = table(session, either_lived, HeatSplit.STAGE, cast.county.id)
        first = stages.lines[0]
        of_stage = counted(
            session, either_lived, Looked(campaign.id, cast.county.id, stage=first.key), cast.city_leader
        )
    assert (behind[Which.LATE], behind[Which.DUE], behind[Which.ALL]) == (share.late, share.due, share.total)
    assert {one.organisation for one in listed} == {cast.pond.name, cast.other_pond.name}
    assert words == "茌平区 · 重大事故隐患排查治理"
    assert of_stage[Which.DUE] == first.whole.due


def test_a_county_is_listed_one_by_one_and_the_latest_comes_first(either_lived: Lived) -> None:
    cast, campaign_id = either_lived.cast, either_lived.campaign.id
    with cast.database.reading() as session:
        found = one_by_one(
            session, campaign_id=campaign_id, actor=cast.city_leader, now=END, region_id=cast.county.id, limit=50
        )
        totals = table(session, either_lived, HeatSplit.STAGE).totals[cast.county.id]
    assert found.total == len(found.lines) == 4
    assert [line.share.late for line in found.lines] == sorted((line.share.late for line in found.lines), reverse=True)
    assert sum(line.share.total for line in found.lines) == totals.total
    late = [line for line in found.lines if line.share.late]
    assert all(line.since for line in late)


def test_a_county_sees_nothing_of_its_neighbour_by_any_address(either_lived: Lived) -> None:
    cast, campaign_id = either_lived.cast, either_lived.campaign.id
    with cast.database.reading() as session:
        for region_id, organisation_id in ((cast.county.id, None), (None, cast.pond.id)):
            with pytest.raises(NotFound):
                named(session, Looked(campaign_id, region_id, organisation_id), actor=cast.neighbour_leader)
        with pytest.raises(NotFound):
            heat(
                session,
                campaign_id=campaign_id,
                actor=cast.neighbour_leader,
                now=END,
                split=HeatSplit.DUTY,
                region_id=cast.county.id,
            )
        own = one_by_one(
            session, campaign_id=campaign_id, actor=cast.neighbour_leader, now=END, region_id=None, limit=50
        )
        forged = counted(session, either_lived, Looked(campaign_id, stage="9" * 40), cast.neighbour_leader)
    assert {cast.pond.name, cast.bureau.name}.isdisjoint(line.name for line in own.lines)
    assert set(forged.values()) == {0}


def months(told: Lived) -> tuple[MonthEnd, ...]:
    return month_ends(told.campaign.starts_on, told.campaign.ends_on, END)


def test_the_last_month_end_is_what_the_overview_says_now(either_lived: Lived) -> None:
    cast, campaign_id = either_lived.cast, either_lived.campaign.id
    with cast.database.reading() as session:
        ends = trend_of(session, campaign_id=campaign_id, actor=cast.city_leader, months=months(either_lived))
        now = progress(session, campaign_id=campaign_id, actor=cast.city_leader, now=END)
        cell = table(session, either_lived, HeatSplit.STAGE).whole
    (may,) = ends
    assert (may.month.label, may.month.at) == ("2023-05", END)
    assert (may.total, may.done, may.late) == (now.whole.total, now.whole.done, now.whole.late)
    assert (may.due, may.done_due) == (cell.due, cell.done)
    assert may.major_open == sum(line.major_open for line in now.regions)
    assert (may.left, may.planned_left) == (may.total - may.done, may.total - may.due)


def test_an_earlier_instant_is_recounted_as_it_stood(either_lived: Lived) -> None:
    """On 18 May the major hazard was still open, on 27 May it was closed; nothing was due on the 10th."""
    cast, campaign_id = either_lived.cast, either_lived.campaign.id
    instants = tuple(MonthEnd(f"{day}", at(5, day, 12)) for day in (10, 18, 27))
    with cast.database.reading() as session:
        ends = trend_of(session, campaign_id=campaign_id, actor=cast.leader, months=instants, region_id=cast.county.id)
    assert [one.major_open for one in ends] == [1, 1, 0]
    assert [one.due for one in ends] == sorted(one.due for one in ends)
    assert ends[0].percent is None


def test_what_a_bureau_filed_is_read_by_itself_and_by_its_superior_only(either_lived: Lived) -> None:
    cast, asked = either_lived.cast, {"campaign_id": either_lived.campaign.id}
    with cast.database.reading() as session:
        own = filed(session, form="调度表", actor=cast.city_leader, **asked)
        county = filed(session, form="调度表", actor=cast.city_leader, region_id=cast.county.id, **asked)
        forms = filed_forms(session, actor=cast.leader, **asked)
        with pytest.raises(NotFound):
            filed_forms(session, actor=cast.neighbour_leader, region_id=cast.county.id, **asked)
    assert forms == ("调度表",)
    assert [one.period for one in own.periods] == ["2023-05"]
    assert (own.of("2023-05")["3.1"], county.of("2023-05")["3.1"]) == (4, 2)
    assert "4.6" not in {one.code for one in own.figures}, "是否 is nothing to draw"
    assert own.of("2023-06") == {}


@pytest.mark.parametrize(
    ("now", "labels"),
    [
        (at(4, 30), []),
        (at(5, 1), ["2023-05"]),
        (at(6, 1), ["2023-05", "2023-06"]),
        (instant(date(2024, 3, 1), time(9)), [f"2023-{month:02}" for month in range(5, 13)]),
    ],
)
def test_a_campaign_has_a_point_for_each_month_it_has_begun(now: datetime, labels: list[str]) -> None:
    ends = month_ends(date(2023, 5, 1), date(2023, 12, 31), now)
    assert [end.label for end in ends] == labels
    assert all(end.at <= now for end in ends)
