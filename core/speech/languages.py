"""Which language is spoken: as a multilingual model hears it, or whether it is English to one that knows no other.

An English-only model has no idea of languages, but how sure it is of its words tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.speech.detector import SAMPLE_RATE, Samples
from core.speech.engine import Engine
from core.speech.listener import Listener
from core.speech.windows import Speech
from core.values import Model, Segment, TranscriptOptions

ENGLISH = 0.63
"""Mean word probability from which on text is English. Measured with the starter over the first words of real files:
English ones lie from 0.68 (a far microphone) to 0.95, French ones from 0.30 to 0.58."""

FEWEST_WORDS = 8
"""Words below which that mean says nothing."""

CLEARLY = 0.75
CLEAR_WORDS = 12
"""Mean word probability of a segment of so many words from which on it alone is English, whatever stands around it:
measured in the same way, those of French files lie up to 0.60, those of English ones between French from 0.83."""

LIVE_ENGLISH = 0.55
LIVE_WORDS = 30
"""The same while a meeting is being recorded, where windows are short and tell less each: over their first 30 words
English files lie from 0.69 (a far microphone) to 0.97, French ones from 0.22 to 0.42."""

LIKELY = 0.05
"""Certainty from which on a language is worth a word."""

LIGHT = 200_000_000
"""Bytes of a model with which three stretches are heard within seconds; with a larger one two are."""


def stretches_wanted(model: Model) -> int:
    """How many stretches of a meeting the model hears before its language is believed."""
    return 3 if model.size <= LIGHT else 2


def languages_in(model: Model, options: TranscriptOptions, sound: Samples) -> Mapping[str, float]:
    """How much each language is in the first speech of `sound` (mono float32 at 16 kHz): its probability times the
    length of that speech, in seconds.

    Empty where nobody speaks. By the language token of Whisper's decoder (Radford et al. 2022, section 2.3); `model`
    is a multilingual one. Raises `ModelDamaged` or `ModelTooLarge`.
    """
    speech = Speech()
    speech.hear(sound)
    speech.end()
    while window := speech.window():
        if window.pieces:
            break
        speech.pass_to(window.end)
    if window is None:
        return {}
    heard = window.sound
    engine = Engine.of(model, options.compute_type)
    _best, _probability, every = engine.attempt(lambda whisper: whisper.detect_language(heard))
    return {code: probability * len(heard) / SAMPLE_RATE for code, probability in every}


def pooled(heard: Sequence[Mapping[str, float]]) -> tuple[tuple[str, float], ...]:
    """The likely languages of stretches, each with its certainty (0 to 1), the likeliest first.

    It is the mean over the stretches, a long one counting more: where one is in another language than the others,
    none is certain.
    """
    sums: dict[str, float] = {}
    for one in heard:
        for code, weight in one.items():
            sums[code] = sums.get(code, 0.0) + weight
    whole = sum(sums.values())
    best = sorted(((weight / whole, code) for code, weight in sums.items()), reverse=True)
    return tuple(
        (code, round(share, 4)) for place, (share, code) in enumerate(best) if not place or share >= LIKELY
    )


def sounds_english(segments: Sequence[Segment], *, live: bool = False) -> bool | None:
    """Whether what an English-only model understood was English, or some of it was, by its words; None where they are
    too few."""
    if any(_clear(segment) for segment in segments):
        return True
    sure = [word.probability for segment in segments for word in segment.words]
    fewest, limit = (LIVE_WORDS, LIVE_ENGLISH) if live else (FEWEST_WORDS, ENGLISH)
    return sum(sure) / len(sure) >= limit if len(sure) >= fewest else None


def _clear(segment: Segment) -> bool:
    sure = [word.probability for word in segment.words]
    return len(sure) >= CLEAR_WORDS and not segment.doubt and sum(sure) / len(sure) >= CLEARLY


def any_english(model: Model, stretches: Iterable[Samples]) -> bool:
    """Whether one of the `stretches` is English to an English-only model; those after it are not heard.

    A stretch is mono float32 at 16 kHz. Raises `ModelDamaged` or `ModelTooLarge`.
    """
    for sound in stretches:
        listener = Listener(model, TranscriptOptions(model=model.name, language="en"))
        listener.hear(sound)
        listener.end()
        segments: list[Segment] = []
        while batch := listener.batch():
            segments += batch.segments
        if sounds_english(segments):
            return True
    return False
