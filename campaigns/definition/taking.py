"""取自: a duty line that takes a ready duty from the shelf and writes only what is its own.

It happens on the tree, before the model types it: what the line leaves out is filled in from the ready duty and stands at the
line's own place, so every later message points there. What the line writes holds. What the notice leaves open (待定) the line
has to write: nobody invents a frequency.
"""

from collections.abc import Iterator, Mapping

from campaigns.definition.mistakes import Problem
from campaigns.definition.ready_duty import ReadyDuty
from campaigns.definition.tree import Entries, Items, Mark, Node, Path, Scalar
from campaigns.definition.versions import as_written
from campaigns.definition.wording import meant
from campaigns.definition.written import Written

TAKES = "取自"
DATES = ("频次", "分期截止", "截止")
"""What says how often and by when: one of them answers what a notice leaves open."""
OWN_TO_THE_SHELF = ("行", "谁做", "适用", "待定", "又见")
PLACE_OF = {"频次": DATES, "截止": ("分期截止", "截止"), "分期截止": ("分期截止", "截止")}
"""A written 频次 takes the place of the shelf's deadlines too: “每月25日” is no deadline of 每周1次."""


def take(tree: Node, shelf: Mapping[str, ReadyDuty]) -> list[Problem]:
    """Fill in every line that takes a ready duty, in place, and return what is wrong with the taking."""
    problems: list[Problem] = []
    for path, line in _duty_lines(tree):
        named = line.values.get(TAKES)
        if isinstance(named, Scalar) and named.text:
            ready = shelf.get(named.text)
            problems += [_unknown(path, named.text, shelf)] if ready is None else _taken(path, line, named, ready)
    return problems


def _taken(path: Path, line: Entries, named: Scalar, ready: ReadyDuty) -> list[Problem]:
    if ready.asks and not set(DATES) & line.values.keys():
        return [Problem((*path, TAKES), asking(named.text, ready))]
    written = frozenset(line.values)
    own = {name for key in written & PLACE_OF.keys() for name in PLACE_OF[key]}
    for name, value in _lines(ready).items():
        if name not in written | own:
            line.keys[name] = named.mark
            line.values[name] = _node(value, named.mark)
    return []


def asking(name: str, ready: ReadyDuty) -> str:
    """Return the sentence that asks the bureau for what the notice does not say."""
    missing = "多久做一次" if ready.asks == "频次" else "什么时候完成"
    example = "频次: 每月1次" if ready.asks == "频次" else "截止: 6月底"
    return (
        f"“{name}”的通知（{ready.clause}“{ready.quote}”）没有写明{missing}，"
        f"请由本局定，在这一行写上，如 {example}，或写成启动时填的参数"
    )


def _unknown(path: Path, name: str, shelf: Mapping[str, ReadyDuty]) -> Problem:
    return Problem((*path, TAKES), f"没有叫“{name}”的自带任务{meant(name, shelf) or '，请到任务库核对名字'}")


def _lines(ready: ReadyDuty) -> dict[str, object]:
    lines: dict[str, object] = plain(ready)
    return {name: value for name, value in lines.items() if name not in OWN_TO_THE_SHELF}


def plain(part: Written) -> dict[str, object]:
    """Return a part as a file would write it, without what it leaves to the defaults."""
    found: dict[str, object] = as_written(part.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True))
    return found


def _node(value: object, mark: Mark) -> Node:
    if isinstance(value, list):
        return Items(mark, [_node(item, mark) for item in value])
    return Scalar(str(value), mark)


def _duty_lines(tree: Node) -> Iterator[tuple[Path, Entries]]:
    yield from _entries(tree, ("全程任务",))
    for path, stage in _entries(tree, ("阶段",)):
        yield from ((path + inner, line) for inner, line in _entries(stage, ("任务",)))
    yield from _entries(tree, ("新增任务",))


def _entries(node: Node, path: Path) -> Iterator[tuple[Path, Entries]]:
    found = node.values.get(str(path[0])) if isinstance(node, Entries) else None
    for position, item in enumerate(found.items if isinstance(found, Items) else ()):
        if isinstance(item, Entries):
            yield (*path, position), item
