"""Templates: one environment, the parts as `ui`, the words as filters, files with their fingerprint."""

import hashlib
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.icons import icon
from api.looks import look
from api.wording import FILTERS

HERE = Path(__file__).parent
STATIC = HERE / "static"
PARTS = ("words", "buttons", "forms", "blocks", "drawings")


class Parts:
    """Every macro of templates/parts/ as an attribute, so that pages write `ui.table` wherever it lives."""

    def __init__(self, templates: Environment) -> None:
        for part in PARTS:
            module = templates.get_template(f"parts/{part}.html").module
            for name, macro in vars(module).items():
                if not name.startswith("_") and callable(macro):
                    setattr(self, name, macro)


def form_key() -> str:
    """A fresh key for one form: whatever happens to the form happens once under this key."""
    return secrets.token_urlsafe(18)


@lru_cache
def static(name: str) -> str:
    """The address of a static file; the fingerprint of its content lets browsers keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def stylesheets() -> list[str]:
    """All stylesheets in the order of their numbers."""
    return sorted(path.name for path in STATIC.glob("*.css"))


def htmx() -> str:
    """The name of htmx's file where the browser assets were installed, else empty; the pages that use it work without."""
    name = "vendor/htmx.min.js"
    return name if (STATIC / name).is_file() else ""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one template environment: escaping always on, unknown names are errors."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters.update(FILTERS, look=look)
    given: dict[str, Callable[..., object] | list[str] | str] = {
        "icon": icon,
        "form_key": form_key,
        "static": static,
        "stylesheets": stylesheets(),
        "htmx": htmx(),
    }
    templates.globals.update(given)
    templates.globals["ui"] = Parts(templates)
    return templates
