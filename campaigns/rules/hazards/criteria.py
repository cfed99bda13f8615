"""Which clause of which 判定标准 makes a hazard a major one (M01)."""

from dataclasses import dataclass
from datetime import date

from campaigns.rules.hazards.finding import LONGEST_CRITERION

NOT_YET, NO_LONGER = "发现那天还没有施行", "发现那天已经停止施行"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A clause in words, and where it was picked from a set: the set's 文号, its version and the clause's place.

    `clause_id` is what a picker sends; `actions.hazards.citing` turns it into the rest.
    """

    words: str = ""
    set_id: str = ""
    version: str = ""
    clause: str = ""
    clause_id: int | None = None


def citation(document_number: str, place: str) -> str:
    """Return a clause as people cite it: 矿安〔2022〕88号 尾矿库（一）."""
    return f"{document_number} {place}"


def shortened(document_number: str, place: str, words: str) -> str:
    """Return a citation with as much of the clause as a hazard's line holds; its page shows the whole."""
    text = f"{citation(document_number, place)}：{words}"
    return text if len(text) <= LONGEST_CRITERION else f"{text[: LONGEST_CRITERION - 1]}…"


def why_not_in_force(on: date, *, starts: date, ends: date | None) -> str:
    """Return why a set does not hold for what was found on that day, empty if it does; both ends count."""
    if on < starts:
        return NOT_YET
    return NO_LONGER if ends is not None and on > ends else ""
