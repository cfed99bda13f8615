"""The definition a running campaign was launched from, read back from its frozen text with its parameters filled in."""

from datetime import date
from functools import lru_cache

import orjson
from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.definition import parameters
from campaigns.definition.borrowed import borrowed_duties, with_borrowed
from campaigns.definition.load import load
from campaigns.definition.model import Definition
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition


@lru_cache(maxsize=64)
def written(text: str, parent_text: str | None, borrowed: str = "") -> Definition:
    """Read a definition, flattened over its superior's when it inherits; with the duties frozen beside it, else the shipped.

    The same text is read once: preview, launch and the first sweep ask one after the other.

    Raises:
        DefinitionErrors: everything that is wrong with either text, with line and column.
    """
    duties = borrowed_duties(borrowed)
    return load(text, parent=load(parent_text, duties=duties) if parent_text else None, duties=duties)


def definition_of(session: Session, campaign: Campaign) -> Definition:
    """Return the campaign's definition with its parameters filled in. Frozen text never changes, so it is read once."""
    frozen = FrozenDefinition
    row = session.execute(
        select(col(frozen.text), col(frozen.parent_text), col(frozen.borrowed)).where(
            col(frozen.id) == campaign.definition_id
        )
    ).one()
    given = orjson.dumps(campaign.parameters, option=orjson.OPT_SORT_KEYS).decode()
    return _filled(row.text, row.parent_text, row.borrowed, given, campaign.starts_on)


@lru_cache(maxsize=64)
def _filled(text: str, parent_text: str | None, shelf: str, given: str, starts_on: date) -> Definition:
    definition = with_borrowed(written(text, parent_text, shelf), shelf)
    return parameters.filled_in(definition, parameters.values(definition, orjson.loads(given), starts_on=starts_on))
