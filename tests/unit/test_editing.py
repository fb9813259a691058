"""What becomes of the times of words where the person changes the text."""

from __future__ import annotations

from core.editing import corrected
from core.values import Segment, Word

HEARD = (
    Word(1.0, 1.4, " We", 0.9),
    Word(1.4, 2.0, " moved", 0.3),
    Word(2.0, 2.2, " the", 0.9),
    Word(2.2, 3.0, " realise", 0.2),
    Word(4.0, 4.5, " to", 0.9),
    Word(4.5, 5.0, " April.", 0.9),
)
SAID = Segment(1.0, 5.0, "We moved the realise to April.", HEARD, id=7, doubt="improbable")


def times(segment: Segment) -> list[tuple[str, float, float]]:
    return [(word.text.strip(), round(word.start, 2), round(word.end, 2)) for word in segment.words]


def test_words_that_stay_keep_their_times_and_a_replaced_one_has_that_of_the_old() -> None:
    now = corrected(SAID, "We move the release to april")
    assert times(now) == [
        ("We", 1.0, 1.4),
        ("move", 1.4, 2.0),
        ("the", 2.0, 2.2),
        ("release", 2.2, 3.0),
        ("to", 4.0, 4.5),
        ("april", 4.5, 5.0),
    ]
    assert now.text == "We move the release to april"
    assert "".join(word.text for word in now.words).strip() == now.text
    assert (now.id, now.edited, now.doubt) == (7, True, "")
    # The person has read all of it.
    assert {word.probability for word in now.words} == {1.0}


def test_more_or_fewer_words_share_the_time_by_their_length() -> None:
    more = corrected(SAID, "We moved the big release to April.")
    assert times(more)[3:5] == [("big", 2.2, 2.44), ("release", 2.44, 3.0)]
    fewer = corrected(SAID, "We to April.")
    assert times(fewer) == [("We", 1.0, 1.4), ("to", 4.0, 4.5), ("April.", 4.5, 5.0)]
    between = corrected(SAID, "We moved the realise again to April.")
    assert times(between)[4] == ("again", 3.0, 4.0)


def test_text_without_heard_words_fills_the_segment() -> None:
    alone = Segment(10.0, 14.0, "")
    assert times(corrected(alone, "ab abcdef")) == [("ab", 10.0, 11.0), ("abcdef", 11.0, 14.0)]
    around = corrected(SAID, "So We moved the realise to April. Yes")
    assert times(around)[0] == ("So", 1.0, 1.0)
    assert times(around)[-1] == ("Yes", 5.0, 5.0)


def test_without_text_it_counts_as_taken_out() -> None:
    gone = corrected(SAID, "  ")
    assert (gone.text, gone.words, gone.edited) == ("", (), True)
