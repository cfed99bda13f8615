"""Asking a part over HTTP whether it answers."""

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException


def answers(host: str, port: int, path: str) -> Callable[[], bool]:
    """Return the question whether a server on this machine answers a path with anything but an error of its own."""

    def ask() -> bool:
        connection = HTTPConnection(host, port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    return ask
