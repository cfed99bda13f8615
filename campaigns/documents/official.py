"""公文: the Word file of a drafted document on a sheet laid out by GB/T 9704-2012.

The sheet is an unpacked Word file, so that every measure of the standard can be read where it stands; docxtpl fills it in.
The number and the date stay blank: a draft becomes a document when an official signs it, outside this system.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from campaigns.clock import local
from campaigns.documents.lines import Block, Draft, Run, draft
from campaigns.rules.documents import Facts, Written

LARGEST_MASTHEAD = 96
"""Half points: 48 pt, then smaller for a long name, so that it stands on one line."""
LINE_POINTS = 420


def official(facts: Facts, about: str = "") -> Written:
    """Write a document as a Word file."""
    drafted = draft(facts)
    year = local(facts.at).year
    sheet = DocxTemplate(BytesIO(_sheet()))
    sheet.render(
        {
            "title": drafted.title,
            "drafter": facts.drafter,
            "draft_mark": "（拟稿，未编号，未印发）",
            "issuer": facts.issuer,
            "masthead_size": min(LARGEST_MASTHEAD, 2 * LINE_POINTS // len(facts.issuer)),
            "number": f"　　　〔{year}〕　　号",
            "blank_date": f"{year}年　　月　　日",
            "blocks": (*drafted.blocks[:1], *_signed(drafted, facts, year)),
            "notes": drafted.notes,
            "copies": facts.copies,
        },
        Environment(autoescape=True, undefined=StrictUndefined),
    )
    properties = sheet.docx.core_properties
    properties.created = properties.modified = facts.at
    buffer = BytesIO()
    sheet.save(buffer)
    return Written(facts.kind, about, drafted.title, buffer.getvalue())


def _signed(drafted: Draft, facts: Facts, year: int) -> list[Block]:
    """Put 署名 and the blank date after the body, before the first 附件."""
    blocks = list(drafted.blocks[1:])
    appendix = next((at for at, block in enumerate(blocks) if block.style == "Appendix"), len(blocks))
    signature = [
        Block("Signature1", (Run("　"),)),
        Block("Signature1", (Run(facts.issuer),)),
        Block("SignatureDate", (Run(f"{year}年　　月　　日"),)),
        Block("BodyText1", (Run(f"（拟稿：{facts.drafter}）"),)),
    ]
    return [*blocks[:appendix], *signature, *blocks[appendix:]]


@cache
def _sheet() -> bytes:
    """Pack the sheet's parts into a Word file."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as packed:
        _pack(packed, files("campaigns.library") / "documents" / "sheet", "")
    return buffer.getvalue()


def _pack(packed: ZipFile, folder: Traversable, prefix: str) -> None:
    for part in sorted(folder.iterdir(), key=lambda part: part.name):
        if part.is_dir():
            _pack(packed, part, f"{prefix}{part.name}/")
        else:
            packed.writestr(f"{prefix}{part.name}", part.read_bytes())
