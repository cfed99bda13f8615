"""公文 as Word files: laid out by GB/T 9704, filled in, footnoted, and safe from what people typed."""

import re
import subprocess
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.shared import Mm, Pt

from campaigns.documents.official import official
from campaigns.errors import Invalid
from campaigns.rules.documents import DocumentKind, Facts, Grid

NOW = datetime(2023, 6, 19, 1, tzinfo=UTC)
HEADINGS = ("序号", "任务", "期次", "到期日", "逾期天数")


def facts(recipient: str = "青山尾矿库", title: str = "绘制图纸", rows: int = 2, **sources: str) -> Facts:
    return Facts(
        DocumentKind.REMINDER,
        "聊城市茌平区应急管理局",
        "王经办",
        NOW,
        values={
            "campaign": "2023行动",
            "recipient": recipient,
            "at": NOW,
            "total": 23,
            "done": 9,
            "late": 2,
            "since": date(2023, 5, 31),
            "reports": (),
            "home": "",
        },
        grids={
            "late": Grid(
                HEADINGS, (2, 12, 6, 5, 4), tuple((str(n), title, "", "2023-05-31", "19") for n in range(rows))
            )
        },
        sources={"tasks": "任务台账，截至2023-06-19 09:00"} | sources,
    )


def opened(content: bytes) -> tuple[list[str], str]:
    """Return a document's paragraphs and the text of its footnotes."""
    paragraphs = [paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs]
    with ZipFile(BytesIO(content)) as packed:
        notes = packed.read("word/footnotes.xml").decode()
    return paragraphs, re.sub("<[^>]+>", "", notes)


def test_the_sheet_is_laid_out_as_the_standard_says() -> None:
    word = docx.Document(BytesIO(official(facts()).content))
    page = word.sections[0]
    assert abs((page.page_width or 0) - Mm(210)) < Mm(0.1)
    assert abs((page.page_height or 0) - Mm(297)) < Mm(0.1)
    assert abs((page.top_margin or 0) - Mm(37)) < Mm(0.1)
    assert abs((page.left_margin or 0) - Mm(28)) < Mm(0.1)
    wide = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    high = (page.page_height or 0) - (page.top_margin or 0) - (page.bottom_margin or 0)
    assert abs(wide - Mm(156)) < Mm(0.2)
    assert abs(high - Mm(225)) < Mm(0.2)
    body = word.styles["正文段"]
    assert (body.font.name, body.font.size) == ("仿宋_GB2312", Pt(16))  # type: ignore[attr-defined]
    line = body.paragraph_format.line_spacing  # type: ignore[attr-defined]
    assert line == Pt(28)
    assert high // line == 22
    assert wide // Pt(16 - 0.25) == 28


def test_figures_dates_and_the_official_stand_in_the_text_and_the_number_stays_blank() -> None:
    written = official(facts())
    paragraphs, notes = opened(written.content)
    text = "\n".join(paragraphs)
    assert written.title == "关于尽快办理“2023行动”逾期事项的催办单"
    assert (
        "截至2023年6月19日9时，你单位应办任务23项，已完成9项，逾期未办2项，其中最早一项应于2023年5月31日前办结" in text
    )
    assert "〔2023〕　　号" in text
    assert "2023年　　月　　日" in text
    assert "（拟稿：王经办）" in text
    assert "任务台账，截至2023-06-19 09:00" in notes


def test_a_table_keeps_its_rows_and_repeats_its_heading() -> None:
    word = docx.Document(BytesIO(official(facts(rows=3)).content))
    table = word.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == list(HEADINGS)
    assert len(table.rows) == 4
    assert "tblHeader" in table.rows[0]._tr.xml


@pytest.mark.parametrize(
    "typed",
    ["<w:p>&甲</w:p>", "甲\n标题：乙\n", "{{ 7*7 }}{% raw %}", "甲[^tasks]乙", "甲\x00\x0b\ufffe乙", "=cmd()"],
)
def test_what_people_typed_stays_words(typed: str) -> None:
    paragraphs, notes = opened(official(facts(recipient=typed, title=typed)).content)
    usual, _ = opened(official(facts()).content)
    assert len(paragraphs) == len(usual)
    assert "49" not in "".join(paragraphs)
    assert notes.count("任务台账") == 1


def test_a_figure_without_a_source_makes_no_document() -> None:
    unsourced = facts()
    with pytest.raises(Invalid):
        official(Facts(unsourced.kind, "局", "人", NOW, unsourced.values, unsourced.grids, {}))


@pytest.mark.office
def test_libreoffice_opens_it_and_prints_every_page(tmp_path: Path) -> None:
    (tmp_path / "催办单.docx").write_bytes(official(facts(rows=40)).content)
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "催办单.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=150)
    printed = (tmp_path / "催办单.pdf").read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert printed.startswith(b"%PDF")
    assert pages == 3, "one page of text, two pages of its table"
