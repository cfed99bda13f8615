"""What somebody who can reach the database but not the application might do to the record: each attack names the row it hits."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlmodel import Session, SQLModel, col

from campaigns.definition.versions import fingerprint as definition_hash
from campaigns.queries.verify.ledger import head
from campaigns.rules.work.receipts import seal
from campaigns.store.campaign.campaigns import FrozenDefinition
from campaigns.store.directory.people import FormKey, Person, PersonRole
from campaigns.store.directory.regions import Organisation, Supervision
from campaigns.store.hazards.criteria import CriteriaVersion
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Cursor, DueWork, Event, fingerprint
from campaigns.store.messages import Delivery
from campaigns.store.reporting.cells import cells_of, signature
from campaigns.store.reporting.cells import fingerprint as figures_hash
from campaigns.store.reporting.forms import report_form
from campaigns.store.reporting.reports import Report, ReportCell, ReportMember
from campaigns.store.work.receipts import sealed
from campaigns.store.work.tasks import Attachment, PaperEntry, Submission, Task
from tests.lived import END, Lived

Attack = Callable[[Session, Lived], str]
"""Does its harm in the session's transaction and returns the row that must be named, as `event 12`."""
ATTACKS: dict[str, tuple[str, Attack]] = {}
"""By name: the invariant that must find it, and the attack."""
DAY = timedelta(days=1)


def finds(code: str, name: str) -> Callable[[Attack], Attack]:
    """Put an attack on the list, with the invariant that must find it."""

    def put(attack: Attack) -> Attack:
        ATTACKS[name] = code, attack
        return attack

    return put


def unguarded(session: Session) -> None:
    """Switch the database's own guards off for this transaction, as its owner can."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(text("PRAGMA ignore_check_constraints = ON"))
        for trigger in ("hazard_origin", "hazard_stays"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
    else:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for name in ("closer", "signers", "checker", "two_signatures", "closed", "graded"):
            session.execute(text(f"ALTER TABLE hazard DROP CONSTRAINT ck_hazard_{name}"))
    session.execute(text("DROP INDEX uq_supervision_active"))


def one(session: Session, table: type[SQLModel], *which: Any) -> Any:
    """Return the oldest row of a table that answers a condition."""
    return session.scalars(select(table).where(*which).order_by(*table.__table__.primary_key)).first()  # type: ignore[attr-defined]


def change(session: Session, row: Any, **values: Any) -> str:
    """UPDATE one row behind everybody's back."""
    table = type(row)
    session.execute(update(table).where(col(table.id) == row.id).values(**values))
    session.expire_all()
    return f"{table.__tablename__} {row.id}"


def drop(session: Session, row: Any) -> str:
    """DELETE one row behind everybody's back."""
    name = f"{type(row).__tablename__} {row.id}"
    session.execute(delete(type(row)).where(col(type(row).id) == row.id))
    session.expire_all()
    return name


def _submitted(session: Session) -> Any:
    return one(session, Event, col(Event.kind) == "task.submitted")


@finds("I3", "改办理记录的经办人")
def _rename(session: Session, _: Lived) -> str:
    return change(session, _submitted(session), actor_name="别人")


@finds("I3", "改办理记录的内容")
def _rewrite(session: Session, _: Lived) -> str:
    event = _submitted(session)
    return change(session, event, data={**event.data, "late": True})


@finds("I3", "改办理记录的时间")
def _redate(session: Session, _: Lived) -> str:
    event = _submitted(session)
    return change(session, event, at=event.at - DAY)


@finds("I3", "删一条办理记录")
def _delete_event(session: Session, _: Lived) -> str:
    event = _submitted(session)
    drop(session, event)
    return f"event {event.id + 1}"


@finds("I3", "插一条办理记录")
def _insert_event(session: Session, _: Lived) -> str:
    forged = Event(**_submitted(session).model_dump(exclude={"id"}) | {"actor_name": "别人"})
    forged.hash = fingerprint(forged)
    session.add(forged)
    session.flush()
    return f"event {forged.id}"


@finds("I3", "调换两条办理记录")
def _swap(session: Session, _: Lived) -> str:
    first = _submitted(session).id
    for before, after in ((first, -1), (first + 1, first), (-1, first + 1)):
        session.execute(update(Event).where(col(Event.id) == before).values(id=after))
    session.expire_all()
    return f"event {first + 1}"


@finds("I3", "改一条办理记录并重算它的校验值")
def _rehash(session: Session, _: Lived) -> str:
    event = _submitted(session)
    event.actor_name = "别人"
    event.hash = fingerprint(event)
    session.flush()
    return f"event {event.id + 1}"


@finds("I3", "截断末尾的办理记录")
def _truncate(session: Session, _: Lived) -> str:
    last = session.scalars(select(col(Event.id)).order_by(col(Event.id).desc()).limit(1)).one()
    session.execute(delete(Event).where(col(Event.id) > last - 3))
    return "cursor inbox"


@finds("I3", "改一条办理记录并重算整条链")
def _rewrite_chain(session: Session, _: Lived) -> str:
    _, noted = head(session)
    events = session.scalars(select(Event).order_by(col(Event.id))).all()
    previous = events[0].previous_hash
    for event in events:
        event.previous_hash = previous
        event.actor_name = "别人" if event.kind == "task.submitted" else event.actor_name
        event.hash = previous = fingerprint(event)
    session.flush()
    return f"head {noted}"


@finds("I10", "改封存的方案正文")
def _edit_definition(session: Session, _: Lived) -> str:
    frozen = one(session, FrozenDefinition)
    return change(session, frozen, text=frozen.text.replace("专项排查整治", "专项整治"))


@finds("I10", "改坏封存的方案正文")
def _break_definition(session: Session, _: Lived) -> str:
    frozen = one(session, FrozenDefinition)
    return change(session, frozen, text=frozen.text.replace("每月2次", "每月1次"))


@finds("I10", "改封存的表单")
def _edit_borrowed_form(session: Session, _: Lived) -> str:
    frozen = one(session, FrozenDefinition)
    return change(session, frozen, borrowed=frozen.borrowed.replace("排查日期", "检查日期"))


@finds("I10", "改封存的方案正文并重算校验值")
def _repin_definition(session: Session, _: Lived) -> str:
    frozen = one(session, FrozenDefinition)
    words = frozen.text.replace("专项排查整治", "专项整治")
    return change(session, frozen, text=words, sha256=definition_hash(words, frozen.parent_text, frozen.borrowed))


@finds("I9", "改提交的内容")
def _edit_submission(session: Session, _: Lived) -> str:
    submission = one(session, Submission)
    return change(session, submission, content={**submission.content, "带队人": "别人"})


@finds("I9", "改提交的时间")
def _redate_submission(session: Session, _: Lived) -> str:
    submission = one(session, Submission)
    return change(session, submission, submitted_at=submission.submitted_at - DAY)


@finds("I9", "换提交人")
def _resign_submission(session: Session, told: Lived) -> str:
    return change(session, one(session, Submission), person_id=told.cast.safety_officer.person_id)


@finds("I9", "改提交的内容并重算回执的校验值")
def _reseal_submission(session: Session, told: Lived) -> str:
    submission = one(session, Submission)
    submission.content = {**submission.content, "带队人": "别人"}
    submission.sha256 = seal(sealed(submission, signer=told.cast.principal.name))
    session.flush()
    return f"submission {submission.id}"


@finds("I9", "插一份提交")
def _forge_submission(session: Session, _: Lived) -> str:
    copied = one(session, Submission).model_dump(exclude={"id"}) | {"number": 2, "receipt": "20230512-forged"}
    forged = Submission(**copied)
    session.add(forged)
    session.flush()
    return f"submission {forged.id}"


@finds("I9", "改上报的数字")
def _edit_cell(session: Session, told: Lived) -> str:
    report = _county_report(session, told)
    mine = col(ReportCell.report_id) == report.id, col(ReportCell.atom) == "3.1"
    session.execute(update(ReportCell).where(*mine).values(month_reported=0))
    return f"report {report.id}"


@finds("I9", "换报表的签发人")
def _resign_report(session: Session, told: Lived) -> str:
    return change(session, _county_report(session, told), filed_by_id=told.cast.officer.person_id)


@finds("I9", "改上报的数字并重算签发的校验值")
def _reseal_report(session: Session, told: Lived) -> str:
    _edit_cell(session, told)
    report = _county_report(session, told)
    form = report_form(session, told.campaign, report.form)
    return change(session, report, sha256=signature(report, figures_hash(form, cells_of(session, report.id))))


def _entry(session: Session, **values: Any) -> Submission:
    """Change the paper behind the one 代录 and return its submission."""
    entry = session.scalars(select(PaperEntry)).one()
    if values:
        session.execute(update(PaperEntry).values(**values))
        session.expire_all()
    return session.get_one(Submission, entry.submission_id)


@finds("I9", "改纸质表的签字人")
def _resign_paper(session: Session, _: Lived) -> str:
    return f"submission {_entry(session, signed_by='别人').id}"


@finds("I9", "改收到纸质表的日期")
def _redate_paper(session: Session, _: Lived) -> str:
    return f"submission {_entry(session, received_on=date(2023, 5, 1)).id}"


@finds("I9", "删掉代录的标记")
def _unmark_entry(session: Session, _: Lived) -> str:
    submission = _entry(session)
    session.execute(delete(PaperEntry))
    return f"submission {submission.id}"


@finds("I2", "拿掉纸质表的原件")
def _without_paper(session: Session, _: Lived) -> str:
    return f"paper_entry {_entry(session, scans=[]).id}"


@finds("I2", "代录的人自己审核")
def _judge_own_entry(session: Session, told: Lived) -> str:
    submission = _entry(session)
    change(session, submission, decided_by_id=told.cast.officer.person_id)
    return f"paper_entry {submission.id}"


@finds("I2", "给企业自己的提交补一份代录")
def _forge_entry(session: Session, _: Lived) -> str:
    submission = one(session, Submission)
    day = date(2023, 5, 12)
    session.add(PaperEntry(submission_id=submission.id, signed_by="卫矿长", received_on=day, scans=[{"name": "x"}]))
    session.flush()
    return f"paper_entry {submission.id}"


@finds("I2", "删一份提交")
def _delete_submission(session: Session, _: Lived) -> str:
    submission = one(session, Submission)
    drop(session, submission)
    return f"receipt {submission.receipt}"


@finds("I2", "改审核结论")
def _forge_decision(session: Session, _: Lived) -> str:
    return change(session, one(session, Submission), decision="sent_back")


@finds("I2", "没有提交就算完成")
def _finish_task(session: Session, _: Lived) -> str:
    return change(session, one(session, Task, col(Task.state) == "assigned"), state="accepted")


@finds("I2", "悄悄改截止日期")
def _move_date(session: Session, _: Lived) -> str:
    task = one(session, Task, col(Task.state) == "assigned")
    return change(session, task, due_on=task.due_on + DAY)


@finds("I8", "改系统算出的数")
def _edit_figure(session: Session, told: Lived) -> str:
    report = _county_report(session, told)
    mine = col(ReportCell.report_id) == report.id, col(ReportCell.atom) == "1.3"
    session.execute(update(ReportCell).where(*mine).values(total_computed=9))
    return f"report {report.id}"


@finds("I8", "改市里汇总的数")
def _edit_sum(session: Session, told: Lived) -> str:
    report = one(session, Report, col(Report.organisation_id) == told.cast.city_bureau.id)
    mine = col(ReportCell.report_id) == report.id, col(ReportCell.atom) == "3.1"
    session.execute(update(ReportCell).where(*mine).values(month_computed=40))
    return f"report {report.id}"


@finds("I8", "抹掉数字背后的明细")
def _drop_member(session: Session, told: Lived) -> str:
    report = _county_report(session, told)
    session.execute(delete(ReportMember).where(col(ReportMember.report_id) == report.id))
    return f"report {report.id}"


@finds("I8", "删掉计入报表的隐患")
def _drop_counted(session: Session, told: Lived) -> str:
    drop(session, one(session, Hazard, col(Hazard.major).is_(True)))
    return f"report {_county_report(session, told).id}"


@finds("I11", "把部门检查的隐患改成企业自查")
def _change_source(session: Session, _: Lived) -> str:
    return change(session, one(session, Hazard, col(Hazard.source) == "inspection"), source="self")


@finds("I11", "把重大隐患改成一般")
def _change_grade(session: Session, _: Lived) -> str:
    return change(session, one(session, Hazard, col(Hazard.major).is_(True)), major=False)


@finds("I11", "改隐患的登记时间")
def _redate_hazard(session: Session, _: Lived) -> str:
    return change(session, one(session, Hazard), registered_at=END - 40 * DAY)


@finds("I11", "把销号的隐患退回整改")
def _reopen_hazard(session: Session, _: Lived) -> str:
    return change(session, one(session, Hazard), state="rectifying")


@finds("I11", "换成整改人自己销号")
def _close_oneself(session: Session, _: Lived) -> str:
    hazard = one(session, Hazard)
    return change(session, hazard, closed_by_id=hazard.rectified_by_id)


@finds("I11", "让企业销了重大隐患")
def _close_major(session: Session, told: Lived) -> str:
    closed = one(session, Event, col(Event.kind) == "hazard.closed", col(Event.organisation_id) == told.cast.pond.id)
    major = one(session, Hazard, col(Hazard.major).is_(True))
    change(session, closed, subject_id=major.id, actor_organisation_id=told.cast.pond.id)
    return f"hazard {major.id}"


@finds("I11", "抹掉第二个人的审签")
def _one_signature(session: Session, _: Lived) -> str:
    hazard = one(session, Hazard, col(Hazard.major).is_(True))
    return change(session, hazard, checked_by_id=hazard.closed_by_id)


@finds("I11", "删一条隐患")
def _delete_hazard(session: Session, _: Lived) -> str:
    return drop(session, one(session, Hazard))


@finds("I11", "插一条隐患")
def _insert_hazard(session: Session, _: Lived) -> str:
    forged = Hazard(
        **(
            one(session, Hazard).model_dump(exclude={"id", "act_by", "ordinary", "is_open", "search"})
            | {"number": "YH-forged"}
        )
    )
    session.add(forged)
    session.flush()
    return f"hazard {forged.id}"


@finds("I17", "插一版没有导入记录的判定标准")
def _forge_criteria(session: Session, told: Lived) -> str:
    row = {
        "document_number": "假〔2023〕1号",
        "version": 1,
        "title": "假标准",
        "issued_on": date(2023, 1, 1),
        "in_force_on": date(2023, 1, 1),
        "sectors": [],
        "parts": [],
        "sha256": "0" * 64,
        "imported_at": END,
        "imported_by_id": told.cast.officer.person_id,
    }
    added = session.scalar(insert(CriteriaVersion).values(row).returning(col(CriteriaVersion.id)))
    return f"criteria_version {added}"


@finds("I17", "把隐患的条款换成查不到的")
def _forge_citation(session: Session, _: Lived) -> str:
    hazard = one(session, Hazard, col(Hazard.major).is_(True))
    return change(session, hazard, criterion_set="假〔2023〕1号", criterion_version="1", criterion_clause="（九）")


@finds("I12", "换附件的校验值")
def _rehash_attachment(session: Session, _: Lived) -> str:
    return change(session, one(session, Attachment), sha256="0" * 64)


@finds("I12", "附件指向别的文件")
def _redirect_attachment(session: Session, _: Lived) -> str:
    return change(session, one(session, Attachment), storage_id="0" * 32)


@finds("I6", "一家企业两个监管主体")
def _two_bureaus(session: Session, told: Lived) -> str:
    pair = {"enterprise_id": told.cast.pond.id, "bureau_id": told.cast.neighbour_bureau.id}
    session.execute(insert(Supervision).values(started_on=date(2023, 4, 2), **pair))
    return f"organisation {told.cast.pond.id}"


@finds("I6", "企业没有监管主体")
def _no_bureau(session: Session, told: Lived) -> str:
    mine = col(Supervision.enterprise_id) == told.cast.pond.id
    session.execute(update(Supervision).where(mine).values(ended_on=date(2023, 5, 1)))
    return f"organisation {told.cast.pond.id}"


@finds("I6", "企业监管企业")
def _wrong_bureau(session: Session, told: Lived) -> str:
    its = one(session, Supervision, col(Supervision.enterprise_id) == told.cast.pond.id)
    return change(session, its, bureau_id=told.cast.other_pond.id)


@finds("I5", "到期的工作没有办")
def _undo_work(session: Session, _: Lived) -> str:
    work = one(session, DueWork, col(DueWork.done_at).is_not(None))
    change(session, work, done_at=None)
    return f"due_work {work.key}"


@finds("I4", "办理记录没有生成消息")
def _hold_inbox(session: Session, _: Lived) -> str:
    session.execute(update(Cursor).values(position=5))
    return "event 6"


@finds("I4", "消息发送失败")
def _fail_delivery(session: Session, told: Lived) -> str:
    failed = Delivery(
        channel="email",
        person_id=told.cast.officer.person_id,
        day=END.date(),
        address="officer@example.invalid",
        title="",
        body="",
        state="failed",
        next_try_at=END,
        message_id="failed",
    )
    session.add(failed)
    session.flush()
    return f"delivery {failed.id}"


@finds("I1", "提交只记下编号")
def _half_effect(session: Session, told: Lived) -> str:
    values = {"key": "half", "person_id": told.cast.officer.person_id, "body_hash": "", "location": "", "at": END}
    session.execute(insert(FormKey).values(**values))
    return "form_key half"


@finds("I16", "引用不存在的行")
def _dangle(session: Session, _: Lived) -> str:
    return change(session, one(session, Attachment), submission_id=987_654)


@finds("I15", "账号的单位已关闭")
def _close_home(session: Session, told: Lived) -> str:
    closed = {"closed_on": date(2023, 5, 2)}
    change(session, session.get_one(Organisation, told.cast.government.id), **closed)
    return f"person {told.cast.government_officer.person_id}"


@finds("I15", "账号没有角色")
def _no_role(session: Session, told: Lived) -> str:
    session.execute(delete(PersonRole).where(col(PersonRole.person_id) == told.cast.officer.person_id))
    return f"person {session.get_one(Person, told.cast.officer.person_id).id}"


def _county_report(session: Session, told: Lived) -> Any:
    return one(session, Report, col(Report.organisation_id) == told.cast.bureau.id)
