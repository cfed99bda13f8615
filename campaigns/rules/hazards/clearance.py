"""动态清零 defined (M12): no major hazard stands past its deadline, and none is unreported. Nothing else is meant by it.

It does not ask for a register without major hazards: finding one is no failing, leaving it or hiding it is.
"""

from dataclasses import dataclass

DEFINITION = (
    "动态清零：没有一项重大事故隐患到了整改期限还没有销号，也没有一项登记后到第二天还没有双报告（监管部门、职代会各一份）。"
    "发现新的重大隐患不影响清零，到期不改、发现不报才影响。"
)


@dataclass(frozen=True, slots=True)
class Clearance:
    """The two counts that 动态清零 is made of."""

    overdue: int
    unreported: int

    @property
    def reached(self) -> bool:
        """Whether both are zero."""
        return self.overdue == self.unreported == 0
