"""The figures that several documents share, each with the sentence that says where it comes from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlmodel import Session, col

from campaigns.clock import local_date
from campaigns.date_words import day_words, moment_words
from campaigns.queries.campaign.overview import CampaignHead
from campaigns.queries.hazards.register_list import in_sight
from campaigns.queries.work.task_lines import count_tasks, counts, is_done, is_late
from campaigns.rules.documents import Value
from campaigns.rules.permissions import Actor
from campaigns.rules.states import OPEN_HAZARD_STATES
from campaigns.store.campaign.campaigns import RosterEntry
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.work.tasks import Task

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which document of which campaign is asked for, by whom and when. `about` says which one of its kind.

    `issuer` is the name of the actor's bureau, which would sign it. `link` gives a task's short link, for whoever gets the paper.
    """

    head: CampaignHead
    issuer: str
    about: str
    actor: Actor
    now: datetime
    link: Callable[[int], str] | None = None

    @property
    def as_of(self) -> str:
        """The instant of the figures, for a footnote."""
        return f"截至{moment_words(self.now)}"


def task_counts(session: Session, asked: Asked, *where: ColumnElement[bool]) -> dict[str, Value]:
    """Count what is due, done and late in the actor's sight, as the campaign's page does."""
    here = (col(Task.campaign_id) == asked.head.id, *where)
    total = count_tasks(session, actor=asked.actor, where=(*here, *counts()))[0]
    done = count_tasks(session, actor=asked.actor, where=(*here, *counts(), is_done()))[0]
    late, organisations = count_tasks(session, actor=asked.actor, where=(*here, is_late(asked.now)))
    percent = 100 * done // total if total else 0
    return {"total": total, "done": done, "late": late, "late_organisations": organisations, "percent": percent}


def task_source(asked: Asked, which: str) -> str:
    """Say which tasks were counted."""
    return (
        f"任务台账，行动编号{asked.head.id}，{which}，{asked.as_of}；应办不含视情开展、已豁免和已撤销的任务，"
        "逾期指过了期限没有提交。"
    )


def hazard_counts(session: Session, asked: Asked, since: date, until: date) -> dict[str, Value]:
    """Count the hazards of the roster's enterprises in sight: found and closed between two days, and open now."""
    today = local_date(asked.now)
    found = col(Hazard.found_on).between(since, min(until, today))
    closed = col(Hazard.closed_on).between(since, min(until, today))
    open_now = col(Hazard.state).in_(OPEN_HAZARD_STATES)
    major = col(Hazard.major).is_(True)
    conditions = [each for one in (found, closed, open_now) for each in (one, and_(one, major))]
    statement = select(*(func.count().filter(each) for each in conditions)).select_from(Hazard)
    row = session.execute(statement.where(in_sight(asked.actor), on_roster(asked.head.id))).one()
    names = ("found", "found_major", "closed", "closed_major", "open", "open_major")
    return dict(zip(names, row, strict=True))


def hazard_source(asked: Asked, since: date, until: date) -> str:
    """Say which hazards were counted."""
    return (
        f"隐患台账，行动名单内企业，新登记按发现日期、销号按销号日期，{day_words(since)}至"
        f"{day_words(min(until, local_date(asked.now)))}；未销号数{asked.as_of}。"
    )


def on_roster(campaign_id: int) -> ColumnElement[bool]:
    """Hazards of enterprises that stand, or stood, on the campaign's roster."""
    return exists().where(
        col(RosterEntry.campaign_id) == campaign_id, col(RosterEntry.organisation_id) == col(Hazard.enterprise_id)
    )
