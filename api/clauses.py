"""The picker of 判定标准 clauses: of a hazard's own form with its filters, and of the lines of a record."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.deps import Visit
from campaigns.definition.form import Form
from campaigns.queries.hazards.criteria import Choice, Wanted, clause_choice, sector_of
from campaigns.rules.work.fields import HAZARDS
from campaigns.rules.work.filling import date_field


def clauses_to_pick(visit: Visit, typed: Mapping[str, str], *, on: date, enterprise_id: int | None = None) -> Choice:
    """Return the clauses in force on a day, narrowed by what was typed into clause_words, clause_part and clause_sector."""
    wanted = Wanted(
        typed.get("clause_words", "").strip()[:60], typed.get("clause_part", ""), typed.get("clause_sector", "")
    )
    own = None if visit.actor.is_regulator else visit.actor.organisation_id
    sector = sector_of(visit.session, enterprise_id or own)
    return clause_choice(visit.session, wanted, on=on, sector=sector)


def clauses_for_lines(
    visit: Visit, form: Form, values: Mapping[str, Any], *, enterprise_id: int | None
) -> Choice | None:
    """Return the clauses for the hazards of a record, by the day that stands in it already; None where it has no such list."""
    if not any(field.kind == HAZARDS for field in form.fields):
        return None
    day = date_field(form)
    on = day_typed(values.get(day.title) if day else None, visit.today)
    return clauses_to_pick(visit, {}, on=on, enterprise_id=enterprise_id)


def day_typed(typed: Any, today: date) -> date:
    """Return the day that was typed, today where it is none: the sentence stands beside the blank when the form is sent."""
    try:
        return date.fromisoformat(typed)
    except (TypeError, ValueError):
        return today
