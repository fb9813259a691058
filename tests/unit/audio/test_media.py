"""Files as people have them, made here with PyAV, and files that are not what their name says."""

from __future__ import annotations

import dataclasses
import errno
import os
import re
import struct
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from core import errors, paths
from core.audio import media
from core.values import Media
from tests.conftest import finished
from tests.sound_files import Sound, make, tone

SECONDS = 3.3


def heard(path: Path, start: float = 0.0) -> Sound:
    blocks = list(media.blocks(path, start))
    assert all(block.dtype == np.float32 and block.ndim == 1 for block in blocks)
    assert all(len(block) == 16_000 for block in blocks[:-1])
    return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.float32)


def pitch(sound: Sound) -> float:
    spectrum = abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum)) * 16_000 / len(sound)


def loudness(sound: Sound) -> float:
    return float(np.sqrt(np.mean(sound**2)))


def lag(one: Sound, other: Sound) -> float:
    """The seconds by which `other` is behind `one`."""
    size = 2 * max(len(one), len(other))
    likeness = np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size)), size)
    place = int(np.argmax(likeness))
    return (place if place < size // 2 else place - size) / 16_000


def keep(path: Path, found: Media, target: Path) -> float:
    """`keep_track` run to its end."""
    return float(finished(media.keep_track(path, found, target)))


# name, codec, rate, layout, tolerance in seconds: how much an encoder's frames may add
READABLE = [
    ("a.wav", "pcm_s16le", 16_000, "mono", 0.0),
    ("a8k.wav", "pcm_s16le", 8_000, "mono", 0.001),
    ("a192k.wav", "pcm_s32le", 192_000, "stereo", 0.001),
    ("float.wav", "pcm_f32le", 44_100, "stereo", 0.001),
    ("eight.wav", "pcm_s16le", 48_000, "7.1", 0.001),
    ("telephone.wav", "pcm_alaw", 8_000, "mono", 0.001),
    ("a.flac", "flac", 44_100, "stereo", 0.001),
    ("surround.flac", "flac", 48_000, "5.1", 0.001),
    ("a.mp3", "libmp3lame", 44_100, "stereo", 0.06),
    ("low.mp3", "libmp3lame", 16_000, "mono", 0.15),
    ("a.ogg", "libopus", 48_000, "mono", 0.03),
    ("a.opus", "libopus", 48_000, "stereo", 0.03),
    ("a.m4a", "aac", 44_100, "stereo", 0.06),
    ("a.mka", "libopus", 48_000, "mono", 0.03),
    ("a.aiff", "pcm_s16be", 44_100, "mono", 0.001),
    ("a.wma", "wmav2", 44_100, "stereo", 0.15),
    ("a.ac3", "ac3", 48_000, "stereo", 0.1),
]
VIDEOS = [
    ("a.mp4", "aac", 48_000, "libx264"),
    ("a.mkv", "libopus", 48_000, "libx264"),
    ("a.mkv", "pcm_s16le", 16_000, "mpeg4"),
    ("a.mov", "pcm_s16le", 44_100, "mpeg4"),
    ("a.avi", "libmp3lame", 44_100, "mpeg4"),
    ("a.ts", "aac", 48_000, "libx264"),
    ("a.webm", "libopus", 48_000, "libvpx"),
]


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout", "within"), READABLE, ids=[row[0] for row in READABLE]
)
def test_sound_files(name: str, codec: str, rate: int, layout: str, within: float, tmp_path: Path) -> None:
    path = make(tmp_path / name, codec, tone(rate=rate), rate=rate, layout=layout)
    found = media.probe(path)
    assert (found.sample_rate, found.has_video) == (rate, False)
    assert found.channels == {"mono": 1, "stereo": 2, "5.1": 6, "7.1": 8}[layout]
    assert found.duration == pytest.approx(SECONDS, abs=max(within, 0.01))

    sound = heard(path)
    assert len(sound) / 16_000 == pytest.approx(SECONDS, abs=max(within, 0.001))
    assert media.measure(path) == pytest.approx(len(sound) / 16_000, abs=0.03 + within)
    assert pitch(sound[8000:40_000]) == pytest.approx(440, abs=2)
    assert loudness(sound[32_000:44_000]) > 1.5 * loudness(sound[8000:20_000]) > 0.1
    for start in (0.5, 1.0, 2.7183):
        skipped = round(start * 16_000)
        assert np.array_equal(heard(path, start), sound[skipped:])
    assert len(heard(path, SECONDS + 1)) == 0

    kept = tmp_path / "kept"
    assert keep(path, found, kept) == pytest.approx(media.measure(path))
    assert kept.read_bytes() == path.read_bytes()
    assert media.kept_suffix(path, found) == path.suffix


@pytest.mark.parametrize(
    ("name", "codec", "rate", "pictures"), VIDEOS, ids=[f"{row[0]}-{row[1]}" for row in VIDEOS]
)
def test_videos_give_their_sound_alone(
    name: str, codec: str, rate: int, pictures: str, tmp_path: Path
) -> None:
    path = make(tmp_path / name, codec, tone(rate=rate), rate=rate, pictures=pictures)
    found = media.probe(path)
    assert found.has_video
    assert media.kept_suffix(path, found) == ".mka"
    kept = tmp_path / "kept.mka"
    duration = keep(path, found, kept)
    assert duration == pytest.approx(SECONDS, abs=0.1)
    inside = media.probe(kept)
    assert (inside.has_video, inside.codec) == (False, found.codec)
    assert kept.stat().st_mode & 0o777 == 0o600
    before, after = heard(path), heard(kept)
    assert len(after) / 16_000 == pytest.approx(SECONDS, abs=0.1)
    # Where an edit list hid the encoder's start, the copy has it: 21 ms at 48 kHz.
    assert abs(lag(before, after)) <= 0.03


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("count", [200, 4001, 16_000 * 3 + 17])
def test_the_length_is_exact_after_resampling(rate: int, count: int, tmp_path: Path) -> None:
    path = make(tmp_path / "a.wav", "pcm_s16le", tone(count / rate, rate), rate=rate)
    assert abs(len(heard(path)) - count * 16_000 / rate) <= 1


@pytest.mark.parametrize("layout", ["stereo", "2.1", "5.1", "7.1"])
def test_what_all_channels_have_is_as_loud_as_in_one(layout: str, tmp_path: Path) -> None:
    mono = heard(make(tmp_path / "mono.wav", "pcm_f32le", tone()))
    mixed = heard(make(tmp_path / "mixed.wav", "pcm_f32le", tone(), layout=layout))
    assert np.allclose(mono, mixed, atol=2e-3)


def test_many_channels_without_names_are_mixed(tmp_path: Path) -> None:
    path = tmp_path / "array.wav"
    sound = np.zeros((16_000, 6), dtype="<i2")
    sound[:, 4] = (tone(1.0) * 32_000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((6, 2, 16_000, 0, "NONE", ""))
        file.writeframes(sound.tobytes())
    mixed = heard(path)
    assert len(mixed) == 16_000
    assert pitch(mixed) == pytest.approx(440, abs=2)


def apart(path: Path, rate: int, channels: int, sound: Sound) -> Path:
    """A WAV file of `sound`, shape (frames, channels)."""
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes((sound * 32_000).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize("channels", [2, 3, 6])
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_channels_are_given_apart(channels: int, rate: int, tmp_path: Path) -> None:
    sound = np.stack([tone(rate=rate, frequency=300 * (number + 1)) for number in range(channels)], 1)
    path = apart(tmp_path / "a.wav", rate, channels, sound)
    blocks = list(media.blocks(path, channels=channels))
    assert [block.shape for block in blocks] == [(16_000, channels)] * 3 + [(4800, channels)]
    found = np.concatenate(blocks)
    assert found.dtype == np.float32
    for number in range(channels):
        assert pitch(found[8000:40_000, number]) == pytest.approx(300 * (number + 1), abs=2)
        assert np.allclose(
            found[100:-100, number], tone(frequency=300 * (number + 1))[100:-100] * 32_000 / 32_768, atol=1e-2
        )
    later = np.concatenate(list(media.blocks(path, 2.7183, channels=channels)))
    assert np.array_equal(later, found[round(2.7183 * 16_000) :])


def test_other_channels_than_there_are_cannot_be_given(tmp_path: Path) -> None:
    path = apart(tmp_path / "a.wav", 16_000, 2, np.zeros((1000, 2), np.float32))
    with pytest.raises(errors.DamagedMedia):
        next(media.blocks(path, channels=3))
    assert next(media.blocks(path)).shape == (1000,)


def test_a_file_that_was_cut_ends_early(tmp_path: Path) -> None:
    path, whole = tmp_path / "a.ogg", paths.SAMPLE.read_bytes()
    for content, early in (
        (whole, False),
        (whole + b"something", False),
        (whole[: len(whole) // 2], True),
        (whole[:-1], True),
    ):
        path.write_bytes(content)
        assert media.ends_early(path, media.probe(path), media.measure(path)) is early
    declared = dataclasses.replace(media.probe(path), container="mp4", duration=60.0)
    assert not media.ends_early(path, declared, 57.0)
    assert media.ends_early(path, declared, 50.0)


def test_a_cover_is_no_video(tmp_path: Path) -> None:
    plain = make(tmp_path / "plain.mp3", "libmp3lame", tone(rate=44_100), rate=44_100)
    cover = b"\0image/png\0\x03\0" + picture(tmp_path / "cover.png", "png", "rgb24").read_bytes()
    tag = b"APIC" + len(cover).to_bytes(4, "big") + b"\0\0" + cover
    length = bytes(len(tag) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3\x03\0\0" + length + tag + plain.read_bytes())
    with av.open(str(path)) as file:
        assert len(file.streams.video) == 1
    found = media.probe(path)
    assert not found.has_video
    assert media.kept_suffix(path, found) == ".mp3"
    assert heard(path).size == heard(plain).size


def test_when_it_was_recorded(tmp_path: Path) -> None:
    path = make(tmp_path / "a.m4a", "aac", tone(rate=44_100), rate=44_100, title="2026-03-10T09:00:00Z")
    recorded = media.probe(path).recorded_at
    assert recorded
    assert recorded.isoformat() == "2026-03-10T09:00:00+00:00"
    for nonsense in ("1904-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "yesterday", ""):
        assert media._recorded_at(nonsense) is None


# --- time ----------------------------------------------------------------------------------------


def test_a_hole_in_the_time_stamps_is_silence(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mkv", "pcm_s16le", tone(4.0), holes=((1.0, 2.5), (3.0, 0.7)), pictures="mpeg4")
    sound = heard(path)
    assert len(sound) / 16_000 == pytest.approx(7.2, abs=0.01)
    assert media.measure(path) == pytest.approx(7.2, abs=0.01)
    silent = np.flatnonzero(np.convolve(abs(sound), np.ones(800), "valid") == 0)
    assert silent[0] / 16_000 == pytest.approx(1.0, abs=0.2)
    assert loudness(sound[32_000:48_000]) == 0
    assert pitch(sound[60_000:76_000]) == pytest.approx(440, abs=2)
    assert np.array_equal(heard(path, 2.0), sound[32_000:])
    assert [finished(media.blocks(path, start)) for start in (0.0, 6.0)] == pytest.approx(
        [3.2, 3.2], abs=0.02
    )
    both = make(
        tmp_path / "b.mkv", "pcm_s16le", tone(4.0), layout="stereo", holes=((1.0, 2.5),), pictures="mpeg4"
    )
    assert sum(len(block) for block in media.blocks(both, channels=2)) == pytest.approx(6.5 * 16_000, abs=160)


def test_sound_that_starts_late_starts_at_zero(tmp_path: Path) -> None:
    late = make(tmp_path / "late.mkv", "pcm_s16le", tone(), at=5.0, pictures="mpeg4")
    prompt = make(tmp_path / "prompt.mkv", "pcm_s16le", tone(), pictures="mpeg4")
    assert np.array_equal(heard(late), heard(prompt))
    assert media.measure(late) == pytest.approx(SECONDS, abs=0.01)


def test_a_clock_that_jumps_by_hours_is_not_believed(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mkv", "pcm_s16le", tone(2.0), holes=((1.0, 40_000.0),))
    assert len(heard(path)) / 16_000 == pytest.approx(2.0, abs=0.01)
    assert media.measure(path) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("milliseconds", [30_000, 2500, -1000])
def test_one_wrong_time_stamp_moves_nothing(milliseconds: int, tmp_path: Path) -> None:
    path = make(tmp_path / "a.mkv", "pcm_s16le", tone(4.0))
    right, content = heard(path), bytearray(path.read_bytes())
    # A block of 10 ms: its kind and size, its track, then its time in the cluster.
    blocks = [one.start(1) for one in re.finditer(rb"\xa3\x41\x44\x81(..)\x80", content, re.DOTALL)]
    assert len(blocks) > 300
    content[blocks[200] : blocks[200] + 2] = milliseconds.to_bytes(2, "big", signed=True)
    path.write_bytes(content)
    assert np.array_equal(heard(path), right)
    assert media.measure(path) == pytest.approx(4.0, abs=0.05)


CLICKS = (0.75, 2.5, 7.125, 11.0)

# Where the container does not tell the encoder's delay, that is heard: the most it may be, in seconds.
UNTOLD = {"a.wma": 0.047, "a.avi": 0.026, "a.ts": 0.022, "a.ac3": 0.006}


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout", "pictures"),
    [(*row[:4], "") for row in READABLE] + [(*row[:3], "mono", row[3]) for row in VIDEOS],
    ids=[row[0] for row in READABLE] + [f"{row[0]}-{row[1]}" for row in VIDEOS],
)
def test_a_click_is_heard_when_it_was(
    name: str, codec: str, rate: int, layout: str, pictures: str, tmp_path: Path
) -> None:
    sound = np.zeros(12 * rate, dtype=np.float32)
    click = tone(0.005, rate, 1000.0) * np.hanning(round(0.005 * rate)).astype(np.float32)
    middle = float(np.average(np.arange(len(click)), weights=click**2)) / rate
    for second in CLICKS:
        place = round(second * rate)
        sound[place : place + len(click)] = 2 * click
    found = heard(make(tmp_path / name, codec, sound, rate=rate, layout=layout, pictures=pictures))
    for second in CLICKS:
        begin = round((second - 0.2) * 16_000)
        around = found[begin : begin + 6400] ** 2
        at = (begin + float(np.average(np.arange(len(around)), weights=around))) / 16_000 - middle
        assert at == pytest.approx(second, abs=UNTOLD.get(name, 0.0005))


def test_not_a_number_is_silence(tmp_path: Path) -> None:
    sound = tone(1.0)
    sound[4000:4100] = np.nan
    sound[5000] = np.inf
    path = make(tmp_path / "a.wav", "pcm_f32le", sound)
    found = heard(path)
    assert np.isfinite(found).all()
    assert loudness(found[4000:4100]) == 0


# --- files that give no sound --------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "none.wav"
    with pytest.raises(errors.MissingFile) as caught:
        media.probe(path)
    assert caught.value.path == str(path)
    with pytest.raises(errors.MissingFile):
        next(media.blocks(path))


def test_a_folder_an_empty_file_and_a_pipe(tmp_path: Path) -> None:
    with pytest.raises(errors.FolderGiven):
        media.probe(tmp_path)
    empty = tmp_path / "empty.mp3"
    empty.touch()
    with pytest.raises(errors.EmptyFile):
        media.probe(empty)


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(errors.NotMedia):
        media.probe(tmp_path / "pipe.wav")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
def test_a_file_that_may_not_be_read(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "a.wav", "pcm_s16le", tone())

    def refused(*_arguments: object, **_named: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(errors.NotPermitted):
        media.probe(path)


SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.mp3", b"These are the minutes of a meeting.\n" * 200),
        ("notes.wav", "Très bien, à demain.\n".encode() * 50),
        ("page.mp4", b"<!doctype html><html><body>Hello</body></html>" * 50),
        ("letter.ogg", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20),
        ("archive.mp3", b"PK\x03\x04" + bytes(range(256)) * 20),
        ("zeros.mp3", bytes(5000)),
        ("one.wav", b"x"),
        ("subtitles.mp4", SRT),
        ("program.mp3", b"\x7fELF" + bytes(range(256)) * 40),
    ],
)
def test_what_is_not_media_is_told_whatever_its_name(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(errors.NotMedia):
        media.probe(path)


def picture(path: Path, codec: str, pixels: str) -> Path:
    with av.open(str(path), "w", format="gif" if codec == "gif" else "image2") as file:
        stream: Any = file.add_stream(codec, rate=1)
        stream.width = stream.height = 64
        stream.pix_fmt = pixels
        for shade in (0, 200) if codec == "gif" else (0,):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), shade, np.uint8), format="rgb24")
            file.mux(stream.encode(frame.reformat(format=pixels)))
        file.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.png", "png", "rgb24"),
        ("a.jpg", "mjpeg", "yuvj420p"),
        ("a.gif", "gif", "rgb8"),
        ("a.bmp", "bmp", "bgr24"),
    ],
)
def test_an_image_is_not_media(name: str, codec: str, pixels: str, tmp_path: Path) -> None:
    path = picture(tmp_path / name, codec, pixels)
    with pytest.raises(errors.NotMedia):
        media.probe(path)
    renamed = path.rename(tmp_path / "meeting.mp4")
    with pytest.raises(errors.NotMedia):
        media.probe(renamed)


@pytest.mark.parametrize("name", ["silent.mp4", "silent.mkv", "silent.avi"])
def test_a_video_without_sound(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _number in range(10):
            file.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24"))
            )
        file.mux(stream.encode(None))
    with pytest.raises(errors.NoAudioTrack):
        media.probe(path)


def test_sound_in_an_unknown_coding_is_damaged(tmp_path: Path) -> None:
    path = make(tmp_path / "a.wav", "pcm_s16le", tone())
    content = bytearray(path.read_bytes())
    content[20:22] = b"\x34\x77"
    path.write_bytes(content)
    with pytest.raises(errors.DamagedMedia):
        media.probe(path)


# --- truncated files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.wav", "pcm_s16le", 16_000),
        ("a.ogg", "libopus", 48_000),
        ("a.mp3", "libmp3lame", 44_100),
        ("a.flac", "flac", 44_100),
        ("a.mka", "libopus", 48_000),
    ],
)
def test_of_a_truncated_file_the_readable_part_is_used(
    name: str, codec: str, rate: int, tmp_path: Path
) -> None:
    whole = make(tmp_path / name, codec, tone(20.0, rate), rate=rate)
    cut = whole.with_stem("cut")
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found = media.probe(cut)
    sound = heard(cut)
    assert 7 < len(sound) / 16_000 < 13
    assert pitch(sound[16_000:80_000]) == pytest.approx(440, abs=2)
    assert keep(cut, found, tmp_path / "kept") == pytest.approx(len(sound) / 16_000, abs=0.2)


def told(path: Path, sound: int, *, riff: int | None = None) -> Path:
    """A copy of a WAV file whose header tells so many bytes of sound."""
    content = bytearray(path.read_bytes())
    place = content.index(b"data") + 4
    content[place : place + 4] = struct.pack("<I", sound)
    if riff is not None:
        content[4:8] = struct.pack("<I", riff)
    copy = path.with_stem("told")
    copy.write_bytes(content)
    return copy


@pytest.mark.parametrize("bytes_of_sound", [0, 1000, 32_000, 0xFFFFFFFF, 0x7FFFFFF0])
def test_a_wav_file_is_read_to_its_end_whatever_its_header_tells(bytes_of_sound: int, tmp_path: Path) -> None:
    whole = make(tmp_path / "a.wav", "pcm_s16le", tone(6.0))
    lying = told(whole, bytes_of_sound, riff=bytes_of_sound)
    found = media.probe(lying)
    assert keep(lying, found, tmp_path / "kept.wav") == pytest.approx(6.0, abs=0.01)
    assert np.array_equal(heard(lying)[:90_000], heard(whole)[:90_000])
    assert len(media.stretch(lying, 4.0, 1.0)) == media.SAMPLE_RATE


@pytest.mark.parametrize(
    "behind", [b"LIST" + struct.pack("<I", 8000) + b"x" * 8000, b"TAG" + b"x" * 8000, b"?" * 100]
)
def test_what_stands_behind_the_sound_of_a_wav_file_is_not_heard(behind: bytes, tmp_path: Path) -> None:
    path = make(tmp_path / "a.wav", "pcm_s16le", tone(2.0))
    path = told(path, 64_000)
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"data") + 8 + 64_000] + behind)
    assert len(heard(path)) == 32_000


def test_the_long_kind_of_wav_file_is_read_to_its_end_too(tmp_path: Path) -> None:
    whole = make(tmp_path / "a.wav", "pcm_s16le", tone(6.0))
    body = bytearray(whole.read_bytes()[12:])
    place = body.index(b"data") + 4
    body[place : place + 4] = b"\xff" * 4
    for told_bytes in (1000, 192_000):
        lengths = struct.pack("<IQQQI", 28, len(body) + 36, told_bytes, told_bytes // 2, 0)
        long = tmp_path / "long.wav"
        long.write_bytes(b"RF64\xff\xff\xff\xffWAVEds64" + lengths + body)
        assert np.array_equal(heard(long), heard(whole))


def test_a_second_wav_file_behind_the_first_is_told(tmp_path: Path) -> None:
    one = make(tmp_path / "a.wav", "pcm_s16le", tone(6.0))
    both = tmp_path / "both.wav"
    both.write_bytes(one.read_bytes() * 2)
    assert not media.ends_early(one, media.probe(one), 6.0)
    assert media.ends_early(both, media.probe(both), 6.0)


def test_noise_in_the_middle_costs_no_more_than_its_place(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp3", "libmp3lame", tone(20.0, 44_100), rate=44_100)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = np.random.default_rng(1).bytes(3000)
    path.write_bytes(content)
    sound = heard(path)
    assert len(sound) / 16_000 == pytest.approx(20, abs=1.0)
    assert pitch(sound[-64_000:-16_000]) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("name", ["a.mp4", "a.m4a", "a.mov"])
def test_an_mp4_without_its_index_is_damaged(name: str, tmp_path: Path) -> None:
    whole = make(tmp_path / name, "aac", tone(20.0, 44_100), rate=44_100)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(errors.DamagedMedia):
        media.probe(whole)


@pytest.mark.parametrize("name", ["a.ogg", "a.wav", "a.flac", "a.mkv"])
def test_a_header_alone_is_damaged(name: str, tmp_path: Path) -> None:
    codec = {"wav": "pcm_s16le", "flac": "flac"}.get(name[2:], "libopus")
    path = make(tmp_path / name, codec, tone(rate=48_000), rate=48_000)
    path.write_bytes(path.read_bytes()[:44])
    with pytest.raises(errors.DamagedMedia):
        media.probe(path)


# --- references and names ------------------------------------------------------------------------


PLAYLISTS = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3.3,\n{target}\n#EXT-X-ENDLIST\n",
    "list.mp3": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3.3,\n{target}\n#EXT-X-ENDLIST\n",
    "list.ffconcat": "ffconcat version 1.0\nfile '{target}'\n",
    "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    "list.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet>'
    "<Representation><BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>",
}


@pytest.mark.parametrize("name", PLAYLISTS)
@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/secret.ts", "secret.ts", "{folder}/secret.ts"])
def test_a_playlist_is_never_followed(name: str, target: str, tmp_path: Path, listener: Any) -> None:
    make(tmp_path / "secret.ts", "aac", tone(rate=48_000), rate=48_000)
    path = tmp_path / name
    path.write_text(
        PLAYLISTS[name].format(target=target.format(port=listener.getsockname()[1], folder=tmp_path))
    )
    with pytest.raises(errors.NotMedia):
        media.probe(path)
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.fixture
def listener() -> Iterator[Any]:
    """A server's socket at which nobody may call."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize(
    "name",
    [
        "12:30 meeting.wav",
        "100%d.wav",
        "http:example.wav",
        "-y.wav",
        "a b  c.wav",
        "ünï 🎉.wav",
        "a'\"$x.wav",
        "a\nb.wav",
    ],
)
def test_odd_names_are_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "plain.wav", "pcm_s16le", tone()).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for given in (path, Path(name)):
        found = media.probe(given)
        assert len(heard(given)) == round(SECONDS * 16_000)
        assert keep(given, found, tmp_path / "kept.part") == pytest.approx(SECONDS, abs=0.01)


def test_the_kept_copy_has_a_harmless_ending(tmp_path: Path) -> None:
    found = Media(1.0, "x", "x", 1, 1, has_video=False)
    assert media.kept_suffix(Path("A.MP3"), found) == ".mp3"
    for odd in ("meeting", "a.", "a.verylongending", "a.ä", "a.x y", "a.%d"):
        assert media.kept_suffix(Path(odd), found) == ".audio"


# --- disks and memory ----------------------------------------------------------------------------

FULL = """
import resource, sys
from pathlib import Path
from core.audio import media
path, target = Path(sys.argv[1]), Path(sys.argv[2])
found = media.probe(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
try:
    print(list(media.keep_track(path, found, target))[-1])
except OSError as error:
    print("OSError", error.errno)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
@pytest.mark.parametrize("pictures", ["", "mpeg4"])
def test_a_full_disk_is_an_error_of_the_system(pictures: str, tmp_path: Path) -> None:
    path = make(tmp_path / "a.mkv", "pcm_s16le", tone(6.0), pictures=pictures)
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(tmp_path / "kept")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == f"OSError {errno.EFBIG}\n", run.stderr


def test_a_long_file_is_never_whole_in_memory(tmp_path: Path) -> None:
    import tracemalloc

    path = make(tmp_path / "a.flac", "flac", np.tile(tone(60.0, 8_000), 10), rate=8_000)
    tracemalloc.start()
    try:
        count = sum(len(block) for block in media.blocks(path))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 600 * 16_000
    assert peak < 8_000_000


@pytest.mark.parametrize("name", ["a.ogg", "a.mp3", "a.flac", "a.wav"])
def test_a_stretch_is_near_its_place(name: str, tmp_path: Path) -> None:
    codec = {"ogg": "libopus", "mp3": "libmp3lame", "flac": "flac", "wav": "pcm_s16le"}[name[2:]]
    noise = np.random.default_rng(1).normal(0.0, 0.1, 48_000 * 12).astype(np.float32)
    path = make(tmp_path / name, codec, noise, rate=48_000)
    whole = heard(path)
    found = media.stretch(path, 8.0, 2.0)
    assert len(found) == 2 * media.SAMPLE_RATE
    assert abs(lag(whole, found) + 8.0) < 1.5
    assert np.array_equal(media.stretch(path, 0.0, 1.0), whole[: media.SAMPLE_RATE])
    assert len(media.stretch(path, 11.0, 30.0)) < 3 * media.SAMPLE_RATE
