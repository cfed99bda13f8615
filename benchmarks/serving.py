"""A web server in a process of its own, and people who open pages or send forms at a fixed rate, whatever it answers.

Arrivals are scheduled (an open loop): a slow answer does not slow the next person down, so that waiting is not hidden. Everybody
shares the machine's cores; the share of processor time that the load itself took is printed beside every figure.
"""

import asyncio
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from flows.serve.recipes import ROOMY

UP_WITHIN = 180.0
_BOUNDARY = "rectify-bench-boundary"
Send = Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]]
"""Sends the request of the n-th person."""
FORM_TYPE = f"multipart/form-data; boundary={_BOUNDARY}"
"""The content type of what `form_fields` and `form_files` make together."""


@dataclass(frozen=True)
class Served:
    """What a run at a fixed rate measured: seconds from the planned arrival to the answer, in the order of arrival."""

    seconds: Sequence[float]
    wrong: int
    wall: float
    load_share: float
    server_share: float

    @property
    def each(self) -> float:
        """Seconds of processor that the server took for each request, whatever the load took beside it."""
        return self.server_share * self.wall * (os.cpu_count() or 1) / len(self.seconds)

    def at(self, part: float) -> float:
        """Return a percentile, such as 0.95."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def told(self, what: str) -> str:
        """Say it on one line."""
        shares = f"both share {os.cpu_count()} cores: client {self.load_share:.0%}, server {self.server_share:.0%}"
        times = f"p50 {statistics.median(self.seconds):.3f} s, p95 {self.at(0.95):.3f} s"
        rate = f"{len(self.seconds) / self.wall:.1f}/s answered"
        cost = f"{self.each * 1000:.0f} ms of the server's processor each"
        return f"{what}: {times}, {rate}, {cost}, {self.wrong} wrong ({shares})"


def form_fields(fields: Mapping[str, str]) -> bytes:
    """Return the plain fields of a form as a browser sends them; `form_files` follows."""
    told = "Content-Disposition: form-data; name="
    return "".join(f'--{_BOUNDARY}\r\n{told}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()).encode()


def form_files(name: str, photos: Sequence[bytes]) -> bytes:
    """Return photos of one field and the form's end: written once, so that sending takes little of the cores that both share."""
    parts = []
    for place, photo in enumerate(photos):
        head = f'Content-Disposition: form-data; name="{name}"; filename="IMG_{place}.jpg"\r\nContent-Type: image/jpeg'
        parts.append(f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode() + photo + b"\r\n")
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()


@contextmanager
def server(module: str, environment: Mapping[str, str], *, workers: int = 1) -> Iterator[tuple[str, int]]:
    """Serve `module:app` under uvicorn, by so many workers, and yield its address and process id; it is ended at the end.

    Its memory is kept as the product keeps it, ours and bare's.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", module, "--port", str(port), "--log-level", "error", "--no-access-log"]
    command += ["--workers", str(workers)] if workers > 1 else []
    process = subprocess.Popen(command, env={**os.environ, **ROOMY, **environment}, cwd=Path(__file__).parents[1])
    try:
        _wait(f"http://127.0.0.1:{port}/livez", process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + UP_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"no server at {address}")


def at_rate(
    send: Send,
    *,
    address: str,
    process: int,
    number: int,
    rate: float,
    good: Sequence[int] = (200, 303),
) -> Served:
    """Send `number` requests, `rate` a second."""
    before, server_before, began = _own(), _processor(process), time.perf_counter()
    seconds, codes = asyncio.run(_arrive(send, address, number, rate))
    wall = time.perf_counter() - began
    cores = wall * (os.cpu_count() or 1)
    wrong = sum(code not in good for code in codes)
    return Served(seconds, wrong, wall, (_own() - before) / cores, (_processor(process) - server_before) / cores)


async def _arrive(send: Send, address: str, number: int, rate: float) -> tuple[list[float], list[int]]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        start = time.perf_counter() + 0.1

        async def one(place: int) -> tuple[float, int]:
            planned = start + place / rate
            await asyncio.sleep(max(0.0, planned - time.perf_counter()))
            answer = await send(client, place)
            return time.perf_counter() - planned, answer.status_code

        done = await asyncio.gather(*(one(place) for place in range(number)))
    return [taken for taken, _ in done], [code for _, code in done]


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _processor(process: int) -> float:
    """Return the seconds of processor that a process and its workers have taken."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return sum(map(_taken, (process, *map(int, children))))


def _taken(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
