"""Quotation marks inside quotation marks: a title with “百日攻坚” in it, quoted, has ‘百日攻坚’."""

import re

_MARKS = re.compile("[“”]")
_INNER = {"“": "‘", "”": "’"}


def nested(text: str) -> str:
    """Return the text with every second level of “” written as ‘’, as printed Chinese has it; unpaired marks stay."""
    depth, pieces, end = 0, [], 0
    for found in _MARKS.finditer(text):
        mark = found[0]
        depth -= mark == "”"
        if depth < 0:
            return text
        pieces += [text[end : found.start()], _INNER[mark] if depth % 2 else mark]
        depth, end = depth + (mark == "“"), found.end()
    return "".join((*pieces, text[end:])) if depth == 0 else text


def quoted(title: str) -> str:
    """Return a title in its marks: “一岗一清单”, and of “一库一策”方案 “‘一库一策’方案”."""
    return nested(f"“{title}”")
