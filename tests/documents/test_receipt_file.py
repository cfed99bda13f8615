"""回执文件: what it says is what was handed in, and nobody can change a word of it or sign it in the bureau's place."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import orjson
import pytest

from campaigns.documents.receipt_file import (
    fingerprint,
    names_file,
    read_receipt,
    receipt_file,
    same_fingerprint,
    signing_key,
)
from campaigns.errors import Invalid
from campaigns.rules.work.receipts import Sealed, seal

PHOTO = b"the bytes of a photo"
SEALED = Sealed(
    receipt="20230512-000001-1",
    task_id=1,
    organisation_id=2,
    subject_id=2,
    person_id=3,
    signer="张矿长",
    submitted_at=datetime(2023, 5, 12, 2, 30, 1, 250, tzinfo=UTC),
    occurred_on=date(2023, 5, 12),
    nil=False,
    content={"带队人": "张矿长", "现场照片": [{"name": "坝顶.jpg", "sha256": hashlib.sha256(PHOTO).hexdigest()}]},
)
NAMED = {"单位": "云杉金属", "任务": "带队检查"}
KEY = signing_key("the secret of this installation")
FILE = receipt_file(SEALED, NAMED, KEY)


def test_a_receipt_file_tells_what_was_handed_in_and_who_signed_it() -> None:
    read = read_receipt(FILE)
    assert (read.sealed, read.named, read.sha256) == (SEALED, NAMED, seal(SEALED))
    assert same_fingerprint(read.fingerprint, fingerprint(KEY.public_key()).replace(" ", "").upper())


def test_the_key_follows_from_the_secret_alone() -> None:
    again, other = signing_key("the secret of this installation"), signing_key("another secret")
    assert again.public_key() == KEY.public_key()
    assert not same_fingerprint(fingerprint(other.public_key()), fingerprint(KEY.public_key()))


@pytest.mark.parametrize("place", range(0, len(FILE), 7))
def test_no_byte_of_it_can_be_changed(place: int) -> None:
    changed = FILE[:place] + bytes([FILE[place] ^ 1]) + FILE[place + 1 :]
    with pytest.raises(Invalid):
        read_receipt(changed)


def test_a_content_under_another_hash_is_refused_even_when_it_is_signed() -> None:
    body = orjson.loads(receipt_file(replace(SEALED, signer="别人"), NAMED, KEY))
    honest = orjson.loads(FILE)
    with pytest.raises(Invalid, match="签名不符"):
        read_receipt(orjson.dumps({**honest, "sealed": body["sealed"]}))


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b"[" * 100_000, b"x" * (2 << 20)])
def test_what_is_no_receipt_file_is_named_so(junk: bytes) -> None:
    with pytest.raises(Invalid, match="不是回执文件"):
        read_receipt(junk)


def test_a_photo_is_known_by_its_bytes() -> None:
    read = read_receipt(FILE)
    assert names_file(read, PHOTO)
    assert not names_file(read, PHOTO + b" retouched")
