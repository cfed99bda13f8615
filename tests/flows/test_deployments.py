"""The registry of flows: complete, alike in code and in prefect.yaml, and thin."""

import ast
import inspect
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from campaigns.actions.time.due_work import WorkKind
from flows import kinds
from flows.deployments import DEPLOYMENTS, POOL, TICK, TIME_ZONE
from flows.sweeps import EXECUTORS

ROOT = Path(__file__).parents[2]
LONGEST_FLOW = 15


def _declared() -> list[dict[str, Any]]:
    declared: list[dict[str, Any]] = YAML(typ="safe").load((ROOT / "prefect.yaml").read_text())["deployments"]
    return declared


def test_every_kind_of_due_work_has_a_deployment_and_only_the_tick_a_schedule() -> None:
    assert set(DEPLOYMENTS) == {TICK, *WorkKind}
    assert [kind for kind, deployed in DEPLOYMENTS.items() if deployed.cron] == [TICK]


def test_every_kind_of_due_work_has_an_executor() -> None:
    assert set(EXECUTORS) == set(WorkKind)


def test_prefect_yaml_declares_the_same_deployments() -> None:
    declared = [
        (
            line["name"],
            line["description"],
            line["entrypoint"],
            [schedule["cron"] for schedule in line.get("schedules", [])],
        )
        for line in _declared()
    ]
    ours = DEPLOYMENTS.values()
    assert declared == [(d.name, d.description, d.entrypoint, [d.cron] if d.cron else []) for d in ours]


def test_prefect_yaml_names_the_pool_and_beijing_time() -> None:
    assert {line["work_pool"]["name"] for line in _declared()} == {POOL}
    assert {schedule["timezone"] for line in _declared() for schedule in line.get("schedules", [])} == {TIME_ZONE}


def test_no_flow_is_longer_than_fifteen_lines() -> None:
    flows = [node for node in ast.parse(inspect.getsource(kinds)).body if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in flows if (node.end_lineno or 0) - node.lineno >= LONGEST_FLOW] == []
