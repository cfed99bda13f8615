"""What one cell of an old ledger says: dates, grades, money and states as offices write them. A refusal says what to write."""

import calendar
import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

from campaigns.rules.directory.register import NO, YES
from campaigns.rules.states import HazardSource, Stated


class Slip(ValueError):
    """A cell that does not say what its column needs; not `blocking` when its row goes in all the same."""

    def __init__(self, sentence: str, advice: str, *, blocking: bool = True) -> None:
        super().__init__(sentence)
        self.advice, self.blocking = advice, blocking


class Standing(Stated):
    """How far the old ledger says that a hazard has come."""

    OPEN = "open", "没有改完"
    DONE = "done", "改完了"
    CLOSED = "closed", "销号"


_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # days of Excel: 1954 to 2119
_EPOCH = date(1899, 12, 30)
_FULL = re.compile(r"(\d{4}|\d{2})[-/.年、](\d{1,2})[-/.月、](\d{1,2})[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?")
_MONTH_END = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})月(?:底|末|底前|末前)")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_AFTERWARDS = re.compile(r"(?:之前|以前|前|止|完成|整改完成|完毕|左右)$")
_MONEY = re.compile(r"(\d+(?:\.\d+)?)(万元|万|元)?")
_NOTHING = frozenset({"", "无", "/", "-", "—", "——", "0", "不需要", "无需"})
_INSPECTED = re.compile(r"部门|执法|督|局|专家|抽查|暗访|监管|上级|检查|交叉|举报|巡查|会诊")
_OWN = re.compile(r"自查|自检|自排|自改")
_NOT_YET = re.compile(r"^[未没否不待×✗✘xX无]|未完成|未整改|没有|正在|整改中|进行中|限期|逾期|超期|部分")
_TO_CLOSE = re.compile(r"未销号|待销号|待复查|待验收|未验收|未复查")
_SIGNED_OFF = re.compile(r"销号|验收合格|复查合格|验收通过|复查通过|已验收|已复查|闭环|闭合")
_DONE = re.compile(r"已完成|完成|已整改|已改|整改完|整改到位|到位|完毕|已消除|已治理|100%")
_UNDERSTOOD = "请写“已销号”“已完成”或“整改中”。"


def read_day(text: str, *, year: int) -> date:
    """Read a day as an office writes it: 2023.6.5, 2023年6月5日前, 6月5日 (of `year`), 6月底, 20230605, or Excel's own number."""
    plain = _AFTERWARDS.sub("", unicodedata.normalize("NFKC", text).split(" ")[0])
    serial = _SERIAL.fullmatch(plain)
    if serial and _FIRST_SERIAL <= int(serial.group(1)) <= _LAST_SERIAL:
        return _EPOCH + timedelta(days=int(serial.group(1)))
    end = _MONTH_END.fullmatch(plain) or _MONTH_END.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if end:
            whole, month = int(end.group(1) or year), int(end.group(2))
            return date(whole, month, calendar.monthrange(whole, month)[1])
        return _written_out(plain, year)
    except (ValueError, calendar.IllegalMonthError):
        raise Slip(f"“{text[:20]}”不是日期。", "请写成 2023-06-05 或 2023年6月5日。") from None


def _written_out(plain: str, year: int) -> date:
    if full := (_FULL.fullmatch(plain) or _COMPACT.fullmatch(plain)):
        whole, month, day = map(int, full.groups())
        return date(whole + 2000 if whole < 100 else whole, month, day)
    if part := _DAY.fullmatch(plain):
        return date(year, *map(int, part.groups()))
    raise ValueError(plain)


def read_grade(text: str) -> bool:
    """Whether it is a major one; an empty cell is an ordinary one."""
    if "重大" in text:
        return not text.startswith(("非", "不", "一般"))
    if not text or text in NO or any(word in text for word in ("一般", "较大", "较小", "普通", "轻微")):
        return False
    if text in YES:
        return True
    raise Slip(f"看不懂等级“{text[:20]}”。", "请写“重大”或“一般”。")


def read_source(text: str) -> HazardSource:
    """Whose find it was. Only what plainly says 自查 is the enterprise's own: a bureau's find never becomes self-found."""
    if _OWN.search(text) and not _INSPECTED.search(_OWN.sub("", text)):
        return HazardSource.SELF
    if text and not _INSPECTED.search(text):
        raise Slip(f"看不懂来源“{text[:20]}”，按部门检查登记。", "是企业自查的，请写“企业自查”。", blocking=False)
    return HazardSource.INSPECTION


def read_standing(text: str) -> Standing:
    """How far it has come; an empty cell is not done."""
    plain = unicodedata.normalize("NFKC", text)
    if _TO_CLOSE.search(plain):
        return (
            Standing.DONE
            if not plain.startswith(("未销", "待销", "未复", "待复", "未验", "待验"))
            else _unsigned(plain)
        )
    if not plain or _NOT_YET.search(plain):
        return Standing.OPEN
    if _SIGNED_OFF.search(plain):
        return Standing.CLOSED
    if plain in YES or _DONE.search(plain) or plain in ("✔", "已", "是"):
        return Standing.DONE
    raise Slip(f"看不懂整改情况“{text[:20]}”。", _UNDERSTOOD)


def _unsigned(plain: str) -> Standing:
    """待复查 says that it was reported as done; 未销号 alone says only that it is not closed."""
    return Standing.OPEN if plain.startswith("未销") else Standing.DONE


def read_funds(text: str, *, in_wan: bool) -> int:
    """Read money into whole 元. `in_wan`: the heading says 万元; a unit in the cell itself goes before."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if plain in _NOTHING:
        return 0
    found = _MONEY.fullmatch(plain)
    if found is None or len(found.group(1)) > 12:
        raise Slip(f"“{text[:20]}”不是金额。", "请只写数字，如 3500 或 0.35万元；不需要花钱的写 0。")
    wan = found.group(2) in ("万元", "万") or (found.group(2) is None and in_wan)
    return int(Decimal(found.group(1)) * (10_000 if wan else 1))
