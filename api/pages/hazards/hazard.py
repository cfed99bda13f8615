"""One hazard: where it stands, what comes next and for whom; each step of it is one form and one line of `STEPS`."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.clauses import clauses_to_pick
from api.deps import Effect, PhotosDep, Visit, VisitDep
from api.pages.hazards.steps import PAGES, STEPS, Step
from api.photos import Photos
from api.sent import sent_version
from api.trail_words import entry
from campaigns.actions.hazards.step import check_seen
from campaigns.errors import Invalid
from campaigns.queries.hazards.hazard import hazard_card
from campaigns.queries.hazards.steps import hazard_steps
from campaigns.queries.history import history_of
from campaigns.rules.hazards.leniency import GROUND, SOURCE
from campaigns.rules.hazards.reporting_up import Addressee
from campaigns.rules.states import HazardSource
from campaigns.store.hazards.hazards import Hazard

router = APIRouter()
REPORTING = ("report_up", "report_workers", "receive")
"""Offered where the 双报告 itself stands, not among what else can be done."""


@router.get("/hazards/{hazard_id}")
def hazard_page(visit: VisitDep, hazard_id: int) -> Response:
    """Show one hazard."""
    return _page(visit, hazard_id)


def _door(step: Step) -> Callable[[Effect, int], Response]:
    """Make the route of one step: do it with its photos, or show the page again with what was typed."""

    def take(effect: PhotosDep, hazard_id: int) -> Response:
        photos = Photos.of(effect, step.photos) if step.photos else None

        def change(session: Session) -> str:
            check_seen(session, hazard_id, sent_version(effect), by=effect.actor)
            done = step.act(session, hazard_id, effect)
            at = done.id if isinstance(done, Hazard) else hazard_id
            if photos is not None:
                photos.keep(session, at)
            return f"/hazards/{at}"

        def refused(visit: Visit, invalid: Invalid) -> Response:
            return _page(visit, hazard_id, step.page, status=422, errors=invalid.fields, typed=effect.values())

        return effect.once(change, said=step.said, refused=refused)

    return take


def _form(name: str) -> Callable[[Visit, int], Response]:
    """Make the route of the page that holds the form of a rarer step."""

    def show(visit: VisitDep, hazard_id: int) -> Response:
        return _page(visit, hazard_id, name)

    return show


for _name in PAGES:
    router.add_api_route(f"/hazards/{{hazard_id}}/{_name}", _form(_name), methods=["GET"], name=f"{_name} form")
for _name, _step in STEPS.items():
    router.add_api_route(f"/hazards/{{hazard_id}}/{_name}", _door(_step), methods=["POST"], name=_name)


def _page(
    visit: Visit,
    hazard_id: int,
    step: str = "",
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    card = hazard_card(visit.session, hazard_id=hazard_id, actor=visit.actor, now=visit.now)
    steps = hazard_steps(visit.session, card, actor=visit.actor, today=visit.today)
    given = typed if typed is not None else visit.request.query_params
    return visit.page(
        "hazard-step.html" if step else "hazard.html",
        status=status,
        card=card,
        step=step,
        pages=PAGES,
        addressees=Addressee,
        ground=GROUND,
        ground_source=SOURCE,
        hazard=card.row,
        source=HazardSource(card.row.source),
        steps=steps,
        settled=[name for name, each in STEPS.items() if getattr(steps, each.allowed_by) != ""],
        reporting=[name for name in REPORTING if getattr(steps, name) == ""],
        offered=[
            (name, page) for name, page in PAGES.items() if getattr(steps, name) is not None and name not in REPORTING
        ],
        entries=[entry(line) for line in history_of(visit.session, Hazard, hazard_id)],
        errors=errors or {},
        typed=given,
        choice=clauses_to_pick(visit, given, on=card.row.found_on, enterprise_id=card.row.enterprise_id)
        if step
        else None,
        here=visit.request.url.path,
    )
