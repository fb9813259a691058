"""The person's changes to the text, and taking them back exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core import editing, errors, paths
from core.store import Store, transcripts
from core.store import segments as reading
from core.values import (
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
    Word,
    Words,
)

MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def meeting_id(store: Store) -> MeetingId:
    """A meeting of three segments, and minutes with a line for each."""
    new = store.add_meeting("Tuesday", MORNING, Source.IMPORT, duration=30.0)
    begun = store.begin_transcript(new, TranscriptOptions(), "en")
    texts = ("We move the release to April.", "Daniel sends the report.", "The budget is late.")
    stored = store.add_segments(
        begun,
        [
            Segment(10.0 * place, 10.0 * place + 6, text, (Word(10.0 * place, 10.0 * place + 6, text, 0.9),))
            for place, text in enumerate(texts)
        ],
        Place(30.0),
    )
    store.complete_transcript(begun)
    lines = tuple(
        Line(Section.KEY_POINTS, one.text, (Evidence((one.id,), one.start, one.end, one.text),))
        for one in stored
    )
    store.add_minutes(Minutes(new, SummaryOptions(), "offline", "en", MORNING, "", lines, begun.id))
    return new


def segments(store: Store, meeting_id: MeetingId) -> tuple[Segment, ...]:
    shown = store.transcript(meeting_id)
    assert shown
    return shown.segments


def evidence(store: Store, meeting_id: MeetingId) -> list[Evidence]:
    minutes = store.minutes(meeting_id)
    assert minutes
    return [line.evidence[0] for line in minutes.lines]


def joined(found: Sequence[Segment]) -> list[Segment]:
    first, second = found
    text = f"{first.text} {second.text}"
    return [replace(first, end=second.end, text=text, words=(*first.words, *second.words))]


def test_a_correction_is_taken_back_and_done_again_to_the_letter(store: Store, meeting_id: MeetingId) -> None:
    before, pointed = segments(store, meeting_id), evidence(store, meeting_id)
    done = store.edit_segment(meeting_id, before[0].id, "We move the release to May.")
    after = segments(store, meeting_id)
    assert [one.text for one in after][:1] == ["We move the release to May."]
    assert evidence(store, meeting_id)[0].quote == "We move the release to May."
    undone = store.put_back(meeting_id, done)
    assert segments(store, meeting_id) == before
    assert evidence(store, meeting_id) == pointed
    store.put_back(meeting_id, undone)
    assert segments(store, meeting_id) == after


def test_segments_that_went_come_back_with_their_ids_and_what_points_to_them(
    store: Store, meeting_id: MeetingId
) -> None:
    before, pointed = segments(store, meeting_id), evidence(store, meeting_id)
    done = store.change_segments(meeting_id, [before[0].id, before[1].id], joined)
    assert [one.id for one in segments(store, meeting_id)] == [before[0].id, before[2].id]
    assert evidence(store, meeting_id)[1].segment_ids == (before[0].id,)
    store.put_back(meeting_id, done)
    assert segments(store, meeting_id) == before
    assert evidence(store, meeting_id) == pointed


def test_what_is_taken_out_is_not_read_any_more_but_comes_back(store: Store, meeting_id: MeetingId) -> None:
    before = segments(store, meeting_id)
    done = store.edit_segment(meeting_id, before[1].id, "")
    assert [one.id for one in segments(store, meeting_id)] == [before[0].id, before[2].id]
    # A line that was made of it still says where that was.
    assert evidence(store, meeting_id)[1].start == 10.0
    store.put_back(meeting_id, done)
    assert segments(store, meeting_id) == before


def test_who_was_found_to_say_it_since_is_not_taken_back(store: Store, meeting_id: MeetingId) -> None:
    first = segments(store, meeting_id)[0]
    done = store.edit_segment(meeting_id, first.id, "Other words")
    ana = store.add_speaker(meeting_id, "Ana")
    store.set_speaker(meeting_id, [first.id], ana.id)
    store.put_back(meeting_id, done)
    now = segments(store, meeting_id)[0]
    assert (now.text, now.speaker) == (first.text, "Ana")


def test_where_other_text_stands_now_nothing_is_changed(store: Store, meeting_id: MeetingId) -> None:
    before = segments(store, meeting_id)
    done = store.edit_segment(meeting_id, before[0].id, "Mine")
    store.edit_segment(meeting_id, before[0].id, "Somebody else's")
    with pytest.raises(errors.TextChanged):
        store.put_back(meeting_id, done)
    store.revise_transcript(meeting_id, lambda found: [editing.corrected(one, "New") for one in found])
    for change in (
        lambda: store.put_back(meeting_id, done),
        lambda: store.edit_segment(meeting_id, before[0].id, "Too late"),
    ):
        with pytest.raises(errors.TextChanged):
            change()
    assert {one.text for one in segments(store, meeting_id)} == {"New"}


def test_what_was_changed_is_compared_without_taking_its_words_apart(
    store: Store, places: paths.Folders, meeting_id: MeetingId
) -> None:
    """Of a long text that would hold the window up for a second."""
    first, *_others = segments(store, meeting_id)
    store.edit_segment(meeting_id, first.id, "We move nothing.")
    other = Store(places)
    here, there = segments(store, meeting_id), segments(other, meeting_id)
    other.close()
    assert here == there
    assert all(isinstance(one.words, Words) and one.words._words is None for one in (*here, *there))


def test_a_change_of_the_text_needs_no_reading_of_all_of_it(
    store: Store, places: paths.Folders, meeting_id: MeetingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known of the text is what another program reads, after each change and what takes it back."""
    other = Store(places)
    reads: list[int] = []
    read = reading.shown_segments

    def counted(*given: Any) -> tuple[Segment, ...]:
        reads.append(1)
        return read(*given)

    def known() -> Sequence[Segment]:
        before = len(reads)
        text = store.transcript(meeting_id)
        assert len(reads) == before, "it was read again"
        there = other.transcript(meeting_id)
        assert text == there
        assert text
        return text.segments

    monkeypatch.setattr(transcripts, "shown_segments", counted)
    first, second, third = segments(store, meeting_id)
    done = [store.edit_segment(meeting_id, first.id, "We move nothing.")]
    assert known()[0].text == "We move nothing."
    done.append(store.change_segments(meeting_id, [second.id], lambda one: editing.split(one[0], 6)))
    assert len(known()) == 4
    ids = [one.id for one in known()[1:3]]
    done.append(store.change_segments(meeting_id, ids, lambda found: [editing.merged(found)]))
    assert len(known()) == 3
    done.append(store.edit_segment(meeting_id, third.id, ""))
    assert len(known()) == 2
    for one in reversed(done):
        store.put_back(meeting_id, one)
        known()
    assert known() == (first, second, third)
    # What somebody else changes, and all else of the meeting, is read.
    other.edit_segment(meeting_id, third.id, "The budget is here.")
    assert segments(store, meeting_id)[2].text == "The budget is here."
    ana = store.add_speaker(meeting_id, "Ana")
    store.set_speaker(meeting_id, [first.id], ana.id)
    assert segments(store, meeting_id)[0].speaker == "Ana"
    store.edit_segment(meeting_id, first.id, "Hello.")
    assert known()[0].speaker == "Ana"
    other.close()
