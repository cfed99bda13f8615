"""The main navigation: one line per place, shown to those who may enter it."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.rules.permissions import Actor, OrganisationKind, Permission, may_somewhere

PHONE_PLACES = 4


@dataclass(frozen=True, slots=True)
class Place:
    """An entry: address, words, icon, who sees it (kinds of organisation and, if given, a permission)."""

    href: str
    words: str
    icon: str
    kinds: frozenset[OrganisationKind]
    permission: Permission | None = None


_BUREAU = frozenset({OrganisationKind.BUREAU})
_EVERYBODY = frozenset(OrganisationKind)
_DOERS = _EVERYBODY - _BUREAU
_HAZARDOUS = frozenset({OrganisationKind.BUREAU, OrganisationKind.ENTERPRISE})

PLACES: tuple[Place, ...] = (
    Place("/tasks", "今天要做的", "list-checks", _DOERS, Permission.SUBMIT),
    Place("/campaigns", "行动", "flag", _BUREAU),
    Place("/decisions", "待我决定", "stamp", _BUREAU, Permission.REVIEW),
    Place("/tasks", "本局待办", "list-checks", _BUREAU, Permission.SUBMIT),
    Place("/hazards", "隐患", "triangle-alert", _HAZARDOUS, Permission.SEE),
    Place("/reports", "调度表", "table-2", _BUREAU, Permission.FILL_REPORT),
    Place("/progress", "进度", "chart-column", _BUREAU),
    Place("/notices", "消息", "bell", _EVERYBODY),
    Place("/register", "单位", "building-2", _BUREAU),
    Place("/people", "账号", "users", _EVERYBODY, Permission.MANAGE_PEOPLE),
    Place("/calendar", "工作日历", "calendar-days", _BUREAU, Permission.MANAGE_CALENDAR),
    Place("/trail", "记录", "history", _EVERYBODY, Permission.READ_TRAIL),
    Place("/settings/channels", "我的设置", "settings", _EVERYBODY),
)


@dataclass(frozen=True, slots=True)
class RailItem:
    """One drawn entry; `more` entries are reached through “更多” on a phone."""

    href: str
    words: str
    icon: str
    current: bool
    count: int
    more: bool


def places(actor: Actor) -> list[Place]:
    """Return the places an actor may enter, in order."""
    return [
        place
        for place in PLACES
        if actor.organisation_kind in place.kinds
        and (place.permission is None or may_somewhere(actor, place.permission))
    ]


def rail(actor: Actor, path: str, counts: dict[str, int]) -> Sequence[RailItem]:
    """Return the rail for the page at `path`; on a phone only the first few stand in the bar."""
    open_to = places(actor)
    here = max((place.href for place in open_to if within(path, place.href)), key=len, default="")
    crowded = len(open_to) > PHONE_PLACES + 1
    return [
        RailItem(
            place.href,
            place.words,
            place.icon,
            place.href == here,
            counts.get(place.href, 0),
            crowded and position >= PHONE_PLACES,
        )
        for position, place in enumerate(open_to)
    ]


def within(path: str, href: str) -> bool:
    """Whether a page lies in a place."""
    return path == href or path.startswith(f"{href}/")
