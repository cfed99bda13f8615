"""Who ranks whom, and what may still be done with a ranking: one sentence each, read by the verbs and the buttons."""

from campaigns.definition.ranking import RankingRule
from campaigns.rules.permissions import Actor, Level, Permission, Relation, why_not
from campaigns.rules.states import RankingState

RANKED_LEVELS = {"市": Level.CITY, "县": Level.COUNTY}
_LADDER = tuple(Level)


def why_not_rank(actor: Actor, rule: RankingRule) -> str:
    """Return why the actor cannot rank by this rule, empty if he may: a bureau ranks the levels below its own."""
    if not actor.is_regulator or actor.level is None:
        return "只有应急管理局可以排名。"
    if _LADDER.index(actor.level) >= _LADDER.index(RANKED_LEVELS[rule.level]):
        return f"这个排名排的是{rule.level}级，由上级应急管理局办理。"
    return why_not(actor, Permission.RANK, Relation.SELF)


def why_not_change(actor: Actor, state: RankingState, bureau_id: int) -> str:
    """Return why the actor cannot count, mark or adjust, empty if he may."""
    if state is not RankingState.DRAFT:
        return f"这份排名{state.label}，不能再改；要改的，请另作更正。"
    return _whose(actor, bureau_id) or why_not(actor, Permission.RANK, Relation.SELF)


def why_not_publish(actor: Actor, state: RankingState, bureau_id: int, *, unmarked: int, placed: int) -> str:
    """Return why the actor cannot publish, empty if he may: a leader does, when every mark is given and somebody has a place."""
    if state is not RankingState.DRAFT:
        return f"这份排名{state.label}。"
    refused = _whose(actor, bureau_id) or why_not(actor, Permission.PUBLISH_RANKING, Relation.SELF)
    if refused:
        return refused
    if unmarked:
        return f"还有{unmarked}格没有评分。"
    return "" if placed else "没有一个地方排得出名次，不用发布。"


def why_not_correct(actor: Actor, state: RankingState, bureau_id: int) -> str:
    """Return why the actor cannot open a correction, empty if he may."""
    if state is not RankingState.PUBLISHED:
        return f"这份排名{state.label}，只有已发布的才更正。"
    return _whose(actor, bureau_id) or why_not(actor, Permission.RANK, Relation.SELF)


def _whose(actor: Actor, bureau_id: int) -> str:
    return "" if actor.organisation_id == bureau_id else "这份排名由排名的上级办理。"
