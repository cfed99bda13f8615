"""A code on paper leads to its task and to no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.work.short_links import LONGEST, SIGNS, short_code, task_behind

SECRET = "a-secret-of-the-tests"


@given(st.integers(0, 2_147_483_647))
def test_a_code_leads_back_to_its_task(task_id: int) -> None:
    code = short_code(task_id, SECRET)
    assert task_behind(code, SECRET) == task_id
    assert len(code) <= LONGEST
    assert task_behind(code, "another installation") is None


@given(st.integers(1, 500_000), st.integers(0, 20), st.sampled_from(SIGNS))
def test_a_code_with_one_other_sign_leads_nowhere(task_id: int, place: int, sign: str) -> None:
    code = short_code(task_id, SECRET)
    place %= len(code)
    changed = code[:place] + sign + code[place + 1 :]
    assert (task_behind(changed, SECRET) == task_id) == (changed == code)
    assert changed == code or task_behind(changed, SECRET) is None


def test_a_code_is_read_as_it_was_meant() -> None:
    code = next(code for number in range(2000) for code in [short_code(number, SECRET)] if {"0", "1"} <= set(code))
    task_id = task_behind(code, SECRET)
    assert task_id is not None
    misread = code.lower().replace("0", "o").replace("1", "l")
    assert task_behind(f" {misread[:4]}-{misread[4:]} ", SECRET) == task_id
    assert task_behind(code.replace("1", "I"), SECRET) == task_id


@pytest.mark.parametrize(
    "code", ["", "0", "00000000", "U2345678", "１２３４５６７８９", "9" * 40, "../../etc", "\x00" * 9]
)
def test_what_is_no_code_leads_nowhere(code: str) -> None:
    assert task_behind(code, SECRET) is None
