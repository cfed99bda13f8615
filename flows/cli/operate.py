"""Commands for operators: one pass of everything due."""

from datetime import datetime

from campaigns.clock import SHANGHAI, now
from flows.cli.console import say
from flows.cli.installation import installed
from flows.sweeps import pass_of_everything


def tick(*, at: datetime | None = None) -> None:
    """把到期的工作全部做一遍；重复执行不会重复办理。

    Parameters
    ----------
    at
        以哪个时刻为准，例如 2023-05-25T17:00（北京时间）；不写就是现在。
    """
    outcome = pass_of_everything(installed(), now=_instant(at))
    for key in outcome.done:
        say(f"已完成 {key}")
    for name, count in outcome.counts.items():
        if count:
            say(f"{name} {count} 条")
    for key in outcome.failed:
        say(f"未完成 {key}，原因已记录，稍后重试")
    say(f"共完成 {len(outcome.done)} 项，未完成 {len(outcome.failed)} 项。")
    if outcome.failed:
        raise SystemExit(1)


def _instant(at: datetime | None) -> datetime:
    if at is None:
        return now()
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
