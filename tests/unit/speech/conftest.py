"""Speech by script: a detector for which loud is speech, and sound for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from core.speech import detector
from core.speech.detector import SAMPLE_RATE, Samples

LOUD = 0.5


class Ears:
    """In place of Silero: loud is speech. What it says of a frame depends on that frame alone."""

    def reset(self) -> None:
        pass

    def probabilities(self, frames: Samples) -> Samples:
        return np.asarray(abs(frames).max(axis=1) > LOUD / 2, dtype=np.float32)


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "Detector", Ears)


def sound(*stretches: float) -> Samples:
    """Seconds of speech and of silence in turn, each sample another."""
    parts = [
        np.full(round(seconds * SAMPLE_RATE), 0.0 if number % 2 else LOUD, dtype=np.float32)
        for number, seconds in enumerate(stretches)
    ]
    joined = np.concatenate(parts)
    return joined * (1 + np.arange(len(joined), dtype=np.float32) % 1000 / 1e4)


def blocks(samples: Samples, start: int = 0, size: int = SAMPLE_RATE) -> Iterator[Samples]:
    """The stream from sample `start` on, in blocks of `size` samples."""
    for begin in range(start, len(samples), size):
        yield samples[begin : begin + size]
