"""Whose the action items are, when the voices of a meeting get their names only after its minutes were made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core import messages
from core.store import Store
from core.store.cutting import Sound
from core.values import (
    Evidence,
    Line,
    MeetingId,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    Speaker,
    SummaryOptions,
    TranscriptOptions,
    Turn,
    Voices,
)

MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def meeting(store: Store) -> MeetingId:
    """Two voices without names; the second one takes a task on, and an Ana is called in words."""
    new = store.add_meeting("Tuesday", MORNING, Source.IMPORT)
    begun = store.begin_transcript(new, TranscriptOptions(), "en")
    said = ("Ana writes the report.", "Who sends it?", "I'll send it.", "Thank you.")
    store.add_segments(begun, [Segment(2.0 * n, 2.0 * n + 2, one) for n, one in enumerate(said)], Place(60.0))
    store.complete_transcript(begun)
    tell_apart(store, new, (0, 4, -1), (4, 6, -2), (6, 8, -1))
    text = store.transcript(new)
    assert text
    quoted = [Evidence((one.id,), one.start, one.end, one.text) for one in text.segments]
    lines = (
        Line(Section.ACTION_ITEMS, "Write the report", (quoted[0],), owner="Ana"),
        Line(Section.ACTION_ITEMS, "Send it", (quoted[1], quoted[2]), taken=1),
    )
    store.add_minutes(
        Minutes(new, SummaryOptions(), "offline", "en", MORNING, "", lines, transcript_id=text.id)
    )
    return new


def tell_apart(store: Store, meeting_id: MeetingId, *stretches: tuple[float, float, int]) -> Voices:
    """As the stage does that hears new voices, -1, -2 …, and gives up those it heard before."""

    def change(known: Voices) -> Voices:
        new = sorted({voice for _start, _end, voice in stretches}, reverse=True)
        chosen = [turn for turn in known.turns if turn.chosen]
        return replace(
            known,
            speakers=tuple(Speaker(voice, 0) for voice in new),
            turns=(*chosen, *(Turn(*stretch) for stretch in stretches)),
            segments=tuple(replace(one, speaker_id=0) for one in known.segments),
        )

    return store.attribute(meeting_id, change)


def owners(store: Store, meeting_id: MeetingId) -> list[str]:
    minutes = store.minutes(meeting_id)
    assert minutes
    return [line.owner for line in minutes.lines]


def test_a_voice_that_gets_a_name_gives_it_to_its_tasks(store: Store, meeting: MeetingId) -> None:
    _first, second = store.speakers(meeting)
    assert owners(store, meeting) == ["Ana", ""]
    store.rename_speaker(meeting, second.id, "Bo")
    assert owners(store, meeting) == ["Ana", "Bo"]
    assert [item.line.owner for item in store.action_items()] == ["Ana", "Bo"]
    assert [hit.text for found in store.search("bo") for hit in found.hits if hit.section] == ["Send it"]
    store.rename_speaker(meeting, second.id, "Bob")
    assert owners(store, meeting) == ["Ana", "Bob"]
    store.rename_speaker(meeting, second.id, "")
    assert owners(store, meeting) == ["Ana", ""]


def test_who_has_no_name_yet_is_known_by_the_voice(store: Store, meeting: MeetingId) -> None:
    first, second = store.speakers(meeting)

    def shown() -> list[str]:
        minutes = store.minutes(meeting)
        assert minutes
        assert [messages.owner(one.line) for one in store.action_items()] == [
            *map(messages.owner, minutes.lines)
        ]
        return [messages.owner(line) for line in minutes.lines]

    assert shown() == ["Ana", "Speaker 2"]
    store.set_me(meeting, second.id)
    assert shown() == ["Ana", "Me"]
    store.merge_speakers(meeting, second.id, first.id)
    assert shown() == ["Ana", "Me"]
    store.set_me(meeting, 0)
    assert shown() == ["Ana", "Speaker 1"]
    store.rename_speaker(meeting, first.id, "Bo")
    assert shown() == ["Ana", "Bo"]
    assert store.action_items()[1].line.taker is None


def test_it_is_taken_back_with_the_name(store: Store, meeting: MeetingId) -> None:
    first, second = store.speakers(meeting)
    before = store.voices(meeting)
    store.rename_speaker(meeting, second.id, "Bo")
    store.rename_speaker(meeting, first.id, "Ana Lima")
    assert owners(store, meeting) == ["Ana Lima", "Bo"]
    store.restore_voices(meeting, before)
    assert owners(store, meeting) == ["Ana", ""]


def test_tasks_follow_who_is_said_to_have_taken_them_on(store: Store, meeting: MeetingId) -> None:
    first, second = store.speakers(meeting)
    store.rename_speaker(meeting, first.id, "Carl")
    text = store.transcript(meeting)
    assert text
    before = store.voices(meeting)
    store.set_speaker(meeting, [text.segments[2].id], first.id)
    assert owners(store, meeting) == ["Ana", "Carl"]
    store.restore_voices(meeting, before)
    store.choose_speaker(meeting, [text.segments[2].id], "Dora")
    assert owners(store, meeting) == ["Ana", "Dora"]
    store.restore_voices(meeting, before)
    store.merge_speakers(meeting, second.id, first.id)
    assert owners(store, meeting) == ["Ana", "Carl"]
    # Also where they are told apart anew: what was merged is the person's choice.
    tell_apart(store, meeting, (0, 8, -1))
    assert owners(store, meeting) == ["Ana", "Carl"]


def test_voices_told_apart_anew_own_what_they_say(store: Store, meeting: MeetingId) -> None:
    _first, second = store.speakers(meeting)
    store.rename_speaker(meeting, second.id, "Bo")
    other, _new = (one for one in tell_apart(store, meeting, (0, 6, -1), (6, 8, -2)).speakers if not one.name)
    assert owners(store, meeting) == ["Ana", ""]
    store.rename_speaker(meeting, other.id, "Eve")
    assert owners(store, meeting) == ["Ana", "Eve"]


def test_an_owner_whom_the_person_chose_stays(store: Store, meeting: MeetingId) -> None:
    minutes = store.minutes(meeting)
    assert minutes
    written, sent = minutes.lines
    store.edit_line(meeting, replace(written, text="Write all of it", edited=True))
    store.edit_line(meeting, replace(sent, owner="Zoé", taken=None, called="", edited=True))
    first, second = store.speakers(meeting)
    store.rename_speaker(meeting, first.id, "Ana")
    store.rename_speaker(meeting, second.id, "Zoé")
    store.rename_speaker(meeting, first.id, "Anna")
    store.rename_speaker(meeting, second.id, "Bo")
    assert owners(store, meeting) == ["Anna", "Zoé"]
    store.edit_line(meeting, sent)
    assert owners(store, meeting) == ["Anna", "Bo"]


def test_who_is_called_by_a_first_name_is_whoever_has_it_alone(store: Store, meeting: MeetingId) -> None:
    first, second = store.speakers(meeting)
    store.set_participants(meeting, ["Ana Costa"])
    store.rename_speaker(meeting, first.id, "Ana Lima")
    assert owners(store, meeting) == ["Ana", ""]
    store.set_participants(meeting, [])
    store.rename_speaker(meeting, first.id, "Anabel")
    assert owners(store, meeting) == ["Ana", ""]
    store.rename_speaker(meeting, second.id, "ana lima")
    assert owners(store, meeting) == ["ana lima", "ana lima"]


def test_tasks_of_a_new_text_of_the_meeting_belong_to_the_same(store: Store, meeting: MeetingId) -> None:
    again = store.begin_transcript(meeting, TranscriptOptions(preset="best"), "en")
    said = [
        Segment(0, 2, "Ana writes it."),
        Segment(2, 4.5, "Who sends it?"),
        Segment(4.5, 6, "I'll send it."),
    ]
    store.add_segments(again, said, Place(60.0))
    store.complete_transcript(again)
    _first, second = store.speakers(meeting)
    store.rename_speaker(meeting, second.id, "Bo")
    assert owners(store, meeting) == ["Ana", "Bo"]


def test_the_words_of_a_task_are_still_found_where_some_before_them_were_cut(
    store: Store, meeting: MeetingId
) -> None:
    _first, second = store.speakers(meeting)
    cut = store.cut_passage(meeting, 2.0, 4.0, Sound("cut.ogg", 90, 6.0))
    store.rename_speaker(meeting, second.id, "Bo")
    assert owners(store, meeting) == ["Ana", "Bo"]
    store.restore_passage(cut.id)
    store.rename_speaker(meeting, second.id, "Bob")
    assert owners(store, meeting) == ["Ana", "Bob"]
