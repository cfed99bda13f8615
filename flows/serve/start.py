"""The order of a start: the secret, the directory, the ports, the database, the parts; then the address."""

import os
import signal
import subprocess
from collections.abc import Callable

from pydantic import SecretStr

from campaigns.settings import Settings, settings
from flows.serve import ports
from flows.serve.home import Home, opened
from flows.serve.recipes import LOOPBACK, PREPARE, environment, recipes
from flows.serve.supervisor import Say, Supervisor


def start(*, demo: bool, say: Say) -> None:
    """Start everything, announce the address, and stay until a person or the system asks to stop."""
    wished = settings().model_copy(update={"demo": demo})
    wished.check_secret()
    _forget_other_prefects()
    with opened(wished, demo=demo) as home:
        chosen = _chosen(wished, home, say)
        if not demo:
            _prepare_at_the_terminal(chosen, home)
        supervisor = Supervisor(recipes(chosen, home), say)
        _listen(supervisor.stop, say)
        supervisor.run(lambda: _announce(chosen, home, say))
    say("系统已全部停止，数据已保存，再次运行会从这里继续。")


def _chosen(wished: Settings, home: Home, say: Say) -> Settings:
    """Settle the secret and the ports: a demonstration moves aside, a production address is kept or refused."""
    choose = ports.near if wished.demo else ports.exactly
    port = choose(wished.host, wished.port)
    if port != wished.port:
        say(f"端口 {wished.port} 已被占用，改用 {port}。")
    prefect_port = ports.near(LOOPBACK, wished.prefect_port)
    secret = wished.secret.get_secret_value() or home.key("session")
    return wished.model_copy(update={"port": port, "prefect_port": prefect_port, "secret": SecretStr(secret)})


def _prepare_at_the_terminal(chosen: Settings, home: Home) -> None:
    """Migrate and, on the first start, ask for the administrator; the prompt needs the person's own terminal."""
    done = subprocess.run(PREPARE, env={**os.environ, **environment(chosen, home)}, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def _forget_other_prefects() -> None:
    """Drop settings of somebody's own Prefect that would lead ours astray; the server's (database, messaging) stay."""
    for name in [name for name in os.environ if name.startswith("PREFECT_") and not name.startswith("PREFECT_SERVER_")]:
        del os.environ[name]


def _listen(stop: Callable[[], None], say: Say) -> None:
    def on_signal(_number: int, _frame: object) -> None:
        say("正在停止…")
        stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)


def _announce(chosen: Settings, home: Home, say: Say) -> None:
    say("")
    say(f"系统已就绪：http://{chosen.host}:{chosen.port}")
    if home.accounts.exists():
        say(home.accounts.read_text())
    say(
        f"调度日历（Prefect）：http://{LOOPBACK}:{chosen.prefect_port}  口令在 {home.root / 'keys' / 'prefect'}，用户名 rectify"
    )
    say(f"数据目录：{home.root}    按 Ctrl-C 停止。")
