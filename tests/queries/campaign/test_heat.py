"""热力表, one county one by one, and the tasks behind a figure: three ways to say the same, each within the reader's sight."""

import pytest
from sqlmodel import Session

from campaigns.errors import NotFound
from campaigns.queries.campaign.heat import Heat, HeatSplit, heat
from campaigns.queries.campaign.progress import progress
from campaigns.queries.campaign.standings import Looked, Which, count_behind, named, one_by_one, tasks_behind
from campaigns.rules.permissions import Actor
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
