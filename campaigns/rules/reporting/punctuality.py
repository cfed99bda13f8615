"""及时性: by which instant a table is judged. A superior who returns one late makes nobody late."""

from datetime import datetime


def judged_by(
    *, filed_at: datetime, received_at: datetime | None, returned_at: datetime | None, due_at: datetime
) -> datetime:
    """Return when a table came that is filed now, perhaps after a 退回.

    `received_at` is when it came before. Returned while its deadline was still ahead, it has to be back by then; returned only
    afterwards, it could not be, and came when it came the first time.
    """
    returned_afterwards = received_at is not None and returned_at is not None and returned_at > due_at
    return received_at if returned_afterwards and received_at is not None else filed_at
