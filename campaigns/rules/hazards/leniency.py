"""不予处罚: the three facts that the notice asks for, shown to whoever decides. A hint with its ground, never a verdict.

004 五（二）3: “对企业自查查出的重大事故隐患，已按规定报告并正在采取有效措施消除的，依法不予行政处罚。”
"""

from dataclasses import dataclass

from campaigns.rules.states import HazardSource, HazardState

GROUND = "对企业自查查出的重大事故隐患，已按规定报告并正在采取有效措施消除的，依法不予行政处罚。"
SOURCE = "非煤矿山重大事故隐患专项排查整治2023行动方案 五（二）3；报告义务见安全生产法第四十一条"


@dataclass(frozen=True, slots=True)
class Leniency:
    """The three facts, each true or not on the record as it stands."""

    self_found: bool
    reported: bool
    rectifying: bool

    @property
    def all_there(self) -> bool:
        """Whether all three are on the record."""
        return self.self_found and self.reported and self.rectifying


def leniency(*, source: HazardSource, state: HazardState, reported: bool, planned: bool) -> Leniency:
    """Read the three facts. `reported` is the 直报 to the bureau; rectifying means that work began by plan or was done."""
    begun = state not in (HazardState.REGISTERED, HazardState.ENDED, HazardState.ARCHIVED)
    return Leniency(source is HazardSource.SELF, reported, begun and (planned or state is not HazardState.RECTIFYING))
