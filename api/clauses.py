"""The picker of 判定标准 clauses: what a form's filters ask for, for the enterprise of the person or of the hazard."""

from collections.abc import Mapping
from datetime import date

from api.deps import Visit
from campaigns.queries.hazards.criteria import Choice, Wanted, clause_choice, sector_of


def clauses_to_pick(visit: Visit, typed: Mapping[str, str], *, on: date, enterprise_id: int | None = None) -> Choice:
    """Return the clauses in force on a day, narrowed by what was typed into clause_words, clause_part and clause_sector."""
    wanted = Wanted(
        typed.get("clause_words", "").strip()[:60], typed.get("clause_part", ""), typed.get("clause_sector", "")
    )
    own = None if visit.actor.is_regulator else visit.actor.organisation_id
    sector = sector_of(visit.session, enterprise_id or own)
    return clause_choice(visit.session, wanted, on=on, sector=sector)
