"""What changed, by meaning: comments, order and spacing are nothing; every duty keeps its key for ever."""

from datetime import date
from pathlib import Path

from campaigns.definition.diff import compare
from campaigns.definition.load import load
from campaigns.rules.amending import Amendment, Fate, amendments
from campaigns.rules.dates.planning import expand

TEXT = (Path(__file__).parent / "drafts" / "hazard-2023.yaml").read_text(encoding="utf-8")
OLD = load(TEXT)
TODAY = date(2023, 8, 10)


def changed(**edits: str) -> str:
    text = TEXT
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


def sentences(**edits: str) -> list[str]:
    return [change.sentence for change in compare(OLD, load(changed(**edits)))]


def fates(new_text: str, touched: set[tuple[str, str, int]]) -> dict[tuple[str, str, int], Amendment]:
    found = amendments(expand(OLD), expand(load(new_text)), touched=touched, today=TODAY)
    return {amendment.key: amendment for amendment in found}


def test_comments_and_spacing_change_nothing() -> None:
    assert compare(OLD, load("# 新的说明\n" + TEXT.replace(", 条款", ",  条款"))) == ()


def test_a_difference_reads_like_a_sentence() -> None:
    assert sentences(**{"频次: 每半年2次": "频次: 每半年3次"}) == [
        "任务QY-05“事故应急救援预案演练”：“频次”由“每半年2次”改为“每半年3次”"
    ]
    assert sentences(**{"截止: 2023年5月底": "截止: 2023年5月20日"}) == [
        "阶段动员部署：“截止”由“2023年5月底”改为“2023年5月20日”"
    ]
    assert sentences(**{", 审核: 市局, 催办: 部门, 升级: 部门逾期}": ", 催办: 部门, 升级: 部门逾期}"}) == [
        "任务JG-01“报送进展情况调度表”：“审核”由“市局”改为不写"
    ]
    assert sentences(**{"最多: 8": "最多: 6"}) == ["催办企业：“最多”由“8”改为“6”"]
    assert sentences(**{"名称: 行政处罚, 单位: 次": "名称: 行政处罚, 单位: 起"}) == [
        "指标调度表.3.3“行政处罚”：“单位”由“次”改为“起”"
    ]


def test_a_renamed_code_is_one_gone_and_one_new() -> None:
    assert sentences(**{"编号: JG-23,": "编号: JG-29,"}) == [
        "新增任务JG-29“‘安全生产月’专题学习”".replace("‘", "“").replace("’", "”"),
        "删除任务JG-23“‘安全生产月’专题学习”".replace("‘", "“").replace("’", "”"),
    ]


def test_an_unchanged_plan_keeps_every_task() -> None:
    assert {amendment.fate for amendment in fates(TEXT, set()).values()} == {Fate.KEPT}


def test_a_later_date_moves_a_task_even_when_somebody_works_on_it() -> None:
    clinic = "专家“解剖式”安全会诊, 条款: 五（二）4, 对象: 县局, 逐个: 企业, 截止: "
    later = changed(**{f"{clinic}阶段末": f"{clinic}2023年12月20日"})
    key = ("JG-32", "精准执法", 1)
    assert fates(later, {key})[key].fate is Fate.MOVED


def test_an_earlier_date_on_work_in_hand_is_for_a_person_to_decide() -> None:
    earlier = changed(**{"截止: 2023年11月底": "截止: 2023年10月底"})
    key = ("JG-31", "精准执法", 1)
    assert fates(earlier, set())[key].fate is Fate.MOVED
    told = fates(earlier, {key})[key]
    assert (told.fate, told.reason) == (Fate.TO_DECIDE, "截止由2023年11月30日改为2023年10月31日，提前了，已有人办理")


def test_what_is_gone_is_cancelled_only_when_untouched_and_still_ahead() -> None:
    once_a_month = changed(**{"频次: 每月2次, 分期截止: [15日, 月末]": "频次: 每月1次, 截止: 15日"})
    ahead, past = ("QY-01", "2023-09", 2), ("QY-01", "2023-06", 2)
    assert fates(once_a_month, set())[ahead].fate is Fate.CANCELLED
    assert fates(once_a_month, {ahead})[ahead].fate is Fate.TO_DECIDE
    assert fates(once_a_month, set())[past].fate is Fate.TO_DECIDE
    assert fates(once_a_month, set())["QY-01", "2023-09", 1].fate is Fate.KEPT


def test_more_of_a_duty_adds_the_new_ones_and_keeps_the_old() -> None:
    weekly = changed(**{"频次: 每半年1次, 截止: 半年末": "频次: 每半年2次, 截止: 半年末"})
    assert fates(weekly, set())["QY-06", "2023-H2", 2].fate is Fate.ADDED
    assert fates(weekly, set())["QY-06", "2023-H2", 1].fate is Fate.KEPT


def test_another_form_on_work_in_hand_is_for_a_person_to_decide() -> None:
    another = changed(**{"表单: 督导记录": "表单: 会议记录"})
    key = ("SJ-41", "总结提高", 1)
    assert fates(another, set())[key].fate is Fate.MOVED
    assert fates(another, {key})[key].fate is Fate.TO_DECIDE
