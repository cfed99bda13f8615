"""排名 and 加分: how a superior ranks his lower levels, as data. Two objects: a ranking gives places, a bonus rule gives points.

The notice of 2017 has both apart (五（三）): fourteen 重点县 are ranked by 绩效 and get nothing for it; the three best in
enforcement get 10, 5 and 3 points in another assessment.
"""

from typing import Annotated, Literal

from campaigns.definition.written import Phrase, Refers, Words, Written, key

Measure = Literal["到期完成率", "重大隐患整改率", "报送及时率", "报表", "评分"]
Scoring = Literal["按比率", "按得分", "与最高比"]
WithoutCases = Literal["不排名", "得满分", "得零分"]

NAMES_APART = "、，,；; "


class ScoreItem(Written):
    """计分项: one figure and the points it is worth.

    - 按比率: the rate times 满分; 按得分: the figure itself, at most 满分; 与最高比: 满分 times the figure ÷ the best one's.
    - `without`: what happens when there is nothing to take the rate of (no hazard was found).
    """

    code: str = key("编号", "计分项序号，如 1", pattern=r"^\d+(\.\d+)*$", max_length=8)
    title: str = key("名称", "计分项名称", max_length=60)
    full: int = key("满分", "这一项最多得几分", ge=1, le=1000)
    measure: Measure = key("取数", "到期完成率 | 重大隐患整改率 | 报送及时率 | 报表（按算式）| 评分（上级打分）")
    report: Annotated[str, Refers("报表")] | None = key(
        "报表", "取数是“报表”时，取哪张已接收的报表", None, max_length=40
    )
    formula: Annotated[str, Phrase("算式")] | None = key("算式", "取数是“报表”时的算式，如 指标(2) / 指标(1)", None)
    scoring: Scoring = key("计分", "按比率 | 按得分 | 与最高比", "按比率")
    minimum: int | None = key("最小分母", "只管这一项；不写随本排名", None, ge=1, le=10_000)
    without: WithoutCases = key("没有基数时", "不排名 | 得满分 | 得零分", "不排名")
    note: str = key("说明", "怎么算、权重从哪来", "", max_length=200)


class RankingRule(Written):
    """排名: who is ranked, by what, and when a figure is too small to rank by.

    `only` names the regions that take part (a parameter may hold them all: 甲县、乙县); empty means all.
    """

    title: str = key("名称", "排名的全称", max_length=120)
    clause: str = key("条款", "依据的条款", "", max_length=60)
    quote: str = key("原文", "通知里对这个排名的一句短引，照抄", "", max_length=120)
    level: Literal["市", "县"] = key("层级", "给哪一级排名：市 | 县")
    only: Words = key("参评", "只排这些行政区；不写就是全部", ())
    when: str = key("时点", "什么时候排，如 年末", "", max_length=40)
    minimum: int = key("最小分母", "比率的分母少于它就不排名，只列件数", 5, ge=1, le=10_000)
    most_adjusted: int = key("调整上限", "人工调整最多加减几分；0 就是不许调整", 10, ge=0, le=1000)
    items: tuple[ScoreItem, ...] = key("计分项", "按什么计分", min_length=1)
    note: str = key("说明", "权重从哪来、怎么用", "", max_length=300)

    @property
    def full(self) -> int:
        """The most points there are, before adjustments."""
        return sum(item.full for item in self.items)

    @property
    def regions(self) -> tuple[str, ...]:
        """The names in `only`, one by one."""
        apart = str.maketrans(dict.fromkeys(NAMES_APART, "、"))
        return tuple(name for text in self.only for name in text.translate(apart).split("、") if name)


class BonusRule(Written):
    """加分: points that the first places of a published ranking bring in another assessment. Equal places get equal points."""

    title: str = key("名称", "加分的名称", max_length=120)
    clause: str = key("条款", "依据的条款", "", max_length=60)
    quote: str = key("原文", "通知里对加分的一句短引，照抄", "", max_length=120)
    ranking: Annotated[str, Refers("排名")] = key("按排名", "按哪个排名加分", max_length=40)
    points: tuple[int, ...] = key("分数", "第1名、第2名……各加几分，如 [10, 5, 3]", min_length=1, max_length=20)
    counts_towards: str = key("计入", "加到哪项考核里", max_length=60)
    note: str = key("说明", "其他说明", "", max_length=200)
