"""One random tree, lived through, recounted, and nothing of it kept."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from campaigns.store.database import Database
from tests.people import Cast
from tests.trees.living import END, Tree
from tests.trees.shapes import Province


class Undone(Exception):
    """Ends an example without keeping anything of it."""


@contextmanager
def example(base: Database) -> Iterator[Session]:
    """Open a transaction of which nothing is kept."""
    try:
        with base.transaction() as session:
            yield session
            raise Undone
    except Undone:
        return


def compare(base: Database, cast: Cast, shape: Province) -> int:
    """Live through a shape, recount it, and return how many figures were compared.

    Raises:
        AssertionError: a figure differs from the recount, or counting everything again changes one that is open.
    """
    with example(base) as session:
        tree = Tree(session, cast, shape)
        tree.live()
        compared, wrong = tree.differences()
        assert not wrong, "\n".join(wrong)
        tree.count(END, everything=True)
        _, wrong = tree.differences()
        assert not wrong, "counted again in full:\n" + "\n".join(wrong)
    return compared
