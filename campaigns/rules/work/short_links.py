"""短链接: the code that leads from a printed form or a poster to one task.

A code is the task's number behind eight signs that only this installation can compute (HMAC, 40 bits), so that nobody finds
another task by counting up; it opens nothing by itself, whoever follows it signs in and needs the task in his sight. It follows
from the number and the key, so it needs no column, and a form printed last month still leads there.
"""

import hashlib
import hmac

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: none that is mistaken for another when it is read from paper."""
MARK = 8
LONGEST = MARK + 7
_PURPOSE = b"rectify short link "
_MISREAD = str.maketrans("OIL", "011", "- ")


def short_code(task_id: int, secret: str) -> str:
    """Return a task's code, upper case and digits, without separators."""
    number, text = task_id, ""
    while number or not text:
        number, sign = divmod(number, len(SIGNS))
        text = SIGNS[sign] + text
    return _mark(text, secret) + text


def task_behind(code: str, secret: str) -> int | None:
    """Return the number of the task that a code leads to, None for one that we did not give out.

    Lower case, dashes, blanks, and the letters O, I and L for the digits they look like are read as they were meant.
    """
    signs = code.upper().translate(_MISREAD)
    mark, text = signs[:MARK], signs[MARK:]
    if not text or len(signs) > LONGEST or any(sign not in SIGNS for sign in signs):
        return None
    if not hmac.compare_digest(mark, _mark(text, secret)):
        return None
    number = 0
    for sign in text:
        number = number * len(SIGNS) + SIGNS.index(sign)
    return number


def _mark(text: str, secret: str) -> str:
    digest = hmac.digest(secret.encode(), _PURPOSE + text.encode(), hashlib.sha256)
    bits = int.from_bytes(digest[:5])
    return "".join(SIGNS[bits >> 5 * place & 31] for place in reversed(range(MARK)))
