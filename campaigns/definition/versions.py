"""Language versions, and the pin of a launched campaign: the exact text, its hash, the language it was written in."""

from hashlib import sha256

LANGUAGES = ("rectify/v1",)


def fingerprint(text: str, parent_text: str | None = None) -> str:
    """Return the SHA-256 that pins a frozen definition: of its text, and of its superior's when it is an overlay."""
    digest = sha256(text.encode("utf-8"))
    if parent_text is not None:
        digest.update(b"\0" + parent_text.encode("utf-8"))
    return digest.hexdigest()
