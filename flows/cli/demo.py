"""`rectify demo`: the demonstration, loaded into an empty installation without starting anything."""

from campaigns.clock import now
from campaigns.store.database import database
from campaigns.store.migrate import migrate
from flows.cli.console import say


def demo() -> None:
    """装入演示：重演整个2023行动，再启动一个进行中的百日攻坚和一个区里自己的集中排查整治行动。"""
    from flows.demo.load import load  # only the demonstration pays for the import

    base = database()
    migrate(base)
    load(base, now=now(), say=say)
    say("演示数据已装入。")
