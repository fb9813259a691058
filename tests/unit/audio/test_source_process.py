from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import cast

import numpy as np
import pytest

from core import errors
from core.audio import processes, sources
from core.audio.doors import Doors
from core.audio.source_process import FLOOD, SourceProcess
from core.values import Channel


@pytest.fixture
def source() -> Iterator[tuple[SourceProcess, socket.socket]]:
    """A source, and the end of its connection that its process would hold."""
    doors = Doors()
    one = SourceProcess(Channel.MICROPHONE, "", doors)
    one._started = time.monotonic()
    doors.expect("the key", one)
    with processes.connected(doors.address, 5) as line:
        doors.serve(1.0, lambda _: {})
        line.sendall(b'{"key": "the key"}\n')
        doors.serve(1.0, lambda _: {})
        assert one._line is not None
        yield one, line
    one.end()
    doors.close(None)


def sound(at: float, block: np.ndarray, rate: int = 48_000, overflows: int = 0) -> bytes:
    content = block.astype("<f4").tobytes()
    return sources.HEADER.pack(sources.SOUND, at, rate, overflows, len(content)) + content


def told(what: object) -> bytes:
    content = json.dumps(what).encode()
    return sources.HEADER.pack(sources.TOLD, 0, 0, 0, len(content)) + content


def test_what_a_source_sends_is_read_however_it_is_cut(source: tuple[SourceProcess, socket.socket]) -> None:
    one, line = source
    now = time.monotonic()
    blocks = [np.linspace(-1, 1, 480), np.array([np.nan, np.inf, -np.inf, 0.5])]
    sent = told({"device": "Headset"}) + sound(now, blocks[0]) + sound(now + 0.01, blocks[1], 16_000, 2)
    for start in range(0, len(sent), 37):
        line.sendall(sent[start : start + 37])
        one.receive()
    assert one.name == "Headset"
    (first, second) = one.take()
    assert (first[0], first[2]) == (now, 48_000)
    np.testing.assert_array_equal(first[1], blocks[0].astype(np.float32))
    np.testing.assert_array_equal(second[1], np.array([0, 1, -1, 0.5], np.float32))
    assert one.present
    assert one.overflows == 2
    assert one.heard_to == pytest.approx(now + 0.01 + 4 / 16_000)
    assert one.take() == []


def test_a_source_says_why_it_has_no_sound(source: tuple[SourceProcess, socket.socket]) -> None:
    one, line = source
    line.sendall(
        told({"problem": asdict(errors.to_failure(errors.MicrophoneUnknown("Headset"))), "refused": True})
    )
    line.close()
    one.receive()
    assert one.problem == errors.MicrophoneUnknown("Headset")
    assert one.refused
    assert not one.present
    assert one._gone


def test_a_source_that_stays_away_is_tried_again_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[float] = []
    now = 100.0

    def start(one: SourceProcess, at: float) -> None:
        started.append(at)
        one._started = at
        one.restart(at)

    monkeypatch.setattr(SourceProcess, "_start", start)
    one = SourceProcess(Channel.MICROPHONE, "", cast(Doors, None))
    while now < 200.0:
        one.check(now)
        now += 0.25
    pauses = np.diff(started)
    assert set(pauses[:10]) == {1.5}
    assert set(pauses[-10:]) == {5.0}


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x07" * 100,
        sources.HEADER.pack(sources.SOUND, 0.0, 48_000, 0, 2**32 - 1),
        sound(1e12, np.zeros(9)),
        sound(float("nan"), np.zeros(9)),
        sound(time.monotonic(), np.zeros(9), rate=3),
        sound(time.monotonic(), np.zeros(9), rate=0),
        sources.HEADER.pack(sources.SOUND, 0.0, 48_000, 0, 3) + b"abc",
        sources.HEADER.pack(sources.TOLD, 0.0, 0, 0, 3) + b"abc",
        told([]),
        told({"problem": 3}),
    ],
    ids=[
        "kind",
        "endless",
        "future",
        "no time",
        "slow",
        "still",
        "odd",
        "words",
        "list",
        "number",
    ],
)
def test_a_source_that_sends_nonsense_is_dropped(
    source: tuple[SourceProcess, socket.socket], nonsense: bytes
) -> None:
    one, line = source
    line.sendall(nonsense)
    one.receive()
    assert one._line is None
    assert one.take() == []
    assert line.recv(1) == b""


def test_a_source_that_floods_is_dropped(source: tuple[SourceProcess, socket.socket]) -> None:
    one, line = source
    line.setblocking(False)
    message = memoryview(sound(time.monotonic(), np.zeros(48_000)))
    sent = 0
    while one._line is not None and sent < 100 * len(message):
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            sent += line.send(message[sent % len(message) :])
        if one._line is not None:
            one.receive()
    assert one._line is None
    assert len(one.take()) <= FLOOD + 1


def test_only_the_newest_process_of_a_source_is_listened_to(
    source: tuple[SourceProcess, socket.socket],
) -> None:
    one, _line = source
    newest, doors = one._line, one._doors
    doors.expect("old", one)
    doors.expect("new", one)
    with processes.connected(doors.address, 5) as old:
        doors.serve(1.0, lambda _: {})
        old.sendall(b'{"key": "old"}\n')
        doors.serve(1.0, lambda _: {})
        assert one._line is newest
        assert old.recv(1) == b""
