"""The library on disk: campaign templates by id, and the forms, reports and calendars on the shelf beside them.

A template's id is its file's name; its 编号, which overlays inherit from, may be longer. Data only: adding a campaign is adding
a file.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from campaigns.definition.form import Form
from campaigns.definition.load import load
from campaigns.definition.mistakes import DefinitionErrors
from campaigns.definition.model import Definition
from campaigns.definition.phrases import inherited
from campaigns.definition.read import LARGEST_BYTES
from campaigns.definition.report_form import ReportForm
from campaigns.definition.shelf import GENERAL_FORM, LIBRARY, forms, reports
from campaigns.definition.wording import listed, meant
from campaigns.errors import NotFound

__all__ = [
    "form",
    "forms",
    "parent_of",
    "report",
    "reports",
    "selected_by",
    "template",
    "template_ids",
    "template_text",
]


def template_ids() -> tuple[str, ...]:
    """Return the ids of the shipped campaigns."""
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))


def template_text(template_id: str) -> str:
    """Return a template as written.

    Raises:
        NotFound: there is no such template.
    """
    if template_id not in template_ids():
        hint = meant(template_id, template_ids()) or f"，现有：{listed(template_ids())}"
        raise NotFound(f"没有叫“{template_id}”的模板{hint}", advice="请核对模板编号。")
    return (LIBRARY / f"{template_id}.yaml").read_text(encoding="utf-8")


@cache
def template(template_id: str) -> Definition:
    """Return a template, loaded and checked; an overlay comes flattened into its superior's.

    Raises:
        NotFound: there is no such template.
        DefinitionErrors: the file has mistakes.
    """
    text = template_text(template_id)
    return load(text, source=f"{template_id}.yaml", parent=parent_of(text))


@cache
def selected_by() -> Mapping[str, frozenset[str]]:
    """Return the words of 行业, 类别 and 状态 that the shipped templates' 对象 select enterprises by."""
    audiences = [one for name in template_ids() for one in template(name).audiences.values()]
    return {
        "sector": frozenset(word for one in audiences for word in one.sectors),
        "category": frozenset(word for one in audiences for word in one.categories),
        "status": frozenset(word for one in audiences for word in one.statuses),
    }


def parent_of(text: str, *, beside: Path | None = None) -> Definition | None:
    """Return the flattened template that an overlay's text inherits from: a file in the folder `beside`, else a shipped one.

    None when the text inherits from nothing, or from what is not here.
    """
    files = sorted(beside.glob("*.yaml")) if beside else []
    return _parent(text, (*(_text(path) for path in files), *(template_text(name) for name in template_ids())))


def _parent(text: str, texts: tuple[str, ...]) -> Definition | None:
    pin = _names(text).inherits
    code = inherited(pin)[0] if pin else None
    # A file is left out below itself, so files that inherit from each other in a circle come to an end.
    others = tuple(other for other in texts if other != text)
    found = next((other for other in others if code and code in other and _names(other).code == code), None)
    return load(found, parent=_parent(found, others)) if found else None


class _Names(NamedTuple):
    inherits: str | None = None
    code: str | None = None


@lru_cache(maxsize=64)
def _names(text: str) -> _Names:
    try:
        definition = load(text)
    except DefinitionErrors:
        return _Names()  # whoever loads the text tells what is wrong with it; a broken neighbour is nobody's parent
    return _Names(definition.inherits, definition.meta.code)


def _text(path: Path) -> str:
    return path.read_bytes()[: LARGEST_BYTES + 1].decode("utf-8", "replace")


def form(definition: Definition, name: str | None) -> Form:
    """Return a duty's form: the campaign's own, else the shipped one, else the general record."""
    return definition.forms.get(name or "") or forms().get(name or "") or GENERAL_FORM


def report(definition: Definition, name: str) -> ReportForm:
    """Return a report: the campaign's own, else the shipped one, headed with the campaign's name."""
    return (definition.reports.get(name) or reports()[name]).headed(definition.meta.title).placed()
