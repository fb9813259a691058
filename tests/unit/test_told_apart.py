"""Whose voice each one is that was found: names and choices stay with who they were given to."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import numpy as np
import pytest

from core import editing
from core.meetings import Library
from core.meetings.speakers import wanted_voices
from core.meetings.turns import Likeness, cut_anew, split, talk, told_apart
from core.meetings.voices import known_voices
from core.spans import Stretch
from core.speech import Separated, VoiceTurn
from core.store import Store
from core.values import (
    Channel,
    Evidence,
    Line,
    MeetingId,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    SummaryOptions,
    TranscriptOptions,
    Turn,
    Voices,
    Word,
)

SYSTEM, MIC = Channel.SYSTEM, Channel.MICROPHONE


def spoken(start: float, text: str, channel: Channel | None = None) -> Segment:
    """A segment of one word a second."""
    words = [
        Word(start + place, start + place + 0.9, f" {word}", 1.0) for place, word in enumerate(text.split())
    ]
    return Segment(start, words[-1].end, text, tuple(words), channel=channel)


def heard(store: Store, *segments: Segment) -> MeetingId:
    new = store.add_meeting("Tuesday", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.IMPORT)
    begun = store.begin_transcript(new, TranscriptOptions(), "en")
    store.add_segments(begun, segments, Place(60.0))
    store.complete_transcript(begun)
    return new


def found(*stretches: tuple[float, float, int]) -> Separated:
    count = len({voice for _start, _end, voice in stretches})
    turns = tuple(VoiceTurn(start, end, voice) for start, end, voice in sorted(stretches))
    return Separated(turns, np.eye(max(count, 1), 192, dtype=np.float32)[:count], (10.0,) * count)


def tell_apart(
    store: Store,
    meeting_id: MeetingId,
    *stretches: tuple[float, float, int],
    channel: Channel | None = None,
) -> Voices:
    return store.attribute(meeting_id, partial(told_apart, found=found(*stretches), channel=channel))


def said(store: Store, meeting_id: MeetingId) -> list[tuple[str, str]]:
    """Each segment's text and the name, or else the number, of who says it."""
    names = {one.id: one.name or str(one.number) for one in store.speakers(meeting_id)}
    shown = store.transcript(meeting_id)
    assert shown
    return [(one.text, names.get(one.speaker_id, "")) for one in shown.segments]


@pytest.fixture
def conversation(store: Store) -> MeetingId:
    """Two people, 0 and 1, in three segments; the first is said by both."""
    return heard(
        store, spoken(0, "How are you? Fine."), spoken(5, "Good to hear."), spoken(10, "And you there?")
    )


TWO = ((0, 3, 0), (3, 4, 1), (5, 8, 0), (10, 13, 1))


def test_a_segment_is_cut_where_the_speaker_changes_and_a_short_answer_is_kept(
    store: Store, conversation: MeetingId
) -> None:
    tell_apart(store, conversation, *TWO)
    assert said(store, conversation) == [
        ("How are you?", "1"),
        ("Fine.", "2"),
        ("Good to hear.", "1"),
        ("And you there?", "2"),
    ]
    shown = store.transcript(conversation)
    assert shown
    assert [(one.start, one.end) for one in shown.segments][:2] == [(0, 2.9), (3, 3.9)]


def test_where_nobody_is_heard_all_stays(store: Store, conversation: MeetingId) -> None:
    before = store.transcript(conversation)
    assert tell_apart(store, conversation).speakers == ()
    assert store.transcript(conversation) == before


def test_a_name_stays_with_its_voice_whatever_the_order_of_a_new_run(
    store: Store, conversation: MeetingId
) -> None:
    first, second = tell_apart(store, conversation, *TWO).speakers
    store.rename_speaker(conversation, second.id, "Ana")
    again = [(start, end, 1 - voice) for start, end, voice in TWO]
    assert {one.id for one in tell_apart(store, conversation, *again).speakers} == {first.id, second.id}
    assert [name for _text, name in said(store, conversation)] == ["1", "Ana", "1", "Ana"]


def test_voices_that_were_merged_stay_one(store: Store, conversation: MeetingId) -> None:
    first, second = tell_apart(store, conversation, *TWO).speakers
    store.merge_speakers(conversation, second.id, first.id)
    (one,) = tell_apart(store, conversation, *TWO).speakers
    assert one.id == first.id
    assert {name for _text, name in said(store, conversation)} == {"1"}


def test_what_the_person_moved_stays_moved_and_is_not_cut(store: Store, conversation: MeetingId) -> None:
    _first, second = tell_apart(store, conversation, *TWO).speakers
    shown = store.transcript(conversation)
    assert shown
    store.set_speaker(conversation, [shown.segments[2].id], second.id)
    # This time the voice changes in the middle of what was moved.
    tell_apart(store, conversation, *TWO[:2], (5, 6.5, 0), (6.5, 8, 1), (10, 13, 1))
    assert [name for _text, name in said(store, conversation)] == ["1", "2", "2", "2"]


def test_a_voice_that_the_person_gave_away_for_the_most_part_is_that_ones(store: Store) -> None:
    one = heard(store, spoken(0, "One two three."), spoken(10, "Four five six."), spoken(20, "Seven."))
    first, _second = tell_apart(store, one, (0, 3, 0), (10, 13, 1), (20, 21, 1)).speakers
    shown = store.transcript(one)
    assert shown
    store.set_speaker(one, [shown.segments[1].id], first.id)
    tell_apart(store, one, (0, 3, 0), (10, 13, 1), (20, 21, 1))
    assert {name for _text, name in said(store, one)} == {"1"}


def test_a_voice_that_is_split_by_a_greater_number_keeps_its_name_once(
    store: Store, conversation: MeetingId
) -> None:
    (only,) = tell_apart(store, conversation, (0, 8, 0), (10, 13, 0)).speakers
    store.rename_speaker(conversation, only.id, "Ana")
    tell_apart(store, conversation, *TWO)
    assert [name for _text, name in said(store, conversation)] == ["Ana", "2", "Ana", "2"]


# --- another number, and again --------------------------------------------------------------------


WHO = "abcdabdca"
"""Who says each of nine segments, five seconds after each other; a says most."""

LENGTHS = {"a": 4.5, "b": 3.5, "c": 3.0, "d": 2.5}

NAMED = {"a": "Ana", "b": "Ben", "c": "Carl", "d": "Dora"}


@pytest.fixture
def four(store: Store) -> MeetingId:
    return heard(store, *(spoken(10 * place, "One two three.") for place in range(len(WHO))))


def voices_of(*groups: str) -> list[tuple[float, float, int]]:
    """What a run finds that takes each group of people for one voice; its edges are nobody's in particular."""
    whose = {one: number for number, group in enumerate(groups) for one in group}
    noise = 0.1 * len(groups)
    return [
        (10 * place + noise, 10 * place + LENGTHS[one] - noise, whose[one]) for place, one in enumerate(WHO)
    ]


ALL_FOUR = voices_of("a", "b", "c", "d")


def as_named(store: Store, meeting_id: MeetingId) -> str:
    """The first letters of the names of who says each segment, a number where there is no name."""
    return "".join(name[:1].lower() for _text, name in said(store, meeting_id))


@pytest.fixture
def named(store: Store, four: MeetingId) -> MeetingId:
    for one, name in zip(tell_apart(store, four, *ALL_FOUR).speakers, NAMED.values(), strict=True):
        store.rename_speaker(four, one.id, name)
    assert as_named(store, four) == WHO
    return four


@pytest.mark.parametrize(
    "between",
    [
        [("ab", "cd")],
        [("abcd",)],
        [("ad", "bc"), ("abcd",), ("b", "acd")],
        [("a", "b", "cd"), ("dc", "ba"), ("ac", "bd")],
    ],
)
def test_all_names_are_back_on_their_voices_after_smaller_numbers(
    store: Store, named: MeetingId, between: list[tuple[str, ...]]
) -> None:
    for groups in between:
        tell_apart(store, named, *voices_of(*groups))
        assert len(set(as_named(store, named))) == len(groups)
        assert [one.name for one in store.speakers(named)] == list(NAMED.values())
    tell_apart(store, named, *reversed([(start, end, 3 - voice) for start, end, voice in ALL_FOUR]))
    assert as_named(store, named) == WHO


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_numbers_loses_what_the_person_said(store: Store, named: MeetingId, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        whose = [chance.randrange(1 + chance.randrange(4)) for _ in "abcd"]
        groups = [
            "".join(one for one, at in zip("abcd", whose, strict=True) if at == group) for group in range(4)
        ]
        tell_apart(store, named, *voices_of(*filter(None, groups)))
    tell_apart(store, named, *ALL_FOUR)
    assert as_named(store, named) == WHO


@pytest.mark.parametrize("into", ["ab", "ba"])
def test_what_was_merged_stays_so_through_smaller_and_greater_numbers(
    store: Store, four: MeetingId, into: str
) -> None:
    speakers = dict(zip("abcd", tell_apart(store, four, *ALL_FOUR).speakers, strict=True))
    one, other = (speakers[letter] for letter in into)
    store.merge_speakers(four, other.id, one.id)
    for groups in (("ac", "bd"), ("abcd",), ("a", "b", "c", "d"), ("ad", "cb"), ("a", "b", "cd")):
        tell_apart(store, four, *voices_of(*groups))
        theirs = {name for (_text, name), who in zip(said(store, four), WHO, strict=True) if who in "ab"}
        assert theirs == {str(one.number)}
    tell_apart(store, four, *ALL_FOUR)
    assert len(set(as_named(store, four))) == 3


def test_a_merge_with_one_whose_voice_went_to_another_is_kept(store: Store, named: MeetingId) -> None:
    ana, *_others = store.speakers(named)
    tell_apart(store, named, *voices_of("a", "bcd"))
    silent = next(one.speaker for one in talk(store.voices(named)) if not one.seconds)
    kept = as_named(store, named)
    assert silent.name not in kept
    store.merge_speakers(named, silent.id, ana.id)
    tell_apart(store, named, *ALL_FOUR)
    assert as_named(store, named) == WHO.replace(silent.name[0].lower(), "a")


def test_who_talks_meanwhile_keeps_their_time_when_others_are_merged(store: Store, four: MeetingId) -> None:
    turns = [(0.0, 10.0, 0), (4.0, 8.0, 1), (20.0, 30.0, 2)]
    first, second, third = tell_apart(store, four, *turns).speakers
    store.merge_speakers(four, third.id, first.id)
    assert talk_time(store.voices(four)) == {first.id: 20, second.id: 4}


def test_a_name_given_while_two_are_one_is_that_of_the_one_who_says_most(
    store: Store, four: MeetingId
) -> None:
    one, _other = tell_apart(store, four, *voices_of("ab", "cd")).speakers
    store.rename_speaker(four, one.id, "Ana")
    tell_apart(store, four, *ALL_FOUR)
    assert as_named(store, four).count("a") == WHO.count("a")
    # The other voice gets a name of its own, which it keeps.
    store.rename_speaker(four, _spoken_by(store, four, 1), "Ben")
    tell_apart(store, four, *voices_of("ab", "cd"))
    tell_apart(store, four, *ALL_FOUR)
    assert as_named(store, four)[:2] == "ab"


def test_a_name_that_is_spelt_anew_while_two_are_one_takes_nothing_from_the_other(
    store: Store, named: MeetingId
) -> None:
    tell_apart(store, named, *voices_of("ab", "cd"))
    heard_now = [one.speaker for one in talk(store.voices(named)) if one.seconds]
    for one in heard_now:
        store.rename_speaker(named, one.id, one.name + "e")
    tell_apart(store, named, *ALL_FOUR)
    assert as_named(store, named) == WHO


def test_a_name_given_to_a_voice_that_took_another_in_leaves_that_one_its_own(
    store: Store, four: MeetingId
) -> None:
    speakers = tell_apart(store, four, *ALL_FOUR).speakers
    store.rename_speaker(four, speakers[3].id, "Dora")
    tell_apart(store, four, *voices_of("ab", "cd"))
    store.rename_speaker(four, _spoken_by(store, four, 2), "Carl")
    tell_apart(store, four, *ALL_FOUR)
    assert as_named(store, four)[2:4] == "cd"
    assert {"c", "d"}.isdisjoint(as_named(store, four)[:2])


def test_what_was_moved_stays_moved_and_a_name_taken_away_is_gone(store: Store, named: MeetingId) -> None:
    ana, _ben, _carl, dora = store.speakers(named)
    shown = store.transcript(named)
    assert shown
    store.set_speaker(named, [shown.segments[0].id], dora.id)
    store.rename_speaker(named, ana.id, "")
    for groups in (("abcd",), ("ac", "bd"), ("a", "b", "c", "d")):
        tell_apart(store, named, *voices_of(*groups))
        assert as_named(store, named)[0] == "d"
    assert as_named(store, named)[1:4] == "bcd"
    assert "Ana" not in [one.name for one in store.speakers(named)]


def test_a_run_that_is_taken_back_takes_no_name_along(store: Store, named: MeetingId) -> None:
    before = store.voices(named)
    store.rename_speaker(named, before.speakers[0].id, "")
    tell_apart(store, named, *voices_of("ab", "cd"))
    store.restore_voices(named, before)
    assert store.voices(named) == before
    tell_apart(store, named, *voices_of("abcd"))
    tell_apart(store, named, *ALL_FOUR)
    assert as_named(store, named) == WHO


def _spoken_by(store: Store, meeting_id: MeetingId, place: int) -> int:
    shown = store.transcript(meeting_id)
    assert shown
    return shown.segments[place].speaker_id


@pytest.fixture
def call(store: Store) -> MeetingId:
    return heard(
        store,
        spoken(0, "Hello all.", SYSTEM),
        spoken(3, "Hello.", MIC),
        spoken(5, "Hi there.", SYSTEM),
    )


def test_of_two_channels_the_others_are_told_apart_and_i_stay_one(store: Store, call: MeetingId) -> None:
    tell_apart(store, call, (0, 2, 0), (5, 7, 1), channel=SYSTEM)
    assert [name for _text, name in said(store, call)] == ["3", "2", "4"]
    (me,) = [one for one in store.speakers(call) if one.is_me]
    assert (me.number, me.channel) == (2, MIC)


def test_one_voice_of_the_others_is_the_others(store: Store, call: MeetingId) -> None:
    before = store.speakers(call)
    tell_apart(store, call, (0, 2, 0), (5, 7, 0), channel=SYSTEM)
    assert store.speakers(call) == before
    assert [name for _text, name in said(store, call)] == ["1", "2", "1"]


def test_others_that_have_a_name_are_the_voice_that_is_heard_most(store: Store, call: MeetingId) -> None:
    (others,) = [one for one in store.speakers(call) if one.channel is SYSTEM]
    store.rename_speaker(call, others.id, "Ana")
    tell_apart(store, call, (0, 2, 0), (5, 6.5, 1), channel=SYSTEM)
    assert [name for _text, name in said(store, call)] == ["Ana", "2", "3"]


def test_the_others_who_had_a_name_before_they_were_told_apart_have_it_after_any_number(
    store: Store, call: MeetingId
) -> None:
    (others,) = [one for one in store.speakers(call) if one.channel is SYSTEM]
    store.rename_speaker(call, others.id, "Ana")
    for turns in ([(0, 2, 0), (5, 6.5, 1)], [(0, 2, 0), (5, 6.5, 0)], [(0, 2, 1), (5, 6.5, 0)]):
        tell_apart(store, call, *turns, channel=SYSTEM)
        assert said(store, call)[0][1] == "Ana"
    assert said(store, call)[2][1] != "Ana"


def test_a_name_given_at_the_beginning_of_a_recording_stays_as_it_grows(
    store: Store, four: MeetingId
) -> None:
    first, *_others = tell_apart(store, four, *ALL_FOUR[:4]).speakers
    store.rename_speaker(four, first.id, "Ana")
    # Coarse at first: for a while the voice is taken for another one's.
    tell_apart(store, four, *voices_of("bcd", "a")[:6])
    tell_apart(store, four, *voices_of("abcd")[:8])
    tell_apart(store, four, *ALL_FOUR)
    assert [place for place, name in enumerate(as_named(store, four)) if name == "a"] == [0, 4, 8]


def test_new_text_is_cut_by_what_is_known_already(store: Store, conversation: MeetingId) -> None:
    tell_apart(store, conversation, *TWO)
    shown = store.transcript(conversation)
    assert shown

    def whole(segments: Sequence[Segment]) -> list[Segment]:
        return [spoken(0, "How are you? Fine."), *segments[2:]]

    store.revise_transcript(conversation, whole)
    assert said(store, conversation)[0] == ("How are you? Fine.", "1")
    store.attribute(conversation, cut_anew)
    assert said(store, conversation)[:2] == [("How are you?", "1"), ("Fine.", "2")]
    assert [turn for turn in store.turns(conversation) if not turn.chosen] == [
        Turn(start, end, {0: 1, 1: 2}[voice]) for start, end, voice in TWO
    ]


# --- what one speaker says ------------------------------------------------------------------------


def test_a_sample_is_five_seconds_of_one_speaker_alone(store: Store) -> None:
    one = heard(store, spoken(0, "One."), spoken(10, "Two."))
    first, second = tell_apart(store, one, (0, 20, 0), (2, 5, 1), (19, 30, 1)).speakers
    heard_most = talk(store.voices(one))
    assert [(one.speaker, one.sample) for one in heard_most] == [(first, (5, 10)), (second, (20, 25))]


def talk_time(known: Voices) -> dict[int, float]:
    return {one.speaker.id: one.seconds for one in talk(known)}


def test_talk_time_counts_what_the_person_chose(store: Store, conversation: MeetingId) -> None:
    first, second = tell_apart(store, conversation, *TWO).speakers
    assert talk_time(store.voices(conversation)) == {first.id: 6, second.id: 4}
    shown = store.transcript(conversation)
    assert shown
    store.set_speaker(conversation, [shown.segments[2].id], second.id)
    times = talk_time(store.voices(conversation))
    assert times[second.id] == pytest.approx(6.9)
    assert sum(times.values()) == pytest.approx(10)


def test_where_voices_are_not_told_apart_talk_time_is_that_of_the_text(store: Store, call: MeetingId) -> None:
    others, me = store.speakers(call)
    assert talk_time(store.voices(call)) == pytest.approx({others.id: 3.8, me.id: 0.9})


def test_a_speaker_is_split_and_stays_so(store: Store, conversation: MeetingId) -> None:
    (only,) = tell_apart(store, conversation, (0, 8, 0), (10, 13, 0)).speakers
    store.rename_speaker(conversation, only.id, "Ana")
    store.attribute(conversation, partial(split, other=[Stretch(3, 4, 1), Stretch(10, 13, 1)], channel=None))
    parted = [("How are you?", "Ana"), ("Fine.", "2"), ("Good to hear.", "Ana"), ("And you there?", "2")]
    assert said(store, conversation) == parted
    tell_apart(store, conversation, (0, 8, 0), (10, 13, 0))
    assert said(store, conversation) == parted


# --- taken back -----------------------------------------------------------------------------------


def test_a_merge_is_taken_back_whole(store: Store, conversation: MeetingId) -> None:
    first, second = tell_apart(store, conversation, *TWO).speakers
    store.rename_speaker(conversation, first.id, "Ana")
    store.rename_speaker(conversation, second.id, "Bob")
    line = Line(Section.ACTION_ITEMS, "Write", owner="Bob")
    store.add_minutes(
        Minutes(
            conversation, SummaryOptions(), "offline", "en", datetime(2026, 3, 10, tzinfo=UTC), "", (line,)
        )
    )
    before = store.voices(conversation)
    store.merge_speakers(conversation, second.id, first.id)
    minutes = store.minutes(conversation)
    assert minutes
    assert minutes.lines[0].owner == "Ana"
    after = store.voices(conversation)
    store.restore_voices(conversation, before)
    assert store.voices(conversation) == before
    # And done again.
    store.restore_voices(conversation, after)
    assert store.voices(conversation) == after


def test_a_run_that_is_taken_back_takes_its_cuts_back(store: Store, conversation: MeetingId) -> None:
    (only,) = tell_apart(store, conversation, (0, 8, 0), (10, 13, 0)).speakers
    before = store.voices(conversation)
    after = tell_apart(store, conversation, *TWO)
    store.restore_voices(conversation, before)
    assert store.voices(conversation) == before
    assert store.speakers(conversation) == (only,)
    store.restore_voices(conversation, after)
    assert store.voices(conversation) == after


# --- what a run cut, it joins again -----------------------------------------------------------------

LONG = "one two three four five six seven eight nine ten"
FINE = ((0, 3, 0), (3, 6, 1), (6, 10, 2))
COARSE = ((0, 5, 0), (5, 10, 1))


def texts(store: Store, meeting_id: MeetingId) -> list[str]:
    return [text for text, _name in said(store, meeting_id)]


@pytest.fixture
def long(store: Store) -> MeetingId:
    return heard(store, spoken(0, LONG), spoken(20, "Quite so."))


def test_more_people_and_fewer_again_leave_the_segments_as_they_were(store: Store, long: MeetingId) -> None:
    whole = store.transcript(long)
    assert whole
    for stretches in (FINE, COARSE, FINE):
        tell_apart(store, long, *stretches, (20, 22, 0))
        assert len(texts(store, long)) == 1 + len(stretches)
    fine = store.transcript(long)
    tell_apart(store, long, *FINE, (20, 22, 0))
    assert store.transcript(long) == fine
    tell_apart(store, long, (0, 10, 0), (20, 22, 0))
    again = store.transcript(long)
    assert again
    assert [replace(one, speaker_id=0) for one in again.segments] == list(whole.segments)


def test_another_number_cuts_as_if_none_had_been_tried_before(store: Store, long: MeetingId) -> None:
    tell_apart(store, long, *COARSE)
    straight = texts(store, long)
    tell_apart(store, long, *FINE)
    before = store.voices(long)
    tell_apart(store, long, *COARSE)
    assert texts(store, long) == straight
    store.restore_voices(long, before)
    assert store.voices(long) == before


def test_what_the_person_wrote_in_a_piece_stays_and_is_not_joined(store: Store, long: MeetingId) -> None:
    tell_apart(store, long, *FINE)
    shown = store.transcript(long)
    assert shown
    store.edit_segment(long, shown.segments[1].id, "FOUR five six")
    for stretches in (((0, 10, 0),), COARSE, ((0, 10, 0),)):
        tell_apart(store, long, *stretches)
        assert texts(store, long)[0] == "one two three"
        assert "FOUR five six" in texts(store, long)
    assert texts(store, long) == ["one two three", "FOUR five six", "seven eight nine ten", "Quite so."]


def test_a_piece_that_was_taken_out_keeps_its_place(store: Store, long: MeetingId) -> None:
    tell_apart(store, long, *FINE)
    shown = store.transcript(long)
    assert shown
    done = store.edit_segment(long, shown.segments[1].id, "")
    tell_apart(store, long, (0, 10, 0))
    assert texts(store, long)[:2] == ["one two three", "seven eight nine ten"]
    store.put_back(long, done)
    assert texts(store, long)[:3] == ["one two three", "four five six", "seven eight nine ten"]
    tell_apart(store, long, (0, 10, 0))
    assert texts(store, long) == [LONG, "Quite so."]


def test_pieces_of_speakers_who_are_merged_are_one_until_that_is_taken_back(
    store: Store, long: MeetingId
) -> None:
    first, second, _third = tell_apart(store, long, *FINE).speakers
    before = store.voices(long)
    store.merge_speakers(long, second.id, first.id)
    assert texts(store, long)[:2] == ["one two three four five six", "seven eight nine ten"]
    merged = store.voices(long)
    store.restore_voices(long, before)
    assert store.voices(long) == before
    store.restore_voices(long, merged)
    assert store.voices(long) == merged


def test_a_piece_that_the_person_gave_away_is_their_own(store: Store, long: MeetingId) -> None:
    first, _second, _third = tell_apart(store, long, *FINE).speakers
    before = store.voices(long)
    store.set_speaker(long, [before.segments[1].id], first.id)
    for stretches in (FINE, ((0, 10, 0),)):
        tell_apart(store, long, *stretches)
        assert said(store, long)[1] == ("four five six", str(first.number))
    store.restore_voices(long, before)
    assert store.voices(long) == before


def test_what_the_person_split_is_never_joined(store: Store, long: MeetingId) -> None:
    whole = store.transcript(long)
    assert whole
    store.change_segments(long, [whole.segments[0].id], lambda found: editing.split(found[0], 8))
    parts = texts(store, long)
    for stretches in (FINE, ((0, 10, 0),)):
        tell_apart(store, long, *stretches)
    assert texts(store, long) == parts == ["one two", LONG.removeprefix("one two "), "Quite so."]


def test_minutes_lead_to_what_proves_them_however_it_is_cut(store: Store, long: MeetingId) -> None:
    tell_apart(store, long, *FINE)
    shown = store.transcript(long)
    assert shown
    piece = shown.segments[1]
    proof = Evidence((piece.id,), piece.start, piece.end, piece.text)
    minutes = Minutes(
        long,
        SummaryOptions(),
        "offline",
        "en",
        datetime(2026, 3, 10, tzinfo=UTC),
        "",
        (Line(Section.DECISIONS, "Four.", evidence=(proof,)),),
        transcript_id=shown.id,
    )
    store.add_minutes(minutes)
    before = store.voices(long)

    def proven() -> str:
        now, made = store.transcript(long), store.minutes(long)
        assert now
        assert made
        (proof,) = made.lines[0].evidence
        assert (proof.quote, proof.start, proof.end) == (piece.text, piece.start, piece.end)
        return " | ".join(one.text for one in now.segments if one.id in proof.segment_ids)

    tell_apart(store, long, (0, 10, 0))
    assert proven() == LONG
    tell_apart(store, long, *COARSE)
    assert proven() == "one two three four five | six seven eight nine ten"
    tell_apart(store, long, *FINE)
    assert proven() == "four five six"
    tell_apart(store, long, *COARSE)
    store.restore_voices(long, before)
    assert proven() == "four five six"


def test_pieces_are_joined_after_a_passage_was_cut_and_in_another_version(
    store: Store, long: MeetingId
) -> None:
    tell_apart(store, long, *FINE)
    before = store.voices(long)
    # A copy of the text has segments of its own.
    copied = store.revise_transcript(long, lambda segments: segments)
    store.merge_speakers(long, before.speakers[1].id, before.speakers[0].id)
    assert texts(store, long)[0] == "one two three four five six"
    store.restore_voices(long, before)
    assert [(one.text, one.speaker_id) for one in store.voices(long).segments] == [
        (one.text, one.speaker_id) for one in copied.segments
    ]
    cut = store.cut_passage(long, 1.0, 2.0)
    tell_apart(store, long, (0, 9, 0))
    assert texts(store, long)[0] == LONG.replace("two ", "")
    store.restore_passage(cut.id)
    assert texts(store, long) == [LONG.replace("two ", ""), "two", "Quite so."]


# --- who it sounds like ---------------------------------------------------------------------------


def test_a_known_voice_is_suggested_but_never_taken_for_granted(
    store: Store, conversation: MeetingId
) -> None:
    ana = store.remember_voice("Ana", b"1234", 30.0)
    like = [Likeness(ana.id, 0.97), None]
    change = partial(told_apart, found=found(*TWO), channel=None, sounds_like=like)
    first, second = store.attribute(conversation, change).speakers
    assert (first.name, first.suggested, first.certainty) == ("", "Ana", 0.97)
    assert not second.suggested
    # Not asked again once the person said no, or gave a name.
    store.reject_voice(conversation, first.id)
    assert store.attribute(conversation, change).speakers[0].certainty == 0
    store.rename_speaker(conversation, first.id, "Eve")
    assert store.attribute(conversation, change).speakers[0].suggested == ""


def test_who_sounds_like_nobody_any_more_is_suggested_nobody(store: Store, conversation: MeetingId) -> None:
    ana, bob = store.remember_voice("Ana", b"1234", 30.0), store.remember_voice("Bob", b"5678", 30.0)

    def run(*like: Likeness | None) -> Voices:
        change = partial(told_apart, found=found(*TWO), channel=None, sounds_like=like)
        return store.attribute(conversation, change)

    first, second = run(Likeness(ana.id, 0.97), Likeness(bob.id, 0.95)).speakers
    assert [one.suggested for one in run(None, Likeness(bob.id, 0.95)).speakers] == ["", "Bob"]
    # A voice that is forgotten while it is heard again is not suggested either.
    store.reject_voice(conversation, second.id)
    refused = run(None, None).speakers[1]
    assert (refused.suggested, refused.certainty) == ("Bob", 0.0)
    assert run(None, Likeness(bob.id, 0.95)).speakers[1].certainty == 0
    before = store.revision()
    run(Likeness(ana.id, 0.97), None)
    now = store.voices(conversation)
    store.forget_voice(ana.id)
    assert store.revision() > before
    assert run(Likeness(ana.id, 0.97), None).speakers[0].certainty == 0
    # Nor where it was forgotten since what is taken back.
    store.restore_voices(conversation, now)
    forgotten, _other = store.speakers(conversation)
    assert (forgotten.voice_id, forgotten.certainty) == (0, 0.0)
    # Who gets a name by a merge sounds like nobody else.
    store.reject_voice(conversation, first.id)
    run(Likeness(bob.id, 0.95), None)
    store.rename_speaker(conversation, second.id, "Eve")
    store.merge_speakers(conversation, second.id, first.id)
    (eve,) = store.speakers(conversation)
    assert (eve.name, eve.suggested, eve.certainty) == ("Eve", "", 0.0)


def test_a_voice_that_is_kept_under_two_names_says_so(library: Library) -> None:
    print_of = np.eye(192, dtype="<f4")
    near = (print_of[0] * 0.95 + print_of[1] * 0.31).astype("<f4")
    for name, one in (("Ana", print_of[0]), ("Ana Silva", near), ("Bob", print_of[5])):
        library.store.remember_voice(name, one.tobytes(), 30.0)
    library.store.remember_voice("Other network", b"1234", 30.0)
    told = {one.name: one.same_as for one in known_voices(library)}
    assert told == {"Ana": ("Ana Silva",), "Ana Silva": ("Ana",), "Bob": (), "Other network": ()}


@pytest.mark.parametrize(
    ("people", "channel", "voices"),
    [(0, None, None), (0, SYSTEM, None), (3, None, 3), (3, SYSTEM, 2), (1, SYSTEM, 1)],
)
def test_an_unknown_number_stays_unknown_also_where_one_has_a_channel(
    people: int, channel: Channel | None, voices: int | None
) -> None:
    assert wanted_voices(people, channel) == voices
