"""T01: kill -9 of the web process under submit load; an external ledger says what was acknowledged."""

import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlmodel import col

from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.clock import local_date, now
from campaigns.settings import Settings
from campaigns.store.campaign.campaigns import PlannedOccurrence
from campaigns.store.database import Database
from campaigns.store.migrate import migrate
from campaigns.store.work.tasks import Submission, Task
from flows.serve.ports import near
from tests.people import PASSWORD, Cast, found
from trust.telling import findings, tell

KILLS = 20
CLIENTS = 4
RECEIPTS_BETWEEN = 5
LONGEST_WAIT = 60.0
KEY = re.compile(r'name="form_key" value="([^"]+)"')
PERMIT = {
    "作业类型": "动火",
    "作业人员": "张工 证号1",
    "现场监护人": "李工",
    "安全技术措施": "清理可燃物，配灭火器",
    "措施已检查到位": "是",
    "审批人签字": "on",
}


@dataclass
class Web:
    """The web process, killed and started again on the same port."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start it, wait until it answers, and return how many seconds that took."""
        begun = time.monotonic()
        told = {**os.environ, "RECTIFY_HOME": str(self.home), "RECTIFY_DEMO": "true", "RECTIFY_DATABASE_URL": ""}
        command = [sys.executable, "-m", "uvicorn", "api.app:app", "--port", str(self.port), "--log-level", "critical"]
        self.process = subprocess.Popen(command, env=told)
        while not self._answers():
            time.sleep(0.05)
        return time.monotonic() - begun

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nobody is told."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", trust_env=False, timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@dataclass
class Client(threading.Thread):
    """One enterprise that fills in work permits and asks again, with the same form, until it has a receipt."""

    web: Web
    login: str
    task_id: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    repeats: int = 0
    enough: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        headers = {"Sec-Fetch-Site": "same-origin"}
        with httpx.Client(base_url=self.web.address, headers=headers, trust_env=False, timeout=20) as http:
            self._until(http, "POST", "/sign-in", {"login": self.login, "password": PASSWORD, "next": "/"})
            while not self.enough.is_set():
                self._submit(http)

    def _submit(self, http: httpx.Client) -> None:
        page = self._until(http, "GET", f"/tasks/{self.task_id}", {})
        keys, marker = KEY.findall(page.text), f"L-{uuid.uuid4().hex}"
        if not keys:
            return
        day = local_date(now()).isoformat()
        kind, *rest = PERMIT.values()
        blanks = {
            f"b{place}": words for place, words in enumerate((kind, day, marker, *rest))
        }  # as the form names them
        body = {**blanks, "form_key": keys[-1]}
        answer = self._until(http, "POST", f"/tasks/{self.task_id}/submit", body)
        if answer.status_code == 303:
            self.acknowledged[marker] = answer.headers["location"].removeprefix("/receipts/")

    def _until(self, http: httpx.Client, method: str, address: str, body: dict[str, str]) -> httpx.Response:
        while True:
            try:
                answer = http.request(method, address, data=body or None)
                if answer.status_code < 500:
                    return answer
            except httpx.HTTPError:
                self.repeats += 1
            time.sleep(0.1)


def prepared(base: Database) -> tuple[Cast, dict[str, int]]:
    """Launch the 2023 action today over the cast and return each enterprise's task that takes any number of records."""
    migrate(base)
    cast = found(base)
    with base.transaction() as session:
        draft = Draft.of_template("hazard-2023", starts_on=local_date(now()))
        launch(session, draft, launch_key="trust", by=cast.leader, now=now())
        tasks = select(col(Task.organisation_id), col(Task.id)).join(
            PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id)
        )
        ids = dict(session.execute(tasks.where(col(PlannedOccurrence.event_driven))).tuples().all())
    return cast, {"principal": ids[cast.pond.id], "other.principal": ids[cast.other_pond.id]}


def main(kills: int) -> int:
    """Kill, restart, count."""
    with tempfile.TemporaryDirectory(prefix="rectify-trust-") as folder:
        settings = Settings(home=Path(folder), demo=True, database_url="")
        base = Database(settings.url)
        _, tasks = prepared(base)
        web = Web(Path(folder), near("127.0.0.1", 48_000))
        clients = [Client(web, login, task_id) for login, task_id in tasks.items() for _ in range(CLIENTS // 2)]
        try:
            web.start()
            for client in clients:
                client.start()
            restarts = _kill_again_and_again(web, clients, kills)
            for client in clients:
                client.enough.set()
            for client in clients:
                client.join(60)
        finally:
            web.kill()
        code = _count(base, settings, clients, restarts)
        base.dispose()
    return code


def _kill_again_and_again(web: Web, clients: list[Client], kills: int) -> list[float]:
    """Kill in the middle of the work: each time after some more receipts, so that a slow machine is put to the test too."""
    chance = random.Random(2023)
    restarts = []
    for _ in range(kills):
        enough, deadline = _receipts(clients) + RECEIPTS_BETWEEN, time.monotonic() + LONGEST_WAIT
        while _receipts(clients) < enough and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(chance.uniform(0, 0.5))
        web.kill()
        restarts.append(web.start())
    return restarts


def _receipts(clients: list[Client]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def _count(base: Database, settings: Settings, clients: list[Client], restarts: list[float]) -> int:
    acknowledged = {marker: receipt for client in clients for marker, receipt in client.acknowledged.items()}
    with base.reading() as session:
        rows = session.execute(select(col(Submission.content), col(Submission.receipt))).all()
    kept = {content["作业地点"]: receipt for content, receipt in rows}
    times = Counter(content["作业地点"] for content, _ in rows)
    lost = [marker for marker, receipt in acknowledged.items() if kept.get(marker) != receipt]
    doubled = [marker for marker, count in times.items() if count > 1]
    wrong = findings(base, settings)
    print(*wrong[:5], sep="\n", end="\n" if wrong else "")
    figures = {
        "kill -9 of the web process": len(restarts),
        "submissions acknowledged": len(acknowledged),
        "requests repeated after a kill": sum(client.repeats for client in clients),
        "acknowledged and lost": len(lost),
        "doubled": len(doubled),
        "findings of rectify verify": len(wrong),
        "restart to serving, median s": f"{statistics.median(restarts):.1f}",
    }
    promises = {
        "P1 what was acknowledged is kept, exactly once": not lost and not doubled and len(acknowledged) > 0,
        "the record holds every invariant": not wrong,
    }
    return tell("T01 web process killed under submit load", figures, promises)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS))
