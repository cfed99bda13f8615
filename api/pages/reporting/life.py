"""What happens to a report besides filing: reviewed, unlocked for a time, corrected as a next version."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit
from api.pages.reporting.monthly import report_page_again
from api.sent import sent_day
from campaigns.actions.reporting.correcting import correct
from campaigns.actions.reporting.unlocking import review, unlock
from campaigns.errors import Invalid

router = APIRouter()


@router.post("/reports/{report_id}/review")
def review_report(effect: EffectDep, report_id: int) -> Response:
    """审核: a second person of the office has looked through it."""

    def change(session: Session) -> str:
        review(session, report_id=report_id, by=effect.actor, now=effect.now)
        return f"/reports/{report_id}"

    return effect.once(change, said="已审核，可以签发。", refused=_again(effect, report_id))


@router.post("/reports/{report_id}/unlock")
def unlock_report(effect: EffectDep, report_id: int) -> Response:
    """解锁: an exception from the lock, with a reason and a last day."""

    def change(session: Session) -> str:
        until = sent_day(effect, "until")
        unlock(session, report_id=report_id, until=until, reason=effect.text("reason"), by=effect.actor, now=effect.now)
        return f"/reports/{report_id}"

    return effect.once(change, said="已解锁，到期自动锁定。", refused=_again(effect, report_id))


@router.post("/reports/{report_id}/correct")
def correct_report(effect: EffectDep, report_id: int) -> Response:
    """更正: open the next version with its reason."""

    def change(session: Session) -> str:
        correct(session, report_id=report_id, reason=effect.text("reason"), by=effect.actor, now=effect.now)
        return f"/reports/{report_id}"

    return effect.once(
        change, said="已打开更正，改好后重新签字上报；原来的数字另存了一版。", refused=_again(effect, report_id)
    )


def _again(effect: Effect, report_id: int) -> Callable[[Visit, Invalid], Response]:
    return lambda visit, invalid: report_page_again(visit, report_id, invalid, typed=effect.values())
