"""专项行动: launched once by one bureau, closed when its summary is in."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from campaigns.actions.events import record
from campaigns.actions.launch.drafts import Draft, Prepared, prepare
from campaigns.actions.launch.fan_out import fan_out
from campaigns.actions.launch.launching import freeze, plan_work, write_plan
from campaigns.actions.launch.previews import Preview, previewed
from campaigns.actions.launch.rosters import AT_LAUNCH, enrol, names
from campaigns.actions.messages.told import tell_everybody
from campaigns.actions.time import due_work
from campaigns.clock import local_date
from campaigns.definition.parameters import not_stated
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import OPEN_TASK_STATES, CampaignState, StageState, TaskState, check_move
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition, Stage
from campaigns.store.campaign.rosters import members
from campaigns.store.database import insert_into
from campaigns.store.scope import check_relation
from campaigns.store.work.tasks import Task


def preview(session: Session, draft: Draft, *, by: Actor, now: datetime) -> Preview:
    """Return everything a launch of this draft would do, without doing any of it.

    Raises:
        DefinitionErrors: the text is not right. Invalid: the parameters are not. Forbidden: not the actor's to launch.
    """
    return previewed(session, prepare(session, draft, by=by, now=now), now=now)


def launch(
    session: Session, draft: Draft, *, launch_key: str, document_number: str = "", by: Actor, now: datetime
) -> Campaign:
    """Launch a campaign: freeze the text, resolve the rosters, fan the tasks out, plan the calendar, tell everybody once.

    All of it stands in the door's one transaction. The same `launch_key` again returns the same campaign and writes nothing.

    Raises:
        DefinitionErrors: the text is not right. Invalid: a parameter is not, or the bureau has not stated one that the notice
            leaves open. Forbidden: not the actor's to launch. Conflict: nobody would have anything to do.
    """
    if known := _launched_with(session, launch_key):
        check_relation(session, by, Permission.SEE, known.bureau_id)
        return known
    ready = prepare(session, draft, by=by, now=now)
    _check_stated(ready)
    campaign = _insert(session, ready, launch_key, document_number, by, now)
    if campaign is None:  # another process was faster with the same key; on PostgreSQL the INSERT waited for it
        return session.scalars(select(Campaign).where(col(Campaign.launch_key) == launch_key)).one()
    write_plan(session, campaign, ready.plan, now=now)
    tasks = _give_out(session, campaign, ready, now=now)
    plan_work(session, campaign, ready, now=now)
    people = tell_everybody(session, campaign, now=now)
    record(
        session,
        "campaign.launched",
        by=by,
        now=now,
        about=campaign,
        campaign_id=campaign.id,
        organisation_id=campaign.bureau_id,
        template=campaign.template,
        definition=session.get_one(FrozenDefinition, campaign.definition_id).sha256,
        document_number=campaign.document_number,
        tasks=tasks,
        people=people,
    )
    return campaign


def _give_out(session: Session, campaign: Campaign, ready: Prepared, *, now: datetime) -> int:
    for name in names(session, campaign.id):
        found = members(ready.definition, name, ready.home, ready.today)
        enrol(session, campaign, name, found, on=ready.today, reason=AT_LAUNCH)
    tasks = fan_out(session, ready.definition, campaign.id, now=now)
    if not tasks:
        raise Conflict(
            "没有任何单位符合这个行动的对象，没有启动。",
            kept="没有改动任何内容。",
            advice="请核对企业名册的行业、类别和属性。",
        )
    return tasks


def _launched_with(session: Session, launch_key: str) -> Campaign | None:
    if not launch_key:
        raise Invalid("缺少启动编号，没有启动。", advice="请回到预览页重新提交。")
    return session.scalars(select(Campaign).where(col(Campaign.launch_key) == launch_key)).one_or_none()


def _check_stated(ready: Prepared) -> None:
    missing = not_stated(ready.definition, ready.draft.parameters)
    if missing:
        raise Invalid(
            f"还有{len(missing)}个参数通知没有写明，须由本局填写，没有启动。",
            fields={name: ready.definition.parameters[name].note or "请填写" for name in missing},
            kept="没有改动任何内容。",
        )


def _insert(
    session: Session, ready: Prepared, launch_key: str, document_number: str, by: Actor, now: datetime
) -> Campaign | None:
    meta = ready.definition.meta
    row = {
        "template": meta.code,
        "title": meta.title,
        "kind": meta.kind,
        "bureau_id": ready.bureau.id,
        "region_id": ready.home.id,
        "definition_id": freeze(session, ready.draft, ready.definition),
        "parameters": dict(ready.draft.parameters),
        "document_number": document_number.strip() or meta.document_number,
        "starts_on": ready.plan.starts_on,
        "ends_on": ready.plan.ends_on,
        "state": CampaignState.RUNNING,
        "launched_at": now,
        "launched_by_id": by.person_id,
        "launch_key": launch_key,
        "skipped": list(ready.plan.skipped),
    }
    insert = insert_into(session, Campaign).values(row).on_conflict_do_nothing(index_elements=["launch_key"])
    campaign_id = session.scalar(insert.returning(col(Campaign.id)))
    return None if campaign_id is None else session.get_one(Campaign, campaign_id)


def close(session: Session, *, campaign_id: int, reason: str, by: Actor, now: datetime) -> Campaign:
    """Close a campaign after its summary: nothing of it is chased or rolled up any more, and nothing of it is lost.

    Before its last day, or with work still open, the closing needs a reason.
    """
    campaign = session.get(Campaign, campaign_id, with_for_update=True)
    if campaign is None:
        raise NotFound
    check_relation(session, by, Permission.LAUNCH, campaign.bureau_id)
    check_move("专项行动", CampaignState(campaign.state), CampaignState.CLOSED)
    undone = _undone(session, campaign)
    early = local_date(now) <= campaign.ends_on and not _all_stages_done(session, campaign)
    if (early or undone) and not reason.strip():
        why = f"还有{undone}项任务没有办结" if undone else "还没有到结束日期"
        raise Invalid(f"{why}，没有结束行动。", fields={"reason": "请写明现在结束的理由。"}, kept="没有改动任何内容。")
    campaign.state = CampaignState.CLOSED
    session.flush()
    due_work.withdraw(session, campaign_id=campaign.id)
    record(
        session,
        "campaign.closed",
        by=by,
        now=now,
        about=campaign,
        campaign_id=campaign.id,
        organisation_id=campaign.bureau_id,
        reason=reason.strip(),
        undone=undone,
    )
    return campaign


def _undone(session: Session, campaign: Campaign) -> int:
    states = (*OPEN_TASK_STATES, TaskState.SUBMITTED)
    tasks = select(func.count()).select_from(Task)
    return session.scalar(tasks.where(col(Task.campaign_id) == campaign.id, col(Task.state).in_(states))) or 0


def _all_stages_done(session: Session, campaign: Campaign) -> bool:
    states = session.scalars(select(col(Stage.state)).where(col(Stage.campaign_id) == campaign.id)).all()
    return bool(states) and all(state == StageState.DONE for state in states)
