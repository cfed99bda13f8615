"""What raises a flag and, as important, what does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.definition.spot_check import SpotCheckRules
from campaigns.rules.files.photo_print import BANDS, FARTHEST, Print
from campaigns.rules.spot_checks.flags import Evidence, FlagKind, Found
from campaigns.rules.spot_checks.instant_closures import Closure, Picture, instant_closures
from campaigns.rules.spot_checks.nil_streaks import NilReturn, Streak, nil_streaks
from campaigns.rules.spot_checks.same_photos import Photo, same_photos
from campaigns.rules.spot_checks.timing import HandedIn, bursts, same_minutes

RULES = SpotCheckRules()
NOW = datetime(2023, 5, 12, 9, 30, tzinfo=UTC)
HERE, ANOTHER = (1, 2, 3, 4), (0xFFFF, 2, 3, 4)


def streak(periods: int, *, others: int = 6, found: int = 5) -> Streak:
    returns = tuple(NilReturn(n, f"2023年{n}月", f"R-{n}", NOW) for n in range(1, periods + 1))
    return Streak(7, "尾矿库", "QY-01", "重大事故隐患自查自改", returns, others, found)


def test_a_streak_of_nil_returns_is_told_with_its_records() -> None:
    (flag,) = nil_streaks([streak(3)], RULES)
    assert flag.sentence == (
        "“重大事故隐患自查自改”从2023年1月到2023年3月连续3期零报告，这几期同类（尾矿库）另有6家，其中5家报过情况。"
    )
    assert [piece.receipt for piece in flag.evidence] == ["R-1", "R-2", "R-3"]


@pytest.mark.parametrize(
    "harmless", [streak(2), streak(3, others=4, found=4), streak(3, found=2)], ids=["short", "few others", "all quiet"]
)
def test_a_streak_that_does_not_stand_out_is_none(harmless: Streak) -> None:
    assert nil_streaks([harmless], RULES) == []


def test_a_growing_streak_stays_one_flag() -> None:
    assert {flag.key for length in (3, 4, 5) for flag in nil_streaks([streak(length)], RULES)} == {"nil:1"}


def closure(number: int, minutes: int = 4, **more: object) -> Closure:
    at = NOW + timedelta(hours=number)
    return replace(Closure(number, f"YH{number}", "缺护栏", 7, at, at + timedelta(minutes=minutes), False), **more)  # type: ignore[arg-type]


SHOWN = {"fixed_on_the_spot": True, "before": (Picture("a", HERE),), "after": (Picture("b", ANOTHER),)}


def test_closures_within_minutes_are_one_flag_a_month() -> None:
    (flag,) = instant_closures([closure(1), closure(2, 3), closure(3, 60)], RULES)
    assert flag.sentence == "2023年5月有2项自查隐患从登记、整改到复查销号都在几分钟之内，最快的用了3分0秒。"
    assert [piece.hazard_id for piece in flag.evidence] == [1, 2]


@pytest.mark.parametrize(
    ("closures", "flagged"),
    [
        ([closure(1)], False),
        ([closure(1), closure(2, 11)], False),
        ([closure(1, **SHOWN), closure(2, **SHOWN)], False),
        (
            [
                closure(
                    1,
                    **SHOWN,
                ),
                closure(2, **(SHOWN | {"after": (Picture("a", HERE),)})),
                closure(3),
            ],
            True,
        ),
        ([closure(1, **(SHOWN | {"after": ()})), closure(2, **(SHOWN | {"after": ()}))], True),
        ([closure(1, **(SHOWN | {"fixed_on_the_spot": False})), closure(2)], True),
        ([closure(1), closure(2, enterprise_id=8)], False),
    ],
    ids=["one", "one slow", "fixed on the spot", "the same photo", "no photo after", "with a plan", "two enterprises"],
)
def test_what_is_fixed_on_the_spot_and_shown_is_no_instant_closure(closures: Sequence[Closure], flagged: bool) -> None:
    assert bool(instant_closures(closures, RULES)) is flagged


def handed_in(number: int, at: datetime, *, person: int = 1, duty: str = "1/QY-01") -> HandedIn:
    return HandedIn(number, 7, person, duty, "自查", f"第{number}周", f"R-{number}", at)


def weekly(*minutes: int, **more: object) -> list[HandedIn]:
    return [
        handed_in(n, NOW + timedelta(days=7 * n, minutes=minute), **more)  # type: ignore[arg-type]
        for n, minute in enumerate(minutes)
    ]


def test_the_same_minute_every_period_is_told() -> None:
    (flag,) = same_minutes(weekly(200, 0, 0, 1, 0, 1), RULES)
    assert flag.sentence == "“自查”最近5期由同一账号都在当天17:31前后一分钟内提交。"
    assert len(flag.evidence) == 5


@pytest.mark.parametrize(
    "records",
    [
        weekly(0, 0, 0, 0),
        weekly(0, 0, 3, 0, 0),
        [handed_in(n, NOW) for n in range(5)],
        weekly(0, 0, 0) + weekly(0, 0, person=2),
    ],
    ids=["few", "three minutes apart", "one day", "two people"],
)
def test_people_are_punctual_too(records: list[HandedIn]) -> None:
    assert same_minutes(records, RULES) == []


def evening(count: int, seconds: int) -> list[HandedIn]:
    return [handed_in(n, NOW + timedelta(seconds=seconds * n)) for n in range(count)]


def test_forms_seconds_apart_are_told_and_a_busy_last_evening_is_not() -> None:
    (flag,) = bursts(evening(8, 2), RULES)
    assert flag.sentence == "2023年5月12日 17:30同一账号在14秒内接连提交了8张表。"
    assert bursts(evening(40, 30), RULES) == bursts(evening(7, 1), RULES) == []
    pause = evening(4, 1) + [replace(one, submitted_at=one.submitted_at + timedelta(hours=1)) for one in evening(4, 1)]
    assert bursts(pause, RULES) == []


def photo(number: int, *, enterprise: int = 7, print_: Print = HERE, **more: object) -> Photo:
    at = NOW + timedelta(days=number)
    base = Photo(number, f"s{number}", enterprise, f"企业{enterprise}", "现场照片", "“自查”5月", "R", "x", print_, at)
    return replace(base, **more)  # type: ignore[arg-type]


def looked(*photos: Photo) -> list[Found]:
    pairs = [(one.id, other.id) for one in photos for other in photos if one.id < other.id]
    return same_photos(pairs, {one.id: one for one in photos}, [photos[-1].id], RULES)


def test_a_photo_of_two_records_is_told_with_both() -> None:
    (flag,) = looked(photo(1, task_id=1), photo(2, task_id=2, sha256="y"))
    assert flag.sentence == "“自查”5月（2023年5月13日）和“自查”5月（2023年5月14日）用了几乎相同的照片。"
    assert (flag.key, [piece.photo for piece in flag.evidence]) == ("photo:1:7", ["s1", "s2"])


def test_a_photo_of_two_enterprises_is_told_of_each() -> None:
    mine, theirs = looked(photo(1, task_id=1), photo(2, task_id=2, enterprise=8))
    assert (mine.enterprise_id, theirs.enterprise_id) == (7, 8)
    assert "企业8" in mine.sentence
    assert theirs.evidence[0].enterprise_id == 8


def test_before_and_after_with_one_photo_is_told() -> None:
    sides = [photo(n, hazard_id=3, label=label, thing="隐患YH3") for n, label in ((1, "整改前"), (2, "整改后"))]
    (flag,) = looked(*sides)
    assert flag.sentence == "隐患YH3的整改前和整改后用了完全相同的照片。"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (photo(1, task_id=1), photo(2, task_id=1)),
        (photo(1, task_id=1), photo(2, task_id=2, uploaded_at=NOW + timedelta(days=1))),
        (photo(1, task_id=1), photo(2, hazard_id=3, label="整改前", from_task_id=1)),
        (photo(1, hazard_id=3, label="整改前"), photo(2, hazard_id=3, label="整改前")),
        (photo(1, task_id=1), photo(2, task_id=2, print_=ANOTHER)),
    ],
    ids=["sent again", "one entry for two duties", "the record it was found in", "one side", "another picture"],
)
def test_one_situation_is_no_second_use(one: Photo, other: Photo) -> None:
    assert looked(one, other) == []


def test_a_third_use_joins_the_flag_of_the_first() -> None:
    (flag,) = looked(*(photo(n, task_id=n) for n in (1, 2, 3)))
    assert flag.key == "photo:1:7"
    assert flag.sentence.endswith("用了完全相同的照片，另有1处也用了。")


def test_evidence_reads_back_as_it_was_kept() -> None:
    (flag,) = looked(photo(1, task_id=1), photo(2, task_id=2))
    assert [Evidence.of_json(piece.as_json()) for piece in flag.evidence] == list(flag.evidence)
    assert flag.kind is FlagKind.SAME_PHOTO


def test_no_threshold_asks_for_more_than_the_bands_can_find() -> None:
    limits = SpotCheckRules.model_fields["photo_bits"].metadata
    assert [limit.le for limit in limits if hasattr(limit, "le")] == [FARTHEST] == [BANDS - 1]
