"""What each part is told: closed to the world, secrets only where they are needed."""

from pathlib import Path

from campaigns.settings import Settings
from flows.serve.child import Recipe
from flows.serve.home import Home
from flows.serve.recipes import recipes


def _parts(tmp_path: Path, *, demo: bool) -> dict[str, Recipe]:
    settings = Settings(home=tmp_path, demo=demo, port=8001, prefect_port=4201)
    return {recipe.name: recipe for recipe in recipes(settings, Home(tmp_path, demo=demo))}


def test_prefect_listens_on_loopback_only_and_sends_nothing_home(tmp_path: Path) -> None:
    prefect = _parts(tmp_path, demo=False)["prefect"]
    assert "127.0.0.1" in prefect.command
    assert prefect.environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert prefect.environment["DO_NOT_TRACK"] == "1"


def test_prefects_password_is_the_installations_own_and_the_web_never_sees_it(tmp_path: Path) -> None:
    parts = _parts(tmp_path, demo=False)
    password = parts["prefect"].environment["PREFECT_SERVER_API_AUTH_STRING"]
    assert password == parts["runner"].environment["PREFECT_API_AUTH_STRING"]
    assert len(password) > 48
    assert not [name for name in parts["web"].environment if name.startswith("PREFECT_")]


def test_no_secret_stands_on_a_command_line(tmp_path: Path) -> None:
    for part in _parts(tmp_path, demo=True).values():
        secrets = [value for name, value in part.environment.items() if "AUTH" in name or "SECRET" in name]
        assert not [word for word in part.command if word in secrets and word]


def test_pages_open_after_the_demonstration_is_loaded(tmp_path: Path) -> None:
    parts = _parts(tmp_path, demo=True)
    assert {name for name, part in parts.items() if "prepare" in part.after} == {"web", "ticker", "runner"}
    assert "prepare" not in _parts(tmp_path, demo=False)


def test_as_many_processes_serve_pages_as_the_operator_says(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, demo=True, web_processes=3)
    web = next(recipe for recipe in recipes(settings, Home(tmp_path, demo=True)) if recipe.name == "web")
    assert web.command[web.command.index("--workers") + 1] == "3"
