"""The installation a command works on: one that exists, or a sentence where to look for it."""

from pathlib import Path

from sqlalchemy import inspect, make_url
from sqlalchemy.exc import OperationalError

from campaigns.errors import Refusal
from campaigns.settings import settings
from campaigns.store.campaign.campaigns import Campaign
from campaigns.store.database import Database, database


def installed() -> Database:
    """Return the installation's database. Only `rectify run` and `rectify demo` make a new one: a mistyped home is left empty.

    Raises:
        Refusal: there is none, it cannot be reached, or nothing is in it.
    """
    base, file = database(), make_url(settings().url).database or ""
    place = f"数据目录{settings().home.absolute()}" if base.is_sqlite else "环境变量 RECTIFY_DATABASE_URL 指的数据库"
    there = not base.is_sqlite or Path(file).exists()
    try:
        empty = not (there and inspect(base.engine).has_table(str(Campaign.__tablename__)))
    except OperationalError:
        raise Refusal(
            f"连不上{place}。", kept="没有改动任何内容。", advice="请确认数据库已经启动，地址、用户和口令都对。"
        ) from None
    if empty:
        raise Refusal(
            f"{place}里还没有系统的数据。",
            kept="没有改动任何内容。",
            advice="请核对环境变量 RECTIFY_HOME 或 RECTIFY_DATABASE_URL；第一次使用，请先运行 rectify run。",
        )
    return base
