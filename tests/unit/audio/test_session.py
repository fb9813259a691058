from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from core.audio import processes, recorder, session, watch
from core.audio.doors import Doors
from core.audio.session import Session
from core.values import Channel


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
def recording(tmp_path: Path) -> Iterator[Session]:
    """A recording that was announced."""
    doors = Doors()
    window = [sys.executable, "-c", "raise SystemExit(3)"]
    one = Session(tmp_path / "a.ogg", doors, [], window, append=False)
    one._announced = True
    one._writer = one._timeline = Sound()  # type: ignore[assignment]
    recorder.session_file(tmp_path / "a.ogg").write_text(
        json.dumps({**doors.invitation(), "channels": ["system"]})
    )
    yield one
    doors.close(None)
    for child in one._children:
        child.wait()


@pytest.mark.parametrize("shown", [True, False])
def test_where_nobody_hears_of_its_end_the_next_start_is_told(
    recording: Session, tmp_path: Path, shown: bool
) -> None:
    path, doors = tmp_path / "a.ogg", recording._doors
    with processes.connected(doors.address, 5) as door:
        door.sendall(json.dumps({"key": doors._key, "do": "state" if shown else "stop"}).encode() + b"\n")
        while not doors._known:
            doors.serve(1.0, recording.answer)
        recording.end()
    assert recorder.session_file(path).exists() is not shown
    assert recorder.channels_of(path) == (() if shown else (Channel.SYSTEM,))


def test_a_window_that_fails_is_not_waited_for(recording: Session) -> None:
    recording._doors.alone_since = time.monotonic() - 10
    until = time.monotonic() + 10
    while not recording._asked_to_stop and time.monotonic() < until:
        recording._doors.serve(0.01, lambda _: {})
        recording._look_for_doors()
    assert recording._asked_to_stop
    assert len(recording._windows) == session.WINDOWS


def test_a_fault_in_the_judge_ends_nothing(recording: Session, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_missing_sound_is_logged(recording: Session) -> None:
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
