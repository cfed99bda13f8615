"""自带任务: a duty that one of the notices names, ready to be taken into a campaign by one line (取自)."""

from typing import Annotated, Literal

from campaigns.definition.written import Phrase, Words, Written, YesNo, key

Deadline = Annotated[str, Phrase("截止")]
Asked = Literal["频次", "截止"]


class Notice(Written):
    """通知: the paper that names the duties of one file; `number` is the short number under which its text is kept."""

    number: str = key("编号", "原文存档的短编号", pattern=r"^\d{3}$")
    title: str = key("名称", "文件名称", max_length=120)
    issuer: str = key("发文单位", "谁发的文", max_length=60)
    document_number: str = key("文号", "发文字号", "", max_length=60)


class Source(Written):
    """出处: where a notice names the duty: its clause, the line of the kept text, and the words."""

    notice: str = key("通知", "原文存档的短编号", pattern=r"^\d{3}$")
    line: int = key("行", "原文存档的第几行", ge=1)
    clause: str = key("条款", "通知自己的编号", max_length=60)
    quote: str = key("原文", "短引，照抄", max_length=120)


class ReadyDuty(Written):
    """One duty as its notice has it. `asks` is what the notice leaves open, which whoever takes it has to write.

    `whose` says for whom the notice means it, in words, for the reader: a campaign has its own 对象.
    """

    title: str = key("名称", "任务名称", max_length=120)
    line: int = key("行", "原文存档的第几行", ge=1)
    clause: str = key("条款", "通知自己的编号", max_length=60)
    quote: str = key("原文", "通知里的一句短引，照抄", max_length=120)
    side: Literal["企业", "部门"] = key("谁做", "企业 | 部门", "企业")
    whose: str = key("适用", "通知说的是哪些单位", max_length=60)
    responsible: str | None = key("责任人", "企业内由谁负责", None, max_length=40)
    frequency: Annotated[str, Phrase("频次")] | None = key("频次", "通知写明的频次", None)
    split_dues: Annotated[tuple[Deadline, ...], *Words.__metadata__] = key("分期截止", "每次各自的截止", ())
    due: Deadline | None = key("截止", "通知写明的期限", None)
    asks: Asked | None = key("待定", "通知没有写明、要由本局定的：频次 | 截止", None)
    form: str = key("表单", "填哪张表", max_length=40)
    evidence: Words = key("佐证", "要附的材料", ())
    required: YesNo = key("必做", "否=视情开展", True)
    note: str = key("说明", "怎么做、注意什么", "")
    also: tuple[Source, ...] = key("又见", "别的通知里同一项要求", ())


class DutyFile(Written):
    """The duties of one notice."""

    notice: Notice = key("通知", "哪份通知")
    duties: dict[str, ReadyDuty] = key("任务", "自带任务，按名字取用")
