"""What was said: places and words, and that a run carried on equals one that was never stopped."""

from __future__ import annotations

import itertools
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core import paths
from core.audio import media
from core.speech import Batch, Listener, decode, find_model, hypotheses, listener, sentences
from core.speech.detector import SAMPLE_RATE, Samples
from core.speech.engine import Engine
from core.speech.hypotheses import Hypothesis
from core.speech.windows import Window
from core.values import Segment, TranscriptOptions
from tests.benchmarks.word_error_rate import transcribe, words
from tests.unit.speech.conftest import blocks
from tests.unit.speech.conftest import sound as scripted_sound

OPTIONS = TranscriptOptions()
MODEL = find_model(OPTIONS, (), Path("none"))
SECONDS = 50


@pytest.fixture(scope="module")
def sound() -> Samples:
    """The sample's first sentences, then silence, then some of them again."""
    speech = np.concatenate(list(media.blocks(paths.SAMPLE)))[: SECONDS * media.SAMPLE_RATE]
    silence = np.zeros(40 * media.SAMPLE_RATE, dtype=np.float32)
    return np.concatenate([speech, silence, speech[: 12 * media.SAMPLE_RATE]])


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


def test_carried_on_it_is_as_if_it_was_never_stopped(sound: Samples) -> None:
    sound = sound[: 60 * SAMPLE_RATE]
    whole = list(transcribe(blocks(sound), MODEL, OPTIONS))
    assert len(whole) > 1
    done = whole[0]
    rest = transcribe(
        blocks(sound, round(done.reached * SAMPLE_RATE)),
        MODEL,
        OPTIONS,
        start=done.reached,
        language=done.language,
        prompt=done.prompt,
    )
    assert list(rest) == whole[1:]


def test_silence_has_no_text() -> None:
    random = np.random.default_rng(1)
    hiss = random.normal(0, 0.003, 65 * media.SAMPLE_RATE).astype(np.float32)
    found = list(transcribe(blocks(hiss), MODEL, OPTIONS))
    assert segments(found) == []
    assert found[-1].reached == 65.0
    assert list(transcribe([], MODEL, OPTIONS)) == []


def placed(heard: decode.Heard, seconds: float) -> list[Segment]:
    window = Window(
        0, round(seconds * SAMPLE_RATE), ((0, np.zeros(round(seconds * SAMPLE_RATE), np.float32)),)
    )
    return list(sentences.segments_of(heard, window, "en", 0.0, seconds))


def test_a_window_of_improbable_words_is_marked() -> None:
    def heard(probability: float) -> list[str]:
        raw_words = [
            {"start": place / 2, "end": place / 2 + 0.4, "word": f" word{place}", "probability": probability}
            for place in range(10)
        ]
        raw = {"start": 0.0, "end": 5.0, "text": "", "words": raw_words}
        return [one.doubt for one in placed(decode.Heard([raw], 5.0, 5.0), 6.0)]

    assert set(heard(sentences.DOUBTFUL + 0.01)) == {""}
    assert set(heard(sentences.DOUBTFUL - 0.01)) == {"improbable"}


def test_words_that_could_not_be_aligned_keep_the_times_of_their_stretch() -> None:
    aligned = {"start": 1.0, "end": 1.5, "word": " Twelve", "probability": 0.9}
    raw = [
        {"start": 1.0, "end": 2.0, "text": "Twelve", "words": [aligned]},
        {"start": 2.0, "end": 4.5, "text": "or 13", "words": []},
    ]
    (segment,) = placed(decode.Heard(raw, 5.0, 4.5), 6.0)
    assert [(word.start, word.end, word.text, word.probability) for word in segment.words] == [
        (1.0, 1.5, " Twelve", 0.9),
        (2.0, 4.5, " or 13", 0.0),
    ]
    assert (segment.start, segment.end, segment.text) == (1.0, 4.5, "Twelve or 13")


def test_a_window_is_decoded_on_after_its_last_text_also_where_that_could_not_be_aligned() -> None:
    segments = [
        {"start": 1.0, "end": 2.0, "tokens": [1, 2], "words": [{"start": 1.0, "end": 1.5, "word": " So"}]},
        {"start": 2.0, "end": 4.5, "tokens": [3], "words": []},
        {"start": 4.5, "end": 5.0, "tokens": [], "words": []},
    ]
    whisper: Any = SimpleNamespace(
        feature_extractor=SimpleNamespace(time_per_frame=0.01),
        _split_segments_by_timestamps=lambda *_given: (segments, 3000, False),
        add_word_timestamps=lambda *_given, **_options: None,
    )
    tokenizer: Any = SimpleNamespace(decode=lambda tokens: " text" if tokens else "")
    tried = Hypothesis([1, 2, 3], -0.3, repeats=False, no_speech=0.1)
    encoded: Any = None
    found = decode._aligned(whisper, tokenizer, tried, encoded, 3000)
    assert (found.passed, found.said, found.tokens) == (4.5, 4.5, (1, 2, 3))
    assert [(one["start"], one["end"]) for one in found.segments] == [(1.0, 2.0), (2.0, 4.5)]


def segments_as_heard(text: str) -> list[dict[str, Any]]:
    """What the engine makes of a text of which a word is said every half a second."""
    words_heard = [
        {"start": place / 2, "end": place / 2 + 0.4, "word": f" {word}", "probability": 0.9}
        for place, word in enumerate(text.split())
    ]
    return [{"start": 0.0, "end": words_heard[-1]["end"], "text": text, "words": words_heard}]


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize(
    ("alone", "expected"),
    [
        (("Thank you very much.", "And that is all."), "Thank you very much. And that is all."),
        (("So we begin, please.", "Thank you very much."), "So we begin, please. Thank you very much."),
        (("Thank you very much.", "Thank you very much."), "Thank you very much. Thank you very much."),
    ],
)
def test_what_comes_again_at_once_is_heard_by_itself_each_time(
    alone: tuple[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[float]] = []

    def engine(
        _whisper: object, sounds: Sequence[Samples], *_given: object, timed: bool, **_least: int
    ) -> list[decode.Heard]:
        assert not timed
        texts = alone if calls else ("Thank you very much. Thank you very much!",)
        calls.append([round(len(one) / SAMPLE_RATE, 1) for one in sounds])
        found = [segments_as_heard(text) for text in texts[: len(sounds)]]
        return [
            decode.Heard(one, one[-1]["end"], one[-1]["end"], language="en", again=decode._again(one))
            for one in found
        ]

    monkeypatch.setattr(decode, "decoded", engine)
    found = segments(list(transcribe(blocks(scripted_sound(4.0)), MODEL, OPTIONS)))
    assert " ".join(one.text for one in found) == expected
    assert [sum(lengths) for lengths in calls] == pytest.approx([4.0, 4.0], abs=0.11)
    assert calls[1] == pytest.approx([1.95, 2.05], abs=0.11)
    assert [one.doubt for one in found] == [""] * len(found)


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize("text", ["", "Thank you very much."])
def test_what_perhaps_somebody_says_is_marked_also_where_it_is_nothing(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def engine(
        _whisper: object, sounds: Sequence[Samples], *_given: object, timed: bool, **_least: int
    ) -> list[decode.Heard]:
        assert not timed
        found = segments_as_heard(text) if text else []
        return [decode.Heard(found, 1.0, 1.0, language="en")] * len(sounds)

    monkeypatch.setattr(decode, "decoded", engine)
    stream = scripted_sound(0.0, 6.0)
    stream[3 * SAMPLE_RATE : round(3.25 * SAMPLE_RATE)] = 0.1
    (found,) = segments(list(transcribe(blocks(stream), MODEL, OPTIONS)))
    assert (found.text, found.doubt) == (text, "no_speech" if text else "perhaps")
    assert 2.4 < found.start < found.end < 3.9


def test_clear_speech_is_not_marked(batches: list[Batch]) -> None:
    assert not any(segment.doubt for segment in segments(batches))


# --- the ladder ------------------------------------------------------------------------------------

GOOD, IMPROBABLE, LOOP = (-0.3, False, 0.1), (-1.4, False, 0.1), (-0.2, True, 0.1)
LESS_IMPROBABLE, SILENT = (-1.1, False, 0.1), (-1.4, False, 0.9)
"""(mean log probability, whether it repeats itself, no speech) of a text."""


@pytest.mark.parametrize(
    ("tries", "calls", "chosen"),
    [
        ([[GOOD, IMPROBABLE], [GOOD]], [2, 1], [0, 1]),
        ([[LOOP, GOOD], [LOOP], [GOOD]], [2, 1, 1], [2, 0]),
        ([[IMPROBABLE, LOOP], [LESS_IMPROBABLE, IMPROBABLE], [LOOP, LOOP]], [2, 2, 2], [1, 1]),
        ([[SILENT, IMPROBABLE], [LOOP], [LESS_IMPROBABLE]], [2, 1, 1], [0, 2]),
    ],
)
def test_an_improbable_or_repeated_text_is_tried_in_other_ways_and_the_best_is_taken(
    tries: list[list[tuple[float, bool, float]]],
    calls: list[int],
    chosen: list[int],
    sound: Samples,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[int] = []

    def tried(
        _whisper: object,
        _tokenizer: object,
        _encoded: object,
        count: int,
        _prompt: object,
        _beam: int,
        step: int = 0,
    ) -> list[list[Hypothesis]]:
        called.append(count)
        # The token tells which try it was.
        return [
            [Hypothesis([1000 + step], one, repeats, silent, step)] for one, repeats, silent in tries[step]
        ]

    monkeypatch.setattr(hypotheses, "_tried", tried)
    sounds = [sound[: 2 * SAMPLE_RATE], sound[2 * SAMPLE_RATE : 5 * SAMPLE_RATE]]
    found = Engine.of(MODEL).attempt(
        lambda whisper: decode.decoded(whisper, sounds, ["en"] * len(sounds), OPTIONS)
    )
    assert called == calls
    assert [one.tokens for one in found] == [(1000 + step,) for step in chosen]
    assert [one.certain for one in found] == [step < hypotheses.CERTAIN_STEPS for step in chosen]


# --- whatever the engine says ----------------------------------------------------------------------


def scripted(
    _whisper: object,
    sounds: Sequence[Samples],
    _language: str,
    _options: TranscriptOptions,
    told: tuple[int, ...] = (),
    *,
    timed: bool = False,
    **_least: int,
) -> list[decode.Heard]:
    """In place of the engine: words at any times, drawn by lot from the sound and from what was told alone."""

    def word(random: np.random.Generator, seconds: float) -> dict[str, Any]:
        begin, end = random.uniform(-1, seconds + 1, 2)
        return {"start": begin, "end": end, "word": " word", "probability": random.uniform(0.3, 1)}

    def heard(one: Samples) -> decode.Heard:
        random = np.random.default_rng([zlib.crc32(one.tobytes()), timed, *told[-3:]])
        seconds = len(one) / SAMPLE_RATE
        segments = []
        for _ in range(random.integers(0, 4)):
            begin, end = sorted(random.uniform(0, seconds, 2))
            words = [word(random, seconds) for _ in range(random.integers(0, 6))]
            segments.append({"start": begin, "end": end, "text": "text", "words": words})
        said = random.uniform(0, seconds)
        tokens = tuple(random.integers(0, 50_000, 5).tolist())
        return decode.Heard(
            segments,
            random.choice([said, seconds]),
            said,
            tokens,
            certain=bool(random.random() < 0.8),
            words=int(random.integers(0, 20)),
        )

    return [heard(one) for one in sounds]


def stream(seed: int) -> Samples:
    """Five minutes of speech, its stretches and pauses drawn by lot."""
    random = np.random.default_rng(seed)
    return scripted_sound(
        *(part for _ in range(40) for part in (random.uniform(0.1, 14), random.exponential(1)))
    )


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize("seed", range(4))
def test_words_never_overlap_and_a_run_carried_on_anywhere_is_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "decoded", scripted)
    monkeypatch.setattr(listener, "MOST_WINDOWS", 3)
    sound = stream(seed)
    whole = list(transcribe(blocks(sound), MODEL, OPTIONS))
    assert len(whole) > 3
    words = [word for segment in segments(whole) for word in segment.words]
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] <= len(sound) / SAMPLE_RATE + 0.001
    texts = segments(whole)
    assert all(one.start <= one.end <= other.start for one, other in itertools.pairwise(texts))
    for number, done in enumerate(whole, 1):
        rest = transcribe(
            blocks(sound, round(done.reached * SAMPLE_RATE)),
            MODEL,
            OPTIONS,
            start=done.reached,
            language=done.language,
            prompt=done.prompt,
        )
        assert list(rest) == whole[number:]


def noted(
    decoded: list[tuple[tuple[int, ...], bool, list[decode.Heard]]],
) -> Callable[..., list[decode.Heard]]:
    """The scripted engine, which notes what it was told, whether with time tokens, and what came of it."""

    def note(*given: Any, timed: bool, **_least: int) -> list[decode.Heard]:
        decoded.append((given[-1], timed, scripted(*given, timed=timed)))
        return decoded[-1][-1]

    return note


@pytest.mark.usefixtures("ears")
def test_windows_that_are_decoded_together_are_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[tuple[tuple[int, ...], bool, list[decode.Heard]]] = []
    monkeypatch.setattr(decode, "decoded", noted(decoded))
    monkeypatch.setattr(listener, "MOST_WINDOWS", 3)
    list(transcribe(blocks(stream(0)), MODEL, OPTIONS))
    assert len(decoded) > 3
    assert {told for told, _timed, _found in decoded} == {()}
    # The first words are wanted soon.
    assert len(decoded[0][-1]) == 1
    assert max(len(found) for _told, _timed, found in decoded) == 3


@pytest.mark.usefixtures("ears")
def test_a_live_window_is_told_the_certain_text_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[tuple[tuple[int, ...], bool, list[decode.Heard]]] = []
    monkeypatch.setattr(decode, "decoded", noted(decoded))
    monkeypatch.setattr(listener, "PROMPT_TOKENS", 12)
    ears = Listener(MODEL, OPTIONS, live=True)
    for block in blocks(stream(0)):
        ears.hear(block)
        while ears.batch():
            pass
    # What gave no text is heard once more by itself, and is told nothing.
    windows = [(told, one) for told, timed, (one,) in decoded if timed]
    assert len(windows) > 3
    expected: tuple[int, ...] = ()
    for told, one in windows:
        assert told == expected
        expected = (*expected, *one.tokens)[-12:] if one.certain else ()


# --- what is left out ------------------------------------------------------------------------------


def test_of_the_credible_hypotheses_the_most_probable_that_says_enough_is_taken() -> None:
    def chosen(*given: tuple[float, int, bool]) -> int:
        found = [
            Hypothesis([number], probability, repeats, 0.1, said=said)
            for number, (probability, said, repeats) in enumerate(given)
        ]
        return hypotheses._fullest(found).tokens[0]

    assert chosen((-0.20, 24, False), (-0.22, 50, False), (-0.21, 52, False)) == 2
    assert chosen((-0.20, 52, False), (-0.21, 53, False)) == 0
    # One that is not credible, and one that repeats itself, say nothing of what was left out.
    assert chosen((-0.20, 24, False), (-0.50, 52, False), (-0.21, 60, True)) == 0
    assert chosen((-0.20, 60, True), (-0.21, 70, True)) == 1


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize(
    ("timed_words", "certain", "taken"), [(20, True, "timed"), (10, True, "plain"), (20, False, "plain")]
)
def test_a_window_that_leaves_speech_out_is_read_with_time_tokens_too(
    timed_words: int, certain: bool, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, bool]] = []

    def engine(
        _whisper: object, sounds: Sequence[Samples], *_given: object, timed: bool, **_least: int
    ) -> list[decode.Heard]:
        calls.append((len(sounds), timed))
        text = "timed" if timed else "plain"

        def heard(end: float) -> decode.Heard:
            # The second word is stretched over what was not heard.
            times = [(0.0, 0.5), (0.5, end - 0.5), (end - 0.5, end)]
            words = [{"start": a, "end": b, "word": f" {text}", "probability": 0.9} for a, b in times]
            raw = {"start": 0.0, "end": end, "text": text, "words": words}
            return decode.Heard(
                [raw], end, end, certain=not timed or certain, words=timed_words if timed else 10
            )

        return [heard(len(one) / SAMPLE_RATE) for one in sounds]

    monkeypatch.setattr(decode, "decoded", engine)
    found = segments(list(transcribe(blocks(scripted_sound(9.0)), MODEL, OPTIONS)))
    assert calls == [(1, False), (1, True)]
    assert {word.text.strip() for one in found for word in one.words} == {taken}
    calls.clear()
    list(transcribe(blocks(scripted_sound(1.8)), MODEL, OPTIONS))
    assert calls == [(1, False)]


# --- live ----------------------------------------------------------------------------------------


def test_live_text_is_final_at_pauses_and_looked_at_between(
    sound: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As often as on a quick machine: on a busy one looks are rarer, down to none in 12 s.
    monkeypatch.setattr(listener, "INTERIM_COSTS", 0.0)
    encoded: list[int] = []
    size = decode._size

    def noted_size(*given: Any) -> int:
        encoded.append(size(*given))
        return encoded[-1]

    monkeypatch.setattr(decode, "_size", noted_size)
    ears = Listener(MODEL, OPTIONS, live=True)
    final: list[Batch] = []
    looks: list[str] = []
    for block in blocks(sound[: 12 * SAMPLE_RATE]):
        ears.hear(block)
        while batch := ears.batch():
            final.append(batch)
        looks.append(ears.interim())
        assert ears.reached <= ears.heard <= ears.arrived
    assert segments(final)[0].text == "Good morning."
    assert any("three topics" in look for look in looks)
    ears.end()
    while batch := ears.batch():
        final.append(batch)
    assert ears.interim() == ""
    assert ears.settled == math.inf
    words = [word for segment in segments(final) for word in segment.words]
    assert all(one.end <= other.start for one, other in itertools.pairwise(words))
    assert final[-1].reached == 12.0
    # A few words with little behind them are said in circles. What left speech out is heard once more by itself.
    assert len(encoded) > len(looks) / 4
    assert min(encoded) >= decode.LIVE_FRAMES


def test_a_window_that_was_looked_at_in_its_pause_is_not_decoded_again(
    sound: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    ears = Listener(MODEL, OPTIONS, live=True)
    ears.hear(sound[: round(10.3 * SAMPLE_RATE)])
    while ears.batch():
        pass
    assert ears.reached < 3.0
    look = ears.interim()
    assert "new version" in look
    monkeypatch.setattr(decode, "decoded", None)
    ears.hear(np.zeros(SAMPLE_RATE, dtype=np.float32))
    batch = ears.batch()
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
    ears = Listener(any_language, OPTIONS, live=True)
    found = [
        (ears._detected(np.zeros(seconds * SAMPLE_RATE, np.float32)), ears.language)
        for seconds in (1, 4, 1, 3)
    ]
    assert found == [("cy", ""), ("fr", ""), ("cy", ""), ("fr", "fr")]
    normal = Listener(any_language, OPTIONS)
    assert (normal._detected(np.zeros(SAMPLE_RATE, np.float32)), normal.language) == ("cy", "cy")
    Engine.release()


def text(sound: Samples, *vocabulary: str) -> str:
    options = replace(OPTIONS, vocabulary=vocabulary)
    found = segments(list(transcribe(blocks(sound), MODEL, options)))
    return " ".join(segment.text for segment in found)


def test_the_vocabulary_puts_a_name_right_and_nothing_else(sound: Samples) -> None:
    opening = sound[: 14 * media.SAMPLE_RATE]
    plain, told = text(opening), text(opening, "Danyel")
    assert "Daniel, how far are you" in plain
    assert "Danyel, how far are you" in told
    assert words(told.replace("Danyel", "Daniel")) == words(plain)
    assert text(opening, "Kowalczyk") == plain


def test_of_a_long_vocabulary_the_first_terms_are_told(
    sound: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hypotheses, "VOCABULARY_TOKENS", 6)
    opening = sound[: 14 * media.SAMPLE_RATE]
    assert "Danyel" in text(opening, "Danyel", "Kowalczyk", "Siobhan")
    assert "Danyel" not in text(opening, "Kowalczyk", "Siobhan", "Danyel")


def test_a_translation_is_doubted_by_its_whole_text_alone() -> None:
    likely = Segment(0.0, 1.0, "Hello.", log_probability=-0.5, doubt="improbable")
    assert sentences.translated(likely).doubt == ""
    unlikely = replace(likely, log_probability=-1.2)
    assert sentences.translated(unlikely) == unlikely
    looping = replace(likely, doubt="repeated")
    assert sentences.translated(looping) == looping
