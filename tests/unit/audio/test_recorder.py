from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from core import errors
from core.audio import recorder
from core.audio.recorder import Recorder, _Doors


def test_levels_are_decibels_of_each_channel() -> None:
    time = np.arange(48_000) / 48_000
    full = np.sin(2 * np.pi * 1000 * time)
    blocks = [np.stack([full, full / 10, 0 * full, 4 * full], 1).astype(np.float32)] * 2
    assert recorder.levels(blocks) == ((-3.0, 0.0), (-23.0, -20.0), (-90.0, -90.0), (0.0, 0.0))


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
    assert recorder.run(["recorder", "too", "few"]) == 1
    assert "ValueError" in json.loads(capsys.readouterr().out)["trace"]


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
    door = recorder._connected(invitation["address"])
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
    door = recorder._connected(invitation["address"])
    doors.serve(1.0, lambda _: {})
    door.sendall(json.dumps({"key": invitation["key"], "do": "state"}).encode() + b"\n")
    doors.serve(1.0, lambda _: {"ended": False})
    doors.close({"ended": True})
    with door, door.makefile("rb") as lines:
        assert [json.loads(line)["ended"] for line in lines] == [False, True]
