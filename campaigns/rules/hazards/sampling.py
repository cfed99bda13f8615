"""回头看: a sample that anybody can draw again: the same seed over the same list gives the same hazards (M16, 002 四（一）)."""

import hashlib
from collections.abc import Iterable

from campaigns.errors import Forbidden
from campaigns.rules.permissions import Actor, Permission, check_somewhere

MOST = 200


def check_may_look_back(actor: Actor) -> None:
    """Raise unless the actor is an official who rechecks: an enterprise rechecks its own, but does not look back at itself."""
    check_somewhere(actor, Permission.RECHECK_HAZARD)
    if not actor.is_regulator:
        raise Forbidden("回头看由监管部门抽取。", kept="没有改动任何内容。")


def drawn(numbers: Iterable[str], *, seed: str, size: int) -> tuple[str, ...]:
    """Return `size` of the hazards' numbers, in the order in which they were drawn."""
    return tuple(sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())[:size])


def population_hash(numbers: Iterable[str]) -> str:
    """Return the SHA-256 of the list that was drawn from, so that it can be told later whether it is still the same."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()
