"""Line icons drawn into the page itself, so that no request and no font is needed for them."""

from functools import lru_cache

import lucide
from markupsafe import Markup


@lru_cache(maxsize=256)
def icon(name: str, size: int = 20) -> Markup:
    """The lucide icon `name` as inline SVG, hidden from screen readers: words beside it say the same."""
    drawn = lucide._render_icon(name, size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})
    return Markup(" ".join(drawn.split()))  # noqa: S704 - drawn by the library from its own file, no input of anybody
