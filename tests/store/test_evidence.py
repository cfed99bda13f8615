"""What 来源 may name is exactly what can be counted."""

from campaigns.definition.checks.reports import REGISTER_FIGURES
from campaigns.store.reporting.evidence import _REGISTER_FIGURES


def test_every_figure_of_the_register_that_a_definition_may_name_is_counted() -> None:
    assert set(REGISTER_FIGURES) == set(_REGISTER_FIGURES)
