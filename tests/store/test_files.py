"""Bytes under random names, whole or not there."""

from pathlib import Path

import pytest

from campaigns.store.files import FileStore


def test_what_is_put_is_found_under_a_name_nobody_can_guess(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    first, second = store.put(b"one"), store.put(b"one")
    assert first != second
    assert store.path(first).read_bytes() == b"one"
    assert set(store.all_ids()) == {first, second}
    store.remove(first)
    store.remove(first)
    assert set(store.all_ids()) == {second}


@pytest.mark.parametrize("storage_id", ["", "..", "../../etc/passwd", "A" * 32, "a" * 31])
def test_what_is_no_id_of_ours_never_reaches_a_path(tmp_path: Path, storage_id: str) -> None:
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).path(storage_id)


def test_an_unfinished_file_is_not_counted(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    kept = store.put(b"whole")
    store.path(kept).with_name(f".{'b' * 32}").write_bytes(b"hal")
    assert list(store.all_ids()) == [kept]
