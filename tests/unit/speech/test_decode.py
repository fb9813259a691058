"""What was said: places and words, and that a run carried on equals one that was never stopped."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.audio import media
from core.speech import Batch, Listener, decode, find_model
from core.speech.engine import Engine
from core.speech.windows import SAMPLE_RATE, Samples, Window
from core.values import Segment, TranscriptOptions
from tests.benchmarks.word_error_rate import transcribe

OPTIONS = TranscriptOptions()
MODEL = find_model(OPTIONS, (), Path("none"))
SECONDS = 50


@pytest.fixture(scope="module")
def sound() -> Samples:
    """The sample's first sentences, then silence, then some of them again."""
    speech = np.concatenate(list(media.blocks(paths.SAMPLE)))[: SECONDS * media.SAMPLE_RATE]
    silence = np.zeros(40 * media.SAMPLE_RATE, dtype=np.float32)
    return np.concatenate([speech, silence, speech[: 12 * media.SAMPLE_RATE]])


def blocks(sound: Samples, start: float = 0.0) -> Iterator[Samples]:
    for begin in range(round(start * media.SAMPLE_RATE), len(sound), media.SAMPLE_RATE):
        yield sound[begin : begin + media.SAMPLE_RATE]


@pytest.fixture(scope="module")
def batches(sound: Samples) -> list[Batch]:
    return list(transcribe(blocks(sound), MODEL, OPTIONS))


def segments(batches: list[Batch]) -> list[Segment]:
    return [segment for batch in batches for segment in batch.segments]


def test_the_whole_sound_is_covered_in_order(sound: Samples, batches: list[Batch]) -> None:
    places = [batch.reached for batch in batches]
    assert places == sorted(set(places))
    assert places[-1] == len(sound) / media.SAMPLE_RATE
    assert {batch.language for batch in batches} == {"en"}
    reached = 0.0
    for batch in batches:
        for segment in batch.segments:
            assert reached - 0.5 <= segment.start < segment.end <= batch.reached + 0.5
        reached = batch.reached


def test_words_are_in_order_and_in_their_segments(batches: list[Batch]) -> None:
    end = 0.0
    for segment in segments(batches):
        assert segment.text == segment.text.strip() != ""
        assert (segment.start, segment.end) == (segment.words[0].start, segment.words[-1].end)
        for word in segment.words:
            assert end <= word.start <= word.end
            assert type(word.start) is type(word.end) is type(word.probability) is float
            end = word.end


def test_places_are_those_of_the_file_also_after_silence(batches: list[Batch]) -> None:
    found = segments(batches)
    assert "Good morning" in found[0].text
    silent = [
        one for one in found if SECONDS + 1 < one.start < SECONDS + 39 or SECONDS + 2 < one.end < SECONDS + 39
    ]
    assert silent == []
    again = [one for one in found if one.start > SECONDS + 38]
    assert "Good morning" in again[0].text
    assert again[0].start - (SECONDS + 40) == pytest.approx(found[0].start, abs=0.5)


@pytest.mark.parametrize("stopped", [1, -2])
def test_carried_on_it_is_as_if_it_was_never_stopped(
    stopped: int, sound: Samples, batches: list[Batch]
) -> None:
    done = batches[stopped]
    rest = transcribe(
        blocks(sound, done.reached),
        MODEL,
        OPTIONS,
        start=done.reached,
        language=done.language,
        prompt=done.prompt,
    )
    assert list(rest) == batches[batches.index(done) + 1 :]


def test_silence_has_no_text() -> None:
    random = np.random.default_rng(1)
    hiss = random.normal(0, 0.003, 65 * media.SAMPLE_RATE).astype(np.float32)
    found = list(transcribe(blocks(hiss), MODEL, OPTIONS))
    assert segments(found) == []
    assert found[-1].reached == 65.0
    assert list(transcribe([], MODEL, OPTIONS)) == []


def test_a_window_of_improbable_words_is_marked() -> None:
    def heard(probability: float) -> list[str]:
        raw_words = [
            {"start": place / 2, "end": place / 2 + 0.4, "word": f" word{place}", "probability": probability}
            for place in range(10)
        ]
        raw = {"start": 0.0, "end": 5.0, "text": "", "words": raw_words}
        window = Window(0, 6 * SAMPLE_RATE, ((0, np.zeros(6 * SAMPLE_RATE, dtype=np.float32)),))
        return [one.doubt for one in decode._segments(decode._Heard([raw], 5.0, ()), window, "en", 0.0)]

    assert set(heard(decode.DOUBTFUL + 0.01)) == {""}
    assert set(heard(decode.DOUBTFUL - 0.01)) == {"improbable"}


def test_clear_speech_is_not_marked(batches: list[Batch]) -> None:
    assert not any(segment.doubt for segment in segments(batches))


# --- live ----------------------------------------------------------------------------------------


def test_live_text_is_final_at_pauses_and_looked_at_between(sound: Samples) -> None:
    listener = Listener(MODEL, OPTIONS, live=True)
    final: list[Batch] = []
    looks: list[str] = []
    for block in blocks(sound[: 12 * SAMPLE_RATE]):
        listener.hear(block)
        while batch := listener.batch():
            final.append(batch)
        looks.append(listener.interim())
        assert listener.reached <= listener.heard <= listener.arrived
    assert segments(final)[0].text == "Good morning."
    assert any("three topics" in look for look in looks)
    listener.end()
    while batch := listener.batch():
        final.append(batch)
    assert listener.interim() == ""
    assert listener.settled == math.inf
    words = [word for segment in segments(final) for word in segment.words]
    assert all(one.end <= other.start for one, other in itertools.pairwise(words))
    assert final[-1].reached == 12.0


def test_a_window_that_was_looked_at_in_its_pause_is_not_decoded_again(
    sound: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener(MODEL, OPTIONS, live=True)
    listener.hear(sound[: round(10.3 * SAMPLE_RATE)])
    while listener.batch():
        pass
    assert listener.reached < 3.0
    look = listener.interim()
    assert "new version" in look
    monkeypatch.setattr(decode, "_hear", None)
    listener.hear(np.zeros(SAMPLE_RATE, dtype=np.float32))
    batch = listener.batch()
    assert batch
    assert " ".join(segment.text for segment in batch.segments) == look


def test_the_language_of_a_live_stream_is_known_only_after_enough_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Ear:
        def detect_language(self, heard: Samples) -> tuple[str, float, list[tuple[str, float]]]:
            return ("cy", 0.4, []) if len(heard) < 2 * SAMPLE_RATE else ("fr", 0.9, [])

    monkeypatch.setattr(Engine, "_load", lambda _engine: Ear())
    Engine.release()
    any_language = replace(MODEL, languages=())
    listener = Listener(any_language, OPTIONS, live=True)
    found = [
        (listener._detected(np.zeros(seconds * SAMPLE_RATE, np.float32)), listener.language)
        for seconds in (1, 4, 1, 3)
    ]
    assert found == [("cy", ""), ("fr", ""), ("cy", ""), ("fr", "fr")]
    normal = Listener(any_language, OPTIONS)
    assert (normal._detected(np.zeros(SAMPLE_RATE, np.float32)), normal.language) == ("cy", "cy")
    Engine.release()
