"""Which clause of which 判定标准 makes a hazard a major one (M01)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Criterion:
    """A clause in words, and where it was picked from a set: the set's id, its version and the clause's number."""

    words: str = ""
    set_id: str = ""
    version: str = ""
    clause: str = ""
