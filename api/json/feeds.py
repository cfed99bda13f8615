"""A person's deadlines at a secret address, for calendar programs that cannot sign in."""

from fastapi import APIRouter, Request, Response

from api.deps import base_of, now_of, settings_of
from campaigns.actions.directory.reading_keys import KeyRefused, reader_of
from campaigns.documents.calendar import calendar
from campaigns.errors import NotFound
from campaigns.queries.work.deadlines import deadlines
from campaigns.rules.directory.reading_keys import KeyKind

router = APIRouter()


@router.get("/feeds/{token}.ics")
def deadlines_feed(request: Request, token: str) -> Response:
    """Send the calendar of whoever made the address; an address that is unknown or revoked is not found."""
    with base_of(request).reading() as session:
        try:
            actor = reader_of(session, token=token, kind=KeyKind.CALENDAR)
        except KeyRefused:
            raise NotFound from None
        found = deadlines(session, actor=actor)
    lines = [(each.key, each.title, each.campaign, each.due_at, each.link) for each in found]
    content = calendar(lines, title="专项行动截止日期", home=settings_of(request).public_url, now=now_of(request))
    return Response(content, media_type="text/calendar; charset=utf-8")
