"""The word error rate of our whole way from sound to text, beside bare faster-whisper's, and their times.

Recordings come from the folder that `MEETING_TRANSCRIBER_SPEECH` names: `en/` and `fr/` with one text
file of the same name beside each recording, and `meetings/`, whose language is in the name (`_fr_`), else
English. Without it, the sample meeting is measured. French needs a multilingual model, whose
folder `MEETING_TRANSCRIBER_MULTILINGUAL_MODEL` names.
"""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from core import paths
from core.audio import media
from core.speech import Batch, Listener, find_model
from core.speech.detector import Samples
from core.speech.machine import unmeasured
from core.values import Model, TranscriptOptions

SPEECH_VARIABLE = "MEETING_TRANSCRIBER_SPEECH"
MULTILINGUAL_VARIABLE = "MEETING_TRANSCRIBER_MULTILINGUAL_MODEL"
ENDINGS = {".wav", ".flac", ".ogg", ".mp3"}

FILLERS = {"uh", "um", "mm", "hmm", "mhm", "euh", "hum"}
"""Sounds that a transcript may leave out."""

ALLOWED = 0.01
"""How much higher our rate may be: one word in a hundred."""


# --- counting --------------------------------------------------------------------------------------


def words(text: str) -> list[str]:
    """The words of `text` that count: lower case, without punctuation, apostrophes and fillers."""
    plain = re.sub("['’]", "", unicodedata.normalize("NFC", text).lower())
    return [word for word in re.findall(r"[^\W_]+", plain) if word not in FILLERS]


def word_errors(reference: list[str], heard: list[str]) -> int:
    """The fewest words to replace, drop or add to make `reference` of `heard` (Levenshtein)."""
    places = np.arange(len(heard) + 1)
    row = places
    for count, word in enumerate(reference, 1):
        differs = np.array([word != other for other in heard], dtype=int)
        best = np.concatenate([[count], np.minimum(row[:-1] + differs, row[1:] + 1)])
        # An added word costs one more than the cell before it: a running minimum along the row.
        row = np.minimum.accumulate(best - places) + places
    return int(row[-1])


@dataclass(frozen=True, slots=True)
class Score:
    """Wrong words of so many, and the seconds it took to hear them."""

    wrong: int
    words: int
    seconds: float

    @property
    def rate(self) -> float:
        """The share of wrong words."""
        return self.wrong / max(1, self.words)


def pooled(scores: list[Score]) -> Score:
    """All `scores` as one."""
    return Score(
        sum(score.wrong for score in scores),
        sum(score.words for score in scores),
        sum(score.seconds for score in scores),
    )


# --- hearing ---------------------------------------------------------------------------------------


def transcribe(
    blocks: Iterable[Samples],
    model: Model,
    options: TranscriptOptions,
    *,
    start: float = 0.0,
    language: str = "",
    prompt: tuple[int, ...] = (),
    freed: bool = False,
) -> Iterator[Batch]:
    """The normal run's batches of the sound in `blocks`, which begin at second `start`; the rest as for `Listener`."""
    listener = Listener(model, options, start=start, language=language, prompt=prompt, freed=freed)
    for block in blocks:
        listener.hear(block)
        while batch := listener.batch():
            yield batch
    listener.end()
    while batch := listener.batch():
        yield batch


# --- what is measured ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recording:
    """A file, what is said in it, and in which language."""

    path: Path
    text: str
    language: str


def recordings() -> list[Recording]:
    """Those of the folder in the environment that have a text, else the sample meeting."""
    folder = os.environ.get(SPEECH_VARIABLE)
    if not folder:
        sample = paths.RESOURCES / "sample"
        script = (sample / "script.txt").read_text(encoding="utf-8")
        return [Recording(sample / "meeting.ogg", re.sub(r"(?m)^[A-Z]+: ", "", script), "en")]
    return [
        Recording(path, path.with_suffix(".txt").read_text(encoding="utf-8"), _language(path))
        for path in sorted(Path(folder).glob("*/*"))
        if path.parent.name in {"en", "fr", "meetings"}
        and path.suffix in ENDINGS
        and path.with_suffix(".txt").is_file()
    ]


def _language(path: Path) -> str:
    return "fr" if path.parent.name == "fr" or "_fr_" in path.name else "en"


def model_for(language: str) -> Model | None:
    """The starter for English, for others the folder in the environment, None where there is none."""
    name = "" if language == "en" else os.environ.get(MULTILINGUAL_VARIABLE)
    if name is None:
        return None
    return find_model(TranscriptOptions(model=name, language=language), (), Path(name))


Way = Callable[[Recording], Iterator[str]]


def our_way(model: Model, preset: str = "balanced") -> Way:
    """From the file to stored text, without the library."""

    def hear(recording: Recording) -> Iterator[str]:
        options = TranscriptOptions(language=recording.language, preset=preset)
        for batch in transcribe(media.blocks(recording.path), model, options):
            yield " ".join(segment.text for segment in batch.segments)

    return hear


def bare_whisper(model: Model) -> WhisperModel:
    """faster-whisper by itself, with our compute type and threads."""
    how = unmeasured()
    return WhisperModel(
        model.folder,
        device="cpu",
        compute_type=how.compute_type,
        cpu_threads=how.threads,
        local_files_only=True,
    )


def sequential(whisper: WhisperModel) -> Way:
    """Its own call, one window after the other, as its authors' does best."""

    def hear(recording: Recording) -> Iterator[str]:
        segments, _ = whisper.transcribe(
            str(recording.path),
            language=recording.language,
            beam_size=5,
            vad_filter=True,
            word_timestamps=True,
        )
        yield from (segment.text for segment in segments)

    return hear


def scored(way: Way, recording: Recording) -> Score:
    """The word errors of a way of hearing a recording, and its time."""
    started = time.perf_counter()
    heard = " ".join(way(recording))
    seconds = time.perf_counter() - started
    reference = words(recording.text)
    return Score(word_errors(reference, words(heard)), len(reference), seconds)


# --- the report ------------------------------------------------------------------------------------


def measure(language: str, spoken: list[Recording], model: Model) -> tuple[Score, Score]:
    """(ours, bare) over all recordings of one language, printed with a row for each."""
    ways = (our_way(model), sequential(bare_whisper(model)))
    for way in ways:
        next(way(spoken[0]), None)  # loading the model is not timed
    print(f"{'':38}{'words':>6}{'ours':>9}{'bare':>9}{'time ours/bare':>17}")
    scores: list[tuple[Score, Score]] = []
    for number, recording in enumerate(spoken):
        # Who goes first changes from file to file, so that neither profits from a warm cache.
        if number % 2:
            bare, ours = scored(ways[1], recording), scored(ways[0], recording)
        else:
            ours, bare = scored(ways[0], recording), scored(ways[1], recording)
        scores.append((ours, bare))
        print(
            f"{recording.path.name:38}{ours.words:6}{ours.rate:9.2%}{bare.rate:9.2%}"
            f"{ours.seconds / bare.seconds:17.2f}",
            flush=True,
        )
    ours, bare = pooled([one for one, _ in scores]), pooled([other for _, other in scores])
    length = sum(media.measure(recording.path) for recording in spoken)
    print(f"{language}: {len(spoken)} files, {length / 60:.1f} min, {ours.words} words, model {model.name}")
    for name, score in (("ours", ours), ("bare faster-whisper", bare)):
        print(
            f"  {name:20}word error rate {score.rate:6.2%} ({score.wrong})"
            f"   {score.seconds / length:.3f} of real time"
        )
    print(
        f"  {'ours to bare':20}{100 * (ours.rate - bare.rate):+.2f} points, time × {ours.seconds / bare.seconds:.2f}"
    )
    return ours, bare


def run() -> int:
    """Measures every language there are recordings for.

    1 when English is more than `ALLOWED` worse than bare faster-whisper, 2 without recordings, else 0.
    """
    found = recordings()
    if not found:
        print(f"No recordings with a text beside them in the folder that {SPEECH_VARIABLE} names.")
        return 2
    status = 0
    for language in sorted({recording.language for recording in found}):
        model = model_for(language)
        if model is None:
            print(f"{language}: not measured; {MULTILINGUAL_VARIABLE} names no model folder")
            continue
        spoken = [recording for recording in found if recording.language == language]
        ours, bare = measure(language, spoken, model)
        if language == "en" and ours.rate - bare.rate > ALLOWED:
            print(f"  more than {ALLOWED:.0%} of the words worse: not good enough")
            status = 1
    return status
