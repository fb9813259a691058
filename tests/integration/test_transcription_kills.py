"""A transcription that is killed ends with the text of one that was not; the benchmark of this name kills twenty."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import meetings, paths
from core.audio import media
from core.meetings import Library
from core.speech import listener
from core.values import Transcript
from tests.benchmarks.transcription_kills import imported, survive
from tests.conftest import finished
from tests.sound_files import make


def test_killed_halfway_it_ends_with_the_same_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As in the process that is killed: a window at a time.
    monkeypatch.setattr(listener, "MOST_WINDOWS", 1)
    sound = np.concatenate(list(itertools.islice(media.blocks(paths.SAMPLE), 32)))
    path = make(tmp_path / "talk.wav", "pcm_s16le", sound)
    one, other = (Library(paths.folders(tmp_path / folder)) for folder in ("one", "other"))
    try:
        began = time.monotonic()
        whole: Transcript = finished(meetings.transcribe(one, imported(one, path)))
        half = (time.monotonic() - began) / 2
        found = survive(other, imported(other, path), iter((half,)), 1)
    finally:
        one.close()
        other.close()
    assert len(whole.segments) >= 3
    assert found.transcript.segments == tuple(replace(segment, id=0) for segment in whole.segments)
    assert found.transcript.language == whole.language
    assert len(found.again) == 1
    assert max(found.again) <= 1
