from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.audio import doors as module
from core.audio import processes
from core.audio.doors import Doors


@pytest.fixture
def doors() -> Iterator[Doors]:
    one = Doors()
    yield one
    one.close(None)
    if isinstance(one.address, str):
        assert not Path(one.address).parent.exists()


@contextlib.contextmanager
def connected(doors: Doors) -> Iterator[socket.socket]:
    with processes.connected(doors.address, 5) as door:
        doors.serve(1.0, lambda _: {})
        yield door


def asks(doors: Doors, door: socket.socket, what: str) -> bytes:
    """What a door is answered."""
    door.sendall(json.dumps({"key": doors._key, "do": what}).encode() + b"\n")
    doors.serve(1.0, lambda what: {"did": what})
    return door.recv(100)


def test_doors_are_counted_once_they_gave_the_key(doors: Doors) -> None:
    invitation = doors.invitation()
    assert doors.alone_for() < 0
    with connected(doors) as door:
        assert doors.alone_for() < 0
        door.sendall(json.dumps({"key": invitation["key"], "do": "state"}).encode())
        doors.serve(1.0, lambda what: {"did": what})
        assert doors.alone_for() < 0
        door.sendall(b"\n")
        doors.serve(1.0, lambda what: {"did": what})
        assert json.loads(door.recv(100)) == {"did": "state"}
        assert doors.alone_for() == 0
    doors.serve(1.0, lambda _: {})
    assert doors.alone_for() > 0


def test_a_door_hears_the_end_even_when_it_did_not_ask() -> None:
    doors = Doors()
    with connected(doors) as door:
        asks(doors, door, "state")
        doors.close({"ended": True})
        with door.makefile("rb") as lines:
            assert [json.loads(line) for line in lines] == [{"ended": True}]


def test_only_who_asks_for_the_state_shows_it(doors: Doors) -> None:
    with connected(doors) as visitor, connected(doors) as door:
        for what in ("attach", "pause", "stop"):
            assert json.loads(asks(doors, visitor, what)) == {"did": what}
        assert doors.count == 0
        asks(doors, door, "state")
        asks(doors, door, "pause")
        assert doors.count == 1
        asks(doors, visitor, "state")
        assert doors.count == 2


def test_a_door_that_asks_no_more_is_gone_until_it_asks_again(doors: Doors) -> None:
    with connected(doors) as door:
        asks(doors, door, "state")
        doors._served += module.ASKED_WITHIN - 5
        assert doors.count == 1
        doors._served += 10
        assert doors.count == 0
        assert doors.alone_for() > module.ASKED_WITHIN
        asks(doors, door, "state")
        assert doors.alone_for() == 0


def test_no_door_is_gone_because_the_recorder_was_held_up(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(doors) as door:
        asks(doors, door, "state")
        long, clock = 2 * module.ASKED_WITHIN, time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: clock() + long)
        assert doors.count == 1  # it may have asked meanwhile
        doors.serve(0.0, lambda _: {})
        doors.forgive(time.monotonic(), long)
        assert doors.count == 1


@pytest.mark.parametrize("sent", [b"[" * 4000 + b"\n", b'{"key": "\\ud800", "do": 3}\n', b"{}\n"])
def test_what_a_stranger_sends_ends_its_own_connection_only(doors: Doors, sent: bytes) -> None:
    with connected(doors) as stranger, connected(doors) as door:
        stranger.sendall(sent)
        for _ in range(3):
            doors.serve(0.1, lambda _: {})
        assert stranger.recv(1) == b""
        assert asks(doors, door, "state")


def test_who_gives_no_key_is_sent_away(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(doors) as stranger, connected(doors) as door:
        asks(doors, door, "attach")
        monkeypatch.setattr(module, "KEY_WITHIN", 0.0)
        doors.serve(0.0, lambda _: {})
        assert stranger.recv(1) == b""
        assert asks(doors, door, "state")
