from __future__ import annotations

import contextlib
import errno
import io
import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from core import errors
from core.audio import media, ogg, recording
from core.audio.recording import PACKET, RATE, Follower, RecordingWriter
from tests.benchmarks.long_recording import speech_like

ONE_PACKET = PACKET / RATE
ONE_PAGE = recording.PAGE_PACKETS * ONE_PACKET


def tones(seconds: float, rate: int, *frequencies: float) -> NDArray[np.float32]:
    """One sine per channel, shape (frames, channels)."""
    time = np.arange(round(seconds * rate)) / rate
    return np.stack([0.5 * np.sin(2 * np.pi * f * time) for f in frequencies], 1).astype(np.float32)


def record(
    path: Path, sound: NDArray[np.float32], rate: int = RATE, block: int = 1024, *, append: bool = False
) -> None:
    writer = RecordingWriter(path, sound.shape[1], rate, append=append)
    for start in range(0, len(sound), block):
        writer.write(sound[start : start + block])
    writer.close()


def decoded(path: Path) -> NDArray[np.float32]:
    """What a player hears: shape (frames, channels), 48 kHz."""
    with av.open(str(path)) as container:
        frames: list[NDArray[Any]] = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(frames, axis=1).T


def pages_of(path: Path) -> tuple[ogg.Head, list[ogg.Page]]:
    """How a recording begins, and its pages of sound."""
    with path.open("rb") as file:
        head = ogg.head(file)
        assert head
        return head, list(ogg.pages(file, head.serial, head.sound))


def valid(path: Path) -> NDArray[np.float32]:
    """What a player hears of a file that is closed, after a look at every rule for its pages."""
    with path.open("rb") as file:
        head = ogg.head(file)
        assert head
        place = position = before = 0
        found: list[ogg.Page] = []
        for page in ogg.pages(file, head.serial, 0):
            assert (page.start, page.sequence) == (place, len(found))
            assert bool(page.flags & ogg.FIRST) == (not found)
            assert not before & ogg.LAST
            if page.start >= head.sound:
                position += ogg.duration(page)
                last = bool(page.flags & ogg.LAST)
                assert position - PACKET * last <= page.granule <= position
                assert page.granule == position or last
                assert 0 < ogg.duration(page) <= ONE_PAGE * RATE
            place, before = page.end, page.flags
            found.append(page)
        assert before & ogg.LAST
        assert place == path.stat().st_size
    sound = decoded(path)
    assert len(sound) == max(0, found[-1].granule - head.pre_skip) == round(recording.seconds(path) * RATE)
    return sound


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


@pytest.mark.parametrize("place", [3, 40, 130])
@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("killed", [False, True])
def test_damaged_headers_are_written_anew(tmp_path: Path, place: int, channels: int, killed: bool) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(2, channels))
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[min(place, pages_of(path)[0].sound - 1)] ^= 1
    path.write_bytes(damaged + b"OggS torn" * killed)
    assert recording.repair(path) == 2.0
    assert path.read_bytes() == whole


def test_of_more_than_a_beginning_it_never_says_that_nothing_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, np.zeros((RATE // 10, 1), np.float32))
    silence = path.read_bytes()
    record(tmp_path / "b.ogg", speech_like(2, 1))
    sound = (tmp_path / "b.ogg").read_bytes()
    for content in (bytes(60) + sound[70:], sound[60:], bytes(4096) + sound[4096:], silence[60:] + silence):
        path.write_bytes(content)
        assert len(content) > recording.BEGINNING
        with contextlib.suppress(errors.DamagedMedia):
            assert recording.repair(path) == 2.0
            assert len(decoded(path)) == 2 * RATE
            continue
        assert path.read_bytes() == content
    for channels in (1, 8):
        path.unlink()
        RecordingWriter(path, channels).close()
        assert path.stat().st_size <= recording.BEGINNING
        assert recording.repair(path) == 0.0


@pytest.mark.parametrize("what", [recording.seconds, recording.repair, Follower])
def test_a_disk_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: Callable[[Path], object]
) -> None:
    folder, path = tmp_path / "folder.ogg", tmp_path / "a.ogg"
    folder.mkdir()
    with pytest.raises(errors.DamagedMedia):
        what(folder)
    record(path, speech_like(1, 1))

    def failing(*_: object) -> bytes:
        raise OSError(errno.EIO, "bad sector")

    monkeypatch.setattr(ogg, "_read", failing)
    with pytest.raises(errors.DamagedMedia):
        what(path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fcntl, which Windows has not")
@pytest.mark.parametrize("known", [True, False])
def test_on_a_mac_the_drive_itself_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    import fcntl

    flushed: list[int] = []
    synced: list[int] = []

    def flush(descriptor: int, what: int) -> None:
        flushed.append(what)
        if not known:
            raise OSError(errno.ENOTSUP, "a file system that does not know it")

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", flush)
    monkeypatch.setattr(os, "fsync", synced.append)
    writer = RecordingWriter(tmp_path / "a.ogg", 1)
    assert flushed == [51]  # its name
    writer.write(speech_like(1, 1))
    writer.sync()
    writer.close()
    assert len(flushed) == 3
    recording.repair(tmp_path / "a.ogg")
    assert len(flushed) == 3
    with (tmp_path / "a.ogg").open("ab") as file:
        file.write(b"torn")
    recording.repair(tmp_path / "a.ogg")
    assert flushed == [51] * 4
    assert len(synced) == (0 if known else 4)


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


def test_a_packet_for_which_a_page_has_no_room_begins_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "PAGE_PACKETS", 100)
    record(tmp_path / "a.ogg", speech_like(2, 7))
    assert decoded(tmp_path / "a.ogg").shape == (2 * RATE, 7)
    pages = [len(page.packets) for page in pages_of(tmp_path / "a.ogg")[1]]
    assert sum(pages) == 101
    assert all(30 < packets < 60 for packets in pages[:-1])


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("frames", [1, 648, 649, 1608, 9288, 9289, 96_000])
def test_every_page_is_as_the_standard_wants_it(tmp_path: Path, frames: int, channels: int) -> None:
    record(tmp_path / "a.ogg", speech_like(3, channels)[:frames], block=700)
    assert len(valid(tmp_path / "a.ogg")) == frames


# --- going on ------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_a_recording_goes_on_in_the_same_stream(tmp_path: Path, channels: int, rate: int) -> None:
    path = tmp_path / "a.ogg"
    sound = speech_like(9, channels, rate)
    record(path, sound[: round(1.2345 * rate)], rate)
    for begin, end in ((1.2345, 1.3), (1.3, 1.305), (1.305, 4.0), (4.0, 8.5)):
        before, heard = recording.seconds(path), valid(path)
        writer = RecordingWriter(path, channels, rate, append=True)
        assert 0.022 < writer.written - before < 0.043
        assert writer.synced == before
        at = round(writer.written * RATE)
        added = sound[round(begin * rate) : round(end * rate)]
        for start in range(0, len(added), 777):
            writer.write(added[start : start + 777])
        writer.close()
        assert writer.synced == pytest.approx(writer.written, abs=1 / RATE)
        after = valid(path)
        assert abs(len(after) - at - len(added) * RATE / rate) < 1
        assert np.array_equal(after[: len(heard)], heard)


def test_what_is_added_is_heard_at_its_second(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(2.345, 2))
    click = np.zeros((2 * RATE, 2), np.float32)
    click[RATE, 1] = 1.0
    writer = RecordingWriter(path, 2, append=True)
    at = writer.written
    writer.write(click)
    writer.close()
    heard = abs(valid(path))
    after = round((at + 0.1) * RATE)
    assert (after + np.argmax(heard[after:, 1])) / RATE == pytest.approx(at + 1, abs=0.0002)
    assert heard[after + RATE // 10 :, 0].max() < 0.001


@pytest.mark.parametrize("channels", [1, 2])
def test_at_a_joint_neither_side_is_heard_in_the_other(tmp_path: Path, channels: int) -> None:
    old = np.repeat(tones(1.5, RATE, 440.0), channels, axis=1)
    new = (speech_like(2, channels, seed=2) * 0.02).astype(np.float32)
    record(tmp_path / "a.ogg", old)
    writer = RecordingWriter(tmp_path / "a.ogg", channels, append=True)
    at = round(writer.written * RATE)
    writer.write(new)
    writer.close()
    record(tmp_path / "alone.ogg", np.concatenate([np.zeros((768, channels), np.float32), new]))
    heard = valid(tmp_path / "a.ogg")
    assert 0.022 < at / RATE - 1.5 < 0.043
    assert abs(heard[len(old) + RATE // 100 : at]).max() < 0.01
    assert np.allclose(heard[at:], valid(tmp_path / "alone.ogg")[768:], atol=1e-4)


def test_a_file_that_goes_on_without_sound_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(1.1, 2))
    before = path.read_bytes()
    writer = RecordingWriter(path, 2, append=True)
    writer.sync()
    writer.close()
    assert path.read_bytes() == before
    assert writer.synced == pytest.approx(1.1)


@pytest.mark.parametrize("seconds", [0.01, 3.0])
def test_what_was_added_is_taken_back(tmp_path: Path, seconds: float) -> None:
    old, new = tmp_path / "old.ogg", tmp_path / "new.ogg"
    record(old, speech_like(1.1, 2))
    RecordingWriter(tmp_path / "empty.ogg", 2).close()
    for path in (old, tmp_path / "empty.ogg"):
        before = path.read_bytes()
        writer = RecordingWriter(path, 2, append=True)
        writer.write(speech_like(seconds, 2, seed=2))
        writer.discard()
        assert path.read_bytes() == before
    writer = RecordingWriter(new, 2)
    writer.write(speech_like(seconds, 2))
    writer.discard()
    writer.close()
    assert not new.exists()
    new.write_bytes(old.read_bytes()[:50])
    writer = RecordingWriter(new, 2, append=True)
    writer.write(speech_like(seconds, 2))
    writer.discard()
    assert recording.repair(new) == 0.0


def test_only_a_recording_with_as_many_channels_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(1, 2))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="2 channels in the recording, 1"):
        RecordingWriter(path, 1, append=True)
    assert path.read_bytes() == before
    with pytest.raises(errors.MissingFile):
        RecordingWriter(tmp_path / "missing.ogg", 1, append=True)
    other = tmp_path / "notes.txt"
    for content in (b"OggS is how a page begins" * 50, b"notes"):
        other.write_bytes(content)
        with pytest.raises(errors.DamagedMedia):
            RecordingWriter(other, 1, append=True)
        assert other.read_bytes() == content


def test_a_file_cut_within_its_headers_begins_again(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(1, 1))
    whole, sound = path.read_bytes(), pages_of(path)[0].sound
    for cut in (0, 2, 30, sound - 1, sound):
        path.write_bytes(whole[:cut])
        record(path, speech_like(0.5, 1), append=True)
        assert len(valid(path)) == RATE // 2


class Watched(io.FileIO):
    """A file that keeps what is in it after every change."""

    states: list[bytes]

    def write(self, content: Any) -> int:
        count = super().write(content)
        self.states.append(Path(str(self.name)).read_bytes())
        return count

    def truncate(self, size: int | None = None) -> int:
        size = super().truncate(size)
        self.states.append(Path(str(self.name)).read_bytes())
        return size


@pytest.mark.parametrize("ended", ["closed", "killed", "torn"])
def test_a_kill_while_it_goes_on_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(1.43, 2))
    if ended != "closed":  # its last page torn, or cut right behind a page
        last = pages_of(path)[1][-1]
        path.write_bytes(path.read_bytes()[: last.start + 100 * (ended == "torn")])
    before = recording.seconds(path)
    shutil.copy(path, tmp_path / "old.ogg")
    recording.repair(tmp_path / "old.ogg")
    heard = valid(tmp_path / "old.ogg")

    Watched.states = [path.read_bytes()]
    monkeypatch.setattr(recording, "_opened", lambda path, mode: Watched(path, mode))
    record(path, speech_like(0.9, 2, seed=2), append=True)
    monkeypatch.undo()

    chosen = random.Random(11)
    states = Watched.states
    for old, new in pairwise(list(states)):
        if len(new) > len(old) and new.startswith(old):  # what was added may have come in part
            states += [new[: chosen.randrange(len(old), len(new))] for _ in range(8)]
    assert len(states) > 40
    killed = tmp_path / "killed.ogg"
    for state in states:
        killed.write_bytes(state)
        assert recording.seconds(killed) >= before
        assert recording.repair(killed) >= before
        assert np.array_equal(valid(killed)[: len(heard)], heard)


def test_what_was_synced_outlasts_a_power_cut(tmp_path: Path) -> None:
    path, left = tmp_path / "a.ogg", tmp_path / "left.ogg"
    chosen = random.Random(13)
    sound = speech_like(8, 2)
    record(path, sound[: 2 * RATE - 7])
    for _ in range(3):
        marked = path.read_bytes()
        writer = RecordingWriter(path, 2, append=True)
        synced, size = writer.synced, path.stat().st_size
        place = 0
        while place < 2 * RATE:
            block = chosen.randrange(100, 3000)
            writer.write(sound[place : place + block])
            place += block
            if chosen.random() < 0.2:
                writer.sync()
                synced, size = writer.synced, path.stat().st_size
                assert writer.written - synced <= 0.25
            if chosen.random() < 0.7:
                continue
            now = path.read_bytes()
            # The change of the old last page reached the disk, or did not as long as nothing was synced.
            for content in (now[:size], marked) if size == len(marked) else (now[:size],):
                left.write_bytes(content + chosen.randbytes(chosen.choice([0, 10, 5000])))
                assert recording.repair(left) == pytest.approx(synced, abs=2 * ONE_PACKET)
                assert recording.repair(left) >= synced
                assert len(valid(left)) >= round(synced * RATE)
        writer.close()
        valid(path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes, which Windows has not")
def test_a_disk_that_fills_up_while_it_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(2, 1))
    heard = valid(path)
    program = FILL_THE_DISK.replace(
        "RecordingWriter(path, 1, 48000)", "RecordingWriter(path, 1, append=True)"
    )
    for more in (1, 5000):
        run = subprocess.run(
            [sys.executable, "-c", program, str(path.stat().st_size + more), str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, run.stderr) == (0, "")
        _written, synced = map(float, run.stdout.split())
        assert recording.seconds(path) == synced >= 2
        assert np.array_equal(valid(path)[: len(heard)], heard)


def test_the_end_of_a_long_file_is_found_without_reading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four hours, nearly all of it a hole that takes no space: it must not be looked at."""
    path = tmp_path / "a.ogg"
    record(path, speech_like(3, 2))
    whole, sound = path.read_bytes(), pages_of(path)[0].sound
    with path.open("r+b") as long:
        long.truncate(sound)
        long.seek(4 * 3600 * 16_000)
        long.write(whole[sound:] + b"torn")
    read = 0
    plain = ogg._read

    def counted(file: Any, start: int, count: int) -> bytes:
        nonlocal read
        found = plain(file, start, count)
        read += len(found)
        return found

    monkeypatch.setattr(ogg, "_read", counted)
    assert recording.seconds(path) == pytest.approx(3)
    assert recording.repair(path) == pytest.approx(3)
    assert read < 100_000
    monkeypatch.undo()
    assert path.read_bytes()[-1000:] == whole[-1000:]


# --- reading along -------------------------------------------------------------------------------


def of_closed_file(path: Path, channels: int) -> NDArray[np.float32]:
    """All but the last millisecond, for which who reads along waits."""
    blocks = [block.reshape(-1, channels) for block in media.blocks(path, channels=channels)]
    return np.concatenate([np.zeros((0, channels), np.float32), *blocks])[:-16]


def read_all(follower: Follower) -> NDArray[np.float32]:
    pieces = [follower.read()]
    while len(pieces[-1]):
        pieces.append(follower.read())
    return np.concatenate(pieces)


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_who_reads_along_hears_what_is_in_the_file(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "a.ogg"
    chosen = random.Random(channels)
    sound = speech_like(7.7, channels, 44_100)
    writer = RecordingWriter(path, channels, 44_100)
    heard = []
    with Follower(path) as follower:
        place = 0
        while place < len(sound):
            block = chosen.randrange(1, 5000)
            writer.write(sound[place : place + block])
            place += block
            if chosen.random() < 0.3:
                heard.append(follower.read())
                there = sum(map(len, heard)) / 16_000
                assert recording.seconds(path) - 0.0025 < there <= recording.seconds(path)
                assert follower.read().shape == (0, channels)
        writer.close()
        heard.append(follower.read())
        assert follower.read().shape == (0, channels)
    assert sum(map(len, heard)) == pytest.approx(7.7 * 16_000 - 16, abs=1)
    assert len(heard) > 20
    assert all(piece.dtype == np.float32 for piece in heard)
    assert np.array_equal(np.concatenate(heard), of_closed_file(path, channels))


@pytest.mark.parametrize("start", [0.0, 0.0001, 0.5, 1.0, 1.9999, 3.14159, 5.0, 6.99, 7.0, 8.0])
def test_it_may_begin_anywhere(tmp_path: Path, start: float) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(7.0, 2))
    with Follower(path, start) as follower:
        heard = read_all(follower)
    expected = of_closed_file(path, 2)[round(start * 16_000) :]
    assert heard.shape == expected.shape
    assert np.allclose(heard, expected, atol=1e-3)


def test_a_start_that_is_still_to_come_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    sound = speech_like(4, 1)
    writer = RecordingWriter(path, 1)
    writer.write(sound[:RATE])
    with Follower(path, 2.5) as follower:
        assert not len(follower.read())
        writer.write(sound[RATE:])
        writer.close()
        assert np.array_equal(read_all(follower), of_closed_file(path, 1)[40_000:])


def test_a_page_is_not_read_before_it_is_whole(tmp_path: Path) -> None:
    whole = tmp_path / "whole.ogg"
    record(whole, speech_like(3, 2))
    content = whole.read_bytes()
    chosen = random.Random(17)
    growing = tmp_path / "growing.ogg"
    growing.write_bytes(content[:300])
    heard = []
    with growing.open("ab", buffering=0) as file, Follower(growing) as follower:
        place = 300
        while place < len(content):
            count = chosen.choice([1, 20, 300, 5000])
            file.write(content[place : place + count])
            place += count
            heard.append(follower.read())
    assert np.array_equal(np.concatenate(heard), of_closed_file(whole, 2))


@pytest.mark.parametrize("killed", [False, True])
def test_who_reads_along_goes_on_with_the_file(tmp_path: Path, killed: bool) -> None:
    path = tmp_path / "a.ogg"
    sound = speech_like(6.1, 2)
    record(path, sound[: 2 * RATE + 77])
    if killed:
        path.write_bytes(path.read_bytes()[:-700] + b"OggS" + bytes(5000))
    with Follower(path) as follower:
        heard = [read_all(follower)]
        if not killed:
            whole = of_closed_file(path, 2)
            assert len(whole) - len(heard[0]) <= 1
            assert np.array_equal(heard[0], whole[: len(heard[0])])
        for begin, end in ((2, 3.3), (3.3, 6.1)):
            record(path, sound[round(begin * RATE) : round(end * RATE)], append=True)
            heard.append(read_all(follower))
    expected = of_closed_file(path, 2)
    assert np.array_equal(np.concatenate(heard), expected)


def test_damaged_pages_are_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(5, 2))
    pages = pages_of(path)[1]
    whole = of_closed_file(path, 2)
    content = bytearray(path.read_bytes())
    content[pages[9].start + 300] ^= 1
    content[pages[15].start : pages[17].start] = bytes(pages[17].start - pages[15].start)
    path.write_bytes(content)
    with Follower(path) as follower:
        heard = read_all(follower)
    page = round(ONE_PAGE * 16_000)
    assert len(heard) == len(of_closed_file(path, 2)) == len(whole)
    for first, end in ((9, 10), (15, 17)):
        assert not heard[first * page : end * page - 200].any()
        assert np.allclose(
            heard[end * page + 12_000 :][:1000], whole[end * page + 12_000 :][:1000], atol=1e-3
        )
    assert np.array_equal(heard[: 9 * page - 200], whole[: 9 * page - 200])


def test_a_packet_that_cannot_be_decoded_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(2, 1))
    page = pages_of(path)[1][4]
    packets = list(page.packets)
    packets[3] = b"\xff\x81" + packets[3][2:]  # says one frame, and padding that is not there
    packets[3] = packets[3][:2] + b"\xff" * (len(packets[3]) - 2)
    content = bytearray(path.read_bytes())
    content[page.start : page.end] = ogg.build(
        packets, serial=page.serial, sequence=page.sequence, granule=page.granule
    )
    path.write_bytes(content)
    with Follower(path) as follower:
        heard = read_all(follower)
    assert len(heard) == 2 * 16_000 - 16
    place = round((4 * ONE_PAGE + 3.5 * ONE_PACKET) * 16_000)
    assert abs(heard[place - 50 : place + 50]).max() < 1e-6


def test_a_long_stretch_comes_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    record(path, speech_like(25, 1))
    with Follower(path) as follower:
        pieces = [len(follower.read()) / 16_000 for _ in range(4)]
    assert sum(pieces) == pytest.approx(24.999)
    assert pieces[:2] == [pytest.approx(recording.READ_AT_MOST, abs=ONE_PAGE)] * 2
    assert pieces[3] == 0


def test_only_a_recording_is_followed(tmp_path: Path) -> None:
    with pytest.raises(errors.MissingFile):
        Follower(tmp_path / "missing.ogg")
    (tmp_path / "notes.txt").write_bytes(b"OggS is how a page begins")
    with pytest.raises(errors.DamagedMedia):
        Follower(tmp_path / "notes.txt")


def test_reading_along_keeps_its_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    second = speech_like(1, 2)
    writer = RecordingWriter(path, 2)
    with Follower(path) as follower:
        for _ in range(30):
            writer.write(second)
            follower.read()
        before = psutil.Process().memory_info().rss
        for _ in range(100):
            writer.write(second)
            follower.read()
        assert psutil.Process().memory_info().rss - before < 4e6
    writer.close()
