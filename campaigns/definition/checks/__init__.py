"""Sense, after form: names that must exist, phrases that must read, dates that must be possible and in order.

Every check is a small generator of `Problem`s over a definition whose placeholders are filled with the parameters' defaults.
Adding one is a function in its file and a word in `CHECKS`. Phrases come first: what cannot be read is told there, once, and
the later checks pass over it.
"""

from collections.abc import Callable, Iterator

from campaigns.definition import parameters
from campaigns.definition.checks import cautious, dates, duties, names, parts, rankings, reports
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition
from campaigns.definition.phrases import span
from campaigns.definition.wording import PhraseError

__all__ = ["cautions", "problems", "unreadable"]

Check = Callable[[Definition], Iterator[Problem]]
FORM: tuple[Check, ...] = (names.language_versions, parts.parameters_out_of_bounds, names.unknown_placeholders)
READABLE: tuple[Check, ...] = (names.unreadable_phrases,)
SENSE: tuple[Check, ...] = (
    names.codes_used_twice,
    names.names_that_point_nowhere,
    names.conditions_that_point_nowhere,
    names.circles,
    dates.span_missing,
    dates.stages_out_of_order,
    dates.dates_outside_the_campaign,
    duties.frequency_and_deadline,
    duties.split_deadlines,
    duties.events_with_dates,
    duties.responsible_persons,
    parts.fields,
    parts.ladders,
    reports.cells,
    reports.checks_of_reports,
    reports.sources_that_point_nowhere,
    rankings.score_items,
    rankings.ranked_twice,
    reports.sources_in_rows,
)
CAUTIONS: tuple[Check, ...] = (
    cautious.unknown_forms,
    cautious.looser_than_its_notice,
    cautious.place_name_variants,
    cautious.bracket_variants,
    cautious.ways_without_a_channel,
    reports.sources_missing,
)


def problems(definition: Definition) -> Iterator[Problem]:
    """Yield everything that makes a whole definition (or a flattened overlay) unusable."""
    yield from _run(FORM, definition)
    filled = _with_defaults(definition)
    yield from _run((*READABLE, *SENSE), filled)


def unreadable(overlay: Definition) -> Iterator[Problem]:
    """Yield what is wrong with an overlay that can be seen without its superior's template."""
    yield from _run((FORM[0], *READABLE), overlay)


def cautions(definition: Definition) -> Iterator[Problem]:
    """Yield what a careful colleague would mention; it stops nothing."""
    yield from _run(CAUTIONS, definition)


def _run(checks: tuple[Check, ...], definition: Definition) -> Iterator[Problem]:
    for check in checks:
        yield from check(definition)


def _with_defaults(definition: Definition) -> Definition:
    try:
        start = span(definition.meta.span).start
    except PhraseError:
        start = None
    defaults = {name: parameter.default for name, parameter in definition.parameters.items()}
    year = start.year if start else parameters.ANY_YEAR
    return parameters.filled_in(definition, defaults | parameters.built_in(start, year))
