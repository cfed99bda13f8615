"""What must be true before pages open: the newest tables, the demonstration loaded or a first administrator named.

A process of its own, so that the supervisor that lives for months carries neither database nor migrations.
"""

import getpass
import os
import sys

from sqlalchemy import exists, select
from sqlmodel import col

from campaigns.actions.people import create_first_administrator
from campaigns.clock import now
from campaigns.errors import Refusal
from campaigns.settings import settings
from campaigns.store.database import Database, database
from campaigns.store.migrate import migrate
from campaigns.store.people import Person
from flows.serve.home import Home


def prepare() -> None:
    """Migrate, then load the demonstration or ask for the first administrator; a second time does nothing new."""
    base = database()
    migrate(base)
    if settings().demo:
        _demonstration(base)
    elif not _anybody(base):
        _first_administrator(base)


def _demonstration(base: Database) -> None:
    from flows.demo.load import load  # only the demonstration pays for the import
    from flows.demo.places import ACCOUNTS, PASSWORD

    load(base, now=now())
    lines = [f"  {account.login:<8} {account.organisation} {account.name}（{account.duty}）" for account in ACCOUNTS]
    Home(settings().home, demo=True).accounts.write_text(f"演示账号（密码都是 {PASSWORD}）：\n" + "\n".join(lines))


def _anybody(base: Database) -> bool:
    with base.reading() as session:
        return bool(session.scalar(select(exists().where(col(Person.id).is_not(None)))))


def _first_administrator(base: Database) -> None:
    print("系统里还没有账号，请建立首位管理员。", flush=True)
    answers = {
        "region_name": _ask("RECTIFY_ADMIN_REGION", "县（市、区）名称"),
        "bureau_name": _ask("RECTIFY_ADMIN_BUREAU", "本单位名称"),
        "name": _ask("RECTIFY_ADMIN_NAME", "管理员姓名"),
        "login": _ask("RECTIFY_ADMIN_LOGIN", "登录名"),
        "password": _ask("RECTIFY_ADMIN_PASSWORD", "密码", hidden=True),
    }
    with base.transaction() as session:
        create_first_administrator(session, **answers, now=now())
    print(f"已建立管理员账号 {answers['login']}。", flush=True)


HEADLESS = {"RECTIFY_ADMIN_REGION": "本县", "RECTIFY_ADMIN_BUREAU": "应急管理局", "RECTIFY_ADMIN_NAME": "系统管理员"}
"""What is taken for granted where nobody sits at the terminal; login and password never are."""


def _ask(variable: str, question: str, *, hidden: bool = False) -> str:
    given = os.environ.get(variable) or ("" if sys.stdin.isatty() else HEADLESS.get(variable, ""))
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refusal(
            "系统里还没有账号，又没有终端可以询问，没有启动。",
            kept="数据库已建好，没有账号。",
            advice="请在终端里运行 rectify run，或设置 RECTIFY_ADMIN_LOGIN 和 RECTIFY_ADMIN_PASSWORD 后再启动。",
        )
    read = getpass.getpass if hidden else input
    while not (answer := read(f"{question}：").strip()):
        pass
    return answer


if __name__ == "__main__":
    from flows.cli.console import speaking

    with speaking():
        prepare()
