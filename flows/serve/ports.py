"""Choosing the ports: the wished one, or a free one and a word about it."""

import socket

from campaigns.errors import Conflict


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def near(host: str, wished: int) -> int:
    """Return the wished port, or the next free one within a hundred above it."""
    for port in range(wished, min(wished + 100, 65_536)):
        if is_free(host, port):
            return port
    raise Conflict(f"端口 {wished} 起的一百个端口都被占用。", advice="请用 RECTIFY_PORT 指定一个空闲端口。")


def exactly(host: str, wished: int) -> int:
    """Return the wished port, or refuse: people have its address."""
    if is_free(host, wished):
        return wished
    raise Conflict(
        f"端口 {wished} 已被别的程序占用，系统没有启动。",
        kept="数据未动。",
        advice=f"请停掉占用它的程序（可用 ss -ltnp 查看），或改用别的端口，例如 RECTIFY_PORT={wished + 1} rectify run。",
    )
