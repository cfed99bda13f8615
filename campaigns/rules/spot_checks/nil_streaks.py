"""连续零报告: nothing to report, period after period, while enterprises of the same kind had something to report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from campaigns.definition.spot_check import SpotCheckRules
from campaigns.rules.quotes import quoted
from campaigns.rules.spot_checks.flags import MOST_SHOWN, Evidence, EvidenceKind, FlagKind, Found


@dataclass(frozen=True, slots=True)
class NilReturn:
    """One nil return of a streak."""

    task_id: int
    period: str
    receipt: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Streak:
    """An enterprise's nil returns of one duty, unbroken up to its latest period, the earliest first.

    `others` enterprises of its category handed the same duty in over the same periods; `others_found` of them were not nil
    throughout.
    """

    enterprise_id: int
    category: str
    duty: str
    title: str
    returns: tuple[NilReturn, ...]
    others: int
    others_found: int


def nil_streaks(streaks: Iterable[Streak], rules: SpotCheckRules) -> list[Found]:
    """Return a flag for every streak that stands out; where too few others compare, none does."""
    return [_flag(streak) for streak in streaks if _stands_out(streak, rules)]


def _stands_out(streak: Streak, rules: SpotCheckRules) -> bool:
    return (
        len(streak.returns) >= rules.nil_periods
        and streak.others >= rules.nil_others
        and streak.others_found * 100 >= rules.nil_share * streak.others
    )


def _flag(streak: Streak) -> Found:
    first, last = streak.returns[0], streak.returns[-1]
    kind = streak.category or "企业"
    return Found(
        key=f"nil:{first.task_id}",
        kind=FlagKind.NIL_STREAK,
        enterprise_id=streak.enterprise_id,
        sentence=f"{quoted(streak.title)}从{first.period}到{last.period}连续{len(streak.returns)}期零报告，"
        f"这几期同类（{kind}）另有{streak.others}家，其中{streak.others_found}家报过情况。",
        evidence=tuple(
            Evidence(EvidenceKind.RECORD, streak.enterprise_id, f"{one.period} 零报告", one.submitted_at, one.receipt)
            for one in streak.returns[-MOST_SHOWN:]
        ),
    )
