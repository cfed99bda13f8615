"""The flow runner: a Prefect worker that runs our flows in its own process.

Prefect's process worker starts an interpreter per run, 2–3 s of processor and 150 MB for a flow whose body is one call. Ours
are short and decide nothing, so they run in threads here: a tick costs 0.1 s and no memory. A worker that dies takes its
runs along; their rows' leases run out and the next tick does them (flows/engine.py closes what Prefect still believes in).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
import anyio.to_thread
from prefect import Flow
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from flows.deployments import POOL, POOL_TYPE

AT_ONCE = 4


class Runner(BaseWorker[BaseJobConfiguration, BaseVariables, BaseWorkerResult]):
    """Polls the pool and runs what is due, at most `AT_ONCE` flows at a time."""

    type = POOL_TYPE

    def __init__(self, flows: Mapping[UUID, Flow[..., Any]], *, name: str) -> None:
        super().__init__(POOL, name=name, limit=AT_ONCE, create_pool_if_not_found=False)
        self._flows = dict(flows)

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> BaseWorkerResult:
        """Run one flow in a thread; its final state is Prefect's to keep."""
        if task_status is not None:
            task_status.started(1)
        if flow_run.deployment_id is None:
            raise RuntimeError("a flow run without a deployment is not ours")
        flow = self._flows[flow_run.deployment_id]
        await anyio.to_thread.run_sync(
            partial(run_flow, flow, flow_run=flow_run, parameters=flow_run.parameters, return_type="state")
        )
        return BaseWorkerResult(identifier=str(flow_run.id), status_code=0)
