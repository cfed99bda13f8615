"""Files handed out: the person's own Chinese file name in RFC 5987, never guessed at, never run."""

from urllib.parse import quote

from fastapi import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
_SUFFIXES = {XLSX: ".xlsx", JSON: ".json"}


def attachment(content: bytes, name: str, kind: str) -> Response:
    """Answer with a file to be saved under `name` (without its suffix)."""
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in '\\/:*?"<>|')
    disposition = f"attachment; filename*=UTF-8''{quote(kept + _SUFFIXES[kind])}"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers=headers)
