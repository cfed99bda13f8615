"""How an event reads in a trail: one verb per kind, and the tone of its dot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.date_words import day_words
from campaigns.queries.trail import TrailLine

VERBS: Mapping[str, str] = {
    "account.opened": "开通账号",
    "account.disabled": "停用账号",
    "account.enabled": "重新启用账号",
    "account.roles_set": "调整角色",
    "account.password_reset": "重置密码",
    "account.password_changed": "修改密码",
    "channel.set": "修改消息接收方式",
    "account.signed_in": "登录",
    "organisation.established": "登记单位",
    "enterprise.supervised": "确定监管主体",
    "enterprise.transferred": "移交监管主体",
    "enterprise.handed_over": "移交监管主体",
    "enterprise.closed": "企业关闭",
    "enterprise.reopened": "企业恢复",
    "enterprise.edited": "修改登记信息",
    "campaign.launched": "下发专项行动",
    "campaign.closed": "结束专项行动",
    "stage.opened": "阶段开始",
    "stage.closed": "阶段到期",
    "milestone.reached": "里程碑达成",
    "roster.joined": "纳入名单",
    "roster.left": "移出名单",
    "task.acknowledged": "签收任务",
    "task.submitted": "提交任务",
    "task.record_used": "用已报的记录提交",
    "task.entered": "照纸质表代录",
    "task.objected": "对代录提出异议",
    "task.accepted": "审核通过",
    "task.sent_back": "退回任务",
    "tasks.overdue": "任务逾期",
    "reminders.queued": "发出催办",
    "warnings.queued": "发出预警",
    "proposals.drafted": "拟定升级措施",
    "proposal.confirmed": "批准拟办",
    "proposal.dismissed": "不采纳拟办",
    "proposal.withdrawn": "撤回拟办",
    "request.asked": "申请延期或豁免",
    "request.granted": "同意申请",
    "request.declined": "不同意申请",
    "objection.granted": "采纳异议，退回企业重新填报",
    "objection.declined": "不采纳异议",
    "hazard.registered": "登记隐患",
    "hazard.imported": "历史台账导入",
    "hazards.imported": "导入历史隐患台账",
    "hazard.fixed_on_the_spot": "立查立改",
    "hazard.planned": "制定整改方案",
    "hazard.rectified": "申报整改完成",
    "hazard.sent_back": "复查退回",
    "hazard.checked": "复查合格，待第二人审签",
    "hazard.extension_asked": "申请延长整改期限",
    "hazard.extended": "同意延期",
    "hazard.extension_declined": "不同意延期",
    "hazard.held": "回头看合格",
    "hazard.reopened": "登记反弹",
    "hazard.photographed": "补整改前照片",
    "flag.set_aside": "放下抽查疑点",
    "flag.listed": "列入抽查名单",
    "spot_check.done": "记录抽查结果",
    "look_back.drawn": "抽取回头看名单",
    "hazard.reported_up": "直报监管部门",
    "hazard.told_workers": "报告职工大会或职代会",
    "hazard.report_received": "接收直报",
    "hazard.stopped": "停产",
    "hazard.resumed": "恢复生产",
    "hazard.escalated": "提请上级协调",
    "hazard.answered": "答复下级提请",
    "hazard.regraded": "改判隐患等级",
    "hazard.closed": "复查销号",
    "hazard.ended": "因企业关闭终止",
    "hazard.restored": "企业恢复，继续整改",
    "hazard.listed": "挂牌督办",
    "hazard.delisted": "摘牌",
    "register.imported": "导入企业名册",
    "criteria.imported": "导入判定标准",
    "calendar.day_set": "调整工作日历",
    "calendar.day_forgotten": "取消工作日历调整",
    "report.opened": "生成调度表",
    "report.filled": "填写调度表",
    "report.filed": "上报调度表",
    "report.returned": "退回调度表",
    "report.accepted": "接收调度表",
    "report.correcting": "打开更正",
    "report.unlocked": "解锁调度表",
    "report.reviewed": "审核调度表",
    "reports.reminded": "催报",
    "ranking.drafted": "起草排名",
    "ranking.recounted": "重新计算排名",
    "ranking.marked": "排名评分",
    "ranking.adjusted": "人工调整排名得分",
    "ranking.adjustment_revoked": "撤销人工调整",
    "ranking.published": "发布排名",
    "ranking.correcting": "更正排名",
    "ranking.discarded": "作废排名草稿",
    "key.made": "创建只读密钥",
    "key.revoked": "撤销只读密钥",
    "document.drafted": "拟写文书",
    "delivery.failed": "消息发送失败",
}
TONES: Mapping[str, str] = {
    "sent_back": "late",
    "returned": "late",
    "overdue": "late",
    "failed": "late",
    "declined": "late",
    "objected": "late",
    "entered": "soon",
    "accepted": "done",
    "closed": "done",
    "granted": "done",
    "reached": "done",
}


def _day(iso: str) -> str:
    return day_words(date.fromisoformat(iso))


_CHANGES = (("等级 ", "was", "grade", str), ("整改期限 ", "previous_deadline_on", "deadline_on", _day))
_QUOTED = ("ranking", "basis", "words", "stop", "criterion", "reason", "opinion")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as the trail part draws it."""

    at: datetime
    what: str
    by: str
    note: str
    tone: str


def entry(line: TrailLine) -> Entry:
    """Put an event into words. A kind without a verb shows as it was recorded rather than not at all."""
    verb = VERBS.get(line.kind, line.kind)
    owner = "" if line.organisation in line.by else line.organisation
    what = "：".join(part for part in (verb, line.about) if part)
    by = " · ".join(part for part in (line.by, owner, line.campaign) if part)
    return Entry(line.at, what, by, _note(line), TONES.get(line.kind.partition(".")[2], ""))


def _note(line: TrailLine) -> str:
    """What the trail quotes: the reason or opinion that was given, and from what to what something changed."""
    data = line.data
    moved = [
        f"{words}{told(data[old])} → {told(data[new])}"
        for words, old, new, told in _CHANGES
        if data.get(old) and data.get(new)
    ]
    return "\n".join([*moved, *(str(data[name]) for name in _QUOTED if data.get(name))])
