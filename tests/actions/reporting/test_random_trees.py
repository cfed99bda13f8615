"""The roll-up equals a recount that walks the facts one by one, on random trees. `make trust` tries a thousand."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from campaigns.actions.reporting.filling import Typed, fill_cells
from campaigns.rules.reporting.indicators import roll_up
from tests.fifteen import contribution, opened
from tests.monthly import instant_of
from tests.people import Cast
from tests.trees.comparing import compare, example
from tests.trees.shapes import Province, provinces


@pytest.mark.timeout(900)
def test_the_roll_up_equals_a_recount_on_random_trees(cast: Cast) -> None:
    quick = settings(
        max_examples=2,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],  # `make trust` looks for the smallest tree that differs
        suppress_health_check=list(HealthCheck),
    )

    @quick
    @given(provinces)
    def holds(shape: Province) -> None:
        assert compare(cast.database, cast, shape)

    holds()


lines = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 9), st.integers(0, 9), st.integers(0, 5))
matrices = st.lists(lines, min_size=3, max_size=3)
"""Rows 1 to 3 of 执法办案统计表: checks, of them by the system, penalties, 万元, suspended."""


@pytest.mark.timeout(900)
def test_a_matrix_rolls_up_cell_by_cell_with_its_rates_worked_out_anew(cast: Cast) -> None:
    unhurried = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))

    @unhurried
    @given(st.tuples(matrices, matrices))
    def holds(both: tuple[list[tuple[int, ...]], ...]) -> None:
        with example(cast.database) as session:
            period = opened(session, cast, "执法办案统计表")
            for (bureau, leader), rows in zip(period.who.filers, both, strict=True):
                report = period.report(bureau)
                values, version = matrix(rows), report.edit_version
                fill_cells(
                    session, report_id=report.id, edit_version=version, values=values, by=leader, now=instant_of(5, 22)
                )
            period.climb()
            parts = [contribution(period, bureau) for bureau, _ in period.who.filers]
            expected = roll_up(period.form, parts).figures
            for bureau, _ in period.who.above:
                assert contribution(period, bureau).figures == expected
            checked = sum(row[0] for rows in both for row in rows)
            by_system = sum(min(row[:2]) for rows in both for row in rows)
            assert expected["9:1"] == checked
            assert expected["9:3"] == (int((20_000 * by_system / checked + 1) // 2) if checked else None)

    holds()


def matrix(rows: list[tuple[int, ...]]) -> dict[str, Typed]:
    """Type three rows that balance: no more by the system than in all, no fine without a penalty."""
    typed: dict[str, Typed] = {}
    for number, (checks, system, penalties, money, suspended) in enumerate(rows, 1):
        figures = (checks, min(checks, system), penalties, money if penalties else 0, suspended)
        typed |= {
            f"{number}:{column}": Typed(month=str(figure))
            for column, figure in zip((1, 2, 4, 5, 6), figures, strict=True)
        }
    return typed
