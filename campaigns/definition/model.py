"""The campaign language as types: what a notice of a 专项行动 says, in the order in which a file says it.

`load` makes these from YAML and has checked them; everything else only reads them. Field descriptions are the clerk's help
text (they end up in the JSON Schema); dates, frequencies and conditions stay the clerk's words (see `written.Phrase`).
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import model_validator

from campaigns.definition.form import Field, Form
from campaigns.definition.hazard import Closing, HazardRules, SupervisionRule
from campaigns.definition.ladders import EscalationRung, ReminderLadder
from campaigns.definition.ranking import BonusRule, RankingRule
from campaigns.definition.report_form import Atom, Cell, Layout, Part, ReportForm, RollUpRule, Row
from campaigns.definition.spot_check import SpotCheckRules
from campaigns.definition.written import Phrase, Refers, Words, Written, YesNo, key

__all__ = [
    "AddedDuty",
    "Adjustment",
    "Atom",
    "Audience",
    "CalendarRules",
    "Cell",
    "Closing",
    "Definition",
    "Duty",
    "EscalationRung",
    "Field",
    "Form",
    "HazardRules",
    "Layout",
    "Meta",
    "Milestone",
    "Parameter",
    "Part",
    "ReminderLadder",
    "ReportForm",
    "Role",
    "RollUpRule",
    "Row",
    "SpotCheckRules",
    "Stage",
    "SupervisionRule",
]

Condition = Annotated[str, Phrase("条件")]
Deadline = Annotated[str, Phrase("截止")]
HolidayPolicy = Annotated[str, Phrase("遇非工作日")]
AudienceName = Annotated[str, Refers("对象")]
RoleName = Annotated[str, Refers("角色")]
FormName = Annotated[str, Refers("表单")]
Traits = Annotated[tuple[Annotated[str, Phrase("属性")], ...], *Words.__metadata__]
Code = Annotated[str, "an id that outlives versions"]

ParameterKind = Literal["整数", "文字", "日期", "日期写法", "时刻", "频次", "工作日数", "是否", "选项"]
MayChange = Literal["是", "否", "只能提前", "只能减少", "只能增加"]


class Meta(Written):
    """行动: who calls for what, on which grounds, from when to when.

    `span` is “2023年5月1日 至 2023年12月31日”, “2024年1月 至 2026年12月” or “启动起100天”. Launched with another start, the
    written dates move by whole months (see `periods`); a span counted from the launch needs a start to be given.
    """

    code: Code = key("编号", "英文小写编号，长期不变，如 hazard-2023", pattern=r"^[a-z][a-z0-9-]*$", max_length=60)
    title: str = key("名称", "行动全称", max_length=120)
    kind: Literal["专项行动", "三年行动", "百日攻坚", "常态工作"] = key(
        "类型", "专项行动 | 三年行动 | 百日攻坚", "专项行动"
    )
    version: str = key("版本", "三段数字，如 1.0.0", "1.0.0", pattern=r"^\d+\.\d+\.\d+$")
    issuer: str = key("发文单位", "谁发的文", max_length=60)
    document_number: str = key("文号", "发文字号，如 聊应急发〔2023〕5号", "", max_length=60)
    basis: Words = key("依据", "依据的文件", ())
    goals: Words = key("目标", "工作目标", ())
    span: Annotated[str, Phrase("起止")] = key("起止", "如 2023年5月1日 至 2023年12月31日，或 启动起100天", "")
    scope: str = key("整治范围", "整治哪些单位", "", max_length=200)
    note: str = key("说明", "其他说明", "")


class Parameter(Written):
    """参数: a value that the launching bureau may set within bounds; `{{ 名称 }}` anywhere in the file stands for it.

    年度 and 启动日期 exist in every campaign without being declared. `must_state` marks what the notice leaves open (“定期”):
    a preview uses the default and says so, a launch wants the bureau's own word.
    """

    kind: ParameterKind | None = key(
        "类型", "整数 | 文字 | 日期 | 日期写法 | 时刻 | 频次 | 工作日数 | 是否 | 选项", None
    )
    default: str = key("默认", "启动时不填就用它")
    must_state: YesNo = key("启动必填", "是=通知没有写明，启动时须由本局填写，默认值只用于预演", False)
    minimum: int | None = key("最小", "最小值", None)
    maximum: int | None = key("最大", "最大值", None)
    choices: Words = key("选项", "类型为“选项”时的备选值", ())
    may_change: MayChange = key("下级可改", "是 | 否 | 只能提前 | 只能减少 | 只能增加", "否")
    note: str = key("说明", "这个参数管什么", "")

    @model_validator(mode="before")
    @classmethod
    def _value_alone(cls, written: Any) -> Any:
        # In an overlay “报送日: 22” sets the superior's parameter.
        return {"默认": written} if isinstance(written, str) else written


class CalendarRules(Written):
    """日历: the campaign's working-day rule, office hours and the hour at which a due date ends (17:00 unless written)."""

    timezone: Literal["Asia/Shanghai"] = key("时区", "北京时间", "Asia/Shanghai")
    working_days: Literal["国务院放假安排"] = key("工作日", "按国务院放假安排（含调休）", "国务院放假安排")
    off_day_policy: HolidayPolicy = key("遇非工作日", "提前 | 顺延 | 顺延第N个工作日 | 不变", "不变")
    office_hours: Annotated[str, Phrase("办公时间")] = key(
        "办公时间", "如 08:30-17:30，催办只在此时发出", "08:30-17:30"
    )
    due_time: Annotated[str, Phrase("时刻")] = key("截止时刻", "截止日当天几点止", "17:00")


class Role(Written):
    """角色: an office (level + kind of organisation) or a post inside an enterprise."""

    level: Literal["省", "市", "县", "镇", "企业"] = key("层级", "省 | 市 | 县 | 镇 | 企业")
    office: str = key("单位", "哪类单位，如 应急管理局", "", max_length=40)
    posts: Words = key("岗位", "企业里的岗位", ())


class Audience(Written):
    """对象: which enterprises. `inherits` starts from another audience; each further line narrows it.

    `traits` are attributes that must hold: “有外包队伍”, “非 已闭库”, “单班入井人数 >= 30”. A 动态 roster takes newcomers in.
    """

    inherits: AudienceName | None = key("继承", "在另一个对象的基础上再收窄", None)
    sectors: Words = key("行业", "如 非煤矿山", ())
    categories: Words = key("类别", "如 [尾矿库, 露天矿]", ())
    statuses: Words = key("状态", "如 [正常生产, 停产停建]", ())
    regions: Words = key("区域", "只含这些行政区（名称或代码）", ())
    traits: Traits = key("条件", "企业属性，如 有外包队伍", ())
    roster: Literal["动态", "固定"] = key("名单", "动态：新增企业自动纳入；固定：以下发日为准", "动态")


class Duty(Written):
    """任务: what someone must do, how often, by when, with which form, seen by whom.

    - `audience` is an 对象 or a 角色; `per` (逐个) makes one row for each member of that audience.
    - `frequency` is a quota in a period; absent means once. `split_dues` gives each of the N its own date.
    - `partial` rules a first or last period that is not whole: 计入 all, 按比例 (rounded up), 跳过.
    - `parent_allows` names the keys that a lower level may also loosen.
    - `taken_from` names the ready duty of the shelf that filled in what the line left out (see `taking`).
    """

    code: Code = key(
        "编号", "长期不变，如 QY-01（企业）JG-（部门）DW-（党委政府）SJ-（上级）", pattern=r"^[A-Z]{2,4}-\d{2,3}$"
    )
    taken_from: str | None = key(
        "取自", "从任务库取用一项自带任务（写它的名字）：名称、条款、原文、表单、佐证、频次照它，写了的以这里为准", None
    )
    title: str = key("名称", "任务名称", max_length=120)
    clause: str = key("条款", "原文条款号，如 五（一）2", "", max_length=60)
    quote: str = key("原文", "通知里对这项任务的一句短引，照抄", "", max_length=120)
    audience: Annotated[str, Refers("对象或角色")] = key("对象", "谁来做：对象或角色的名称", max_length=40)
    per: Annotated[str, Refers("对象或角色")] | None = key(
        "逐个", "对每一个（企业、县局）各做一次", None, max_length=40
    )
    responsible: Annotated[str, Refers("角色")] | None = key("责任人", "企业内由谁负责", None, max_length=40)
    frequency: Annotated[str, Phrase("频次")] | None = key(
        "频次", "每月2次、每季度1次、每次作业前……不写就是一次性", None
    )
    split_dues: Annotated[tuple[Deadline, ...], *Words.__metadata__] = key(
        "分期截止", "每次各自的截止，如 [15日, 月末]", ()
    )
    opens: Deadline | None = key("开始", "从哪天起可以做；不写随阶段", None)
    due: Deadline | None = key("截止", "2023年5月底、每月25日、阶段末……可带时刻", None)
    partial: Literal["计入", "按比例", "跳过"] = key("首尾不足期", "计入 | 按比例 | 跳过", "计入")
    off_day_policy: HolidayPolicy | None = key("遇非工作日", "只管这一项；不写随日历", None)
    form: FormName | None = key("表单", "填哪张表", None, max_length=40)
    evidence: Words = key("佐证", "要附的材料，如 [现场照片, 主要负责人签字]", ())
    report: Annotated[str, Refers("报表")] | None = key("报表", "报哪张报表", None, max_length=40)
    reviewer: RoleName | None = key("审核", "谁审核；不写则提交即完成", None, max_length=40)
    required: YesNo = key("必做", "否=视情开展，不算逾期", True)
    reminder: Annotated[str, Refers("催办")] | None = key("催办", "用哪套催办", None, max_length=40)
    escalation: Annotated[str, Refers("升级")] | None = key("升级", "逾期后用哪套升级", None, max_length=40)
    parent_allows: Words = key("下级可改", "下级可以放宽的项目，如 [截止]", ())
    note: str = key("说明", "怎么做、注意什么", "")

    @property
    def event_driven(self) -> bool:
        """Whether it is done at each event (每次作业前) and so has no dates of its own."""
        return (self.frequency or "").startswith("每次")


class Milestone(Written):
    """里程碑: a date by which a condition should hold; seen on the stage bar, never a gate."""

    code: Code = key("编号", "名称即编号，如 底数摸清", max_length=40)
    due: Deadline = key("截止", "哪天看")
    condition: Condition | None = key("条件", "达到什么算完成", None)
    clause: str = key("条款", "原文条款号", "", max_length=60)


class Stage(Written):
    """阶段. Stages overlap (压茬推进) and often give only an end: a start that is not written is inferred and marked so.

    `enter_when` may open it before its date; `complete_when` says when it counts as reached. Its end cancels nothing.
    """

    code: Code = key("编号", "简称，也是编号，如 动员部署", max_length=20)
    title: str = key("名称", "全称；不写就用编号", "", max_length=60)
    clause: str = key("条款", "原文条款号", "", max_length=60)
    quote: str = key("原文", "通知里对这个阶段的一句短引，照抄", "", max_length=120)
    opens: Deadline | None = key("开始", "不写就从上一阶段结束的次日推定", None)
    due: Deadline = key("截止", "2023年5月底、启动后第30天……")
    enter_when: Condition | None = key("进入条件", "如 到期(动员部署) 或 达成(动员部署)", None)
    complete_when: Condition | None = key("完成条件", "如 完成率(JG-11) = 100%", None)
    duties: tuple[Duty, ...] = key("任务", "本阶段的任务", ())
    milestones: tuple[Milestone, ...] = key("里程碑", "本阶段的里程碑", ())
    parent_allows: Words = key("下级可改", "下级可以放宽的项目，如 [截止]", ())
    note: str = key("说明", "本阶段工作要求", "")


class AddedDuty(Duty):
    """新增任务: a duty that a lower level adds, with the stage (or 全程) it belongs to."""

    belongs_to: str = key("归入", "阶段编号，或 全程")


class Adjustment(Written):
    """调整: the keys that a lower level writes differently for one duty, stage, milestone or ladder of its superior.

    Exactly one of `duty`, `stage` names the target; `changes` holds the other keys as written (overlay reads them).
    """

    duty: Code | None = key("任务", "调整哪项任务（编号）", None)
    stage: Code | None = key("阶段", "调整哪个阶段（编号）", None)
    changes: dict[str, Any] = key("改为", "改成什么；直接写在同一行", dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_changes(cls, written: Any) -> Any:
        if not isinstance(written, dict) or not {"任务", "阶段"} & written.keys():
            return written
        targets = {name: written[name] for name in ("任务", "阶段") if name in written}
        changes = {name: value for name, value in written.items() if name not in ("任务", "阶段", "改为")}
        return {**targets, "改为": {**written.get("改为", {}), **changes}}


class Definition(Written):
    """A whole campaign as written, checked by `load`. An overlay has `inherits` and few other parts until it is flattened."""

    language: str = key("语法", "语言版本，写 rectify/v1")
    inherits: Annotated[str, Phrase("继承")] | None = key("继承", "上级模板和版本，如 hazard-2023@1.0.0", None)
    meta: Meta = key("行动", "行动的基本情况")
    parameters: dict[str, Parameter] = key("参数", "启动时可填的数", dict)
    calendar: CalendarRules = key("日历", "工作日、截止时刻", CalendarRules)
    roles: dict[str, Role] = key("角色", "单位和岗位", dict)
    audiences: dict[str, Audience] = key("对象", "哪些企业", dict)
    standing_duties: tuple[Duty, ...] = key("全程任务", "贯穿全程的任务", ())
    stages: tuple[Stage, ...] = key("阶段", "按先后排列的阶段", ())
    hazard: HazardRules | None = key("隐患", "重大隐患闭环", None)
    spot_check: SpotCheckRules = key("抽查", "几时提示抽查", SpotCheckRules)
    reminders: dict[str, ReminderLadder] = key("催办", "几套催办", dict)
    escalations: dict[str, tuple[EscalationRung, ...]] = key("升级", "几套升级", dict)
    reports: dict[str, ReportForm] = key("报表", "本行动的报表；没写的用系统自带同名报表", dict)
    rankings: dict[str, RankingRule] = key("排名", "上级怎样给下级排名", dict)
    bonuses: dict[str, BonusRule] = key("加分", "排名靠前的在别的考核里加几分", dict)
    forms: dict[str, Form] = key("表单", "本行动特有的表单；没写的用系统自带同名表单", dict)
    adjustments: tuple[Adjustment, ...] = key("调整", "对上级任务、阶段的调整", ())
    added_duties: tuple[AddedDuty, ...] = key("新增任务", "本级新增的任务", ())

    @property
    def duties(self) -> Iterator[tuple[Duty, Stage | None]]:
        """Every duty with its stage (None for 全程任务), in written order."""
        yield from ((duty, None) for duty in self.standing_duties)
        yield from ((duty, stage) for stage in self.stages for duty in stage.duties)

    def duty_paths(self) -> Iterator[tuple[tuple[str | int, ...], Duty]]:
        """Every duty with its path of Chinese keys, for messages that point at it."""
        yield from ((("全程任务", position), duty) for position, duty in enumerate(self.standing_duties))
        for number, stage in enumerate(self.stages):
            yield from ((("阶段", number, "任务", position), duty) for position, duty in enumerate(stage.duties))

    def duty(self, code: str) -> Duty | None:
        """Return the duty with this 编号."""
        return next((duty for duty, _ in self.duties if duty.code == code), None)

    def stage(self, code: str) -> Stage | None:
        """Return the stage with this 编号."""
        return next((stage for stage in self.stages if stage.code == code), None)


class Flattened(Definition):
    """An overlay merged into its superior's template. `provenance` says who wrote what: {"QY-02.频次": "茌平…@1.0.0"}.

    Only what the lower level changed or added is listed; everything else is the superior's.
    """

    parent: str = key("〔上级〕", "上级模板及版本", "")
    provenance: Mapping[str, str] = key("〔出处〕", "哪一级写的", dict)
