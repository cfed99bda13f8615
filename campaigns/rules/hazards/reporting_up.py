"""双报告 of a major hazard: to the bureau (直报) and to the workers, at once, each with a receipt (安全生产法41条, 001（十二）).

The law says 及时 and names no hours. The clock runs from the registration; a report that was not made on the day of the
registration is called late from the next day on.
"""

from collections.abc import Collection

from campaigns.rules.states import HazardState, Stated


class Addressee(Stated):
    """To whom a major hazard is reported."""

    BUREAU = "bureau", "监管部门"
    WORKERS = "workers", "职工大会或职工代表大会"


def why_not_report(*, major: bool, state: HazardState, made: Collection[Addressee], to: Addressee) -> str | None:
    """Return None when the report is not called for, an empty word when it is to be made."""
    if not major or state in (HazardState.ENDED, HazardState.ARCHIVED) or to in made:
        return None
    return ""
