"""The console checks a receipt file with no database and no network, and says whose it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from campaigns.documents.receipt_file import fingerprint, signing_key
from tests.documents.test_receipt_file import FILE, KEY, PHOTO

SECRET = "the secret of this installation"


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    path = tmp_path / "回执.json"
    path.write_bytes(FILE)
    return path


def checked(*words: object, secret: str = "", home: Path = Path("nowhere")) -> subprocess.CompletedProcess[str]:
    own = {"RECTIFY_SECRET": secret, "RECTIFY_HOME": str(home)}
    environment = {**os.environ, "RECTIFY_DATABASE_URL": "postgresql+psycopg://nowhere", **own}
    command = [sys.executable, "-m", "flows.cli", "verify-receipt", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_installation_knows_its_own_signature(receipt: Path) -> None:
    said = checked(receipt, secret=SECRET)
    assert said.returncode == 0, said.stderr
    assert "提交时间：2023年5月12日 10:30:01（北京时间）" in said.stdout
    assert "√ 内容没有改动，签名有效。" in said.stdout


def test_a_demonstration_knows_the_key_that_it_made_for_itself(receipt: Path, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "session").write_text(SECRET)
    said = checked(receipt, home=tmp_path)
    assert said.returncode == 0, said.stderr


def test_anybody_else_compares_the_published_fingerprint(receipt: Path) -> None:
    published = fingerprint(KEY.public_key())
    assert checked(receipt, "--key", published).returncode == 0
    unknown = checked(receipt)
    assert (unknown.returncode, "不知道是不是应急局签的" in unknown.stderr) == (1, True)
    forged = checked(receipt, "--key", fingerprint(signing_key("forger").public_key()))
    assert (forged.returncode, "不是这把密钥签的" in forged.stderr) == (1, True)


def test_photos_are_held_against_the_receipt(receipt: Path, tmp_path: Path) -> None:
    (tmp_path / "坝顶.jpg").write_bytes(PHOTO)
    (tmp_path / "别处.jpg").write_bytes(b"another place")
    said = checked(receipt, tmp_path / "坝顶.jpg", tmp_path / "别处.jpg", secret=SECRET)
    assert said.returncode == 1
    assert "√ 坝顶.jpg" in said.stdout
    assert "× 别处.jpg" in said.stdout
