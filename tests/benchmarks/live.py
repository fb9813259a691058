"""How late and how good the text of a running recording is, beside the normal run's.

Sound arrives by a clock of its own, in blocks, as late as a recording's file hands it over. That clock goes on by
the time that each step of listening really takes on this machine, and stands still otherwise: the delays are
those of a real recording, measured in less time. An utterance ends where the detector finds a pause, and its text is
final when a stored segment reaches that far. Recordings as for `word_error_rate`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from core.audio import media
from core.speech import Listener
from core.speech.detector import FRAME, SAMPLE_RATE, Detector, Samples
from core.speech.windows import PAUSE, _speech
from core.values import Model, TranscriptOptions
from tests.benchmarks.word_error_rate import (
    Score,
    model_for,
    pooled,
    recordings,
    transcribe,
    word_errors,
    words,
)

BLOCK = 0.25
"""Seconds after which a recording is written on."""
LATE = 0.4
"""Seconds from a sound to the recording's file: blocks of the device, the encoder, and the page that is held back."""
LOOK = 0.1
"""Seconds after which the job looks at the file again."""

TEN_MINUTES = 600.0

MEDIAN, PERCENTILE_95, WORSE, COMPLETE = 2.0, 4.0, 0.02, 5.0
"""The goals: seconds, seconds, share of the words, seconds."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A stream heard live: its text, when how much of it was certain, and when all was, by the sound's clock."""

    text: str
    certain: tuple[tuple[float, float], ...]
    complete: float
    interims: int
    computed: float


def hear(sound: Samples, model: Model) -> Heard:
    """Hears `sound` while it comes."""
    listener = Listener(model, TranscriptOptions(language="en"), live=True)
    now, fed, length = 0.0, 0, len(sound) / SAMPLE_RATE
    texts: list[str] = []
    certain: list[tuple[float, float]] = []
    interim, interims, computed = "", 0, 0.0
    while True:
        there = now - LATE
        until = len(sound) if there >= length else max(0, round(there // BLOCK * BLOCK * SAMPLE_RATE))
        began = time.perf_counter()
        if until > fed:
            listener.hear(sound[fed:until])
            fed = until
        if fed == len(sound):
            listener.end()
        batch = listener.batch()
        if batch is None and fed < len(sound):
            seen = listener.interim()
            interims += seen not in ("", interim)
            interim = seen
        took = time.perf_counter() - began
        computed += took
        now += took
        if batch:
            texts += [segment.text for segment in batch.segments]
            certain.append((batch.reached, now))
        elif fed == len(sound):
            return Heard(" ".join(texts), tuple(certain), now, interims, computed)
        else:
            now += LOOK


def utterances(sound: Samples) -> list[float]:
    """The seconds at which somebody has ended, as the detector finds them in the whole sound."""
    frames = np.pad(sound, (0, -len(sound) % FRAME)).reshape(-1, FRAME)
    return [end / SAMPLE_RATE for _, end in _speech(Detector().probabilities(frames), PAUSE)]


def run() -> int:
    """Prints the figures; 1 where one of them misses its goal."""
    model = model_for("en")
    if model is None:
        return 2
    live, normal, delays = [], [], []
    sounds: list[Samples] = []
    seconds = computed = 0.0
    for recording in recordings():
        if recording.language != "en":
            continue
        sound = np.concatenate(list(media.blocks(recording.path)))
        sounds.append(sound)
        reference = words(recording.text)
        heard = hear(sound, model)
        began = time.perf_counter()
        batches = list(transcribe([sound], model, TranscriptOptions(language="en")))
        took = time.perf_counter() - began
        text = " ".join(segment.text for batch in batches for segment in batch.segments)
        live.append(Score(word_errors(reference, words(heard.text)), len(reference), heard.computed))
        normal.append(Score(word_errors(reference, words(text)), len(reference), took))
        late = [
            next(now for reached, now in heard.certain if reached >= min(end, heard.certain[-1][0])) - end
            for end in utterances(sound)
        ]
        delays += late
        seconds += len(sound) / SAMPLE_RATE
        computed += heard.computed
        print(
            f"{recording.path.name:34}{len(reference):5} words  live {live[-1].rate:7.2%}  normal"
            f" {normal[-1].rate:7.2%}  delay median {np.median(late):5.2f} s  most {max(late):5.2f} s"
            f"  {heard.interims} interim texts",
            flush=True,
        )
    median, percentile = float(np.median(delays)), float(np.percentile(delays, 95))
    ours, theirs = pooled(live), pooled(normal)
    print(
        f"{len(delays)} utterances: delay to the final text median {median:.2f} s, 95th percentile {percentile:.2f} s"
    )
    print(f"word error rate live {ours.rate:.2%} ({ours.wrong}), normal {theirs.rate:.2%} ({theirs.wrong})")
    print(f"computing: {computed / seconds:.3f} of real time live, {theirs.seconds / seconds:.3f} normal")
    joined = np.concatenate(sounds)
    ten = np.resize(joined, round(TEN_MINUTES * SAMPLE_RATE))
    complete = hear(ten, model).complete - TEN_MINUTES
    print(f"complete {complete:.2f} s after the stop of a recording of ten minutes")
    reached = (
        median <= MEDIAN
        and percentile <= PERCENTILE_95
        and ours.rate - theirs.rate <= WORSE
        and complete <= COMPLETE
    )
    return 0 if reached else 1
