"""A row that moved on between the look and the step is never overwritten."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from campaigns.actions.stepping import move
from campaigns.errors import Conflict
from campaigns.rules.states import TaskState
from campaigns.store.work.tasks import Task
from tests.campaigns import launched
from tests.factories import task_of
from tests.people import Cast


def test_the_slower_of_two_is_told_and_changes_nothing(either_cast: Cast) -> None:
    launched(either_cast)
    with pytest.raises(Conflict, match="第1版，现在已是第2版“办理中”"), either_cast.database.transaction() as session:
        task = task_of(session, "QY-01", either_cast.pond.id)
        faster = update(Task).where(col(Task.id) == task.id).values(state=TaskState.ACKNOWLEDGED, version=2)
        session.execute(faster.execution_options(synchronize_session=False))
        move(session, task, TaskState.SUBMITTED)


def test_a_step_that_the_table_does_not_know_is_refused_before_anything_is_written(cast: Cast) -> None:
    launched(cast)
    with cast.database.transaction() as session:
        task = task_of(session, "QY-01", cast.pond.id)
        with pytest.raises(Conflict, match="不能改为“已退回”"):
            move(session, task, TaskState.SENT_BACK)
        assert task.version == 1
