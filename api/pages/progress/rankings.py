"""排名: the campaign's rules and rankings, one ranking with its sums, and what its maker does to a draft."""

import re
from collections.abc import Mapping

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Refused, Visit, VisitDep
from api.pages.progress.superior import only_bureaus
from api.pages.reporting.tables import Form, send
from api.sent import sent_day, sent_version
from campaigns.actions.rankings.drafting import discard, draft, recount
from campaigns.actions.rankings.marking import adjust, mark, revoke
from campaigns.actions.rankings.publishing import correct, publish
from campaigns.errors import Invalid, NotFound
from campaigns.queries.campaign.overview import campaign_head
from campaigns.queries.listings.ranking_rows import ranking_headings, ranking_rows
from campaigns.queries.rankings.listed import rankings_of, rules_of
from campaigns.queries.rankings.table import ranking_table
from campaigns.rules.permissions import Permission, check_somewhere
from campaigns.rules.states import RankingState

router = APIRouter()
WORK = "ranking-work.html"
MARK = re.compile(r"mark-(\d{1,9})-(\d+(?:\.\d+)*)")


@router.get("/progress/{campaign_id}/rankings")
def rankings_page(visit: VisitDep, campaign_id: int) -> Response:
    """List the rules with their formulas and the rankings in view, and offer to begin one."""
    return _list(visit, campaign_id)


@router.post("/progress/{campaign_id}/rankings")
def draft_form(effect: EffectDep, campaign_id: int) -> Response:
    """Begin a draft."""
    code = effect.text("code")

    def change(session: Session) -> str:
        made = draft(
            session,
            campaign_id=campaign_id,
            code=code,
            until_on=sent_day(effect, "until_on"),
            by=effect.actor,
            now=effect.now,
        )
        return f"/rankings/{made.id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _list(visit, campaign_id, status=422, wrong=code, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="已按办法算好，是草稿，只有本单位看得到。", refused=refused)


@router.get("/rankings/{ranking_id}")
def ranking_page(visit: VisitDep, ranking_id: int) -> Response:
    """Show one ranking."""
    return _one(visit, ranking_id, "ranking.html")


@router.get("/rankings/{ranking_id}/table.{kind}")
def ranking_file(visit: VisitDep, ranking_id: int, kind: Form) -> Response:
    """Send one ranking as a file, as its page shows it."""
    found = ranking_table(visit.session, ranking_id=ranking_id, actor=visit.actor)
    head = campaign_head(visit.session, campaign_id=found.campaign_id, actor=visit.actor)
    title = f"{head.title}{found.rule.title}{'（草稿）' if found.state is RankingState.DRAFT else ''}"
    return send("排名", title, ranking_headings(found), ranking_rows(found), kind)


@router.get("/rankings/{ranking_id}/work")
def work_page(visit: VisitDep, ranking_id: int) -> Response:
    """Show the marks and the adjustments to whoever makes the ranking."""
    return _one(visit, ranking_id, WORK)


@router.post("/rankings/{ranking_id}/marks")
def marks_form(effect: EffectDep, ranking_id: int) -> Response:
    """评分."""
    sent = ((MARK.fullmatch(name), text) for name, text in effect.values().items())
    typed = {(int(found[1]), found[2]): text for found, text in sent if found}

    def change(session: Session) -> str:
        seen = sent_version(effect)
        mark(session, ranking_id=ranking_id, typed=typed, seen=seen, by=effect.actor, now=effect.now)
        return f"/rankings/{ranking_id}/work"

    return effect.once(change, said="评分已保存，名次已重排。", refused=_refused(effect, ranking_id))


@router.post("/rankings/{ranking_id}/adjust")
def adjust_form(effect: EffectDep, ranking_id: int) -> Response:
    """人工调整."""

    def change(session: Session) -> str:
        adjust(
            session,
            ranking_id=ranking_id,
            region_id=sent_version(effect, "region_id"),
            points=effect.text("points"),
            reason=effect.text("reason"),
            basis=effect.text("basis"),
            seen=sent_version(effect),
            by=effect.actor,
            now=effect.now,
        )
        return f"/rankings/{ranking_id}/work"

    said = "已调整，谁、为什么、依据什么都记入办理记录，随排名一起印出。"
    return effect.once(change, said=said, refused=_refused(effect, ranking_id))


@router.post("/rankings/{ranking_id}/adjustments/{adjustment_id}/revoke")
def revoke_form(effect: EffectDep, ranking_id: int, adjustment_id: int) -> Response:
    """撤销一笔调整."""

    def change(session: Session) -> str:
        revoke(
            session,
            ranking_id=ranking_id,
            adjustment_id=adjustment_id,
            seen=sent_version(effect),
            by=effect.actor,
            now=effect.now,
        )
        return f"/rankings/{ranking_id}/work"

    return effect.once(change, said="已撤销，名次已重排。")


@router.post("/rankings/{ranking_id}/recount")
def recount_form(effect: EffectDep, ranking_id: int) -> Response:
    """Count a draft anew."""

    def change(session: Session) -> str:
        recount(session, ranking_id=ranking_id, seen=sent_version(effect), by=effect.actor, now=effect.now)
        return f"/rankings/{ranking_id}"

    return effect.once(change, said="已重新计算。")


@router.post("/rankings/{ranking_id}/publish")
def publish_form(effect: EffectDep, ranking_id: int) -> Response:
    """发布."""

    def change(session: Session) -> str:
        publish(session, ranking_id=ranking_id, seen=sent_version(effect), by=effect.actor, now=effect.now)
        return f"/rankings/{ranking_id}"

    return effect.once(change, said="已发布并通知参评的应急局，从现在起不再变动。")


@router.post("/rankings/{ranking_id}/discard")
def discard_form(effect: EffectDep, ranking_id: int) -> Response:
    """作废草稿."""

    def change(session: Session) -> str:
        seen = sent_version(effect)
        given_up = discard(session, ranking_id=ranking_id, seen=seen, by=effect.actor, now=effect.now)
        return f"/progress/{given_up.campaign_id}/rankings"

    return effect.once(change, said="草稿已作废。")


@router.post("/rankings/{ranking_id}/correct")
def correct_form(effect: EffectDep, ranking_id: int) -> Response:
    """更正: begin the next version."""

    def change(session: Session) -> str:
        made = correct(session, ranking_id=ranking_id, reason=effect.text("reason"), by=effect.actor, now=effect.now)
        return f"/rankings/{made.id}"

    return effect.once(
        change, said="更正是新的一版草稿；发布以前，原来的一版仍然有效。", refused=_refused(effect, ranking_id)
    )


def _refused(effect: Effect, ranking_id: int) -> Refused:
    page = "ranking.html" if effect.request.url.path.endswith("/correct") else WORK

    def show(visit: Visit, invalid: Invalid) -> Response:
        return _one(visit, ranking_id, page, status=422, errors=invalid.fields, typed=effect.values())

    return show


def _list(
    visit: Visit,
    campaign_id: int,
    *,
    status: int = 200,
    wrong: str = "",
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    only_bureaus(visit)
    return visit.page(
        "rankings.html",
        status=status,
        head=campaign_head(visit.session, campaign_id=campaign_id, actor=visit.actor),
        rules=rules_of(visit.session, campaign_id=campaign_id, actor=visit.actor),
        rankings=rankings_of(visit.session, campaign_id=campaign_id, actor=visit.actor),
        wrong=wrong,
        errors=errors or {},
        typed=typed or {},
    )


def _one(
    visit: Visit,
    ranking_id: int,
    page: str,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    found = ranking_table(visit.session, ranking_id=ranking_id, actor=visit.actor)
    if page == WORK:
        if not found.maker:
            raise NotFound
        check_somewhere(visit.actor, Permission.RANK)
    head = campaign_head(visit.session, campaign_id=found.campaign_id, actor=visit.actor)
    return visit.page(page, status=status, head=head, ranking=found, errors=errors or {}, typed=typed or {})
