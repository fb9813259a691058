from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from core import errors
from core.audio import recorder, session, sources
from core.audio.recorder import Recorder, RecorderState
from core.audio.session import _Before, _Doors, _Source
from core.values import Channel, Failure, SourceState, Trouble


def test_the_program_starts_itself_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recorder.command("recorder", "a b") == [sys.executable, "-m", "core", "recorder", "a b"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert recorder.command("recorder", "a b") == [sys.executable, "recorder", "a b"]


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (b'noise\n{"kind": "MicrophoneUnknown", "details": {"device": "x"}}\n', errors.MicrophoneUnknown),
        (b'{"kind": "NoMicrophone", "details": {}}\n', errors.NoMicrophone),
        (b'{"trace": "Traceback \\u2026"}\n', errors.RecorderDied),
        (b"Segmentation fault\n", errors.RecorderDied),
        (b"3\n", errors.RecorderDied),
        (b"", errors.RecorderDied),
    ],
)
def test_what_an_ended_process_printed(output: bytes, kind: type[errors.Problem]) -> None:
    assert type(recorder.failure_in(output)) is kind


def test_a_recorder_that_breaks_prints_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert session.run(['{"too": "few"}']) == 1
    assert "TypeError" in json.loads(capsys.readouterr().out)["trace"]


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"address": "/nowhere/s", "key": "k"}', b"\xff"])
def test_attaching_where_nobody_records(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.ogg"
    if content is not None:
        recorder.session_file(path).write_bytes(content)
    with pytest.raises(errors.RecorderDied):
        Recorder.attach(path)
    recorder.clear(path)
    assert list(tmp_path.iterdir()) == []


def test_clearing_takes_the_socket_but_nothing_else(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.ogg", tmp_path / "private"
    path.write_bytes(b"sound")
    folder.mkdir()
    (folder / "s").touch()
    recorder.session_file(path).write_text(json.dumps({"address": str(folder / "s"), "key": "k"}))
    recorder.clear(path)
    assert list(tmp_path.iterdir()) == [path]


def test_doors_are_counted_once_they_gave_the_key() -> None:
    doors = _Doors()
    invitation = doors.invitation()
    assert doors.alone_for() < 0
    door = sources.connected(invitation["address"], 5)
    doors.serve(1.0, lambda _: {})
    assert doors.alone_for() < 0
    door.sendall(json.dumps({"key": invitation["key"], "do": "state"}).encode())
    doors.serve(1.0, lambda what: {"did": what})
    assert doors.alone_for() < 0
    door.sendall(b"\n")
    doors.serve(1.0, lambda what: {"did": what})
    assert json.loads(door.recv(100)) == {"did": "state"}
    assert doors.alone_for() == 0
    door.close()
    doors.serve(1.0, lambda _: {})
    assert doors.alone_for() > 0
    doors.close(None)
    if isinstance(invitation["address"], str):
        assert not Path(invitation["address"]).parent.exists()


def test_a_door_hears_the_end_even_when_it_did_not_ask() -> None:
    doors = _Doors()
    invitation = doors.invitation()
    door = sources.connected(invitation["address"], 5)
    doors.serve(1.0, lambda _: {})
    door.sendall(json.dumps({"key": invitation["key"], "do": "state"}).encode() + b"\n")
    doors.serve(1.0, lambda _: {"ended": False})
    doors.close({"ended": True})
    with door, door.makefile("rb") as lines:
        assert [json.loads(line)["ended"] for line in lines] == [False, True]


def test_a_state_is_read_as_it_was_told() -> None:
    state = RecorderState(
        elapsed=2.5,
        unsaved=0.5,
        sources=(
            SourceState(Channel.MICROPHONE, "Headset", -20.0, -3.0, Trouble.LOST),
            SourceState(Channel.SYSTEM, "Speakers", -90.0, -90.0),
        ),
        room=900.0,
        problem=Failure("DiskFull", {"path": "a"}),
    )
    assert RecorderState.read(json.loads(json.dumps(asdict(state)))) == state


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_recording_that_could_not_be_continued_is_as_it_was(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.ogg"
    whole = np.random.default_rng(size).bytes(size)
    path.write_bytes(whole)
    before = _Before(path)
    path.write_bytes(whole[: max(0, size - 60_000)] + b"another end, and longer" * 9000)
    before.restore()
    assert path.read_bytes() == whole


# --- what a source sends -------------------------------------------------------------------------


@pytest.fixture
def source() -> Iterator[tuple[_Source, socket.socket]]:
    """A source, and the end of its connection that its process would hold."""
    doors = _Doors()
    one = _Source(Channel.MICROPHONE, "", doors)
    one._started = time.monotonic()
    doors.expect("the key", one)
    with sources.connected(doors.address, 5) as line:
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


def test_what_a_source_sends_is_read_however_it_is_cut(source: tuple[_Source, socket.socket]) -> None:
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


def test_a_source_says_why_it_has_no_sound(source: tuple[_Source, socket.socket]) -> None:
    one, line = source
    line.sendall(told({"problem": ["MicrophoneUnknown", {"device": "Headset"}, True]}))
    line.close()
    one.receive()
    assert isinstance(one.problem, errors.MicrophoneUnknown)
    assert one.refused
    assert not one.present
    assert one._gone


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
    source: tuple[_Source, socket.socket], nonsense: bytes
) -> None:
    one, line = source
    line.sendall(nonsense)
    one.receive()
    assert one._line is None
    assert one.take() == []
    assert line.recv(1) == b""


def test_a_source_that_floods_is_dropped(source: tuple[_Source, socket.socket]) -> None:
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
    assert len(one.take()) <= session.FLOOD + 1


def test_only_the_newest_process_of_a_source_is_listened_to() -> None:
    doors = _Doors()
    one = _Source(Channel.MICROPHONE, "", doors)
    doors.expect("old", one)
    doors.expect("new", one)
    with sources.connected(doors.address, 5) as old:
        doors.serve(1.0, lambda _: {})
        old.sendall(b'{"key": "old"}\n')
        doors.serve(1.0, lambda _: {})
        assert one._line is None
        assert old.recv(1) == b""
    doors.close(None)
