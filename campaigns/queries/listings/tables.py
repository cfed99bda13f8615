"""The listings: 单位, 任务, 隐患, 报表. A new one is one statement and one line."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from campaigns.queries.hazards.register_list import in_sight
from campaigns.queries.listings.listing import Listing, Reading
from campaigns.queries.work.task_lines import is_late
from campaigns.rules.permissions import OrganisationKind
from campaigns.rules.states import HazardSource, HazardState, ReportState, TaskState
from campaigns.store.campaign.campaigns import Campaign, PlannedOccurrence, RosterEntry
from campaigns.store.directory.regions import Organisation, Region, Supervision
from campaigns.store.hazards.hazards import Hazard
from campaigns.store.ledger import Event
from campaigns.store.reporting.reports import Report
from campaigns.store.scope import visible
from campaigns.store.work.sharing import from_paper
from campaigns.store.work.tasks import SENT_BACK, Submission, Task

Bureau = aliased(Organisation, name="bureau")
Subject = aliased(Organisation, name="subject")


def _organisations(reading: Reading) -> Select[Any]:
    statement = (
        select(
            col(Organisation.id),
            col(Organisation.name),
            col(Organisation.kind),
            col(Region.name),
            col(Region.code),
            col(Organisation.credit_code),
            col(Organisation.sector),
            col(Organisation.category),
            col(Organisation.status),
            col(Bureau.name),
            col(Organisation.closed_on),
        )
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .outerjoin(
            Supervision,
            and_(col(Supervision.enterprise_id) == col(Organisation.id), col(Supervision.ended_on).is_(None)),
        )
        .outerjoin(Bureau, col(Bureau.id) == col(Supervision.bureau_id))
        .where(col(Organisation.id).in_(visible(reading.actor)))
    )
    return statement if reading.campaign_id is None else statement.where(col(Organisation.id).in_(_roster(reading)))


def _tasks(reading: Reading) -> Select[Any]:
    statement = (
        select(
            col(Task.id),
            col(Task.campaign_id),
            col(PlannedOccurrence.duty),
            col(PlannedOccurrence.title),
            col(PlannedOccurrence.period),
            col(Task.organisation_id),
            col(Organisation.name),
            col(Region.name),
            col(Subject.name),
            col(Task.state),
            col(Task.due_on),
            is_late(reading.now),
            col(Task.submitted_at),
            col(Task.decided_at),
            _entered(),
        )
        .join(PlannedOccurrence, col(PlannedOccurrence.id) == col(Task.occurrence_id))
        .join(Organisation, col(Organisation.id) == col(Task.organisation_id))
        .join(Region, col(Region.id) == col(Organisation.region_id))
        .join(Subject, col(Subject.id) == col(Task.subject_id))
        .where(col(Task.organisation_id).in_(visible(reading.actor)))
    )
    return statement if reading.campaign_id is None else statement.where(col(Task.campaign_id) == reading.campaign_id)


def _entered() -> ColumnElement[bool]:
    """Whether what stands for the task now was typed in from paper (代录): its latest submission, unless that came back."""
    return exists().where(
        col(Submission.task_id) == col(Task.id),
        col(Submission.decision) != SENT_BACK,
        from_paper(),
    )


def _hazards(reading: Reading) -> Select[Any]:
    statement = (
        select(
            col(Hazard.id),
            col(Hazard.number),
            col(Hazard.title),
            col(Hazard.location),
            col(Hazard.enterprise_id),
            col(Organisation.name),
            col(Hazard.major),
            col(Hazard.source),
            col(Hazard.state),
            col(Hazard.found_on),
            col(Hazard.deadline_on),
            col(Hazard.rectified_on),
            col(Hazard.closed_on),
            func.coalesce(col(Bureau.name), ""),
            col(Hazard.criterion),
            col(Hazard.description),
            col(Hazard.registered_at),
            col(Hazard.responsible),
            col(Hazard.measures),
            col(Hazard.funds),
            col(Hazard.contingency),
            col(Hazard.rectification),
            col(Hazard.recheck),
            col(Hazard.import_row),
        )
        .join(Organisation, col(Organisation.id) == col(Hazard.enterprise_id))
        .outerjoin(Bureau, col(Bureau.id) == col(Hazard.bureau_id))
        .where(in_sight(reading.actor))
    )
    return (
        statement if reading.campaign_id is None else statement.where(col(Hazard.enterprise_id).in_(_roster(reading)))
    )


def _reports(reading: Reading) -> Select[Any]:
    statement = (
        select(
            col(Report.id),
            col(Report.campaign_id),
            col(Campaign.title),
            col(Report.form),
            col(Report.period),
            col(Report.version),
            col(Report.organisation_id),
            col(Organisation.name),
            col(Report.state),
            col(Report.cutoff_on),
            col(Report.due_at),
            col(Report.filed_at),
            col(Report.late),
            col(Report.nil),
            func.coalesce(col(Report.sha256), ""),
        )
        .join(Campaign, col(Campaign.id) == col(Report.campaign_id))
        .join(Organisation, col(Organisation.id) == col(Report.organisation_id))
        .where(col(Report.organisation_id).in_(visible(reading.actor)))
    )
    return statement if reading.campaign_id is None else statement.where(col(Report.campaign_id) == reading.campaign_id)


def _events(reading: Reading) -> Select[Any]:
    return (
        select(
            col(Event.id),
            col(Event.at),
            col(Event.kind),
            col(Event.actor_name),
            func.coalesce(col(Organisation.name), ""),
            col(Event.subject),
            col(Event.subject_id),
            col(Event.hash),
        )
        .outerjoin(Organisation, col(Organisation.id) == col(Event.organisation_id))
        .where(
            col(Event.campaign_id) == reading.campaign_id,
            or_(col(Event.organisation_id).is_(None), col(Event.organisation_id).in_(visible(reading.actor))),
        )
    )


def _roster(reading: Reading) -> Select[tuple[int]]:
    return select(col(RosterEntry.organisation_id)).where(col(RosterEntry.campaign_id) == reading.campaign_id)


_KEY = {"id": "编号"}
LISTINGS: Mapping[str, Listing] = {
    "organisations": Listing(
        "单位名册",
        _KEY
        | {
            "name": "单位",
            "kind": "类型",
            "region": "属地",
            "region_code": "属地代码",
            "credit_code": "统一社会信用代码",
            "sector": "行业",
            "category": "类别",
            "status": "状态",
            "bureau": "监管主体",
            "closed_on": "关闭日期",
        },
        col(Organisation.id),
        _organisations,
        {"kind": OrganisationKind},
        by_campaign=False,
    ),
    "tasks": Listing(
        "任务台账",
        _KEY
        | {
            "campaign_id": "行动编号",
            "duty": "任务编号",
            "title": "任务",
            "period": "期次",
            "organisation_id": "单位编号",
            "organisation": "责任单位",
            "region": "属地",
            "subject": "对象",
            "state": "状态",
            "due_on": "到期日",
            "late": "是否逾期",
            "submitted_at": "提交时间",
            "decided_at": "审核时间",
            "on_behalf": "是否代录",
        },
        col(Task.id),
        _tasks,
        {"state": TaskState},
    ),
    "hazards": Listing(
        "隐患台账",
        _KEY
        | {
            "number": "隐患编号",
            "title": "隐患",
            "location": "部位",
            "enterprise_id": "企业编号",
            "enterprise": "企业",
            "major": "是否重大",
            "source": "来源",
            "state": "状态",
            "found_on": "发现日期",
            "deadline_on": "整改期限",
            "rectified_on": "整改完成日期",
            "closed_on": "销号日期",
            "bureau": "监管部门",
            "criterion": "判定标准条款",
            "description": "情况",
            "registered_at": "登记时间",
            "responsible": "责任人",
            "measures": "整改措施",
            "funds": "整改资金（元）",
            "contingency": "预案",
            "rectification": "整改情况",
            "recheck": "复查意见",
            "import_row": "历史台账行号",
        },
        col(Hazard.id),
        _hazards,
        {"source": HazardSource, "state": HazardState},
        by_campaign=False,
    ),
    "reports": Listing(
        "报表台账",
        _KEY
        | {
            "campaign_id": "行动编号",
            "campaign": "行动",
            "form": "报表",
            "period": "期次",
            "version": "版本",
            "organisation_id": "单位编号",
            "organisation": "单位",
            "state": "状态",
            "cutoff_on": "数据截止",
            "due_at": "上报期限",
            "filed_at": "上报时间",
            "late": "是否迟报",
            "nil": "是否零报告",
            "sha256": "签发校验值",
        },
        col(Report.id),
        _reports,
        {"state": ReportState},
    ),
}
"""By the name in the address."""
TRAIL = Listing(
    "办理记录",
    _KEY
    | {
        "at": "时间",
        "kind": "事项",
        "by": "办理人",
        "organisation": "单位",
        "subject": "对象",
        "subject_id": "对象编号",
        "hash": "链上校验值",
    },
    col(Event.id),
    _events,
    {},
)
"""For those who may read trails: a campaign's part of the ledger."""
