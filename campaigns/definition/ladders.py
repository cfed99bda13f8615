"""催办 and 升级: what happens before and after a due date. A dated task is never stored with its rungs: they are recomputed."""

from typing import Annotated, Literal

from campaigns.definition.written import Phrase, Refers, Words, Written, key

EscalationAction = Literal["预警", "督办函", "通报", "约谈", "挂牌督办", "停产整顿", "提请关闭"]
WayOut = Literal["站内", "邮件", "群机器人", "业务系统", "短信"]
RoleName = Annotated[str, Refers("角色")]


class ReminderLadder(Written):
    """催办: when a doer is reminded of one task. `most` caps the ladder; a person gets one digest a day whatever is due."""

    moments: tuple[Annotated[str, Phrase("时点")], ...] = key(
        "时点", "如 [到期前5个工作日, 到期当日, 逾期后每2个工作日]", min_length=1
    )
    most: int = key("最多", "一项任务最多催几次", 10, ge=1, le=60)
    channels: Annotated[tuple[WayOut, ...], *Words.__metadata__] = key(
        "渠道", "站内、邮件、群机器人、业务系统；不写就发到各人自己设的渠道", ()
    )
    digest: Literal["每人每日一条"] = key("合并", "每人每日合并成一条", "每人每日一条")


class EscalationRung(Written):
    """升级 one step. 自动 only warns; 拟办 drafts a paper that a named official decides on."""

    after: Annotated[str, Phrase("时长")] = key("逾期", "逾期多久，如 3个工作日")
    action: EscalationAction = key("动作", "预警 | 督办函 | 通报 | 约谈 | 挂牌督办 | 停产整顿 | 提请关闭")
    manner: Literal["自动", "拟办"] = key("方式", "自动（只限预警）| 拟办（待审批）")
    notify: Annotated[tuple[RoleName, ...], *Words.__metadata__] = key("告知", "告诉谁", ())
    handler: RoleName | None = key("承办", "谁起草、谁决定", None)
    interviewee: RoleName | None = key("约谈对象", "约谈谁", None)
    condition: Annotated[str, Phrase("条件")] | None = key("条件", "满足才走这一步，如 涉及重大隐患", None)
    note: str = key("备注", "如 纳入年度考核", "")
