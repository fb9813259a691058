"""Sound put together from stretches of files: at its places, of every kind, and told when the disk is full."""

from __future__ import annotations

import errno
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from core.audio import media, recording
from core.audio.recording import RATE, RecordingWriter
from core.audio.splice import Stretch, splice
from tests.conftest import finished
from tests.sound_files import Sound, make


def scale(rate: int = 16_000) -> Sound:
    """Twenty seconds, each of another tone."""
    at = np.arange(rate) / rate
    return np.concatenate(
        [0.3 * np.sin(2 * np.pi * (300 + 100 * second) * at) for second in range(20)]
    ).astype(np.float32)


def heard(path: Path, second: float) -> int:
    """Which of those seconds is heard at a place."""
    begin = int(second * 16_000)
    piece = np.concatenate(list(media.blocks(path)))[begin : begin + 8_000]
    return round((np.argmax(np.abs(np.fft.rfft(piece))) * 2 - 300) / 100)


@pytest.mark.parametrize(
    ("name", "codec", "container", "ending"),
    [
        ("a.ogg", "libopus", "ogg", ".ogg"),
        ("a.opus", "libopus", "ogg", ".opus"),
        ("a.mp3", "libmp3lame", "mp3", ".mp3"),
        ("a.m4a", "aac", "ipod", ".m4a"),
        ("a.wav", "pcm_s16le", "wav", ".wav"),
        ("a.flac", "flac", "flac", ".mka"),
        ("a.mka", "libopus", "matroska", ".mka"),
        ("a.aac", "aac", "adts", ".mka"),
        ("a.audio", "pcm_s16be", "aiff", ".mka"),
    ],
)
def test_a_passage_is_left_out(name: str, codec: str, container: str, ending: str, tmp_path: Path) -> None:
    left_out(tmp_path, 5.0, 11.0, name, codec, container, ending)


@pytest.mark.parametrize(("begin", "end"), [(0.0, 6.0), (14.0, 20.1)])
def test_the_beginning_or_the_end_is_left_out(begin: float, end: float, tmp_path: Path) -> None:
    left_out(tmp_path, begin, end)


def left_out(
    tmp_path: Path,
    begin: float,
    end: float,
    name: str = "a.ogg",
    codec: str = "libopus",
    container: str = "ogg",
    ending: str = ".ogg",
) -> None:
    path = make(tmp_path / name, codec, scale(48_000), rate=48_000, container=container)
    length = media.measure(path)
    target = tmp_path / "target"
    parts = [Stretch(path, 0.0, begin), Stretch(path, end, length)]
    found, ((first, left), (right, last)) = finished(splice(parts, target))
    assert found == ending
    assert first == 0.0
    assert left == pytest.approx(begin, abs=0.06)
    assert right == pytest.approx(end, abs=0.06)
    whole = left + last - right
    assert media.measure(target) == pytest.approx(whole, abs=0.05)  # raw AAC is measured by its bits
    assert sum(map(len, media.blocks(target))) / 16_000 == pytest.approx(whole, abs=0.11)
    if begin > 1:
        assert heard(target, begin - 0.7) == int(begin) - 1
    if end < 20:
        assert heard(target, left + 0.2) == int(end)
        assert heard(target, whole - 0.9) == 19
    assert target.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_copied_is_encoded_anew(tmp_path: Path) -> None:
    one = make(tmp_path / "a.ogg", "libopus", scale(48_000), rate=48_000)
    other = make(tmp_path / "b.mp3", "libmp3lame", scale(44_100), rate=44_100)
    target = tmp_path / "target"
    ending, spans = finished(splice([Stretch(one, 0.0, 3.0), Stretch(other, 8.0, 10.0)], target))
    assert (ending, spans) == (".opus", ((0.0, 3.0), (8.0, 10.0)))
    assert media.measure(target) == pytest.approx(5.0, abs=0.05)
    assert (heard(target, 2.2), heard(target, 3.3)) == (2, 8)


def record(path: Path, seconds: float, left: float, right: float, *, append: bool = False) -> None:
    """A recording of two channels, each with its tone."""
    at = np.arange(round(seconds * RATE)) / RATE
    both = np.stack([0.3 * np.sin(2 * np.pi * one * at) for one in (left, right)], 1).astype(np.float32)
    writer = RecordingWriter(path, 2, append=append)
    writer.write(both)
    writer.close()


def test_a_recording_keeps_its_channels_and_can_go_on(tmp_path: Path) -> None:
    path, target = tmp_path / "a.ogg", tmp_path / "target.ogg"
    record(path, 10.0, 400, 800)
    finished(splice([Stretch(path, 0.0, 3.0), Stretch(path, 5.0, media.measure(path))], target, 2))
    record(target, 4.0, 600, 1200, append=True)
    assert recording.repair(target) == pytest.approx(12.0, abs=0.1)
    sound = np.concatenate(list(media.blocks(target, channels=2)))
    assert len(sound) / media.SAMPLE_RATE == pytest.approx(12.0, abs=0.1)
    for second, wanted in ((1, (400, 800)), (4, (400, 800)), (10, (600, 1200))):
        piece = sound[second * media.SAMPLE_RATE :][: media.SAMPLE_RATE]
        found = tuple(int(np.argmax(np.abs(np.fft.rfft(piece[:, one])))) for one in (0, 1))
        assert found == pytest.approx(wanted, abs=2)


FULL = """
import resource, sys
from pathlib import Path
from core.audio.splice import Stretch, splice
path, target = Path(sys.argv[1]), Path(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
try:
    list(splice([Stretch(path, 0.0, 5.0), Stretch(path, 9.0, 20.0)], target))
except OSError as error:
    print("OSError", error.errno)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
@pytest.mark.parametrize(
    ("name", "codec"), [("a.wav", "pcm_s16le"), ("a.ogg", "libopus"), ("a.flac", "flac")]
)
def test_a_full_disk_is_an_error_of_the_system(name: str, codec: str, tmp_path: Path) -> None:
    path = make(tmp_path / name, codec, scale(48_000), rate=48_000)
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(tmp_path / "target")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == f"OSError {errno.EFBIG}\n", run.stderr


def test_a_long_sound_is_never_whole_in_memory(tmp_path: Path) -> None:
    path = make(tmp_path / "a.flac", "flac", np.tile(scale(8_000), 15), rate=8_000)
    tracemalloc.start()
    try:
        finished(splice([Stretch(path, 0.0, 100.0), Stretch(path, 150.0, 300.0)], tmp_path / "target"))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert media.measure(tmp_path / "target") == pytest.approx(250.0, abs=2.0)
    assert peak < 2_000_000
