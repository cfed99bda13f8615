"""消息: what was told to the person, unread first."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, VisitDep
from api.paging import PAGE_SIZE, Page, offset
from campaigns.actions.messages.notices import open_notice, read_everything
from campaigns.queries.messages.inbox import inbox

router = APIRouter()


@router.get("/notices")
def inbox_page(visit: VisitDep, page: int = 1) -> Response:
    """List the person's own notices."""
    found = inbox(visit.session, actor=visit.actor, limit=PAGE_SIZE, offset=offset(page))
    return visit.page("inbox.html", inbox=found, page=Page(page, found.total, address="/notices"))


@router.post("/notices/read")
def read_all(effect: EffectDep) -> Response:
    """Mark everything read."""

    def read(session: Session) -> str:
        read_everything(session, by=effect.actor, now=effect.now)
        return "/notices"

    return effect.once(read, said="已全部标为已读。")


@router.post("/notices/{notice_id}")
def open_one(effect: EffectDep, notice_id: int) -> Response:
    """Mark one notice read and lead to what it speaks of."""
    return effect.once(lambda session: open_notice(session, notice_id=notice_id, by=effect.actor, now=effect.now))
