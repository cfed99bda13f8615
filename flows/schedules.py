"""Make Prefect's calendar agree with our rows: add what is missing, move what moved, remove what is done or withdrawn.

Our rows are the truth. Runs are created ahead with the row's key as Prefect's idempotency key, so that three reconcilers give
one run, and deleting Prefect's database costs nothing: the next tick writes its calendar again from the rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Scheduled

from campaigns.actions.time.due_work import WorkKind
from campaigns.queries.campaign.coming import Coming, coming
from campaigns.store.database import Database
from flows import engine

HORIZON = timedelta(days=45)
"""How far ahead Prefect shows our calendar: always past the next 25th."""
NEAR_HORIZON = timedelta(days=3)
"""The same for what happens every day."""
LABELS = {kind.value: kind.label for kind in WorkKind}


@dataclass(frozen=True)
class Planned:
    """A run that Prefect has on its calendar for a row of ours."""

    id: UUID
    key: str
    at: datetime | None


@dataclass(frozen=True)
class Changes:
    """What Prefect's calendar lacks, what it has at the wrong time, and what it has too much."""

    create: tuple[Coming, ...]
    move: tuple[tuple[Planned, Coming], ...]
    remove: tuple[Planned, ...]


def difference(wanted: Iterable[Coming], planned: Iterable[Planned], *, now: datetime) -> Changes:
    """Compare undone work with Prefect's calendar. What is already due is the tick's and is not created any more."""
    rows = {item.key: item for item in wanted if _shown(item, now)}
    runs = {run.key: run for run in planned}
    ahead = [item for item in rows.values() if item.due_at > now]
    return Changes(
        create=tuple(item for item in ahead if item.key not in runs),
        move=tuple((runs[item.key], item) for item in ahead if item.key in runs and runs[item.key].at != item.due_at),
        remove=tuple(run for key, run in runs.items() if key not in rows),
    )


def reconcile(base: Database, *, now: datetime) -> Changes:
    """Bring Prefect's calendar in line with our rows and return what had to be changed.

    Calls go one after the other on purpose: ten creates took 0.5 s in sequence and 13 s at once, because Prefect's SQLite
    file has one writer.
    """
    with base.reading() as session:
        wanted = coming(session, until=now + HORIZON)
    with get_client(sync_client=True) as client:
        deployments = engine.deployments(client)
        rows_own = [id_ for name, id_ in deployments.items() if name != engine.TICK_NAME]
        planned = [_planned(run) for run in engine.runs(client, rows_own, StateType.SCHEDULED)]
        changes = difference(wanted, [run for run in planned if run], now=now)
        _apply(client, changes, deployments)
        engine.name_ticks(client, now=now)
        engine.clear_lost(client, now=now)
    return changes


def _shown(item: Coming, now: datetime) -> bool:
    near = NEAR_HORIZON if item.kind == WorkKind.DAILY else HORIZON
    return item.kind in LABELS and item.due_at <= now + near


def _planned(run: FlowRun) -> Planned | None:
    if not run.idempotency_key:
        return None  # a run that an operator started by hand
    return Planned(run.id, run.idempotency_key, run.next_scheduled_start_time)


def _apply(client: SyncPrefectClient, changes: Changes, deployments: Mapping[str, UUID]) -> None:
    for item in changes.create:
        client.create_flow_run_from_deployment(
            deployments[LABELS[item.kind]],
            name=item.name,
            parameters={"key": item.key},
            idempotency_key=item.key,
            state=Scheduled(scheduled_time=item.due_at),
            tags=[item.tag] if item.tag else [],
        )
    for run, item in changes.move:
        client.set_flow_run_state(run.id, Scheduled(scheduled_time=item.due_at), force=True)
    for run in changes.remove:
        client.delete_flow_run(run.id)
