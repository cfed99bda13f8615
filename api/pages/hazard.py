"""One hazard: where it stands, what comes next and for whom; each step of it is one form and one line of `STEPS`."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep
from api.pages.hazard_steps import STEPS, Step
from api.photos import Photos
from api.trail_words import entry
from campaigns.errors import Invalid
from campaigns.queries.history import history_of
from campaigns.queries.work.hazard import hazard_card, hazard_steps
from campaigns.rules.states import HazardSource
from campaigns.store.hazards import Hazard

router = APIRouter()


@router.get("/hazards/{hazard_id}")
def hazard_page(visit: VisitDep, hazard_id: int) -> Response:
    """Show one hazard."""
    return _page(visit, hazard_id)


def _door(step: Step) -> Callable[[Effect, int], Response]:
    """Make the route of one step: do it with its photos, or show the page again with what was typed."""

    def take(effect: EffectDep, hazard_id: int) -> Response:
        photos = Photos.of(effect, step.photos) if step.photos else None

        def change(session: Session) -> str:
            step.act(session, hazard_id, effect)
            if photos is not None:
                photos.keep(session, hazard_id)
            return f"/hazards/{hazard_id}"

        def refused(visit: Visit, invalid: Invalid) -> Response:
            return _page(visit, hazard_id, status=422, errors=invalid.fields, typed=effect.values())

        return effect.once(change, said=step.said, refused=refused)

    return take


for _name, _step in STEPS.items():
    router.add_api_route(f"/hazards/{{hazard_id}}/{_name}", _door(_step), methods=["POST"], name=_name)


def _page(
    visit: Visit,
    hazard_id: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    card = hazard_card(visit.session, hazard_id=hazard_id, actor=visit.actor, now=visit.now)
    return visit.page(
        "hazard.html",
        status=status,
        card=card,
        hazard=card.row,
        source=HazardSource(card.row.source),
        steps=hazard_steps(visit.session, card, actor=visit.actor, today=visit.today),
        entries=[entry(line) for line in history_of(visit.session, Hazard, hazard_id)],
        errors=errors or {},
        typed=typed or {},
    )
