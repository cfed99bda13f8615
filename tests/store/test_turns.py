"""Writers of one SQLite file wait for each other, also in different processes."""

import threading
from pathlib import Path

from campaigns.store.turns import Turns


def test_a_second_writer_waits_until_the_first_has_ended_his_turn(tmp_path: Path) -> None:
    # each of the two opens the file by itself, as two processes do
    first, second = Turns(tmp_path / "turn"), Turns(tmp_path / "turn")
    written, begun = list[str](), threading.Event()

    def write_after() -> None:
        begun.set()
        with second.turn():
            written.append("second")

    later = threading.Thread(target=write_after)
    with first.turn():
        later.start()
        begun.wait()
        later.join(0.2)
        written.append("first")
    later.join()
    assert written == ["first", "second"]
