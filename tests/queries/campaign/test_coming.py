"""What the calendar still asks for, with the words and the tag that the schedule shows."""

from datetime import timedelta

from campaigns.queries.campaign.coming import coming
from tests.campaigns import LAUNCHED, launched
from tests.people import Cast


def test_every_item_of_a_campaign_carries_its_title_and_number(either_cast: Cast) -> None:
    campaign = launched(either_cast)
    with either_cast.database.reading() as session:
        found = coming(session, until=LAUNCHED + timedelta(days=40))
    assert [item.due_at for item in found] == sorted(item.due_at for item in found)
    assert {item.tag for item in found if item.campaign} == {f"{campaign.title}（编号{campaign.id}）"}
    assert {item.name.startswith(f"{campaign.title} · ") for item in found if item.campaign_id} == {True}
