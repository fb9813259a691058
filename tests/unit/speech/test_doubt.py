"""Which text is marked as doubtful, and which is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.speech import find_model
from core.speech.detector import FRAME, SAMPLE_RATE, Samples
from core.speech.doubt import judged, only_repeats, second_time
from core.values import Segment, TranscriptOptions, Word
from tests.benchmarks.invented import counted, heard, sounds


def speech(*stretches: tuple[float, float], seconds: float = 20.0) -> Samples:
    """What the detector says: speech in these stretches alone."""
    heard = np.zeros(round(seconds * SAMPLE_RATE / FRAME), dtype=np.float32)
    for begin, end in stretches:
        heard[round(begin * SAMPLE_RATE / FRAME) : round(end * SAMPLE_RATE / FRAME)] = 0.95
    return heard


def said(text: str, start: float = 0.0, *, each: float = 0.4, probability: float = 0.9) -> Segment:
    words = tuple(
        Word(start + place * each, start + (place + 1) * each, f" {word}", probability)
        for place, word in enumerate(text.split())
    )
    return Segment(start, words[-1].end, text, words, log_probability=-0.2)


def doubts(*segments: Segment, detected: Samples | None = None, before: str = "") -> list[str]:
    detected = speech((0.0, 20.0)) if detected is None else detected
    return [one.doubt for one in judged(segments, 0.0, detected, before) if one.doubt != "unheard"]


@pytest.mark.parametrize(
    "text",
    [
        "We agreed to move the release to the first week of May.",
        "No, no, no, that is not what I meant at all.",
        "Yeah, yeah, yeah, yeah, I know, I know.",
        "Nous avons vu, revu, et encore revu ce que nous avions prévu.",
        "会议将于下周二上午九点在二楼的会议室举行请大家准时参加",
    ],
)
def test_what_people_say_is_not_marked(text: str) -> None:
    assert doubts(said(text)) == [""]
    assert not only_repeats(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you. Thank you. Thank you. Thank you. Thank you.",
        "so so so so so so so so so so",
        "Received for good or for evil in the superlative de dre dre dre dre dre",
        "merci d'avoir regardé merci d'avoir regardé merci d'avoir regardé merci d'avoir regardé",
        "谢谢观看" * 10,
    ],
)
def test_a_loop_is_marked_in_every_language(text: str) -> None:
    assert doubts(said(text)) == ["repeated"]
    assert only_repeats(text)


def test_a_loop_across_segments_and_windows_is_marked() -> None:
    first, again = said("I will see you there."), said("I will see you there.", 4.0)
    assert doubts(first, again) == ["", ""]
    assert doubts(first, again, before="I will see you there. " * 2) == ["repeated", "repeated"]
    sentence = "The board has decided that the office moves to the north in June."
    assert doubts(said(sentence), before=sentence) == ["repeated"]


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("it was the age of wisdom it was the age of foolishness it was the age of foolishness it was", 12),
        ("Thank you very much. Thank you very much!", 4),
        ("It was the spring of hope, it was the winter of despair.", None),
        ("Yes, yes, yes, that is right.", None),
        ("No, not at all – not at all.", None),
        ("", None),
    ],
)
def test_where_four_words_are_said_a_second_time(text: str, again: int | None) -> None:
    assert second_time(text.split()) == again


def test_text_where_the_detector_hears_nobody_is_marked() -> None:
    text = said("Thanks for watching this video.")
    assert doubts(text, detected=speech()) == ["no_speech"]
    assert doubts(text, detected=speech((0.1, 1.8))) == [""]
    assert doubts(replace(text, no_speech=0.8, log_probability=-0.9)) == ["no_speech"]
    assert doubts(replace(text, no_speech=0.8, log_probability=-0.3)) == [""]


def test_text_that_nobody_can_say_so_fast_or_that_is_improbable_is_marked() -> None:
    text = "Considerable improvements were reported everywhere."
    assert doubts(said(text, each=0.1)) == ["hurried"]
    assert doubts(said(text, probability=0.3)) == ["improbable"]
    assert doubts(said(text, probability=0.5)) == [""]
    assert doubts(replace(said(text), doubt="improbable")) == ["improbable"]


def test_sounds_without_a_word_give_no_unmarked_text() -> None:
    model = find_model(TranscriptOptions(language="en"), (), Path())
    for name, sound in sounds(12.0):
        assert counted(heard(sound, model))[0] == 0, name


def test_speech_without_text_is_never_dropped() -> None:
    first, last = said("Good morning all.", 1.0), said("Let us begin.", 9.0)
    found = judged([first, last], 0.0, speech((1.0, 2.2), (4.0, 7.0), (9.0, 10.2)))
    assert [(one.doubt, one.text) for one in found] == [("", first.text), ("unheard", ""), ("", last.text)]
    assert found[1].start == pytest.approx(4.0, abs=0.04)
    assert found[1].end == pytest.approx(7.0, abs=0.04)
    alone = judged([], 30.0, speech((2.0, 5.0)))
    assert [(round(one.start), round(one.end), one.doubt) for one in alone] == [(32, 35, "unheard")]
    (answer,) = judged([first], 0.0, speech((1.0, 2.2), (6.0, 6.6)))[1:]
    assert (round(answer.start, 1), round(answer.end, 1), answer.doubt) == (6.0, 6.6, "unheard")
    assert judged([], 0.0, speech((2.0, 2.2))) == ()


def test_a_word_that_the_engine_stretched_hides_no_speech() -> None:
    stretched = replace(
        said("Well, then.", 1.0), words=(Word(1.0, 6.0, " Well,", 0.9), Word(6.0, 6.4, " then.", 0.9))
    )
    stretched = replace(stretched, end=6.4)
    detected = speech((1.0, 1.6), (3.0, 5.0), (6.0, 6.4))
    assert [(one.text, one.doubt) for one in judged([stretched], 0.0, detected)] == [
        ("Well, then.", "unheard")
    ]
    silent = speech((1.0, 2.1), (5.9, 6.4))
    assert [one.doubt for one in judged([stretched], 0.0, silent)] == [""]
