"""One entry, two campaigns: the week's inspection is entered for the 2023 action and used for 百日攻坚 with one tap."""

from datetime import date
from pathlib import Path

from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.tasks import submit
from campaigns.actions.work.using import use_record
from campaigns.queries.campaign.overview import overview
from campaigns.queries.work.sharing import also_for, usable_records
from campaigns.queries.work.task import steps, task_card, task_form
from campaigns.rules.files.uploads import Upload
from campaigns.rules.work.sharing import Likeness
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.files import Folder
from tests.campaigns import at, launched
from tests.factories import NOTHING_FOUND, task_of
from tests.people import Cast
from tests.pictures import photo

WEEKLY = {
    "自查频次": "每周1次",
    "线索调度频次": "每旬1次",
    "移交报送频次": "每月1次",
    "公开频次": "每月1次",
    "保障机制期限": "启动后第10天",
}
FRIDAY = at(5, 12, 17)


def done(cast: Cast, campaign: Campaign) -> int:
    with cast.database.reading() as session:
        return overview(session, campaign_id=campaign.id, actor=cast.leader, now=at(5, 15)).done


def test_the_weeks_inspection_is_entered_once_and_counts_once_in_both_campaigns(
    either_cast: Cast, tmp_path: Path
) -> None:
    cast, him = either_cast, either_cast.safety_officer
    action = launched(cast)
    with cast.database.transaction() as session:
        draft = Draft.of_template("hundred-days", parameters=WEEKLY, starts_on=date(2023, 5, 8))
        hundred = launch(session, draft, launch_key="launch-hundred", by=cast.leader, now=at(5, 8))

    with cast.database.transaction() as session:  # on Friday the principal signs the inspection of the 2023 action
        own = task_of(session, "QY-01", cast.pond.id, campaign_id=action.id)
        attach_to_task(
            session,
            task_id=own.id,
            label="现场照片",
            uploads=[Upload("坝顶.jpg", photo())],
            picture=True,
            store=Folder(tmp_path),
            by=cast.principal,
            now=FRIDAY,
        )
        record = submit(session, task_id=own.id, values=NOTHING_FOUND, by=cast.principal, now=FRIDAY)
    assert (done(cast, action), done(cast, hundred)) == (1, 0)

    with cast.database.reading() as session:  # and the safety officer opens this week's task of 百日攻坚
        week = task_of(session, "QY-01", cast.pond.id, campaign_id=hundred.id, period="2023-W19")
        after = task_of(session, "QY-01", cast.pond.id, campaign_id=hundred.id, period="2023-W20")
        card = task_card(session, task_id=week.id, actor=him, now=FRIDAY)
        assert steps(session, card, task_form(session, card), actor=him).submit == ""
        (offered,) = usable_records(session, week.id, actor=him)
        assert (offered.receipt, offered.likeness) == (record.receipt, Likeness.SAME_FORM)
        assert usable_records(session, after.id, actor=him) == (), "next week has an inspection of its own"
        assert [offer.task_id for offer in also_for(session, record.id, actor=him)] == [week.id]

    with cast.database.transaction() as session:
        used = use_record(session, task_id=week.id, receipt=record.receipt, version=card.version, by=him, now=FRIDAY)
    assert used.receipt != record.receipt
    assert (done(cast, action), done(cast, hundred)) == (1, 1)
