"""Kills the recorder, the window, and both, at random moments of real recordings, and measures what is missing.

Speech is played into a virtual microphone; a second capture of it, by another program, is the witness. After each kill
the recording must be whole (the recorder went on), or recovered with at most `ALLOWED` seconds missing at its end. Up
to there it must be the witness's sound, piece by piece, and its text must have a word wherever a normal transcription
of the witness's has one. Which word is not judged: live text is cut elsewhere, and a small model then hears some words
otherwise. Power loss is imitated by cutting the file to what was last synced.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from core import locks, meetings, paths, speech
from core import settings as chosen
from core.audio import media, recorder, recording
from core.audio.recorder import Recorder
from core.meetings import Library
from core.values import MeetingId, Stage, Transcript
from tests.benchmarks.word_error_rate import transcribe, words
from tests.conftest import until
from tests.microphone import VirtualMicrophone, sound_system

TIMES = 42
SEED = 3
ALLOWED = 1.0
"""Seconds that may be missing of what the microphone had delivered (the promise of the program)."""

STRETCH = 1.5
"""Seconds of sound by which a place in one capture is found in the other."""

PIECE = 0.05
"""Seconds of sound that are compared at a time."""

ALIKE = 0.9
"""The least correlation of a piece in two captures of the same sound; measured: 0.996. What is quieter than `SPOKEN`
is not compared."""

SPOKEN = 0.02
"""The least amplitude (RMS, full scale 1) of sound in which somebody speaks."""

LOST_WORDS = 2
"""Words that may be missing: a cut one at either end."""

RATE = media.SAMPLE_RATE

WINDOW = """
import sys
from desktop import app

open_window = app.open_window

def opened(*given):
    window = open_window(*given)
    if window is not None:
        window.commands.opened.connect(window.actions_.record.trigger)
    return window

app.open_window = opened
sys.exit(app.run(sys.argv[1]))
"""
"""The real window, whose first act is to press its own Record."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one recording: seconds missing at its end, seconds in it that are not the witness's sound, words
    of the witness's text and how many of them are lost.
    """

    victim: str
    seconds: float
    missing: float
    hole: float
    words: int
    lost: int

    @property
    def good(self) -> bool:
        """Whether the promise was kept."""
        return self.missing <= ALLOWED and self.hole <= PIECE and self.lost <= LOST_WORDS


def survive(victim: str, microphone: VirtualMicrophone, folder: Path, after: float) -> Outcome:
    """Records with the real window and kills `victim` after so many seconds of speech.

    'recorder', 'window', 'both', or 'power': both, and the file is cut to what had been synced.
    """
    places = paths.folders(folder / "data")
    paths.create(places)
    chosen.save(chosen.Settings(sources="microphone"), places.settings)
    environment = {**os.environ, **microphone.environment, "QT_QPA_PLATFORM": "offscreen"}
    with _witness(microphone, folder / "witness.raw") as witness, _window(places, environment) as window:
        path = until(lambda: next(iter(places.audio.glob("*.ogg.session")), None), 60).with_suffix("")
        process = psutil.Process(json.loads(recorder.session_file(path).read_bytes())["pid"])
        microphone.begin(_speech(), RATE)
        time.sleep(after)
        meeting_id = MeetingId(path.stem)
        library = Library(places)
        try:
            synced = _synced(path)
            if victim != "window":
                process.kill()
            if victim != "recorder":
                window.kill()
            ended = _length(witness)
            if victim != "recorder":
                window.wait(10)
            if victim == "window":
                until(lambda: [one for one in windows(places) if one.pid != window.pid], 15)
                time.sleep(4)
                with Recorder.attach(path) as door:
                    door.stop()
                ended = _length(witness)
            if victim in {"both", "power"}:
                until(lambda: not locks.is_held(locks.path_of(places.locks, meeting_id, Stage.RECORD)), 10)
                if victim == "power":
                    _cut(path, synced)
                meetings.recover(library)
            until(lambda: not library.store.meeting(meeting_id).recording_open, 20)
            microphone.hush()
            return _judged(victim, library, meeting_id, _heard(witness), ended)
        finally:
            library.close()
            for shown in windows(places):
                with contextlib.suppress(psutil.NoSuchProcess):
                    shown.terminate()
                    shown.wait(10)


@contextlib.contextmanager
def _window(places: paths.Folders, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", WINDOW, str(places.root)], env=environment) as window:
        try:
            yield window
        finally:
            window.terminate()


def windows(places: paths.Folders) -> list[psutil.Process]:
    """The processes that show a window of this folder."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if str(places.root) in (process.info["cmdline"] or [])
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


@contextlib.contextmanager
def _witness(microphone: VirtualMicrophone, file: Path) -> Iterator[Path]:
    """Another program that captures the same sound, as 16-bit mono at `RATE`."""
    command = ["parec", "--device=meeting.monitor", "--latency-msec=20", "--format=s16le", "--channels=1"]
    with file.open("wb") as sink:
        capture = subprocess.Popen(
            [*command, f"--rate={RATE}"], stdout=sink, env={**os.environ, **microphone.environment}
        )
        try:
            until(lambda: file.stat().st_size, 10)
            yield file
        finally:
            capture.terminate()
            capture.wait(10)


def _length(witness: Path) -> float:
    return witness.stat().st_size / 2 / RATE


def _heard(witness: Path) -> NDArray[np.float32]:
    return (np.fromfile(witness, dtype="<i2") / np.float32(32768)).astype(np.float32)


@cache
def _speech() -> NDArray[np.float32]:
    return np.concatenate(list(media.blocks(paths.SAMPLE)))


def _synced(path: Path) -> float:
    """The seconds that a power cut would leave now."""
    with Recorder.attach(path) as door:
        state = door.state()
    return state.elapsed - state.unsaved


def _cut(path: Path, seconds: float) -> None:
    """Leaves of a recording what lies before a second, and a torn page."""
    content = path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / path.name
        for page in reversed([found.start() for found in re.finditer(b"OggS", content)]):
            part.write_bytes(content[:page])
            if recording.seconds(part) <= seconds + 0.001:
                os.truncate(path, page + 20)
                return


def _judged(
    victim: str, library: Library, meeting_id: MeetingId, witness: NDArray[np.float32], ended: float
) -> Outcome:
    """Finds the recording in the witness's capture and compares their ends, their middles and their words."""
    path = library.audio_of(library.store.meeting(meeting_id))
    kept = np.concatenate(list(media.blocks(path)))
    loud = np.flatnonzero(np.abs(kept) > 0.05)
    stretch = int(STRETCH * RATE)
    first, last = int(loud[0]), len(kept) - stretch
    head = _found(kept[first : first + stretch], witness) - first
    tail = _found(kept[last:], witness) - last
    transcript = _transcript(library, meeting_id, by_window=victim in {"recorder", "window"})
    said = " ".join(segment.text for segment in transcript.segments)
    begin = max(0, head)
    reference = _text(library, witness[begin : tail + len(kept)])
    return Outcome(
        victim,
        seconds=len(kept) / RATE,
        missing=ended - (tail + len(kept)) / RATE,
        hole=_unlike(kept[max(0, -head) :], witness[begin : tail + len(kept)]),
        words=len(reference),
        lost=lost_words(reference, words(said)),
    )


def _unlike(kept: NDArray[np.float32], witness: NDArray[np.float32]) -> float:
    """The seconds of speech in which two captures that begin at the same moment are not the same sound."""
    size = int(PIECE * RATE)
    count = min(len(kept), len(witness)) // size
    ours, others = (sound[: count * size].reshape(count, size) for sound in (kept, witness))
    loudness = np.sqrt(np.mean(others**2, axis=1))
    alike = np.sum(ours * others, axis=1) / np.maximum(np.linalg.norm(ours, axis=1), 1e-9)
    alike /= np.maximum(np.linalg.norm(others, axis=1), 1e-9)
    return PIECE * int(np.sum((loudness > SPOKEN) & (alike < ALIKE)))


def lost_words(reference: list[str], heard: list[str]) -> int:
    """How many words of `reference` have none in their place in `heard`; one that was heard otherwise is not lost."""
    changes = difflib.SequenceMatcher(None, reference, heard, autojunk=False).get_opcodes()
    return sum(max(0, (end - begin) - (until - since)) for _tag, begin, end, since, until in changes)


def _found(stretch: NDArray[np.float32], sound: NDArray[np.float32]) -> int:
    """Where in `sound` the sample is at which it is most like `stretch` (normalised cross-correlation)."""
    size = 1 << (len(sound) + len(stretch)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(stretch, size))
    alike = np.fft.irfft(spectrum, size)[: len(sound) - len(stretch) + 1]
    energy = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    norm = np.sqrt(np.maximum(energy[len(stretch) :] - energy[: -len(stretch)], 1e-3))
    return int(np.argmax(alike / norm[: len(alike)]))


def _text(library: Library, sound: NDArray[np.float32]) -> list[str]:
    options = library.transcript_options()
    model = speech.find_model(options, (), library.places.models)
    blocks = [sound[begin : begin + RATE] for begin in range(0, len(sound), RATE)]
    return words(" ".join(s.text for batch in transcribe(blocks, model, options) for s in batch.segments))


def _transcript(library: Library, meeting_id: MeetingId, *, by_window: bool) -> Transcript:
    """The text of a recording: made by the window that is left, else here."""
    if by_window:
        until(lambda: library.store.meeting(meeting_id).transcript_complete, 60)
    else:
        for _event in meetings.transcribe(library, meeting_id):
            pass
    transcript = library.store.transcript(meeting_id)
    assert transcript
    return transcript


def run() -> int:
    """Kills `TIMES` times; 1 when one recording was lost, or is not as it must be."""
    chance = random.Random(SEED)
    victims = ["recorder", "window", "both", "power"] * (TIMES // 4 + 1)
    outcomes: list[Outcome] = []
    print(f"{'killed':12}{'kept':>8}{'missing':>9}{'hole':>8}{'words':>7}{'lost':>7}")
    with tempfile.TemporaryDirectory(prefix="mt-kills-") as root, sound_system(Path(root)) as microphone:
        for number, victim in enumerate(victims[:TIMES]):
            folder = Path(root) / str(number)
            folder.mkdir()
            outcome = survive(victim, microphone, folder, chance.uniform(2.0, 9.0))
            outcomes.append(outcome)
            print(
                f"{victim:12}{outcome.seconds:7.2f}s{outcome.missing:8.2f}s{outcome.hole:7.3f}s"
                f"{outcome.words:7}{outcome.lost:7}{'' if outcome.good else '  NOT GOOD'}",
                flush=True,
            )
    for victim in ("recorder", "window", "both", "power"):
        missing = [one.missing for one in outcomes if one.victim == victim]
        print(
            f"{victim}: {len(missing)} kills, missing median {np.median(missing):.2f} s, most {max(missing):.2f} s"
        )
    print(f"words lost: {sum(one.lost for one in outcomes)} of {sum(one.words for one in outcomes)}")
    return int(not all(one.good for one in outcomes))
