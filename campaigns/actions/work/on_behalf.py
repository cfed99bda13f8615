"""代录: what an enterprise wrote and signed on paper, typed in by its supervising bureau and marked so.

The bureau adds nothing of its own: it types what stands on the paper, keeps the scan, and somebody else reviews. The enterprise
is told at once and may object (actions/work/objecting).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from campaigns.actions.hazards.registering import Origin
from campaigns.actions.hazards.registering import enter as enter_hazard
from campaigns.actions.stepping import check_version, task_for
from campaigns.actions.work.handing_in import (
    check_filled,
    check_open,
    hand_in,
    not_yet_registered,
    occurrence_of,
    settle,
)
from campaigns.clock import local_date
from campaigns.date_words import day_words
from campaigns.rules.hazards.finding import Finding
from campaigns.rules.permissions import Actor, Permission
from campaigns.rules.states import HazardSource
from campaigns.rules.work.filling import Filled
from campaigns.rules.work.paper import (
    Paper,
    check_enterable,
    check_signatures,
    is_nil,
    on_paper,
    paper_alone,
    taken_apart,
)
from campaigns.store.work.forms import form_of
from campaigns.store.work.tasks import PaperEntry, Submission, Task


def enter(
    session: Session, *, task_id: int, values: Mapping[str, Any], version: int | None = None, by: Actor, now: datetime
) -> Submission:
    """代录: hand in for an enterprise what stands on its signed paper.

    `values` are the blanks of `rules.paper.on_paper`: the form's own, names in place of signatures, and the paper's. A task that
    nobody reviews gets the bureau as its reviewer, because whoever types it in does not judge it. Late is what the bureau had
    late, whenever it was typed in. Raises Invalid with one sentence per blank, and then nothing is changed.
    """
    task = task_for(session, task_id, Permission.ENTER_ON_BEHALF, by=by)
    check_open(task)
    check_version(session, task, seen=version)
    occurrence = occurrence_of(session, task)
    check_enterable(event_driven=occurrence.event_driven)
    form = form_of(session, occurrence)
    nil = is_nil(form, values)
    asked = paper_alone(form) if nil else on_paper(form)
    if not nil:
        check_signatures(form, values)
    filled, paper = taken_apart(form, check_filled(session, task, occurrence, asked, values, by=by, now=now))
    if nil:
        filled = replace(filled, content={"零报告": paper.signed_by})
    late = paper.received_on > task.due_on
    task.reviewer_id = task.reviewer_id or by.organisation_id
    task.overdue_on = task.overdue_on if late else None
    submission = hand_in(session, task, filled, nil=nil, by=by, now=now, paper=_row(paper))
    _register(session, task, filled, submission, by=by, now=now)
    words = f"纸面签字人{paper.signed_by}，{day_words(paper.received_on)}收到纸质表，原件{len(paper.scans)}份"
    settle(session, task, occurrence, submission, kind="task.entered", late=late, by=by, now=now, words=words)
    return submission


def _row(paper: Paper) -> PaperEntry:
    return PaperEntry(
        submission_id=0,  # until the submission has its id
        signed_by=paper.signed_by,
        received_on=paper.received_on,
        scans=list(paper.scans),
    )


def _register(
    session: Session, task: Task, filled: Filled, submission: Submission, *, by: Actor, now: datetime
) -> None:
    """Put what the enterprise found into the register as its own find; who typed it stands in the trail.

    What the paper says about a cure on the spot stays words: whoever typed it did not see it, and the recheck has still to come.
    """
    for enterprise_id, finding in not_yet_registered(session, task, filled):
        origin = Origin(HazardSource.SELF, _found_on(filled, now), submission=submission)
        enter_hazard(session, _as_words(finding), origin, enterprise_id=enterprise_id, by=by, now=now)


def _found_on(filled: Filled, now: datetime) -> date:
    return min(filled.occurred_on, local_date(now))


def _as_words(finding: Finding) -> Finding:
    if not finding.rectification:
        return finding
    told = f"{finding.description}\n纸面写明当场整改：{finding.rectification}".strip()
    return replace(finding, description=told, rectification="")
