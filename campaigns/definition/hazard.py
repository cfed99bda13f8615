"""隐患: what a notice says about the closed loop of a major hazard."""

from typing import Annotated

from campaigns.definition.written import Phrase, Words, Written, key


class SupervisionRule(Written):
    """挂牌督办: in which case who puts whom under supervision, within how long."""

    case: str = key("情形", "什么情形")
    by: str = key("由", "谁挂牌（角色，或“发现单位”）")
    to: str = key("向", "向谁挂牌（角色，或“下级部门”）")
    within: Annotated[str, Phrase("时长")] | None = key("时限", "几个工作日内", None)
    manner: str = key("方式", "如 提请", "")


class Closing(Written):
    """销号: who asks, who accepts, with which evidence."""

    asks: str = key("申请", "谁申请销号")
    accepts: str = key("验收", "谁验收")
    evidence: Words = key("佐证", "销号要附的材料", ())


class HazardRules(Written):
    """隐患: the closed loop of a major hazard. The checklist is data: 五到位 means different things in different notices."""

    criteria: str = key("判定标准", "判定标准的文号", "")
    checklist: Words = key("五到位", "整改方案必填的几项", ("责任人", "措施", "资金", "期限", "应急预案"))
    direct_report: str = key("直报", "重大隐患直报要求", "")
    supervision: tuple[SupervisionRule, ...] = key("挂牌督办", "谁向谁挂牌", ())
    closing: Closing | None = key("销号", "申请、验收、佐证", None)
    no_penalty: str = key("不予处罚", "依法不予处罚的情形", "")
    reminders: tuple[Annotated[str, Phrase("时点")], ...] = key("整改催办", "整改期限前后几时提醒", ())
