"""The catalogue's lines about hazards."""

from collections.abc import Mapping

from campaigns.rules.permissions import Permission, Relation
from notifications.entries import Entry

P = Permission
_HAZARD = "/hazards/{id}"

HAZARDS: Mapping[str, tuple[Entry, ...]] = {
    "hazard.registered": (
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "重大隐患：{doer}登记“{hazard}”",
            "编号{number}。请督促落实五落实，并按规定挂牌督办。",
            _HAZARD,
            relation=Relation.SUPERVISED,
            only="major",
        ),
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "企业新登记了隐患",
            "最近一件：{doer}“{hazard}”，编号{number}。",
            _HAZARD,
            relation=Relation.SUPERVISED,
            unless="major",
            gathered=True,
        ),
        Entry("doer_id", P.RECTIFY_HAZARD, "检查发现隐患“{hazard}”，请整改", "编号{number}。请填报五落实。", _HAZARD),
    ),
    "hazard.planned": (
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "重大隐患已定整改方案：{doer}“{hazard}”",
            "编号{number}，整改期限：{due}。",
            _HAZARD,
            relation=Relation.SUPERVISED,
            only="major",
        ),
    ),
    "hazard.rectified": (
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "{doer}报“{hazard}”已整改，请复查",
            "编号{number}。",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
    "hazard.sent_back": (
        Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”复查未通过，请继续整改", "理由：{reason} 期限：{due}。", _HAZARD),
    ),
    "hazard.extension_asked": (
        Entry(
            "decider_id",
            P.DECIDE_HAZARD,
            "{doer}申请延长“{hazard}”的整改期限",
            "编号{number}。理由：{reason} 现期限：{due}。",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
    "hazard.extended": (
        Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”延期已同意", "现在的整改期限：{due}。{reason}", _HAZARD),
    ),
    "hazard.extension_declined": (
        Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”延期未获同意", "理由：{reason} 期限不变：{due}。", _HAZARD),
    ),
    "hazard.reported_up": (
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "重大隐患直报：{doer}“{hazard}”，请接收",
            "编号{number}。",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
    "hazard.report_received": (
        Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”的直报已被监管部门接收", "编号{number}。", _HAZARD),
    ),
    "hazard.stopped": (
        Entry("doer_id", P.RECTIFY_HAZARD, "因“{hazard}”责令{stop}", "理由：{reason}", _HAZARD),
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "{doer}因“{hazard}”{stop}",
            "理由：{reason}",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
    "hazard.resumed": (
        Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”：同意恢复生产", "意见：{reason}", _HAZARD),
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "{doer}因“{hazard}”的停产已恢复",
            "意见：{reason}",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
    "hazard.escalated": (
        Entry(
            "superior_id",
            P.ESCALATE_HAZARD,
            "下级提请协调：{doer}“{hazard}”",
            "请求：{reason} 整改期限：{due}。",
            _HAZARD,
            relation=Relation.BELOW,
        ),
    ),
    "hazard.answered": (
        Entry(
            "asker_id",
            P.ESCALATE_HAZARD,
            "上级已答复：{doer}“{hazard}”",
            "答复：{reason}",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
    "hazard.regraded": (
        Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”已改判为{grade}", "编号{number}。理由：{reason}", _HAZARD),
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "{doer}“{hazard}”已改判为{grade}",
            "编号{number}。理由：{reason}",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
    "hazard.closed": (Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”已销号", "编号{number}。", _HAZARD),),
    "hazard.listed": (
        Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”被挂牌督办", "文号：{order}。整改期限：{due}。", _HAZARD),
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "{doer}“{hazard}”被挂牌督办",
            "文号：{order}。请督促按期整改并复查。",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
    "hazard.delisted": (
        Entry("doer_id", P.RECTIFY_HAZARD, "“{hazard}”已摘牌", "文号：{order}。", _HAZARD),
        Entry(
            "decider_id",
            P.RECHECK_HAZARD,
            "{doer}“{hazard}”已摘牌",
            "文号：{order}。",
            _HAZARD,
            relation=Relation.SUPERVISED,
        ),
    ),
}
