"""What people put into a draft: 评分 of the items that are theirs to judge, and 人工调整 with its reason and its paper."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from campaigns.actions.rankings.counting import place, rule_of
from campaigns.actions.rankings.drafting import changed, draft_for, note
from campaigns.actions.stepping import LONGEST_REASON, UNCHANGED
from campaigns.definition.ranking import RankingRule, ScoreItem
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.permissions import Actor
from campaigns.rules.rankings.ranking import POINT, shown_points
from campaigns.store.database import locked
from campaigns.store.rankings.rankings import Ranking, RankingAdjustment, RankingLine, RankingMark
from campaigns.store.rankings.seal import adjustments_of, lines_of

LONGEST_BASIS = 200
_POINTS = re.compile(r"[+-]?\d{1,4}(\.\d{1,2})?")


def mark(
    session: Session,
    *,
    ranking_id: int,
    typed: Mapping[tuple[int, str], str],
    seen: int | None,
    by: Actor,
    now: datetime,
) -> Ranking:
    """评分: give points by (region, item); an empty one takes the mark back.

    Raises:
        Invalid: not points, or more than the item's 满分; nothing is kept. `fields` are named mark-REGION-ITEM.
    """
    ranking = draft_for(session, ranking_id, seen=seen, by=by)
    items = {item.code: item for item in rule_of(ranking).items if item.measure == "评分"}
    taking_part = {line.region_id for line in lines_of(session, ranking.id) if not line.left_out}
    if any(region not in taking_part or code not in items for region, code in typed):
        raise NotFound
    points, wrong = {}, {}
    for (region, code), text in typed.items():
        try:
            points[region, code] = _mark(items[code], text)
        except ValueError as problem:
            wrong[f"mark-{region}-{code}"] = str(problem)
    if wrong:
        raise Invalid("有评分没有看懂，没有保存。", fields=wrong, kept=UNCHANGED)
    given = {key: value for key, value in points.items() if _keep(session, ranking, key, value, by, now)}
    if given:
        _placed_again(session, ranking)
        told = [{"region_id": region, "item": code, "points": value} for (region, code), value in given.items()]
        note(session, "ranking.marked", ranking, by=by, now=now, marks=told)
    return ranking


def adjust(  # noqa: PLR0913 - points, reason and paper are the adjustment
    session: Session,
    *,
    ranking_id: int,
    region_id: int | None,
    points: str,
    reason: str,
    basis: str,
    seen: int | None,
    by: Actor,
    now: datetime,
) -> RankingAdjustment:
    """人工调整: add points to a region's computed total or take some off; the computed total stays beside it.

    Raises:
        Invalid: no region, no points within the rule's limit, no reason or no paper.
    """
    ranking = draft_for(session, ranking_id, seen=seen, by=by)
    rule = rule_of(ranking)
    line = next((one for one in lines_of(session, ranking.id) if one.region_id == region_id), None)
    said = {"reason": reason.strip(), "basis": basis.strip()}
    already = _adjusted(session, ranking, region_id)
    worth, wrong = _adjustment(rule, line, points, already), _words_wrong(said)
    if isinstance(worth, str):
        wrong["points"] = worth
    if line is None or line.left_out:
        wrong["region_id"] = "请选一个参评的地方。"
    if wrong or isinstance(worth, str) or line is None:
        raise Invalid("没有调整。", fields=wrong, kept=UNCHANGED)
    made = _adjustment_row(ranking, line, worth, said, by, now)
    session.add(made)
    _placed_again(session, ranking)
    note(session, "ranking.adjusted", ranking, by=by, now=now, region=line.name, points=worth, **said)
    return made


def revoke(
    session: Session, *, ranking_id: int, adjustment_id: int, seen: int | None = None, by: Actor, now: datetime
) -> RankingAdjustment:
    """撤销调整: it counts no more, and stays readable with who took it back."""
    made = locked(session, RankingAdjustment, adjustment_id)
    if made is None or made.ranking_id != ranking_id:
        raise NotFound
    ranking = draft_for(session, ranking_id, seen=seen, by=by)
    if made.revoked_at is not None:
        raise Conflict("这笔调整已经撤销。", kept=UNCHANGED, advice="请刷新页面查看。")
    made.revoked_by_id, made.revoked_at = by.person_id, now
    _placed_again(session, ranking)
    note(session, "ranking.adjustment_revoked", ranking, by=by, now=now, adjustment=made.id, points=made.points)
    return made


def _adjustment_row(
    ranking: Ranking, line: RankingLine, points: int, said: Mapping[str, str], by: Actor, now: datetime
) -> RankingAdjustment:
    return RankingAdjustment(
        ranking_id=ranking.id,
        region_id=line.region_id,
        points=points,
        adjusted_by_id=by.person_id or 0,
        adjusted_at=now,
        reason=said["reason"],
        basis=said["basis"],
    )


def _placed_again(session: Session, ranking: Ranking) -> None:
    session.flush()
    place(session, ranking)
    changed(session, ranking)


def _mark(item: ScoreItem, text: str) -> int | None:
    if not text.strip():
        return None
    points = _hundredths(text)
    if points is None or not 0 <= points <= item.full * POINT:
        raise ValueError(f"请填0到{item.full}分，最多两位小数。")
    return points


def _keep(
    session: Session, ranking: Ranking, key: tuple[int, str], points: int | None, by: Actor, now: datetime
) -> bool:
    """Keep one mark, and say whether that changed anything."""
    region, code = key
    kept = session.get(RankingMark, (ranking.id, region, code))
    if (kept.points if kept else None) == points:
        return False
    if kept is not None:
        session.delete(kept)
        session.flush()
    if points is not None:
        session.add(
            RankingMark(
                ranking_id=ranking.id,
                region_id=region,
                item=code,
                points=points,
                marked_by_id=by.person_id or 0,
                marked_at=now,
            )
        )
    session.flush()
    return True


def _adjustment(rule: RankingRule, line: RankingLine | None, text: str, already: int) -> int | str:
    """Return the points in hundredths, or the sentence beside the blank."""
    if not rule.most_adjusted:
        return "这个排名的办法不许人工调整。"
    points = _hundredths(text)
    if not points:
        return "请填加几分或减几分，如 -2 或 1.5，最多两位小数。"
    most = rule.most_adjusted * POINT
    if abs(already + points) > most:
        there = f"，这里已经调整了{shown_points(already)}分" if already and line else ""
        return f"一个地方最多调整±{rule.most_adjusted}分{there}。"
    return points


def _adjusted(session: Session, ranking: Ranking, region_id: int | None) -> int:
    made = adjustments_of(session, ranking.id)
    return sum(one.points for one in made if one.region_id == region_id and one.revoked_at is None)


def _words_wrong(said: Mapping[str, str]) -> dict[str, str]:
    wrong = {}
    if not 0 < len(said["reason"]) <= LONGEST_REASON:
        wrong["reason"] = f"请写明为什么调整，最多{LONGEST_REASON}个字。"
    if not 0 < len(said["basis"]) <= LONGEST_BASIS:
        wrong["basis"] = f"请写明依据的文件（名称、文号），最多{LONGEST_BASIS}个字。"
    return wrong


def _hundredths(text: str) -> int | None:
    plain = text.strip().replace("＋", "+").replace("－", "-").replace("−", "-")
    return int(Decimal(plain) * POINT) if _POINTS.fullmatch(plain) and plain.isascii() else None
