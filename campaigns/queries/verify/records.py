"""I2, I9, I10: what was handed in, filed and launched is byte for byte what it was, and has its line in the ledger."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from campaigns.definition.versions import fingerprint as definition_hash
from campaigns.queries.verify.findings import Finding, Scene
from campaigns.rules.dates.period_words import period_label
from campaigns.rules.quotes import quoted
from campaigns.rules.states import ReportState, TaskState
from campaigns.rules.work.receipts import seal
from campaigns.store.campaign.campaigns import Campaign, FrozenDefinition, PlannedOccurrence
from campaigns.store.directory.people import Person
from campaigns.store.ledger import Event
from campaigns.store.reporting.cells import cells_of, fingerprint, signature
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report
from campaigns.store.work.receipts import HANDED_IN, sealed
from campaigns.store.work.tasks import PaperEntry, RecordUse, Submission, Task, TaskRequest

_BATCH = 500
_SEALED = (ReportState.FILED, ReportState.ACCEPTED, ReportState.REPLACED)
_RECEIPT = col(Event.data)["receipt"].as_string()


def changed_submissions(scene: Scene) -> Iterator[Finding]:
    """Compute the hash of every submission again, and hold it against the one that its event keeps."""
    rows = (
        select(Submission, PaperEntry, col(Event.actor_name), col(Event.data))
        .outerjoin(PaperEntry, col(PaperEntry.submission_id) == col(Submission.id))
        .outerjoin(Event, _tells_of_submission(*HANDED_IN))
        .order_by(col(Submission.id))
        .execution_options(yield_per=_BATCH)
    )
    for submission, paper, signer, data in scene.session.execute(rows):
        what = f"回执{submission.receipt}（任务{submission.task_id}第{submission.number}次提交）"
        if data is None:
            yield Finding(f"submission {submission.id}", f"{what}没有对应的提交记录，不是由本人登录提交的。")
        elif (
            seal(sealed(submission, signer=signer, paper=paper)) != submission.sha256
            or data["sha256"] != submission.sha256
        ):
            yield Finding(f"submission {submission.id}", f"{what}的内容、提交人或时间被改动过，和回执上的校验值不符。")
        scene.session.expunge(submission)


def missing_submissions(scene: Scene) -> Iterator[Finding]:
    """Find receipts given out whose submission is gone."""
    kept = exists().where(col(Submission.receipt) == _RECEIPT)
    rows = select(_RECEIPT, col(Event.actor_name)).where(col(Event.kind).in_(HANDED_IN), ~kept)
    for receipt, signer in scene.session.execute(rows):
        yield Finding(f"receipt {receipt}", f"{signer}的回执{receipt}还在，提交的内容却不见了。")


def unexplained_decisions(scene: Scene) -> Iterator[Finding]:
    """Find submissions accepted or sent back of which the ledger knows nothing."""
    kinds = {
        "accepted": ("task.accepted", "task.submitted", "task.record_used"),
        "sent_back": ("task.sent_back", "task.objected", "objection.granted"),
    }
    for decision, known in kinds.items():
        decided = exists().where(_tells_of_submission(*known))
        rows = select(col(Submission.id), col(Submission.receipt))
        for id_, receipt in scene.session.execute(rows.where(col(Submission.decision) == decision, ~decided)):
            yield Finding(f"submission {id_}", f"回执{receipt}的审核结论没有办理记录，不是审核人作出的。")


def strange_entries(scene: Scene) -> Iterator[Finding]:
    """Find forms typed in from paper that have no paper, or were typed in by the doer, or judged by whoever typed them."""
    rows = (
        select(PaperEntry, Submission, col(Event.kind), col(Person.organisation_id))
        .join(Submission, col(Submission.id) == col(PaperEntry.submission_id))
        .join(Person, col(Person.id) == col(Submission.person_id))
        .outerjoin(Event, _tells_of_submission(*HANDED_IN))
        .order_by(col(Submission.id))
    )
    for entry, submission, kind, organisation_id in scene.session.execute(rows):
        wrong = {
            "没有纸质表原件": not entry.scans,
            "没有代录的记录": kind != "task.entered",
            "是填报单位自己的人录的": organisation_id == submission.organisation_id,
            "由代录的人自己审核": submission.decided_by_id == submission.person_id,
        }
        for words in (words for words, is_so in wrong.items() if is_so):
            yield Finding(f"paper_entry {submission.id}", f"代录的回执{submission.receipt}{words}。")


def strange_uses(scene: Scene) -> Iterator[Finding]:
    """Find records used by another organisation, changed in use, or counted twice in one campaign, and uses nobody made."""
    record, own = aliased(Submission), aliased(Task)
    used_too = exists().where(col(RecordUse.submission_id) == col(record.id)).correlate(record)
    rows = (
        select(RecordUse, Submission, record, col(Task.campaign_id), col(own.campaign_id), used_too, Event)
        .join(Submission, col(Submission.id) == col(RecordUse.submission_id))
        .join(record, col(record.id) == col(RecordUse.record_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(own, col(own.id) == col(record.task_id))
        .outerjoin(Event, _tells_of_submission("task.record_used"))
        .order_by(col(Submission.id))
    )
    for use, submission, behind, campaign_id, first_id, twice, event in scene.session.execute(rows):
        wrong = {
            "没有使用的记录": event is None or event.data["record"] != behind.receipt,
            "是别的单位的": _whose(submission) != _whose(behind),
            "内容和原记录不同": _what(submission) != _what(behind),
            "在同一个行动里算了两次": campaign_id == first_id or campaign_id != use.campaign_id or twice,
        }
        for words in (words for words, is_so in wrong.items() if is_so):
            yield Finding(f"record_use {submission.id}", f"回执{submission.receipt}用的记录{behind.receipt}{words}。")


def lost_uses(scene: Scene) -> Iterator[Finding]:
    """Find submissions that the ledger says use a record and that pass for records of their own."""
    rows = (
        select(col(Submission.id), col(Submission.receipt))
        .join(Event, _tells_of_submission("task.record_used"))
        .where(~exists().where(col(RecordUse.submission_id) == col(Submission.id)))
    )
    for id_, receipt in scene.session.execute(rows.order_by(col(Submission.id))):
        yield Finding(f"record_use {id_}", f"回执{receipt}用了已报的记录，用的是哪一份却查不到了。")


def unexplained_tasks(scene: Scene) -> Iterator[Finding]:
    """Find tasks said to be handed in without anything handed in, and due dates moved without a granted extension."""
    handed_in = exists().where(col(Submission.task_id) == col(Task.id))
    once_filed = or_(col(Report.state).in_(_SEALED), col(Report.version) > 1)
    filed = exists().where(col(Report.task_id) == col(Task.id), once_filed)
    empty = col(Task.state).in_((TaskState.SUBMITTED, TaskState.ACCEPTED)), ~handed_in, ~filed
    for id_, title, period in scene.session.execute(_tasks().where(*empty)):
        yield Finding(f"task {id_}", f"任务{id_}（{title}{period_label(period)}）显示已提交，但没有任何提交内容。")
    granted = exists().where(
        col(TaskRequest.task_id) == col(Task.id),
        col(TaskRequest.state) == "granted",
        col(TaskRequest.due_on) == col(Task.due_on),
    )
    moved = col(Task.due_on) != col(PlannedOccurrence.due_on), ~granted
    for id_, title, period in scene.session.execute(_tasks().where(*moved)):
        yield Finding(
            f"task {id_}", f"任务{id_}（{title}{period_label(period)}）的截止日期和计划不同，却没有同意延期的记录。"
        )


def changed_reports(scene: Scene) -> Iterator[Finding]:
    """Compute the hash of every filed report from its cells, and hold it against the row's and the event's."""
    for report in scene.session.scalars(select(Report).where(col(Report.state).in_(_SEALED)).order_by(col(Report.id))):
        form = report_form(scene.session, scene.session.get_one(Campaign, report.campaign_id), report.form)
        again = signature(report, fingerprint(form, cells_of(scene.session, report.id)))
        filings = scene.session.scalars(_filings(report.current_id or report.id)).all()
        filed = next((each for each in filings if report.current_id is None or each["sha256"] == report.sha256), None)
        what = f"{period_label(report.period)}{report.form}（报表{report.id}）"
        if filed is None:
            yield Finding(f"report {report.id}", f"{what}显示已上报，却没有上报的记录。")
        elif not again == report.sha256 == filed["sha256"]:
            yield Finding(f"report {report.id}", f"{what}上报以后数字、签发人或时间被改动过，和上报时的校验值不符。")


def changed_definitions(scene: Scene) -> Iterator[Finding]:
    """Compute the pin of every frozen definition again, and hold it against the one that its launch recorded."""
    launched = aliased(Event)
    rows = (
        select(FrozenDefinition, col(Campaign.id), col(Campaign.title), col(launched.data))
        .join(Campaign, col(Campaign.definition_id) == col(FrozenDefinition.id))
        .outerjoin(launched, and_(col(launched.kind) == "campaign.launched", col(launched.subject_id) == Campaign.id))
        .order_by(col(Campaign.id))
    )
    for frozen, campaign_id, title, data in scene.session.execute(rows):
        if data is None:
            yield Finding(f"campaign {campaign_id}", f"{quoted(title)}没有启动的记录，不是由人启动的。")
        elif (
            not definition_hash(frozen.text, frozen.parent_text, frozen.borrowed) == frozen.sha256 == data["definition"]
        ):
            yield Finding(
                f"frozen_definition {frozen.id}", f"{quoted(title)}启动时封存的方案正文被改动过，和封存时的校验值不符。"
            )


def _tells_of_submission(*kinds: str) -> ColumnElement[bool]:
    about = and_(col(Event.subject) == "task", col(Event.subject_id) == col(Submission.task_id))
    return and_(about, col(Event.kind).in_(kinds), col(Submission.receipt) == _RECEIPT)


def _whose(submission: Submission) -> tuple[int, int]:
    return submission.organisation_id, submission.subject_id


def _what(submission: Submission) -> tuple[Any, ...]:
    return submission.occurred_on, submission.nil, submission.content


def _tasks() -> Select[Any]:
    columns = col(Task.id), col(PlannedOccurrence.title), col(PlannedOccurrence.period)
    planned = col(PlannedOccurrence.id) == col(Task.occurrence_id)
    return select(*columns).join(PlannedOccurrence, planned).order_by(col(Task.id))


def _filings(report_id: int) -> Select[Any]:
    about = col(Event.kind) == "report.filed", col(Event.subject) == "report", col(Event.subject_id) == report_id
    return select(col(Event.data)).where(*about).order_by(col(Event.id).desc())
