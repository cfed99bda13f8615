"""Which reports an organisation has to file, and who below has not reported yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, String, and_, case, cast, distinct, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from campaigns.clock import local
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.permissions import Actor
from campaigns.rules.states import UNFILED_REPORT_STATES as UNFILED
from campaigns.rules.states import ReportState
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.directory.regions import Organisation, Region
from campaigns.store.messages import REPORT_REMINDER, Notice
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import excused, visible


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of the actor's own organisation. `accepted` of `below` lower levels' reports are in it.

    `version` above 1 was corrected; `behalf` is why its superior filed it.
    """

    id: int
    campaign: str
    form: str
    period: str
    state: ReportState
    due_at: datetime
    late: bool
    caught_up: bool
    nil: bool
    below: int
    accepted: int
    filed: int
    version: int
    behalf: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An organisation that has not filed. `before`: how many earlier periods it filed late or not at all.

    `last_id`, `last_at`: what it filed the period before, and when; `reminded`: how often it was urged about this one.
    """

    report_id: int
    organisation: str
    region: str
    state: ReportState
    due_at: datetime
    reason: str
    before: int
    last_id: int | None = None
    last_at: datetime | None = None
    reminded: int = 0


@dataclass(frozen=True, slots=True)
class Filing:
    """Where one period of a campaign stands: of `expected` reports so many `filed`, of them `late`; and who is missing."""

    form: str
    period: str
    cutoff_on: date
    due_at: datetime
    expected: int
    filed: int
    late: int
    missing: tuple[Missing, ...]

    def text(self, now: datetime) -> str:
        """Return what can be pasted into a chat group: the list, what is asked, no scolding."""
        if not self.missing:
            return ""
        there, due = local(now), local(self.due_at)
        asked = "请尽快上报" if now > self.due_at else f"请于{due.month}月{due.day}日{due:%H:%M}前上报"
        return (
            f"【{self.form}催报】截至{there.month}月{there.day}日{there:%H:%M}，{period_label(self.period)}{self.form}"
            f"应报{self.expected}家，已报{self.filed}家，{'，'.join(self._groups())}。{asked}。"
        )

    def _groups(self) -> Iterator[str]:
        """Name those who have not filed yet, and apart from them those who had and are to file anew."""
        back = [each.organisation for each in self.missing if each.state is ReportState.RETURNED]
        never = [each.organisation for each in self.missing if each.state is not ReportState.RETURNED]
        if never:
            yield f"以下{len(never)}家还没有上报：{'、'.join(never)}"
        if back:
            yield f"{len(back)}家退回后还没有重报：{'、'.join(back)}"


def own_reports(session: Session, *, actor: Actor) -> tuple[ReportLine, ...]:
    """List the reports of the actor's own organisation, the newest period first."""
    child = aliased(Report)
    rows = session.execute(
        select(
            Report,
            col(Campaign.title),
            func.count(col(child.id)),
            func.sum(case((col(child.state) == ReportState.ACCEPTED, 1), else_=0)),
            func.sum(case((col(child.state) == ReportState.FILED, 1), else_=0)),
        )
        .join(Campaign, col(Campaign.id) == col(Report.campaign_id))
        .outerjoin(child, col(child.parent_id) == col(Report.id))
        .where(col(Report.organisation_id) == actor.organisation_id, col(Report.state) != ReportState.REPLACED)
        .group_by(col(Report.id), col(Campaign.id))
        .order_by(col(Report.due_at).desc(), col(Report.id).desc())
    )
    return tuple(
        ReportLine(
            r.id, title, r.form, r.period, ReportState(r.state), r.due_at, r.late, r.caught_up, r.nil,
            below, accepted or 0, filed or 0, r.version, r.behalf,
        )
        for r, title, below, accepted, filed in rows
    )  # fmt: skip


def periods_of(session: Session, *, campaign_id: int, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return (form, period) of every opened period of a campaign in the actor's sight, the newest first."""
    rows = session.execute(
        select(col(Report.form), col(Report.period), func.max(col(Report.due_at)))
        .where(col(Report.campaign_id) == campaign_id, col(Report.organisation_id).in_(visible(actor)))
        .group_by(col(Report.form), col(Report.period))
        .order_by(func.max(col(Report.due_at)).desc(), col(Report.form))
    )
    return tuple((form, period) for form, period, _ in rows)


def pressing_period(session: Session, *, campaign_id: int, actor: Actor, now: datetime) -> tuple[str, str] | None:
    """Return (form, period) that somebody below should have filed longest ago and has not; None when nobody is behind."""
    row = session.execute(
        select(col(Report.form), col(Report.period))
        .where(
            col(Report.campaign_id) == campaign_id,
            col(Report.due_at) < now,
            col(Report.state).in_(UNFILED),
            col(Report.organisation_id).in_(visible(actor)),
            col(Report.organisation_id) != actor.organisation_id,
        )
        .order_by(col(Report.due_at), col(Report.id))
        .limit(1)
    ).first()
    return row._tuple() if row else None


def newest_due_period(session: Session, *, campaign_id: int, actor: Actor, now: datetime) -> tuple[str, str] | None:
    """Return (form, period) that fell due last for somebody below, filed or not; None before the first deadline."""
    row = session.execute(
        select(col(Report.form), col(Report.period))
        .where(
            col(Report.campaign_id) == campaign_id,
            col(Report.due_at) < now,
            col(Report.state) != ReportState.REPLACED,
            col(Report.organisation_id).in_(visible(actor)),
            col(Report.organisation_id) != actor.organisation_id,
        )
        .order_by(col(Report.due_at).desc(), col(Report.id))
        .limit(1)
    ).first()
    return row._tuple() if row else None


def filing(session: Session, *, campaign_id: int, form: str, period: str, actor: Actor) -> Filing | None:
    """Say who below the actor has filed a period and who has not; None when nobody below has to."""
    below = (
        col(Report.campaign_id) == campaign_id,
        col(Report.form) == form,
        col(Report.period) == period,
        col(Report.organisation_id).in_(visible(actor)),
        col(Report.organisation_id) != actor.organisation_id,
        col(Report.state) != ReportState.REPLACED,
        ~excused(),
    )
    there = col(Report.state).not_in(UNFILED)
    filed, late = case((there, 1), else_=0), case((and_(there, col(Report.late).is_(True)), 1), else_=0)
    counts = session.execute(
        select(
            func.count(), func.sum(filed), func.sum(late), func.max(col(Report.cutoff_on)), func.max(col(Report.due_at))
        )
        .select_from(Report)
        .where(*below)
    ).one()
    if not counts[0]:
        return None
    return Filing(form, period, counts[3], counts[4], counts[0], counts[1], counts[2], _missing(session, below))


def _missing(session: Session, below: tuple[ColumnElement[bool], ...]) -> tuple[Missing, ...]:
    earlier = aliased(Report)
    slips = (
        select(func.count())
        .select_from(earlier)
        .where(
            and_(
                col(earlier.campaign_id) == col(Report.campaign_id),
                col(earlier.form) == col(Report.form),
                col(earlier.organisation_id) == col(Report.organisation_id),
                col(earlier.due_at) < col(Report.due_at),
                or_(col(earlier.late).is_(True), col(earlier.state).in_(UNFILED)),
            )
        )
        .correlate(Report)
        .scalar_subquery()
    )
    last = aliased(Report)
    rows = session.execute(
        select(
            Report,
            col(Organisation.name),
            col(Region.name),
            slips,
            col(last.id),
            col(last.filed_at),
            _urged(),
        )
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .outerjoin(last, col(last.id) == col(Report.previous_id))
        .where(*below, col(Report.state).in_(UNFILED))
        .order_by(slips.desc(), col(Organisation.id))
    )
    return tuple(
        Missing(r.id, name, region, ReportState(r.state), r.due_at, r.reason, before, last_id, last_at, reminded)
        for r, name, region, before, last_id, last_at, reminded in rows
    )


def _urged() -> ScalarSelect[int]:
    """How many times somebody urged that the report be filed."""
    urged = select(func.count(distinct(col(Notice.key)))).where(
        col(Notice.kind) == literal(REPORT_REMINDER, literal_execute=True),  # said as the index says it
        col(Notice.link) == literal("/reports/") + cast(col(Report.id), String),
    )
    return urged.scalar_subquery()
