"""排名 from draft to correction, on both engines: who sees what, what may change, and that nothing published ever does."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from campaigns.actions.rankings.drafting import discard, draft, recount
from campaigns.actions.rankings.marking import adjust, mark, revoke
from campaigns.actions.rankings.publishing import correct, publish
from campaigns.errors import Conflict, Forbidden, Invalid, NotFound
from campaigns.queries.rankings.listed import rankings_of
from campaigns.queries.rankings.table import RankingTable, ranking_table
from campaigns.queries.verify import Scene
from campaigns.queries.verify.rankings import changed_rankings
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RankingState, TaskState
from campaigns.settings import Settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.ledger import Event
from campaigns.store.messages import Notice
from campaigns.store.rankings.rankings import Ranking, RankingLine
from campaigns.store.work.tasks import Task
from tests.monthly import Register, campaign_of, instant_of, planned, task_of, template
from tests.people import Cast

CODE = "各县工作"
MARKED = template() + "      - {编号: 4, 名称: 攻坚成效, 满分: 20, 取数: 评分, 计分: 按得分}\n"
DAY, NOW = date(2023, 6, 20), instant_of(6, 21)


@dataclass
class Desk:
    """The city's desk over one campaign: every step in a transaction of its own."""

    cast: Cast
    campaign: Campaign

    def step(self, work: Callable[[Session], object]) -> int:
        with self.cast.database.transaction() as session:
            return int(getattr(work(session), "id"))  # noqa: B009 - every step returns a row

    def draft(self, by: Actor | None = None, day: date | None = DAY, now: datetime = NOW) -> int:
        actor = by or self.cast.city_officer
        return self.step(lambda s: draft(s, campaign_id=self.campaign.id, code=CODE, until_on=day, by=actor, now=now))

    def mark(self, ranking_id: int, first: str, second: str) -> None:
        typed = {(self.cast.county.id, "4"): first, (self.neighbour, "4"): second}
        by = self.cast.city_officer
        self.step(lambda s: mark(s, ranking_id=ranking_id, typed=typed, seen=None, by=by, now=NOW))

    def publish(self, ranking_id: int, by: Actor | None = None, seen: int | None = None) -> None:
        actor = by or self.cast.city_leader
        self.step(lambda s: publish(s, ranking_id=ranking_id, seen=seen, by=actor, now=NOW))

    def adjust(self, ranking_id: int, points: str, by: Actor | None = None, **said: str) -> int:
        actor = by or self.cast.city_officer
        words = {"reason": "漏报一次隐患", "basis": "聊应急发〔2023〕20号"} | said
        region = self.cast.county.id
        return self.step(
            lambda s: adjust(
                s, ranking_id=ranking_id, region_id=region, points=points, seen=None, by=actor, now=NOW, **words
            )
        )

    def see(self, ranking_id: int, actor: Actor | None = None) -> RankingTable:
        with self.cast.database.reading() as session:
            return ranking_table(session, ranking_id=ranking_id, actor=actor or self.cast.city_officer)

    @property
    def neighbour(self) -> int:
        return self.cast.neighbour_bureau.region_id

    def findings(self) -> list[str]:
        with self.cast.database.reading() as session:
            return [finding.sentence for finding in changed_rankings(Scene(session, Settings(), NOW))]


def desk(cast: Cast, *, text: str = MARKED, neighbours_tasks: int = 6) -> Desk:
    """茌平 did four of seven due tasks and closed one of two major hazards; 东阿 did six of seven and found none."""
    with cast.database.transaction() as session:
        campaign = campaign_of(session, cast, text=text)
        for number in range(6):
            line = planned(session, campaign, duty=f"QY-0{number}", period="2023-05", on=date(2023, 5, 10 + number))
            done = {"state": TaskState.ACCEPTED} if number < 4 else {}
            tasks = [task_of(session, campaign, line, cast.pond, **done)]
            if number < neighbours_tasks:
                tasks.append(task_of(session, campaign, line, cast.stranger, state=TaskState.ACCEPTED))
            for task in tasks:
                task.decided_at = instant_of(5, 20) if task.state == TaskState.ACCEPTED else None
        register = Register(session, campaign, cast.officer.person_id or 0)
        register.hazard(cast.pond, cast.bureau, instant_of(5, 10), closed=instant_of(5, 20))
        register.hazard(cast.pond, cast.bureau, instant_of(5, 11))
        line = planned(session, campaign, duty="JG-01", period="2023-05", on=date(2023, 5, 25), report="调度表")
        for bureau in (cast.bureau, cast.neighbour_bureau):
            task_of(session, campaign, line, bureau, reviewer=cast.city_bureau, state=TaskState.ACCEPTED)
    return Desk(cast, campaign)


WITHOUT_TABLES = MARKED.replace(
    "      - {编号: 3, 名称: 调度表报送及时, 满分: 20, 取数: 报送及时率, 最小分母: 1}\n", ""
)


@pytest.fixture
def city(either_cast: Cast) -> Desk:
    return desk(either_cast, text=WITHOUT_TABLES)


@pytest.fixture
def on_sqlite(cast: Cast) -> Desk:
    return desk(cast, text=WITHOUT_TABLES)


def test_a_draft_shows_every_sum_and_a_published_one_only_totals_to_siblings(city: Desk) -> None:
    cast, ranking_id = city.cast, city.draft()
    city.mark(ranking_id, "18.5", "12")
    table = city.see(ranking_id)
    first, second = table.placed
    assert [(line.name, line.place, line.total) for line in table.placed] == [
        ("东阿县", 1, "84.86"),
        ("茌平区", 2, "62.07"),
    ]
    # four of its pond's six tasks and its bureau's own one; half of its hazards; its mark
    assert [item.sum for item in second.items] == ["4÷7×50 = 28.57", "1÷2×30 = 15.00", "18.5，得18.50"]
    assert first.items[1].sum == "没有基数，得满分"
    for outsider in (cast.leader, cast.neighbour_leader, cast.principal, cast.government_officer):
        with pytest.raises(NotFound):
            city.see(ranking_id, outsider)
    city.publish(ranking_id)
    theirs = {line.name: line for line in city.see(ranking_id, cast.neighbour_leader).lines}
    assert (theirs["茌平区"].place, theirs["茌平区"].total, theirs["茌平区"].detailed) == (2, second.total, False)
    assert theirs["东阿县"].detailed
    assert theirs["东阿县"].items
    own = {line.name: line for line in city.see(ranking_id, cast.officer).lines}
    assert [item.sum for item in own["茌平区"].items] == [item.sum for item in second.items]
    for outsider in (cast.principal, cast.government_officer):
        with pytest.raises(NotFound):
            city.see(ranking_id, outsider)


def test_what_is_published_stays_as_it_was_whatever_happens_later(city: Desk) -> None:
    ranking_id = city.draft()
    city.mark(ranking_id, "10", "10")
    city.publish(ranking_id)
    before = city.see(ranking_id)
    with city.cast.database.transaction() as session:
        done = {"state": TaskState.ACCEPTED, "decided_at": instant_of(5, 21)}
        session.execute(update(Task).where(col(Task.organisation_id) == city.cast.pond.id).values(**done))
    assert city.see(ranking_id).lines == before.lines
    with pytest.raises(Conflict, match="已发布，不能再改"):
        city.adjust(ranking_id, "1")
    assert city.findings() == []


def test_a_correction_is_a_new_version_and_the_old_one_holds_until_then(city: Desk) -> None:
    cast, first = city.cast, city.draft()
    city.mark(first, "10", "10")
    city.adjust(first, "-1")
    city.publish(first)
    with cast.database.transaction() as session:
        done = {"state": TaskState.ACCEPTED, "decided_at": instant_of(5, 21)}
        session.execute(update(Task).where(col(Task.organisation_id) == cast.pond.id).values(**done))
    fix = {"ranking_id": first, "by": cast.city_officer, "now": NOW}
    with pytest.raises(Invalid, match="为什么更正"):
        city.step(lambda s: correct(s, reason=" ", **fix))
    second = city.step(lambda s: correct(s, reason="漏算两件", **fix))
    with pytest.raises(Conflict, match="已经有一份草稿"):
        city.step(lambda s: correct(s, reason="漏算两件", **fix))
    assert city.see(first, cast.leader).state is RankingState.PUBLISHED
    with pytest.raises(NotFound):
        city.see(second, cast.leader)
    city.publish(second)
    old, new = city.see(first, cast.leader), city.see(second, cast.leader)
    assert (old.state, old.replaced_by, new.version, new.correction) == (RankingState.REPLACED, second, 2, "漏算两件")
    assert [one.points for one in new.adjustments] == ["-1.00"]
    mine = [next(line for line in table.lines if line.name == "茌平区") for table in (old, new)]
    assert mine[0].total < mine[1].total
    assert city.findings() == []


def test_an_adjustment_says_why_and_stands_beside_the_computed_points(city: Desk) -> None:
    cast, ranking_id = city.cast, city.draft()
    city.mark(ranking_id, "20", "0")
    before = next(line for line in city.see(ranking_id).lines if line.name == "茌平区")
    made = city.adjust(ranking_id, "-2.5")
    after = next(line for line in city.see(ranking_id).lines if line.name == "茌平区")
    assert (after.computed, after.adjustment) == (before.total, "-2.50")
    with cast.database.reading() as session:
        event = session.scalars(select(Event).where(col(Event.kind) == "ranking.adjusted")).one()
    assert (event.data["points"], event.data["basis"], event.actor_name) == (-250, "聊应急发〔2023〕20号", "市局吴科长")
    back = {"ranking_id": ranking_id, "adjustment_id": made, "by": cast.city_officer, "now": NOW}
    with pytest.raises(NotFound):
        city.step(lambda s: revoke(s, **back | {"ranking_id": ranking_id + 1}))
    city.step(lambda s: revoke(s, **back))
    with pytest.raises(Conflict, match="已经撤销"):
        city.step(lambda s: revoke(s, **back))
    table = city.see(ranking_id)
    assert next(line for line in table.lines if line.name == "茌平区").total == before.total
    assert [(one.points, one.revoked_by) for one in table.adjustments] == [("-2.50", "市局吴科长")]


@pytest.mark.parametrize(
    ("points", "said", "field"),
    [
        ("", {}, "points"),
        ("0", {}, "points"),
        ("5.01", {}, "points"),
        ("1.234", {}, "points"),
        ("很多", {}, "points"),
        ("９", {}, "points"),
        ("1", {"reason": " "}, "reason"),
        ("1", {"basis": ""}, "basis"),
        ("1", {"reason": "长" * 501}, "reason"),
    ],
)
def test_an_adjustment_without_points_reason_or_paper_is_refused(
    on_sqlite: Desk, points: str, said: dict[str, str], field: str
) -> None:
    ranking_id = on_sqlite.draft()
    with pytest.raises(Invalid) as refused:
        on_sqlite.adjust(ranking_id, points, **said)
    assert list(refused.value.fields) == [field]
    assert on_sqlite.see(ranking_id).adjustments == ()


def test_adjustments_of_one_region_keep_within_the_limit_together(on_sqlite: Desk) -> None:
    ranking_id = on_sqlite.draft()
    on_sqlite.adjust(ranking_id, "4")
    with pytest.raises(Invalid, match="没有调整"):
        on_sqlite.adjust(ranking_id, "1.5")
    on_sqlite.adjust(ranking_id, "1")


@pytest.mark.parametrize("text", ["-1", "20.01", "1.234", "满分", "1e1"])
def test_one_bad_mark_keeps_none(on_sqlite: Desk, text: str) -> None:
    ranking_id = on_sqlite.draft()
    with pytest.raises(Invalid) as refused:
        on_sqlite.mark(ranking_id, "10", text)
    assert list(refused.value.fields) == [f"mark-{on_sqlite.neighbour}-4"]
    assert on_sqlite.see(ranking_id).unmarked == 2


def test_a_mark_of_an_item_or_region_that_is_not_marked_is_not_found(on_sqlite: Desk) -> None:
    ranking_id = on_sqlite.draft()
    for key in ((on_sqlite.cast.county.id, "1"), (999, "4")):
        with pytest.raises(NotFound):
            on_sqlite.step(
                lambda s, key=key: mark(
                    s, ranking_id=ranking_id, typed={key: "1"}, seen=None, by=on_sqlite.cast.city_officer, now=NOW
                )
            )


def test_it_is_published_by_a_leader_only_when_every_mark_is_given(on_sqlite: Desk) -> None:
    ranking_id = on_sqlite.draft()
    with pytest.raises(Conflict, match="还有2格没有评分"):
        on_sqlite.publish(ranking_id)
    on_sqlite.mark(ranking_id, "1", "1")
    with pytest.raises(Forbidden, match="没有权限发布排名"):
        on_sqlite.publish(ranking_id, by=on_sqlite.cast.city_officer)
    with pytest.raises(Conflict, match="现在已改到第2次"):
        on_sqlite.publish(ranking_id, seen=1)
    on_sqlite.publish(ranking_id)
    with pytest.raises(Conflict, match="已发布"):
        on_sqlite.publish(ranking_id)


def test_a_county_too_small_to_rank_by_is_listed_with_its_reason_and_not_ranked(cast: Cast) -> None:
    """The 2023 notice speaks of two enterprises: few tasks are due, and a rate of them would be no rate."""
    city = desk(cast, text=WITHOUT_TABLES, neighbours_tasks=3)
    ranking_id = city.draft()
    city.mark(ranking_id, "10", "10")
    (line,) = city.see(ranking_id).unplaced
    assert line.name == "东阿县"
    assert line.why_not == "任务按期完成：分母只有4，不到5，不算比率"
    assert line.items[0].sum == "3÷4"
    city.publish(ranking_id)
    (theirs,) = city.see(ranking_id, cast.leader).unplaced
    assert (theirs.why_not, theirs.items) == ("", ()), "the reason would tell a sibling's counts"


def test_who_ranks_and_what_is_ranked_when(on_sqlite: Desk) -> None:
    cast = on_sqlite.cast
    with pytest.raises(Forbidden, match="排的是县级"):
        on_sqlite.draft(by=cast.leader)
    with pytest.raises(Forbidden):
        on_sqlite.draft(by=cast.principal)
    for day in (None, date(2023, 4, 30), date(2023, 6, 22)):
        with pytest.raises(Invalid) as refused:
            on_sqlite.draft(day=day)
        assert list(refused.value.fields) == ["until_on"]
    first = on_sqlite.draft()
    with pytest.raises(Conflict, match="已经有一份草稿"):
        on_sqlite.draft(day=date(2023, 6, 1))
    by = {"by": cast.city_officer, "now": NOW}
    on_sqlite.step(lambda s: recount(s, ranking_id=first, seen=1, **by))
    with pytest.raises(Conflict, match="现在已改到第2次"):
        on_sqlite.step(lambda s: recount(s, ranking_id=first, seen=1, **by))
    with pytest.raises(NotFound):
        on_sqlite.step(lambda s: discard(s, ranking_id=first, by=cast.leader, now=NOW))
    on_sqlite.step(lambda s: discard(s, ranking_id=first, **by))
    second = on_sqlite.draft()
    on_sqlite.mark(second, "1", "1")
    on_sqlite.publish(second)
    with pytest.raises(Conflict, match="已经发布"):
        on_sqlite.draft()


def test_figures_are_those_of_the_day_and_not_of_today(on_sqlite: Desk) -> None:
    ranking_id = on_sqlite.draft(day=date(2023, 5, 19))
    line = next(line for line in on_sqlite.see(ranking_id).lines if line.name == "茌平区")
    assert [item.sum for item in line.items[:2]] == ["0÷6×50 = 0.00", "0÷2×30 = 0.00"]


def test_publishing_tells_the_bureaus_that_are_ranked_and_nobody_else(on_sqlite: Desk) -> None:
    cast, ranking_id = on_sqlite.cast, on_sqlite.draft()
    on_sqlite.mark(ranking_id, "1", "1")
    on_sqlite.publish(ranking_id)
    with cast.database.reading() as session:
        told = select(col(Organisation.name)).join(Person, col(Person.organisation_id) == col(Organisation.id))
        told = told.join(Notice, col(Notice.person_id) == col(Person.id)).where(col(Notice.kind) == "ranking.published")
        names = set(session.scalars(told))
        listed = rankings_of(session, campaign_id=on_sqlite.campaign.id, actor=cast.leader)
    assert names == {cast.bureau.name, cast.neighbour_bureau.name}
    assert [one.id for one in listed] == [ranking_id]


@pytest.mark.parametrize("what", ["total", "place", "event"])
def test_verify_finds_a_published_ranking_that_was_changed(on_sqlite: Desk, what: str) -> None:
    ranking_id = on_sqlite.draft()
    on_sqlite.mark(ranking_id, "1", "1")
    on_sqlite.publish(ranking_id)
    with on_sqlite.cast.database.transaction() as session:
        if what == "event":
            session.execute(update(Ranking).values(sha256="0" * 64))
        else:
            session.execute(update(RankingLine).where(col(RankingLine.place) == 2).values(**{what: 1}))
    (sentence,) = on_sqlite.findings()
    assert "校验值不符" in sentence


def test_only_the_listed_regions_take_part(cast: Cast) -> None:
    text = WITHOUT_TABLES.replace(
        "    层级: 县\n    时点: 每季度末和年末", "    层级: 县\n    参评: [茌平区]\n    时点: 年末"
    )
    city = desk(cast, text=text)
    ranking_id = city.draft()
    table = city.see(ranking_id)
    assert table.unmarked == 1, "nobody marks who takes no part"
    left_out = next(line for line in table.lines if line.name == "东阿县")
    assert (left_out.takes_part, left_out.why_not) == (False, "没有列入参评名单")


def test_points_from_an_accepted_table_are_missing_until_there_is_one(cast: Cast) -> None:
    from_table = "      - {编号: 5, 名称: 处罚, 满分: 10, 取数: 报表, 报表: 调度表, 算式: 指标(3.3), 计分: 与最高比}\n"
    city = replace(desk(cast, text=template() + from_table))
    (line,) = [one for one in city.see(city.draft()).lines if one.name == "茌平区"]
    assert "处罚：没有已接收的调度表" in line.why_not
