"""The parts of a running system and the environment each of them is given."""

import sys
from collections.abc import Mapping

from campaigns.settings import Settings
from flows.serve.child import Recipe
from flows.serve.home import Home
from flows.serve.ready import answers

LOOPBACK = "127.0.0.1"
RETENTION_DAYS = 7
"""How long Prefect keeps finished runs; the record itself is ours and is kept. A tick a minute takes about 10 KB of its file
when its events, four times as much again, are not kept: nobody reads them here."""


ROOMY: Mapping[str, str] = {
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "67108864",
    "MALLOC_ARENA_MAX": "2",
}
"""Makes glibc keep the memory of one photo for the next, up to 64 MB: asking Linux for it anew took a sixth of a submission."""

PREPARE = (sys.executable, "-m", "flows.serve.prepare")


def recipes(settings: Settings, home: Home) -> tuple[Recipe, ...]:
    """Return the parts, in the order in which they start.

    A demonstration is loaded while Prefect boots; a production start has prepared before, at the terminal.
    """
    ours = environment(settings, home)
    preparation = Recipe("prepare", "数据库和演示数据", PREPARE, home.log("prepare"), ours, once=True)
    after = (preparation.name,) if settings.demo else ()
    return (
        _prefect(settings, home),
        *((preparation,) if settings.demo else ()),
        _web(settings, home, after),
        _ticker(settings, home, after),
        _runner(settings, home, after),
    )


def _prefect(settings: Settings, home: Home) -> Recipe:
    port = str(settings.prefect_port)
    return Recipe(
        "prefect",
        "调度引擎 Prefect",
        (sys.executable, "-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", port),
        home.log("prefect"),
        {**_engine(settings, home), "PREFECT_SERVER_API_AUTH_STRING": _auth(home)},
        ready=answers(LOOPBACK, settings.prefect_port, "/api/health"),
    )


def _web(settings: Settings, home: Home, after: tuple[str, ...]) -> Recipe:
    address = ("--host", settings.host, "--port", str(settings.port))
    manner = ("--log-level", "warning", "--no-server-header", "--timeout-graceful-shutdown", "5")
    # one of several that does not answer its parent for so long is replaced; a loaded machine may well take some seconds
    several = ("--workers", str(settings.web_processes), "--timeout-worker-healthcheck", "60")
    return Recipe(
        "web",
        "网页服务",
        (sys.executable, "-m", "uvicorn", "api.app:app", *address, *manner, *several),
        home.log("web"),
        {**environment(settings, home), **ROOMY},
        ready=answers(_reachable(settings.host), settings.port, "/livez"),
        after=after,
    )


def _ticker(settings: Settings, home: Home, after: tuple[str, ...]) -> Recipe:
    # A process of its own: one holder of the pulse however many workers serve pages, and a channel that hangs takes no
    # thread from them.
    command = (sys.executable, "-m", "notifications.ticker")
    return Recipe("ticker", "通知派送", command, home.log("ticker"), environment(settings, home), after=after)


def _runner(settings: Settings, home: Home, after: tuple[str, ...]) -> Recipe:
    sign = home.root / "runner.ready"
    engine = {**_engine(settings, home), "PREFECT_API_AUTH_STRING": _auth(home), "RECTIFY_READY_SIGN": str(sign)}
    return Recipe(
        "runner",
        "流程执行器",
        (sys.executable, "-m", "flows.serve.runner"),
        home.log("runner"),
        environment(settings, home) | engine,
        sign=sign,
        after=("prefect", *after),
    )


def environment(settings: Settings, home: Home) -> dict[str, str]:
    """Return what our own processes are told, so that each sees the same installation."""
    return {
        "RECTIFY_HOME": str(home.root),
        "RECTIFY_DEMO": str(settings.demo).lower(),
        "RECTIFY_SECRET": settings.secret.get_secret_value(),
        "RECTIFY_PORT": str(settings.port),
        "RECTIFY_PREFECT_PORT": str(settings.prefect_port),
    }


def _engine(settings: Settings, home: Home) -> dict[str, str]:
    """Loopback only, nothing sent to its makers, no fallback to an embedded server that would schedule nothing."""
    return {
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_PROFILES_PATH": str(home.prefect / "profiles.toml"),
        "PREFECT_API_URL": f"http://{LOOPBACK}:{settings.prefect_port}/api",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RETENTION_DAYS * 86_400),
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT5M",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
    }


def _auth(home: Home) -> str:
    return f"rectify:{home.key('prefect')}"


def _reachable(host: str) -> str:
    return LOOPBACK if host in {"0.0.0.0", "::"} else host  # noqa: S104 - asking, not listening
