"""Bytes under random names, whole or not there, in a directory as in a bucket."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore.exceptions import PermissionDeniedError

from campaigns.errors import Invalid
from campaigns.settings import Settings
from campaigns.store.files import Bucket, FileStore, Folder, file_store
from tests.bucket import bucket, kept_in


@pytest.fixture(params=["directory", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FileStore]:
    """Return each kind of store."""
    with kept_in(request.param, tmp_path) as chosen:
        yield chosen


def ids(store: FileStore) -> set[str]:
    return {file.storage_id for file in store.stored()}


def test_what_is_put_is_found_under_a_name_nobody_can_guess(store: FileStore) -> None:
    first, second = store.put(b"one"), store.put(b"one")
    assert first != second
    assert store.read(first) == b"one"
    assert ids(store) == {first, second}
    store.remove(first)
    store.remove(first)
    assert ids(store) == {second}
    with pytest.raises(FileNotFoundError):
        store.read(first)


def test_a_thumbnail_lies_beside_its_picture_and_goes_with_it(store: FileStore) -> None:
    picture, paper = store.put(b"a large picture", b"small"), store.put(b"a paper")
    assert (store.small(picture), store.read(picture)) == (b"small", b"a large picture")
    assert store.small(paper) == b""
    store.put_small(paper, b"drawn later")
    store.put_small(paper, b"drawn later")
    assert store.small(paper) == b"drawn later"
    assert ids(store) == {picture, paper}
    store.remove(picture)
    assert store.small(picture) == b""


@pytest.mark.parametrize("storage_id", ["", "..", "../../etc/passwd", "A" * 32, "a" * 31])
def test_what_is_no_id_of_ours_never_reaches_a_path(store: FileStore, storage_id: str) -> None:
    for touch in (store.read, store.remove, store.small):
        with pytest.raises(FileNotFoundError):
            touch(storage_id)


def test_an_unfinished_file_is_not_counted(tmp_path: Path) -> None:
    store = Folder(tmp_path)
    kept = store.put(b"whole")
    store.path(kept).with_name(f".{'b' * 32}.0a1b2c3d").write_bytes(b"hal")
    assert ids(store) == {kept}


def test_a_bucket_without_an_address_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="RECTIFY_FILES_ENDPOINT"):
        file_store(Settings(files_bucket="attachments"))


def test_a_bucket_that_knows_us_not_is_an_error_and_not_an_empty_store(tmp_path: Path) -> None:
    with bucket() as endpoint:
        stranger = file_store(
            Settings(home=tmp_path, files_bucket="attachments", files_endpoint=endpoint, files_key="x")
        )
        assert isinstance(stranger, Bucket)
        with pytest.raises(PermissionDeniedError):
            stranger.put(b"one")
