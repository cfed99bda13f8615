"""Cautions: what real notices get wrong and a machine must not guess; shown with the file, never in the way."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from campaigns.definition import shelf
from campaigns.definition.checks.parts import known_forms
from campaigns.definition.checks.readable import readable
from campaigns.definition.mistakes import Problem
from campaigns.definition.model import Definition, Duty
from campaigns.definition.periods import rate
from campaigns.definition.phrases import frequency
from campaigns.definition.walk import texts
from campaigns.definition.wording import listed, meant
from campaigns.definition.written import Refers

PLACE = re.compile(r"(?<![一-鿿])[一-鿿]{2}(?=[县区](?![一-鿿]?域))|[一-鿿]{2}(?=区(?:应急|委|政府|人民))")
WRONG_BRACKETS = re.compile(r"[\[［﹝【(（](\d{4})[\]］﹞】)）](?=\d+号)")


def unknown_forms(definition: Definition) -> Iterator[Problem]:
    """A duty's form that neither the campaign nor the library has: the general form stands in."""
    known = known_forms(definition)
    for text in texts(definition):
        if isinstance(text.marker, Refers) and text.marker.to == "表单" and text.value not in known:
            yield Problem(text.path, f"没有叫“{text.value}”的表单，先用通用记录{meant(text.value, known)}")


def place_name_variants(definition: Definition) -> Iterator[Problem]:
    """One place under two names that differ in one character (茌平, 在平, 荏平: a notice copied or scanned badly)."""
    found = [(match[0], text.path) for text in texts(definition) for match in PLACE.finditer(text.value)]
    counts = Counter(name for name, _ in found)
    for often, seldom in combinations([name for name, _ in counts.most_common()], 2):
        if sum(a != b for a, b in zip(often, seldom, strict=True)) == 1:
            path = next(path for name, path in found if name == seldom)
            yield Problem(path, f"“{seldom}”和“{often}”只差一个字，是不是同一个地方？请核对")


def bracket_variants(definition: Definition) -> Iterator[Problem]:
    """发文字号 has its year in 〔〕, whatever the scanner made of it."""
    for text in texts(definition):
        if match := WRONG_BRACKETS.search(text.value):
            yield Problem(text.path, f"文号里的年份应写成“〔{match[1]}〕”，现在是“{match[0]}”")


def looser_than_its_notice(definition: Definition) -> Iterator[Problem]:
    """A ready duty taken less often, or with less evidence, than its notice asks: the bureau may, and should know."""
    for path, duty in definition.duty_paths():
        ready = shelf.duties().get(duty.taken_from or "")
        if ready is None:
            continue
        if ready.frequency and duty.frequency and _less_often(ready.frequency, duty):
            yield Problem(
                (*path, "频次"), f"“{duty.taken_from}”的通知写“{ready.frequency}”，这里是“{duty.frequency}”，请核对依据"
            )
        if missing := [paper for paper in ready.evidence if paper not in duty.evidence]:
            yield Problem((*path, "佐证"), f"“{duty.taken_from}”要附“{listed(missing)}”，这里没有写，请核对")


def _less_often(asked: str, duty: Duty) -> bool:
    before, after = frequency(asked), readable(frequency, duty.frequency)
    if after is None:
        return False
    return before.event_driven != after.event_driven or (not after.event_driven and rate(after) < rate(before))


def ways_without_a_channel(definition: Definition) -> Iterator[Problem]:
    """短信 is a word of the language and no channel of this system yet."""
    for name, ladder in definition.reminders.items():
        if "短信" in ladder.channels:
            yield Problem(
                ("催办", name, "渠道"), "短信还没有接入，催办会照常进站内消息，不会发短信；可以改用邮件或群机器人"
            )
