"""Three hours of real speech in one compressed file, through the real program in a process of its own.

The English recordings (see `word_error_rate`), one after the other, again and again. The process is watched from
outside: its memory, when its first segment is in the library, and whether every round of the recordings has its text.
`python -m tests.benchmarks.three_hours --minutes 10` measures a shorter file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from core import paths
from core.audio import media, ogg, recording
from core.meetings import Library
from core.values import Segment
from tests.benchmarks.word_error_rate import recordings, word_errors, words

MINUTES = 180.0
MOST_MEMORY = 800e6
"""Bytes that the process may need at its peak."""

GROWTH = 60e6
"""Bytes by which the last quarter's memory may be above the second's: what is flat but for the allocator's noise."""

FIRST = 5.0
"""Seconds from the start of the process to its first stored segment."""

UNEVEN = 0.03
"""How much the word error rate of a whole round may be above that of all together."""

PAUSE = 2.0
"""Seconds of silence after each recording."""

LOOK = 0.1
"""Seconds between two looks at the process until its first segment; after that five times as many."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen of the process: (second, bytes) of its memory, its first segment and its end in seconds."""

    memory: tuple[tuple[float, int], ...]
    first: float
    ended: float
    status: int

    def between(self, begin: float, end: float) -> float:
        """The median of the memory between two shares of the run."""
        found = [size for at, size in self.memory if begin * self.ended <= at <= end * self.ended]
        return float(np.median(found)) if found else 0.0


def make_talk(path: Path, minutes: float) -> tuple[list[str], float]:
    """Writes the recordings again and again; the words of one round, and its length in seconds."""
    said: list[str] = []
    parts: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
    for one in recordings():
        if one.language == "en":
            said += words(one.text)
            parts += [*media.blocks(one.path), np.zeros(round(PAUSE * media.SAMPLE_RATE), np.float32)]
    spoken = np.concatenate(parts)[:, None]
    left = round(minutes * 60 * media.SAMPLE_RATE)
    writer = recording.RecordingWriter(path, 1, media.SAMPLE_RATE)
    while left > 0:
        for begin in range(0, min(left, len(spoken)), media.SAMPLE_RATE):
            writer.write(spoken[begin : begin + min(media.SAMPLE_RATE, left - begin)])
        left -= len(spoken)
    writer.close()
    return said, len(spoken) / media.SAMPLE_RATE


def _watch(path: Path, folder: Path) -> Watched:
    library = Library(paths.folders(folder / "data"))
    memory: list[tuple[float, int]] = []
    first = float("inf")
    began = time.monotonic()
    command = ["-m", "core", "process", str(path), "--language", "en", "--data-dir", str(library.places.root)]
    with (folder / "log").open("wb") as log:
        run = subprocess.Popen([sys.executable, *command], stdout=log, stderr=log)
        process = psutil.Process(run.pid)
        while run.poll() is None:
            now = time.monotonic() - began
            try:
                memory.append(
                    (now, sum(one.memory_info().rss for one in (process, *process.children(recursive=True))))
                )
            except psutil.NoSuchProcess:
                continue
            if first == float("inf") and _segments(library):
                first = now
                print(f"first segment stored after {first:.1f} s", flush=True)
            time.sleep(LOOK if first == float("inf") else 5 * LOOK)
    ended = time.monotonic() - began
    library.close()
    if run.returncode:
        print((folder / "log").read_text(errors="replace")[-2000:])
    return Watched(tuple(memory), first, ended, run.returncode)


def _segments(library: Library) -> tuple[Segment, ...]:
    for meeting in library.store.meetings():
        transcript = library.store.transcript(meeting.id)
        if transcript:
            return transcript.segments
    return ()


def _errors_by_round(
    segments: tuple[Segment, ...], said: list[str], length: float, minutes: float
) -> list[int]:
    """The wrong words of each round of the recordings that is whole."""
    rounds = int(minutes * 60 / length)
    heard: list[list[str]] = [[] for _ in range(rounds)]
    for segment in segments:
        number = int((segment.start + segment.end) / 2 / length)
        if number < rounds:
            heard[number] += words(segment.text)
    return [word_errors(said, one) for one in heard]


def measure(minutes: float) -> int:
    """Prints memory, first segment, and the errors of each round; 0 when all are as they must be."""
    with tempfile.TemporaryDirectory(prefix="mt-three-hours-") as name:
        folder = Path(name)
        path = folder / f"talk{ogg.SUFFIX}"
        said, length = make_talk(path, minutes)
        print(
            f"{minutes:.0f} minutes, {path.stat().st_size / 1e6:.1f} MB; a round: {length / 60:.1f} minutes"
        )
        seen = _watch(path, folder)
        library = Library(paths.folders(folder / "data"))
        errors_of = _errors_by_round(_segments(library), said, length, minutes)
        reached = max((segment.end for segment in _segments(library)), default=0.0)
        library.close()
    at_peak, peak = max(seen.memory, key=lambda one: one[1])
    early, late = seen.between(0.25, 0.5), seen.between(0.75, 1.0)
    later = np.array([one for one in seen.memory if one[0] >= 0.25 * seen.ended])
    slope = float(np.polyfit(later[:, 0], later[:, 1], 1)[0]) * seen.ended / (minutes / 60)
    print(f"exit status {seen.status}, {seen.ended:.0f} s ({seen.ended / minutes / 60:.3f} of real time)")
    print(f"first segment stored after {seen.first:.1f} s; the last one ends at {reached / 60:.1f} minutes")
    print(
        f"memory: at most {peak / 1e6:.0f} MB (at {at_peak:.0f} s); "
        f"second quarter {early / 1e6:.0f}, last {late / 1e6:.0f}; "
        f"{slope / 1e6:+.1f} MB for an hour of sound after the first quarter"
    )
    rates = [count / len(said) for count in errors_of]
    if rates:
        print("word error rate by round: " + ", ".join(f"{rate:.2%}" for rate in rates))
    even = all(rate <= float(np.mean(rates)) + UNEVEN for rate in rates)
    whole = reached > 60 * minutes - 60
    flat = late - early < GROWTH
    good = not seen.status and even and whole and flat and peak <= MOST_MEMORY and seen.first <= FIRST
    return int(not good)


def run() -> int:
    """Measures three hours."""
    return measure(MINUTES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    sys.exit(measure(parser.parse_args().minutes))
