"""What a filled-in form keeps, and the sentence beside every blank that does not pass."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.definition.form import Field, Form
from campaigns.errors import Invalid
from campaigns.rules.permissions import Role
from campaigns.rules.work.fields import FileRef, as_typed
from campaigns.rules.work.filling import Filled, blank, fill
from campaigns.rules.work.signing import Signer

TODAY = date(2023, 5, 15)
OFFICER = Signer("沈安全员", frozenset({Role.SAFETY_OFFICER}))
PRINCIPAL = Signer("卫矿长", frozenset({Role.PRINCIPAL}))
INSPECTION = Form(
    fields=(
        Field(title="排查日期", kind="日期", required="是"),
        Field(title="发现隐患", kind="隐患列表"),
        Field(title="无隐患声明", kind="签字", required="发现隐患为空时"),
        Field(title="现场照片", kind="照片", maximum=2),
    )
)
PHOTO = FileRef("a" * 32, "现场照片", "坝顶.jpg", "f" * 64)


def one(kind: str, raw: Any, **more: Any) -> Any:
    """Fill in a form of one blank and return what is kept of it."""
    field = Field(title="栏", kind=kind, required="是", **more)  # type: ignore[arg-type]
    return fill(Form(fields=(field,)), {"栏": raw}, signer=OFFICER, today=TODAY).content["栏"]


def complaint(kind: str, raw: Any, **more: Any) -> str:
    with pytest.raises(Invalid) as refusal:
        one(kind, raw, **more)
    return refusal.value.fields["栏"]


def inspect(values: Mapping[str, Any], *, signer: Signer = OFFICER, files: tuple[FileRef, ...] = ()) -> Filled:
    return fill(INSPECTION, {"排查日期": "2023-05-12", **values}, files=files, signer=signer, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "raw", "more", "kept"),
    [
        ("日期", "2023年5月2日", {}, "2023-05-02"),
        ("日期", "２０２３/5/2", {}, "2023-05-02"),
        ("时间", "8:05", {}, "08:05"),
        ("整数", "１，２００人", {"unit": "人"}, 1200),
        ("小数", "1.50", {}, "1.5"),
        ("金额", "1.25", {"unit": "万元"}, 12500),
        ("金额", "300元", {"unit": "元"}, 300),
        ("金额", "２.５万", {"unit": "元"}, 25000),
        ("金额", "3000 元", {"unit": "万元"}, 3000),
        ("是否", "是", {}, 1),
        ("是否", "否", {}, 0),
        ("单选", "坝体", {"choices": ["坝体", "库区"]}, "坝体"),
        ("多选", ["库区", "坝体", "库区"], {"choices": ["坝体", "库区"]}, ["库区", "坝体"]),
        ("文字", "  王（班长）\u200b ", {}, "王（班长）"),
        ("长文本", "一\r\n二", {}, "一\n二"),
        ("电话", "0635-8280000", {}, "0635-8280000"),
        ("企业", "12", {}, 12),
        ("签字", "on", {}, "沈安全员"),
    ],
)
def test_what_is_typed_is_kept_as_one_plain_value(kind: str, raw: Any, more: dict[str, Any], kept: Any) -> None:
    assert one(kind, raw, **more) == kept


@pytest.mark.parametrize(
    ("kind", "raw", "more", "sentence"),
    [
        ("日期", "2023-02-30", {}, "没有2023-02-30这一天，请核对。"),
        ("日期", "五月初", {}, "日期看不懂，请写成 2023-05-12 这样。"),
        ("日期", "2023-05-16", {}, "日期不能晚于今天（2023年5月15日）。"),
        ("时间", "25:00", {}, "时间看不懂，请写成 08:30 这样。"),
        ("整数", "三十六", {"unit": "人"}, "请只填数字，单位是人，例如 3。"),
        ("整数", "1.5", {}, "请填整数。"),
        ("整数", "NaN", {}, "这个数太大了，请核对。"),
        ("整数", "-1", {"minimum": 0, "unit": "人"}, "这个数不能小于0人。"),
        ("整数", "99", {"maximum": 10}, "这个数不能大于10。"),
        ("小数", "0.00001", {}, "最多写4位小数。"),
        ("金额", "1.005", {"unit": "元"}, "金额最小到元，请不要写角、分。"),
        ("是否", "也许", {}, "请选“是”或“否”。"),
        ("单选", "井下", {"choices": ["坝体"]}, "没有“井下”这个选项，请从列出的选项里选。"),
        ("单选", ["坝体", "库区"], {"choices": ["坝体", "库区"]}, "这一栏只能选一项。"),
        ("多选", ["坝体"], {"choices": ["坝体", "库区"], "minimum": 2}, "选的项数不能小于2。"),
        ("文字", "字" * 201, {}, "最多写200个字，现在有201个字。"),
        ("电话", "张建", {}, "电话只写数字和短横线，例如 0635-8280000。"),
        ("企业", "鲁西", {}, "请从列表里选一家企业。"),
        ("照片", ["b" * 32], {}, "有文件已经找不到了，请重新上传。"),
        ("文字", "", {}, "请填写“栏”。"),
        ("签字", "", {}, "请在“栏”处签字。"),
        ("附件", [], {}, "请上传“栏”。"),
    ],
)
def test_a_wrong_blank_is_answered_with_what_to_write(kind: str, raw: Any, more: dict[str, Any], sentence: str) -> None:
    assert complaint(kind, raw, **more) == sentence


def test_no_hazard_has_to_be_declared_by_signature() -> None:
    with pytest.raises(Invalid) as refusal:
        inspect({"发现隐患": [{"title": "", "location": " "}]})
    assert refusal.value.fields == {"无隐患声明": "“发现隐患”为空，请在“无隐患声明”处签字。"}
    assert inspect({"无隐患声明": "on"}).content["无隐患声明"] == "沈安全员"


def test_hazards_and_a_declaration_of_none_exclude_each_other() -> None:
    hazards = [{"title": "排洪斜槽盖板破损", "location": "库区东侧"}]
    filled = inspect({"发现隐患": hazards})
    assert [finding.title for finding in filled.findings] == ["排洪斜槽盖板破损"]
    assert filled.content["发现隐患"][0]["major"] == 0
    with pytest.raises(Invalid) as refusal:
        inspect({"发现隐患": hazards, "无隐患声明": "on"})
    assert "请取消签字" in refusal.value.fields["无隐患声明"]


def test_a_major_hazard_names_its_criterion_and_the_row_is_named() -> None:
    with pytest.raises(Invalid) as refusal:
        inspect({"发现隐患": [{"title": "甲"}, {"title": "坝体出现裂缝", "major": "是"}]})
    assert refusal.value.fields["发现隐患"] == "第2条：判为重大事故隐患的，请写明对应判定标准的哪一条。"


def test_files_are_those_of_the_label_unless_some_are_picked() -> None:
    other = FileRef("c" * 32, "签到表", "签到.pdf", "e" * 64)
    kept = [{"storage_id": PHOTO.storage_id, "name": "坝顶.jpg", "sha256": "f" * 64}]
    assert inspect({"无隐患声明": "on"}, files=(PHOTO, other)).content["现场照片"] == kept
    assert "现场照片" not in inspect({"无隐患声明": "on", "现场照片": []}, files=(PHOTO,)).content


def test_only_the_principal_signs_where_the_principal_signs() -> None:
    form = blank(INSPECTION, ["现场照片", "主要负责人签字"])
    values = {"排查日期": "2023-05-12", "无隐患声明": "on", "主要负责人签字": "on"}
    with pytest.raises(Invalid) as refusal:
        fill(form, values, signer=OFFICER, today=TODAY)
    assert refusal.value.fields == {
        "现场照片": "请上传“现场照片”。",
        "主要负责人签字": "这一栏要由主要负责人本人登录后签字。您可以先存草稿，请主要负责人打开后签字提交。",
    }
    assert fill(form, values, files=(PHOTO,), signer=PRINCIPAL, today=TODAY).content["主要负责人签字"] == "卫矿长"


def test_a_permit_may_be_for_tomorrow_and_its_record_is_todays() -> None:
    form = Form(fields=(Field(title="作业日期", kind="日期", required="是", maximum=7),))
    tomorrow = TODAY + timedelta(days=1)
    filled = fill(form, {"作业日期": tomorrow.isoformat()}, signer=OFFICER, today=TODAY)
    assert filled.content == {"作业日期": tomorrow.isoformat()}
    assert filled.occurred_on == TODAY
    with pytest.raises(Invalid) as refusal:
        fill(form, {"作业日期": (TODAY + timedelta(days=8)).isoformat()}, signer=OFFICER, today=TODAY)
    assert refusal.value.fields["作业日期"].startswith("最晚写到")


def test_a_blank_may_be_compulsory_for_one_answer_of_another() -> None:
    form = Form(
        fields=(
            Field(title="现有方式", kind="单选", choices=("整体托管", "自有队伍"), required="是"),
            Field(title="受托单位", kind="文字", required="现有方式为整体托管时"),
        )
    )
    assert fill(form, {"现有方式": "自有队伍"}, signer=OFFICER, today=TODAY).content == {"现有方式": "自有队伍"}
    with pytest.raises(Invalid) as refusal:
        fill(form, {"现有方式": "整体托管"}, signer=OFFICER, today=TODAY)
    assert refusal.value.fields == {"受托单位": "“现有方式”为“整体托管”，请填写“受托单位”。"}


def test_the_first_date_says_on_which_day_it_was_done() -> None:
    assert inspect({"无隐患声明": "on"}).occurred_on == date(2023, 5, 12)
    assert (
        fill(Form(fields=INSPECTION.fields[1:3]), {"无隐患声明": "on"}, signer=OFFICER, today=TODAY).occurred_on
        == TODAY
    )


def test_evidence_that_the_form_does_not_ask_for_is_added_to_it() -> None:
    added = blank(INSPECTION, ["会议纪要", "演练照片", "安全总监签字"]).fields[-3:]
    assert [(field.kind, field.required) for field in added] == [("附件", "是"), ("照片", "是"), ("签字", "是")]


@pytest.mark.parametrize(
    ("kind", "kept", "typed"),
    [
        ("是否", 0, "否"),
        ("是否", "是", "是"),
        ("整数", 12, "12"),
        ("签字", "卫矿长", ""),
        ("多选", ["坝体"], ["坝体"]),
        ("照片", [{"storage_id": "a" * 32, "name": "x"}], ["a" * 32]),
        ("照片", ["a" * 32], ["a" * 32]),
        ("文字", None, ""),
        (
            "隐患列表",
            [{"title": "甲", "major": 1, "enterprise_id": None}],
            [{"title": "甲", "major": "是", "enterprise_id": ""}],
        ),
    ],
)
def test_a_form_opens_again_with_what_was_kept(kind: str, kept: Any, typed: Any) -> None:
    assert as_typed(Field(title="栏", kind=kind), kept) == typed  # type: ignore[arg-type]


def test_money_opens_again_in_its_own_unit() -> None:
    assert as_typed(Field(title="罚款", kind="金额", unit="万元"), 12500) == "1.25"
    assert as_typed(Field(title="罚款", kind="金额", unit="元"), 12500) == "12500"


@given(st.dates(date(2000, 1, 1), TODAY))
def test_every_past_day_is_read_back_as_itself(day: date) -> None:
    assert one("日期", day.isoformat()) == one("日期", f"{day.year}.{day.month}.{day.day}") == day.isoformat()


@given(st.integers(1, 4000))
def test_no_day_after_today_passes(days: int) -> None:
    assert "不能晚于今天" in complaint("日期", (TODAY + timedelta(days)).isoformat())


@given(st.integers(0, 10**12))
def test_money_in_wan_keeps_every_yuan(yuan: int) -> None:
    assert one("金额", str(Decimal(yuan) / 10_000), unit="万元") == yuan


@given(st.text())
def test_any_text_at_all_is_kept_or_answered_never_a_crash(raw: str) -> None:
    kinds = ("日期", "时间", "整数", "小数", "金额", "是否", "电话", "企业", "文字", "长文本", "照片", "单选")
    form = Form(fields=tuple(Field(title=kind, kind=kind, required="是", choices=("甲",)) for kind in kinds))  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal:  # 照片 is never text
        fill(form, dict.fromkeys(kinds, raw), signer=OFFICER, today=TODAY)
    assert all(sentence.endswith("。") for sentence in refusal.value.fields.values())
