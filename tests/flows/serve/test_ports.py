"""Ports: people's address is kept or refused clearly, an inner one moves aside."""

import socket
from collections.abc import Iterator

import pytest

from campaigns.errors import Conflict
from flows.serve import ports

HERE = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((HERE, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_taken_port_moves_to_the_next_free_one(taken: int) -> None:
    assert taken < ports.near(HERE, taken) <= taken + 100


def test_a_free_port_is_kept(taken: int) -> None:
    free = ports.near(HERE, taken)
    assert ports.exactly(HERE, free) == free


def test_a_taken_address_is_refused_with_what_to_do(taken: int) -> None:
    with pytest.raises(Conflict, match=f"端口 {taken} 已被别的程序占用") as refused:
        ports.exactly(HERE, taken)
    assert f"RECTIFY_PORT={taken + 1}" in refused.value.advice
