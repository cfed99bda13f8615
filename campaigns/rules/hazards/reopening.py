"""反弹: a closed hazard that came back is a new one with a link to the old, and its origin cannot get better by that."""

from campaigns.rules.states import HazardSource


def source_of_reopening(first: HazardSource, finder: HazardSource) -> HazardSource:
    """Return whose find a relapse is: what a bureau found first never becomes self-found (004 五（二）3)."""
    return HazardSource.INSPECTION if HazardSource.INSPECTION in (first, finder) else HazardSource.SELF
