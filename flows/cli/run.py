"""`rectify run`: start everything and stay until Ctrl-C."""

from typing import Annotated

from cyclopts import Parameter

from flows.cli.console import say


def run(*, demo: Annotated[bool, Parameter(negative="")] = False) -> None:
    """启动网页、调度引擎、流程执行器和通知派送，按 Ctrl-C 全部停止。

    Parameters
    ----------
    demo
        装入演示数据和演示账号；不带时为正式运行。
    """
    from flows.serve.start import start  # psutil and the supervisor, only here

    start(demo=demo, say=say)
