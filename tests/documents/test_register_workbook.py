"""Workbooks from outside: read as they come, weighed before they are unpacked, and given back with their mistakes marked."""

import struct
import time
import zipfile
import zlib
from datetime import date
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from campaigns.documents.register_workbook import EXAMPLE, REMARKS, annotated, read_register, template
from campaigns.documents.sheet_reader import LARGEST_FILE, weigh
from campaigns.errors import Invalid
from campaigns.rules.directory.register import read_lines
from campaigns.rules.files.formula_cells import NO_RESULT, PASTE_VALUES


def workbook(*rows: tuple[object, ...], before: int = 0) -> bytes:
    """Return an xlsx with these rows, below some rows of title."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for _ in range(before):
        page.append(["茌平区非煤矿山企业名册"])
    for row in rows:
        page.append(row)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def test_headings_may_stand_below_a_title_and_cells_may_be_dates_numbers_or_text() -> None:
    content = workbook(
        ("序号", "单位名称", "信用代码", "联系电话", "纳入日期"),
        (1, "鲁西矿业", None, 13800000000, date(2023, 5, 1)),
        (None, None, None, None, None),
        (2, "信发铝业", "91110000600037341L", "0635-1234567", "2023年5月2日"),
        before=2,
    )
    sheet = read_register(content)
    lines, problems = read_lines(sheet)
    assert [(line.number, line.name, line.values["phone"], str(line.since)) for line in lines] == [
        (4, "鲁西矿业", "13800000000", "2023-05-01"),
        (6, "信发铝业", "0635-1234567", "2023-05-02"),
    ]
    assert (problems, sheet.ignored) == ((), ("序号",))


def test_a_formula_without_a_result_is_told_as_one_and_one_with_a_result_is_its_result() -> None:
    """Also in a last row of nothing else, which readers leave out."""
    rows = (("企业名称", "状态"), ('=CONCATENATE("白石","铝业")', "=IF(1,2)"), ("青山",), ("=A3",))
    _, problems = read_lines(read_register(workbook(*rows)))
    assert [(one.cell, one.sentence, one.advice) for one in problems] == [
        ("A2", NO_RESULT, PASTE_VALUES),
        ("B2", NO_RESULT, PASTE_VALUES),
        ("A4", NO_RESULT, PASTE_VALUES),
    ]
    output = BytesIO()
    with xlsxwriter.Workbook(output) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["企业名称", "状态"])
        page.write_formula(1, 0, "=C1&C2", value="白石铝业")
        page.write_formula(1, 1, "=C9", value="#REF!")
    lines, problems = read_lines(read_register(output.getvalue()))
    assert lines[0].name == "白石铝业"
    assert [one.cell for one in problems] == ["B2"]


def test_our_own_template_is_read_back_with_every_column() -> None:
    sheet = read_register(template())
    assert sheet.ignored == ()
    lines, problems = read_lines(sheet)
    assert lines[0].name == EXAMPLE["name"]
    assert problems == ()


def test_a_sheet_without_names_says_what_heading_to_write() -> None:
    with pytest.raises(Invalid, match="没有找到企业名称这一列"):
        read_register(workbook(("甲", "乙"), ("丙", "丁")))


def test_mistakes_are_written_beside_their_cells_and_nothing_becomes_a_formula() -> None:
    sheet = read_register(workbook(("企业名称", "是否有外包队伍"), ("=HYPERLINK(1)", "两家"), ("乙", "否")))
    _, problems = read_lines(sheet)
    page = openpyxl.load_workbook(BytesIO(annotated(sheet, problems)))[REMARKS]
    assert [cell.value for cell in page[1]] == ["原行号", "企业名称", "是否有外包队伍", "请修改"]
    assert page["C2"].comment is not None
    assert "看不懂“两家”" in str(page["D2"].value)
    assert page["D3"].value in (None, "")
    assert page["B2"].data_type != "f"


def test_a_bomb_is_refused_before_anything_reads_it() -> None:
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (60 << 20))
    began = time.perf_counter()
    with pytest.raises(Invalid, match="异常地大"):
        read_register(output.getvalue())
    assert time.perf_counter() - began < 2


def test_a_bomb_that_lies_about_its_size_is_refused_all_the_same() -> None:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(b" " * (60 << 20)) + packed.flush()
    name, sizes = b"a.xml", struct.pack("<III", 0, len(data), 10)
    local = struct.pack("<IHHHHH", 0x04034B50, 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0) + name
    central = struct.pack("<IHHHHHH", 0x02014B50, 20, 20, 0, 8, 0, 0) + sizes
    central += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central), len(local) + len(data), 0)
    with pytest.raises(Invalid, match="异常地大"):
        weigh(local + data + central + end)


def test_a_cell_at_the_end_of_the_world_does_not_take_the_memory_along() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["XFD1048576"] = "企业名称", "远"
    output = BytesIO()
    book.save(output)
    with pytest.raises(Invalid):
        read_register(output.getvalue())


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"%PDF-1.7", "企业名称,行业".encode(), b"\xd0\xcf\x11\xe0" + b"x" * 600]
)
def test_what_is_no_workbook_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        read_register(content)
    assert refusal.value.advice
    assert refusal.value.kept == "名册没有改动。"


def test_a_file_too_large_is_not_even_opened() -> None:
    with pytest.raises(Invalid, match="超过20MB"):
        weigh(b"PK" + b"x" * LARGEST_FILE)
