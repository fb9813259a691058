"""How late and how good the text of a running recording is, beside the normal run's.

Sound arrives by a clock of its own, in blocks, as late as a recording's file hands it over. That clock goes on by
the time that each step of listening really takes on this machine, and stands still otherwise: the delays are
those of a real recording, measured in less time. An utterance ends where the detector finds a pause, and its text is
final when a stored segment reaches that far. Recordings as for `word_error_rate`, each language by itself.

Of the text that is shown while somebody still speaks it is counted which words do not stand in the final text at that
place, and how late after its end each word is seen for the first time.
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.audio import media
from core.speech import Batch, Listener
from core.speech.detector import FRAME, SAMPLE_RATE, Detector, Samples
from core.speech.windows import PAUSE, _speech
from core.values import Model, TranscriptOptions
from tests.benchmarks.word_error_rate import (
    Recording,
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

BEYOND = 8
"""Words beyond as many as an interim text has, among which the final text may say them."""

TEN_MINUTES = 600.0

MEDIAN, PERCENTILE_95, WORSE, COMPLETE = 2.0, 4.0, 0.02, 5.0
"""The goals: seconds, seconds, share of the words, seconds."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A stream heard live: its text, when how much of it was certain, and when all was, by the sound's clock.

    `said` are the words with the seconds at which each ends and is certain; `shown` are the interim texts, each with
    its moment and how many words stood before it.
    """

    text: str
    certain: tuple[tuple[float, float], ...]
    complete: float
    said: tuple[tuple[str, float, float], ...]
    shown: tuple[tuple[float, int, tuple[str, ...]], ...]
    computed: float


def hear(sound: Samples, model: Model, language: str) -> Heard:
    """Hears `sound` while it comes."""
    listener = Listener(model, TranscriptOptions(language=language), live=True)
    now, fed, length = 0.0, 0, len(sound) / SAMPLE_RATE
    texts: list[str] = []
    certain: list[tuple[float, float]] = []
    said: list[tuple[str, float, float]] = []
    shown: list[tuple[float, int, tuple[str, ...]]] = []
    computed = 0.0
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
        interim = listener.interim() if batch is None and fed < len(sound) else ""
        took = time.perf_counter() - began
        computed += took
        now += took
        if batch:
            texts += [segment.text for segment in batch.segments]
            certain.append((batch.reached, now))
            said += [(plain, end, now) for text, end in _spoken(batch) for plain in words(text)]
        elif fed == len(sound):
            return Heard(" ".join(texts), tuple(certain), now, tuple(said), tuple(shown), computed)
        else:
            if not shown or (len(said), tuple(words(interim))) != shown[-1][1:]:
                shown.append((now, len(said), tuple(words(interim))))
            now += LOOK


def _spoken(batch: Batch) -> list[tuple[str, float]]:
    """The words as they are written, each with the second at which it ends; the engine splits at apostrophes."""
    spoken: list[tuple[str, float]] = []
    for word in (word for segment in batch.segments for word in segment.words):
        before = spoken.pop()[0] if spoken and not word.text.startswith(" ") else ""
        spoken.append((before + word.text, word.end))
    return spoken


@dataclass(frozen=True, slots=True)
class Interims:
    """How often a word came into sight in interim texts, how often it is another one in the final text there, how often
    one went again, and the seconds from each word's end until it is first seen, in an interim text or in the final one.
    """

    seen: int
    wrong: int
    withdrawn: int
    delays: tuple[float, ...]


def interims(heard: Heard) -> Interims:
    """What the interim texts of a stream were worth."""
    final = [word for word, _end, _certain in heard.said]
    first = [certain for _word, _end, certain in heard.said]
    seen = wrong = withdrawn = 0
    before: tuple[int, tuple[str, ...]] = (0, ())
    for now, place, said in heard.shown:
        old = before[1] if before[0] == place else ()
        before = place, said
        right = _same(said, final[place : place + len(said) + BEYOND])
        for other in right.values():
            first[place + other] = min(first[place + other], now)
        kept = _same(said, old)
        withdrawn += len(old) - len(kept)
        seen += len(said) - len(kept)
        wrong += len([one for one in range(len(said)) if one not in kept and one not in right])
    ends = [end for _word, end, _certain in heard.said]
    return Interims(seen, wrong, withdrawn, tuple(at - end for at, end in zip(first, ends, strict=True)))


def _same(said: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """The places of the words of `said` that stand in `other`, in their order, and where."""
    matcher = difflib.SequenceMatcher(None, said, other, autojunk=False)
    return {one.a + step: one.b + step for one in matcher.get_matching_blocks() for step in range(one.size)}


def utterances(sound: Samples) -> list[float]:
    """The seconds at which somebody has ended, as the detector finds them in the whole sound."""
    frames = np.pad(sound, (0, -len(sound) % FRAME)).reshape(-1, FRAME)
    return [end / SAMPLE_RATE for _, end in _speech(Detector().probabilities(frames), PAUSE)]


def run() -> int:
    """Prints the figures; 1 where one of them misses its goal."""
    starter = model_for("en")
    if starter is None:
        return 2
    reached = True
    for language in ("en", "fr"):
        model = model_for(language)
        spoken = [one for one in recordings() if one.language == language]
        if model and spoken:
            reached &= _measured(spoken, model, language)
    sounds = [_sound(one) for one in recordings() if one.language == "en"]
    ten = np.resize(np.concatenate(sounds), round(TEN_MINUTES * SAMPLE_RATE))
    complete = hear(ten, starter, "en").complete - TEN_MINUTES
    print(f"complete {complete:.2f} s after the stop of a recording of ten minutes")
    return 0 if reached and complete <= COMPLETE else 1


def _sound(recording: Recording) -> Samples:
    return np.concatenate(list(media.blocks(recording.path)))


def _measured(spoken: Sequence[Recording], model: Model, language: str) -> bool:
    """Prints the figures of the recordings in a language; whether they reach their goals."""
    live, normal, delays = [], [], []
    seconds = 0.0
    looks: list[Interims] = []
    for recording in spoken:
        sound = _sound(recording)
        reference = words(recording.text)
        heard = hear(sound, model, language)
        began = time.perf_counter()
        batches = list(transcribe([sound], model, TranscriptOptions(language=language)))
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
        looks.append(interims(heard))
        print(
            f"{recording.path.name:34}{len(reference):5} words  live {live[-1].rate:7.2%}  normal"
            f" {normal[-1].rate:7.2%}  delay median {np.median(late):5.2f} s  most {max(late):5.2f} s"
            f"  interim {looks[-1].wrong} of {looks[-1].seen} words wrong",
            flush=True,
        )
    median, percentile = float(np.median(delays)), float(np.percentile(delays, 95))
    ours, theirs = pooled(live), pooled(normal)
    print(
        f"{language}: {len(delays)} utterances: delay to the final text median {median:.2f} s, 95th percentile"
        f" {percentile:.2f} s"
    )
    seen, wrong, withdrawn = (
        sum(getattr(look, field) for look in looks) for field in ("seen", "wrong", "withdrawn")
    )
    first = [delay for look in looks for delay in look.delays]
    print(
        f"{language}: interim words that are not in the final text {wrong / max(1, seen):.2%} ({wrong} of {seen},"
        f" {withdrawn} withdrawn); word first seen after median {np.median(first):.2f} s, 95th percentile"
        f" {np.percentile(first, 95):.2f} s"
    )
    print(
        f"{language}: word error rate live {ours.rate:.2%} ({ours.wrong}), normal {theirs.rate:.2%} ({theirs.wrong})"
    )
    print(
        f"{language}: computing {ours.seconds / seconds:.3f} of real time live, {theirs.seconds / seconds:.3f} normal"
    )
    return median <= MEDIAN and percentile <= PERCENTILE_95 and ours.rate - theirs.rate <= WORSE
