"""One digest per person, channel and day, in office hours, and nothing when there is nothing new."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from campaigns.actions.directory.people import disable_account
from campaigns.rules.ladders.ways_out import outward
from campaigns.store.messages import ChannelSetting, Notice
from notifications.channels.letter import Channel, ChannelDown
from notifications.digests import in_office, queue_digests
from notifications.dispatcher import Dispatched, dispatch
from notifications.untold import Untold, without_repeats
from tests.notifications.outside import (
    DAY,
    MORNING,
    SETTINGS,
    FakeChannel,
    WeekDays,
    deliveries,
    morning_round,
    tell,
)
from tests.people import FOUNDED, Cast


@pytest.mark.parametrize(
    ("instant", "open_"),
    [
        (datetime(2023, 5, 24, 1, 0, tzinfo=UTC), True),
        (datetime(2023, 5, 24, 0, 29, tzinfo=UTC), False),
        (datetime(2023, 5, 24, 0, 30, tzinfo=UTC), True),
        (datetime(2023, 5, 24, 9, 30, tzinfo=UTC), False),
        (datetime(2023, 5, 27, 2, 0, tzinfo=UTC), False),
        (datetime(2023, 5, 28, 16, 30, tzinfo=UTC), False),  # Monday 00:30 in Beijing
    ],
)
def test_messages_leave_in_office_hours_of_working_days_in_beijing(instant: datetime, open_: bool) -> None:
    assert in_office(SETTINGS, WeekDays(), instant) is open_


def test_everything_new_goes_into_one_digest_and_later_news_wait_for_tomorrow(either_cast: Cast) -> None:
    base, channel, person = either_cast.database, FakeChannel(), either_cast.principal.person_id
    tell(base, person, "launch:1", "task.sent_back:1")
    assert morning_round(base, channel, MORNING) == Dispatched(sent=1)
    tell(base, person, "task.sent_back:2", at=MORNING + timedelta(hours=1))
    assert morning_round(base, channel, MORNING + timedelta(hours=2)) == Dispatched()
    assert morning_round(base, channel, MORNING + DAY) == Dispatched(sent=1)
    first, second = channel.taken
    assert first.title == "2条待办与消息（5月24日）"
    assert "1. 消息launch:1" in first.body
    assert second.title == "消息task.sent_back:2"
    assert "消息launch:1" not in second.body


def test_a_day_without_news_sends_nothing(either_cast: Cast) -> None:
    channel = FakeChannel()
    tell(either_cast.database, either_cast.principal.person_id, "launch:1")
    morning_round(either_cast.database, channel, MORNING)
    assert morning_round(either_cast.database, channel, MORNING + DAY) == Dispatched()


def test_a_channel_that_was_down_for_a_day_loses_nothing_and_yields_one_digest(either_cast: Cast) -> None:
    base, person = either_cast.database, either_cast.principal.person_id
    channel = FakeChannel(failure=ChannelDown("没有连上邮件服务器。"))
    tell(base, person, "launch:1")
    for hour in range(8):
        morning_round(base, channel, MORNING + timedelta(hours=hour))
    tell(base, person, "task.sent_back:1", at=MORNING + timedelta(hours=3))
    channel.failure = None
    assert morning_round(base, channel, MORNING + DAY) == Dispatched(sent=1)
    assert [letter.title for letter in channel.taken] == ["2条待办与消息（5月25日）"]
    assert len(deliveries(base)) == 1, "the digest that could not leave was taken back"


def test_what_was_read_in_the_inbox_is_not_mailed(either_cast: Cast) -> None:
    base, channel = either_cast.database, FakeChannel()
    tell(base, either_cast.principal.person_id, "launch:1")
    with base.transaction() as session:
        session.execute(update(Notice).values(read_at=MORNING))
    assert queue_digests(base, SETTINGS, now=MORNING, channels=channel.channels) == 0


def test_a_ladder_chooses_through_which_channels_its_reminders_leave(either_cast: Cast) -> None:
    channel, base, person = FakeChannel(), either_cast.database, either_cast.principal.person_id
    tell(base, person, "reminder:inbox only", outward=outward(["站内"]))
    tell(base, person, "reminder:robots", outward=outward(["站内", "群机器人"]))
    assert morning_round(base, channel, MORNING).sent == 0
    tell(base, person, "reminder:mail too", outward=outward(["站内", "邮件"]))
    assert morning_round(base, channel, MORNING).sent == 1
    (letter,) = channel.taken
    assert "mail too" in letter.body
    assert "robots" not in letter.body


def test_of_what_chases_one_task_a_digest_tells_the_warning_alone_and_the_newest() -> None:
    def notice(number: int, key: str, task_id: int | None, state: str = "assigned") -> Untold:
        return Untold(number, key, key, "", "", False, task_id, state if task_id else None, None)

    told = [
        notice(1, "reminder:7:到期当日:2023-05-31", 7),
        notice(2, "warning:7:逾期1个工作日预警:2023-05-31", 7),
        notice(3, "reminder:7:逾期后第2个工作日:2023-05-31", 7),
        notice(4, "reminder:8:到期当日:2023-06-02", 8),
        notice(5, "reminder:8:逾期后第2个工作日:2023-06-02", 8),
        notice(6, "warning:9:逾期1个工作日预警:2023-05-31", 9, "accepted"),
        notice(7, "warning:line3:逾期1个工作日预警:2023-05-31", None),
        notice(8, "launch:1", None),
    ]
    assert [each.id for each in without_repeats(told)] == [2, 5, 7, 8]


def test_queueing_twice_writes_once(either_cast: Cast) -> None:
    base, channels = either_cast.database, FakeChannel().channels
    tell(base, either_cast.principal.person_id, "launch:1")
    assert queue_digests(base, SETTINGS, now=MORNING, channels=channels) == 1
    assert queue_digests(base, SETTINGS, now=MORNING, channels=channels) == 0


def test_a_disabled_account_is_written_to_no_more(cast: Cast) -> None:
    tell(cast.database, cast.officer.person_id, "launch:1")
    with cast.database.transaction() as session:
        disable_account(session, person_id=cast.officer.person_id or 0, by=cast.administrator, now=FOUNDED)
    assert queue_digests(cast.database, SETTINGS, now=MORNING, channels=FakeChannel().channels) == 0


def test_a_person_can_turn_a_channel_off_or_use_another_address(either_cast: Cast) -> None:
    base, channel = either_cast.database, FakeChannel()
    people = (either_cast.principal.person_id, either_cast.leader.person_id)
    with base.transaction() as session:
        session.add(ChannelSetting(person_id=people[0], channel="email", address="x@example.invalid", enabled=False))
        session.add(ChannelSetting(person_id=people[1], channel="email", address="zheng@example.invalid"))
    for person in people:
        tell(base, person, "launch:1")
    morning_round(base, channel, MORNING)
    assert [letter.address for letter in channel.taken] == ["zheng@example.invalid"]


def test_a_group_hears_once_what_all_its_people_were_told(either_cast: Cast) -> None:
    base, fake = either_cast.database, FakeChannel()
    robot = Channel("群机器人", fake.connect, lambda _: True, lambda *_: "", to_groups=True)
    with base.transaction() as session:
        session.add(ChannelSetting(organisation_id=either_cast.bureau.id, channel="wecom", address="http://robot.test"))
    for actor in (either_cast.leader, either_cast.officer):
        tell(base, actor.person_id, "report.filed:1")
    assert queue_digests(base, SETTINGS, now=MORNING, channels={"wecom": robot}) == 1
    delivery = deliveries(base)[0]
    assert (delivery.organisation_id, delivery.title) == (either_cast.bureau.id, "消息report.filed:1")
    assert dispatch(base, SETTINGS, now=MORNING, channels={"wecom": robot}) == Dispatched(sent=1)
    assert [event.kind for event in fake.taken[0].events] == ["report.filed"], "two people were told, it happened once"
    assert queue_digests(base, SETTINGS, now=MORNING + DAY, channels={"wecom": robot}) == 0


def test_the_digest_of_somebody_elses_news_never_reaches_me(cast: Cast) -> None:
    channel = FakeChannel()
    tell(cast.database, cast.principal.person_id, "canary:1")
    tell(cast.database, cast.stranger_principal.person_id, "launch:1")
    morning_round(cast.database, channel, MORNING)
    assert [("canary" in letter.body, letter.address) for letter in channel.taken] == [
        (True, "principal@example.invalid"),
        (False, "stranger@example.invalid"),
    ]
