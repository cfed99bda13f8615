"""我的设置: one's password, how one is reached, and the robots of one's organisation."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.deps import Effect, EffectDep, Refused, Visit, VisitDep, base_of, settings_of
from campaigns.actions.directory.accounts import change_password
from campaigns.actions.directory.passwords import hashed, proven
from campaigns.actions.messages.channels import set_group_channel, set_own_channel, try_again, try_everything_again
from campaigns.errors import Invalid, NotFound
from campaigns.queries.messages.channels import given_up, group_channels, last_deliveries, own_email
from campaigns.rules.permissions import Permission, Relation, may
from notifications.channels import CHANNELS
from notifications.channels.letter import Channel

router = APIRouter()
GROUPS = {name: channel for name, channel in CHANNELS.items() if channel.to_groups}


@router.get("/settings/channels")
def channels_page(visit: VisitDep) -> Response:
    """Show how the person is reached, and for administrators the organisation's robots."""
    return _page(visit, {}, {})


@router.post("/settings/channels/email/save")
def save_email(effect: EffectDep) -> Response:
    """Set the person's own mail address."""
    address, enabled = effect.text("address"), effect.text("enabled") == "yes"

    def change(session: Session) -> str:
        if enabled or address:
            _check(effect, CHANNELS["email"], address, "")
        set_own_channel(session, channel="email", address=address, enabled=enabled, by=effect.actor, now=effect.now)
        return "/settings/channels"

    return effect.once(change, said="接收方式已保存。", refused=_again(effect))


@router.post("/settings/channels/{name}/group")
def save_group(effect: EffectDep, name: str) -> Response:
    """Set a robot or webhook of the person's organisation."""
    if name not in GROUPS:
        raise NotFound
    address, secret, enabled = effect.text("address"), effect.text("secret"), effect.text("enabled") == "yes"

    def change(session: Session) -> str:
        known = group_channels(session, actor=effect.actor).get(name)
        if enabled:
            kept = "保留原来的密钥，不再显示" if known and known.has_secret and not secret else secret
            _check(effect, GROUPS[name], address, kept)
        set_group_channel(
            session, channel=name, address=address, secret=secret, enabled=enabled, by=effect.actor, now=effect.now
        )
        return "/settings/channels"

    return effect.once(change, said=f"{GROUPS[name].label}已保存。", refused=_again(effect, name))


@router.post("/settings/deliveries/{delivery_id}/again")
def send_again(effect: EffectDep, delivery_id: int) -> Response:
    """Queue a failed message again."""

    def change(session: Session) -> str:
        try_again(session, delivery_id=delivery_id, by=effect.actor, now=effect.now)
        return "/settings/channels"

    return effect.once(change, said="已重新排队，办公时间内发出。")


@router.post("/settings/channels/{name}/again")
def send_everything_again(effect: EffectDep, name: str) -> Response:
    """Queue again whatever failed on a channel of the person's organisation."""
    if name not in GROUPS:
        raise NotFound

    def change(session: Session) -> str:
        try_everything_again(session, channel=name, by=effect.actor, now=effect.now)
        return "/settings/channels"

    return effect.once(change, said="没有发出的都已重新排队。")


@router.get("/settings/password")
def password_page(visit: VisitDep) -> Response:
    """Ask for the present and the new password."""
    return visit.page("password.html", errors={})


@router.post("/settings/password/change")
def save_password(effect: EffectDep) -> Response:
    """Change one's own password; the next page is the sign-in. Both are hashed before the transaction."""
    with base_of(effect.request).reading() as session:
        proof = proven(session, current=effect.text("current"), by=effect.actor)
    password = hashed(effect.text("password"))

    def change(session: Session) -> str:
        if effect.text("password") != effect.text("again"):
            raise Invalid("两次写的新密码不一样，没有修改。", fields={"again": "和上面的新密码不一样。"})
        change_password(
            session,
            current=effect.text("current"),
            password=password,
            proof=proof,
            by=effect.actor,
            now=effect.now,
        )
        return "/sign-in"

    return effect.once(change, said="密码已修改，请重新登录。", refused=_password_again)


def _password_again(visit: Visit, invalid: Invalid) -> Response:
    return visit.page("password.html", status=422, errors=invalid.fields)


def _check(effect: Effect, channel: Channel, address: str, secret: str) -> None:
    if reason := channel.why_not(address, secret, settings_of(effect.request)):
        raise Invalid("地址没有通过检查，没有保存。", fields={"address": reason})


def _again(effect: Effect, group: str = "") -> Refused:
    return lambda visit, invalid: _page(visit, dict(invalid.fields), effect.values(), group=group, status=422)


def _page(
    visit: Visit, errors: dict[str, str], typed: dict[str, str], *, group: str = "", status: int = 200
) -> Response:
    given = settings_of(visit.request)
    return visit.page(
        "channels.html",
        status=status,
        email=own_email(visit.session, actor=visit.actor),
        email_works=CHANNELS["email"].configured(given),
        groups=GROUPS,
        group_works={name: channel.configured(given) for name, channel in GROUPS.items()},
        reached=group_channels(visit.session, actor=visit.actor),
        keeps_groups=may(visit.actor, Permission.MANAGE_PEOPLE, Relation.SELF),
        deliveries=last_deliveries(visit.session, actor=visit.actor),
        given_up=given_up(visit.session, actor=visit.actor),
        channels=CHANNELS,
        errors=errors,
        typed=typed,
        wrong=group,
    )
