"""Which column of somebody's own hazard ledger (历史台账) means what: a guess by its heading, for a person to confirm."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from campaigns.rules.directory.register import tidy

Match = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that the register keeps: its word, and the headings under which offices keep it."""

    label: str
    headings: tuple[str, ...]
    needed: bool = False


WANTED: Mapping[str, Wanted] = {
    "enterprise": Wanted(
        "企业",
        (
            "企业名称",
            "单位名称",
            "被检查单位",
            "受检单位",
            "受检企业",
            "矿山名称",
            "生产经营单位",
            "企业",
            "单位",
            "责任单位",
        ),
        needed=True,
    ),
    "title": Wanted(
        "隐患",
        (
            *(
                "隐患内容",
                "隐患描述",
                "存在问题",
                "存在的问题",
                "问题描述",
                "隐患名称",
                "问题隐患",
                "存在隐患",
                "隐患问题",
            ),
            *(
                "检查发现问题",
                "发现问题",
                "排查出的问题",
                "隐患情况",
                "主要问题",
                "存在的隐患",
                "事故隐患",
                "隐患",
                "问题",
            ),
        ),
        needed=True,
    ),
    "found_on": Wanted(
        "发现日期",
        (
            "发现日期",
            "发现时间",
            "检查日期",
            "检查时间",
            "排查日期",
            "排查时间",
            "登记日期",
            "登记时间",
            "日期",
            "时间",
        ),
        needed=True,
    ),
    "location": Wanted("地点", ("隐患部位", "部位", "隐患地点", "地点", "位置", "存在部位", "隐患位置")),
    "source": Wanted(
        "来源", ("来源", "隐患来源", "发现方式", "检查类型", "检查类别", "排查方式", "检查方式", "发现途径")
    ),
    "grade": Wanted(
        "等级",
        ("级别", "等级", "隐患级别", "隐患等级", "是否重大隐患", "是否重大", "隐患类别", "隐患类型", "一般或重大"),
    ),
    "criterion": Wanted("判定标准条款", ("判定依据", "判定标准", "依据条款", "判定条款", "依据")),
    "responsible": Wanted("责任人", ("整改责任人", "责任人", "负责人", "整改负责人")),
    "measures": Wanted("整改措施", ("整改措施", "治理措施", "措施", "整改要求", "整改意见", "整改方案")),
    "funds": Wanted("整改资金", ("整改资金", "治理资金", "资金", "投入资金", "资金投入", "整改投入")),
    "deadline_on": Wanted(
        "整改期限",
        ("整改期限", "整改时限", "期限", "时限", "完成期限", "计划完成时间", "要求完成时间", "整改时间", "限期"),
    ),
    "contingency": Wanted("预案", ("应急预案", "预案", "防范措施", "安全措施", "应急措施", "管控措施")),
    "state": Wanted(
        "整改情况",
        (
            *("整改完成情况", "整改情况", "完成情况", "是否整改", "是否完成", "整改状态", "整改结果", "整改落实情况"),
            *("是否销号", "销号情况", "状态", "是否整改完成", "闭环情况"),
        ),
    ),
    "closed_on": Wanted(
        "完成或销号日期",
        (
            "销号日期",
            "销号时间",
            "完成日期",
            "完成时间",
            "整改完成时间",
            "整改完成日期",
            "验收日期",
            "复查日期",
            "复查时间",
        ),
    ),
}
"""Field → what it is; the first heading is the one in our own words."""


@lru_cache(maxsize=4096)
def plain_heading(heading: str) -> str:
    """Return a heading without blanks, brackets and signs: 整改期限（年月日） and 整改 期限 are one."""
    return re.sub(r"[（(【\[].*?[)）】\]]|[\s*：:、，,。.]", "", tidy(heading))


def guess(headings: Sequence[str], *, known: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return field → position of the column that most likely holds it.

    `known` is what somebody of the bureau chose last time, field → heading (empty: there is none). It wins where this sheet has
    such a column. A heading of two rows is written 上/下; its lower part speaks first.
    """
    found: dict[str, int] = {}
    remembered = {name: heading for name, heading in (known or {}).items() if name in WANTED}
    for name, heading in remembered.items():
        at = next((at for at, one in enumerate(headings) if one == heading and at not in found.values()), None)
        if heading and at is not None:
            found[name] = at
    left_out = {name for name, heading in remembered.items() if not heading}
    for how in (_is, _holds):
        for name, wanted in WANTED.items():
            if name not in found and name not in left_out:
                at = _first(headings, wanted.headings, how, taken=set(found.values()))
                if at is not None:
                    found[name] = at
    return found


def _first(headings: Sequence[str], words: Sequence[str], matches: Match, *, taken: set[int]) -> int | None:
    for word in words:
        for at, heading in enumerate(headings):
            if at not in taken and matches(heading, word):
                return at
    return None


def _is(heading: str, word: str) -> bool:
    parts = [plain_heading(part) for part in heading.split("/")]
    return word in (parts[-1], "".join(parts), plain_heading(heading))


def _holds(heading: str, word: str) -> bool:
    return len(word) > 2 and word in plain_heading(heading)
