"""The console `rectify`. Each command's module is imported only when it is used: `rectify check` must not wait for Prefect."""

from cyclopts import App, Parameter

from flows.cli.console import speaking
from flows.cli.usage import Usage

app = App(
    name="rectify",
    help="专项整治行动编排系统",
    version_flags=(),
    group_commands="命令",
    group_arguments="参数",
    group_parameters="选项",
    help_formatter=Usage(),
    default_parameter=Parameter(show_default=False),  # each option says itself what holds without it
)
app["--help"].help = "显示这份说明"

COMMANDS = {
    "run": ("flows.cli.run:run", "启动整个系统；--demo 装入演示数据"),
    "demo": ("flows.cli.demo:demo", "装入演示：重演整个2023行动，启动一个进行中的百日攻坚和一个区里的行动"),
    "check": ("flows.cli.definitions:check", "检查行动模板文件，逐条指出行、列和改法"),
    "simulate": ("flows.cli.definitions:simulate", "启动前推演整个行动：每个日期、对象和消息"),
    "diff": (
        "flows.cli.differences:diff",
        "逐句说出两个行动模板的不同，前一个可以是进行中的行动；退出码：0没有不同，1有不同，2没有比成",
    ),
    "schema": ("flows.cli.definitions:schema", "输出模板语言的 JSON Schema，供编辑器使用"),
    "launch": ("flows.cli.campaigns:launch", "启动一个专项行动"),
    "report": ("flows.cli.reports:report", "打印一期调度表，或存成 Excel"),
    "tick": ("flows.cli.operate:tick", "把到期的工作全部做一遍"),
    "verify-receipt": ("flows.cli.receipts:verify_receipt", "不联网核对一份回执文件：有没有改动、是谁签的"),
    "verify": ("flows.cli.verification:check_record", "核对全部记录有没有缺失、改动和积压"),
}
for name, (place, summary) in COMMANDS.items():
    app.command(place, name=name, help=summary)


def main() -> None:
    """Run the console."""
    with speaking():
        app(exit_on_error=False, print_error=False)
