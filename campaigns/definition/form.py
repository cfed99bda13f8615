"""表单: what a person fills in to discharge a duty."""

from typing import Literal

from campaigns.definition.written import Words, Written, YesNo, key

FieldKind = Literal[
    "日期",
    "时间",
    "人员",
    "单选",
    "多选",
    "整数",
    "小数",
    "金额",
    "文字",
    "长文本",
    "照片",
    "附件",
    "签字",
    "隐患列表",
    "是否",
    "企业",
    "地点",
    "电话",
]
CHOICES = ("单选", "多选")


class Field(Written):
    """One blank of a form. `choices` belong to 单选 and 多选; 金额 is typed in `unit` (元 or 万元) and kept in 元.

    The dates of a form lie in the past; `maximum` says how many days ahead one may lie (a permit for tomorrow's work).
    `required` is 是, 否, or a sentence “X为空时” / “X为Y时” that names another field of the same form.
    """

    title: str = key("名称", "这一栏叫什么", max_length=40)
    kind: FieldKind = key("类型", "日期、人员、单选、多选、整数、文字、照片、签字……")
    required: str = key("必填", "是 | 否 | 某栏为空时 | 某栏为某值时", "否")
    choices: Words = key("选项", "单选、多选的备选项", ())
    unit: str = key("单位", "数字后面的单位", "", max_length=10)
    minimum: int | None = key("最小", "最小值或最少几项", None)
    maximum: int | None = key("最大", "最大值或最多几项；日期可以晚于填表那天几天", None)
    note: str = key("说明", "填写说明，显示在这一栏下面", "")


class Form(Written):
    """A named set of fields. A campaign's own form of the same name takes the place of the library's."""

    title: str = key("名称", "表头上的全称；不写就用表单名", "", max_length=60)
    clause: str = key("条款", "依据的条款", "", max_length=60)
    note: str = key("说明", "填表说明，显示在表头下面", "")
    nil: YesNo = key("零报告", "可不可以一键零报告（仍须签字）", False)
    fields: tuple[Field, ...] = key("字段", "自上而下的各栏", min_length=1)
