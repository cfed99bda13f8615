"""The register: what an audience may select on."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from campaigns.errors import Invalid
from campaigns.store.directory.regions import Trait
from tests.people import FOUNDED, Cast, retrait


def test_a_trait_may_carry_a_number(either_cast: Cast) -> None:
    retrait(either_cast, either_cast.pond, "有外包队伍、单班入井人数=35", now=FOUNDED)
    with either_cast.database.reading() as session:
        rows = session.execute(
            select(col(Trait.name), col(Trait.amount)).where(col(Trait.organisation_id) == either_cast.pond.id)
        ).all()
    assert {tuple(row) for row in rows} == {("有外包队伍", None), ("单班入井人数", 35)}


def test_a_number_that_is_none_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        retrait(cast, cast.pond, "单班入井人数=很多", now=FOUNDED)
    assert "不超过9位的整数" in refusal.value.fields["traits"]
