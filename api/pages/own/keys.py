"""我的设置: the addresses and tokens by which programs read as much as their maker may read."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Refused, Visit, VisitDep, lead_to, settings_of
from campaigns.actions.directory.reading_keys import make_key, revoke_key
from campaigns.errors import Invalid, NotFound
from campaigns.queries.directory.reading_keys import own_keys, scopes
from campaigns.rules.directory.reading_keys import KeyKind
from campaigns.rules.work.fields import read_id

router = APIRouter()
HERE = "/settings/keys"


@router.get("/settings/keys")
def keys_page(visit: VisitDep) -> Response:
    """List one's keys and offer to make one."""
    return _page(visit)


@router.post("/settings/keys/calendar")
def make_address(effect: EffectDep) -> Response:
    """Make a secret address for a calendar program."""

    def told(token: str) -> str:
        return f"日历订阅地址（只显示这一次，请现在复制到日历软件）：{_home(effect)}/feeds/{token}.ics"

    def make(session: Session) -> str:
        title = effect.text("title") or "我的日历"
        return make_key(session, kind=KeyKind.CALENDAR, title=title, by=effect.actor, now=effect.now)

    return _once(effect, make, told)


@router.post("/settings/keys/program")
def make_token(effect: EffectDep) -> Response:
    """Make a token for a program, limited to a subtree."""
    whose = effect.text("organisation")
    if whose and read_id(whose) is None:
        raise NotFound

    def make(session: Session) -> str:
        return make_key(
            session,
            kind=KeyKind.PROGRAM,
            title=effect.text("title"),
            organisation_id=read_id(whose),
            by=effect.actor,
            now=effect.now,
        )

    return _once(effect, make, lambda token: f"接口令牌（只显示这一次，请现在复制保存）：{token}", _again)


@router.post("/settings/keys/{key_id}/revoke")
def revoke(effect: EffectDep, key_id: int) -> Response:
    """Make a key useless from now on."""

    def change(session: Session) -> str:
        revoke_key(session, key_id=key_id, by=effect.actor, now=effect.now)
        return HERE

    return effect.once(change, said="已撤销，用它的程序从现在起读不到任何内容。")


def _once(
    effect: Effect, make: Callable[[Session], str], told: Callable[[str], str], refused: Refused | None = None
) -> Response:
    """Make a key and show it on the next page; a second click cannot show it again, because only its hash was kept."""
    made: list[str] = []

    def change(session: Session) -> str:
        made.append(make(session))
        return HERE

    answer = effect.once(change, said="这个已经创建过。没有记下来的，请撤销后重新创建。", refused=refused)
    return lead_to(effect.request, HERE, told(made[0])) if made and answer.status_code == 303 else answer


def _again(visit: Visit, invalid: Invalid) -> Response:
    return _page(visit, errors=invalid.fields, status=422)


def _page(visit: Visit, *, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    return visit.page(
        "keys.html",
        status=status,
        keys=own_keys(visit.session, actor=visit.actor),
        scopes=scopes(visit.session, actor=visit.actor),
        errors=errors or {},
    )


def _home(effect: Effect) -> str:
    return settings_of(effect.request).public_url.rstrip("/") or str(effect.request.base_url).rstrip("/")
