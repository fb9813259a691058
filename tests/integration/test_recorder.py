"""The recorder with real sound, real processes and real kills."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from core import errors, locks
from core.audio import devices, processes, recorder, recording
from core.audio.recorder import Recorder, RecorderState
from core.values import Channel, Devices, Failure, Microphone, SourceState, Trouble
from tests.conftest import until
from tests.microphone import VirtualMicrophone

RATE = recording.RATE
MICROPHONE = (Channel.MICROPHONE,)
BOTH = (Channel.MICROPHONE, Channel.SYSTEM)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.ogg"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "a.record"


@contextlib.contextmanager
def started(path: Path, lock: Path, channels: tuple[Channel, ...], **options: Any) -> Iterator[Recorder]:
    recording = Recorder.start(path, lock, channels, **options)
    try:
        yield recording
    finally:
        with contextlib.suppress(errors.RecorderDied):
            recording.stop()


@pytest.fixture
def running(microphone: VirtualMicrophone, path: Path, lock: Path) -> Iterator[Recorder]:
    with started(path, lock, MICROPHONE) as one:
        yield one


@pytest.fixture
def both(microphone: VirtualMicrophone, path: Path, lock: Path) -> Iterator[Recorder]:
    with started(path, lock, BOTH) as one:
        yield one


def patched(monkeypatch: pytest.MonkeyPatch, patch: str) -> None:
    """Lets the recorder's process run `patch`, in which `session` is its module, before it records."""
    plain = processes.command
    code = (
        f"import sys\nfrom core.audio import recorder, session\n{patch}\nsys.exit(recorder.run(sys.argv[1:]))"
    )

    def command(*arguments: str) -> list[str]:
        if arguments[0] == "recorder":
            return [sys.executable, "-c", code, *arguments[1:]]
        return plain(*arguments)

    monkeypatch.setattr(processes, "command", command)


def process_of(path: Path) -> psutil.Process:
    return psutil.Process(json.loads(recorder.session_file(path).read_bytes())["pid"])


def source_processes(path: Path) -> list[psutil.Process]:
    """The processes of the sources, in the order of the channels."""
    found = []
    for child in process_of(path).children():
        with contextlib.suppress(
            psutil.NoSuchProcess
        ):  # it ends meanwhile; one that nobody has waited for yet counts as such
            if "source" in child.cmdline():
                found.append(child)
    return sorted(found, key=lambda child: child.pid)


def source(running: Recorder, channel: Channel = Channel.MICROPHONE) -> SourceState:
    return next(one for one in running.state().sources if one.channel is channel)


def heard_again(running: Recorder, channel: Channel = Channel.MICROPHONE) -> bool:
    return source(running, channel).peak > -10


def tone(frequency: float, seconds: float) -> NDArray[np.float32]:
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def heard(path: Path, channel: int = 0) -> NDArray[np.float32]:
    frames: list[NDArray[Any]] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            piece = frame.to_ndarray()
            count = frame.layout.nb_channels
            frames.append(piece if frame.format.is_planar else piece.reshape(-1, count).T)
    sound: NDArray[np.float32] = np.concatenate(frames, axis=1)[channel]
    return sound


def loud(frequency: float, sound: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where `frequency` is the loudest thing in `sound`, in steps of 50 ms."""
    step = RATE // 20
    steps = sound[: len(sound) // step * step].reshape(-1, step)
    pitch = np.argmax(abs(np.fft.rfft(steps * np.hanning(step))), axis=1) * 20
    found: NDArray[np.bool_] = (np.sqrt(np.mean(steps**2, axis=1)) > 0.1) & (abs(pitch - frequency) <= 20)
    return found


def seconds_of(frequency: float, sound: NDArray[np.float32]) -> float:
    return float(np.sum(loud(frequency, sound))) / 20


def nothing_is_left(path: Path, lock: Path) -> bool:
    return not recorder.session_file(path).exists() and not locks.is_held(lock)


def end_of(running: Recorder) -> RecorderState:
    until(lambda: running.state().ended, 5)
    return running.state()


# --- what is heard -------------------------------------------------------------------------------


def test_what_is_played_is_recorded(
    microphone: VirtualMicrophone, running: Recorder, path: Path, lock: Path
) -> None:
    assert locks.is_held(lock)
    assert recording.seconds(path) > 0
    if sys.platform != "win32":
        assert recorder.session_file(path).stat().st_mode & 0o077 == 0
    sound = microphone.begin(tone(440, 2.0))
    until(lambda: source(running).rms > -9.7, 3)
    state = running.state()
    assert state.sources[0].rms == pytest.approx(-9.0, abs=0.7)
    assert state.sources[0].peak == pytest.approx(-6.0, abs=0.7)
    assert state.sources[0].device == "Monitor of Meeting"
    sound.wait(timeout=10)
    state = running.state()
    assert 0 <= state.unsaved <= 1.3 < 1.5 < state.elapsed
    length = running.stop().elapsed
    assert length >= state.elapsed
    assert running.state().ended
    assert running.state().problem is None
    assert recording.seconds(path) == length == pytest.approx(len(heard(path)) / RATE, abs=1 / RATE)
    assert seconds_of(440, heard(path)) == pytest.approx(2.0, abs=0.15)
    assert running.state().gaps == 0
    assert nothing_is_left(path, lock)


def test_both_sources_have_a_channel_each_and_are_aligned(
    microphone: VirtualMicrophone, both: Recorder, path: Path
) -> None:
    sounds = microphone.begin(tone(440, 1.0)), microphone.begin(tone(1320, 1.0), sink="system")
    for sound in sounds:
        sound.wait(timeout=10)
    click = np.zeros(RATE // 2, np.float32)
    click[RATE // 4 : RATE // 4 + 480] = tone(3000, 0.01)
    # One stream heard by both, so that the same click reaches both at the same moment.
    with microphone.combined("meeting", "system") as sink:
        microphone.play(click, sink=sink)
        time.sleep(0.2)
    assert both.stop().gaps == 0
    me, others = heard(path, 0), heard(path, 1)
    assert seconds_of(440, me) == pytest.approx(1.0, abs=0.15)
    assert seconds_of(1320, others) == pytest.approx(1.0, abs=0.15)
    assert seconds_of(1320, me) == seconds_of(440, others) == 0
    clicks = [len(one) - int(np.argmax(abs(one[::-1]) > 0.2)) for one in (me, others)]
    assert abs(clicks[0] - clicks[1]) / RATE < 0.05


def test_only_what_the_machine_plays(microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    with started(path, lock, (Channel.SYSTEM,)) as running:
        assert source(running, Channel.SYSTEM).device == "System"
        microphone.play(tone(880, 1.0), sink="system")
        microphone.play(tone(440, 0.5))
    assert seconds_of(880, heard(path)) == pytest.approx(1.0, abs=0.15)
    assert seconds_of(440, heard(path)) == 0


def test_a_muted_microphone_is_told_and_the_others_are_recorded(
    microphone: VirtualMicrophone, path: Path, lock: Path
) -> None:
    microphone.mute()
    with started(path, lock, BOTH) as running:
        sounds = microphone.begin(tone(440, 7.0)), microphone.begin(tone(880, 1.0), sink="system")
        until(lambda: source(running).trouble is Trouble.MUTED, 8)
        assert source(running, Channel.SYSTEM).trouble is None
        microphone.mute(muted=False)
        until(lambda: heard_again(running), 3)
        sounds[0].terminate()
    assert seconds_of(880, heard(path, 1)) == pytest.approx(1.0, abs=0.15)
    assert seconds_of(440, heard(path, 0)) < 3


def test_what_is_said_while_paused_is_left_out(
    microphone: VirtualMicrophone, both: Recorder, path: Path
) -> None:
    microphone.play(tone(440, 0.7))
    both.pause()
    paused = both.state()
    microphone.play(tone(880, 0.7))
    assert both.state().paused
    assert both.state().elapsed == pytest.approx(paused.elapsed, abs=0.3)
    both.resume()
    microphone.play(tone(1320, 0.7))
    both.stop()
    assert seconds_of(440, heard(path)) == pytest.approx(0.7, abs=0.2)
    assert seconds_of(880, heard(path)) < 0.2
    assert seconds_of(1320, heard(path)) == pytest.approx(0.7, abs=0.2)


def test_a_recording_is_continued(microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    with started(path, lock, MICROPHONE) as running:
        microphone.play(tone(440, 0.5))
        first = running.stop().elapsed
    before = path.read_bytes()
    with pytest.raises(errors.MicrophoneUnknown):
        Recorder.start(path, lock, MICROPHONE, microphone="Nobody's", append=True)
    assert path.read_bytes() == before
    with started(path, lock, MICROPHONE, append=True) as running:
        assert running.state().elapsed > first
        microphone.play(tone(880, 0.5))
        second = running.stop().elapsed
    assert recording.seconds(path) == second == pytest.approx(len(heard(path)) / RATE, abs=0.03)
    assert second > first + 0.5
    assert seconds_of(440, heard(path)) == pytest.approx(0.5, abs=0.1)
    assert seconds_of(880, heard(path)[int(first * RATE) :]) == pytest.approx(0.5, abs=0.1)


# --- doors ---------------------------------------------------------------------------------------


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


def test_strangers_and_second_recorders_are_sent_away(running: Recorder, path: Path, lock: Path) -> None:
    session = json.loads(recorder.session_file(path).read_bytes())
    for request in (b'{"key": "guess", "do": "stop"}\n', b"[]\n", b"\xff\xfe\n", b"x" * 3000):
        with processes.connected(session["address"], 5) as stranger:
            stranger.sendall(request)
            assert stranger.recv(100) == b""
    with pytest.raises(errors.MeetingBusy):
        Recorder.start(path.with_name("b.ogg"), lock, MICROPHONE)
    with pytest.raises(errors.NameTaken):
        Recorder.start(path, path.with_name("other.record"), MICROPHONE)
    assert not path.with_name("b.ogg").exists()
    assert not running.state().ended


def test_ended_politely_it_keeps_everything(running: Recorder, path: Path, lock: Path) -> None:
    until(lambda: running.state().elapsed > 0.5, 5)
    process = process_of(path)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert not running.state().ended
    process.terminate()
    assert end_of(running).problem is None
    assert recording.seconds(path) == running.stop().elapsed > 0.5
    assert nothing_is_left(path, lock)


STARTER = """
import json, pathlib, sys, time
from core.audio.recorder import Recorder
path, lock = map(pathlib.Path, sys.argv[1:3])
running = Recorder.start(path, lock, ["microphone"], window=json.loads(sys.argv[3]))
print("recording", flush=True)
time.sleep(60)
"""

WINDOW = """
import os, pathlib, sys, time
from core.audio.recorder import WINDOW_AGAIN, Recorder
with Recorder.attach(pathlib.Path(sys.argv[1])) as running:
    pathlib.Path(sys.argv[2]).write_text(os.environ[WINDOW_AGAIN])
    while not running.state().ended:
        time.sleep(0.05)
"""


def let_go(running: Recorder) -> subprocess.Popen[bytes]:
    """Closes the only door; the recorder's process."""
    running.close()
    assert running._process is not None
    return running._process


def killed_starter(path: Path, lock: Path, window: list[str]) -> None:
    """Starts a recording from a process of its own, and kills that."""
    arguments = [sys.executable, "-c", STARTER, str(path), str(lock), json.dumps(window)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path.cwd()) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"recording\n"
        starter.kill()


def test_it_never_records_unseen(microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    killed_starter(path, lock, [])
    until(lambda: not locks.is_held(lock), 2.2)
    # Nobody heard of its end: the next start is told.
    assert recorder.channels_of(path) == MICROPHONE
    with pytest.raises(errors.RecorderDied):
        Recorder.attach(path)
    whole = path.read_bytes()
    assert recording.repair(path) > 0.5
    assert path.read_bytes() == whole


def test_a_window_that_died_is_started_again_and_attaches(
    microphone: VirtualMicrophone, path: Path, lock: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    killed_starter(path, lock, [sys.executable, "-c", WINDOW, str(path), str(again)])
    microphone.play(tone(440, 2.5))
    until(lambda: again.exists() and again.read_text(), 3)
    assert again.read_text() == "1"
    with Recorder.attach(path) as running:
        assert running.state().elapsed > 2.5
        running.stop()
    assert seconds_of(440, heard(path)) == pytest.approx(2.5, abs=0.15)
    assert nothing_is_left(path, lock)


def test_a_window_that_does_not_come_ends_the_recording(
    microphone: VirtualMicrophone, path: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patched(monkeypatch, "session.WINDOW_WITHIN = 1.0")
    called = tmp_path / "called"
    with let_go(Recorder.start(path, lock, MICROPHONE, window=["touch", str(called)])) as process:
        until(called.exists, 3)
        assert locks.is_held(lock)
        until(lambda: process.poll() is not None, 3)
    assert not locks.is_held(lock)
    assert recorder.channels_of(path) == MICROPHONE
    assert recording.seconds(path) > 2


def test_a_window_that_dies_again_and_again_is_left_alone(
    microphone: VirtualMicrophone, path: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patched(monkeypatch, "session.ALONE_AFTER = 0.1")
    calls = tmp_path / "calls"
    code = f"{WINDOW.partition('    path')[0]}    running.state(); open(sys.argv[2], 'a').write('x')\n"
    window = [sys.executable, "-c", code, str(path), str(calls)]
    with let_go(Recorder.start(path, lock, MICROPHONE, window=window)) as process:
        until(lambda: process.poll() is not None, 10)
    assert calls.read_text() == "xxx"


# --- whatever happens ----------------------------------------------------------------------------


def sweep(seconds: float) -> NDArray[np.float32]:
    """A tone that rises by 200 Hz a second, so that any piece of it tells its time."""
    at = np.arange(int(seconds * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * (400 * at + 100 * at**2))).astype(np.float32)


def time_of(sound: NDArray[np.float32]) -> float:
    """At which second of `sweep` a sound ends."""
    last = sound[-4800:] * np.hanning(4800)
    return float((np.argmax(abs(np.fft.rfft(last, 96_000))) / 2 - 400) / 200 + 0.05)


@pytest.mark.parametrize("after", [0.93, 1.41, 2.27])
def test_a_killed_recorder_loses_less_than_a_second(
    microphone: VirtualMicrophone, both: Recorder, path: Path, lock: Path, after: float
) -> None:
    witness = path.with_suffix(".raw")
    with microphone.witness(witness):
        microphone.begin(sweep(5.0))
        time.sleep(after)
        process = process_of(path)
        sources = source_processes(path)
        delivered = time_of(np.frombuffer(witness.read_bytes(), "<i2").astype(np.float32))
        process.kill()
    process.wait(timeout=5)
    with pytest.raises(errors.RecorderDied):
        both.state()
    with pytest.raises(errors.RecorderDied):
        both.stop()
    assert not locks.is_held(lock)
    recording.repair(path)
    assert after - 0.6 < delivered < after + 0.1
    assert delivered - time_of(heard(path)) <= 1.0
    psutil.wait_procs(sources, timeout=3)
    assert not any(one.is_running() for one in sources)
    recorder.clear(path)
    assert [file.name for file in path.parent.iterdir() if file.name.startswith("a.ogg")] == ["a.ogg"]


def test_an_unplugged_microphone_is_waited_for(
    microphone: VirtualMicrophone, both: Recorder, path: Path
) -> None:
    began = time.monotonic() - both.state().elapsed
    microphone.play(tone(440, 1.0))
    microphone.unplug()
    away = time.monotonic()
    until(lambda: source(both).trouble is Trouble.LOST, 4)
    assert source(both).device == "Monitor of Meeting"
    microphone.play(tone(1320, 1.0), sink="system")
    microphone.plug()
    back = time.monotonic()
    sound = microphone.begin(tone(880, 10.0))
    until(lambda: heard_again(both), 5)
    found = time.monotonic()
    time.sleep(0.7)
    sound.terminate()
    ended = time.monotonic()
    until(lambda: source(both).trouble is None, 4)
    state = both.stop()
    assert state.gaps >= 1
    assert state.problem is None
    assert state.elapsed == pytest.approx(time.monotonic() - began, abs=0.7)
    me, others = heard(path, 0), heard(path, 1)
    assert seconds_of(440, me) == pytest.approx(1.0, abs=0.15)
    assert seconds_of(1320, others) == pytest.approx(1.0, abs=0.15)
    quiet = me[int((away - began + 0.3) * RATE) : int((back - began) * RATE)]
    assert np.max(abs(quiet)) < 0.01
    first, last = np.flatnonzero(loud(880, me))[[0, -1]] / 20
    assert back - began - 0.1 < first < found - began + 0.1
    assert last == pytest.approx(ended - began, abs=0.3)


def test_each_source_keeps_its_device_when_the_default_changes(
    microphone: VirtualMicrophone, both: Recorder, path: Path
) -> None:
    microphone.play(tone(440, 0.5))
    microphone.begin(tone(1320, 20.0), sink="system")
    until(lambda: heard_again(both, Channel.SYSTEM), 5)
    # The sound server takes the next best source for the default one, and then the microphone is back.
    microphone.unplug()
    until(lambda: source(both).trouble is Trouble.LOST, 4)
    microphone.plug()
    microphone.begin(tone(440, 20.0))
    until(lambda: heard_again(both), 6)
    time.sleep(1.0)
    both.stop()
    me, others = heard(path, 0), heard(path, 1)
    assert seconds_of(1320, me) == seconds_of(440, others) == 0
    assert seconds_of(440, me[-RATE:]) > 0.7
    assert seconds_of(1320, others[-RATE:]) > 0.7


def test_a_chosen_microphone_gives_way_to_the_default_one_and_comes_back(
    microphone: VirtualMicrophone, path: Path, lock: Path
) -> None:
    microphone.connect("headset")
    found = devices.devices()
    assert [one.name for one in found.microphones] == ["Monitor of Meeting", "HEADSET"]
    assert [one.is_default for one in found.microphones] == [True, False]
    with started(path, lock, MICROPHONE, microphone="HEADSET") as running:
        microphone.play(tone(1320, 0.5), sink="headset")
        microphone.remove("headset")
        until(lambda: source(running).trouble is Trouble.LOST, 4)
        assert source(running).device == "HEADSET"
        until(lambda: source(running).device == "Monitor of Meeting", 9)
        microphone.begin(tone(440, 10.0))
        until(lambda: heard_again(running), 3)
        microphone.connect("headset")
        microphone.begin(tone(880, 10.0), sink="headset")
        until(lambda: source(running).device == "HEADSET" and heard_again(running), 6)
        time.sleep(0.5)
    sound = heard(path)
    assert seconds_of(1320, sound) == pytest.approx(0.5, abs=0.15)
    assert seconds_of(440, sound) > 0.3
    assert seconds_of(880, sound) > 0.3


def test_another_output_is_followed(microphone: VirtualMicrophone, both: Recorder, path: Path) -> None:
    microphone.play(tone(880, 0.5), sink="system")
    microphone.add("speakers")
    microphone.prefer(sink="speakers")
    microphone.begin(tone(1320, 10.0), sink="speakers")
    until(lambda: source(both, Channel.SYSTEM).device == "Speakers", 4)
    until(lambda: heard_again(both, Channel.SYSTEM), 2)
    time.sleep(0.5)
    both.stop()
    assert seconds_of(880, heard(path, 1)) == pytest.approx(0.5, abs=0.15)
    assert seconds_of(1320, heard(path, 1)) > 0.3


def test_a_killed_source_is_started_again_and_the_other_goes_on(
    microphone: VirtualMicrophone, both: Recorder, path: Path
) -> None:
    sound = microphone.begin(tone(440, 10.0))
    microphone.begin(tone(880, 10.0), sink="system")
    until(lambda: heard_again(both) and heard_again(both, Channel.SYSTEM), 3)
    source_processes(path)[0].kill()
    killed = time.monotonic()
    until(lambda: source(both).trouble is Trouble.LOST, 1)
    until(lambda: heard_again(both), 4)
    assert time.monotonic() - killed < 3
    time.sleep(0.5)
    microphone.hush()
    time.sleep(0.3)
    state = both.stop()
    assert sound.returncode is not None
    assert state.gaps == 1
    whole = loud(880, heard(path, 1))
    first, last = np.flatnonzero(whole)[[0, -1]]
    assert np.all(whole[first + 1 : last])


def test_a_sound_server_that_dies_is_waited_for(
    microphone: VirtualMicrophone, both: Recorder, path: Path
) -> None:
    microphone.play(tone(440, 0.5))
    microphone.crash()
    until(lambda: all(one.trouble is Trouble.LOST for one in both.state().sources), 5)
    before = both.state().elapsed
    time.sleep(0.5)
    assert both.state().elapsed > before + 0.3
    microphone.reset(plugged=True)
    microphone.begin(tone(880, 10.0))
    until(lambda: heard_again(both), 6)
    until(lambda: source(both, Channel.SYSTEM).trouble is None, 6)
    both.stop()
    assert seconds_of(440, heard(path)) == pytest.approx(0.5, abs=0.15)
    assert seconds_of(880, heard(path)) > 0.3


def test_a_recorder_that_is_held_up_loses_nothing(
    microphone: VirtualMicrophone, both: Recorder, path: Path
) -> None:
    microphone.begin(tone(440, 4.0))
    until(lambda: heard_again(both), 2)
    process = process_of(path)
    process.suspend()
    time.sleep(3.0)
    process.resume()
    time.sleep(1.5)
    state = both.stop()
    assert state.gaps == 0
    assert all(one.trouble is None for one in state.sources)
    assert seconds_of(440, heard(path)) == pytest.approx(4.0, abs=0.15)


def test_a_machine_that_slept_leaves_no_hole(
    microphone: VirtualMicrophone, path: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = tmp_path / "slept"
    patched(monkeypatch, f"import os; session._asleep = lambda: 600.0 * os.path.exists({str(slept)!r})")
    with started(path, lock, BOTH) as running:
        microphone.play(tone(440, 0.5))
        before = source_processes(path)
        slept.touch()
        until(lambda: not set(before) & set(source_processes(path)), 3)
        microphone.begin(tone(880, 10.0))
        until(lambda: heard_again(running), 4)
        assert running.stop().elapsed < 10
    assert seconds_of(440, heard(path)) == pytest.approx(0.5, abs=0.15)


def test_a_full_disk_ends_the_recording_and_keeps_it(
    microphone: VirtualMicrophone, running: Recorder, path: Path, lock: Path
) -> None:
    process = process_of(path)
    room = path.stat().st_size + 8_000
    process.rlimit(psutil.RLIMIT_FSIZE, (room, room))
    microphone.play(np.random.default_rng(1).normal(0, 0.2, RATE * 2).astype(np.float32))
    full = Failure("DiskFull", {"path": str(path), "needed": 0, "free": 0})  # the disk itself has room
    assert end_of(running).problem == full
    assert recording.seconds(path) == running.stop().elapsed > 0.5
    assert path.stat().st_size <= room
    assert nothing_is_left(path, lock)


def test_the_room_on_the_disk_is_told_and_its_end_is_clean(
    microphone: VirtualMicrophone, path: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = tmp_path / "free"
    patched(
        monkeypatch,
        "from types import SimpleNamespace\n"
        f"session.shutil.disk_usage = lambda _: SimpleNamespace(free=int(open({str(free)!r}).read()))",
    )
    free.write_text("52_000_000")
    with pytest.raises(errors.DiskFull):
        Recorder.start(path, lock, BOTH)
    assert not path.exists()
    assert nothing_is_left(path, lock)
    free.write_text("60_000_000")
    with started(path, lock, BOTH) as running:
        room = running.state().room
        assert room is not None
        assert 500 < room < 620
        free.write_text("900_000_000")
        until(lambda: running.state().room is None, 3)
        free.write_text("49_000_000")
        told = {"path": str(path), "needed": 50_000_000, "free": 49_000_000}
        assert end_of(running).problem == Failure("DiskFull", told)
        assert recording.seconds(path) == running.stop().elapsed > 0.5


# --- what there is -------------------------------------------------------------------------------


def test_without_a_microphone(no_microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    assert devices.devices() == Devices((), "System")
    with pytest.raises(errors.NoMicrophone):
        Recorder.start(path, lock, MICROPHONE)
    assert not path.exists()
    assert nothing_is_left(path, lock)
    with started(path, lock, BOTH) as running:
        assert source(running).trouble is Trouble.LOST
        no_microphone.plug()
        no_microphone.begin(tone(440, 10.0))
        until(lambda: heard_again(running), 5)
    assert devices.devices() == Devices((Microphone("Monitor of Meeting", is_default=True),), "System")


def test_a_microphone_nobody_knows(microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    with pytest.raises(errors.MicrophoneUnknown) as caught:
        Recorder.start(path, lock, MICROPHONE, microphone="Nobody's microphone")
    assert caught.value.device == "Nobody's microphone"
    assert not path.exists()


def test_a_folder_that_cannot_be_written(microphone: VirtualMicrophone, path: Path, lock: Path) -> None:
    with pytest.raises(errors.FolderNotWritable):
        Recorder.start(path.parent / "missing" / "a.ogg", lock, MICROPHONE)
