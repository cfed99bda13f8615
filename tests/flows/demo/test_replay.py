"""The demonstration is what the real actions do: its first fortnight, held against the invariants of the record."""

from datetime import date, time
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.clock import instant
from campaigns.queries.verify import Scene, verify
from campaigns.settings import Settings
from campaigns.store.database import Database
from campaigns.store.ledger import DueWork
from campaigns.store.work.tasks import Submission
from flows.demo.doers import ASKED
from flows.demo.load import FOUNDED, HAZARDS_2023, LAUNCHED, desk_of
from flows.demo.places import build
from flows.demo.replay import replay

LAST = instant(date(2023, 5, 18), time(18))


def test_a_replayed_fortnight_has_history_and_breaks_no_invariant(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        places = build(session, now=FOUNDED)
        draft = Draft.of_template("hazard-2023")
        campaign = launch(session, draft, launch_key="replay", by=places.city_leader, now=LAUNCHED)
    given = Settings(home=tmp_path, demo=True)
    desk = desk_of(places, HAZARDS_2023, ASKED, files=given.files)
    replay(database, {campaign.id: desk}, first=date(2023, 5, 4), last=LAST, say=lambda _: None)
    with database.reading() as session:
        handed_in = session.scalar(select(func.count()).select_from(Submission))
        late = session.scalars(select(col(DueWork.key)).where(col(DueWork.late))).all()
        found = [finding for _, findings in verify(Scene(session, given, LAST)) for finding in findings]
    assert handed_in
    assert late == []
    assert found == []
