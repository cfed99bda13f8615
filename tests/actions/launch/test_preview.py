"""What the preview says is what the launch does."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from campaigns.actions.launch.campaigns import preview
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.launch.previews import Preview
from campaigns.errors import Forbidden
from campaigns.rules.permissions import Actor
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.messages import Notice
from campaigns.store.work.tasks import Task
from tests.campaigns import HAZARD, LAUNCHED, SMALL, at, launched
from tests.people import Cast
from tests.sharing import beside


def previewed(cast: Cast, draft: Draft | None = None, *, by: Actor | None = None) -> Preview:
    with cast.database.reading() as session:
        return preview(session, draft or Draft.of_template(HAZARD), by=by or cast.leader, now=LAUNCHED)


@pytest.mark.parametrize("who", ["leader", "city_leader"])
def test_the_preview_counts_exactly_what_the_launch_writes(either_cast: Cast, who: str) -> None:
    by = getattr(either_cast, who)
    promised = previewed(either_cast, by=by)
    launched(either_cast, by=by)
    with either_cast.database.reading() as session:
        line = (col(PlannedOccurrence.duty), col(PlannedOccurrence.period), col(PlannedOccurrence.seq))
        written = select(*line, func.count(col(Task.id))).outerjoin(
            Task, col(Task.occurrence_id) == col(PlannedOccurrence.id)
        )
        counts = {(duty, period, seq): count for duty, period, seq, count in session.execute(written.group_by(*line))}
        told = session.scalar(select(func.count()).select_from(Notice))
    assert {line.occurrence.key: line.tasks for line in promised.lines} == counts
    assert promised.tasks == sum(counts.values())
    assert (promised.people, promised.messages_per_day[date(2023, 5, 1)]) == (told, told)


def test_the_preview_shows_who_by_roster(cast: Cast) -> None:
    rosters = {roster.name: roster for roster in previewed(cast).rosters}
    assert (rosters["企业"].count, rosters["有外包企业"].count, rosters["县局"].count) == (2, 1, 1)
    assert rosters["企业"].first == (cast.pond.name, cast.other_pond.name)


def test_a_day_of_reminders_is_one_message_per_person(cast: Cast) -> None:
    messages = previewed(cast, Draft(SMALL)).messages_per_day
    # two ponds with three and one persons; the launch itself also tells the bureau's three
    assert messages == {date(2023, 5, 1): 7, date(2023, 5, 24): 4, date(2023, 5, 30): 4, date(2023, 5, 31): 4}


def test_inferred_starts_are_said(cast: Cast) -> None:
    inferred = previewed(cast).inferred
    assert "“企业自查自改和部门帮扶”没有写开始日期，推定为2023年6月1日。" in inferred


def test_an_empty_roster_and_enterprises_without_accounts_are_warned_of(cast: Cast) -> None:
    draft = Draft(SMALL.replace("非 有外包队伍]", "有外包队伍]"))
    warnings = previewed(cast, draft).warnings
    assert "“满员企业”现在没有符合条件的单位，它的任务不会下发。" in warnings


def test_a_running_campaign_of_the_same_template_is_warned_of_before_anything_else(cast: Cast) -> None:
    launched(cast)
    first, *others = previewed(cast).warnings
    assert (first, bool(others)) == ("本局已有一个进行中的同一行动，再启动会多出一套任务。", True)


def test_what_the_bureau_must_state_is_listed(cast: Cast) -> None:
    draft = Draft.of_template("hundred-days", starts_on=date(2023, 5, 1))
    assert "自查频次" in previewed(cast, draft).to_state


def test_a_late_preview_says_what_is_skipped(cast: Cast) -> None:
    with cast.database.reading() as session:
        late = preview(session, Draft.of_template(HAZARD), by=cast.leader, now=at(6, 20))
    assert any("2023年5月" in sentence for sentence in late.skipped)


def test_the_burden_is_what_the_launch_then_asks_of_each_enterprise(either_cast: Cast) -> None:
    other = beside(either_cast)
    promised = previewed(either_cast).burden
    campaign = launched(either_cast)
    with either_cast.database.reading() as session:
        entries = (
            select(func.count())
            .select_from(Task)
            .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
            .where(col(Task.subject_id) == either_cast.pond.id, col(Task.organisation_id) == either_cast.pond.id)
            .where(col(PlannedOccurrence.required), col(PlannedOccurrence.event_driven).is_(False))
            .where(col(PlannedOccurrence.due_on) >= date(2023, 6, 1), col(PlannedOccurrence.due_on) < date(2023, 7, 1))
        )
        before, new = (session.scalar(entries.where(col(Task.campaign_id) == one.id)) or 0 for one in (other, campaign))
    june = promised.months[1]
    assert (promised.enterprises, june.month, june.most_before) == (2, date(2023, 6, 1), before)
    assert june.spared == 4, "自查 and 警示教育 of June, once for each of two ponds"
    assert june.most_after == before + new - 2, "each of the two is filled in once and used for the other campaign"


def test_the_preview_names_the_duties_that_a_running_campaign_covers_and_for_whom(cast: Cast) -> None:
    assert previewed(cast).burden.covered == ()
    beside(cast)
    covered = {one.duty: one for one in previewed(cast).burden.covered}
    assert covered.keys() == {"QY-01", "QY-02"}
    inspection = covered["QY-01"]
    assert (inspection.by_campaign, inspection.by_title) == ("集中排查整治", "企业自查")
    assert (inspection.enterprises, inspection.of, inspection.entries) == (2, 2, 4)
    assert inspection.first == (cast.pond.name, cast.other_pond.name)


def test_a_draft_with_stages_called_like_years_is_compared_with_what_runs(cast: Cast) -> None:
    beside(cast)
    draft = Draft.of_template("root-cause-2024-2026", starts_on=date(2023, 5, 1))
    covered = {one.duty: one.by_title for one in previewed(cast, draft).burden.covered}
    assert covered == {"QY-01": "企业自查"}, "what is done once in the stage 2024年 is no yearly duty"


def test_a_campaign_that_asks_nothing_of_enterprises_burdens_nobody(cast: Cast) -> None:
    draft = Draft(
        SMALL.replace("对象: 企业,", "对象: 县局,")
        .replace("对象: 初始企业", "对象: 县局")
        .replace("对象: 满员企业", "对象: 县局")
    )
    found = previewed(cast, draft).burden
    assert (found.enterprises, found.months, found.heaviest, found.covered) == (0, (), None, ())


def test_only_who_may_launch_may_preview(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        previewed(cast, by=cast.principal)
