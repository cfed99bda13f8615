"""The transition table is whole, closed, and the diagrams in docs/ are drawn from it."""

from itertools import product
from pathlib import Path

import pytest

from campaigns.errors import Conflict
from campaigns.rules.diagrams import state_diagrams
from campaigns.rules.states import TRANSITIONS, HazardState, ReportState, Stated, TaskState, check_move, may_move

DOCS = Path(__file__).parents[2] / "docs" / "states.md"
ALL_STEPS = [(old, new) for states in TRANSITIONS for old, new in product(states, states)]


@pytest.mark.parametrize("states", TRANSITIONS, ids=lambda states: states.__name__)
def test_every_state_has_its_row_and_leads_only_to_states_of_its_kind(states: type[Stated]) -> None:
    assert set(TRANSITIONS[states]) == set(states)
    assert all(isinstance(new, states) for allowed in TRANSITIONS[states].values() for new in allowed)


ENTERED_BESIDES: dict[type[Stated], tuple[Stated, ...]] = {HazardState: (HazardState.ARCHIVED,)}
"""Where something begins that no step led to: an old ledger's closed rows, which nobody closed here."""


@pytest.mark.parametrize("states", TRANSITIONS, ids=lambda states: states.__name__)
def test_every_state_can_be_reached_from_the_first(states: type[Stated]) -> None:
    reached, waiting = set(), [next(iter(states)), *ENTERED_BESIDES.get(states, ())]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting += [new for new in TRANSITIONS[states][state] if new not in reached]
    assert reached == set(states)


@pytest.mark.parametrize(("old", "new"), ALL_STEPS, ids=lambda state: str(state.value))
def test_a_step_outside_the_table_is_refused_with_both_words(old: Stated, new: Stated) -> None:
    if may_move(old, new):
        check_move("事项", old, new)
        return
    with pytest.raises(Conflict) as refusal:
        check_move("事项", old, new)
    assert old.label in refusal.value.sentence
    assert new.label in refusal.value.sentence
    assert refusal.value.advice


@pytest.mark.parametrize("final", [TaskState.WAIVED, HazardState.CLOSED, ReportState.REPLACED])
def test_what_is_done_stays_done(final: Stated) -> None:
    assert TRANSITIONS[type(final)][final] == frozenset()


def test_an_accepted_task_comes_back_and_goes_nowhere_else() -> None:
    assert TRANSITIONS[TaskState][TaskState.ACCEPTED] == {TaskState.SENT_BACK}


def test_the_diagrams_in_the_docs_are_the_table() -> None:
    assert DOCS.read_text(encoding="utf-8") == state_diagrams()
