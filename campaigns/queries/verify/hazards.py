"""I11: every hazard went the permitted way, was closed by somebody else, and a major one by its bureau."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from sqlalchemy import exists, select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.queries.verify.findings import Finding, Scene
from campaigns.rules.hazards.sampling import drawn, population_hash
from campaigns.rules.states import HazardState, may_move
from campaigns.store.directory.regions import Supervision
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.hazards.look_backs import LookBack, LookBackItem
from campaigns.store.hazards.sampling import closed_between
from campaigns.store.ledger import Event

H = HazardState
LEADS_TO: Mapping[str, HazardState] = {
    "hazard.registered": H.REGISTERED,
    "hazard.imported": H.ARCHIVED,  # or whatever the event names
    "hazard.planned": H.RECTIFYING,
    "hazard.fixed_on_the_spot": H.RECTIFIED,
    "hazard.rectified": H.RECTIFIED,
    "hazard.checked": H.CHECKED,
    "hazard.closed": H.CLOSED,
    "hazard.sent_back": H.RECTIFYING,
    "hazard.ended": H.ENDED,
    "hazard.restored": H.ENDED,  # and from there to the state that the event names
}
"""The state that each event of a hazard leaves it in."""
REGRADED = "hazard.regraded"
FIRST = ("hazard.registered", "hazard.imported")
_BATCH = 500


def strange_hazards(scene: Scene) -> Iterator[Finding]:
    """Walk every hazard's events through the transition table and compare the row with where they end."""
    rows = select(Hazard).order_by(col(Hazard.id)).execution_options(yield_per=_BATCH)
    for some in scene.session.scalars(rows).partitions():
        steps = _steps(scene.session, [hazard.id for hazard in some])
        for hazard in some:
            for words in _strange(scene.session, hazard, steps[hazard.id]):
                yield Finding(f"hazard {hazard.id}", f"隐患{hazard.number}（{hazard.title}）{words}")


def vanished_hazards(scene: Scene) -> Iterator[Finding]:
    """Find hazards that were registered and are no longer there."""
    kept = exists().where(col(Hazard.id) == col(Event.subject_id))
    rows = select(col(Event.subject_id), col(Event.data)).where(col(Event.kind).in_(FIRST), ~kept)
    for id_, data in scene.session.execute(rows):
        yield Finding(f"hazard {id_}", f"隐患{data['number']}（{data['title']}）登记过，台账里却没有了。")


def _steps(session: Session, ids: Sequence[int]) -> Mapping[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    about = col(Event.subject) == "hazard", col(Event.subject_id).in_(ids), col(Event.kind).in_([*LEADS_TO, REGRADED])
    for event in session.scalars(select(Event).where(*about).order_by(col(Event.id))):
        found[event.subject_id or 0].append(event)
    return found


def _strange(session: Session, hazard: Hazard, steps: Sequence[Event]) -> Iterator[str]:
    if not steps or steps[0].kind not in FIRST:
        yield "没有登记的记录，不是由人登记的。"
        return
    yield from _first_words(hazard, steps[0])
    regraded = next((step for step in reversed(steps) if step.kind == REGRADED), None)
    yield from _grading(hazard, regraded or steps[0])
    yield from _lowering(hazard, regraded)
    steps = [step for step in steps if step.kind != REGRADED]
    states = [H(step.data.get("state", LEADS_TO[step.kind])) for step in steps]
    for before, after in pairwise(states):
        if before is not after and not may_move(before, after):
            yield f"从“{before.label}”直接变成“{after.label}”，不合规定的步骤。"
    if hazard.state != states[-1]:
        yield f"台账写的是“{H(hazard.state).label}”，办理记录只到“{states[-1].label}”。"
    elif hazard.state == H.CLOSED:
        yield from _closing(session, hazard, steps)


def _first_words(hazard: Hazard, registered: Event) -> Iterator[str]:
    said = registered.data
    if hazard.source != said["source"]:
        yield "的来源在登记以后被改动过。"
    if (hazard.import_row is not None) != (registered.kind == "hazard.imported") or hazard.import_row != said.get(
        "row"
    ):
        yield "是不是从历史台账导入、是哪一行，和办理记录不一致。"
    if (hazard.registered_at, hazard.registered_by_id) != (registered.at, registered.actor_id):
        yield "的登记时间或登记人被改动过。"


def _closing(session: Session, hazard: Hazard, steps: Sequence[Event]) -> Iterator[str]:
    closed = steps[-1]
    rectified = next((step for step in reversed(steps) if LEADS_TO[step.kind] is H.RECTIFIED), None)
    if hazard.closed_by_id is None or hazard.closed_by_id in (hazard.rectified_by_id, rectified and rectified.actor_id):
        yield "由整改人自己销号，应由另一个人复查。"
    if (hazard.closed_at, hazard.closed_by_id) != (closed.at, closed.actor_id):
        yield "的销号时间或销号人被改动过。"
    if hazard.major:
        yield from _two_signatures(session, hazard, steps)
    elif hazard.lowered_by_id is not None and not _supervised_by(session, hazard, closed):
        yield "是从重大改判为一般的，却不是由它的监管部门销号的。"


def _grading(hazard: Hazard, graded: Event) -> Iterator[str]:
    """The grade is what was registered, or what the last 改判 said, since that very instant."""
    if (hazard.major, hazard.major_since) != (graded.data["major"], graded.at if graded.data["major"] else None):
        yield "的等级被改动过，没有改判的记录。"


def _lowering(hazard: Hazard, regraded: Event | None) -> Iterator[str]:
    """Who took the grade down is who the last 改判 names, and not who closed it."""
    lowered_by = regraded.actor_id if regraded is not None and not regraded.data["major"] else None
    if hazard.lowered_by_id != lowered_by:
        yield "是谁从重大改判为一般的，和办理记录不一致。"
    if lowered_by is not None and lowered_by == hazard.closed_by_id:
        yield "由把它从重大改判为一般的人自己销号。"


def _two_signatures(session: Session, hazard: Hazard, steps: Sequence[Event]) -> Iterator[str]:
    closed, checked = steps[-1], next((step for step in reversed(steps) if step.kind == "hazard.checked"), None)
    if not _supervised_by(session, hazard, closed):
        yield "是重大事故隐患，却不是由它的监管部门销号的。"
    if checked is None or checked.actor_id in (None, closed.actor_id) or hazard.checked_by_id != checked.actor_id:
        yield "是重大事故隐患，却没有两名经办人员先后审签。"


def _supervised_by(session: Session, hazard: Hazard, closed: Event) -> bool:
    on = local_date(closed.at)
    held = exists().where(
        col(Supervision.enterprise_id) == hazard.enterprise_id,
        col(Supervision.bureau_id) == closed.actor_organisation_id,
        col(Supervision.started_on) <= on,
        (col(Supervision.ended_on).is_(None)) | (col(Supervision.ended_on) >= on),
    )
    return bool(session.scalar(select(held)))


def changed_draws(scene: Scene) -> Iterator[Finding]:
    """Draw every look back again with its seed: the hazards must be the ones that were drawn, in the same order."""
    for draw in scene.session.scalars(select(LookBack).order_by(col(LookBack.id))):
        items = scene.session.execute(
            select(col(Hazard.number))
            .join(LookBackItem, col(LookBackItem.hazard_id) == col(Hazard.id))
            .where(col(LookBackItem.look_back_id) == draw.id)
            .order_by(col(LookBackItem.position))
        ).scalars()
        kept = tuple(items)
        again = closed_between(scene.session, draw.bureau_id, draw.starts_on, draw.ends_on)
        if population_hash(again) != draw.population_sha256 or drawn(again, seed=draw.seed, size=draw.size) != kept:
            yield Finding(f"look_back {draw.id}", f"回头看名单{draw.id}与按种子重抽的不一致，被改动过。")
