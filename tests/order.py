"""In which order two workers share the suite: long files first, so that neither idles at the end while the other has one left."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

LONGEST = (
    "tests/browser/",
    "tests/engine/",
    "tests/flows/demo/",
    "tests/actions/reporting/test_random_trees.py",
    "tests/stories/",
    "tests/queries/test_verify.py",
    "tests/flows/",
    "tests/actions/",
    "tests/api/",
)
"""Measured; a folder stands for its files. The others need seconds."""
APART = "tests/browser/test_every_page.py"
"""Its tests are shared between the workers one by one: each is a person's way through every page."""


def long_first(items: list[pytest.Item]) -> None:
    """Sort tests by how long their files need; within a file, the order stays."""
    items.sort(
        key=lambda item: next((at for at, place in enumerate(LONGEST) if item.nodeid.startswith(place)), len(LONGEST))
    )


class WholeFiles(LoadScopeScheduling):
    """Gives every file to one worker, whose fixtures its tests share, except the one that is handed out test by test."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False  # the number of a file's tests says little about the seconds they take
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(APART) else super()._split_scope(nodeid)
