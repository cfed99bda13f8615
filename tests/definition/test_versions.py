"""What a launch pins: the text, its hash, and, for what exists in no single file, one text that reads back the same."""

from pathlib import Path

import pytest

from campaigns.definition.library import parent_of, template, template_ids, template_text
from campaigns.definition.load import load
from campaigns.definition.model import Definition, Flattened
from campaigns.definition.versions import fingerprint, written_out
from campaigns.rules.dates.planning import expand, resolve

DRAFTS = Path(__file__).parent / "drafts"
COUNTY_TEXT = (DRAFTS / "hazard-2023-chiping.yaml").read_text(encoding="utf-8")
TOWN_TEXT = """语法: rectify/v1
继承: fm-hazard-2023-chiping@1.0.0
行动: {编号: town, 名称: 镇里的行动, 发文单位: 镇应急管理中心}
调整: [{任务: QY-02, 佐证: [签到表]}]
"""


@pytest.mark.parametrize("name", template_ids())
def test_a_definition_written_out_reads_back_the_same(name: str) -> None:
    definition = template(name)
    assert load(written_out(definition)) == definition


def test_what_a_line_writes_over_the_shelf_stays_so_when_it_is_written_out() -> None:
    """是 and no evidence are the defaults of a line of one's own, and not of one that is taken."""
    text = template_text("enterprise-duties")
    own = text.replace("取自: 区域性普查, ", "取自: 区域性普查, 佐证: [], 必做: 是, ")
    assert own != text
    definition = load(own)
    duty = definition.duty("JG-07")
    assert duty is not None
    assert (duty.required, duty.evidence) == (True, ())
    assert load(written_out(definition)) == definition


def test_a_flattened_overlay_fits_in_one_text_with_the_same_dates() -> None:
    county = load(COUNTY_TEXT, parent=parent_of(COUNTY_TEXT, beside=DRAFTS))
    again = load(written_out(county))
    assert expand(again).occurrences == expand(county).occurrences
    assert type(again) is Definition


def test_three_levels_inherit_through_each_other(tmp_path: Path) -> None:
    for path in DRAFTS.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    town = load(TOWN_TEXT, parent=parent_of(TOWN_TEXT, beside=tmp_path))
    assert isinstance(town, Flattened)
    duty = town.duty("QY-02")
    assert duty
    assert (duty.frequency, duty.evidence) == ("每月2次", ("签到表",))
    assert town.provenance["QY-02.频次"] == "fm-hazard-2023-chiping@1.0.0"
    assert town.provenance["QY-02.佐证"] == "town@1.0.0"


def test_files_that_inherit_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        text = f"语法: rectify/v1\n继承: {other}@1.0.0\n行动: {{编号: {name}, 名称: 名, 发文单位: 局}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert parent_of((tmp_path / "a.yaml").read_text(encoding="utf-8"), beside=tmp_path)


def test_parameters_filled_in_leave_no_placeholder() -> None:
    filled = resolve(template("hazard-2023"), {"报送日": 20})
    assert "{{" not in written_out(filled)
    assert "每月20日" in written_out(filled)


def test_one_changed_letter_changes_the_pin() -> None:
    assert fingerprint("甲") != fingerprint("乙")
    assert fingerprint("甲", "乙") != fingerprint("甲")
    assert fingerprint("甲", "乙") != fingerprint("甲乙")
