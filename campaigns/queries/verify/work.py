"""I1, I4, I5: every form acted once to its end, every message is on its way, and nothing due was forgotten."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlmodel import col

from campaigns.clock import instant, local_date
from campaigns.date_words import day_words, moment_words
from campaigns.queries.verify.findings import Finding, Scene
from campaigns.rules.quotes import quoted
from campaigns.rules.states import DeliveryState
from campaigns.store.directory.people import FormKey
from campaigns.store.directory.working_days import work_calendar
from campaigns.store.ledger import Cursor, DueWork, Event
from campaigns.store.messages import ChannelSetting, Delivery

PATIENCE = timedelta(minutes=10)
"""How long a message or due work may wait before it counts as stuck."""
INBOX, PROGRAMS = "inbox", "programs"
"""The cursors of the readers that turn events into notices, and into deliveries to other systems."""


def stuck_keys(scene: Scene) -> Iterator[Finding]:
    """Find forms whose key is kept while what they did has no address: half an effect."""
    rows = select(col(FormKey.key), col(FormKey.person_id)).where(col(FormKey.location) == "")
    for key, person_id in scene.session.execute(rows.order_by(col(FormKey.at))):
        yield Finding(f"form_key {key}", f"人员{person_id}的一次提交（{key[:8]}…）只记下了编号，没有办成的结果。")


def forgotten_work(scene: Scene) -> Iterator[Finding]:
    """Find work of the calendar that is past due and not done."""
    overdue = col(DueWork.done_at).is_(None), col(DueWork.due_at) < scene.now - PATIENCE
    for work in scene.session.scalars(select(DueWork).where(*overdue).order_by(col(DueWork.due_at))):
        why = f"，上次没做成：{work.last_error}" if work.last_error else ""
        yield Finding(
            f"due_work {work.key}", f"{quoted(work.title)}应在{moment_words(work.due_at)}办理，到现在没有办{why}。"
        )


def stuck_deliveries(scene: Scene) -> Iterator[Finding]:
    """Find outward messages that wait past their next try although they may leave, and those given up."""
    late = (col(Delivery.state) == DeliveryState.QUEUED) & (col(Delivery.next_try_at) < scene.now - PATIENCE)
    due = late if _office_is_open(scene) else late & (col(Delivery.event_id) > 0)  # a program is told at any hour
    stuck = (col(Delivery.state) == DeliveryState.FAILED) | due
    for one in scene.session.scalars(select(Delivery).where(stuck).order_by(col(Delivery.id))):
        state = "发送失败" if one.state == DeliveryState.FAILED else "排队未发"
        why = f"：{one.last_error}" if one.last_error else "。"
        yield Finding(f"delivery {one.id}", f"{day_words(one.day)}发往{one.address}的消息（{one.channel}）{state}{why}")


def _office_is_open(scene: Scene) -> bool:
    """Outward messages leave in office hours only; in the first minutes of a day they are still on their way."""
    opened = instant(local_date(scene.now), scene.settings.office_opens) + PATIENCE
    closes = instant(local_date(scene.now), scene.settings.office_closes)
    return opened <= scene.now < closes and work_calendar(scene.session).is_working(local_date(scene.now))


def untold_events(scene: Scene) -> Iterator[Finding]:
    """Find events that nobody has turned into notices, or told the programs that listen, for too long."""
    readers = {INBOX: "没有生成站内消息"}
    listening = exists().where(col(ChannelSetting.channel) == "webhook", col(ChannelSetting.enabled).is_(True))
    if scene.session.scalar(select(listening)):
        readers[PROGRAMS] = "没有向其他业务系统发出"
    for reader, what in readers.items():
        read = scene.session.scalar(select(col(Cursor.position)).where(col(Cursor.name) == reader)) or 0
        waiting = col(Event.id) > read, col(Event.at) < scene.now - PATIENCE
        first, count = scene.session.execute(select(func.min(col(Event.id)), func.count()).where(*waiting)).one()
        if count:
            yield Finding(f"event {first}", f"从第{first}条起有{count}条办理记录超过10分钟{what}。")
