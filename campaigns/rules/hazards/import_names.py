"""Which enterprise a name in an old ledger means: 茌平区青山矿业有限公司 and 青山矿业 are one."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

_FORMS = ("有限责任公司", "股份有限公司", "有限公司", "集团公司", "分公司", "公司", "集团")
_SUFFIXES = ("街道", "镇", "乡", "区", "县", "市", "省")
MOST_SUGGESTIONS = 5
_ALIKE = 0.5


def plain_name(name: str, places: Sequence[str] = ()) -> str:
    """Return what tells an enterprise apart: without its place, its legal form, brackets and blanks."""
    plain = re.sub(r"[\s()（）【】\[\]·.,，。“”\"'-]", "", unicodedata.normalize("NFKC", name))
    for place in sorted({*places, *(_short(place) for place in places)}, key=len, reverse=True):
        if len(place) > 1 and len(plain) - len(place) > 1:
            plain = plain.replace(place, "", 1) if plain.startswith(place) else plain
    for form in _FORMS:
        shorter = plain.replace(form, "")
        plain = shorter if len(shorter) > 1 else plain
    return plain


def _short(place: str) -> str:
    return next((place.removesuffix(suffix) for suffix in _SUFFIXES if place.endswith(suffix)), place)


class Names:
    """The enterprises by name: exactly as written first, then by what tells them apart if that is one only."""

    def __init__(self, known: Iterable[tuple[int, str]], places: Sequence[str]) -> None:
        self._places = places
        self._exact: dict[str, int] = {}
        self._plain: dict[str, set[int]] = defaultdict(set)
        self._names: dict[int, str] = {}
        for id_, name in known:
            self._exact[name] = id_
            self._plain[plain_name(name, places)].add(id_)
            self._names[id_] = name

    def find(self, written: str) -> int | None:
        """Return the one enterprise that a name means; None when none or several could be meant."""
        if written in self._exact:
            return self._exact[written]
        alike = self._plain.get(plain_name(written, self._places), set())
        return next(iter(alike)) if len(alike) == 1 else None

    def suggestions(self, written: str) -> list[tuple[int, str]]:
        """Return the enterprises whose names are most alike, likeliest first."""
        wanted = plain_name(written, self._places)
        near = difflib.get_close_matches(wanted, list(self._plain), n=MOST_SUGGESTIONS, cutoff=_ALIKE)
        ids = [id_ for plain in near for id_ in sorted(self._plain[plain])]
        return [(id_, self._names[id_]) for id_ in ids[:MOST_SUGGESTIONS]]
