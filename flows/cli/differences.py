"""`rectify diff`: what changed between two definitions, in sentences, and what it would mean for a campaign under way."""

from pathlib import Path

from campaigns.clock import now
from campaigns.definition.diff import Change, compare
from campaigns.errors import Refusal
from flows.cli.console import refuse, say
from flows.cli.definitions import definition_named

DIFFERENT, NOT_COMPARED = 1, 2


def diff(old: str, new: str, /) -> None:
    """按意思比较两个行动模板：注释、空格、先后不算不同；什么也不改。

    前一个写进行中的行动的编号时，还逐项说明每项任务会怎样：保持、改期、新增、取消，或者要由人来定。
    退出码：没有不同是0，有不同是1，没有比成是2。

    Parameters
    ----------
    old
        原来的：模板编号（如 hazard-2023）、模板文件，或行动编号（行动页面地址最后的数字）。
    new
        改过的：模板编号或模板文件。
    """
    try:
        changes, fates, different = _compared(old, new)
    except Refusal as refusal:
        refuse(refusal)
        raise SystemExit(NOT_COMPARED) from None
    for line in (*(change.sentence for change in changes), *fates):
        say(line)
    if different:
        raise SystemExit(DIFFERENT)
    say("没有不同。")


def _compared(old: str, new: str) -> tuple[tuple[Change, ...], tuple[str, ...], bool]:
    """Return the differences, what becomes of a running campaign's tasks, and whether anything differs at all."""
    if not old.isdecimal() or Path(old).is_file():
        changes = compare(definition_named(old), definition_named(new))
        return changes, (), bool(changes)
    # Two files are compared without a database; its libraries load only here.
    from campaigns.queries.campaign.amending import amended
    from flows.cli.installation import installed

    with installed().reading() as session:
        found = amended(session, int(old), definition_named(new), now=now())
    return found.changes, tuple(found.lines), found.differs
