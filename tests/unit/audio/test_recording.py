from __future__ import annotations

import random
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from core import errors
from core.audio import recording
from core.audio.recording import RATE, RecordingWriter

ONE_PAGE = recording.PAGE_DURATION / 1e6
ONE_PACKET = 0.02


def tones(seconds: float, rate: int, *frequencies: float) -> NDArray[np.float32]:
    """One sine per channel, shape (frames, channels)."""
    time = np.arange(round(seconds * rate)) / rate
    return np.stack([0.5 * np.sin(2 * np.pi * f * time) for f in frequencies], 1).astype(np.float32)


def record(path: Path, sound: NDArray[np.float32], rate: int, block: int = 1024) -> None:
    writer = RecordingWriter(path, sound.shape[1], rate)
    for start in range(0, len(sound), block):
        writer.write(sound[start : start + block])
    writer.close()


def decoded(path: Path) -> NDArray[np.float32]:
    """What a player hears: shape (frames, channels), 48 kHz."""
    with av.open(str(path)) as container:
        frames: list[NDArray[Any]] = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(frames, axis=1).T


def loudness_at(sound: NDArray[np.float32], frequency: float) -> float:
    """The amplitude of one frequency in one channel, in dB below full scale."""
    window = np.hanning(len(sound))
    turning = np.exp(-2j * np.pi * frequency * np.arange(len(sound)) / RATE)
    amplitude = 2 * abs(np.sum(sound * window * turning)) / window.sum()
    return float(20 * np.log10(max(amplitude, 1e-9)))


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("block", [1, 441, 5000])
def test_no_frame_is_lost_or_added(tmp_path: Path, rate: int, block: int) -> None:
    frames = rate // 3 + 7 if block == 1 else 3 * rate + 7
    record(tmp_path / "a.ogg", np.zeros((frames, 1), np.float32), rate, block)
    assert abs(len(decoded(tmp_path / "a.ogg")) - frames * RATE / rate) < 1
    assert abs(recording.seconds(tmp_path / "a.ogg") - frames / rate) < 1 / RATE


def test_resampling_does_not_drift(tmp_path: Path) -> None:
    click = np.zeros((44_100 * 120, 1), np.float32)
    places = [1.0, 60.0, 119.0]
    for place in places:
        click[round(place * 44_100), 0] = 1.0
    record(tmp_path / "a.ogg", click, 44_100)
    heard = abs(decoded(tmp_path / "a.ogg")[:, 0])
    for place in places:
        near = round((place - 0.5) * RATE)
        assert abs((near + np.argmax(heard[near : near + RATE])) / RATE - place) < 0.0005


def test_channels_do_not_leak_into_each_other(tmp_path: Path) -> None:
    sound = tones(3, RATE, 440.0, 1000.0)
    record(tmp_path / "a.ogg", sound, RATE)
    heard = decoded(tmp_path / "a.ogg")[RATE // 2 : -RATE // 2]
    own, other = 20 * np.log10(0.5), -70.0
    assert loudness_at(heard[:, 0], 440.0) == pytest.approx(own, abs=0.5)
    assert loudness_at(heard[:, 1], 1000.0) == pytest.approx(own, abs=0.5)
    assert loudness_at(heard[:, 0], 1000.0) < other
    assert loudness_at(heard[:, 1], 440.0) < other


def test_more_than_two_channels(tmp_path: Path) -> None:
    record(tmp_path / "a.ogg", tones(1, RATE, 300.0, 600.0, 900.0), RATE)
    heard = decoded(tmp_path / "a.ogg")
    assert heard.shape == (RATE, 3)
    assert [round(np.argmax(abs(np.fft.rfft(heard[:, i])))) for i in range(3)] == [300, 600, 900]


def test_an_hour_of_speech_like_noise_stays_small(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (RATE * 20, 1)).astype(np.float32)
    record(tmp_path / "a.ogg", noise, RATE)
    assert (tmp_path / "a.ogg").stat().st_size * 180 < 70e6


def test_the_file_is_private_and_never_replaced(tmp_path: Path) -> None:
    record(tmp_path / "a.ogg", np.zeros((RATE, 1), np.float32), RATE)
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "a.ogg").stat().st_mode) == 0o600
    with pytest.raises(errors.NameTaken):
        RecordingWriter(tmp_path / "a.ogg", 1, RATE)
    assert recording.seconds(tmp_path / "a.ogg") == 1.0


def test_a_growing_file_is_at_most_a_quarter_of_a_second_behind(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.ogg", 1, 44_100)
    sound = tones(6, 44_100, 440.0)
    for start in range(0, len(sound), 882):
        writer.write(sound[start : start + 882])
        assert writer.written - recording.seconds(tmp_path / "a.ogg") <= 0.25
    assert writer.synced == 0.0
    writer.sync()
    assert writer.synced == recording.seconds(tmp_path / "a.ogg") >= 5.75
    shutil.copy(tmp_path / "a.ogg", tmp_path / "copy.ogg")
    assert len(decoded(tmp_path / "copy.ogg")) >= 5.75 * RATE
    writer.close()
    assert writer.synced == pytest.approx(writer.written, abs=1 / RATE) == 6.0


def test_a_file_cut_at_any_byte_is_repaired(tmp_path: Path) -> None:
    record(tmp_path / "whole.ogg", tones(12, RATE, 440.0), RATE)
    whole = (tmp_path / "whole.ogg").read_bytes()
    chosen = random.Random(7)
    cuts = [0, 1, 30, 60, 150, *(chosen.randrange(len(whole)) for _ in range(195))]
    for cut in cuts:
        path = tmp_path / "cut.ogg"
        path.write_bytes(whole[:cut])
        reached = recording.seconds(path)
        assert recording.repair(path) == reached == recording.seconds(path)
        mended = path.read_bytes()
        assert recording.repair(path) == reached
        assert path.read_bytes() == mended
        if reached:
            assert len(decoded(path)) == round(reached * RATE)
        # Bits per second are steady in a tone, so the place of the cut tells how much was written.
        assert reached > 12 * cut / len(whole) - 2 * ONE_PAGE - ONE_PACKET


@pytest.mark.parametrize("tail", [bytes(300_000), b"OggS" + bytes(50), b"OggS\x00\x00" * 1000, b"\xff" * 9])
def test_what_a_power_cut_left_at_the_end_is_cut_off(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "a.ogg"
    record(path, tones(2, RATE, 440.0), RATE)
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    assert recording.seconds(path) == 2.0
    assert recording.repair(path) == 2.0
    assert path.read_bytes() == whole


def test_a_closed_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, tones(2, RATE, 440.0, 700.0), RATE)
    before, changed = path.read_bytes(), path.stat().st_mtime_ns
    assert recording.repair(path) == 2.0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, changed)


def test_other_files_are_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"OggS is how a page begins")
    assert recording.repair(path) == 0.0
    assert path.read_bytes() == b"OggS is how a page begins"
    with pytest.raises(errors.MissingFile):
        recording.repair(tmp_path / "missing.ogg")


def test_a_recording_without_sound_is_valid(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.ogg", 1, RATE)
    writer.write(np.zeros((0, 1), np.float32))
    writer.close()
    writer.close()
    assert recording.repair(tmp_path / "a.ogg") == 0.0


FILL_THE_DISK = """
import pathlib, resource, sys
import numpy as np
from core import errors
from core.audio.recording import RecordingWriter

limit, path = int(sys.argv[1]), pathlib.Path(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
noise = np.random.default_rng(1).normal(0, 0.1, (960, 1)).astype(np.float32)
try:
    writer = RecordingWriter(path, 1, 48000)
except errors.DiskFull:
    sys.exit(10 + path.exists())
try:
    while True:
        writer.write(noise)
except errors.DiskFull as problem:
    assert problem.path == str(path)
    writer.close()
    print(writer.written, writer.synced)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes, which Windows has not")
def test_a_full_disk_keeps_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    run = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, "30001", str(path)], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    written, synced = map(float, run.stdout.split())
    assert recording.seconds(path) == recording.repair(path) == synced
    assert len(decoded(path)) == round(synced * RATE)
    assert 0 < written - synced < 0.5
    assert path.stat().st_size <= 30_001


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes, which Windows has not")
def test_a_disk_full_from_the_start_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    run = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, "20", str(path)], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (10, "")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(errors.FolderNotWritable):
        RecordingWriter(tmp_path / "missing" / "a.ogg", 1, RATE)


def test_memory_stays_flat(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.ogg", 1, 44_100)
    block = np.zeros((44_100, 1), np.float32)
    for _ in range(60):
        writer.write(block)
    before = psutil.Process().memory_info().rss
    for _ in range(600):
        writer.write(block)
    writer.close()
    assert psutil.Process().memory_info().rss - before < 4e6
