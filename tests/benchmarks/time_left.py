"""Whether the time left that is told of a transcription is true: two hours of real speech with silences between it.

The English recordings (see `word_error_rate`), again and again, with pauses of 1 to 40 seconds, are transcribed with
the starter twice: alone, and with a program beside it that keeps every core busy from the middle on. Each time that was
told after the first minute is compared with when the transcription really ended. What was told before the other
program began could not know of it: those moments are counted apart.
`python -m tests.benchmarks.time_left --minutes 60` measures a shorter file.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core import meetings, paths
from core.audio import media, ogg, recording
from core.meetings import Library
from core.values import Progress, TranscriptOptions
from tests.benchmarks.word_error_rate import recordings

MINUTES = 120.0
SETTLED = 60.0
"""Seconds of work after which the told time must be true."""

NEAR = 0.2
"""The share of the truth by which it may be wrong."""

ENOUGH = 0.8
"""The share of moments at which it must be no more than that."""

GLIMPSE = 5.0
"""Seconds below which the truth is too near to be missed by a share of it."""

PAUSES = (1.0, 40.0)


@dataclass(frozen=True, slots=True)
class Told:
    """At a second of the work so many seconds were told to be left, and so many were."""

    at: float
    left: float
    truth: float

    @property
    def is_near(self) -> bool:
        """Whether it was told well enough."""
        return abs(self.left - self.truth) <= NEAR * max(self.truth, GLIMPSE)


def _make(path: Path, minutes: float) -> None:
    """Writes the recordings in a drawn order, with drawn pauses; the same at each run."""
    chance = random.Random(4)
    talks = [np.concatenate(list(media.blocks(one.path))) for one in recordings() if one.language == "en"]
    left = round(minutes * 60 * media.SAMPLE_RATE)
    writer = recording.RecordingWriter(path, 1, media.SAMPLE_RATE)
    while left > 0:
        pause = np.zeros(round(chance.uniform(*PAUSES) * media.SAMPLE_RATE), np.float32)
        sound = np.concatenate([chance.choice(talks), pause])[:left, None]
        for begin in range(0, len(sound), media.SAMPLE_RATE):
            writer.write(sound[begin : begin + media.SAMPLE_RATE])
        left -= len(sound)
    writer.close()


def _measured(path: Path, data: Path, *, load: bool) -> tuple[list[Told], float]:
    """What was told of a transcription, and when the other programs began (infinity: never)."""
    library = Library(paths.folders(data))
    job = meetings.import_audio(library, path)
    while True:
        try:
            next(job)
        except StopIteration as end:
            meeting_id = end.value
            break
    others: list[subprocess.Popen[bytes]] = []
    loaded = float("inf")
    said: list[tuple[float, float]] = []
    began = time.monotonic()
    try:
        for event in meetings.transcribe(library, meeting_id, TranscriptOptions(language="en")):
            now = time.monotonic() - began
            if not isinstance(event, Progress):
                continue
            if event.seconds_left is not None:
                said.append((now, event.seconds_left))
            if load and not others and (event.fraction or 0.0) >= 0.5:
                loaded = now
                others = [
                    subprocess.Popen([sys.executable, "-c", "while True: pass"])
                    for _core in range(os.cpu_count() or 1)
                ]
    finally:
        for other in others:
            other.kill()
            other.wait()
        library.close()
    ended = time.monotonic() - began
    return [Told(at, left, ended - at) for at, left in said], loaded


def _share(name: str, told: list[Told]) -> float:
    if not told:
        print(f"{name}: nothing told")
        return 0.0
    share = sum(one.is_near for one in told) / len(told)
    wrong = np.array([one.left / max(one.truth, GLIMPSE) - 1 for one in told])
    low, middle, high = (float(np.quantile(wrong, part)) for part in (0.05, 0.5, 0.95))
    print(
        f"{name}: {share:.0%} of {len(told)} moments within {NEAR:.0%} of the truth; "
        f"error {middle:+.0%} ({low:+.0%} to {high:+.0%})"
    )
    return share


def measure(minutes: float) -> int:
    """Prints the shares; 0 when what was told was true often enough."""
    with tempfile.TemporaryDirectory(prefix="mt-time-left-") as name:
        path = Path(name) / f"talk{ogg.SUFFIX}"
        _make(path, minutes)
        alone, _never = _measured(path, Path(name) / "alone", load=False)
        print(f"{minutes:.0f} minutes of sound took {alone[-1].at + alone[-1].truth:.0f} s alone")
        shares = [_share("alone, after the first minute", [one for one in alone if one.at >= SETTLED])]
        busy, loaded = _measured(path, Path(name) / "busy", load=True)
        print(
            f"and {busy[-1].at + busy[-1].truth:.0f} s with every core kept busy from second {loaded:.0f} on"
        )
        shares.append(
            _share("after the others began", [one for one in busy if one.at >= max(SETTLED, loaded)])
        )
        _share("before they began", [one for one in busy if SETTLED <= one.at < loaded])
    return int(min(shares) < ENOUGH)


def run() -> int:
    """Measures two hours of sound: with less, little is left after the first minute of work."""
    return measure(MINUTES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    sys.exit(measure(parser.parse_args().minutes))
