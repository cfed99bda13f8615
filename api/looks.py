"""How a state looks: a word, a shape and a tone together, so that nobody depends on colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.rules.states import (
    CampaignState,
    DeliveryState,
    FlagState,
    HazardState,
    ProposalState,
    RankingState,
    ReportState,
    RequestState,
    StageState,
    Stated,
    TaskState,
)


@dataclass(frozen=True, slots=True)
class Look:
    """The badge of a state: its word, the name of its icon (shape) and its tone (colour)."""

    word: str
    icon: str
    tone: str


LATE = Look("逾期", "triangle-alert", "late")
MAJOR = Look("重大隐患", "octagon-alert", "late")
CATCH_UP = Look("补发", "clock-alert", "soon")

AHEAD = ("circle-dashed", "idle")
WAITS = ("circle", "idle")
DOING = ("circle-dot", "doing")
DECIDE = ("hourglass", "decide")
DONE = ("circle-check", "done")
BACK = ("undo-2", "soon")
ENDED = ("circle-slash", "idle")
WRONG = ("triangle-alert", "late")

SHAPES: Mapping[type[Stated], Mapping[Stated, tuple[str, str]]] = {
    CampaignState: {CampaignState.RUNNING: DOING, CampaignState.CLOSED: DONE},
    StageState: {StageState.WAITING: AHEAD, StageState.OPEN: DOING, StageState.OVERRUN: WRONG, StageState.DONE: DONE},
    TaskState: {
        TaskState.ASSIGNED: WAITS,
        TaskState.ACKNOWLEDGED: DOING,
        TaskState.SUBMITTED: DECIDE,
        TaskState.SENT_BACK: BACK,
        TaskState.ACCEPTED: DONE,
        TaskState.WAIVED: ENDED,
        TaskState.WITHDRAWN: ENDED,
    },
    RequestState: {RequestState.ASKED: DECIDE, RequestState.GRANTED: DONE, RequestState.DECLINED: ENDED},
    ProposalState: {
        ProposalState.DRAFTED: DECIDE,
        ProposalState.CONFIRMED: DONE,
        ProposalState.DISMISSED: ENDED,
        ProposalState.WITHDRAWN: ENDED,
    },
    HazardState: {
        HazardState.REGISTERED: WAITS,
        HazardState.RECTIFYING: DOING,
        HazardState.RECTIFIED: DECIDE,
        HazardState.CHECKED: DECIDE,
        HazardState.CLOSED: DONE,
        HazardState.ENDED: ENDED,
        HazardState.ARCHIVED: DONE,
    },
    ReportState: {
        ReportState.OPEN: DOING,
        ReportState.FILED: DECIDE,
        ReportState.RETURNED: BACK,
        ReportState.ACCEPTED: DONE,
        ReportState.CORRECTING: DOING,
        ReportState.REPLACED: ENDED,
    },
    RankingState: {
        RankingState.DRAFT: DOING,
        RankingState.PUBLISHED: DONE,
        RankingState.REPLACED: ENDED,
        RankingState.DISCARDED: ENDED,
    },
    FlagState: {FlagState.OPEN: DECIDE, FlagState.LISTED: DONE, FlagState.SET_ASIDE: ENDED},
    DeliveryState: {DeliveryState.QUEUED: WAITS, DeliveryState.SENT: DONE, DeliveryState.FAILED: WRONG},
}


def look(state: Stated) -> Look:
    """Return the badge of a state."""
    icon, tone = SHAPES[type(state)][state]
    return Look(state.label, icon, tone)
