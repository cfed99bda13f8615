"""Draw the state diagrams of docs/states.md from the transition table, so that the picture cannot lie."""

from campaigns.rules.states import TRANSITIONS, Stated

TITLES = {
    "CampaignState": "专项行动",
    "StageState": "阶段",
    "TaskState": "任务",
    "RequestState": "延期、豁免申请和异议",
    "ProposalState": "拟办",
    "HazardState": "隐患",
    "ReportState": "报表",
    "RankingState": "排名",
    "FlagState": "疑点",
    "DeliveryState": "外发消息",
}


def state_diagrams() -> str:
    """Return the whole of docs/states.md: one Mermaid diagram per kind of thing."""
    parts = ["# States", "Drawn from `campaigns/rules/states.py`; a test compares the two.", ""]
    for states, rows in TRANSITIONS.items():
        first = next(iter(states))
        parts += [f"## {TITLES[states.__name__]}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first.label}"]
        parts += [f"    {old.label} --> {new.label}" for old, news in rows.items() for new in _ordered(states, news)]
        parts += [f"    {state.label} --> [*]" for state, news in rows.items() if not news]
        parts += ["```", ""]
    return "\n".join(parts)


def _ordered(states: type[Stated], chosen: frozenset[Stated]) -> list[Stated]:
    return [state for state in states if state in chosen]
