"""The campaign that takes every ready duty: launched with the bureau's own answers, every form of it handed in."""

from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.actions.work.files import attach_to_task
from campaigns.actions.work.tasks import submit
from campaigns.definition import library
from campaigns.rules.files.uploads import Upload
from campaigns.rules.permissions import Actor
from campaigns.rules.work.fields import FILE_KINDS
from campaigns.rules.work.filling import blank
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition, PlannedOccurrence
from campaigns.store.campaign.definitions import definition_of
from campaigns.store.files import Folder
from campaigns.store.work.tasks import Submission, Task
from tests.campaigns import LAUNCHED, at
from tests.factories import answers
from tests.people import Cast
from tests.pictures import photo


def test_every_form_can_be_handed_in_after_a_launch(cast: Cast, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    template = library.template("enterprise-duties")
    given = {name: parameter.default for name, parameter in template.parameters.items()}
    with cast.database.transaction() as session:
        draft = Draft.of_template("enterprise-duties", parameters=given, starts_on=date(2023, 5, 1))
        campaign_id = launch(session, draft, launch_key="all", by=cast.officer, now=LAUNCHED).id
    with cast.database.transaction() as session:
        wanted = _one_of_each_form(session, campaign_id)
        assert len(wanted) > 35
        for task_id, doer in wanted:
            _hand_in(session, task_id, cast.principal if doer == cast.pond.id else cast.officer, cast, folder)
        assert len(session.scalars(select(Submission)).all()) == len(wanted)
        frozen = session.get_one(FrozenDefinition, session.get_one(Campaign, campaign_id).definition_id)
        assert "图纸定期交换" in frozen.borrowed


def _one_of_each_form(session: Session, campaign_id: int) -> list[tuple[int, int]]:
    rows = session.execute(
        select(col(PlannedOccurrence.form), col(Task.id), col(Task.organisation_id))
        .join(Task, col(Task.occurrence_id) == col(PlannedOccurrence.id))
        .where(col(Task.campaign_id) == campaign_id, col(PlannedOccurrence.responsible) != "安全总监")
        .order_by(col(Task.id).desc())
    )
    return [(task_id, doer) for task_id, doer in {form: (task, doer) for form, task, doer in rows}.values()]


def _hand_in(session: Session, task_id: int, doer: Actor, cast: Cast, folder: Folder) -> None:
    task = session.get_one(Task, task_id)
    occurrence = session.get_one(PlannedOccurrence, task.occurrence_id)
    if task.organisation_id == cast.other_pond.id:
        doer = cast.other_principal
    definition = definition_of(session, session.get_one(Campaign, task.campaign_id))
    form = blank(library.form(definition, occurrence.form), occurrence.evidence)
    for field in form.fields:
        if field.kind in FILE_KINDS:
            attach_to_task(
                session,
                task_id=task_id,
                label=field.title,
                uploads=[Upload(f"{field.title}.jpg", photo())],
                picture=field.kind == "照片",
                store=folder,
                by=doer,
                now=at(5, 12),
            )
    submit(session, task_id=task_id, values=answers(form), by=doer, now=at(5, 12))
