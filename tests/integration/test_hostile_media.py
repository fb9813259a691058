"""Files that are broken, lie, or change under the reader: each ends in its text or in a sentence, with nothing left."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import errors, meetings, messages, paths
from core.audio import media
from core.meetings import Library
from core.values import Job, Notice
from tests.benchmarks.hostile_media import MOST_MEMORY, hostile, outcomes
from tests.conftest import finished
from tests.sound_files import make, tone


def test_thirty_mutated_files_end_in_text_or_in_a_sentence(tmp_path: Path) -> None:
    endings: Counter[str] = Counter()
    for outcome in outcomes(hostile(tmp_path, 30, seed=1), tmp_path, text_of_every=5):
        assert not outcome.bad, outcome
        assert outcome.told, outcome
        assert outcome.memory < MOST_MEMORY, outcome
        endings[outcome.ending] += 1
    assert sum(endings.values()) == 30
    # Neither is everything refused, nor is anything believed.
    assert endings["text"] >= 3
    assert endings["text"] + endings["sound"] >= 18
    assert endings["DamagedMedia"] + endings["NotMedia"] + endings["EmptyFile"] >= 2


def left(library: Library) -> list[str]:
    return [path.name for path in library.places.audio.iterdir()]


def halfway(job: Job[Any]) -> Job[Any]:
    """`job` after its first event."""
    next(job)
    return job


def test_a_file_that_vanishes_while_it_is_read_is_missing(library: Library, tmp_path: Path) -> None:
    path = Path(shutil.copy(paths.SAMPLE, tmp_path))
    job = halfway(meetings.import_audio(library, path))
    path.unlink()
    with pytest.raises(errors.MissingFile):
        finished(job)
    assert left(library) == []
    assert not library.store.meetings()


def test_a_file_that_grows_while_it_is_read_is_imported(library: Library, tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp3", "libmp3lame", tone(rate=16_000))
    more = path.read_bytes()
    job = halfway(meetings.import_audio(library, path))
    with path.open("ab") as file:
        file.write(more)
    meeting = library.store.meeting(finished(job))
    assert left(library) == [meeting.audio]
    assert meeting.duration >= 3.3


def test_a_file_that_is_emptied_while_it_is_read_is_damaged(library: Library, tmp_path: Path) -> None:
    path = make(tmp_path / "a.wav", "pcm_s16le", tone())
    job = halfway(meetings.import_audio(library, path))
    os.truncate(path, 0)
    with pytest.raises((errors.DamagedMedia, errors.NotMedia)):
        finished(job)
    assert left(library) == []
    assert not library.store.meetings()


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: links and devices")
def test_links_are_followed_and_devices_refused(library: Library, tmp_path: Path) -> None:
    link, lost = tmp_path / "link.wav", tmp_path / "lost.wav"
    link.symlink_to(make(tmp_path / "a.wav", "pcm_s16le", tone()))
    lost.symlink_to(tmp_path / "nowhere.wav")
    assert library.store.meeting(finished(meetings.import_audio(library, link))).duration == pytest.approx(
        3.3
    )
    with pytest.raises(errors.MissingFile):
        finished(meetings.import_audio(library, lost))
    with pytest.raises(errors.NotMedia):
        finished(meetings.import_audio(library, Path("/dev/zero")))


@pytest.mark.parametrize("damage", [b"", bytes(4000)])
def test_sound_lost_in_the_middle_is_told(damage: bytes, library: Library, tmp_path: Path) -> None:
    path = make(tmp_path / "talk.flac", "flac", tone(10.0))
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + damage + whole[middle + len(damage) :])
    meeting_id = finished(meetings.import_audio(library, path))
    told = [event for event in meetings.transcribe(library, meeting_id) if isinstance(event, Notice)]
    assert [notice.kind for notice in told] == (["sound_missing"] if damage else [])
    for notice in told:
        assert 0.5 <= notice.details["seconds"] < 2.0
        assert re.match(r"[12] s of the sound of “talk” is missing", messages.notice(notice))


def header(path: Path, place: int, content: bytes) -> None:
    whole = bytearray(path.read_bytes())
    whole[place : place + len(content)] = content
    path.write_bytes(whole)


@pytest.mark.parametrize("rate", [0, 1, 50, 0x7FFFFFFF])
def test_a_sample_rate_that_cannot_be_is_damage(rate: int, tmp_path: Path) -> None:
    path = make(tmp_path / "a.wav", "pcm_s16le", tone())
    header(path, 24, rate.to_bytes(4, "little"))
    with pytest.raises(errors.DamagedMedia):
        media.probe(path)


def test_channels_that_cannot_be_are_damage(tmp_path: Path) -> None:
    path = make(tmp_path / "a.wav", "pcm_s16le", tone())
    header(path, 22, (60_000).to_bytes(2, "little") + (16_000).to_bytes(4, "little"))
    with pytest.raises(errors.Unreadable):
        media.probe(path)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_length_that_lies_costs_nothing(size: int, tmp_path: Path) -> None:
    path = make(tmp_path / "a.wav", "pcm_s16le", tone())
    whole = path.read_bytes()
    before = np.concatenate(list(media.blocks(path)))
    header(path, whole.index(b"data") + 4, size.to_bytes(4, "little"))
    header(path, 4, size.to_bytes(4, "little"))
    assert media.probe(path).sample_rate == 16_000
    after = np.concatenate(list(media.blocks(path)))
    assert np.array_equal(before, after[: len(before)])
    assert len(after) < len(before) + 1000
