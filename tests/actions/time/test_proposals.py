"""拟办: what is settled meanwhile cannot be adopted, and a due date that was moved begins a ladder of its own."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.time.escalation import escalate
from campaigns.actions.time.proposals import SETTLED, confirm
from campaigns.actions.work import requests, tasks
from campaigns.rules.states import ProposalState, RequestKind
from campaigns.store.ledger import Event
from campaigns.store.work.tasks import Proposal
from flows.sweeps import sweep, sweep_everything
from tests.campaigns import SMALL, at, launched
from tests.people import Cast

PLAN = {"完成日期": "2023-06-05", "完成情况": "方案已报送"}


def drafted(cast: Cast) -> Proposal:
    """Launch, let 青山 be late, and return the step drafted against it."""
    launched(cast, text=SMALL)
    sweep_everything(cast.database, now=at(6, 5))
    return of_the_pond(cast)[0]


def of_the_pond(cast: Cast) -> list[Proposal]:
    with cast.database.reading() as session:
        mine = select(Proposal).where(col(Proposal.target_id) == cast.pond.id).order_by(col(Proposal.id))
        return list(session.scalars(mine))


def put_off(cast: Cast, task_id: int, until: date) -> None:
    with cast.database.transaction() as session:
        asked = requests.ask(
            session,
            task_id=task_id,
            kind=RequestKind.EXTENSION,
            reason="暴雨",
            due_on=until,
            by=cast.principal,
            now=at(6, 6),
        )
    with cast.database.transaction() as session:
        requests.grant(session, request_id=asked.id, by=cast.officer, now=at(6, 6, 10))


def test_a_step_against_a_finished_task_is_withdrawn_instead_of_adopted(either_cast: Cast) -> None:
    proposal = drafted(either_cast)
    with either_cast.database.transaction() as session:
        tasks.submit(session, task_id=proposal.task_id, values=PLAN, by=either_cast.principal, now=at(6, 5, 10))
    with either_cast.database.transaction() as session:
        done = confirm(session, proposal_id=proposal.id, reason="属实", by=either_cast.leader, now=at(6, 5, 15))
    assert (done.state, done.reason) == (ProposalState.WITHDRAWN, "任务现在是“待审核”，拟办已撤回")
    with either_cast.database.reading() as session:
        kinds = set(session.scalars(select(col(Event.kind)).where(col(Event.subject) == "proposal")))
    assert kinds == {"proposal.withdrawn"}


def test_a_step_against_a_task_that_was_put_off_is_withdrawn_too(either_cast: Cast) -> None:
    proposal = drafted(either_cast)
    put_off(either_cast, proposal.task_id, date(2023, 6, 20))
    with either_cast.database.transaction() as session:
        done = confirm(session, proposal_id=proposal.id, reason="属实", by=either_cast.leader, now=at(6, 7))
    assert "期限已改到2023年6月20日" in done.reason


def test_the_next_pass_withdraws_what_is_settled_and_a_lapsed_extension_drafts_the_step_again(
    either_cast: Cast,
) -> None:
    first = drafted(either_cast)
    put_off(either_cast, first.task_id, date(2023, 6, 8))
    sweep_everything(either_cast.database, now=at(6, 7))
    assert [(one.state, one.reason) for one in of_the_pond(either_cast)] == [(ProposalState.WITHDRAWN, SETTLED)]
    sweep_everything(either_cast.database, now=at(6, 13))
    again = [one for one in of_the_pond(either_cast) if one.state == ProposalState.DRAFTED]
    assert [(one.rung, one.due_on) for one in again] == [(first.rung, date(2023, 6, 8))]
    assert sweep(either_cast.database, escalate, now=at(6, 13, 11)) == 0, "a second pass drafts nothing"
