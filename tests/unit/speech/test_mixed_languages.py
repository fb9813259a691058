"""A window in which the language changes: it is cut at the pause where it does, and each part heard in its own."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.speech import decode, find_model
from core.speech.decode import Heard, Spoken
from core.speech.detector import SAMPLE_RATE, Samples
from core.speech.engine import Engine
from core.values import TranscriptOptions
from tests.benchmarks.word_error_rate import transcribe
from tests.unit.speech.conftest import blocks, sound

OPTIONS = TranscriptOptions()
STARTER = find_model(OPTIONS, (), Path("none"))
ENGLISH, FRENCH = {"en": 0.98, "fr": 0.01}, {"fr": 0.98, "en": 0.01}

Told = tuple[Mapping[str, float], ...]


class Ears:
    """In place of the engine: windows sound as `whole` says, their parts as `parts` says, and all words are alike."""

    def __init__(self, whole: Told, parts: Sequence[Mapping[str, float]], probability: float = 0.9) -> None:
        self._whole, self._parts, self._probability = whole, parts, probability
        self.heard: list[tuple[str, float]] = []
        self.looked: list[float] = []

    def decoded(
        self,
        _whisper: object,
        sounds: Sequence[Samples],
        spoken: Spoken,
        *_given: object,
        timed: bool,
        **_least: int,
    ) -> list[Heard]:
        told = [self._whole] * len(sounds) if callable(spoken) else [()] * len(sounds)
        languages = spoken([one[0] for one in told]) if callable(spoken) else spoken
        found = []
        for one, language, by in zip(sounds, languages, told, strict=True):
            seconds = len(one) / SAMPLE_RATE
            if not timed:
                self.heard.append((language, round(seconds, 1)))
            times = [(place / 2, place / 2 + 0.5) for place in range(int(seconds * 2))]
            words = [
                {"start": begin, "end": end, "word": f" {language}", "probability": self._probability}
                for begin, end in times
            ]
            raw: dict[str, Any] = {"start": 0.0, "end": seconds, "text": language, "words": words}
            found.append(Heard([raw], seconds, seconds, language=language, languages=by))
        return found

    def languages_of(self, _whisper: object, sounds: Sequence[Samples]) -> list[Mapping[str, float]]:
        self.looked += [round(len(one) / SAMPLE_RATE, 1) for one in sounds]
        return list(self._parts)


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [
        ((ENGLISH, ENGLISH, FRENCH), [ENGLISH, FRENCH], [("en", 6.3), ("fr", 9.3)]),
        ((ENGLISH, FRENCH, ENGLISH), [FRENCH, ENGLISH], [("fr", 6.3), ("en", 9.3)]),
        (({"en": 0.45, "fr": 0.4},), [ENGLISH, FRENCH], [("en", 6.3), ("fr", 9.3)]),
        # It is in one language after all.
        (({"en": 0.45, "fr": 0.4},), [ENGLISH, ENGLISH], []),
        (({"en": 0.45, "fr": 0.4},), [FRENCH, FRENCH], [("fr", 15.6)]),
    ],
)
def test_a_window_of_two_languages_is_heard_in_both(
    whole: Told,
    parts: list[Mapping[str, float]],
    expected: list[tuple[str, float]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ears = patched(monkeypatch, Ears(whole, parts))
    found = transcribed()
    assert ears.looked == [6.3, 9.3]
    assert ears.heard == [("en", 15.6), *expected]
    assert {one.text.split()[0]: one.language for one in found} == {
        code: code for code, _seconds in expected or ears.heard
    }
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


@pytest.mark.usefixtures("ears")
def test_a_window_that_is_plainly_in_one_language_is_not_looked_at_closely(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ears = patched(monkeypatch, Ears((ENGLISH, ENGLISH, ENGLISH), []))
    transcribed()
    assert ears.looked == []
    assert ears.heard == [("en", 15.6)]
    ears = patched(monkeypatch, Ears((ENGLISH,), [FRENCH, ENGLISH], 0.3))
    transcribed()
    assert ears.looked == [6.3, 9.3], "its words were improbable"
    assert ears.heard[1:] == [("fr", 6.3), ("en", 9.3)]


def patched(monkeypatch: pytest.MonkeyPatch, ears: Ears) -> Ears:
    """The ears in place of the engine, whose model is taken for one of all languages."""
    monkeypatch.setattr(decode, "decoded", ears.decoded)
    monkeypatch.setattr(decode, "languages_of", ears.languages_of)
    engine = Engine.of(STARTER)
    monkeypatch.setattr(Engine, "of", lambda *_given: engine)
    return ears


def transcribed() -> list[Any]:
    """Six seconds, a pause, and nine more, by a model of all languages."""
    model = replace(STARTER, languages=())
    return [
        one
        for batch in transcribe(blocks(sound(6.0, 0.6, 9.0)), model, OPTIONS)
        for one in batch.segments
        if one.text
    ]
