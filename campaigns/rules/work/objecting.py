"""异议 to a 代录 that was accepted: who does not decide on it, and until when the enterprise then fills in itself."""

from collections.abc import Collection
from datetime import date, timedelta

from campaigns.date_words import day_words
from campaigns.rules.dates.far_dates import too_far

DAYS_TO_FILL_IN = 7


def why_not_decide(person_id: int | None, *, typed_by: Collection[int]) -> str:
    """Return why somebody does not decide on an objection, empty if he may: nobody judges what he typed in himself."""
    return "自己代录的，不能自己决定企业的异议。" if person_id in typed_by else ""


def suggested_day(*, due_on: date, today: date) -> date:
    """Return the day that a page proposes: the deadline while it lies ahead, else a week from today."""
    return due_on if due_on > today else today + timedelta(days=DAYS_TO_FILL_IN)


def wrong_day(until: date | None, *, due_on: date, today: date) -> str:
    """Return what is wrong with the day until which the enterprise fills in itself, empty if nothing.

    Without one the deadline stays as it is. One that has passed cannot: what a bureau typed in wrongly makes nobody late.
    """
    earliest = max(due_on, today + timedelta(days=1))
    if until is None:
        return "" if due_on == earliest else f"原期限{day_words(due_on)}已到，请写明企业重新填报到哪一天。"
    if until < earliest:
        return f"请选{day_words(earliest)}或以后的日期，让企业来得及重新填报。"
    return too_far(until, today=today)
