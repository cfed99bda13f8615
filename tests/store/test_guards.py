"""The database itself keeps a hazard's origin, whoever asks."""

from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col

from campaigns.store.hazards.hazards import Hazard
from campaigns.store.migrate import migrate
from tests.actions.hazards.test_the_closed_loop import LATER, TODAY, found
from tests.people import Cast


@pytest.mark.parametrize(
    "change",
    [
        {"source": "self"},
        {"found_on": TODAY.replace(day=1)},
        {"registered_at": LATER},
        {"registered_by_id": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_where_a_hazard_comes_from_is_written_once(either_cast: Cast, change: dict[str, Any]) -> None:
    hazard = found(either_cast, by=either_cast.inspector)
    with pytest.raises(DatabaseError, match="登记后不能改"), either_cast.database.transaction() as session:
        session.execute(update(Hazard).where(col(Hazard.id) == hazard.id).values(**change))


def test_a_hazard_is_never_deleted(either_cast: Cast) -> None:
    hazard = found(either_cast)
    with pytest.raises(DatabaseError, match="隐患不能删除"), either_cast.database.transaction() as session:
        session.execute(delete(Hazard).where(col(Hazard.id) == hazard.id))


def test_migrating_again_changes_nothing(either_cast: Cast) -> None:
    migrate(either_cast.database)
    test_a_hazard_is_never_deleted(either_cast)
