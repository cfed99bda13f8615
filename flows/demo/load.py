"""Load the demonstration once: found its places, replay the whole 2023 action, start a 百日攻坚 that is under way today, and a
county's own campaign beside it.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import exists, make_url, select
from sqlmodel import col

from campaigns.actions.launch.campaigns import close, launch
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.messages.notices import read_everything
from campaigns.actions.time.heartbeats import beat
from campaigns.clock import instant, local_date
from campaigns.errors import Refusal
from campaigns.rules.permissions import Actor
from campaigns.settings import settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.database import Database
from campaigns.store.directory.regions import Region
from campaigns.store.files import Folder
from campaigns.store.ledger import Heartbeat
from campaigns.store.migrate import migrate
from flows.demo.beside import Timing, desk_beside, inspections, mines, timing
from flows.demo.beside import draft as draft_beside
from flows.demo.doers import ASKED, ASKED_NOW, Asked, Desk, Undone, evening, staff
from flows.demo.places import Places, build
from flows.demo.ranking import begin_the_live_one, publish_the_years
from flows.demo.replay import replay
from flows.spot_checks import raise_flags
from flows.sweeps import RECOUNT, SWEEPS, sweep
from notifications.compose import compose

LOADED = "demonstration"
FOUNDED = instant(date(2023, 3, 1), time(9))
LAUNCHED = instant(date(2023, 5, 4), time(9, 30))
CLOSED = instant(date(2024, 1, 8), time(10))
HAZARDS_2023 = {"QY-01": 1, "QY-21": 2, "JG-31": 1, "JG-34": 1}
HAZARDS_NOW = {"QY-01": 2}
UNDER_WAY = timedelta(days=40)
"""How long ago the live 百日攻坚 began: a 25th has always passed since, and there is history, late work and much to decide."""
WAITING = timedelta(days=10)
"""How long nobody has decided anything, so that something waits for whoever signs in."""
SILENT = timedelta(days=18)
"""How long the negligent enterprise has handed nothing in: two of its weekly self-inspections are overdue."""
UNFILED = timedelta(days=6)
"""Up to how long after the 25th 茌平's table still waits for its clerk: the next month's opens before that."""
OVERLAY = Path(__file__).with_name("hundred-days-liaocheng.yaml")
STATED = {
    "自查频次": "每周1次",
    "线索调度频次": "每旬1次",
    "移交报送频次": "每月1次",
    "公开频次": "每月1次",
    "保障机制期限": "启动后第10天",
}


def load(base: Database, *, now: datetime, say: Callable[[str], None] = print) -> None:
    """Load the demonstration into an empty database; a second time does nothing.

    On SQLite it is built in a file aside and put in place whole, so that a load that is cut off leaves nothing behind.
    Raises Refusal when the database holds something else, or an earlier load on PostgreSQL was cut off.
    """
    with base.reading() as session:
        if session.scalar(select(exists().where(col(Heartbeat.name) == LOADED))):
            return
        if session.scalar(select(exists().where(col(Region.id).is_not(None)))):
            raise Refusal(
                "数据库里已有数据，没有装入演示。",
                kept="没有改动任何内容。",
                advice="演示请另用一个空的数据目录或数据库。",
            )
    if base.is_sqlite:
        _load_aside(base, now, say)
    else:
        _load(base, now, say)


def _load_aside(base: Database, now: datetime, say: Callable[[str], None]) -> None:
    place = Path(make_url(base.url).database or "")
    aside = place.with_suffix(".loading")
    _forget(aside)
    scratch = Database(f"sqlite:///{aside}", disposable=True)
    migrate(scratch)
    _load(scratch, now, say)
    scratch.dispose()
    base.dispose()
    _forget(place)
    os.replace(aside, place)


def _forget(file: Path) -> None:
    for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        name.unlink(missing_ok=True)


def _load(base: Database, now: datetime, say: Callable[[str], None]) -> None:
    with base.transaction() as session:
        places = build(session, now=FOUNDED)
    _the_2023_action(base, places, say)
    start_a_hundred_days(base, places, files=settings().files, now=now, say=say)
    with base.transaction() as session:
        beat(session, LOADED, now=now)


def _the_2023_action(base: Database, places: Places, say: Callable[[str], None]) -> None:
    desk = desk_of(places, HAZARDS_2023, ASKED, files=settings().files)
    campaign = _launch(base, Draft.of_template("hazard-2023"), places.city_leader, "聊应急发〔2023〕15号", LAUNCHED)
    replay(base, {campaign.id: desk}, first=date(2023, 5, 4), last=CLOSED, say=say)
    with base.transaction() as session:
        why = "总结提高阶段结束，未办结事项转入日常监管。"
        close(session, campaign_id=campaign.id, reason=why, by=places.city_leader, now=CLOSED)
        publish_the_years(session, campaign.id, places, now=CLOSED)
        for person in (person for people in desk.people.values() for person in people):
            read_everything(session, by=person, now=CLOSED)


def start_a_hundred_days(
    base: Database, places: Places, *, files: Path, now: datetime, say: Callable[[str], None]
) -> None:
    """Launch the city's 百日攻坚 and live through it up to now, leaving undone what the demonstration is about."""
    today = local_date(now)
    began, beside = today - UNDER_WAY, timing(today)
    draft = Draft.of_text(OVERLAY.read_text(encoding="utf-8"), parameters=STATED, starts_on=began)
    undone = _left_undone(places, today, beside)
    desk = replace(desk_of(places, HAZARDS_NOW, ASKED_NOW, files=files), undone=undone)
    campaign = _launch(base, draft, places.city_leader, f"聊应急发〔{began.year}〕21号", instant(began, time(9)))
    before = evening(beside.began - timedelta(days=1))
    replay(base, {campaign.id: desk}, first=began, last=before, say=say)
    second = _launch_beside(base, places, beside)
    desks = {campaign.id: desk, second.id: desk_beside(desk, places, beside)}
    replay(base, desks, first=beside.began, last=now, say=say)
    sweep(base, SWEEPS[RECOUNT], now=now, campaign_id=campaign.id)
    with base.transaction() as session:
        begin_the_live_one(session, campaign.id, places, now=now)
    for one in desks:
        raise_flags(base, one, store=desk.store, now=now)
    compose(base, now=now, at_once=True)


def _launch_beside(base: Database, places: Places, when: Timing) -> Campaign:
    number, at = f"茌应急发〔{when.began.year}〕18号", instant(when.began, time(9))
    return _launch(base, draft_beside(when.began), places.counties[0].officer, number, at)


def _left_undone(places: Places, today: date, beside: Timing) -> Undone:
    """Leave 茌平 a table to fill, the city one to accept and one to chase, everybody an enterprise that does not answer, and
    the mine whose record waits to be used this week's inspection.
    """
    chiping, donge, yanggu = places.counties
    negligent = next(one.organisation for one in chiping.enterprises if "云杉" in one.organisation.name)
    monday = today - timedelta(days=today.weekday())
    this_week = max(monday, beside.inspected + timedelta(days=1))
    return Undone(
        decided_until=today - WAITING,
        asks_from=today - WAITING,
        silent={negligent.id: today - SILENT, mines(places)[0].id: this_week},
        unfiled={chiping.bureau.id: today - UNFILED, yanggu.bureau.id: date.min},
        undecided=frozenset({donge.bureau.id}),
        agreed=inspections(places, beside),
    )


def _launch(base: Database, draft: Draft, by: Actor, number: str, at: datetime) -> Campaign:
    with base.transaction() as session:
        return launch(session, draft, launch_key=f"demo:{number}", document_number=number, by=by, now=at)


def desk_of(places: Places, hazards: Mapping[str, int], asked: Mapping[str, Asked], *, files: Path) -> Desk:
    """Return who sits where in a campaign, and which of its duties find hazards or are asked to be put off."""
    people = {places.city_bureau.id: staff(places.city_leader, places.city_officer)}
    for county in places.counties:
        people[county.bureau.id] = staff(county.leader, county.inspector, county.officer)
        people[county.government.id] = (county.government_officer,)
        people[county.town_centre.id] = (county.town_officer,)
        for enterprise in county.enterprises:
            people[enterprise.organisation.id] = staff(enterprise.principal, enterprise.safety_officer)
    return Desk(people=people, store=Folder(files), hazards=hazards, asked=asked)
