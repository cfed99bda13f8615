"""Single values of a sent form that several pages read the same way."""

from datetime import date

from api.deps import Effect
from campaigns.errors import Invalid
from campaigns.rules.work.fields import Wrong, read_date

MOST_DIGITS = 9


def sent_version(effect: Effect, name: str = "version") -> int | None:
    """Return the version of the row that the sender looked at, None if the form carries none that could be."""
    text = effect.text(name)
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else None


def sent_day(effect: Effect, name: str) -> date | None:
    """Return a date, which may lie in the future; None when it is empty. Raises Invalid beside the field."""
    if not effect.text(name):
        return None
    try:
        return read_date(effect.text(name), today=date.max)
    except Wrong as sentence:
        raise Invalid("日期没有看懂，没有保存。", fields={name: str(sentence)}, kept="没有改动任何内容。") from None
