"""Everything an operator may set, from environment variables that start with RECTIFY_."""

import os
from datetime import time
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from campaigns.errors import Invalid

DEMO_SECRET = "demonstration-only"  # noqa: S105 - named so that the production start can refuse it
DEMO_PASSWORD = "Yan-shi-2026"  # noqa: S105 - shown on the demonstration's sign-in page
SHORTEST_SECRET = 32
FEWEST_LETTERS = 10


class Settings(BaseSettings):
    """One immutable set of settings for a process.

    `home` holds our SQLite file, attachments and Prefect's own directory; `database_url` switches to PostgreSQL
    (`postgresql+psycopg://…`), `files_bucket` the attachments to an S3-compatible store at `files_endpoint`. `demo` is the
    demonstration start: fixed accounts and a fixed secret are allowed only there. `webhook_allow` lists the only `host:port`
    that webhooks and robots may reach, with commas between. `web_processes` serve pages side by side: one of them can use one
    core, and takes about 150 MB. `public_url` stands before the links in mail. Outward messages
    leave between `office_opens` and `office_closes`, Beijing time, on working days.
    """

    model_config = SettingsConfigDict(env_prefix="RECTIFY_", frozen=True, extra="ignore")

    home: Path = Path("var")
    database_url: str = ""
    demo: bool = False
    secret: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = 8000
    web_processes: int = Field(default=min(2, os.cpu_count() or 1), ge=1)
    prefect_port: int = 4200
    secure_cookies: bool = False

    files_bucket: str = ""
    files_endpoint: str = ""
    files_region: str = "us-east-1"
    files_key: str = ""
    files_secret: SecretStr = SecretStr("")

    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_sender: str = ""
    smtp_starttls: bool = False
    webhook_allow: str = ""
    public_url: str = ""
    office_opens: time = time(8, 30)
    office_closes: time = time(17, 30)

    @property
    def url(self) -> str:
        """The database address: the given one, or our own SQLite file under `home`."""
        return self.database_url or f"sqlite:///{(self.home / 'rectify.sqlite3').absolute()}"

    @property
    def files(self) -> Path:
        """The directory that keeps attachments under random names."""
        return self.home / "files"

    def check_secret(self) -> None:
        """Raise unless the secret that signs sessions is this installation's own and hard to guess."""
        secret = self.secret.get_secret_value()
        if not self.demo and (
            len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_LETTERS or DEMO_SECRET in secret
        ):
            raise Invalid(
                "没有设置安全的密钥 RECTIFY_SECRET，正式运行没有启动。",
                kept="数据未动。",
                advice=(
                    f"请设置至少 {SHORTEST_SECRET} 个字符的随机密钥并妥善保存，例如：\n"
                    "export RECTIFY_SECRET=$(python3 -c 'import secrets; print(secrets.token_hex(32))')"
                ),
            )


@lru_cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
