"""The campaigns on the shelf, as the launch page offers them."""

from dataclasses import dataclass
from datetime import date

from campaigns.definition import library
from campaigns.definition.model import Definition, Parameter
from campaigns.errors import Invalid
from campaigns.rules.dates.planning import expand


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """One template: what it is, whence, and how much it asks."""

    id: str
    title: str
    kind: str
    issuer: str
    scope: str
    grounds: tuple[str, ...]
    span: str
    stages: tuple[str, ...]
    duties: int


def template_cards() -> tuple[TemplateCard, ...]:
    """Return every shipped template."""
    return tuple(template_card(template_id) for template_id in library.template_ids())


def template_card(template_id: str) -> TemplateCard:
    """Return one shipped template; raises NotFound."""
    found = library.template(template_id)
    return TemplateCard(
        id=template_id,
        title=found.meta.title,
        kind=found.meta.kind,
        issuer=found.meta.issuer,
        scope=found.meta.scope,
        grounds=found.meta.basis,
        span=found.meta.span,
        stages=tuple(stage.title for stage in found.stages),
        duties=_duties(found),
    )


def suggested_start(template_id: str, *, today: date) -> date | None:
    """Return today for a template whose written dates are past or that counts from its launch; None: its own dates stand."""
    try:
        expand(library.template(template_id), launched_on=today)
    except Invalid:
        return today
    return None


def template_parameters(template_id: str) -> dict[str, Parameter]:
    """Return what a bureau may set when it launches a template; raises NotFound."""
    return dict(library.template(template_id).parameters)


def _duties(found: Definition) -> int:
    return len(found.standing_duties) + sum(len(stage.duties) for stage in found.stages)
