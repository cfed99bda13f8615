"""Who reads the API: the key in the header, and nothing else. A browser's cookie opens nothing here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from api.deps import base_of, now_of
from campaigns.actions.directory.reading_keys import KeyRefused, reader_of
from campaigns.rules.directory.reading_keys import KeyKind
from campaigns.rules.permissions import Actor

_bearer = HTTPBearer(auto_error=False, scheme_name="接口令牌", description="在“我的设置—接口令牌”里创建，只显示一次。")


@dataclass(frozen=True, slots=True)
class Reader:
    """One request of a program: as whom it reads, when, on one snapshot."""

    session: Session
    actor: Actor
    now: datetime


def reader(
    request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Iterator[Reader]:
    """Open a Reader for the key in the Authorization header; without a good one nothing is read."""
    if sent is None:
        raise KeyRefused("没有带接口令牌。", advice="请在请求头写 Authorization: Bearer 令牌。")
    with base_of(request).reading() as session:
        actor = reader_of(session, token=sent.credentials, kind=KeyKind.PROGRAM)
        yield Reader(session, actor, now_of(request))


ReaderDep = Annotated[Reader, Depends(reader)]
