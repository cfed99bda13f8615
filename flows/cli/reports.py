"""One monthly table on the console: printed, or saved as the paper has it."""

from pathlib import Path

from campaigns.documents.paper import paper
from campaigns.documents.progress_table import workbook
from campaigns.errors import Refusal
from campaigns.queries.reporting.sheet import Sheet, campaign_sheet
from flows.cli.console import say, why
from flows.cli.installation import installed


def report(campaign: int, period: str, *, organisation: str = "", xlsx: Path | None = None) -> None:
    """打印一期调度表，或存成和纸质表一样的 Excel。

    Parameters
    ----------
    campaign
        行动编号（行动页面地址最后的数字）。
    period
        期次，例如 2023-05。
    organisation
        哪个单位的表，写单位全称；不写就是发起单位的。
    xlsx
        存成哪个文件；不写就打印在屏幕上。
    """
    with installed().reading() as session:
        sheet = campaign_sheet(session, campaign_id=campaign, period=period, organisation=organisation)
    if xlsx is None:
        _print(sheet)
        return
    try:
        xlsx.write_bytes(workbook(sheet.form, sheet.figures, as_of=sheet.as_of, words=sheet.words))
    except OSError as error:
        raise Refusal(f"不能写入 {xlsx}：{why(error)}。", advice="请换一个可以写的位置。") from None
    say(f"已存为 {xlsx}")


def _print(sheet: Sheet) -> None:
    laid_out = paper(sheet.form, sheet.figures, as_of=sheet.as_of, words=sheet.words)
    say(laid_out.title)
    say(laid_out.date_line)
    for block in sorted(laid_out.blocks, key=lambda block: (block.row, block.column)):
        if block.kind == "label":
            say(f"【{block.content}】")
        elif block.kind == "title" and block.content:
            values = (b for b in laid_out.blocks if (b.row, b.column) == (block.row, block.column + 1))
            say(f"  {block.content}  {next(values).content if block.content else ''}")
