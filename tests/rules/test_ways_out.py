"""渠道: every way out of the house is reached by a word of the language, and every word is known."""

from typing import get_args

from campaigns.definition.ladders import WayOut
from campaigns.rules.ladders.ways_out import EVERYWHERE, WAYS_OUT, bears, outward
from notifications.channels import CHANNELS


def test_every_word_leads_somewhere_and_every_channel_is_reached_by_a_word() -> None:
    assert set(get_args(WayOut)) == set(WAYS_OUT)
    assert {channel for channels in WAYS_OUT.values() for channel in channels} == set(CHANNELS)


def test_a_ladder_that_names_no_way_goes_wherever_people_are_reached() -> None:
    assert outward([]) == EVERYWHERE
    assert bears("email") in outward(["站内", "邮件"])
    assert bears("wecom") not in outward(["站内", "邮件"])
    assert bears("email") not in outward(["站内"])
