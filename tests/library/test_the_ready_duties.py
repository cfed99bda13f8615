"""任务库: every duty stands in its notice at its line, says how often the notice says, and asks where the notice is silent."""

from collections.abc import Iterator
from datetime import date

import pytest

from campaigns.definition import shelf
from campaigns.definition.library import template
from campaigns.definition.load import load, review
from campaigns.definition.parameters import not_stated
from campaigns.definition.ready_duty import ReadyDuty, Source
from campaigns.definition.taking import asking
from campaigns.rules.dates.planning import expand
from campaigns.rules.work.filling import blank, fill
from tests.factories import SIGNER, answers, files_for
from tests.library.notices import SEEDS, notice, squeezed

DUTIES = shelf.duties()
NAMED = [pytest.param(name, duty, id=name) for name, duty in DUTIES.items()]
TEMPLATE = template("enterprise-duties")

# The duties of enterprises that the notices name, thirty mechanisms, by two numberings that divide the same ones differently.
MECHANISMS = {
    "M20": ("修订全员岗位责任清单",),
    "M21": ("安全总监专项述职",),
    "M22": ("制定排查整治具体方案",),
    "M23": ("主要负责人研究部署", "主要负责人带队自查"),
    "M24": ("成立六提升领导机构", "六提升进展"),
    "M25": ("月度全员警示教育",),
    "M26": ("危险作业审批",),
    "M27": ("动火作业票",),
    "M28": ("关键岗位履责排查",),
    "M29": ("无证招请责任制度", "持证台账"),
    "M30": ("外包工程管理排查",),
    "M31": ("判定标准全员培训", "日常培训自查"),
    "M32": ("晨会和开工第一课制度", "晨会记录", "开工第一课记录"),
    "M33": ("有奖举报公告牌",),
    "M34": ("双重预防机制建设", "风险辨识评估"),
    "M35": ("一库一策方案",),
    "M36": ("年度隐蔽致灾因素普查", "隐蔽致灾因素普查制度", "隐蔽致灾因素台账"),
    "M37": ("普查报告专项审查", "区域性普查"),
    "M38": ("事故应急救援预案演练", "专项应急预案演练"),
    "M39": ("紧急撤离演练",),
    "M40": ("停产撤人制度",),
    "M41": ("安全生产目标责任书", "主要负责人履职尽责承诺", "全员承诺"),
    "M42": ("安全费用台账",),
    "M43": ("持证台账", "师傅带徒弟", "班前会", "周例会", "月度会"),
    "M44": ("配备安全管理机构和人员", "安全管理人员任免告知"),
    "M45": ("图纸定期交换",),
    "M46": ("岗位明白卡和风险告知栏", "更新告知栏和明白卡"),
    "M47": ("视频监控覆盖",),
    "M48": ("定期上报",),
    "M49": ("集团公司责任落实报告",),
}
BY_THE_NARRATIVE = {
    "M20": MECHANISMS["M21"],
    "M21": MECHANISMS["M22"],
    "M22": (*MECHANISMS["M26"], *MECHANISMS["M27"]),
    "M23": MECHANISMS["M25"],
    "M24": MECHANISMS["M28"],
    "M25": MECHANISMS["M30"],
    "M26": MECHANISMS["M29"],
    "M27": MECHANISMS["M31"],
    "M28": MECHANISMS["M32"],
    "M29": MECHANISMS["M33"],
    "M30": (*MECHANISMS["M34"], "重大危险源动态监控"),
    "M31": ("劳务派遣和灵活用工管理",),
    "M32": ("一库一策方案", "一矿一策方案"),
    "M33": MECHANISMS["M36"],
    "M34": (*MECHANISMS["M38"], *MECHANISMS["M39"], "汛前实战演练"),
    "M35": MECHANISMS["M40"],
    "M36": MECHANISMS["M41"],
    "M37": MECHANISMS["M42"],
    "M38": MECHANISMS["M43"],
    "M39": MECHANISMS["M44"],
    "M40": MECHANISMS["M45"],
    "M41": MECHANISMS["M46"],
    "M42": ("三堂一舍消防排查",),
    "M43": MECHANISMS["M47"],
    "M44": MECHANISMS["M48"],
    "M45": MECHANISMS["M49"],
    "M46": ("职业健康监测报告",),
    "M47": ("分级分类监管",),
    "M48": ("年度监督检查计划", "双随机监督检查"),
    "M49": ("四不两直检查", "专项检查随机抽查重点督查"),
}
HEAD = """语法: rectify/v1
行动: {编号: own, 名称: 本县行动, 发文单位: 县局, 起止: 2022年1月1日 至 2024年12月31日}
角色:
  县局: {层级: 县, 单位: 应急管理局}
  主要负责人: {层级: 企业, 岗位: [法定代表人]}
  安全总监: {层级: 企业, 岗位: [安全总监]}
对象:
  企业: {行业: 非煤矿山}
全程任务:
"""


def campaign(name: str, more: str = "", whose: str = "") -> str:
    whose = whose or ("企业" if DUTIES[name].side == "企业" else "县局")
    return f"{HEAD}  - {{编号: QY-01, 取自: {name}, 对象: {whose}{more}}}\n"


def sources() -> Iterator[object]:
    numbers = {name: file.notice.number for file in shelf.duty_files() for name in file.duties}
    for name, duty in DUTIES.items():
        first = Source(notice=numbers[name], line=duty.line, clause=duty.clause, quote=duty.quote)
        for source in (first, *duty.also):
            yield pytest.param(source, id=f"{name}-{source.notice}:{source.line}")


@pytest.mark.parametrize("source", list(sources()))
def test_a_quote_stands_in_the_notice_at_its_line_and_in_its_clause(source: Source) -> None:
    (path,) = SEEDS.glob(f"{source.notice}_*.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    # A page break may fall into a sentence, so the quote may run on; it has to begin on the line.
    begins, after = ("".join(lines[at : at + 4]) for at in (source.line - 1, source.line))
    assert squeezed(source.quote) in squeezed(begins)
    assert squeezed(source.quote) not in squeezed(after)
    if source.clause.startswith("第"):  # this notice numbers its points with 1. to 26. alone
        assert squeezed(lines[source.line - 1]).startswith(source.clause.removeprefix("第").removesuffix("条") + ".")
    else:
        assert squeezed(source.quote) in notice(source.notice).clause(source.clause)


@pytest.mark.parametrize("numbering", [MECHANISMS, BY_THE_NARRATIVE], ids=["appendix", "narrative"])
def test_every_mechanism_from_m20_to_m49_has_its_duties(numbering: dict[str, tuple[str, ...]]) -> None:
    assert list(numbering) == [f"M{number}" for number in range(20, 50)]
    assert {name for names in numbering.values() for name in names} <= set(DUTIES)


def test_no_duty_stands_on_the_shelf_for_nothing() -> None:
    wanted = {name for numbering in (MECHANISMS, BY_THE_NARRATIVE) for names in numbering.values() for name in names}
    assert wanted == set(DUTIES)


@pytest.mark.parametrize(("name", "duty"), NAMED)
def test_a_duty_either_says_how_often_or_asks_for_it(name: str, duty: ReadyDuty) -> None:
    assert bool(duty.asks) != bool(duty.frequency or duty.due or duty.split_dues)
    assert duty.form in shelf.forms()


@pytest.mark.parametrize(("name", "duty"), NAMED)
def test_a_duty_is_taken_by_one_line(name: str, duty: ReadyDuty) -> None:
    """With the answer where the notice asks; without it the line is refused, at its place, with the question."""
    alone = review(campaign(name))
    if duty.asks:
        assert [(error.line, error.sentence) for error in alone.errors] == [(10, asking(name, duty))]
        assert duty.asks in asking(name, duty)
    found = load(campaign(name, {"频次": ", 频次: 每季度1次", "截止": ", 截止: 阶段末", None: ""}[duty.asks]))
    (taken,) = found.standing_duties
    assert (taken.taken_from, taken.title, taken.clause, taken.quote) == (name, duty.title, duty.clause, duty.quote)
    assert (taken.form, taken.evidence, taken.responsible) == (duty.form, duty.evidence, duty.responsible)
    if not duty.asks:
        assert (taken.frequency, taken.due) == (duty.frequency, duty.due)
    assert expand(found).lines


@pytest.mark.parametrize(("name", "duty"), NAMED)
def test_its_form_can_be_filled_in(name: str, duty: ReadyDuty) -> None:
    form = blank(shelf.forms()[duty.form], duty.evidence)
    filled = fill(form, answers(form), files=files_for(form), signer=SIGNER, today=date(2023, 5, 12))
    assert set(filled.content) >= {field.title for field in form.fields if field.required == "是"}


def test_the_ready_campaign_takes_every_duty_of_the_shelf_once() -> None:
    assert sorted(duty.taken_from or "" for duty, _ in TEMPLATE.duties) == sorted(DUTIES)


def test_the_ready_campaign_asks_the_bureau_for_everything_the_notices_leave_open() -> None:
    assert set(not_stated(TEMPLATE, {})) == set(TEMPLATE.parameters)
    for duty, _ in TEMPLATE.duties:
        ready = DUTIES[duty.taken_from or ""]
        own = duty.frequency if ready.asks == "频次" else duty.due
        assert not ready.asks or "{{" in (own or ""), f"{duty.code}: the template answers for the bureau"
