"""States and the only ways between them. The words are the field's; the diagrams in docs/ are generated from TRANSITIONS."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from campaigns.errors import Conflict


class Stated(StrEnum):
    """A state with the word that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Stated":
        """Keep the stored value and the label side by side."""
        state = str.__new__(cls, value)
        state._value_ = value
        state.label = label
        return state


class CampaignState(Stated):
    """专项行动."""

    RUNNING = "running", "进行中"
    CLOSED = "closed", "已结束"


class StageState(Stated):
    """阶段: an end with open work is said, not hidden, and cancels nothing (压茬推进, 004 六)."""

    WAITING = "waiting", "未开始"
    OPEN = "open", "进行中"
    OVERRUN = "overrun", "到期有未办"
    DONE = "done", "按期完成"


class TaskState(Stated):
    """任务 of one organisation."""

    ASSIGNED = "assigned", "待签收"
    ACKNOWLEDGED = "acknowledged", "办理中"
    SUBMITTED = "submitted", "待审核"
    SENT_BACK = "sent_back", "已退回"
    ACCEPTED = "accepted", "已完成"
    WAIVED = "waived", "已豁免"
    WITHDRAWN = "withdrawn", "已撤销"


OPEN_TASK_STATES = (TaskState.ASSIGNED, TaskState.ACKNOWLEDGED, TaskState.SENT_BACK)


class RequestKind(Stated):
    """What a doer may ask for. 异议: that an accepted 代录 be sent back, so that it fills in itself."""

    EXTENSION = "extension", "延期"
    WAIVER = "waiver", "豁免"
    OBJECTION = "objection", "异议"


class RequestState(Stated):
    """延期/豁免申请, and 异议 to what was accepted."""

    ASKED = "asked", "待决定"
    GRANTED = "granted", "已同意"
    DECLINED = "declined", "未同意"


class ProposalState(Stated):
    """拟办: the system drafts, a named official decides."""

    DRAFTED = "drafted", "拟办"
    CONFIRMED = "confirmed", "已批准"
    DISMISSED = "dismissed", "不采纳"
    WITHDRAWN = "withdrawn", "已撤回"


class HazardSource(Stated):
    """Who found it: fixed for ever, because a self-found hazard may go unpunished (004 五（二）3)."""

    SELF = "self", "企业自查"
    INSPECTION = "inspection", "部门检查"


class HazardState(Stated):
    """隐患 from register to 销号. 待审签: one official found it fixed, a second one has still to sign (major hazards only).

    One whose enterprise closed before it was fixed is ended, never counted as rectified. One that an imported old ledger calls
    closed is history: nobody signed for it here, and no figure counts it.
    """

    REGISTERED = "registered", "待整改"
    RECTIFYING = "rectifying", "整改中"
    RECTIFIED = "rectified", "待复查"
    CHECKED = "checked", "待审签"
    CLOSED = "closed", "已销号"
    ENDED = "ended", "企业关闭"
    ARCHIVED = "archived", "历史已销号"


OPEN_HAZARD_STATES = (HazardState.REGISTERED, HazardState.RECTIFYING, HazardState.RECTIFIED, HazardState.CHECKED)
UNFIXED_HAZARD_STATES = (HazardState.REGISTERED, HazardState.RECTIFYING)
TO_RECHECK_STATES = (HazardState.RECTIFIED, HazardState.CHECKED)


class ReportState(Stated):
    """报表 on its way up; accepted is sealed. What comes after is a 更正: the row is corrected, its earlier version kept."""

    OPEN = "open", "填报中"
    FILED = "filed", "已上报"
    RETURNED = "returned", "已退回"
    ACCEPTED = "accepted", "已接收"
    CORRECTING = "correcting", "更正中"
    REPLACED = "replaced", "已被更正"


OPEN_REPORT_STATES = (ReportState.OPEN, ReportState.RETURNED, ReportState.CORRECTING)
"""States in which figures still move; what is filed is frozen."""
UNFILED_REPORT_STATES = (ReportState.OPEN, ReportState.RETURNED)
"""States in which a period's report is still missing; one that is being corrected has been filed."""


class RankingState(Stated):
    """排名: nobody but its maker sees a draft; a published one never changes, a later version takes its place."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    REPLACED = "replaced", "已被更正"
    DISCARDED = "discarded", "已作废"


class FlagState(Stated):
    """疑点: what a spot check might look at. Nothing follows from one by itself; an official reads it and decides."""

    OPEN = "open", "待看"
    LISTED = "listed", "已列入抽查"
    SET_ASIDE = "set_aside", "已放下"


class DeliveryState(Stated):
    """外发消息."""

    QUEUED = "queued", "待发"
    SENT = "sent", "已发出"
    FAILED = "failed", "发送失败"


T = TaskState
H = HazardState
R = ReportState
S = StageState

TRANSITIONS: Mapping[type[Stated], Mapping[Stated, frozenset[Stated]]] = {
    CampaignState: {CampaignState.RUNNING: frozenset({CampaignState.CLOSED}), CampaignState.CLOSED: frozenset()},
    StageState: {
        S.WAITING: frozenset({S.OPEN}),
        S.OPEN: frozenset({S.DONE, S.OVERRUN}),
        S.OVERRUN: frozenset({S.DONE}),
        S.DONE: frozenset(),
    },
    TaskState: {
        T.ASSIGNED: frozenset({T.ACKNOWLEDGED, T.SUBMITTED, T.ACCEPTED, T.WAIVED, T.WITHDRAWN}),
        T.ACKNOWLEDGED: frozenset({T.SUBMITTED, T.ACCEPTED, T.WAIVED, T.WITHDRAWN}),
        T.SUBMITTED: frozenset({T.ACCEPTED, T.SENT_BACK}),
        T.SENT_BACK: frozenset({T.SUBMITTED, T.WAIVED, T.WITHDRAWN}),
        T.ACCEPTED: frozenset({T.SENT_BACK}),  # only by granting an objection to what a bureau had typed in (代录)
        T.WAIVED: frozenset(),
        T.WITHDRAWN: frozenset({T.ASSIGNED}),
    },
    RequestState: {
        RequestState.ASKED: frozenset({RequestState.GRANTED, RequestState.DECLINED}),
        RequestState.GRANTED: frozenset(),
        RequestState.DECLINED: frozenset(),
    },
    ProposalState: {
        ProposalState.DRAFTED: frozenset({ProposalState.CONFIRMED, ProposalState.DISMISSED, ProposalState.WITHDRAWN}),
        ProposalState.CONFIRMED: frozenset(),
        ProposalState.DISMISSED: frozenset(),
        ProposalState.WITHDRAWN: frozenset(),
    },
    HazardState: {
        H.REGISTERED: frozenset({H.RECTIFYING, H.RECTIFIED, H.ENDED}),
        H.RECTIFYING: frozenset({H.RECTIFIED, H.ENDED}),
        H.RECTIFIED: frozenset({H.CLOSED, H.CHECKED, H.RECTIFYING, H.ENDED}),
        H.CHECKED: frozenset({H.CLOSED, H.RECTIFYING, H.ENDED}),
        H.CLOSED: frozenset(),
        H.ENDED: frozenset({H.REGISTERED, H.RECTIFYING, H.RECTIFIED, H.CHECKED}),
        H.ARCHIVED: frozenset(),
    },
    ReportState: {
        R.OPEN: frozenset({R.FILED}),
        R.FILED: frozenset({R.ACCEPTED, R.RETURNED, R.CORRECTING, R.REPLACED}),
        R.RETURNED: frozenset({R.FILED}),
        R.ACCEPTED: frozenset({R.CORRECTING, R.REPLACED}),
        R.CORRECTING: frozenset({R.FILED}),
        R.REPLACED: frozenset(),
    },
    RankingState: {
        RankingState.DRAFT: frozenset({RankingState.PUBLISHED, RankingState.DISCARDED}),
        RankingState.PUBLISHED: frozenset({RankingState.REPLACED}),
        RankingState.REPLACED: frozenset(),
        RankingState.DISCARDED: frozenset(),
    },
    FlagState: {
        FlagState.OPEN: frozenset({FlagState.LISTED, FlagState.SET_ASIDE}),
        FlagState.LISTED: frozenset(),
        FlagState.SET_ASIDE: frozenset(),
    },
    DeliveryState: {
        DeliveryState.QUEUED: frozenset({DeliveryState.SENT, DeliveryState.FAILED}),
        DeliveryState.FAILED: frozenset({DeliveryState.QUEUED}),
        DeliveryState.SENT: frozenset(),
    },
}

State = TypeVar("State", bound=Stated)


def may_move(current: State, new: State) -> bool:
    """Whether the table allows this step."""
    return new in TRANSITIONS[type(current)][current]


def check_move(thing: str, current: State, new: State) -> None:
    """Raise the sentence a person reads when a step is not allowed from where the thing stands.

    `thing` is its Chinese word, for instance 任务.
    """
    if not may_move(current, new):
        raise Conflict(
            f"{thing}现在是“{current.label}”，不能改为“{new.label}”。",
            kept="没有改动任何内容。",
            advice="请刷新页面，按最新状态办理。",
        )
