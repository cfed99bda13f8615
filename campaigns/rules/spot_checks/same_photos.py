"""同一张照片用了两次: as the photo of two records, of two enterprises of one bureau, or as before and after of one hazard.

What is one situation is no second use: a photo sent again after 退回, one record that serves several duties on one day, a hazard
entered from the record that shows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from campaigns.clock import local_date
from campaigns.date_words import day_words, moment_words
from campaigns.definition.spot_check import SpotCheckRules
from campaigns.rules.files.photo_print import Print, distance
from campaigns.rules.hazards.finding import PhotoRole
from campaigns.rules.spot_checks.flags import MOST_SHOWN, Evidence, EvidenceKind, FlagKind, Found


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that was handed in: whose, where it stands, and what it is known again by.

    `label` is the blank of the form or the hazard's side (整改前, 整改后). `from_task_id` is the task in whose record a hazard
    was found. `thing` is what it belongs to, in words; `receipt` the number of the record it was handed in with.
    """

    id: int
    storage_id: str
    enterprise_id: int
    enterprise: str
    label: str
    thing: str
    receipt: str
    sha256: str
    print: Print
    uploaded_at: datetime
    task_id: int | None = None
    hazard_id: int | None = None
    from_task_id: int | None = None


def same_photos(
    pairs: Iterable[tuple[int, int]], photos: Mapping[int, Photo], fresh: Iterable[int], rules: SpotCheckRules
) -> list[Found]:
    """Return a flag for each photo that a newly come one repeats, once for every enterprise that used it.

    `pairs` are ids of photos whose prints have a band in common; `fresh` those that were not compared before.
    """
    again: dict[int, set[int]] = {}
    for one, other in pairs:
        if _is_reused(photos[one], photos[other], rules):
            again.setdefault(one, set()).add(other)
            again.setdefault(other, set()).add(one)
    groups: dict[int, set[int]] = {}
    for id_ in sorted(set(fresh) & again.keys()):
        together = again[id_] | {id_}
        groups.setdefault(min(together), set()).update(together)
    found = []
    for group in groups.values():
        members = [photos[id_] for id_ in sorted(group)]
        found += [_flag(members, enterprise) for enterprise in sorted({one.enterprise_id for one in members})]
    return found


def _is_reused(one: Photo, other: Photo, rules: SpotCheckRules) -> bool:
    if distance(one.print, other.print) > rules.photo_bits or _one_record(one, other):
        return False
    if one.hazard_id is not None and one.hazard_id == other.hazard_id:
        return {one.label, other.label} == {PhotoRole.BEFORE, PhotoRole.AFTER}
    return True


def _one_record(one: Photo, other: Photo) -> bool:
    if one.enterprise_id != other.enterprise_id:
        return False
    if one.task_id is not None and other.task_id is not None:
        return one.task_id == other.task_id or local_date(one.uploaded_at) == local_date(other.uploaded_at)
    tasks = {one.task_id, other.task_id} - {None}
    return bool(tasks & {one.from_task_id, other.from_task_id})


def _flag(members: list[Photo], enterprise_id: int) -> Found:
    first = next(one for one in members if one.enterprise_id == enterprise_id)
    rest = [one for one in members if one is not first]
    ordered = [first, *rest][:MOST_SHOWN]
    return Found(
        key=f"photo:{members[0].id}:{enterprise_id}",
        kind=FlagKind.SAME_PHOTO,
        enterprise_id=enterprise_id,
        sentence=_sentence(first, rest),
        evidence=tuple(_evidence(one) for one in ordered),
    )


def _sentence(first: Photo, rest: list[Photo]) -> str:
    other = rest[0]
    how = "完全相同" if first.sha256 == other.sha256 else "几乎相同"
    if first.hazard_id is not None and first.hazard_id == other.hazard_id:
        return f"{first.thing}的整改前和整改后用了{how}的照片。"
    whose = "" if other.enterprise_id == first.enterprise_id else f"{other.enterprise}"
    more = f"，另有{len(rest) - 1}处也用了" if len(rest) > 1 else ""
    return f"{first.thing}（{_day(first)}）和{whose}{other.thing}（{_day(other)}）用了{how}的照片{more}。"


def _evidence(one: Photo) -> Evidence:
    words = f"{one.enterprise} {one.thing} {one.label}，{moment_words(one.uploaded_at)}"
    at, opens = one.uploaded_at, (one.receipt, one.hazard_id)
    return Evidence(EvidenceKind.PHOTO, one.enterprise_id, words, at, *opens, photo=one.storage_id)


def _day(one: Photo) -> str:
    return day_words(local_date(one.uploaded_at))
