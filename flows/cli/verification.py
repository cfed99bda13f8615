"""`rectify verify`: hold the whole record against the invariants, for operators and after every fault test."""

from typing import Annotated

from cyclopts import Parameter

from campaigns.clock import now
from campaigns.queries.verify import Finding, Invariant, Scene, head, verify
from campaigns.settings import settings
from flows.cli.console import say
from flows.cli.installation import installed

MOST_LINES = 20


def check_record(
    *,
    head_: Annotated[str, Parameter(name="--head")] = "",
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
) -> None:
    """核对全部记录：逐条说明哪一行不对、该怎么办；有任何一处不对时退出码为 1。

    Parameters
    ----------
    head_
        上次核对时抄存的链头；据此能发现末尾的记录被截断。
    all_
        全部列出；不写时每一类最多列 20 条。
    """
    with installed().reading() as session:
        scene = Scene(session, settings(), now(), head=head_)
        found = sum(_told(invariant, findings, all_) for invariant, findings in verify(scene))
        count, last = head(session)
    say(f"办理记录共{count}条，链头 {last}（请抄存在系统以外，下次用 --head 核对）。")
    if found:
        say(f"共发现{found}处不对。")
        raise SystemExit(1)
    say("全部核对无误。")


def _told(invariant: Invariant, findings: tuple[Finding, ...], everything: bool) -> int:
    say(f"{'×' if findings else '√'} {invariant.code} {invariant.name}")
    for finding in findings if everything else findings[:MOST_LINES]:
        say(f"    [{invariant.severity.label}] {finding.sentence}（{finding.row}）")
    if not everything and len(findings) > MOST_LINES:
        say(f"    ……另有{len(findings) - MOST_LINES}处，加 --all 全部列出。")
    if findings:
        say(f"    怎么办：{invariant.advice}")
    return len(findings)
