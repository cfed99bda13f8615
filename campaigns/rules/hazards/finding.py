"""What is written down when a hazard is found, and what a plan to remove it must say. Pure; the register is in actions/hazards.

五落实 (004 五（一）2, 001（十二）): a hazard that is not removed at once needs a responsible person, measures, funds, a deadline
and a contingency plan; a plan with one of them missing is not a plan.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from campaigns.errors import Invalid
from campaigns.rules.dates.far_dates import too_far
from campaigns.rules.work.fields import YES, Wrong, read_date, read_id, read_yuan, rows, typed

LONGEST_TITLE = 120
LONGEST_WORDS = 2000
LONGEST_CRITERION = 200
LONGEST_NAME = 60
MOST_FINDINGS = 50


class PhotoRole(StrEnum):
    """What a hazard's photo shows; before and after stand side by side on its page."""

    BEFORE = "整改前"
    AFTER = "整改后"
    RECHECK = "复查"
    RECEIPT = "职代会签收"


@dataclass(frozen=True, slots=True)
class Finding:
    """One hazard as found. `rectification` says what was done when it was removed on the spot (立查立改), else is empty.

    `criterion` is the clause of the 判定标准 that makes it major. `enterprise_id` is set where the form leaves it open,
    `clause_id` where the clause was picked from an imported set; what a record keeps of a line cites it in words.
    """

    title: str
    location: str = ""
    description: str = ""
    major: bool = False
    criterion: str = ""
    rectification: str = ""
    enterprise_id: int | None = None
    clause_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values for the submission, 是否 as 1 or 0."""
        kept = {name: value for name, value in asdict(self).items() if name != "clause_id"}
        return {**kept, "major": int(self.major)}


@dataclass(frozen=True, slots=True)
class RectificationPlan:
    """五落实: all five, funds in whole 元 (0 is an answer: 不需要资金)."""

    responsible: str
    measures: str
    funds: int
    deadline_on: date
    contingency: str


def read_findings(raw: Any, *, choose_enterprise: bool = False) -> tuple[Finding, ...]:
    """Read the rows of a 隐患列表, skipping rows with nothing in them; raises Wrong naming the row."""
    given = rows(raw)
    if len(given) > MOST_FINDINGS:
        raise Wrong(f"一次最多登记{MOST_FINDINGS}条，请分几次登记。")
    findings = []
    for place, row in enumerate(given, start=1):
        try:
            findings.append(read_finding(row, choose_enterprise=choose_enterprise))
        except Invalid as invalid:
            raise Wrong(f"第{place}条：{next(iter(invalid.fields.values()))}") from None
    return tuple(findings)


def read_finding(row: Mapping[str, Any], *, choose_enterprise: bool = False) -> Finding:
    """Read one hazard as typed; raises Invalid with one sentence per blank."""
    wrong: dict[str, str] = {}
    title = _words(row, "title", LONGEST_TITLE, wrong, "请写清是什么隐患。")
    major = typed(row.get("major")) in (YES, "1")
    clause_id = read_id(typed(row.get("clause")))
    if clause_id is not None and not major:
        wrong["clause"] = "选了判定标准的条款，就是重大事故隐患；是一般隐患的，条款请不选。"
    missing = "判为重大事故隐患的，请写明对应判定标准的哪一条。" if major and clause_id is None else ""
    criterion = _words(row, "criterion", LONGEST_CRITERION, wrong, missing)
    enterprise = read_id(typed(row.get("enterprise_id"))) if choose_enterprise else None
    if choose_enterprise and enterprise is None:
        wrong["enterprise_id"] = "请选是哪家企业的隐患。"
    finding = Finding(
        title=title,
        location=_words(row, "location", LONGEST_TITLE, wrong),
        description=_words(row, "description", LONGEST_WORDS, wrong),
        major=major,
        criterion=criterion,
        rectification=_words(row, "rectification", LONGEST_WORDS, wrong),
        enterprise_id=enterprise,
        clause_id=clause_id,
    )
    if wrong:
        raise Invalid("隐患没有登记。", fields=wrong, kept="没有改动任何内容。", advice="改好后再登记。")
    return finding


def check_after(finding: Finding, *, photos: int) -> None:
    """Raise unless photos from after the rectification come with words of what was done: 立查立改 shows both."""
    if photos and not finding.rectification:
        raise Invalid(
            "隐患没有登记。",
            fields={"rectification": "传了整改后照片的，请写明当场怎么改的；还没有改完的，整改后照片等报整改时再传。"},
            kept="没有改动任何内容。",
            advice="改好后再登记。",
        )


def read_plan(row: Mapping[str, Any], *, today: date) -> RectificationPlan:
    """Read a 五落实 plan as typed; every one of the five must be there. `funds` is typed in 元."""
    wrong: dict[str, str] = {}
    plan = RectificationPlan(
        responsible=_words(row, "responsible", LONGEST_NAME, wrong, "责任人没有落实：请写姓名和职务。"),
        measures=_words(row, "measures", LONGEST_WORDS, wrong, "措施没有落实：请写怎么改。"),
        funds=_funds(row, wrong),
        deadline_on=_deadline(row, today, wrong),
        contingency=_words(row, "contingency", LONGEST_WORDS, wrong, "预案没有落实：请写整改期间怎样保证安全。"),
    )
    if wrong:
        raise Invalid(
            "五落实缺项，整改方案没有保存。", fields=wrong, kept="没有改动任何内容。", advice="五项都填齐后再提交。"
        )
    return plan


def _words(row: Mapping[str, Any], name: str, longest: int, wrong: dict[str, str], missing: str = "") -> str:
    words = typed(row.get(name))
    if not words and missing:
        wrong[name] = missing
    if len(words) > longest:
        wrong[name] = f"最多写{longest}个字，现在有{len(words)}个字。"
    return words


def _funds(row: Mapping[str, Any], wrong: dict[str, str]) -> int:
    try:
        funds = read_yuan(row.get("funds"), unit="元") if typed(row.get("funds")) else -1
    except Wrong as sentence:
        wrong["funds"] = str(sentence)
        return 0
    if funds < 0:
        wrong["funds"] = "资金没有落实：请填金额（元），不需要花钱的填 0。"
    return funds


def _deadline(row: Mapping[str, Any], today: date, wrong: dict[str, str]) -> date:
    try:
        deadline = read_date(row.get("deadline_on"), today=date.max)
    except Wrong as sentence:
        wrong["deadline_on"] = (
            f"时限没有落实：{sentence}" if typed(row.get("deadline_on")) else "时限没有落实：请填整改期限。"
        )
        return today
    if deadline < today:
        wrong["deadline_on"] = "整改期限不能早于今天。"
    elif slip := too_far(deadline, today=today):
        wrong["deadline_on"] = slip
    return deadline
