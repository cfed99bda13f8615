"""Which events another system of an organisation is told the moment they happen, and which organisations each concerns.

People get a digest a day; a program that mirrors a report or a hazard must not wait for it. A line here is a kind of the
catalogue, whose first words that apply are the delivery's title.
"""

PROGRAMS = "webhook"
"""The channel of other systems."""
TOLD_AT_ONCE = frozenset(
    {
        "report.filed",
        "report.returned",
        "report.accepted",
        "report.correcting",
        "report.unlocked",
        "task.sent_back",
        "task.accepted",
        "hazard.registered",
        "hazard.closed",
        "hazard.listed",
        "hazard.delisted",
        "hazard.stopped",
        "hazard.resumed",
    }
)
CONCERNED = ("doer_id", "superior_id", "decider_id")
"""The facts that name whom an event concerns. Who did it is told too: its program was not there when somebody clicked."""
