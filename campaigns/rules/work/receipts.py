"""回执: the number a person keeps, and the SHA-256 that lets anybody check years later what was handed in."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

from campaigns.clock import local_date


@dataclass(frozen=True, slots=True)
class Sealed:
    """Everything the hash covers: what was handed in (files with their own SHA-256 inside), for what, by whom, when.

    `paper` stands behind a 代录: who signed it, when it was received, its scans; None for what a doer handed in himself.
    """

    receipt: str
    task_id: int
    organisation_id: int
    subject_id: int
    person_id: int
    signer: str
    submitted_at: datetime
    occurred_on: date
    nil: bool
    content: Mapping[str, Any]
    paper: Mapping[str, Any] | None = None


def receipt_number(task_id: int, number: int, submitted_at: datetime) -> str:
    """Return 日期-任务号-第几次: short enough to be read out over the telephone."""
    return f"{local_date(submitted_at):%Y%m%d}-{task_id:06d}-{number}"


def canonical(sealed: Sealed) -> bytes:
    """Return the canonical JSON of what was handed in: keys sorted, the instant in UTC to the microsecond."""
    values = asdict(sealed) | {"submitted_at": sealed.submitted_at.astimezone(UTC).isoformat(timespec="microseconds")}
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)


def seal(sealed: Sealed) -> str:
    """Return the SHA-256 over the canonical JSON of what was handed in."""
    return hashlib.sha256(canonical(sealed)).hexdigest()
