"""The shape of a sound is right, told as it comes, and computed once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core import errors, paths
from core.audio import media, waveform
from core.values import Event, Peaks
from tests.sound_files import make, tone


def told(path: Path) -> tuple[list[Event], bytes]:
    job = waveform.peaks(path)
    events: list[Event] = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return events, end.value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make(tmp_path / "one.flac", "flac", np.concatenate([tone(2.0), np.zeros(16_800, np.float32)]))


def test_each_tenth_of_a_second_has_the_root_of_its_loudest_place(file: Path) -> None:
    _events, peaks = told(file)
    assert len(peaks) == 31
    loudest = [np.sqrt(np.abs(piece).max()) for piece in np.array_split(tone(2.0), 20)]
    np.testing.assert_allclose(np.frombuffer(peaks[:20], np.uint8) / 255, loudest, atol=0.01)
    assert max(peaks[21:]) == 0


def test_it_comes_in_parts_that_make_the_whole(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waveform, "TOLD_SECONDS", 1)
    events, peaks = told(file)
    parts = [event for event in events if isinstance(event, Peaks)]
    assert [part.place for part in parts] == [0, 10, 20, 30]
    assert b"".join(part.values for part in parts) == peaks


def test_it_is_computed_once_while_the_file_is_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert waveform.kept(file) is None
    _events, peaks = told(file)
    assert waveform.kept(file) == peaks
    assert (file.parent / "one.flac.peaks").stat().st_mode & 0o777 == paths.PRIVATE_FILE
    monkeypatch.setattr(media, "blocks", None)
    assert told(file) == ([Peaks(0, peaks)], peaks)
    with file.open("ab") as grown:
        grown.write(b"more")
    assert waveform.kept(file) is None


def test_a_damaged_one_is_computed_again(file: Path) -> None:
    _events, peaks = told(file)
    (file.parent / "one.flac.peaks").write_bytes(b"MT")
    assert told(file)[1] == peaks


def test_it_is_shown_where_it_cannot_be_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _content: bytes) -> None:
        raise errors.DiskFull(str(path))

    monkeypatch.setattr(paths, "write_private", full)
    assert len(told(file)[1]) == 31
    assert waveform.kept(file) is None
