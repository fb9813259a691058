"""Which language is heard, and whether an English-only model hears English, by how sure it is of its words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import paths
from core.audio import media
from core.speech import (
    Engine,
    any_english,
    find_model,
    languages_in,
    pooled,
    sounds_english,
    stretches_wanted,
)
from core.speech.detector import Samples
from core.speech.languages import CLEAR_WORDS, CLEARLY, ENGLISH, FEWEST_WORDS, LIGHT
from core.values import Model, Segment, TranscriptOptions, Word
from tests.unit.speech.conftest import sound


def said(count: int, probability: float) -> Segment:
    words = tuple(Word(float(place), place + 0.5, " word", probability) for place in range(count))
    return Segment(0.0, float(count), " word" * count, words=words)


@pytest.mark.parametrize(
    ("segments", "english"),
    [
        ([], None),
        ([said(FEWEST_WORDS - 1, 0.1)], None),
        ([said(FEWEST_WORDS, ENGLISH - 0.01)], False),
        ([said(FEWEST_WORDS, ENGLISH + 0.01)], True),
        ([said(4, 0.2), said(16, 0.9)], True),
        ([said(16, 0.2), said(4, 0.9)], False),
        # A whole sentence that is English among others that are not.
        ([said(60, 0.3), said(CLEAR_WORDS, CLEARLY + 0.01)], True),
        ([said(60, 0.3), said(CLEAR_WORDS - 1, CLEARLY + 0.01)], False),
        ([said(60, 0.3), replace(said(CLEAR_WORDS, 0.9), doubt="repeated")], False),
    ],
)
def test_it_is_told_by_how_sure_the_words_are(segments: list[Segment], english: bool | None) -> None:
    assert sounds_english(segments) is english


def test_a_jingle_does_not_hide_the_english_after_it(tmp_path: Path) -> None:
    model = find_model(TranscriptOptions(), (), tmp_path)
    heard: list[str] = []

    def stretches() -> Iterator[Samples]:
        heard.append("silence")
        yield np.zeros(5 * media.SAMPLE_RATE, dtype=np.float32)
        heard.append("speech")
        yield np.concatenate(list(itertools.islice(media.blocks(paths.SAMPLE), 12)))
        heard.append("more")
        yield np.zeros(media.SAMPLE_RATE, dtype=np.float32)

    assert any_english(model, stretches())
    assert heard == ["silence", "speech"]
    assert not any_english(model, [np.zeros(5 * media.SAMPLE_RATE, dtype=np.float32)])


MODEL = Model("base", "/models/base", (), LIGHT)


class Linguist:
    """In place of an engine: the louder the first samples are, the more they are French."""

    def attempt(self, do: Callable[[Any], Any]) -> Any:
        return do(self)

    def detect_language(self, heard: Samples) -> tuple[str, float, list[tuple[str, float]]]:
        french = float(np.abs(heard).max())
        return "", 0.0, [("fr", french), ("en", 1 - french)]


@pytest.mark.usefixtures("ears")
def test_the_first_speech_is_asked_for_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "of", lambda _model, _compute_type: Linguist())
    quiet = np.zeros(70 * media.SAMPLE_RATE, dtype=np.float32)
    spoken = np.concatenate([quiet, sound(4.0)])
    heard = languages_in(MODEL, TranscriptOptions(), spoken)
    assert set(heard) == {"fr", "en"}
    assert 4.0 <= sum(heard.values()) <= 5.0, "the speech and its margins, in seconds"
    assert languages_in(MODEL, TranscriptOptions(), quiet) == {}


def test_a_meeting_in_two_languages_is_certain_of_none() -> None:
    assert pooled([{"fr": 29.4, "en": 0.6}, {"fr": 9.9, "en": 0.1}]) == (("fr", 0.9825),)
    assert pooled([{"fr": 20.0}, {"en": 10.0}]) == (("fr", 0.6667), ("en", 0.3333))
    assert pooled([{"de": 3.0, "nl": 3.0}]) == pooled([{"nl": 3.0, "de": 3.0}])


def test_large_models_hear_fewer_stretches() -> None:
    assert stretches_wanted(MODEL) == 3
    assert stretches_wanted(Model("large-v3", "/models/large", (), 3 * 10**9)) == 2
