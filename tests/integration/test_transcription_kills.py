"""A transcription that is killed again and again ends with the text of one that was not."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import meetings, paths
from core.audio import media
from core.meetings import Library
from core.values import Transcript
from tests.benchmarks.transcription_kills import imported, survive
from tests.conftest import finished
from tests.sound_files import make


@pytest.mark.parametrize(("name", "codec"), [("talk.mp3", "libmp3lame")])
def test_killed_twice_it_ends_with_the_same_text(name: str, codec: str, tmp_path: Path) -> None:
    sound = np.concatenate(list(media.blocks(paths.SAMPLE)))[: 45 * media.SAMPLE_RATE]
    path = make(tmp_path / name, codec, sound)
    one, other = (Library(paths.folders(tmp_path / folder)) for folder in ("one", "other"))
    try:
        began = time.monotonic()
        whole: Transcript = finished(meetings.transcribe(one, imported(one, path)))
        half = (time.monotonic() - began) / 2
        found = survive(other, imported(other, path), iter((0.0, half)), 2)
    finally:
        one.close()
        other.close()
    assert len(whole.segments) >= 3
    assert found.transcript.segments == tuple(replace(segment, id=0) for segment in whole.segments)
    assert found.transcript.language == whole.language
    assert len(found.again) == 2
    assert max(found.again) <= 1
