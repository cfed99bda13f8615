"""A cell is as dark as its rate, and shows counts where a rate would say nothing."""

import pytest

from campaigns.rules.shades import FEW, Shade, Share


@pytest.mark.parametrize(
    ("done", "due", "shade"),
    [
        (0, 0, Shade.AHEAD),
        (1, FEW - 1, Shade.FEW),
        (FEW, FEW, Shade.GOOD),
        (95, 100, Shade.GOOD),
        (949, 1000, Shade.FAIR),
        (80, 100, Shade.FAIR),
        (799, 1000, Shade.POOR),
        (60, 100, Shade.POOR),
        (599, 1000, Shade.BAD),
        (0, FEW, Shade.BAD),
    ],
)
def test_a_cell_takes_the_shade_of_its_rate(done: int, due: int, shade: Shade) -> None:
    assert Share(due=due, done=done).shade is shade


def test_a_hundred_percent_is_said_only_when_everything_due_is_done() -> None:
    assert Share(due=1000, done=999).percent == 99
    assert Share(due=1000, done=1000).percent == 100


def test_shares_of_regions_add_up() -> None:
    assert Share(4, 3, 1, 9) + Share(6, 6, 0, 8) == Share(10, 9, 1, 17)
