"""隐患台账: the list, a new one, and one hazard with every step on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Visit, VisitDep, settings_of
from api.form_blanks import read
from api.paging import PAGE_SIZE, Page, offset
from api.sent import sent_day, sent_version
from api.trail_words import entry
from campaigns.actions.work import hazards, supervision
from campaigns.actions.work.files import attach_to_hazard, checked
from campaigns.clock import local_date
from campaigns.errors import Invalid
from campaigns.queries.history import history_of
from campaigns.queries.work.hazard import hazard_card, hazard_steps
from campaigns.queries.work.hazards import HazardFilter, HazardTab, count_hazards, hazard_lines
from campaigns.queries.work.task_choices import enterprises_of
from campaigns.rules.finding import read_finding, read_plan
from campaigns.rules.permissions import Permission, check_somewhere, may_somewhere
from campaigns.rules.states import HazardSource
from campaigns.rules.uploads import Upload
from campaigns.store.files import FileStore
from campaigns.store.hazards import Hazard

router = APIRouter()
BEFORE, AFTER, RECHECKED = "整改前", "整改后", "复查"
UNCHANGED = "没有改动任何内容。"
Step = Callable[[Session], object]


@router.get("/hazards")
def hazard_list(
    visit: VisitDep,
    tab: HazardTab = HazardTab.OPEN,
    words: str = "",
    source: str = "",
    major: bool = False,
    page: int = 1,
) -> Response:
    """List the register in sight."""
    check_somewhere(visit.actor, Permission.SEE)
    found_by = HazardSource(source) if source in set(HazardSource) else None  # an empty choice means all
    wanted = HazardFilter(words.strip(), major or None, found_by)
    counts = count_hazards(visit.session, actor=visit.actor, now=visit.now, wanted=wanted)
    lines = hazard_lines(
        visit.session,
        actor=visit.actor,
        now=visit.now,
        tab=tab,
        wanted=wanted,
        limit=PAGE_SIZE,
        offset=offset(page),
    )
    filters = {"tab": tab.value, "words": wanted.words, "source": found_by or "", "major": "true" if major else ""}
    return visit.page(
        "hazards.html",
        tab=tab,
        tabs=HazardTab,
        wanted=wanted,
        counts=counts,
        lines=lines,
        page=Page(page, counts[tab], address="/hazards", filters=filters),
        may_register=may_somewhere(visit.actor, Permission.REGISTER_HAZARD),
    )


@router.get("/hazards/new")
def new_hazard_page(visit: VisitDep) -> Response:
    """Show the form that registers one hazard."""
    check_somewhere(visit.actor, Permission.REGISTER_HAZARD)
    return _new(visit)


@router.post("/hazards/register")
def new_hazard_form(effect: EffectDep) -> Response:
    """登记."""
    photos = Photos.of(effect, BEFORE)

    def change(session: Session) -> str:
        finding = read_finding(effect.values(), choose_enterprise=effect.actor.is_regulator)
        hazard = hazards.register(
            session,
            enterprise_id=finding.enterprise_id or effect.actor.organisation_id or 0,
            finding=finding,
            found_on=sent_day(effect, "found_on") or local_date(effect.now),
            by=effect.actor,
            now=effect.now,
        )
        photos.keep(session, hazard.id)
        return f"/hazards/{hazard.id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _new(visit, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said="已登记进隐患台账。", refused=refused)


@router.get("/hazards/{hazard_id}")
def hazard_page(visit: VisitDep, hazard_id: int) -> Response:
    """Show one hazard: where it stands, what comes next and for whom."""
    return _page(visit, hazard_id)


@router.post("/hazards/{hazard_id}/fix")
def fix_form(effect: EffectDep, hazard_id: int) -> Response:
    """立查立改."""
    photos = Photos.of(effect, AFTER)

    def step(session: Session) -> object:
        done = hazards.fix_on_the_spot(
            session,
            hazard_id=hazard_id,
            rectification=effect.text("rectification"),
            version=sent_version(effect),
            by=effect.actor,
            now=effect.now,
        )
        photos.keep(session, done.id)
        return done

    return _step(effect, hazard_id, step, "已报整改，等复查。")


@router.post("/hazards/{hazard_id}/plan")
def plan_form(effect: EffectDep, hazard_id: int) -> Response:
    """五落实."""

    def step(session: Session) -> object:
        five = read_plan(effect.values(), today=local_date(effect.now))
        version = sent_version(effect)
        return hazards.plan(session, hazard_id=hazard_id, plan=five, version=version, by=effect.actor, now=effect.now)

    return _step(effect, hazard_id, step, "整改方案已保存，按期改完后再来报整改。")


@router.post("/hazards/{hazard_id}/rectify")
def rectify_form(effect: EffectDep, hazard_id: int) -> Response:
    """报整改."""
    photos = Photos.of(effect, AFTER)

    def step(session: Session) -> object:
        done = hazards.report_rectification(
            session,
            hazard_id=hazard_id,
            rectification=effect.text("rectification"),
            version=sent_version(effect),
            by=effect.actor,
            now=effect.now,
        )
        photos.keep(session, done.id)
        return done

    return _step(effect, hazard_id, step, "已报整改，等复查。")


@router.post("/hazards/{hazard_id}/close")
def close_form(effect: EffectDep, hazard_id: int) -> Response:
    """复查合格，销号."""
    photos = Photos.of(effect, RECHECKED)

    def step(session: Session) -> object:
        photos.keep(session, hazard_id)
        opinion, version = effect.text("opinion"), sent_version(effect)
        return hazards.close(
            session, hazard_id=hazard_id, opinion=opinion, version=version, by=effect.actor, now=effect.now
        )

    return _step(effect, hazard_id, step, "已销号。")


@router.post("/hazards/{hazard_id}/send-back")
def send_back_form(effect: EffectDep, hazard_id: int) -> Response:
    """复查不合格，退回重改."""

    def step(session: Session) -> object:
        reason, version = effect.text("reason"), sent_version(effect)
        return hazards.send_back(
            session, hazard_id=hazard_id, reason=reason, version=version, by=effect.actor, now=effect.now
        )

    return _step(effect, hazard_id, step, "已退回重改，企业会收到理由。")


@router.post("/hazards/{hazard_id}/list")
def list_form(effect: EffectDep, hazard_id: int) -> Response:
    """挂牌督办."""

    def step(session: Session) -> object:
        return supervision.list_for_supervision(
            session,
            hazard_id=hazard_id,
            number=effect.text("number"),
            deadline_on=sent_day(effect, "deadline_on"),
            by=effect.actor,
            now=effect.now,
        )

    return _step(effect, hazard_id, step, "已挂牌督办。")


@router.post("/hazards/{hazard_id}/delist")
def delist_form(effect: EffectDep, hazard_id: int) -> Response:
    """摘牌."""

    def step(session: Session) -> object:
        return supervision.delist(session, hazard_id=hazard_id, by=effect.actor, now=effect.now)

    return _step(effect, hazard_id, step, "已摘牌。")


def _step(effect: Effect, hazard_id: int, step: Step, said: str) -> Response:
    def change(session: Session) -> str:
        step(session)
        return f"/hazards/{hazard_id}"

    def refused(visit: Visit, invalid: Invalid) -> Response:
        return _page(visit, hazard_id, status=422, errors=invalid.fields, typed=effect.values())

    return effect.once(change, said=said, refused=refused)


@dataclass(frozen=True, slots=True)
class Photos:
    """The photos of a form, checked before the step's transaction because decoding takes its time."""

    effect: Effect
    label: str
    uploads: tuple[Upload, ...]
    wrong: Invalid | None

    @classmethod
    def of(cls, effect: Effect, label: str) -> "Photos":
        """Check what was sent; what is wrong is said when the step wants to keep it."""
        sent = [read(upload) for upload in effect.files("photos")]
        try:
            return cls(effect, label, tuple(checked(sent, label="photos", picture=True)), None)
        except Invalid as invalid:
            return cls(effect, label, (), Invalid(invalid.sentence, fields=invalid.fields, kept=UNCHANGED))

    def keep(self, session: Session, hazard_id: int) -> None:
        """Attach them to a hazard; raises Invalid beside the photos."""
        if self.wrong is not None:
            raise self.wrong
        if not self.uploads:
            return
        store, by, now = FileStore(settings_of(self.effect.request).files), self.effect.actor, self.effect.now
        try:
            attach_to_hazard(
                session, hazard_id=hazard_id, label=self.label, uploads=self.uploads, store=store, by=by, now=now
            )
        except Invalid as invalid:
            sentence = next(iter(invalid.fields.values()))
            raise Invalid(invalid.sentence, fields={"photos": sentence}, kept=UNCHANGED) from None


def _new(
    visit: Visit,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    enterprises = enterprises_of(visit.session, actor=visit.actor) if visit.actor.is_regulator else []
    return visit.page("hazard-new.html", status=status, errors=errors or {}, typed=typed or {}, enterprises=enterprises)


def _page(
    visit: Visit,
    hazard_id: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    card = hazard_card(visit.session, hazard_id=hazard_id, actor=visit.actor, now=visit.now)
    return visit.page(
        "hazard.html",
        status=status,
        card=card,
        hazard=card.row,
        source=HazardSource(card.row.source),
        steps=hazard_steps(visit.session, card, actor=visit.actor, today=visit.today),
        entries=[entry(line) for line in history_of(visit.session, Hazard, hazard_id)],
        errors=errors or {},
        typed=typed or {},
    )
