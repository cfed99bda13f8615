"""像机器一样的时刻: the same minute of the day period after period, or form after form within seconds by one account.

Many forms on the last evening are normal: a person who fills them in needs more than a few seconds for each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from campaigns.clock import local
from campaigns.date_words import moment_words
from campaigns.definition.spot_check import SpotCheckRules
from campaigns.rules.quotes import quoted
from campaigns.rules.spot_checks.flags import MOST_SHOWN, Evidence, EvidenceKind, FlagKind, Found

SPREAD = 1
"""Minutes of the day by which instants may lie apart and still be the same moment."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One record an enterprise's account handed in. `duty` says which duty of which campaign it was for."""

    submission_id: int
    enterprise_id: int
    person_id: int
    duty: str
    title: str
    period: str
    receipt: str
    submitted_at: datetime


def same_minutes(records: Iterable[HandedIn], rules: SpotCheckRules) -> list[Found]:
    """Return a flag for every account and duty whose last records all came at one moment of the day, on different days."""

    def line(one: HandedIn) -> tuple[int, int, str]:
        return one.enterprise_id, one.person_id, one.duty

    ordered = sorted(records, key=lambda one: (line(one), one.submitted_at))
    lines = [tuple(those)[-rules.same_minute :] for _, those in groupby(ordered, key=line)]
    return [_same_minute(those) for those in lines if _at_one_moment(those, rules)]


def bursts(records: Iterable[HandedIn], rules: SpotCheckRules) -> list[Found]:
    """Return a flag for every run of records that one account handed in with only seconds between them."""
    ordered = sorted(records, key=lambda one: (one.person_id, one.submitted_at, one.submission_id))
    found = []
    for _, those in groupby(ordered, key=lambda one: one.person_id):
        found += [_burst(run) for run in _runs(tuple(those), rules) if len(run) >= rules.burst]
    return found


def _at_one_moment(records: Sequence[HandedIn], rules: SpotCheckRules) -> bool:
    moments = [local(one.submitted_at) for one in records]
    minutes = [moment.hour * 60 + moment.minute for moment in moments]
    days = {moment.date() for moment in moments}
    enough = len(records) >= rules.same_minute and len(days) == len(records)
    return enough and max(minutes) - min(minutes) <= SPREAD


def _runs(records: Sequence[HandedIn], rules: SpotCheckRules) -> list[list[HandedIn]]:
    runs: list[list[HandedIn]] = []
    for one in records:
        close = runs and one.submitted_at - runs[-1][-1].submitted_at <= timedelta(seconds=rules.burst_seconds)
        if close:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _same_minute(records: Sequence[HandedIn]) -> Found:
    first, last = records[0], records[-1]
    at = local(last.submitted_at)
    return Found(
        key=f"minute:{first.enterprise_id}:{first.person_id}:{first.duty}",
        kind=FlagKind.SAME_MINUTE,
        enterprise_id=first.enterprise_id,
        sentence=f"{quoted(first.title)}最近{len(records)}期由同一账号都在当天{at:%H:%M}前后一分钟内提交。",
        evidence=_evidence(records),
    )


def _burst(records: Sequence[HandedIn]) -> Found:
    first, last = records[0], records[-1]
    seconds = int((last.submitted_at - first.submitted_at).total_seconds())
    return Found(
        key=f"burst:{first.submission_id}",
        kind=FlagKind.BURST,
        enterprise_id=first.enterprise_id,
        sentence=f"{moment_words(first.submitted_at)}同一账号在{seconds}秒内接连提交了{len(records)}张表。",
        evidence=_evidence(records),
    )


def _evidence(records: Sequence[HandedIn]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            EvidenceKind.RECORD,
            one.enterprise_id,
            f"{one.title} {one.period}，{moment_words(one.submitted_at, seconds=True)}提交",
            one.submitted_at,
            one.receipt,
        )
        for one in records[-MOST_SHOWN:]
    )
