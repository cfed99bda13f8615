"""The Excel file of the monthly table, opened again and held against the paper."""

import csv
import re
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from campaigns.definition import library, shelf
from campaigns.definition.model import ReportForm
from campaigns.documents.progress_table import workbook
from tests.library.notices import notice, squeezed

TABLE = shelf.reports()["调度表"].headed(library.template("hazard-2023").meta.title).placed("茌平区")
AS_OF = date(2023, 5, 25)
GRID = "A3:G19"


def opened(form: ReportForm = TABLE, **figures: int) -> Worksheet:
    page = openpyxl.load_workbook(BytesIO(workbook(form, figures, as_of=AS_OF))).active
    assert isinstance(page, Worksheet)
    return page


def test_the_sheet_has_the_papers_seventeen_rows_and_seven_columns_below_title_and_date() -> None:
    page = opened()
    assert (page.max_row, page.max_column) == (2 + 17, 7)
    assert page["A1"].value == "非煤矿山重大事故隐患专项排查整治2023行动进展情况调度表"
    assert page["A2"].value == "时间：2023年5月25日"


def test_the_section_labels_are_merged_over_their_rows_and_nothing_else_is() -> None:
    page = opened()
    assert {str(merged) for merged in page.merged_cells.ranges} == {
        "A1:G1",
        "A2:G2",
        "A3:A5",
        "A6:A10",
        "A11:A15",
        "A16:A19",
    }
    assert [page[at].value for at in ("A3", "A6", "A11", "A16")] == list(TABLE.sections)


def test_every_printed_text_is_the_papers_own_in_the_papers_order() -> None:
    """Joined left to right, top to bottom, the sheet reads as the annex of the notice does."""
    page = opened()
    printed = [squeezed(str(cell.value)) for row in page[GRID] for cell in row if cell.value is not None]
    annex = notice("004").text.partition("时间：2023年月日")[2]
    annex = annex.replace("部门1帮扶", "部门精准严格执法情况1帮扶").replace("精准严格执法情况3行政", "3行政")
    assert "".join(printed) == annex


def test_odd_numbers_stand_left_and_even_ones_right() -> None:
    page = opened()
    assert [page.cell(row, 2).value for row in range(6, 11)] == [1, 3, 5, 7, 9]
    assert [page.cell(row, 5).value for row in range(6, 11)] == [2, 4, 6, 8, 10]


def test_figures_stand_beside_their_titles_and_compound_cells_name_their_parts() -> None:
    page = opened(
        **{
            "1.1": 3,
            "3.3": 2,
            "3.3.罚款": 15_000,
            "3.8": 2,
            "3.8.危险作业罪": 1,
            "4.1.市": 1,
            "4.1.县": 4,
            "4.5": 30_000,
            "4.5.匿名举报查实": 10_000,
            "4.6": 1,
        }
    )
    values = {
        page.cell(row, column - 1).value: page.cell(row, column).value for row in range(3, 20) for column in (4, 7)
    }
    assert values["企业自查发现的重大事故隐患（个）"] == 3
    assert values["部门检查发现的重大事故隐患（个）"] is None, "a blank is not a zero"
    assert values["行政处罚（次，万元）"] == "2次，罚款1.5万元"
    assert values["公布典型执法案例（个），其中危险作业罪案例（个）"] == "2个，其中危险作业罪1个"
    assert values["举报奖励（万元），其中匿名举报查实奖励（万元）"] == "3万元，其中匿名举报查实1万元"
    assert values["是否在主流媒体播放安全生产专题栏目"] == "是"
    assert next(value for title, value in values.items() if title.startswith("市、县党委政府分别")) == "市1次，县4次"


def test_a_row_is_as_high_as_its_longest_text_needs() -> None:
    heights = {row: opened().row_dimensions[row].height for row in (3, 16)}
    assert heights == {3: 30, 16: 45}, "4.1 takes three lines of its column"


def test_the_same_figures_give_the_same_file() -> None:
    assert workbook(TABLE, {"1.1": 3}, as_of=AS_OF) == workbook(TABLE, {"1.1": 3}, as_of=AS_OF)


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    written = {
        **TABLE.model_dump(by_alias=True),
        "名称": '=HYPERLINK("http://x","点我")',
        "指标": {"=1+1": TABLE.cells[:2]},
    }
    page = opened(ReportForm.model_validate(written))
    assert (page["A1"].data_type, page["A3"].data_type) == ("s", "s")
    assert page["A3"].value == "=1+1"


def test_a_matrix_has_its_rows_down_and_its_cells_across() -> None:
    matrix = ReportForm.model_validate(
        {
            "名称": "月报表",
            "口径": "当月",
            "行": [{"编号": "1", "名称": "金属非金属矿山"}, {"编号": "2", "名称": "尾矿库"}],
            "指标": {
                "一般隐患": [
                    {"编号": "1", "名称": "排查", "单位": "项", "取数": "填报"},
                    {"编号": "2", "名称": "已整改", "单位": "项", "取数": "填报"},
                ],
                "重大隐患": [{"编号": "3", "名称": "排查", "单位": "项", "取数": "填报"}],
            },
            "版面": {"形式": "矩阵", "时间行": "{年}年1月—{月份}月", "落款": ["填报人", "审核人"]},
        }
    )
    page = opened(matrix, **{"1:1": 5, "2:3": 1})
    rows = [[cell.value for cell in row] for row in page["A2:E7"]]
    assert rows == [
        ["2023年1月—5月", None, None, None, None],
        ["序号", "行业", "一般隐患", None, "重大隐患"],
        [None, None, "排查（项）", "已整改（项）", "排查（项）"],
        [1, "金属非金属矿山", 5, None, None],
        [2, "尾矿库", None, None, 1],
        ["填报人：　　　　　　审核人：", None, None, None, None],
    ]


def test_the_file_carries_no_date_but_the_cut_off_day() -> None:
    with ZipFile(BytesIO(workbook(TABLE, {}, as_of=AS_OF))) as archive:
        about = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}", about)) == {"2023-05-25"}


@pytest.mark.office
def test_libreoffice_opens_every_report_and_reads_what_the_paper_prints(tmp_path: Path) -> None:
    forms = shelf.reports()
    for name, form in forms.items():
        figures = {atom.code: 7 for atom in form.atoms if not atom.worded}
        words = {atom.code: "已部署" for atom in form.atoms if atom.worded}
        (tmp_path / f"{name}.xlsx").write_bytes(workbook(form, figures, as_of=AS_OF, words=words))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    text = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    command = ["soffice", home, "--headless", "--convert-to", text, "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, *(f"{name}.xlsx" for name in forms)], cwd=tmp_path, check=True, capture_output=True, timeout=150
    )
    for name, form in forms.items():
        shown = (tmp_path / f"{name}.csv").read_text(encoding="utf-8")
        read = squeezed(shown)
        assert squeezed(form.title) in read
        for cell in form.cells:
            assert squeezed(cell.on_paper) in read, (name, cell.code)
        for row in form.rows:
            assert squeezed(row.title) in read, (name, row.code)
        assert "#" not in shown, "a column too narrow for its figures, or an error"
    rows = list(csv.reader((tmp_path / "调度表.csv").read_text(encoding="utf-8").splitlines()))
    assert (len(rows), len(rows[0])) == (2 + 17, 7)
