"""Whether an English-only model hears English, by how sure it is of its words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.audio import media
from core.speech import any_english, find_model, sounds_english
from core.speech.languages import ENGLISH, FEWEST_WORDS
from core.speech.windows import Samples
from core.values import Segment, TranscriptOptions, Word


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
