"""What becomes of segments, and of the times of their words, where the person changes the text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.editing import corrected, finder, inserted, merged, renamed, split, split_at, spoken
from core.values import Segment, Word

HEARD = (
    Word(1.0, 1.4, " We", 0.9),
    Word(1.4, 2.0, " moved", 0.3),
    Word(2.0, 2.2, " the", 0.9),
    Word(2.2, 3.0, " realise", 0.2),
    Word(4.0, 4.5, " to", 0.9),
    Word(4.5, 5.0, " April.", 0.9),
)
SAID = Segment(1.0, 5.0, "We moved the realise to April.", HEARD, id=7, speaker_id=3, doubt="improbable")


def times(segment: Segment) -> list[tuple[str, float, float]]:
    return [(word.text.strip(), round(word.start, 2), round(word.end, 2)) for word in spoken(segment)]


def test_words_that_stay_keep_their_times_and_a_replaced_one_has_that_of_the_old() -> None:
    now = corrected(SAID, "We move  the release to april")
    assert times(now) == [
        ("We", 1.0, 1.4),
        ("move", 1.4, 2.0),
        ("the", 2.0, 2.2),
        ("release", 2.2, 3.0),
        ("to", 4.0, 4.5),
        ("april", 4.5, 5.0),
    ]
    assert now == replace(SAID, text="We move the release to april", doubt="", edited=True)
    assert spoken(SAID) is HEARD


def test_more_or_fewer_words_share_the_time_by_their_length() -> None:
    more = corrected(SAID, "We moved the big release to April.")
    assert times(more)[3:5] == [("big", 2.2, 2.44), ("release", 2.44, 3.0)]
    fewer = corrected(SAID, "We to April.")
    assert times(fewer) == [("We", 1.0, 1.4), ("to", 4.0, 4.5), ("April.", 4.5, 5.0)]
    between = corrected(SAID, "We moved the realise again to April.")
    assert times(between)[4] == ("again", 3.0, 4.0)
    # What is changed again is laid over what was heard, not over the guess before it.
    assert times(corrected(more, SAID.text)) == times(SAID)


def test_text_without_heard_words_fills_the_segment() -> None:
    alone = Segment(10.0, 14.0, "")
    assert times(corrected(alone, "ab abcdef")) == [("ab", 10.0, 11.0), ("abcdef", 11.0, 14.0)]
    around = corrected(SAID, "So We moved the realise to April. Yes")
    assert times(around)[0] == ("So", 1.0, 1.0)
    assert times(around)[-1] == ("Yes", 5.0, 5.0)


@pytest.mark.parametrize("place", [13, 14, 17])
def test_a_split_cuts_before_a_word_where_it_was_said(place: int) -> None:
    left, right = split(SAID, place)
    assert (left.id, left.text, left.start, left.end) == (7, "We moved the", 1.0, 2.2)
    assert (right.id, right.text, right.start, right.end) == (0, "realise to April.", 2.2, 5.0)
    assert (*left.words, *right.words) == HEARD
    assert times(right)[0] == ("realise", 2.2, 3.0)
    assert (left.speaker_id, right.speaker_id, right.doubt) == (3, 3, "improbable")


@pytest.mark.parametrize("place", [-1, 0, 1, 30, 99])
def test_nothing_is_split_into_nothing(place: int) -> None:
    assert split(SAID, place) == (SAID,)


def test_what_was_split_and_merged_is_what_it_was() -> None:
    again = merged(split(SAID, 14))
    assert again == replace(SAID, edited=True)
    silent = Segment(5.0, 6.0, "", id=8)
    assert merged((silent, SAID)).text == SAID.text
    assert merged((silent, SAID)).speaker_id == 3


def test_a_new_segment_stands_in_the_pause_or_takes_a_moment_of_its_neighbour() -> None:
    before, behind = Segment(1.0, 3.0, "a", speaker_id=3), Segment(4.0, 6.0, "b", speaker_id=4)
    one = inserted(before, behind, "  so   it is ")
    assert (one.start, one.end, one.text, one.speaker_id, one.edited) == (3.0, 4.0, "so it is", 3, True)
    tight = inserted(before, replace(behind, start=3.0), "x")
    assert (tight.start, tight.end) == pytest.approx((2.9, 3.0))
    assert before.start < tight.start < 3.0
    last = inserted(behind, None, "x")
    assert (last.start, last.end) == (6.0, 7.0)
    first = inserted(None, before, "x")
    assert 0.0 <= first.start < first.end <= 1.0


def test_text_is_found_as_asked() -> None:
    def found(text: str, wanted: str, **how: bool) -> list[str]:
        return [match.group() for match in finder(wanted, **how).finditer(text)]

    text = "Anna and Annabel met anna,\nnot Été. été"
    assert found(text, "anna") == ["Anna", "Anna", "anna"]
    assert found(text, "Anna", case=True) == ["Anna", "Anna"]
    assert found(text, "anna", whole=True) == ["Anna", "anna"]
    assert found(text, "ÉTÉ", whole=True) == ["Été", "été"]
    assert found(text, "ete", whole=True) == found(text, "étê", whole=True) == ["Été", "été"]
    assert found(text, "ete", case=True) == []
    assert found("Elodie, E\u0301lodie (Łódź)", "élodie") == ["Elodie", "E\u0301lodie"]
    assert found(text, "anna, not") == ["anna,\nnot"]
    assert found("what? (really)", "(really)", whole=True) == ["(really)"]


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("Then Anna said so.", "Then Ana said so.", ("Anna", "Ana")),
        ("ask mark, he knows", "ask Marc, he knows", ("mark", "Marc")),
        ("the dupont report", "the Du Pont report", ("dupont", "Du Pont")),
        ("Thing is late", "Budget is late", None),
        ("We move the release.", "We moved the release.", None),
        ("ask anna", "ask Anna", None),
        ("Anna and Mark", "Ana and Marc", None),
        ("nothing", "nothing new", None),
        ("it costs 40", "it costs Forty", None),
    ],
)
def test_a_name_that_was_misheard_is_recognised(before: str, after: str, name: object) -> None:
    assert renamed(before, after) == name


def test_a_segment_is_cut_between_what_is_said_before_a_second_and_after() -> None:
    words = tuple(Word(float(n), n + 1.0, f" {word}", 0.9) for n, word in enumerate(("a", "b", "c")))
    whole = Segment(0.0, 3.0, " a b  c", words, id=7)
    assert [one.text for one in split_at(whole, 1.2)] == ["a", "b c"]
    assert [one.text for one in split_at(whole, 1.7)] == ["a b", "c"]
    assert split_at(whole, 0.1) == split_at(whole, 2.9) == (whole,)
