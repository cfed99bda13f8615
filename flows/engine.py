"""What Prefect currently holds of ours: its deployments, its coming runs, and the ones it lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.schedules import CronSchedule
from prefect.states import Crashed, Scheduled

from campaigns.actions.time.due_work import WorkKind
from campaigns.clock import local

TICK_NAME = "每分钟巡检"
ZOMBIE_AFTER = timedelta(minutes=10)
"""A run that Prefect still calls pending or running after this was lost with its process (Prefect #16746, #18933)."""
MISSED_AFTER = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)
TICKS_AHEAD = 8
"""Past what Prefect's scheduler writes: five minutes ahead (flows/serve/recipes.py), looked at once a minute."""
PAGE = 200

log = structlog.get_logger()


def deployments(client: SyncPrefectClient) -> dict[str, UUID]:
    """Return our deployments' ids by name."""
    names = [TICK_NAME, *(kind.label for kind in WorkKind)]
    found = client.read_deployments(deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=names)))
    return {deployment.name: deployment.id for deployment in found}


def runs(client: SyncPrefectClient, of: Iterable[UUID], *types: StateType) -> list[FlowRun]:
    """Return every run of these deployments in these states."""
    chosen = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=list(of)),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))),
    )
    found: list[FlowRun] = []
    while page := client.read_flow_runs(flow_run_filter=chosen, limit=PAGE, offset=len(found)):
        found += page
    return found


def forget_missed_ticks(client: SyncPrefectClient, *, now: datetime) -> int:
    """Delete ticks that an outage left behind: one tick does what a hundred would. Returns how many there were."""
    missed = [run for run in _ticks(client) if _starts(run) < now - MISSED_AFTER]
    for run in missed:
        client.delete_flow_run(run.id)
    return len(missed)


def name_ticks(client: SyncPrefectClient, *, now: datetime) -> None:
    """Name the coming ticks by their minute, and write the next ones before Prefect's scheduler does.

    The scheduler can only invent English names (DECISIONS.md 12). What is written here carries the very keys that the schedule
    gives its own runs, so the scheduler finds them there; a run under the key of a schedule that was replaced since goes.
    """
    for schedule in _schedules(client):
        ticks = {run.idempotency_key or "": run for run in _ticks(client)}
        for run in ticks.values():
            if not run.name.startswith(TICK_NAME):
                client.set_flow_run_name(run.id, _tick_name(_starts(run)))
        if any(key == schedule.key(_starts(run)) for key, run in ticks.items()):
            _write_ahead(client, schedule, ticks, now)


@dataclass(frozen=True)
class Schedule:
    """The schedule of the ticks in Prefect, from which the key of its run at an instant follows."""

    deployment: UUID
    id: UUID
    time_zone: ZoneInfo

    @property
    def mark(self) -> str:
        """How the keys of its runs begin, as Prefect's scheduler writes them."""
        return f"scheduled {self.deployment} {self.id} "

    def key(self, at: datetime) -> str:
        """The key of its run at an instant."""
        return f"{self.mark}{at.astimezone(self.time_zone)}"


def _write_ahead(client: SyncPrefectClient, schedule: Schedule, ticks: Mapping[str, FlowRun], now: datetime) -> None:
    first = now.replace(second=0, microsecond=0) + MINUTE
    for at in (first + MINUTE * number for number in range(TICKS_AHEAD)):
        if (key := schedule.key(at)) not in ticks:
            client.create_flow_run_from_deployment(
                schedule.deployment, name=_tick_name(at), idempotency_key=key, state=Scheduled(scheduled_time=at)
            )
    for key, run in ticks.items():
        if key.startswith("scheduled ") and not key.startswith(schedule.mark):
            client.delete_flow_run(run.id)


def _tick_name(at: datetime) -> str:
    return f"{TICK_NAME} {local(at):%H:%M}"


def clear_lost(client: SyncPrefectClient, *, now: datetime) -> int:
    """Close the runs that Prefect believes alive although their process is gone; their rows were taken over long ago."""
    found = runs(client, deployments(client).values(), StateType.PENDING, StateType.RUNNING)
    lost = [run for run in found if run.state and run.state.timestamp < now - ZOMBIE_AFTER]
    for run in lost:
        message = "执行它的进程已不在；到期工作由巡检接手，以系统记录为准。"
        client.set_flow_run_state(run.id, Crashed(message=message), force=True)
        log.warning("lost flow run closed", flow_run=str(run.id), name=run.name)
    return len(lost)


def _schedules(client: SyncPrefectClient) -> list[Schedule]:
    named = DeploymentFilter(name=DeploymentFilterName(any_=[TICK_NAME]))
    return [
        Schedule(deployment.id, each.id, ZoneInfo(each.schedule.timezone or "UTC"))
        for deployment in client.read_deployments(deployment_filter=named)
        for each in deployment.schedules
        if each.active and isinstance(each.schedule, CronSchedule)
    ]


def _ticks(client: SyncPrefectClient) -> list[FlowRun]:
    return runs(client, [id_ for name, id_ in deployments(client).items() if name == TICK_NAME], StateType.SCHEDULED)


def _starts(run: FlowRun) -> datetime:
    at = run.next_scheduled_start_time or run.expected_start_time
    if at is None:
        raise ValueError(f"flow run {run.id} has no start")
    return at
