"""The recorder with real sound, real processes and real kills."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from core import errors, locks
from core.audio import devices, recorder, recording
from core.audio.recorder import Recorder
from core.values import Failure
from tests.microphone import VirtualMicrophone

RATE = recording.RATE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.ogg"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "a.record"


@pytest.fixture
def running(microphone: VirtualMicrophone, path: Path, lock: Path) -> Iterator[Recorder]:
    started = Recorder.start(path, lock)
    yield started
    with contextlib.suppress(errors.RecorderDied):
        started.stop()


def process_of(path: Path) -> psutil.Process:
    return psutil.Process(json.loads(recorder.session_file(path).read_bytes())["pid"])


def until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def tone(frequency: float, seconds: float) -> NDArray[np.float32]:
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def heard(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as container:
        frames: list[NDArray[Any]] = [frame.to_ndarray() for frame in container.decode(audio=0)]
    sound: NDArray[np.float32] = np.concatenate(frames, axis=1)[0]
    return sound


def seconds_of(frequency: float, sound: NDArray[np.float32]) -> float:
    """For how long `frequency` is the loudest thing in `sound`, in steps of 50 ms."""
    step = RATE // 20
    count = 0
    for start in range(0, len(sound) - step, step):
        spectrum = abs(np.fft.rfft(sound[start : start + step] * np.hanning(step)))
        loud = np.sqrt(np.mean(sound[start : start + step] ** 2)) > 0.1
        count += bool(loud and abs(np.argmax(spectrum) * 20 - frequency) <= 20)
    return count / 20


def nothing_is_left(path: Path, lock: Path) -> bool:
    return not recorder.session_file(path).exists() and not locks.is_held(lock)


def test_what_is_played_is_recorded(
    microphone: VirtualMicrophone, running: Recorder, path: Path, lock: Path
) -> None:
    assert locks.is_held(lock)
    if sys.platform != "win32":
        assert recorder.session_file(path).stat().st_mode & 0o077 == 0
    sound = microphone.begin(tone(440, 2.0))
    until(lambda: running.state().levels[0][1] > -7, 3)
    state = running.state()
    rms, peak = state.levels[0]
    assert rms == pytest.approx(-9.0, abs=0.7)
    assert peak == pytest.approx(-6.0, abs=0.7)
    sound.wait(timeout=10)
    state = running.state()
    assert 0 <= state.unsaved < 1.5 < state.elapsed
    length = running.stop().elapsed
    assert length >= state.elapsed
    assert running.state().ended
    assert running.state().problem is None
    assert recording.seconds(path) == length == pytest.approx(len(heard(path)) / RATE, abs=1 / RATE)
    assert seconds_of(440, heard(path)) == pytest.approx(2.0, abs=0.15)
    assert running.state().overflows == 0
    assert nothing_is_left(path, lock)


def test_what_is_said_while_paused_is_left_out(
    microphone: VirtualMicrophone, running: Recorder, path: Path
) -> None:
    microphone.play(tone(440, 0.7))
    running.pause()
    paused = running.state()
    microphone.play(tone(880, 0.7))
    assert running.state().paused
    assert running.state().elapsed == pytest.approx(paused.elapsed, abs=0.1)
    running.resume()
    microphone.play(tone(1320, 0.7))
    running.stop()
    assert seconds_of(440, heard(path)) == pytest.approx(0.7, abs=0.3)
    assert seconds_of(880, heard(path)) < 0.3
    assert seconds_of(1320, heard(path)) == pytest.approx(0.7, abs=0.3)


def test_another_door_attaches_and_stops(running: Recorder, path: Path, lock: Path) -> None:
    with Recorder.attach(path) as other:
        other.pause()
    assert running.state().paused
    with Recorder.attach(path) as other:
        other.resume()
        until(lambda: other.state().elapsed > 0.5, 5)
        length = other.stop().elapsed
    assert running.state().ended
    assert running.stop().elapsed == length
    assert nothing_is_left(path, lock)
    with pytest.raises(errors.RecorderDied):
        Recorder.attach(path)


def test_a_stranger_without_the_key_is_sent_away(running: Recorder, path: Path) -> None:
    session = json.loads(recorder.session_file(path).read_bytes())
    for request in (b'{"key": "guess", "do": "stop"}\n', b"[]\n", b"\xff\xfe\n", b"x" * 3000):
        with recorder._connected(session["address"]) as stranger:
            stranger.sendall(request)
            assert stranger.recv(100) == b""
    assert not running.state().ended


def test_two_never_record_the_same_meeting(running: Recorder, path: Path, lock: Path) -> None:
    with pytest.raises(errors.MeetingBusy):
        Recorder.start(path.with_name("b.ogg"), lock)
    with pytest.raises(errors.NameTaken):
        Recorder.start(path, path.with_name("other.record"))
    assert not path.with_name("b.ogg").exists()
    assert not running.state().ended


def test_a_killed_recorder_loses_less_than_a_second(
    microphone: VirtualMicrophone, running: Recorder, path: Path, lock: Path
) -> None:
    microphone.play(tone(440, 1.2))
    before = running.state()
    process = process_of(path)
    process.kill()
    process.wait(timeout=5)
    with pytest.raises(errors.RecorderDied):
        running.state()
    with pytest.raises(errors.RecorderDied):
        running.stop()
    assert not locks.is_held(lock)
    length = recording.repair(path)
    assert before.elapsed - length <= 0.3
    assert seconds_of(440, heard(path)) == pytest.approx(1.2, abs=0.3)
    recorder.clear(path)
    assert [file.name for file in path.parent.iterdir() if file.name.startswith("a.ogg")] == ["a.ogg"]


def test_power_loss_leaves_what_was_synced(running: Recorder, path: Path) -> None:
    until(lambda: running.state().elapsed > 2.3, 6)
    state = running.state()
    assert state.unsaved <= 1.3
    assert state.elapsed - state.unsaved >= 1.0


def test_ended_politely_it_keeps_everything(running: Recorder, path: Path, lock: Path) -> None:
    until(lambda: running.state().elapsed > 0.5, 5)
    process = process_of(path)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert not running.state().ended
    process.terminate()
    until(lambda: running.state().ended, 3)
    assert running.state().problem is None
    assert recording.seconds(path) == running.stop().elapsed > 0.5
    assert nothing_is_left(path, lock)


STARTER = """
import pathlib, sys, time
from core.audio.recorder import Recorder
running = Recorder.start(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
print("recording", flush=True)
time.sleep(60)
"""


def test_it_never_records_unseen(microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(path), str(lock)], stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    with starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"recording\n"
        process = process_of(path)
        microphone.play(tone(440, 0.5))
        starter.kill()
    until(lambda: nothing_is_left(path, lock), 2.0)
    whole = path.read_bytes()
    assert recording.repair(path) > 0.5
    assert path.read_bytes() == whole
    process.wait(timeout=5)


def test_an_unplugged_microphone_keeps_what_was_heard(
    microphone: VirtualMicrophone, running: Recorder, path: Path, lock: Path
) -> None:
    microphone.play(tone(440, 1.0))
    microphone.unplug()
    until(lambda: running.state().ended, 5)
    problem = running.state().problem
    assert problem == Failure("MicrophoneLost", {"device": "default"})
    assert recording.seconds(path) == running.stop().elapsed >= 1.0
    assert seconds_of(440, heard(path)) == pytest.approx(1.0, abs=0.3)
    assert nothing_is_left(path, lock)


def test_a_full_disk_ends_the_recording_and_keeps_it(
    microphone: VirtualMicrophone, running: Recorder, path: Path, lock: Path
) -> None:
    process = process_of(path)
    room = path.stat().st_size + 8_000
    process.rlimit(psutil.RLIMIT_FSIZE, (room, room))
    microphone.play(np.random.default_rng(1).normal(0, 0.2, RATE * 2).astype(np.float32))
    until(lambda: running.state().ended, 5)
    assert running.state().problem == Failure("DiskFull", {"path": str(path)})
    assert recording.seconds(path) == running.stop().elapsed > 0.5
    assert path.stat().st_size <= room
    assert nothing_is_left(path, lock)


def test_without_a_microphone(no_microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    with pytest.raises(errors.NoMicrophone):
        devices.microphones()
    with pytest.raises(errors.NoMicrophone):
        Recorder.start(path, lock)
    assert not path.exists()
    assert nothing_is_left(path, lock)
    no_microphone.plug()
    assert [microphone.is_default for microphone in devices.microphones()] == [True]


def test_a_chosen_microphone(microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    default = devices.microphones()[0]
    assert default.channels >= 1
    with pytest.raises(errors.MicrophoneUnknown) as caught:
        Recorder.start(path, lock, "Nobody's microphone")
    assert caught.value.device == "Nobody's microphone"
    running = Recorder.start(path, lock, default.name, channels=2)
    until(lambda: running.state().elapsed > 0.3, 5)
    assert len(running.state().levels) == 2
    running.stop()
    with av.open(str(path)) as container:
        assert container.streams.audio[0].codec_context.channels == 2


def test_a_folder_that_cannot_be_written(microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    with pytest.raises(errors.FolderNotWritable):
        Recorder.start(path.parent / "missing" / "a.ogg", lock)
