"""回头看: draw, look again, write down what was found."""

from collections.abc import Mapping

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import EffectDep, PhotosDep, Visit, VisitDep
from api.photos import Photos
from api.sent import sent_day, sent_version
from campaigns.actions.hazards.looking_back import draw, note_result
from campaigns.errors import Invalid, NotFound
from campaigns.queries.hazards.look_backs import check_drawn, draws, one_draw
from campaigns.rules.hazards.finding import PhotoRole
from campaigns.rules.hazards.sampling import check_may_look_back

router = APIRouter()


@router.get("/look-backs")
def look_back_list(visit: VisitDep) -> Response:
    """List the draws, and offer a new one."""
    return _list(visit)


@router.post("/look-backs/draw")
def draw_form(effect: EffectDep) -> Response:
    """抽样."""

    def change(session: Session) -> str:
        drawn = draw(
            session,
            starts_on=sent_day(effect, "starts_on"),
            ends_on=sent_day(effect, "ends_on"),
            size=sent_version(effect, "size"),
            by=effect.actor,
            now=effect.now,
        )
        return f"/look-backs/{drawn.id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _list(visit, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="已抽取，种子和名单已记录。", refused=refused)


@router.get("/look-backs/{look_back_id}")
def look_back_page(visit: VisitDep, look_back_id: int) -> Response:
    """Show one draw."""
    row, drawn = one_draw(visit.session, look_back_id=look_back_id, actor=visit.actor)
    return visit.page("look-back.html", draw=row, drawn=drawn)


@router.get("/look-backs/{look_back_id}/{item_id}")
def item_page(visit: VisitDep, look_back_id: int, item_id: int) -> Response:
    """Show the form for one drawn hazard."""
    return _item(visit, look_back_id, item_id)


@router.post("/look-backs/{look_back_id}/{item_id}")
def result_form(effect: PhotosDep, look_back_id: int, item_id: int) -> Response:
    """合格, its photos beside those of the recheck; or 反弹, and they show the new hazard as it was found."""
    found_again = effect.text("held") == "no"
    photos = Photos.of(effect, PhotoRole.BEFORE if found_again else PhotoRole.RECHECK)

    def change(session: Session) -> str:
        held = {"yes": True, "no": False}.get(effect.text("held"))
        check_drawn(session, look_back_id=look_back_id, item_id=item_id)
        item = note_result(
            session, item_id=item_id, held=held, opinion=effect.text("opinion"), by=effect.actor, now=effect.now
        )
        photos.keep(session, item.reopened_id or item.hazard_id)
        return f"/look-backs/{look_back_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _item(visit, look_back_id, item_id, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="已记下回头看的结果。", refused=refused)


def _list(
    visit: Visit, *, status: int = 200, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    check_may_look_back(visit.actor)
    found = draws(visit.session, actor=visit.actor)
    return visit.page("look-backs.html", status=status, draws=found, errors=errors or {}, typed=typed or {})


def _item(
    visit: Visit,
    look_back_id: int,
    item_id: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    row, drawn = one_draw(visit.session, look_back_id=look_back_id, actor=visit.actor)
    one = next((one for one in drawn if one.item.id == item_id), None)
    if one is None:
        raise NotFound
    return visit.page("look-back-item.html", status=status, draw=row, one=one, errors=errors or {}, typed=typed or {})
