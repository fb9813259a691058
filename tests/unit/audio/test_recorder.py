from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from core import errors
from core.audio import devices, processes, recorder, session, sources, watch
from core.audio.recorder import Recorder, RecorderState
from core.audio.session import _Before, _Doors, _Session, _Source
from core.values import Channel, Devices, Failure, SourceState, Trouble


def test_the_program_starts_itself_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processes.command("recorder", "a b") == [sys.executable, "-m", "core", "recorder", "a b"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert processes.command("recorder", "a b") == [sys.executable, "recorder", "a b"]


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
    assert type(processes.failure_in(output)) is kind


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
    door = processes.connected(invitation["address"], 5)
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
    door = processes.connected(invitation["address"], 5)
    doors.serve(1.0, lambda _: {})
    door.sendall(json.dumps({"key": invitation["key"], "do": "state"}).encode() + b"\n")
    doors.serve(1.0, lambda _: {"ended": False})
    doors.close({"ended": True})
    with door, door.makefile("rb") as lines:
        assert [json.loads(line)["ended"] for line in lines] == [False, True]


def asks(doors: _Doors, door: socket.socket, what: str, key: str = "") -> bytes:
    """What a door is answered."""
    door.sendall(json.dumps({"key": key or doors._key, "do": what}).encode() + b"\n")
    doors.serve(1.0, lambda what: {"did": what})
    return door.recv(100)


@contextlib.contextmanager
def connected(doors: _Doors) -> Iterator[socket.socket]:
    with processes.connected(doors.address, 5) as door:
        doors.serve(1.0, lambda _: {})
        yield door


@pytest.fixture
def doors() -> Iterator[_Doors]:
    one = _Doors()
    yield one
    one.close(None)


def test_only_who_asks_for_the_state_shows_it(doors: _Doors) -> None:
    doors.invitation()
    with connected(doors) as visitor, connected(doors) as door:
        for what in ("attach", "pause", "stop"):
            assert json.loads(asks(doors, visitor, what)) == {"did": what}
        assert doors.count == 0
        asks(doors, door, "state")
        asks(doors, door, "pause")
        assert doors.count == 1
        asks(doors, visitor, "state")
        assert doors.count == 2


def test_a_door_that_asks_no_more_is_gone_until_it_asks_again(doors: _Doors) -> None:
    with connected(doors) as door:
        asks(doors, door, "state")
        doors._served += session.ASKED_WITHIN - 5
        assert doors.count == 1
        doors._served += 10
        assert doors.count == 0
        assert doors.alone_for() > session.ASKED_WITHIN
        asks(doors, door, "state")
        assert doors.alone_for() == 0


def test_no_door_is_gone_because_the_recorder_was_held_up(
    doors: _Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(doors) as door:
        asks(doors, door, "state")
        long, clock = 2 * session.ASKED_WITHIN, time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: clock() + long)
        assert doors.count == 1  # it may have asked meanwhile
        doors.serve(0.0, lambda _: {})
        doors.forgive(time.monotonic(), long)
        assert doors.count == 1


@pytest.mark.parametrize("sent", [b"[" * 4000 + b"\n", b'{"key": "\\ud800", "do": 3}\n', b"{}\n"])
def test_what_a_stranger_sends_ends_its_own_connection_only(doors: _Doors, sent: bytes) -> None:
    with connected(doors) as stranger, connected(doors) as door:
        stranger.sendall(sent)
        for _ in range(3):
            doors.serve(0.1, lambda _: {})
        assert stranger.recv(1) == b""
        assert asks(doors, door, "state")


def test_who_gives_no_key_is_sent_away(doors: _Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "KEY_WITHIN", 0.1)
    with connected(doors) as stranger, connected(doors) as door:
        asks(doors, door, "attach")
        time.sleep(0.2)
        doors.serve(0.0, lambda _: {})
        assert stranger.recv(1) == b""
        assert asks(doors, door, "state")


# --- a recorder that is held up ------------------------------------------------------------------


@contextlib.contextmanager
def held_up(tmp_path: Path, *answers: bytes | float) -> Iterator[tuple[Recorder, subprocess.Popen[bytes]]]:
    """A recorder that we started, and its process; it gives `answers`, with so many seconds before them."""
    doors = _Doors()
    recorder.session_file(tmp_path / "a.ogg").write_text(json.dumps(doors.invitation()))

    def answer() -> None:
        doors._listener.setblocking(True)
        connection, _ = doors._listener.accept()
        with connection:
            for one in answers:
                if isinstance(one, float):
                    time.sleep(one)
                else:
                    connection.sendall(one)

    thread = threading.Thread(target=answer)
    thread.start()
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=subprocess.PIPE)
    try:
        with process, Recorder(tmp_path / "a.ogg", process) as one:
            yield one, process
            process.kill()
    finally:
        process.kill()
        thread.join()
        doors.close(None)


STATE = json.dumps(asdict(RecorderState(1.0, 0.0, ()))).encode() + b"\n"


def test_a_recorder_that_is_held_up_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "ATTACHED_WITHIN", 0.2)
    monkeypatch.setattr(recorder, "GONE_WITHIN", 0.1)
    with held_up(tmp_path, 0.5, STATE) as (one, process):
        assert one.state().elapsed == 1.0
        # It lets go of this door, but lives.
        with pytest.raises(errors.RecorderDied):
            one.state()
        assert process.poll() is None


def test_a_recorder_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "STOPPED_WITHIN", 0.1)
    monkeypatch.setattr(recorder, "GONE_WITHIN", 0.1)
    with held_up(tmp_path, 0.3) as (one, process):
        with pytest.raises(errors.RecorderDied):
            one.stop()
        assert process.poll() is not None


# --- its end -------------------------------------------------------------------------------------


class Sound:
    """A writer's and a timeline's place in a session whose file does not matter."""

    written = synced = 1.0
    gaps = 0

    def close(self) -> None:
        pass

    def write(self, sound: object) -> None:
        pass

    def take(self, now: float) -> list[float]:
        return [now]


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[_Session]:
    """A recording that was announced."""
    one = _Session(tmp_path / "a.ogg", [], "", [sys.executable, "-c", "raise SystemExit(3)"], append=False)
    one._announced = True
    one._writer = one._timeline = Sound()  # type: ignore[assignment]
    one._begin_watch()
    recorder.session_file(tmp_path / "a.ogg").write_text(
        json.dumps({**one._doors.invitation(), "channels": ["system"]})
    )
    yield one
    for child in one._children:
        child.wait()


@pytest.mark.parametrize("shown", [True, False])
def test_where_nobody_hears_of_its_end_the_next_start_is_told(
    recording: _Session, tmp_path: Path, shown: bool
) -> None:
    with connected(recording._doors) as door:
        asks(recording._doors, door, "state" if shown else "stop")
        recording.end()
    recording._doors.close(None)
    path = tmp_path / "a.ogg"
    assert recorder.session_file(path).exists() is not shown
    assert recorder.channels_of(path) == (() if shown else (Channel.SYSTEM,))
    with pytest.raises(errors.RecorderDied):
        Recorder.attach(path)


def test_a_window_that_fails_is_not_waited_for(recording: _Session) -> None:
    recording._doors.alone_since = time.monotonic() - 10
    until = time.monotonic() + 10
    while not recording._asked_to_stop and time.monotonic() < until:
        recording._doors.serve(0.01, lambda _: {})
        recording._look_for_doors()
    assert recording._asked_to_stop
    assert len(recording._windows) == session.WINDOWS
    recording._doors.close(None)


def test_a_fault_in_the_judge_ends_nothing(recording: _Session, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []

    def hear(self: object, *_: object) -> None:
        heard.append(self)
        raise IndexError

    monkeypatch.setattr(watch.Watch, "hear", hear)
    recording._paused = True
    with capture_logs() as logs:
        for _ in range(3):
            recording._judge(Channel.SYSTEM, 0.0, np.zeros(9, np.float32), 48_000)
    assert [one["event"] for one in logs] == ["watch_broke"]
    assert len(set(map(id, heard))) == 3
    assert recording._watch.silent(1e6) == 0
    recording._doors.close(None)


def test_missing_sound_is_logged(recording: _Session) -> None:
    with capture_logs() as logs:
        for gaps in (0, 1, 1, 3):
            recording._timeline.gaps = gaps
            recording._write(1.0)
        recording.end()
    assert [(one["event"], one["gaps"]) for one in logs] == [
        ("sound_missing", 1),
        ("sound_missing", 3),
        ("recording_ended", 3),
    ]
    recording._doors.close(None)


def test_devices_are_read_whatever_a_library_printed_before(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = (
        'print(\'ALSA lib: noise\'); print(\'{"microphones": [], "system": "Speakers", "system_hint": ""}\')'
    )
    monkeypatch.setattr(processes, "command", lambda *_: [sys.executable, "-c", printed])
    assert devices.devices() == Devices((), "Speakers")


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
    with processes.connected(doors.address, 5) as old:
        doors.serve(1.0, lambda _: {})
        old.sendall(b'{"key": "old"}\n')
        doors.serve(1.0, lambda _: {})
        assert one._line is None
        assert old.recv(1) == b""
    doors.close(None)
