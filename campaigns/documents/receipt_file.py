"""回执文件: one receipt as a signed file that anybody can check years later, on a machine that knows nothing of us.

The file carries everything its hash covers, the names that a reader sees, and an Ed25519 signature over both. The signing key
follows from the installation's secret, so every web process has the same one and none has to be kept; what makes a signature
this bureau's is the key's fingerprint (公钥指纹), which the bureau publishes and the reader compares.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from campaigns.errors import Invalid
from campaigns.rules.work.receipts import Sealed, canonical, seal

FORMAT = "rectify-receipt/1"
LARGEST = 1 << 20
_PURPOSE = b"rectify receipt signature"
_OURS = ("format", "named", "sealed", "sha256", "public_key", "signature")


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """A receipt file whose content and signature agree; `fingerprint` says with which key it was signed."""

    named: Mapping[str, str]
    sealed: Sealed
    sha256: str
    fingerprint: str


def signing_key(secret: str) -> Ed25519PrivateKey:
    """Return the key that follows from the installation's secret; from the key nobody learns the secret."""
    return Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), 32, None, _PURPOSE).derive(secret.encode()))


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the first 16 bytes of the public key's SHA-256 in groups of four, to be read out or printed."""
    digits = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]
    return " ".join(digits[place : place + 4] for place in range(0, 32, 4))


def same_fingerprint(one: str, other: str) -> bool:
    """Whether two fingerprints are the same, however they were spaced or written."""
    return "".join(one.split()).lower() == "".join(other.split()).lower()


def receipt_file(sealed: Sealed, named: Mapping[str, str], key: Ed25519PrivateKey) -> bytes:
    """Return the file: `named` holds what a reader calls things (单位, 行动, 任务 …), signed along with the rest."""
    body = {
        "format": FORMAT,
        "named": dict(named),
        "sealed": orjson.loads(canonical(sealed)),
        "sha256": seal(sealed),
        "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
    }
    signature = base64.b64encode(key.sign(orjson.dumps(body, option=orjson.OPT_SORT_KEYS))).decode()
    return orjson.dumps({**body, "signature": signature}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def read_receipt(content: bytes) -> ReadReceipt:
    """Return a receipt whose hash and signature hold; raises Invalid that says which of them does not."""
    body = _parsed(content)
    signature = body.pop("signature")
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(body["public_key"], validate=True))
        sealed = _sealed(body["sealed"])
        found = seal(sealed)
        key.verify(base64.b64decode(signature, validate=True), orjson.dumps(body, option=orjson.OPT_SORT_KEYS))
    except InvalidSignature:
        raise Invalid("签名不符：这份回执在签发以后被改动过。", advice="请从系统里重新下载回执文件。") from None
    except (TypeError, ValueError, KeyError, AttributeError):
        raise _damaged() from None
    if found != body["sha256"]:
        raise Invalid("校验码不符：填报内容与校验码对不上。", advice="请从系统里重新下载回执文件。")
    return ReadReceipt(body["named"], sealed, found, fingerprint(key))


def names_file(receipt: ReadReceipt, content: bytes) -> bool:
    """Whether a photo or paper is one of those that were handed in, byte for byte."""
    return f'"{hashlib.sha256(content).hexdigest()}"'.encode() in canonical(receipt.sealed)


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise _damaged()
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise _damaged() from None
    if not isinstance(body, dict) or set(body) != set(_OURS) or body["format"] != FORMAT:
        raise _damaged()
    if not isinstance(body["named"], dict) or not all(isinstance(word, str) for word in body["named"].values()):
        raise _damaged()
    return body


def _sealed(values: Any) -> Sealed:
    fields = dict(values)
    fields["submitted_at"] = datetime.fromisoformat(fields["submitted_at"])
    fields["occurred_on"] = datetime.fromisoformat(fields["occurred_on"]).date()
    made = Sealed(**fields)
    if orjson.loads(canonical(made)) != values or asdict(made).keys() != values.keys():
        raise ValueError
    return made


def _damaged() -> Invalid:
    return Invalid(
        "这不是回执文件，或者文件不完整。", advice="请用回执页面“下载回执文件”得到的 .json 文件，不要另存或编辑。"
    )
