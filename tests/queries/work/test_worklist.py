"""今天要做的: the most pressing first, and nothing of anybody else's."""

from datetime import UTC, date, datetime

from campaigns.actions.work.requests import ask, grant
from campaigns.actions.work.tasks import sign_nil
from campaigns.queries.work.worklist import Urgency, Worklist, worklist
from campaigns.rules.permissions import Actor
from campaigns.rules.states import RequestKind
from tests.campaigns import launched
from tests.factories import task_of
from tests.people import Cast

FIFTEENTH = datetime(2023, 5, 15, 1, 0, tzinfo=UTC)
SIXTEENTH = datetime(2023, 5, 16, 1, 0, tzinfo=UTC)


def seen(cast: Cast, now: datetime, *, by: Actor | None = None) -> Worklist:
    with cast.database.reading() as session:
        return worklist(session, actor=by or cast.safety_officer, now=now)


def duties(found: Worklist) -> dict[Urgency, list[str]]:
    return {urgency: [f"{item.title}{item.period}" for item in items] for urgency, items in found.groups}


def test_what_is_due_today_comes_before_what_is_due_later(either_cast: Cast) -> None:
    launched(either_cast)
    found = duties(seen(either_cast, FIFTEENTH))
    assert list(found) == [Urgency.TODAY, Urgency.MONTH, Urgency.LATER, Urgency.ANYTIME]
    assert found[Urgency.TODAY] == ["重大事故隐患排查治理2023年5月第1次"]
    assert found[Urgency.ANYTIME] == ["动火等危险作业审批"]


def test_a_day_later_it_is_late(either_cast: Cast) -> None:
    launched(either_cast)
    assert next(iter(duties(seen(either_cast, SIXTEENTH)))) is Urgency.LATE


def test_what_is_done_leaves_the_list_and_is_counted(cast: Cast) -> None:
    launched(cast)
    with cast.database.transaction() as session:
        task = task_of(session, "QY-01", cast.pond.id)
        sign_nil(session, task_id=task.id, signed=True, by=cast.principal, now=FIFTEENTH)
    found = seen(cast, FIFTEENTH)
    assert Urgency.TODAY not in duties(found)
    assert (found.done, found.waiting, found.pressing) == (1, 0, 0)


def test_an_extension_shows_at_once(cast: Cast) -> None:
    launched(cast)
    with cast.database.transaction() as session:
        task = task_of(session, "QY-01", cast.pond.id)
        request = ask(
            session,
            task_id=task.id,
            kind=RequestKind.EXTENSION,
            reason="暴雨",
            due_on=date(2023, 5, 20),
            by=cast.principal,
            now=FIFTEENTH,
        )
        grant(session, request_id=request.id, by=cast.officer, now=FIFTEENTH)
    found = seen(cast, SIXTEENTH)
    assert [item.due_on for item in dict(found.groups)[Urgency.WEEK]] == [date(2023, 5, 20)]


def test_a_bureau_has_its_own_worklist_with_one_line_per_enterprise(cast: Cast) -> None:
    launched(cast)
    found = seen(cast, FIFTEENTH, by=cast.officer)
    items = [item for _, group in found.groups for item in group]
    assert {item.subject for item in items if item.subject} == {cast.pond.name, cast.other_pond.name}
    assert {item.report for item in items if item.report} == {"调度表"}


def test_nobody_elses_tasks_are_on_it(cast: Cast) -> None:
    launched(cast)
    assert seen(cast, FIFTEENTH, by=cast.stranger_principal).owed == 0
