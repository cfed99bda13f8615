"""The parts of a running system and the environment each of them is given."""

import sys

from campaigns.settings import Settings
from flows.serve.child import Recipe
from flows.serve.home import Home
from flows.serve.ready import answers

LOOPBACK = "127.0.0.1"
RETENTION_DAYS = 14
"""How long Prefect keeps finished runs; the record itself is ours and is kept."""


def recipes(settings: Settings, home: Home) -> tuple[Recipe, ...]:
    """Return the parts, in the order in which they start.

    The ticker is a process of its own: one holder of the pulse by construction, however many web workers serve pages, and
    a channel that hangs takes no thread from them.
    """
    ours, prefect = environment(settings, home), _prefect(settings, home)
    after = ("prepare",) if settings.demo else ()
    sign = home.root / "runner.ready"
    return (
        Recipe(
            "prefect",
            "调度引擎 Prefect",
            [
                sys.executable,
                "-m",
                "prefect",
                "server",
                "start",
                "--host",
                LOOPBACK,
                "--port",
                str(settings.prefect_port),
            ],
            home.log("prefect"),
            {**prefect, "PREFECT_SERVER_API_AUTH_STRING": _auth(home)},
            ready=answers(LOOPBACK, settings.prefect_port, "/api/health"),
        ),
        *_preparation(settings, home, ours),
        Recipe(
            "web",
            "网页服务",
            [
                *(
                    sys.executable,
                    "-m",
                    "uvicorn",
                    "api.app:app",
                    "--host",
                    settings.host,
                    "--port",
                    str(settings.port),
                ),
                *("--log-level", "warning", "--no-server-header", "--timeout-graceful-shutdown", "5"),
            ],
            home.log("web"),
            ours,
            ready=answers(_reachable(settings.host), settings.port, "/livez"),
            after=after,
        ),
        Recipe(
            "ticker", "通知派送", [sys.executable, "-m", "notifications.ticker"], home.log("ticker"), ours, after=after
        ),
        Recipe(
            "runner",
            "流程执行器",
            [sys.executable, "-m", "flows.serve.runner"],
            home.log("runner"),
            {**ours, **prefect, "PREFECT_API_AUTH_STRING": _auth(home), "RECTIFY_READY_SIGN": str(sign)},
            sign=sign,
            after=("prefect", *after),
        ),
    )


PREPARE = (sys.executable, "-m", "flows.serve.prepare")


def _preparation(settings: Settings, home: Home, ours: dict[str, str]) -> tuple[Recipe, ...]:
    """The demonstration is loaded while Prefect boots; a production start prepares first, at the terminal."""
    if not settings.demo:
        return ()
    return (Recipe("prepare", "数据库和演示数据", PREPARE, home.log("prepare"), ours, once=True),)


def environment(settings: Settings, home: Home) -> dict[str, str]:
    """Return what our own processes are told, so that each sees the same installation."""
    return {
        "RECTIFY_HOME": str(home.root),
        "RECTIFY_DEMO": str(settings.demo).lower(),
        "RECTIFY_SECRET": settings.secret.get_secret_value(),
        "RECTIFY_PORT": str(settings.port),
        "RECTIFY_PREFECT_PORT": str(settings.prefect_port),
    }


def _prefect(settings: Settings, home: Home) -> dict[str, str]:
    """Loopback only, nothing sent to its makers, no fallback to an embedded server that would schedule nothing."""
    return {
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_PROFILES_PATH": str(home.prefect / "profiles.toml"),
        "PREFECT_API_URL": f"http://{LOOPBACK}:{settings.prefect_port}/api",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
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
