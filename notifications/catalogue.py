"""The catalogue: which recorded event is told to whom, in which words. A new kind of event is one line here.

`to` names an organisation among the facts of the thing (notifications.facts); of its people those are told who hold
`holding` for it. The acting organisation is never told of what it did itself. The words are constant templates; what people
wrote enters as values only. A repository test proves that every recorded kind stands here or under SILENT.
"""

from collections.abc import Mapping

from campaigns.rules.permissions import Permission, Relation
from notifications.entries import Entry
from notifications.hazard_entries import HAZARDS

__all__ = ["CATALOGUE", "SILENT", "Entry"]

P = Permission


_TASK = "/tasks/{task}"
_REPORT = "/reports/{id}"

_HANDED_IN = Entry(
    "reviewer_id",
    P.REVIEW,
    "“{campaign_title}”有提交等待审核",
    "最近一件：{doer}提交的“{duty}”。请在待审核中一并办理。",
    _TASK,
    gathered=True,
)

CATALOGUE: Mapping[str, tuple[Entry, ...]] = {
    **HAZARDS,
    "task.submitted": (_HANDED_IN,),
    "task.record_used": (_HANDED_IN,),
    "task.entered": (
        Entry(
            "doer_id",
            P.SUBMIT,
            "“{duty}”已按你单位的纸质表代录，请核对",
            "{words}。内容不对的，请在任务页提出异议，由你单位重新填报。",
            _TASK,
        ),
        Entry(
            "reviewer_id",
            P.REVIEW,
            "“{campaign_title}”有代录等待审核",
            "最近一件：{doer}的“{duty}”，照纸质表代录。代录的人不能自己审核。",
            _TASK,
            gathered=True,
            even_own=True,
        ),
    ),
    "task.objected": (
        Entry(
            "reviewer_id",
            P.REVIEW,
            "{doer}对代录的“{duty}”有异议",
            "{reason} 任务已退回，由企业自己填报。",
            _TASK,
            unless="waits",
        ),
        Entry(
            "decider_id",
            P.DECIDE_REQUEST,
            "{doer}对代录的“{duty}”有异议，等您决定",
            "{reason} 这份已经审核通过，请决定是否退回由企业重新填报。",
            _TASK,
            only="waits",
        ),
    ),
    "task.sent_back": (
        Entry("doer_id", P.SUBMIT, "“{duty}”被退回，请补正后重新提交", "退回理由：{reason} 期限：{due}。", _TASK),
    ),
    "task.accepted": (Entry("doer_id", P.SUBMIT, "“{duty}”已审核通过", "对象：{about}。", _TASK),),
    "request.asked": (
        Entry("decider_id", P.DECIDE_REQUEST, "{doer}申请{request}：“{duty}”", "理由：{reason} 现期限：{due}。", _TASK),
    ),
    "request.granted": (
        Entry("doer_id", P.SUBMIT, "延期申请已同意：“{duty}”", "现在的期限：{due}。{reason}", _TASK, unless="waived"),
        Entry("doer_id", P.SUBMIT, "豁免申请已同意：“{duty}”", "这一次不用做了。{reason}", _TASK, only="waived"),
    ),
    "request.declined": (
        Entry("doer_id", P.SUBMIT, "{request}申请未获同意：“{duty}”", "理由：{reason} 期限不变：{due}。", _TASK),
    ),
    "objection.granted": (
        Entry(
            "doer_id",
            P.SUBMIT,
            "异议已采纳：“{duty}”已退回，请自己填报",
            "代录的那份不再计入。期限：{due}。{reason}",
            _TASK,
        ),
    ),
    "objection.declined": (
        Entry("doer_id", P.SUBMIT, "异议未获采纳：“{duty}”", "理由：{reason} 已通过的记录不变。", _TASK),
    ),
    "report.filed": (
        Entry(
            "superior_id",
            P.DECIDE_REPORT,
            "{doer}上报了{period}的{form}",
            "请审阅后接收或退回。",
            _REPORT,
            relation=Relation.BELOW,
        ),
    ),
    "report.returned": (
        Entry("doer_id", P.FILL_REPORT, "{period}的{form}被退回，请改正后重报", "退回理由：{reason}", _REPORT),
    ),
    "report.correcting": (
        Entry("doer_id", P.FILL_REPORT, "{period}的{form}要更正，请核对后重新上报", "{reason}", _REPORT),
        Entry(
            "superior_id",
            P.DECIDE_REPORT,
            "{doer}正在更正{period}的{form}",
            "原因：{reason}",
            _REPORT,
            relation=Relation.BELOW,
        ),
    ),
    "report.unlocked": (
        Entry("doer_id", P.FILL_REPORT, "{period}的{form}已解锁", "可以改到{until}。原因：{reason}", _REPORT),
    ),
    "report.accepted": (Entry("doer_id", P.FILL_REPORT, "{period}的{form}已被接收", "数字已封账。", _REPORT),),
    "proposal.confirmed": (
        Entry("target_id", P.SUBMIT, "已批准对你单位{action}：“{duty}”逾期", "期限：{due}。请立即办理。", _TASK),
    ),
    "stage.opened": (
        Entry("bureau_id", P.REVIEW, "“{campaign_title}”进入{stage}阶段", "本阶段到{due}。", "/campaigns/{campaign}"),
    ),
    "stage.closed": (
        Entry(
            "bureau_id",
            P.REVIEW,
            "“{campaign_title}”{stage}阶段已到期",
            "未办完的任务不会取消，继续催办。",
            "/campaigns/{campaign}",
            unless="complete",
        ),
    ),
    "roster.joined": (
        Entry(
            "bureau_id", P.REVIEW, "“{campaign_title}”名单有新纳入的单位", "", "/campaigns/{campaign}", gathered=True
        ),
    ),
    "roster.left": (
        Entry("bureau_id", P.REVIEW, "“{campaign_title}”名单有单位移出", "", "/campaigns/{campaign}", gathered=True),
    ),
    "enterprise.transferred": (
        Entry(
            "doer_id",
            P.SUBMIT,
            "你单位的监管主体改为{bureau}",
            "{words}理由：{reason} 今后的审核、复查和申请都由新的监管主体办理。",
            "/register/{enterprise}",
            even_own=True,
        ),
        Entry(
            "bureau_id",
            P.REVIEW,
            "接管企业：{doer}",
            "{words}理由：{reason} 没有办完的审核、隐患和拟办事项已转到你局。",
            "/register/{enterprise}",
            even_own=True,
        ),
        Entry(
            "previous_bureau_id",
            P.REVIEW,
            "已移交企业：{doer}",
            "{words}理由：{reason} 移交当月的数字仍由你局上报，下一期起由新的监管主体统计。",
            "/register",
            even_own=True,
        ),
    ),
    "delivery.failed": (
        Entry(
            "person", P.SEE, "外发消息没有发出去，请核对联系方式", "{reason}站内消息不受影响。", "/settings/channels"
        ),
        Entry(
            "doer_id",
            P.MANAGE_PEOPLE,
            "发往群机器人或其他系统的消息没有发出去，请核对设置",
            "最近一条：{reason}站内消息不受影响。",
            "/settings/channels",
            gathered=True,
        ),
    ),
}

SILENT: Mapping[str, str] = {
    "account.opened": "told by the administrator together with the first password",
    "account.disabled": "the person can no longer read",
    "account.enabled": "told by the administrator together with the new password",
    "account.roles_set": "the person sees at his next page what he may do",
    "account.password_reset": "told by the administrator together with the new password",
    "account.password_changed": "the person did it himself",
    "channel.set": "whoever set it knows",
    "account.signed_in": "kept for the trail",
    "campaign.launched": "the launch itself tells everybody who has work, in one statement",
    "campaign.closed": "kept for the trail; nothing is chased any more",
    "tasks.overdue": "the ladders of 催办 and 升级 tell it",
    "reminders.queued": "each reminder is a notice of its own",
    "warnings.queued": "each warning is a notice of its own",
    "proposals.drafted": "those who decide are told once a day by the sweep that drafts",
    "proposal.withdrawn": "nothing was sent, and the task is settled",
    "proposal.dismissed": "nothing was sent, so there is nothing to take back",
    "milestone.reached": "shown on the stage bar",
    "calendar.day_set": "due dates already told do not move",
    "calendar.day_forgotten": "due dates already told do not move",
    "enterprise.closed": "the rosters it leaves tell it to their bureaus",
    "enterprise.reopened": "the rosters it comes back to tell it",
    "hazard.ended": "the enterprise is closed; the rosters it leaves tell it",
    "hazard.restored": "the enterprise is back; the rosters tell it",
    "enterprise.supervised": "kept for the trail",
    "enterprise.handed_over": "enterprise.transferred told it to everybody; this line is for the old bureau's trail",
    "enterprise.edited": "kept for the trail; rosters follow at their next pass",
    "organisation.established": "kept for the trail",
    "register.imported": "who imported it saw the result",
    "hazards.imported": "who imported the old ledger saw the result",
    "hazard.imported": "history; a notice for each old row would bury what is new, and open ones stand in the enterprise's list",
    "criteria.imported": "who imported it saw the result; whoever picks a clause gets the new version",
    "task.acknowledged": "shown as 签收 in the progress; a message for each would drown the rest",
    "report.opened": "the task and its reminders tell it",
    "report.reviewed": "who signs it sees who looked through it",
    "reports.reminded": "each reminder is a notice of its own",
    "report.filled": "typing is nobody else's business yet",
    "hazard.held": "it stays closed; the bureau that looked knows",
    "hazard.photographed": "whoever looks at the hazard sees it",
    "hazard.reopened": "the registration of the relapse is told",
    "flag.set_aside": "the official decided it himself; an enterprise is not told that it was wondered about",
    "flag.listed": "who listed it goes himself; an enterprise is not warned of a visit",
    "spot_check.done": "what was found on the spot is told by the hazards registered there",
    "look_back.drawn": "who drew it looks himself; an enterprise is not warned of a visit",
    "hazard.told_workers": "the bureau sees both receipts on the hazard's page",
    "document.drafted": "a draft goes out only when an official signs and sends it himself",
    "ranking.drafted": "a draft is its maker's alone",
    "ranking.recounted": "a draft is its maker's alone",
    "ranking.marked": "a draft is its maker's alone",
    "ranking.adjusted": "a draft is its maker's alone; what was adjusted is printed with the published ranking",
    "ranking.adjustment_revoked": "a draft is its maker's alone",
    "ranking.correcting": "what was published stays in force until the correction is",
    "ranking.discarded": "nobody but its maker knew of it",
    "ranking.published": "publishing itself tells the bureaus that are ranked, in one statement",
    "key.made": "the person did it himself and sees it in his list",
    "key.revoked": "the person did it himself and sees it in his list",
    "hazard.checked": "colleagues find it among what waits for a recheck; the enterprise is told when it is closed",
    "hazard.fixed_on_the_spot": "the registration was told, and nothing is left to do",
}
"""Kinds that nobody is told of, and why."""
