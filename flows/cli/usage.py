"""How `--help` reads: cyclopts' own panels, with the few words that it puts in by itself said in Chinese."""

from typing import Any

from attrs import evolve
from cyclopts.help import DefaultFormatter, HelpEntry, HelpPanel, InlineText

VALUES = {"STR": "文字", "PATH": "文件", "DATETIME": "时刻", "INT": "数字"}
"""What stands for the value of an option, by the type that cyclopts names."""
_IN_USAGE = VALUES | {"COMMAND": "命令", "[OPTIONS]": "[选项]", "[ARGS...]": "[参数…]"}


class Usage(DefaultFormatter):
    """Cyclopts' formatter, of which only the words change."""

    def __call__(self, console: Any, options: Any, panel: HelpPanel) -> None:
        """Print one panel of commands, arguments or options."""
        super().__call__(console, options, panel.copy(entries=[_told(entry) for entry in panel.entries]))

    def render_usage(self, console: Any, options: Any, usage: Any) -> None:
        """Print the line that shows how a command is typed."""
        if usage:
            words = " ".join(_IN_USAGE.get(word, word) for word in str(usage).split())
            console.print(f"用法：{words}\n", style="bold", markup=False, highlight=False)


def _told(entry: HelpEntry) -> HelpEntry:
    metavar = entry.metavar and entry.metavar.replace("...", "…")
    for english, words in VALUES.items():
        metavar = metavar and metavar.replace(english, words)
    if entry.required and isinstance(entry.description, InlineText):
        from rich.text import Text  # takes a tenth of a second, and only who asks for help waits for it

        entry.description.append(Text("（必填）"))
    return evolve(entry, metavar=metavar, required=False)
