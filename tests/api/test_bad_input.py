"""Every form × every kind of bad input: a status, a Chinese sentence, and nothing saved.

`bad_input.tsv` is the table of what differs from form to form: a `field` that does not pass, a `state` that does not allow the
step, a `stale` version, a `file` that is none. What is the same for all (foreign and unknown ids, a key used again, signs that
nobody types, an oversized body) is tried on every form; one without a key in test_effect.py. `thing` names the row that the form
is about (`in_every_state`), `fields` is what is sent instead of the good values, `saved` names what is kept all the same.
"""

import csv
import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from httpx2 import Response
from sqlalchemy import text
from sqlmodel import SQLModel

from api.deps import LONGEST_FIELD
from campaigns.settings import Settings
from tests.api.bad_things import VERSIONS, good, in_every_state
from tests.api.client import Browser, words
from tests.api.test_access import LOGINS, Place, settled, stated
from tests.databases import copied
from tests.people import Cast
from tests.pictures import PROGRAM

LONG = "长" * 3000
CHINESE = re.compile(r"[\u4e00-\u9fff]{4,}")
STORED = re.compile(r"[0-9a-f]{32}(\.small)?")
USED = "a-key-that-was-used-before"
UNKEYED = {"/sign-in", "/sign-out", "/tasks/{task_id}/draft"}
"""They have no key: signing in and out twice is once, and a draft is overwritten."""
EVERYBODYS = {"template_id", "name", "day"}
"""What stands in an address and is nobody's."""


@dataclass(frozen=True)
class Line:
    """One line of the table; a dash is empty."""

    path: str
    kind: str
    who: str
    thing: str
    fields: str
    status: str
    saved: str
    sentence: str

    def sent(self) -> dict[str, list[str]]:
        """What is sent instead of the good values; LONG is 3,000 letters, NONE leaves the field out."""
        pairs = parse_qsl(self.fields, keep_blank_values=True)
        sent: dict[str, list[str]] = {}
        for name, value in pairs:
            sent.setdefault(name, []).extend([] if value == "NONE" else [value.replace("LONG", LONG)])
        return sent

    def file(self) -> dict[str, tuple[str, bytes, str]] | None:
        """A program that calls itself a photo, under the name that stands first among the fields."""
        return {self.fields.partition("&")[0]: ("一.jpg", PROGRAM, "image/jpeg")} if self.kind == "file" else None


def table() -> list[Line]:
    with Path(__file__).with_name("bad_input.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [Line(**{name: "" if cell == "-" else cell for name, cell in row.items()}) for row in rows]


LINES = table()
FORMS = {line.path: line for line in sorted(LINES, key=lambda line: line.kind == "good", reverse=True)[::-1]}
"""One line of each form: the `good` one if there is one, else its first."""
AS_JSON = {"Accept": "application/json"}
"""What is the same for all forms is read as a program reads it: the same sentences without the page around them."""


class Record:
    """All that is kept: every row of every table, and every stored file. Tells which of it a request changed."""

    def __init__(self, place: Place) -> None:
        self.base, self.home = place.cast.database, place.given.home
        self.watch = sqlite3.connect(self.home / "rectify.sqlite3")
        self.seen = self.version()
        self.content = self.hashes()

    def version(self) -> object:
        """SQLite's counter of commits by others that wrote anything, and the names of the stored files."""
        return self.watch.execute("PRAGMA data_version").fetchone(), self.files()

    def files(self) -> list[str]:
        return sorted(str(file) for file in self.home.rglob("*") if STORED.fullmatch(file.name))

    def hashes(self) -> dict[str, str]:
        kept = dict[str, object]()
        with self.base.reading() as session:
            for table in SQLModel.metadata.sorted_tables:
                kept[table.name] = session.execute(text(f"SELECT * FROM {table.name}")).all()
        kept["files"] = self.files()
        return {name: hashlib.sha256(repr(rows).encode()).hexdigest() for name, rows in kept.items()}

    def changed(self) -> str:
        """Return the names of the tables that changed since the last question, joined by commas."""
        if self.version() == self.seen:
            return ""
        self.seen, before, self.content = self.version(), self.content, self.hashes()
        return ",".join(name for name in sorted(self.content) if self.content[name] != before[name])


@dataclass(frozen=True)
class Office:
    """The county's things in every state, and everybody's browser."""

    place: Place
    things: Mapping[str, Mapping[str, object]]
    browsers: Mapping[str, Browser]
    record: Record

    def address(self, line: Line) -> str:
        ids = {name: str(states[line.thing]) for name, states in self.things.items() if line.thing in states}
        return self.place.address(re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], name[0]), line.path))

    def versions(self, address: str, path: str) -> dict[str, str]:
        """Return the version of the row that the form is about, as its page carries it."""
        name = (re.findall(r"\{(\w+)\}", path) or [""])[0]
        if name not in VERSIONS:
            return {}
        kind, column, field = VERSIONS[name]
        with self.place.cast.database.reading() as session:
            row = session.get(kind, int(re.findall(r"\d+", address)[0]))
        return {field: str(getattr(row, column))} if row else {}

    def newcomer(self, login: str) -> Browser:
        browser = Browser(self.place.cast.database, self.place.clock, self.place.given)
        browser.sign_in(login)
        self.record.changed()
        return browser

    def send(
        self,
        line: Line,
        key: str = "",
        *,
        address: str = "",
        browser: Browser | None = None,
        plain: bool = True,
        **more: str,
    ) -> Response:
        address = address or self.address(line)
        named = {"form_key": key or f"bad-input-{LINES.index(line):06}", **self.versions(address, line.path), **more}
        data = good(self.place.cast) | named | line.sent()
        headers = AS_JSON if plain else {}
        return (browser or self.browsers[line.who]).http.post(address, data=data, files=line.file(), headers=headers)


@pytest.fixture(scope="module")
def office(sqlite_cast: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Settle the county as for the doors, and bring its things into every state."""
    home = tmp_path_factory.mktemp("bad-input")
    with copied(sqlite_cast[0], home / "rectify.sqlite3") as base:
        place = settled(replace(sqlite_cast[1], database=base), Settings(demo=True, home=home))
        with base.transaction() as session:
            things = in_every_state(session, place.cast, place.ids)
        browsers = {who: Browser(base, place.clock, place.given) for who in sorted({line.who for line in LINES})}
        for who in browsers.keys() - {"nobody"}:
            browsers[who].sign_in(LOGINS.get(who, who))
        yield Office(place, things, browsers, Record(place))


def told(answer: Response) -> str:
    """What the sender reads of the answer."""
    return words(answer) if "html" in answer.headers.get("content-type", "") else answer.text


def wrongly(
    office: Office, answers: Iterator[tuple[str, Response]], statuses: str, sentence: str = ""
) -> dict[str, object]:
    """Return the answers that have another status, lack the sentence (or any), or came with a change of the record."""
    wrong: dict[str, object] = {}
    for path, answer in answers:
        read, saved = told(answer), office.record.changed()
        said = sentence in read if sentence else CHINESE.search(read)
        if str(answer.status_code) not in statuses.split() or not said or saved:
            wrong[path] = (answer.status_code, saved, read[-200:])
    return wrong


def test_every_form_has_a_line_or_a_reason() -> None:
    forms = {path for method, path in stated() if method == "POST"}
    assert {line.path for line in LINES} == forms, "write the form into tests/api/bad_input.tsv"
    assert all(line.sentence for line in LINES)
    versioned = {path for path in forms if (re.findall(r"\{(\w+)\}", path) or [""])[0] in VERSIONS}
    told_stale = {line.path for line in LINES if line.kind in ("stale", "never stale", "none")}
    assert versioned - told_stale == set(), "say what a stale edit is answered, or why there is none"


@pytest.mark.parametrize("kind", ["field", "state", "stale", "file"])
def test_bad_input_is_answered_in_words_and_saves_nothing(office: Office, kind: str) -> None:
    wrong = {}
    for line in (line for line in LINES if line.kind == kind):
        answer = office.send(line, plain=False)
        found = (str(answer.status_code), office.record.changed())
        if found != (line.status, line.saved) or line.sentence not in told(answer):
            wrong[f"{line.path} {line.fields[:40]}"] = (*found, told(answer))
    assert wrong == {}


@pytest.mark.parametrize("stranger", ["neighbour.officer", "stranger"])
def test_a_foreign_id_is_not_found(office: Office, stranger: str) -> None:
    browser = office.newcomer(stranger)
    rows = [line for path, line in FORMS.items() if set(re.findall(r"\{(\w+)\}", path)) - EVERYBODYS]
    answers = ((line.path, office.send(line, f"foreign-{stranger:x<16}", browser=browser)) for line in rows)
    assert wrongly(office, answers, "403 404 422") == {}


def test_an_unknown_id_is_not_found(office: Office) -> None:
    rows = [line for path, line in FORMS.items() if "{" in path]
    answers = ((line.path, office.send(line, address=re.sub(r"\{\w+\}", "999999", line.path))) for line in rows)
    assert wrongly(office, answers, "404 422") == {}


def test_a_key_used_again_for_something_else_is_refused(office: Office) -> None:
    for browser in office.browsers.values():
        browser.post("/notices/read", key=USED)
    office.record.changed()
    answers = ((path, office.send(line, USED)) for path, line in FORMS.items() if path not in UNKEYED)
    assert wrongly(office, answers, "422 409") == {}


def test_signs_that_nobody_types_are_refused(office: Office) -> None:
    answers = ((path, office.send(line, note="停\x00产")) for path, line in FORMS.items() if path != "/sign-out")
    assert wrongly(office, answers, "422", "看不见的控制字符") == {}


def test_an_oversized_body_is_refused_whether_it_says_its_length_or_not(office: Office) -> None:
    def large(line: Line) -> Response:
        headers = {"Content-Length": str(1 << 30), **AS_JSON}
        return office.browsers[line.who].http.post(office.address(line), content=b"x", headers=headers)

    assert wrongly(office, ((path, large(line)) for path, line in FORMS.items()), "413", "超过了大小限制") == {}
    long = (
        (path, office.send(line, note="长" * LONGEST_FIELD))
        for path, line in FORMS.items()
        if path == "/hazards/register"
    )
    assert wrongly(office, long, "413", "超过了大小限制") == {}
