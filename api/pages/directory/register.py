"""单位: the register of enterprises and offices in sight."""

from fastapi import APIRouter, Response

from api.deps import VisitDep
from api.paging import PAGE_SIZE, Page, offset
from campaigns.queries.directory.register import (
    RegisterFilter,
    count_register,
    organisation_card,
    register_choices,
    register_lines,
)
from campaigns.queries.work.task_lines import owed_by
from campaigns.rules.directory.register import read_typed
from campaigns.rules.permissions import OrganisationKind, Permission, Relation, may, why_not
from campaigns.store.scope import relation

router = APIRouter()
LISTED = (OrganisationKind.ENTERPRISE, OrganisationKind.BUREAU, OrganisationKind.GOVERNMENT, OrganisationKind.COMMITTEE)


@router.get("/register")
def register_page(
    visit: VisitDep,
    words: str = "",
    category: str = "",
    status: str = "",
    kind: OrganisationKind = OrganisationKind.ENTERPRISE,
    page: int = 1,
) -> Response:
    """List organisations in sight by name, category and status."""
    wanted = RegisterFilter(words.strip(), category, status, kind)
    filters = {"words": wanted.words, "category": category, "status": status, "kind": kind.value}
    total = count_register(visit.session, actor=visit.actor, wanted=wanted)
    lines = register_lines(
        visit.session, actor=visit.actor, now=visit.now, wanted=wanted, limit=PAGE_SIZE, offset=offset(page)
    )
    categories, statuses = register_choices(visit.session, actor=visit.actor)
    pages = Page(page, total, address="/register", filters=filters)
    return visit.page(
        "register.html",
        wanted=wanted,
        lines=lines,
        page=pages,
        kinds=LISTED,
        categories=categories,
        statuses=statuses,
        import_blocked=why_not(visit.actor, Permission.MANAGE_REGISTER, Relation.SELF),
    )


@router.get("/register/{organisation_id}")
def organisation_page(visit: VisitDep, organisation_id: int) -> Response:
    """Show what the register says of one organisation and what it still owes."""
    card = organisation_card(visit.session, actor=visit.actor, organisation_id=organisation_id)
    lines = owed_by(visit.session, organisation_id=organisation_id, actor=visit.actor, now=visit.now, limit=PAGE_SIZE)
    stands = relation(visit.session, visit.actor, organisation_id)
    return visit.page(
        "organisation.html",
        card=card,
        lines=lines,
        code_odd=read_typed("credit_code", card.credit_code).sentence.partition("；")[0],
        keeps=card.kind is OrganisationKind.ENTERPRISE and may(visit.actor, Permission.MANAGE_REGISTER, stands),
        keeps_people=may(visit.actor, Permission.MANAGE_PEOPLE, stands),
    )
