"""Commands about campaign files: check them, play them through, and their schema. None of them needs a database."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from campaigns.definition import library
from campaigns.definition.load import load, review
from campaigns.definition.model import Definition
from campaigns.definition.read import LARGEST_BYTES
from campaigns.errors import Invalid, NotFound
from campaigns.rules.dates.planning import expand
from flows.cli import simulation
from flows.cli.console import say, why


def check(files: Annotated[Sequence[Path], Parameter(consume_multiple=True)], /) -> None:
    """检查行动模板文件：每处错误一行“文件:行:列: 怎么改”，有错误时退出码为 1。

    Parameters
    ----------
    files
        一个或多个模板文件。
    """
    standing = [_stands(file) for file in files]  # every file is read, also after one that failed
    if not all(standing):
        raise SystemExit(1)


def simulate(
    template: str,
    /,
    *,
    set_: Annotated[tuple[str, ...], Parameter(name="--set", negative="")] = (),
    start: str = "",
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """启动前推演整个行动：每个日期、对象、消息和提醒，与启动用的是同一个排期程序。

    Parameters
    ----------
    template
        模板编号（如 hazard-2023）或模板文件。
    set_
        参数，写成 名称=值，可写多次。
    start
        启动日期，如 2026-11-22；不写用通知里的日期。
    json_
        输出 JSON。
    """
    definition = definition_named(template)
    plan = expand(definition, starts_on=day_of(start), parameters=parameters_of(set_))
    if json_:
        say(json.dumps(simulation.as_data(definition, plan), ensure_ascii=False, indent=2))
    else:
        for line in simulation.as_lines(definition, plan):
            say(line)


def schema() -> None:
    """输出模板语言的 JSON Schema：编辑器据此补全和标错。"""
    from campaigns.definition.schema import json_schema  # builds the whole schema; the other commands do not need it

    say(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def definition_named(template: str) -> Definition:
    """Return a campaign's definition by the template's id or its file; an overlay comes flattened into its superior's.

    Raises:
        NotFound: neither a template nor a file has this name. DefinitionErrors: what is wrong in it, with line and column.
    """
    text, beside = text_of(template), Path(template).parent if Path(template).is_file() else None
    return load(text, source=template, parent=library.parent_of(text, beside=beside))


def text_of(template: str) -> str:
    """Return a campaign as written: a shipped one by its id, any other by its file.

    Raises:
        NotFound: neither a template nor a file has this name.
    """
    if template in library.template_ids():
        return library.template_text(template)
    if Path(template).exists():
        return _text(Path(template))
    raise NotFound(
        f"没有叫“{template}”的模板，也没有这个文件。", advice=f"现有模板：{'、'.join(library.template_ids())}。"
    )


def parameters_of(pairs: Sequence[str]) -> dict[str, str]:
    """Read `--set 名称=值` pairs."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Invalid(f"看不懂“--set {pair}”。", advice="请写成 --set 名称=值。")
        found[name] = value
    return found


def day_of(text: str) -> date | None:
    """Read `--start`; empty means that the notice's own dates stand."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(f"看不懂启动日期“{text}”。", advice="请写成 2026-11-22 这样。") from None


def _stands(file: Path) -> bool:
    try:
        text = _text(file)
    except Invalid as refusal:
        say(f"{file}:1:1: {refusal.sentence}")
        return False
    found = review(text, parent=library.parent_of(text, beside=file.parent))
    for error in found.errors:
        say(f"{file}:{error}")
    for caution in found.cautions:
        print(f"{file}:{caution}（提醒，不影响使用）", file=sys.stderr)
    return not found.errors


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_BYTES + 1).decode("utf-8-sig")
    except FileNotFoundError:
        raise Invalid(f"没有文件 {file}。") from None
    except OSError as error:
        raise Invalid(f"文件 {file} 打不开：{why(error)}。") from None
    except UnicodeDecodeError:
        raise Invalid(f"文件 {file} 不是 UTF-8 编码的文字，请另存为 UTF-8。") from None
