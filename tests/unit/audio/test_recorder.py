from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from core import errors
from core.audio import devices, processes, recorder
from core.audio.doors import Doors
from core.audio.recorder import Recorder, RecorderState
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
    assert recorder.run(['{"too": "few"}']) == 1
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


# --- a recorder that is held up ------------------------------------------------------------------


@contextlib.contextmanager
def held_up(tmp_path: Path, *answers: bytes | float) -> Iterator[tuple[Recorder, subprocess.Popen[bytes]]]:
    """A recorder that we started, and its process; it gives `answers`, with so many seconds before them."""
    doors = Doors()
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
