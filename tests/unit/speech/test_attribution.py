from __future__ import annotations

from dataclasses import replace

import pytest

from core.speech.attribution import attributed
from core.speech.separation import VoiceTurn
from core.values import Segment, Word

A, B = 0, 1


def said(
    text: str, start: float = 0.0, each: float = 0.4, *, gaps: dict[int, float] | None = None
) -> Segment:
    """A segment whose words take `each` seconds; `gaps` are the pauses before words."""
    words, at = [], start
    for place, word in enumerate(text.split()):
        at += (gaps or {}).get(place, 0.0)
        words.append(Word(at, at + each, f" {word}", 0.9))
        at += each
    return Segment(words[0].start, words[-1].end, text, tuple(words), id=7)


def parts(segment: Segment, *turns: tuple[float, float, int]) -> list[tuple[str, int]]:
    found = attributed([segment], [VoiceTurn(*turn) for turn in turns])
    return [(part.text, voice) for part, voice in found]


def test_words_go_to_the_voice_that_is_heard() -> None:
    segment = said("one two three four five six")
    assert parts(segment, (0, 1.2, A), (1.2, 2.4, B)) == [("one two three", A), ("four five six", B)]


def test_parts_keep_words_times_and_the_id() -> None:
    segment = replace(said("one two three four five six"), doubt="hurried")
    first, second = (
        part for part, _ in attributed([segment], [VoiceTurn(0, 1.2, A), VoiceTurn(1.2, 2.4, B)])
    )
    assert (first.id, second.id) == (7, 0)
    assert (first.start, first.end, second.start, second.end) == pytest.approx((0, 1.2, 1.2, 2.4))
    assert (*first.words, *second.words) == segment.words
    assert first.doubt == second.doubt == "hurried"


def test_a_change_goes_to_the_end_of_the_sentence() -> None:
    assert parts(said("That is all. Thank you Ana"), (0, 1.5, A), (1.5, 3, B)) == [
        ("That is all.", A),
        ("Thank you Ana", B),
    ]
    assert parts(said("That is all of it. Thank you"), (0, 1.3, A), (1.3, 3, B)) == [
        ("That is all of it.", A),
        ("Thank you", B),
    ]


def test_a_change_goes_to_a_pause() -> None:
    segment = said("yes we can do it", each=0.2, gaps={2: 0.5})
    assert parts(segment, (0, 0.15, A), (0.15, 3, B)) == [("yes we", A), ("can do it", B)]


def test_a_short_answer_is_kept() -> None:
    segment = said("Do you agree? Yes. Then we go on")
    assert parts(segment, (0, 1.2, A), (1.2, 1.6, B), (1.6, 3, A)) == [
        ("Do you agree?", A),
        ("Yes.", B),
        ("Then we go on", A),
    ]


def test_a_lone_word_inside_a_sentence_is_no_other_voice() -> None:
    segment = said("we will then send it out", each=0.3)
    assert parts(segment, (0, 0.9, A), (0.9, 1.2, B), (1.2, 3, A)) == [("we will then send it out", A)]


def test_of_two_voices_at_once_the_one_before_goes_on() -> None:
    assert parts(said("one two three four"), (0, 1.6, A), (0.8, 1.6, B)) == [("one two three four", A)]


def test_a_word_beside_every_turn_goes_to_the_nearest() -> None:
    assert parts(said("late", 5.0), (0, 4.5, A), (7, 9, B)) == [("late", A)]
    assert parts(said("early", 6.0), (0, 4.5, A), (6.6, 9, B)) == [("early", B)]
    assert parts(said("lost", 50.0), (0, 4.5, A)) == [("lost", -1)]
    assert parts(said("nobody")) == [("nobody", -1)]


def test_what_the_person_corrected_stays_whole() -> None:
    segment = replace(said("one two three four five"), edited=True)
    assert parts(segment, (0, 1.2, A), (1.2, 2.0, B)) == [("one two three four five", A)]
    other = replace(said("one two three four five"), text="1 2 3 4 5")
    assert parts(other, (0, 1.2, A), (1.2, 2.0, B)) == [("1 2 3 4 5", A)]


def test_segments_without_words_are_given_whole() -> None:
    segment = Segment(1.0, 3.0, "", doubt="unheard")
    assert parts(segment, (0, 1.5, A), (1.5, 3, B)) == [("", B)]


def test_what_was_cut_once_is_not_cut_further() -> None:
    turns = [VoiceTurn(0, 0.8, A), VoiceTurn(0.8, 4.0, B)]
    once = attributed([said("It is possible, but I would not.", gaps={3: 0.4})], turns)
    assert [(one.text, voice) for one, voice in once] == [("It is possible,", A), ("but I would not.", B)]
    assert attributed([one for one, _voice in once], turns) == once
