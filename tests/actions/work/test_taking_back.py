"""A file of a draft is taken back by its side; what was handed in stays."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.actions.work.taking_back import take_back
from campaigns.actions.work.tasks import save_draft, send_back
from campaigns.errors import Conflict, NotFound
from campaigns.rules.permissions import Actor
from campaigns.store.work.tasks import Attachment, Draft, Task
from tests.actions.work.test_tasks import BIG, JUNE, handed_in, pictured, task
from tests.campaigns import launched
from tests.people import Cast

NOW = datetime(2023, 6, 15, 2, 0, tzinfo=UTC)


def taken_back(cast: Cast, wanted: Task, storage_id: str, *, by: Actor | None = None) -> None:
    with cast.database.transaction() as session:
        take_back(session, task_id=wanted.id, storage_id=storage_id, by=by or cast.principal)


def test_a_file_goes_from_every_draft_of_its_side_and_the_others_stay(either_cast: Cast, tmp_path: Path) -> None:
    launched(either_cast)
    wanted = task(either_cast)
    (wrong,) = pictured(either_cast, tmp_path, wanted)
    (right,) = pictured(either_cast, tmp_path, wanted, by=either_cast.safety_officer, colour="blue")
    with either_cast.database.transaction() as session:
        for person in (either_cast.principal, either_cast.safety_officer):
            values = {"带队人": person.name, "现场照片": [wrong, right]}
            save_draft(session, task_id=wanted.id, values=values, by=person, now=NOW)
    taken_back(either_cast, wanted, wrong, by=either_cast.safety_officer)
    with either_cast.database.reading() as session:
        assert [one.storage_id for one in session.scalars(select(Attachment))] == [right]
        drafts = [draft.content for draft in session.scalars(select(Draft).order_by(Draft.person_id))]
    assert [draft["现场照片"] for draft in drafts] == [[right], [right]]
    assert all(draft["带队人"] for draft in drafts)
    with pytest.raises(NotFound):
        taken_back(either_cast, wanted, wrong)


def test_what_was_handed_in_is_not_taken_back_even_when_it_was_sent_back(either_cast: Cast, tmp_path: Path) -> None:
    launched(either_cast)
    wanted = task(either_cast, "QY-21")
    handed_in(either_cast, tmp_path, wanted, BIG, now=JUNE)
    with either_cast.database.reading() as session:
        kept = session.scalars(select(Attachment.storage_id)).one()
    with pytest.raises(Conflict, match="这项任务现在是“待审核”，文件不能再删除。"):
        taken_back(either_cast, wanted, kept)
    with either_cast.database.transaction() as session:
        send_back(session, task_id=wanted.id, reason="不全", by=either_cast.officer, now=JUNE)
    with pytest.raises(Conflict, match="已经随回执提交，不能删除。"):
        taken_back(either_cast, wanted, kept)


def test_a_file_of_another_task_or_side_is_not_found(cast: Cast, tmp_path: Path) -> None:
    launched(cast)
    wanted, another = task(cast), task(cast, "QY-21")
    (kept,) = pictured(cast, tmp_path, wanted)
    for which, who in ((another, cast.principal), (wanted, cast.officer), (wanted, cast.other_principal)):
        with pytest.raises(NotFound):
            taken_back(cast, which, kept, by=who)
    with cast.database.reading() as session:
        assert session.scalars(select(Attachment.storage_id)).one() == kept
