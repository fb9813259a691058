"""Kills transcriptions at random moments; each is carried on until its text is whole, and that must be the same text.

Each run notes every place before it decodes from there, so that what is decoded twice can be counted.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core import meetings, paths
from core.meetings import Library
from core.values import MeetingId, Source, Transcript

TIMES = 20
SEED = 5
KILLS = 4
"""Kills of one transcription before it may end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The text after the kills; for each kill the places decoded before it that had to be decoded again."""

    transcript: Transcript
    again: tuple[int, ...]


def heard(library: Library, meeting_id: MeetingId) -> tuple[Transcript, float, int]:
    """The uninterrupted transcript, the seconds it took once begun, and its places, in a process of its own."""
    with _started(library, meeting_id) as worker:
        began = time.monotonic()
        places = _noted(worker)
    return _transcript(library, meeting_id), time.monotonic() - began, len(places)


def survive(library: Library, meeting_id: MeetingId, moments: Iterator[float], kills: int) -> Outcome:
    """Kills the meeting's transcription `kills` times, each so many seconds after it began, and lets it end then."""
    again: list[int] = []
    known: list[str] = []
    while len(again) < kills:
        with _started(library, meeting_id) as worker:
            time.sleep(next(moments))
            if worker.poll() is not None:
                break
            worker.kill()
            known += _new(_noted(worker), known, again)
        again.append(0)
    with _started(library, meeting_id) as worker:
        _new(_noted(worker), known, again)
        if worker.wait():
            raise ChildProcessError(f"the transcription ended with {worker.returncode}")
    return Outcome(_transcript(library, meeting_id), tuple(again))


def _new(places: list[str], known: list[str], again: list[int]) -> list[str]:
    """Those of `places` that are not `known`; the others count as decoded again after the last kill."""
    if again:
        again[-1] += sum(place in known for place in places)
    return [place for place in places if place not in known]


def _started(library: Library, meeting_id: MeetingId) -> subprocess.Popen[str]:
    """A process that transcribes and has begun."""
    worker = subprocess.Popen(
        [sys.executable, "-m", __name__, str(library.places.root), meeting_id],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert worker.stdout
    worker.stdout.readline()
    return worker


def _noted(worker: subprocess.Popen[str]) -> list[str]:
    assert worker.stdout
    return [line.strip() for line in worker.stdout if line.endswith("\n")]


def _transcript(library: Library, meeting_id: MeetingId) -> Transcript:
    """The meeting's complete transcript, without the ids of its segments."""
    found = library.store.transcript(meeting_id)
    if found is None or not found.complete:
        raise ChildProcessError("the transcription did not end")
    return replace(found, segments=tuple(replace(segment, id=0) for segment in found.segments))


def _transcribe(root: str, meeting_id: str) -> None:
    """Transcribes a window at a time, so that there are many places; writes a line when it begins and one with each
    place from which it decodes.
    """
    from core.speech import Listener, listener

    listener.MOST_WINDOWS = 1
    notes = os.dup(1)
    os.dup2(2, 1)
    decode = Listener.batch

    def noted(self: Listener) -> Any:
        if self.ready():
            os.write(notes, f"{self.reached}\n".encode())
        return decode(self)

    Listener.batch = noted  # type: ignore[method-assign]
    library = Library(paths.folders(Path(root)))
    for number, _event in enumerate(meetings.transcribe(library, MeetingId(meeting_id))):
        if number == 0:
            os.write(notes, b"begun\n")


def imported(library: Library, path: Path) -> MeetingId:
    """The meeting of the file at `path`."""
    job = meetings.import_audio(library, path, source=Source.IMPORT)
    while True:
        try:
            next(job)
        except StopIteration as end:
            return MeetingId(end.value)


def run() -> int:
    """Kills `TIMES` times; 1 when a text differs or a kill cost more than one place decoded again."""
    chance = random.Random(SEED)
    again: list[int] = []
    same = True
    with tempfile.TemporaryDirectory(prefix="mt-kills-") as root:
        library = Library(paths.folders(Path(root) / "whole"))
        whole, seconds, places = heard(library, imported(library, paths.SAMPLE))
        library.close()
        print(f"uninterrupted: {len(whole.segments)} segments, {places} places, {seconds:.1f} s")
        while len(again) < TIMES:
            library = Library(paths.folders(Path(root) / str(len(again))))
            moments = iter(lambda: chance.uniform(0, seconds / KILLS), None)
            kills = min(KILLS, TIMES - len(again))
            found = survive(library, imported(library, paths.SAMPLE), moments, kills)
            library.close()
            alike = (found.transcript.segments, found.transcript.language) == (whole.segments, whole.language)
            print(
                f"{len(found.again)} kills: {'the same text' if alike else 'ANOTHER TEXT'}, again {found.again}"
            )
            again += found.again
            same = same and alike
    print(f"{len(again)} kills, {sum(again)} places decoded again, at most {max(again)} for one kill")
    return int(not same or max(again) > 1)


if __name__ == "__main__":
    _transcribe(sys.argv[1], sys.argv[2])
