"""The supervisor with small fake parts: order, waiting, falls, and that nothing survives it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from campaigns.errors import Refusal
from flows.serve.child import Recipe
from flows.serve.supervisor import Supervisor

SLEEPER = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {code!r}]).wait()"


def _recipe(tmp_path: Path, name: str, code: str = SLEEPER, **more: object) -> Recipe:
    command = [sys.executable, "-c", code]
    return Recipe(name=name, title=f"【{name}】", command=command, log=tmp_path / f"{name}.log", **more)  # type: ignore[arg-type]


class Run:
    """A supervisor in a thread, and what it said."""

    def __init__(self, *recipes: Recipe) -> None:
        self.said: list[str] = []
        self.supervisor = Supervisor(recipes, self.said.append, grace=1.0)
        self.ready = threading.Event()
        self.failure: Exception | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.supervisor.run(self.ready.set)
        except Refusal as refusal:
            self.failure = refusal

    def pid(self, name: str) -> int:
        child = self.supervisor.parts[name].child
        return child.pid if child else 0

    def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not true():
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def end(self) -> None:
        self.supervisor.stop()
        self._thread.join(30)


@pytest.fixture
def start() -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def started(*recipes: Recipe) -> Run:
        runs.append(Run(*recipes))
        return runs[-1]

    yield started
    for run in runs:
        run.end()


Start = Callable[..., Run]


def test_a_part_starts_only_after_the_one_it_needs_answers(start: Start, tmp_path: Path) -> None:
    open_door = tmp_path / "open"
    run = start(_recipe(tmp_path, "server", ready=open_door.exists), _recipe(tmp_path, "runner", after=("server",)))
    run.until(lambda: run.pid("server") > 0)
    time.sleep(0.6)
    assert run.pid("runner") == 0
    open_door.touch()
    assert run.ready.wait(20)
    assert [line for line in run.said if "正在启动" in line] == ["正在启动【server】…", "正在启动【runner】…"]


def test_stopping_ends_children_and_grandchildren(start: Start, tmp_path: Path) -> None:
    run = start(_recipe(tmp_path, "web", PARENT.format(code=SLEEPER)))
    run.until(lambda: run.pid("web") > 0 and bool(psutil.Process(run.pid("web")).children()))
    family = [psutil.Process(run.pid("web")), *psutil.Process(run.pid("web")).children(recursive=True)]
    run.end()
    assert [process for process in family if process.is_running()] == []


def test_a_grandchild_that_ignores_the_request_is_killed(start: Start, tmp_path: Path) -> None:
    run = start(_recipe(tmp_path, "web", PARENT.format(code=STUBBORN)))
    run.until(lambda: run.pid("web") > 0 and bool(psutil.Process(run.pid("web")).children()))
    time.sleep(0.5)
    (grandchild,) = psutil.Process(run.pid("web")).children()
    run.end()
    assert not grandchild.is_running()


def test_a_part_that_falls_is_restarted_and_said_so(start: Start, tmp_path: Path) -> None:
    run = start(_recipe(tmp_path, "web"))
    assert run.ready.wait(20)
    first = run.pid("web")
    os.kill(first, signal.SIGKILL)
    run.until(lambda: run.pid("web") not in (0, first))
    run.until(lambda: any("已恢复" in line for line in run.said))
    assert any("【web】意外退出（代码 -9），1 秒后重新启动" in line for line in run.said)


def test_a_part_that_can_never_start_is_given_up_with_the_end_of_its_log(start: Start, tmp_path: Path) -> None:
    recipe = _recipe(tmp_path, "web", "raise SystemExit('缺少配置')", ready=lambda: False)
    supervisor = Supervisor([recipe], lambda _: None, now=_leaping_clock())
    with pytest.raises(Refusal, match="已试 5 次") as refused:
        supervisor.run(lambda: None)
    assert "缺少配置" in refused.value.advice


def test_what_is_done_once_lets_the_others_start_and_is_not_restarted(start: Start, tmp_path: Path) -> None:
    run = start(_recipe(tmp_path, "prepare", "pass", once=True), _recipe(tmp_path, "web", after=("prepare",)))
    assert run.ready.wait(20)
    assert run.pid("web") > 0
    assert run.said.count("正在启动【prepare】…") == 1


def test_what_is_done_once_and_fails_stops_the_start_with_its_reason(tmp_path: Path) -> None:
    recipe = _recipe(tmp_path, "prepare", "raise SystemExit('数据库版本太新')", once=True)
    with pytest.raises(Refusal, match="已试 1 次") as refused:
        Supervisor([recipe], lambda _: None).run(lambda: None)
    assert "数据库版本太新" in refused.value.advice


def test_who_waits_is_told_what_for(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(
        [_recipe(tmp_path, "server", ready=lambda: False)], said.append, now=_leaping_clock(step=3.0)
    )
    for _ in range(6):
        supervisor.step()
    supervisor.stop()
    supervisor.run(lambda: None)
    assert any(line.startswith("正在等待【server】…（已 ") for line in said)


def test_when_the_supervisor_is_killed_outright_its_children_end_too(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys\n"
        "from flows.serve.child import Child, Recipe; import time\n"
        f"child = Child(Recipe('web', '网页', [sys.executable, '-c', {SLEEPER!r}], Path({str(tmp_path / 'x.log')!r})))\n"
        "print(child.pid, flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    _, alive = psutil.wait_procs([child], timeout=10)
    assert alive == []


def _leaping_clock(step: float = 100.0) -> Callable[[], float]:
    instants = iter(range(10**9))
    return lambda: next(instants) * step
