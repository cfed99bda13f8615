"""回头看: a sample that anybody can draw again: the same seed over the same list gives the same hazards (M16, 002 四（一）)."""

import hashlib
from collections.abc import Iterable

MOST = 200


def drawn(numbers: Iterable[str], *, seed: str, size: int) -> tuple[str, ...]:
    """Return `size` of the hazards' numbers, in the order in which they were drawn."""
    return tuple(sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())[:size])


def population_hash(numbers: Iterable[str]) -> str:
    """Return the SHA-256 of the list that was drawn from, so that it can be told later whether it is still the same."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()
