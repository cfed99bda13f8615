"""考核材料包: one zip, streamed, whose manifest the ordinary tool checks."""

import csv
import subprocess
import tracemalloc
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

from campaigns.documents.package import Member, package, safe, table
from tests.campaigns import at

NOW = at(6, 19)


def zipped(*members: Member) -> bytes:
    return b"".join(package(members, at=NOW))


def unpacked(content: bytes, into: Path) -> Path:
    with ZipFile(BytesIO(content)) as packed:
        assert packed.testzip() is None
        packed.extractall(into)
    return into


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def members() -> tuple[Member, ...]:
    rows = ([number, f"=任务{number}"] for number in range(3))
    return table("台账/任务", "任务台账", ("编号", "任务"), rows), Member("文书/通报.docx", "通报", [b"PK", b"words"])


def test_sha256sum_checks_every_file(tmp_path: Path) -> None:
    folder = unpacked(zipped(*members()), tmp_path)
    run = checked(folder)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("OK") == 3


def test_a_file_that_was_changed_is_found(tmp_path: Path) -> None:
    folder = unpacked(zipped(*members()), tmp_path)
    (folder / "文书" / "通报.docx").write_bytes(b"PK other")
    run = checked(folder)
    assert run.returncode == 1
    assert "文书/通报.docx: FAILED" in run.stdout


def test_the_list_says_what_each_file_is_and_how_many_rows_it_has(tmp_path: Path) -> None:
    folder = unpacked(zipped(*members()), tmp_path)
    lines = list(csv.DictReader(StringIO((folder / "清单.csv").read_text("utf-8-sig"))))
    assert [(line["文件"], line["内容"], line["行数"]) for line in lines] == [
        ("台账/任务.csv", "任务台账", "3"),
        ("文书/通报.docx", "通报", ""),
    ]


def test_two_documents_of_one_name_both_stay(tmp_path: Path) -> None:
    folder = unpacked(zipped(Member("a.docx", "", [b"1"]), Member("a.docx", "", [b"2"])), tmp_path)
    assert {(folder / name).read_bytes() for name in ("a.docx", "a（2）.docx")} == {b"1", b"2"}


def test_no_name_leads_out_of_the_folder() -> None:
    assert safe("../../etc/passwd") == "_.._etc_passwd"
    assert safe(" . ") == "_"
    assert "\n" not in safe("a\nb")
    assert len(safe("长" * 500)) == 60


def test_memory_does_not_grow_with_what_is_packed() -> None:
    def pieces(count: int) -> Iterator[bytes]:
        return (number.to_bytes(8, "big") * 8_192 for number in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in package([Member("a.bin", "", pieces(count))], at=NOW):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(2)
    assert peak(200) < peak(20) * 1.5
