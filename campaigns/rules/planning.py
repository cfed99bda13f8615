"""Definition → dated plan. The one expander: preview, simulate and launch call the same function."""

from campaigns.rules.plan import DatedMilestone, DatedStage, Occurrence, Plan

__all__ = ["DatedMilestone", "DatedStage", "Occurrence", "Plan"]
