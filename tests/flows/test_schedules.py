"""Prefect's calendar against our rows: what is added, moved and removed, decided without Prefect."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from campaigns.actions.time.due_work import WorkKind
from campaigns.queries.campaign.coming import Coming
from flows.schedules import Planned, difference

NOW = datetime(2023, 5, 20, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def _row(key: str, at: datetime, kind: str = WorkKind.ROLL_UP) -> Coming:
    return Coming(key=key, kind=kind, due_at=at, title="5月调度表汇总", campaign="2023行动")


def _run(key: str, at: datetime) -> Planned:
    return Planned(id=uuid4(), key=key, at=at)


def test_an_empty_prefect_gets_everything_ahead() -> None:
    rows = [_row("may", NOW + 5 * DAY), _row("june", NOW + 36 * DAY)]
    assert difference(rows, [], now=NOW).create == tuple(rows)


def test_what_agrees_is_left_alone() -> None:
    changes = difference([_row("may", NOW + DAY)], [_run("may", NOW + DAY)], now=NOW)
    assert (changes.create, changes.move, changes.remove) == ((), (), ())


def test_what_moved_is_moved() -> None:
    row, run = _row("may", NOW + 4 * DAY), _run("may", NOW + 5 * DAY)
    assert difference([row], [run], now=NOW).move == ((run, row),)


def test_what_is_done_or_withdrawn_is_removed() -> None:
    run = _run("april", NOW - DAY)
    assert difference([], [run], now=NOW).remove == (run,)


def test_what_is_already_due_is_neither_created_nor_removed() -> None:
    assert difference([_row("late", NOW - DAY)], [], now=NOW).create == ()
    assert difference([_row("late", NOW - DAY)], [_run("late", NOW - DAY)], now=NOW).remove == ()


def test_the_next_twenty_fifth_is_always_shown_and_daily_work_only_for_the_next_days() -> None:
    rows = [_row(f"daily:{n}", NOW + n * DAY, WorkKind.DAILY) for n in range(1, 40)] + [_row("june", NOW + 36 * DAY)]
    shown = [item.key for item in difference(rows, [], now=NOW).create]
    assert shown == ["daily:1", "daily:2", "daily:3", "june"]


def test_a_kind_without_a_deployment_is_left_to_the_tick() -> None:
    assert difference([_row("odd", NOW + DAY, "odd")], [], now=NOW).create == ()


def test_a_run_is_named_after_the_campaign_and_the_work() -> None:
    assert _row("may", NOW).name == "2023行动 · 5月调度表汇总"


def test_two_campaigns_of_one_title_have_tags_that_differ() -> None:
    first, second = (replace(_row("may", NOW), campaign_id=number) for number in (1, 2))
    assert (first.tag, second.tag) == ("2023行动（编号1）", "2023行动（编号2）")
    assert replace(first, campaign="", campaign_id=None).tag == ""
