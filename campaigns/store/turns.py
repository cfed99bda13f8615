"""One writer after the other on a SQLite file, in the order in which they came, whatever process they are in.

SQLite lets one write and the others ask again and again, with sleeps of up to a tenth of a second between: of two processes that
serve pages the one that writes just now goes on writing, and the other stands still. Here the kernel wakes the next one.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows: SQLite's own waiting has to do there
    fcntl = None  # type: ignore[assignment]


class Turns:
    """Whose turn it is to write a database file; a process that dies gives its turn back."""

    def __init__(self, file: Path | None) -> None:
        """`file` lies beside the database and stays empty; None for one in memory, which no other process sees."""
        self._here = threading.Lock()
        self._file = file

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and keep it until the block ends."""
        if self._file is None or fcntl is None:
            with self._here:
                yield
            return
        with self._here, self._file.open("ab") as mark:  # closing it ends the turn
            fcntl.flock(mark, fcntl.LOCK_EX)
            yield
