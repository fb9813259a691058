from __future__ import annotations

from dataclasses import replace

import pytest

from core.summary.sentences import Text, clear_language_of, fold, language_of, plain, split, tidy
from core.values import Channel, Segment, Word


def segment(start: float, text: str, id: int, speaker: str = "", timed: bool = False) -> Segment:  # noqa: A002
    pieces = [f" {word}" for word in text.split()]
    words = (
        tuple(Word(start + n, start + n + 0.8, piece, 0.9) for n, piece in enumerate(pieces)) if timed else ()
    )
    return Segment(start, start + len(pieces), text, words, id=id, speaker=speaker)


def texts(*segments: Segment) -> list[str]:
    return [sentence.text for sentence in split(Text(segments))]


def test_a_sentence_may_span_segments_and_a_segment_hold_several() -> None:
    sentences = split(
        Text([segment(0, "Hello. We will move", 4, timed=True), segment(4, "the fair. Good.", 9, timed=True)])
    )
    assert [one.text for one in sentences] == ["Hello.", "We will move the fair.", "Good."]
    middle = sentences[1].evidence
    assert middle.segment_ids == (4, 9)
    assert (middle.start, middle.end) == (1.0, 5.8)
    assert middle.quote == "We will move the fair."


def test_times_without_words_are_in_proportion_and_in_order() -> None:
    sentences = split(Text([segment(10, "One two three four. Five six seven eight.", 1)]))
    (first, second) = (one.evidence for one in sentences)
    assert first.start == 10.0
    assert 13.0 < first.end <= second.start < 15.0
    assert second.end == pytest.approx(18.0, abs=0.3)


def test_edited_text_does_not_use_the_words_of_the_old_one() -> None:
    old = segment(0, "we moved the fair", 1, timed=True)
    edited = Segment(0, 4, "We moved the whole big fair to June.", old.words, id=1, edited=True)
    (only,) = split(Text([edited]))
    assert only.evidence.start == 0.0
    assert only.evidence.end == pytest.approx(4.0, abs=0.2)


def test_a_pause_or_another_speaker_ends_a_sentence_without_full_stop() -> None:
    assert texts(segment(0, "we will see", 1), segment(9, "next topic", 2)) == ["we will see", "next topic"]
    assert texts(segment(0, "we will", 1, "Ana"), segment(2, "yes", 2, "Marc")) == ["we will", "yes"]
    assert texts(segment(0, "we will", 1, "Ana"), segment(2, "see it", 2, "Ana")) == ["we will see it"]
    # Voices are known apart before they have names.
    first, second = segment(0, "we will", 1), segment(2, "yes", 2)
    parted = [replace(first, speaker_id=5), replace(second, speaker_id=6)]
    assert texts(*parted) == ["we will", "yes"]
    assert texts(parted[0], replace(second, speaker_id=5)) == ["we will yes"]


def test_a_sentence_belongs_to_one_channel_and_goes_on_where_the_other_spoke_in_between() -> None:
    theirs, mine = Channel.SYSTEM, Channel.MICROPHONE
    sentences = split(
        Text(
            [
                replace(segment(0, "we will move", 1, timed=True), channel=theirs),
                replace(segment(2, "I see", 2, timed=True), channel=mine),
                replace(segment(3, "the fair. To June.", 3, timed=True), channel=theirs),
                replace(segment(4, "good", 4, timed=True), channel=mine),
            ]
        )
    )
    assert [(one.index, one.text, one.channel) for one in sentences] == [
        (0, "we will move the fair.", theirs),
        (1, "I see good", mine),
        (2, "To June.", theirs),
    ]
    assert sentences[0].evidence.segment_ids == (1, 3)
    assert (sentences[0].evidence.start, sentences[0].evidence.end) == (0.0, 4.8)
    assert sentences[1].evidence.segment_ids == (2, 4)


def test_full_stops_inside_a_sentence_do_not_end_it() -> None:
    assert texts(segment(0, "Mr. Smith pays 3.5 euros at 4 p.m. today.", 1)) == [
        "Mr. Smith pays 3.5 euros at 4 p.m. today."
    ]
    assert texts(segment(0, "M. Durand arrive. Il attend.", 1)) == ["M. Durand arrive.", "Il attend."]


def test_endless_text_is_cut_at_segments() -> None:
    assert len(texts(*(segment(10 * n, "and then again " * 3, n + 1) for n in range(20)))) > 1


def test_nothing_said_gives_nothing() -> None:
    assert texts() == texts(segment(0, "  ", 1)) == texts(segment(0, "...", 1)) == []


@pytest.mark.parametrize("text", ["Élodie n’était pas là — œuvre", "ÀÉÎ ß İ ﬁ"])
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(plain(text)) == len(text)


def test_folding_drops_case_and_accents_and_plain_only_accents() -> None:
    assert fold("Élodie n’était") == "elodie n'etait"
    assert plain("Élodie n’était") == "Elodie n'etait"


def test_the_language_is_told_or_found() -> None:
    assert language_of("We will have the meeting and that is it.") == "en"
    assert language_of("Nous allons tenir la réunion dans le parc et c'est tout.") == "fr"
    assert language_of("Guten Tag", "fr") == "fr"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We have that for you and the park is in the plan.", ""),
        ("We have that for you and the park is in the plan, and it is the best of all.", "en"),
        ("We have that for you and the park is in the plan, et nous avons le parc dans le plan.", ""),
        ("Nous avons le parc et la salle pour la fête, et le plan est dans les mains de la mairie.", "fr"),
    ],
)
def test_a_language_is_clear_only_in_a_longer_text_of_one(text: str, language: str) -> None:
    assert clear_language_of(text) == language


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("en", "Um, we, we need, uh, we need the the hall.", "we need the hall."),
        ("en", "The, uh, the waiting list is so so long.", "The waiting list is so long."),
        ("en", "That that is true had had its day.", "That that is true had had its day."),
        ("fr", "On a, euh, on a le le devis.", "On a le devis."),
        ("fr", "Nous nous sommes mis d'accord, hein.", "Nous nous sommes mis d'accord."),
        ("en", "Uh-huh, umbrella terms.", "Uh-huh, umbrella terms."),
    ],
)
def test_slips_of_the_tongue_are_left_out(language: str, said: str, written: str) -> None:
    assert tidy(said, language) == written
