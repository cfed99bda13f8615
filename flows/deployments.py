"""Which flow each kind of due work has in Prefect: one deployment per kind, never one per campaign or enterprise.

prefect.yaml says the same for `prefect deploy` on a larger installation; a test keeps the two alike.
"""

from dataclasses import dataclass
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.schedules import CronSchedule

from campaigns.actions.time.due_work import WorkKind
from flows import kinds
from flows.engine import TICK_NAME

POOL = "rectify"
POOL_TYPE = "rectify"
TICK = "tick"
EVERY_MINUTE = "* * * * *"
TIME_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Deployed:
    """One deployment: its name in Prefect, its flow, and what its page says. Only the tick has a schedule of its own."""

    name: str
    flow: Flow[..., None]
    description: str
    cron: str = ""

    @property
    def entrypoint(self) -> str:
        """Where Prefect's own workers import the flow from."""
        return f"{kinds.__name__}.{self.flow.fn.__name__}"


def _on_time(kind: WorkKind, flow: Flow[..., None], description: str) -> Deployed:
    return Deployed(kind.label, flow, description)


DEPLOYMENTS: dict[str, Deployed] = {
    TICK: Deployed(TICK_NAME, kinds.tick, "每分钟看一遍：到期的都办掉，并让这里的日程和系统记录一致。", EVERY_MINUTE),
    WorkKind.STAGE_OPENS: _on_time(WorkKind.STAGE_OPENS, kinds.open_stage, "到了开始日，打开一个阶段。"),
    WorkKind.STAGE_CLOSES: _on_time(
        WorkKind.STAGE_CLOSES, kinds.close_stage, "到了截止日，结束一个阶段；没办完的任务继续办。"
    ),
    WorkKind.DAILY: _on_time(WorkKind.DAILY, kinds.daily, "办一个行动当天的事：记逾期、催办、拟办升级。"),
    WorkKind.ROLL_UP: _on_time(WorkKind.ROLL_UP, kinds.roll_up, "到了规定的时刻，把一期调度表逐级汇总。"),
    WorkKind.DISPATCH: _on_time(WorkKind.DISPATCH, kinds.dispatch, "把当天的消息交给邮件、群机器人等渠道。"),
}
"""By kind of due work, and the tick."""


async def register(client: PrefectClient, pool_template: dict[str, object]) -> dict[UUID, Deployed]:
    """Make Prefect know the pool and every deployment; the same call again changes nothing. Returns them by id."""
    pool = WorkPoolCreate(name=POOL, type=POOL_TYPE, base_job_template=pool_template)
    await client.create_work_pool(pool, overwrite=True)
    return {await _register(client, deployed): deployed for deployed in DEPLOYMENTS.values()}


async def _register(client: PrefectClient, deployed: Deployed) -> UUID:
    schedules = [CronSchedule(cron=deployed.cron, timezone=TIME_ZONE)] if deployed.cron else []
    return await client.create_deployment(
        flow_id=await client.create_flow(deployed.flow),
        name=deployed.name,
        description=deployed.description,
        entrypoint=deployed.entrypoint,
        schedules=[DeploymentScheduleCreate(schedule=schedule, slug="every-minute") for schedule in schedules],
        work_pool_name=POOL,
        paused=False,  # somebody's pause in Prefect's pages must not outlive a restart: deadlines would be missed silently
        enforce_parameter_schema=False,
    )
