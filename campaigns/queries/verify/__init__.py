"""`rectify verify`: what must always be true of the record (docs/promises.md), looked at row by row.

Nothing is repaired here: each finding names its row and says what to do.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from campaigns.queries.verify.criteria import changed_criteria, unreadable_citations
from campaigns.queries.verify.figures import wrong_figures
from campaigns.queries.verify.findings import Finding, Invariant, Look, Scene, Severity
from campaigns.queries.verify.hazards import changed_draws, strange_hazards, vanished_hazards
from campaigns.queries.verify.ledger import broken_links, cut_off, head
from campaigns.queries.verify.people import loose_accounts, strange_bureaus, wrong_supervision
from campaigns.queries.verify.rankings import changed_rankings
from campaigns.queries.verify.records import (
    changed_definitions,
    changed_reports,
    changed_submissions,
    lost_uses,
    missing_submissions,
    strange_entries,
    strange_uses,
    unexplained_decisions,
    unexplained_tasks,
)
from campaigns.queries.verify.rows import damaged_file, dangling_rows
from campaigns.queries.verify.stored_files import nameless_files, wrong_attachments
from campaigns.queries.verify.work import forgotten_work, stuck_deliveries, stuck_keys, untold_events

__all__ = ["INVARIANTS", "Finding", "Invariant", "Scene", "Severity", "head", "verify"]

_TAMPERED = "请停止写入，保留数据库文件，用最近一次备份核对，并查明谁直接动过数据库。"
_SWITCH = "请确认系统正在运行（rectify run），或执行一次 rectify tick 后再核对。"


def _all(*looks: Look) -> Look:
    def together(scene: Scene) -> Iterator[Finding]:
        return chain.from_iterable(look(scene) for look in looks)

    return together


INVARIANTS = (
    Invariant("I16", "数据库完整，没有悬空的引用", Severity.SERIOUS, _TAMPERED, _all(damaged_file, dangling_rows)),
    Invariant("I3", "办理记录首尾相接，没有被改动", Severity.SERIOUS, _TAMPERED, _all(broken_links, cut_off)),
    Invariant("I10", "行动方案与启动时封存的一致", Severity.SERIOUS, _TAMPERED, changed_definitions),
    Invariant(
        "I9",
        "回执、上报的报表和发布的排名与签发时一致",
        Severity.SERIOUS,
        _TAMPERED,
        _all(changed_submissions, changed_reports, changed_rankings),
    ),
    Invariant(
        "I2",
        "每项提交、审核、延期都有办理记录",
        Severity.SERIOUS,
        _TAMPERED,
        _all(missing_submissions, strange_entries, strange_uses, lost_uses, unexplained_decisions, unexplained_tasks),
    ),
    Invariant("I8", "调度表的每个数都能由明细和下级重算出来", Severity.SERIOUS, _TAMPERED, wrong_figures),
    Invariant(
        "I11",
        "隐患按规定步骤销号，整改人不自己销号，重大的有两人审签",
        Severity.SERIOUS,
        _TAMPERED,
        _all(strange_hazards, vanished_hazards, changed_draws),
    ),
    Invariant(
        "I17",
        "判定标准与导入时一致，隐患引用的条款都查得到",
        Severity.SERIOUS,
        _TAMPERED,
        _all(changed_criteria, unreadable_citations),
    ),
    Invariant(
        "I12",
        "附件都在，内容与上传时一致",
        Severity.SERIOUS,
        "请从备份恢复缺少或改动的文件；没有记录引用的文件可以另存后删除。",
        _all(wrong_attachments, nameless_files),
    ),
    Invariant(
        "I6",
        "每家企业有且只有一个监管主体",
        Severity.SERIOUS,
        "请在企业名册里明确它的监管部门。",
        _all(wrong_supervision, strange_bureaus),
    ),
    Invariant("I5", "到期的工作都办了", Severity.SERIOUS, _SWITCH, forgotten_work),
    Invariant(
        "I4",
        "消息都送到了，没有积压",
        Severity.NOTABLE,
        "请核对对方的联系方式和邮件、机器人设置；" + _SWITCH,
        _all(untold_events, stuck_deliveries),
    ),
    Invariant("I1", "每次提交都有且只有一个结果", Severity.SERIOUS, _TAMPERED, stuck_keys),
    Invariant(
        "I15", "能登录的账号都有单位和角色", Severity.NOTABLE, "请停用这个账号，或为它补上单位和角色。", loose_accounts
    ),
)
"""In the order in which they are looked at: the file itself first, then what was signed, then what is due."""


def verify(
    scene: Scene, invariants: Iterable[Invariant] = INVARIANTS
) -> Iterator[tuple[Invariant, tuple[Finding, ...]]]:
    """Look at every invariant in turn and yield what was found against it; nothing found is an empty tuple."""
    for invariant in invariants:
        yield invariant, tuple(_looked(invariant, scene))


def _looked(invariant: Invariant, scene: Scene) -> Iterator[Finding]:
    try:
        yield from invariant.look(scene)
    except Exception as error:  # a damaged row may break a check half-way: that is a finding too, and the others go on
        yield Finding(invariant.code, f"这一项没能核对完，有的内容已经读不出来：{str(error)[:200]}")
