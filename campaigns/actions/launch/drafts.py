"""A campaign about to be launched: a definition, the bureau's own parameters, a start, and what they come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from campaigns.clock import local_date
from campaigns.definition import library
from campaigns.definition.model import Definition, Flattened
from campaigns.definition.versions import written_out
from campaigns.errors import Forbidden, NotFound
from campaigns.rules.dates.plan import Occurrence, Plan
from campaigns.rules.dates.planning import expand, resolve
from campaigns.rules.permissions import Actor, Permission, Relation, check
from campaigns.store.campaign.definitions import written
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.directory.working_days import work_calendar


@dataclass(frozen=True)
class Draft:
    """What a bureau wants to launch: the text (and its superior's, for an overlay), parameters by name, the first day.

    Without `starts_on` the dates written in the text stand.
    """

    text: str
    parent_text: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    starts_on: date | None = None

    @classmethod
    def of_template(
        cls, template_id: str, *, parameters: Mapping[str, str] | None = None, starts_on: date | None = None
    ) -> "Draft":
        """Return the draft of a shipped template.

        Raises:
            NotFound: there is no such template.
        """
        return cls.of_text(library.template_text(template_id), parameters=parameters, starts_on=starts_on)

    @classmethod
    def of_text(
        cls, text: str, *, parameters: Mapping[str, str] | None = None, starts_on: date | None = None
    ) -> "Draft":
        """Return the draft of a written campaign; an overlay finds its superior among the shipped templates."""
        parent = library.parent_of(text)
        return cls(text, _one_text(parent) if parent else None, dict(parameters or {}), starts_on)


def _one_text(parent: Definition) -> str:
    """Return a superior's template as its file has it, or written out when it is itself put together from several."""
    if not isinstance(parent, Flattened):
        for template_id in library.template_ids():
            if library.template(template_id) == parent:
                return library.template_text(template_id)
    return written_out(parent)


@dataclass(frozen=True)
class Prepared:
    """A draft read and laid out for the bureau that would launch it. `definition` has its parameters filled in."""

    draft: Draft
    definition: Definition
    plan: Plan
    bureau: Organisation
    home: Region
    today: date

    @property
    def lines(self) -> tuple[Occurrence, ...]:
        """Return every line of the plan, dated or at each event."""
        return self.plan.lines


def prepare(session: Session, draft: Draft, *, by: Actor, now: datetime) -> Prepared:
    """Read a draft and lay it out on the calendar for the actor's bureau.

    Raises:
        DefinitionErrors: the text is not right. Invalid: the parameters are not. Forbidden: not the actor's to launch.
    """
    check(by, Permission.LAUNCH, Relation.SELF)
    if not by.is_regulator or by.organisation_id is None or by.region_id is None:
        raise Forbidden("只有应急管理局可以启动专项行动。", kept="没有改动任何内容。")
    bureau, home = session.get(Organisation, by.organisation_id), session.get(Region, by.region_id)
    if bureau is None or home is None:
        raise NotFound
    text = written(draft.text, draft.parent_text)
    today = local_date(now)
    plan = expand(
        text,
        starts_on=draft.starts_on,
        parameters=draft.parameters,
        calendar=work_calendar(session),
        launched_on=today,
    )
    definition = resolve(text, draft.parameters, starts_on=plan.starts_on)
    return Prepared(draft, definition, plan, bureau, home, today)
