"""The console on a real database: launch once however often it is said, in a named person's name, and do what is due."""

import os
import subprocess
import sys

from sqlalchemy import func, select
from sqlmodel import col

from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.ledger import SCHEDULER, Event, Heartbeat
from tests.people import Cast

NEW_YEAR = ("--start", "2027-05-01")


def rectify(cast: Cast, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        env={**os.environ, "RECTIFY_DATABASE_URL": cast.database.url},
        capture_output=True,
        text=True,
        check=False,
    )


def _campaigns(cast: Cast) -> int:
    with cast.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Campaign)) or 0


def test_the_same_launch_twice_gives_one_campaign_in_the_persons_name(cast: Cast) -> None:
    for _ in range(2):
        done = rectify(cast, "launch", "hazard-2023", "--as", "leader", *NEW_YEAR)
        assert done.returncode == 0, done.stderr
        assert "已启动：" in done.stdout
    assert _campaigns(cast) == 1
    with cast.database.reading() as session:
        launched = session.scalars(select(Event).where(col(Event.kind) == "campaign.launched")).one()
    assert launched.actor_name == cast.leader.name


def test_a_preview_tells_the_numbers_and_launches_nothing(cast: Cast) -> None:
    seen = rectify(cast, "launch", "hazard-2023", "--as", "leader", "--preview", *NEW_YEAR)
    assert seen.returncode == 0, seen.stderr
    assert "任务" in seen.stdout
    assert _campaigns(cast) == 0


def test_an_unknown_person_launches_nothing(cast: Cast) -> None:
    refused = rectify(cast, "launch", "hazard-2023", "--as", "nobody", *NEW_YEAR)
    assert (refused.returncode, _campaigns(cast)) == (1, 0)
    assert "没有登录名为“nobody”的账号" in refused.stderr


def test_a_tick_at_an_instant_does_what_is_due_then_and_leaves_the_heartbeat(cast: Cast) -> None:
    done = rectify(cast, "tick", "--at", "2023-05-25T17:00")
    assert done.returncode == 0, done.stderr
    assert "共完成 0 项" in done.stdout
    with cast.database.reading() as session:
        heartbeat = session.get_one(Heartbeat, SCHEDULER)
    assert heartbeat.at.isoformat() == "2023-05-25T09:00:00+00:00"
