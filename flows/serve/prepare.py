"""What must be true before pages open: the newest tables, the demonstration loaded or a first administrator named.

A process of its own, so that the supervisor that lives for months carries neither database nor migrations.
"""

import getpass
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlmodel import col

from campaigns.actions.directory.people import create_first_administrator
from campaigns.clock import now
from campaigns.errors import Refusal
from campaigns.settings import Settings, settings
from campaigns.store.database import Database, database
from campaigns.store.directory.people import Person
from campaigns.store.migrate import is_of_another_shape, migrate
from flows.cli.console import refuse, say, speaking
from flows.serve import prebuilt
from flows.serve.home import Home


def prepare() -> None:
    """Migrate, then load the demonstration or ask for the first administrator; a second time does nothing new."""
    check_shape(settings())
    if settings().demo:
        prebuilt.take(settings(), now=now())
    base = database()
    migrate(base)
    if settings().demo:
        _demonstration(base)
    elif not _anybody(base):
        ask_for_administrator(base, os.environ, _at_the_terminal if sys.stdin.isatty() else None)
    base.dispose()  # SQLite folds its journal into the file when the last connection closes: then the file may be copied


def check_shape(given: Settings) -> None:
    """Keep a database of a version before the first release apart: a demonstration is set aside and made anew, anything
    else is refused untouched.
    """
    if not given.database_url and not (given.home / prebuilt.DATABASE).exists():
        return  # to look would make an empty file, and the prebuilt demonstration would not be taken
    base = Database(given.url)
    foreign = is_of_another_shape(base)
    base.dispose()
    if not foreign:
        return
    if not given.demo or given.database_url:
        raise Refusal(
            "这个数据库是更早的试用版建的，和现在的程序合不上，没有启动。",
            kept="数据原样未动。",
            advice="请用原来的版本继续使用，或用 RECTIFY_HOME（或 RECTIFY_DATABASE_URL）指定一个新的位置。",
        )
    aside = given.home / f"earlier-{now():%Y%m%d%H%M%S}"
    aside.mkdir()
    for path in (*given.home.glob(f"{prebuilt.DATABASE}*"), given.files):
        if path.exists():
            path.rename(aside / path.name)
    say(f"数据目录里的演示数据是更早的试用版建的，已移到 {aside}，现在重新装入。")


def _demonstration(base: Database) -> None:
    from flows.demo.load import load  # only the demonstration pays for the import
    from flows.demo.places import ACCOUNTS, PASSWORD

    load(base, now=now())
    lines = [f"  {account.login:<8} {account.organisation} {account.name}（{account.duty}）" for account in ACCOUNTS]
    Home(settings().home, demo=True).accounts.write_text(f"演示账号（密码都是 {PASSWORD}）：\n" + "\n".join(lines))


def _anybody(base: Database) -> bool:
    with base.reading() as session:
        return bool(session.scalar(select(exists().where(col(Person.id).is_not(None)))))


Ask = Callable[[str, bool], str]
"""Asks a person one question; the flag hides what he types."""


@dataclass(frozen=True)
class Question:
    """One thing asked at the first start: the variable that may answer it, and what is taken where nobody can be asked."""

    name: str
    variable: str
    words: str
    headless: str = ""
    hidden: bool = False


QUESTIONS = (
    Question("region_name", "RECTIFY_ADMIN_REGION", "县（市、区）名称", "本县"),
    Question("bureau_name", "RECTIFY_ADMIN_BUREAU", "本单位名称", "应急管理局"),
    Question("name", "RECTIFY_ADMIN_NAME", "管理员姓名", "系统管理员"),
    Question("login", "RECTIFY_ADMIN_LOGIN", "登录名"),
    Question("password", "RECTIFY_ADMIN_PASSWORD", "密码", hidden=True),
)


def ask_for_administrator(base: Database, given: Mapping[str, str], ask: Ask | None) -> None:
    """Open the first administrator's account from the environment or at the terminal, where a bad answer is asked again."""
    while True:
        answers = {question.name: _answer(question, given, ask) for question in QUESTIONS}
        try:
            with base.transaction() as session:
                create_first_administrator(session, **answers, now=now())
        except Refusal as refusal:
            if ask is None or given.get("RECTIFY_ADMIN_PASSWORD"):
                raise
            refuse(refusal)
            continue
        say(f"已建立管理员账号 {answers['login']}。")
        return


def _answer(question: Question, given: Mapping[str, str], ask: Ask | None) -> str:
    if answer := given.get(question.variable) or ("" if ask else question.headless):
        return answer
    if ask is None:
        raise Refusal(
            "系统里还没有账号，又没有终端可以询问，没有启动。",
            kept="数据库已建好，没有账号。",
            advice="请在终端里运行 rectify run，或设置 RECTIFY_ADMIN_LOGIN 和 RECTIFY_ADMIN_PASSWORD 后再启动。",
        )
    while not (answer := ask(f"{question.words}：", question.hidden).strip()):
        say(f"{question.words}不能为空。")
    return answer


def _at_the_terminal(words: str, hidden: bool) -> str:
    return getpass.getpass(words) if hidden else input(words)


if __name__ == "__main__":
    with speaking():
        prepare()
