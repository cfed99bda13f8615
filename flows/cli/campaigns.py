"""Commands about running campaigns, for somebody with access to the machine who acts in a named person's name."""

import hashlib
import json
from typing import Annotated

from cyclopts import Parameter
from sqlmodel import Session

from campaigns.actions.directory.people import actor_for
from campaigns.actions.launch.campaigns import launch as launch_campaign
from campaigns.actions.launch.campaigns import preview
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.launch.previews import Preview
from campaigns.clock import now
from campaigns.date_words import day_words
from campaigns.errors import NotFound
from campaigns.queries.directory.accounts import person_with
from campaigns.rules.permissions import Actor
from flows.cli.console import say
from flows.cli.definitions import day_of, parameters_of, text_of
from flows.cli.installation import installed


def launch(
    template: str,
    /,
    *,
    as_: Annotated[str, Parameter(name="--as")],
    set_: Annotated[tuple[str, ...], Parameter(name="--set", negative="")] = (),
    start: str = "",
    document: str = "",
    preview_only: Annotated[bool, Parameter(name="--preview", negative="")] = False,
) -> None:
    """启动一个专项行动；同样的命令再执行一次不会重复启动。

    Parameters
    ----------
    template
        模板编号（如 hazard-2023）或模板文件。
    as_
        以谁的名义启动：本局经办人或局领导的登录名。
    set_
        参数，写成 名称=值，可写多次。
    start
        启动日期，如 2026-11-22；不写用通知里的日期。
    document
        印发文号。
    preview_only
        只预览，不启动。
    """
    draft = Draft.of_text(text_of(template), parameters=parameters_of(set_), starts_on=day_of(start))
    with installed().reading() as session:
        by = _actor(session, as_)
        _tell(preview(session, draft, by=by, now=now()))
    if preview_only:
        return
    with installed().transaction() as session:
        campaign = launch_campaign(
            session, draft, launch_key=_key(draft, by), document_number=document, by=by, now=now()
        )
        say(
            f"已启动：{campaign.title}（编号 {campaign.id}），{day_words(campaign.starts_on)}至{day_words(campaign.ends_on)}。"
        )


def _tell(seen: Preview) -> None:
    say(f"{seen.title}    {day_words(seen.starts_on)}至{day_words(seen.ends_on)}")
    for roster in seen.rosters:
        say(f"  {roster.name}：{roster.count} 家")
    say(f"  任务 {seen.tasks} 项，涉及 {seen.people} 人，消息 {sum(seen.messages_per_day.values())} 条")
    for warning in seen.warnings:
        say(f"  注意：{warning}")


def _actor(session: Session, login: str) -> Actor:
    person_id = person_with(session, login)
    if person_id is None:
        raise NotFound(f"没有登录名为“{login}”的账号，或已停用。", kept="没有启动。", advice="请核对登录名。")
    return actor_for(session, person_id)


def _key(draft: Draft, by: Actor) -> str:
    """Return the same key for the same command, so that pressing ↑ and Enter launches nothing twice."""
    said = [by.organisation_id, draft.text, sorted(draft.parameters.items()), str(draft.starts_on)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
