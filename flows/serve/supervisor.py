"""Start the parts in their order, wait until each answers, restart what falls, stop everything: never a blind sleep."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from campaigns.errors import Refusal
from flows.serve.child import Child, Recipe

Say = Callable[[str], None]

GRACE_SECONDS = 10.0
"""How long parts may take to end after being asked."""
STEP_SECONDS = 0.2
TELL_EVERY_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 60.0
STEADY_SECONDS = 60.0
"""A part that lived this long is healthy again: its next fall is restarted at once."""
FALLS_BEFORE_GIVING_UP = 5
"""A part that never became ready and fell this often will not start by itself; a person must read its log."""


@dataclass
class Part:
    """One recipe and what became of it so far."""

    recipe: Recipe
    child: Child | None = None
    ready: bool = False
    ended: bool = False
    was_ready: bool = False
    falls: int = 0
    started_at: float = 0.0
    told_at: float = 0.0
    start_at: float = 0.0


class Supervisor:
    """The parent of all parts. One thread; `stop` may be called from a signal handler."""

    def __init__(
        self,
        recipes: Iterable[Recipe],
        say: Say,
        *,
        now: Callable[[], float] = time.monotonic,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self.parts = {recipe.name: Part(recipe) for recipe in recipes}
        self._say = say
        self._now = now
        self._grace = grace
        self._stop = threading.Event()

    @property
    def ready(self) -> bool:
        """Whether every part answers."""
        return all(part.ready for part in self.parts.values())

    def stop(self) -> None:
        """Ask the loop to end."""
        self._stop.set()

    def run(self, when_ready: Callable[[], None]) -> None:
        """Keep everything running until stopped; call `when_ready` the first time that every part answers."""
        announced = False
        try:
            while not self._stop.is_set():
                self.step()
                if self.ready and not announced:
                    announced = True
                    when_ready()
                self._stop.wait(STEP_SECONDS)
        finally:
            self._end_all()

    def step(self) -> None:
        """Look at every part once and do what it needs."""
        for part in self.parts.values():
            if part.ended:
                continue
            if part.child is None:
                self._start_if_its_turn(part)
            elif part.child.exit_code is not None:
                self._note_end(part, part.child, part.child.exit_code)
            elif not part.ready:
                self._ask(part, part.child)

    def _start_if_its_turn(self, part: Part) -> None:
        if self._now() < part.start_at or not all(self.parts[name].ready for name in part.recipe.after):
            return
        part.child = Child(part.recipe)
        part.started_at = part.told_at = self._now()
        self._say(f"正在启动{part.recipe.title}…" if part.falls == 0 else f"正在重新启动{part.recipe.title}…")

    def _ask(self, part: Part, child: Child) -> None:
        if child.ready and not part.recipe.once:
            self._note_ready(part)
        elif self._now() - part.told_at >= TELL_EVERY_SECONDS:
            part.told_at = self._now()
            self._say(f"正在等待{part.recipe.title}…（已 {self._now() - part.started_at:.0f} 秒）")

    def _note_ready(self, part: Part) -> None:
        verb = "已恢复" if part.was_ready else "已就绪"
        part.ready = part.was_ready = True
        self._say(f"{part.recipe.title}{verb}（{self._now() - part.started_at:.0f} 秒）。")

    def _note_end(self, part: Part, child: Child, exit_code: int) -> None:
        child.ask_to_stop()
        child.end(within=1.0)
        part.child = None
        if part.recipe.once and exit_code == 0:
            part.ended = True
            self._note_ready(part)
        else:
            self._note_fall(part, exit_code)

    def _note_fall(self, part: Part, exit_code: int) -> None:
        steady = part.was_ready and self._now() - part.started_at > STEADY_SECONDS
        part.falls = 1 if steady else part.falls + 1
        if part.recipe.once or (not part.was_ready and part.falls >= FALLS_BEFORE_GIVING_UP):
            raise Refusal(
                f"{part.recipe.title}没有成功（已试 {part.falls} 次，代码 {exit_code}），系统已停止。",
                kept="数据未动。",
                advice=f"请查看日志 {part.recipe.log}。最后几行是：\n{_tail(part.recipe)}",
            )
        wait = min(2.0 ** (part.falls - 1), LONGEST_WAIT_SECONDS)
        part.ready, part.start_at = False, self._now() + wait
        self._say(
            f"{part.recipe.title}意外退出（代码 {exit_code}），{wait:.0f} 秒后重新启动；日志在 {part.recipe.log}。"
        )

    def _end_all(self) -> None:
        living = [part.child for part in reversed(list(self.parts.values())) if part.child is not None]
        for child in living:
            child.ask_to_stop()
        deadline = self._now() + self._grace
        for child in living:
            child.end(within=max(deadline - self._now(), 0.1))
            self._say(f"{child.recipe.title}已停止。")


def _tail(recipe: Recipe, lines: int = 8) -> str:
    return "\n".join(recipe.log.read_text(errors="replace").splitlines()[-lines:])
