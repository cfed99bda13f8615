"""The installation's directory: private, one supervisor at a time, demonstration and real work never mixed."""

import stat
from pathlib import Path

import pytest

from campaigns.errors import Conflict
from campaigns.settings import Settings
from flows.serve.home import LOG_LIMIT, opened


def _settings(root: Path) -> Settings:
    return Settings(home=root / "var")


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    with opened(_settings(tmp_path), demo=True) as home:
        first = home.key("session")
    with opened(_settings(tmp_path), demo=True) as home:
        assert home.key("session") == first
    assert len(first) >= 48
    assert stat.S_IMODE((tmp_path / "var/keys/session").stat().st_mode) == 0o600


def test_a_second_supervisor_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    with (
        opened(_settings(tmp_path), demo=True),
        pytest.raises(Conflict, match="正由另一个 rectify run 使用"),
        opened(_settings(tmp_path), demo=True),
    ):
        pass


@pytest.mark.parametrize(("first", "words"), [(True, "演示数据，不能用于正式"), (False, "正式数据，不能用于演示")])
def test_demonstration_and_real_data_never_share_a_directory(tmp_path: Path, first: bool, words: str) -> None:
    with opened(_settings(tmp_path), demo=first):
        pass
    with pytest.raises(Conflict, match=words), opened(_settings(tmp_path), demo=not first):
        pass


def test_a_large_log_is_moved_aside_and_a_small_one_continued(tmp_path: Path) -> None:
    with opened(_settings(tmp_path), demo=True) as home:
        log = home.log("web")
        log.write_text("第一次\n")
        assert home.log("web").read_text() == "第一次\n"
        log.write_bytes(b"x" * (LOG_LIMIT + 1))
        assert not home.log("web").exists()
        assert log.with_suffix(".1.log").exists()
