"""登记几分钟就销号: found, put right and rechecked inside the enterprise faster than anybody walks to the place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from campaigns.clock import local, local_date
from campaigns.date_words import moment_words
from campaigns.definition.spot_check import SpotCheckRules
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.files.photo_print import Print, distance
from campaigns.rules.quotes import quoted
from campaigns.rules.spot_checks.flags import MOST_SHOWN, Evidence, EvidenceKind, FlagKind, Found


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as far as it can be told from another: the hash of its bytes, and its print where it has one."""

    sha256: str
    print: Print | None


@dataclass(frozen=True, slots=True)
class Closure:
    """One hazard that an enterprise found and closed itself."""

    hazard_id: int
    number: str
    title: str
    enterprise_id: int
    registered_at: datetime
    closed_at: datetime
    fixed_on_the_spot: bool
    before: tuple[Picture, ...] = ()
    after: tuple[Picture, ...] = ()


def is_instant(closure: Closure, rules: SpotCheckRules) -> bool:
    """Whether a closure was that fast, whatever its photos show."""
    return closure.closed_at - closure.registered_at <= timedelta(minutes=rules.closure_minutes)


def instant_closures(closures: Iterable[Closure], rules: SpotCheckRules) -> list[Found]:
    """Return a flag for every enterprise and month with enough of them; 立查立改 shown by two photos that differ is none."""
    counted = [one for one in closures if is_instant(one, rules) and not _shown_fixed(one, rules)]
    counted.sort(key=lambda one: (one.enterprise_id, one.closed_at, one.hazard_id))
    months = groupby(counted, key=lambda one: (one.enterprise_id, f"{local_date(one.closed_at):%Y-%m}"))
    grouped = [(enterprise, month, tuple(those)) for (enterprise, month), those in months]
    return [_flag(enterprise, month, those) for enterprise, month, those in grouped if len(those) >= rules.closures]


def differs(one: Picture, other: Picture, rules: SpotCheckRules) -> bool:
    """Whether two photos show different things; of what has no print only the bytes are compared."""
    if one.print is None or other.print is None:
        return one.sha256 != other.sha256
    return distance(one.print, other.print) > rules.photo_bits


def _shown_fixed(closure: Closure, rules: SpotCheckRules) -> bool:
    pairs = [(one, other) for one in closure.before for other in closure.after]
    return closure.fixed_on_the_spot and bool(pairs) and all(differs(*pair, rules) for pair in pairs)


def _flag(enterprise_id: int, month: str, closures: tuple[Closure, ...]) -> Found:
    quickest = min((one.closed_at - one.registered_at for one in closures), default=timedelta())
    return Found(
        key=f"closure:{enterprise_id}:{month}",
        kind=FlagKind.INSTANT_CLOSURE,
        enterprise_id=enterprise_id,
        sentence=f"{period_label(month)}有{len(closures)}项自查隐患从登记、整改到复查销号都在几分钟之内，最快的用了{_words(quickest)}。",
        evidence=tuple(_evidence(one) for one in closures[:MOST_SHOWN]),
    )


def _evidence(one: Closure) -> Evidence:
    ended = local(one.closed_at)
    words = f"{one.number}{quoted(one.title)} {moment_words(one.registered_at, seconds=True)}登记，{ended:%H:%M:%S}销号"
    return Evidence(EvidenceKind.HAZARD, one.enterprise_id, words, one.closed_at, hazard_id=one.hazard_id)


def _words(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes}分{seconds}秒" if minutes else f"{seconds}秒"
