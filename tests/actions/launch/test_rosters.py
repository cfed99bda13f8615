"""名单: newcomers in, leavers out with a reason; a fixed roster stays; what somebody began is never taken away."""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.actions.directory.closing import close_enterprise
from campaigns.actions.directory.organisations import establish, supervise
from campaigns.actions.directory.people import open_account
from campaigns.actions.launch import rosters
from campaigns.actions.launch.rosters import BACK_AGAIN, CLOSED, NEWLY_REGISTERED, NO_LONGER_MATCHES
from campaigns.actions.work.tasks import acknowledge
from campaigns.rules.permissions import SYSTEM, OrganisationKind, Role
from campaigns.rules.states import TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence, RosterEntry
from campaigns.store.directory.regions import Organisation
from campaigns.store.ledger import Event
from campaigns.store.messages import Notice
from campaigns.store.tables import METADATA
from campaigns.store.work.tasks import Task
from tests.campaigns import SMALL, at, launched
from tests.people import FOUNDED, MINE, PASSWORD, Cast, retrait


def newcomer(cast: Cast) -> Organisation:
    with cast.database.transaction() as session:
        pond = establish(
            session,
            kind=OrganisationKind.ENTERPRISE,
            name="新安矿业尾矿库",
            region=cast.town,
            by=SYSTEM,
            now=FOUNDED,
            **MINE,
        )
        day = date(2023, 6, 1)
        supervise(session, enterprise=pond, bureau=cast.bureau, from_day=day, by=SYSTEM, now=FOUNDED)
        roles = [Role.PRINCIPAL]
        open_account(
            session,
            login="new",
            name="新矿长",
            organisation=pond,
            roles=roles,
            password=PASSWORD,
            by=SYSTEM,
            now=FOUNDED,
        )
        return pond


def refresh(cast: Cast, month: int, day: int) -> int:
    with cast.database.transaction() as session:
        campaign = session.scalars(select(Campaign)).one()
        return rosters.refresh(session, campaign, now=at(month, day))


def close(cast: Cast, enterprise: Organisation, on: date) -> None:
    with cast.database.transaction() as session:
        close_enterprise(
            session,
            enterprise_id=enterprise.id,
            reason="资源枯竭",
            by=cast.administrator,
            now=at(on.month, on.day),
            on=on,
        )


def duties(session: Session, organisation: Organisation, *states: TaskState) -> set[tuple[str, str]]:
    found = (
        select(col(PlannedOccurrence.duty), col(PlannedOccurrence.period))
        .join(Task, col(Task.occurrence_id) == col(PlannedOccurrence.id))
        .where(col(Task.organisation_id) == organisation.id)
    )
    if states:
        found = found.where(col(Task.state).in_(states))
    return {(duty, period) for duty, period in session.execute(found)}


def entry(session: Session, audience: str, organisation: Organisation) -> RosterEntry:
    found = select(RosterEntry).where(
        col(RosterEntry.audience) == audience, col(RosterEntry.organisation_id) == organisation.id
    )
    return session.scalars(found).one()


def test_a_newcomer_gets_what_is_not_yet_due_and_is_told(either_cast: Cast) -> None:
    launched(either_cast)
    pond = newcomer(either_cast)
    assert refresh(either_cast, 6, 20) > 0
    with either_cast.database.reading() as session:
        given = duties(session, pond)
        told = session.scalar(select(func.count()).select_from(Notice).where(col(Notice.key) == "launch:1"))
        joined = entry(session, "企业", pond)
    assert ("QY-01", "2023-06") in given
    assert ("QY-21", "自查自改") in given
    assert not {period for _, period in given} & {"2023-05", "动员部署"}
    assert (joined.joined_on, joined.joined_reason) == (date(2023, 6, 20), NEWLY_REGISTERED)
    assert told == 11


def test_the_bureau_gets_its_own_task_about_the_newcomer(either_cast: Cast) -> None:
    launched(either_cast)
    pond = newcomer(either_cast)
    refresh(either_cast, 6, 20)
    with either_cast.database.reading() as session:
        about = session.scalars(
            select(Task).where(col(Task.subject_id) == pond.id, col(Task.organisation_id) != pond.id)
        )
        assert {task.organisation_id for task in about} == {either_cast.bureau.id}


def test_a_second_refresh_changes_nothing(either_cast: Cast) -> None:
    launched(either_cast)
    newcomer(either_cast)
    refresh(either_cast, 6, 20)

    def sizes() -> dict[str, int | None]:
        with either_cast.database.reading() as session:
            tables = METADATA.tables.items()
            return {name: session.scalar(select(func.count()).select_from(table)) for name, table in tables}

    before = sizes()
    assert refresh(either_cast, 6, 20) == 0
    assert sizes() == before


def test_a_fixed_roster_takes_nobody_in(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    pond = newcomer(either_cast)
    refresh(either_cast, 5, 5)
    with either_cast.database.reading() as session:
        assert {duty for duty, _ in duties(session, pond)} == {"QY-11"}


def test_a_closed_enterprise_leaves_fixed_rosters_too_and_nothing_more_is_asked_of_it(either_cast: Cast) -> None:
    launched(either_cast, text=SMALL)
    with either_cast.database.transaction() as session:
        task = session.scalars(
            select(Task)
            .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
            .where(col(Task.organisation_id) == either_cast.pond.id, col(PlannedOccurrence.duty) == "QY-12")
        ).one()
        acknowledge(session, task_id=task.id, by=either_cast.principal, now=at(5, 4))
    close(either_cast, either_cast.pond, date(2023, 5, 8))
    refresh(either_cast, 5, 9)
    with either_cast.database.reading() as session:
        for audience in ("企业", "初始企业"):
            left = entry(session, audience, either_cast.pond)
            assert (left.left_on, left.left_reason) == (date(2023, 5, 8), CLOSED)
        assert duties(session, either_cast.pond, TaskState.WITHDRAWN) == {("QY-11", "自查"), ("QY-12", "自查")}
        assert duties(session, either_cast.other_pond, TaskState.WITHDRAWN) == set()
        about = session.scalars(select(Task).where(col(Task.subject_id) == either_cast.pond.id))
        states = {task.state for task in about if task.organisation_id == either_cast.bureau.id}
        assert states == {TaskState.WITHDRAWN}
        event = session.scalars(select(Event).where(col(Event.kind) == "roster.left").limit(1)).one()
        assert (event.organisation_id, event.data["reason"]) == (either_cast.pond.id, CLOSED)


def test_who_no_longer_matches_leaves_and_who_matches_again_comes_back(either_cast: Cast) -> None:
    launched(either_cast)

    def crew(traits: str, month: int, day: int) -> RosterEntry:
        retrait(either_cast, either_cast.pond, traits, now=at(month, day))
        refresh(either_cast, month, day)
        with either_cast.database.reading() as session:
            return entry(session, "有外包企业", either_cast.pond)

    gone = crew("", 6, 20)
    assert (gone.left_on, gone.left_reason) == (date(2023, 6, 20), NO_LONGER_MATCHES)
    with either_cast.database.reading() as session:
        assert ("QY-04", "2023-07") in duties(session, either_cast.pond, TaskState.WITHDRAWN)
    back = crew("有外包队伍", 7, 3)
    assert (back.left_on, back.joined_on, back.joined_reason) == (None, date(2023, 7, 3), BACK_AGAIN)
    with either_cast.database.reading() as session:
        assert ("QY-04", "2023-07") in duties(session, either_cast.pond, TaskState.ASSIGNED)
        assert ("QY-04", "2023-06") in duties(session, either_cast.pond, TaskState.WITHDRAWN)
