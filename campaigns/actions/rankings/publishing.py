"""发布排名: a leader publishes, everybody ranked is told, and nothing of it changes any more; a mistake gets the next version."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.messages.told import active, write_notices
from campaigns.actions.rankings.counting import count, rule_of, unmarked
from campaigns.actions.rankings.drafting import changed, check_seen, note, own_ranking
from campaigns.actions.stepping import UNCHANGED, reason_of
from campaigns.date_words import day_words
from campaigns.errors import Conflict, Forbidden
from campaigns.rules.permissions import Actor, OrganisationKind, Role
from campaigns.rules.rankings.powers import why_not_correct, why_not_publish
from campaigns.rules.states import RankingState, check_move
from campaigns.store.directory.people import Person
from campaigns.store.directory.regions import Organisation
from campaigns.store.rankings.rankings import Ranking, RankingAdjustment, RankingLine, RankingMark
from campaigns.store.rankings.seal import adjustments_of, lines_of, marks_of, ranking_seal

READERS = (Role.LEADER, Role.OFFICER)


def publish(session: Session, *, ranking_id: int, seen: int | None, by: Actor, now: datetime) -> Ranking:
    """Publish a draft: sealed as it stands, visible to those ranked; the version it corrects is replaced.

    Raises:
        Forbidden: the actor may not publish.
        Conflict: it is no draft, a mark is missing, nobody has a place, or it changed since version `seen`.
    """
    ranking = own_ranking(session, ranking_id, by=by)
    lines, rule = lines_of(session, ranking.id), rule_of(ranking)
    marked = {(mark.region_id, mark.item) for mark in marks_of(session, ranking.id)}
    placed = sum(line.place is not None for line in lines)
    missing = unmarked(rule, lines, marked)
    state = RankingState(ranking.state)
    if why := why_not_publish(by, state, ranking.bureau_id, unmarked=0, placed=1):
        raise (Forbidden if state is RankingState.DRAFT else Conflict)(why, kept=UNCHANGED)
    check_seen(ranking, seen)
    if why := why_not_publish(by, state, ranking.bureau_id, unmarked=missing, placed=placed):
        raise Conflict(why, kept=UNCHANGED, advice="请补齐后再发布。")
    _replace(session, ranking)
    ranking.state, ranking.published_by_id, ranking.published_at = RankingState.PUBLISHED, by.person_id, now
    changed(session, ranking)
    session.refresh(ranking)
    ranking.sha256 = ranking_seal(session, ranking)
    session.flush()
    note(session, "ranking.published", ranking, by=by, now=now, sha256=ranking.sha256)
    _tell(session, ranking, now=now)
    return ranking


def correct(session: Session, *, ranking_id: int, reason: str, by: Actor, now: datetime) -> Ranking:
    """更正: begin the next version of a published ranking, counted anew up to the same day, with its marks and adjustments.

    The published one stays as it is, and in force, until the correction is published.
    """
    old = own_ranking(session, ranking_id, by=by)
    state = RankingState(old.state)
    if why := why_not_correct(by, state, old.bureau_id):
        raise (Forbidden if state is RankingState.PUBLISHED else Conflict)(why, kept=UNCHANGED)
    words = reason_of(reason, what="为什么更正")
    same = (col(Ranking.campaign_id) == old.campaign_id, col(Ranking.code) == old.code)
    mine = (col(Ranking.bureau_id) == old.bureau_id, col(Ranking.state) == RankingState.DRAFT)
    if session.scalar(select(col(Ranking.id)).where(*same, *mine)):
        raise Conflict("这个排名已经有一份草稿。", kept=UNCHANGED, advice="请接着办那一份，或先作废它。")
    new = Ranking(
        **old.model_dump(include={"campaign_id", "bureau_id", "region_id", "code", "rule", "bonuses", "until_on"}),
        version=old.version + 1,
        state=RankingState.DRAFT,
        corrects_id=old.id,
        correction=words,
        drafted_by_id=by.person_id or 0,
        drafted_at=now,
        counted_at=now,
    )
    session.add(new)
    session.flush()
    _carry_over(session, old, new)
    count(session, new, now=now)
    note(session, "ranking.correcting", new, by=by, now=now, reason=words)
    return new


def _replace(session: Session, ranking: Ranking) -> None:
    if ranking.corrects_id is None:
        return
    old = session.get_one(Ranking, ranking.corrects_id)
    check_move("排名", RankingState(old.state), RankingState.REPLACED)
    old.state = RankingState.REPLACED
    session.flush()


def _carry_over(session: Session, old: Ranking, new: Ranking) -> None:
    for mark in marks_of(session, old.id):
        session.add(RankingMark(**mark.model_dump() | {"ranking_id": new.id}))
    for made in adjustments_of(session, old.id):
        session.add(RankingAdjustment(**made.model_dump(exclude={"id"}) | {"ranking_id": new.id}))
    session.flush()


def _tell(session: Session, ranking: Ranking, *, now: datetime) -> None:
    """Tell the bureaus of the ranked regions, and nobody else."""
    ranked = select(col(RankingLine.region_id)).where(
        col(RankingLine.ranking_id) == ranking.id, col(RankingLine.left_out) == ""
    )
    people = (
        select(Person)
        .join(Organisation, col(Organisation.id) == col(Person.organisation_id))
        .where(
            col(Organisation.region_id).in_(ranked),
            col(Organisation.kind) == OrganisationKind.BUREAU,
            *active(READERS),
        )
    )
    which = f"（第{ranking.version}版，更正）" if ranking.version > 1 else ""
    said = {
        "key": f"ranking:{ranking.id}",
        "kind": "ranking.published",
        "title": f"{ranking.rule['名称']}已发布{which}"[:160],
        "body": f"截至{day_words(ranking.until_on)}。可以看到本地的明细和各地的名次、总分。",
        "link": f"/rankings/{ranking.id}",
        "campaign_id": ranking.campaign_id,
        "task_id": None,
    }
    write_notices(session, people, said, now=now)
