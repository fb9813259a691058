"""Whether a model that knows only English hears English: it has no idea of languages, but how sure it is tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.speech.decode import Listener
from core.speech.windows import Samples
from core.values import Model, Segment, TranscriptOptions

ENGLISH = 0.63
"""Mean word probability from which on text is English. Measured with the starter over the first words of real files:
English ones lie from 0.68 (a far microphone) to 0.95, French ones from 0.30 to 0.58."""

FEWEST_WORDS = 8
"""Words below which that mean says nothing."""


def sounds_english(segments: Sequence[Segment]) -> bool | None:
    """Whether what an English-only model understood was English, by its words; None where they are too few."""
    sure = [word.probability for segment in segments for word in segment.words]
    return sum(sure) / len(sure) >= ENGLISH if len(sure) >= FEWEST_WORDS else None


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
