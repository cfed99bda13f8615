"""A submission with three photos of 2 MB each, 20 a second, through the real page, beside bare FastAPI and SQL in the same run.

The people who send share the machine's cores with the servers, as the printed line says. Bare keeps the bytes as they come; ours
also takes place and device out of each photo and keeps a record; thumbnail and print come after the receipt, and what they take
is printed too. Ours is measured as one process and as one for each core; where the goal is missed, slower rates tell which holds.
"""

import io
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from random import Random

import httpx
from PIL import Image, ImageDraw

from api.security import cookie_name, seal
from benchmarks.register import FIRST, LAUNCHED, found
from benchmarks.serving import FORM_TYPE, Send, Served, at_rate, form_fields, form_files, server
from campaigns.actions.directory.signing_in import sign_in
from campaigns.actions.launch.campaigns import launch
from campaigns.actions.launch.drafts import Draft
from campaigns.clock import now
from campaigns.rules.files.photo_print import photo_print
from campaigns.rules.files.thumbnails import drawn_small
from campaigns.settings import Settings
from campaigns.store.database import Database

GOAL, RATE, SECONDS = 1.5, 20.0, 10.0
SLOWER = (0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Parts of the goal's rate that are tried one after the other until one holds."""
PHOTO_SIDES, PHOTO_BYTES = (3264, 2448), 2_000_000
TEXT = """
语法: rectify/v1
行动: {编号: photos, 名称: 照片, 版本: 1.0.0, 发文单位: 区应急管理局, 起止: 2023年5月1日 至 2023年12月31日}
角色:
  主要负责人: {层级: 企业, 岗位: [主要负责人]}
对象:
  企业: {行业: 非煤矿山, 名单: 动态}
全程任务:
  - {编号: QY-01, 名称: 现场照片, 对象: 企业, 截止: 2023年6月30日, 表单: 照片单}
表单:
  照片单: {字段: [{名称: 情况, 类型: 文字, 必填: 是}, {名称: 照片, 类型: 照片, 必填: 是}]}
"""


def photo(seed: int, sides: tuple[int, int] = PHOTO_SIDES, size: int = PHOTO_BYTES) -> bytes:
    """Return a JPEG of about `size` bytes with light, shade and grain, as a telephone takes it."""
    chance = Random(seed)
    picture = Image.new("L", (sides[0] // 8, sides[1] // 8), 150)
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        left, top = chance.randint(-40, picture.width), chance.randint(-40, picture.height)
        draw.rectangle((left, top, left + 90, top + 60), fill=chance.randint(0, 255))
    grain = Image.effect_noise(sides, 60)
    grown = Image.blend(picture.resize(sides, Image.Resampling.BICUBIC), grain, 0.25).convert("RGB")
    low, high, best = 30, 98, b""
    while low <= high:  # as close to the wanted size as a whole quality comes
        quality, written = (low + high) // 2, io.BytesIO()
        grown.save(written, "JPEG", quality=quality)
        if written.tell() <= size:
            best, low = written.getvalue(), quality + 1
        else:
            high = quality - 1
    return best


def prepared(home: Path, enterprises: int) -> list[tuple[int, str]]:
    """Launch one duty with photos for so many enterprises and sign each in; return its task and its cookie."""
    file, given = home / "rectify.sqlite3", Settings(demo=True, home=home)
    leader = found(file, enterprises)
    base = Database(f"sqlite:///{file}")
    with base.transaction() as session:
        launch(session, Draft(TEXT), launch_key="photos", by=leader, now=LAUNCHED)
    with base.transaction() as session:
        tokens = [sign_in(session, person_id=FIRST + n, login=f"q{FIRST + n}", now=now()) for n in range(enterprises)]
    base.dispose()
    return [(n, f"{cookie_name(given)}={seal(given, token)}") for n, token in enumerate(tokens, start=1)]


def main(
    seconds: float = SECONDS, *, rate: float = RATE, sides: tuple[int, int] = PHOTO_SIDES, size: int = PHOTO_BYTES
) -> None:
    """Measure and print; each rate is held for so many seconds."""
    number = int(rate * seconds)
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        home, processes = Path(folder), sorted({1, os.cpu_count() or 1})
        everybody = prepared(home, len(processes) * (2 + number + sum(max(1, int(number * part)) for part in SLOWER)))
        photos = [photo(n, sides, size) for n in range(3)]
        total = sum(map(len, photos)) / 1e6
        print(f"three photos, {sides[0]} × {sides[1]}, {total:.1f} MB together, {seconds:g} s of them", flush=True)
        with server("benchmarks.bare:app", {"BARE_DATABASE": str(home / "bare.sqlite3"), "BARE_FILES": folder}) as bare:
            limit = _run(_Bare(photos), bare, number, rate)
        print(limit.told(f"  bare FastAPI + SQL, the bytes as they come, {rate:g}/s"), flush=True)
        ours = {"RECTIFY_HOME": folder, "RECTIFY_DEMO": "true", "RECTIFY_DATABASE_URL": ""}
        people = iter(everybody)
        for workers in processes:
            with server("api.app:app", ours, workers=workers) as real:
                _until_it_holds(photos, people, real, limit, number, rate, f"{workers} of ours")
        _tell_drawing(photos)


def _until_it_holds(
    photos: list[bytes],
    people: Iterator[tuple[int, str]],
    at: tuple[str, int],
    limit: Served,
    number: int,
    rate: float,
    what: str,
) -> None:
    """Send at the rate asked for, then slower and slower until the goal holds."""
    _run(_Ours(photos, list(islice(people, 1))), at, 1, rate)  # the first request builds what the process keeps
    for part in (1.0, *SLOWER):
        some = max(1, int(number * part))
        run = _run(_Ours(photos, list(islice(people, some))), at, some, rate * part)
        if _tell(run, limit, rate * part, what):
            return


def _tell_drawing(photos: list[bytes]) -> None:
    began = time.process_time()
    for content in photos:
        photo_print(drawn_small(content))
    each = (time.process_time() - began) * 1000
    print(
        f"  thumbnails and prints of three photos, after the receipt: {each:.0f} ms of the ticker's processor",
        flush=True,
    )


@dataclass
class _Bare:
    """A form to the bare server."""

    photos: list[bytes]

    @cached_property
    def body(self) -> bytes:
        return form_fields({"note": "正常"}) + form_files("photos", self.photos)

    async def __call__(self, client: httpx.AsyncClient, place: int) -> httpx.Response:
        return await client.post(f"/bare/{place}", content=self.body, headers={"Content-Type": FORM_TYPE})


@dataclass
class _Ours:
    """The form of a task's page, each from another enterprise's principal."""

    photos: list[bytes]
    people: list[tuple[int, str]]

    @cached_property
    def files(self) -> bytes:
        return form_files("b1.new", self.photos)

    async def __call__(self, client: httpx.AsyncClient, place: int) -> httpx.Response:
        task_id, cookie = self.people[place]
        body = form_fields({"form_key": secrets.token_urlsafe(16), "version": "1", "b0": "正常"}) + self.files
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": FORM_TYPE}
        return await client.post(f"/tasks/{task_id}/submit", content=body, headers=headers)


def _run(send: Send, at: tuple[str, int], number: int, rate: float) -> Served:
    address, process = at
    return at_rate(send, address=address, process=process, number=number, rate=rate, good=(303,))


def _tell(run: Served, limit: Served, speed: float, what: str) -> bool:
    ratio = f"{run.at(0.95) / limit.at(0.95):.1f} × bare's p95, {run.each / limit.each:.1f} × its processor"
    holds = run.at(0.95) <= GOAL and not run.wrong
    told = run.told(f"submission with three photos, {what}, {speed:g}/s")
    print(f"{told}, {ratio} (goal p95 ≤ {GOAL} s at {RATE:g}/s) {'ok' if holds else 'MISSED'}", flush=True)
    return holds


if __name__ == "__main__":
    main(*(float(word) for word in sys.argv[1:2]))
