"""A stretch is transcribed again: it alone changes, and what a person wrote stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core import errors, meetings, paths
from core.meetings import Library
from core.values import Job, MeetingId, Place, Segment, Source, TranscriptOptions

BEST = TranscriptOptions(preset="best", language="en")


def result(job: Job[Any]) -> Any:
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


@pytest.fixture
def library(places: paths.Folders) -> Iterator[Library]:
    opened = Library(places)
    yield opened
    opened.close()


@pytest.fixture
def meeting_id(library: Library) -> MeetingId:
    return MeetingId(result(meetings.import_audio(library, paths.SAMPLE, source=Source.SAMPLE)))


def test_only_the_stretch_changes_and_corrections_stay(library: Library, meeting_id: MeetingId) -> None:
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    stored = library.store.add_segments(
        begun,
        [
            Segment(0.0, 3.0, "before", language="en"),
            Segment(3.0, 12.0, "nonsense nonsense", language="en", doubt="repeated"),
            Segment(12.0, 14.0, "corrected", language="en"),
            Segment(14.0, 20.0, "after", language="en"),
        ],
        Place(60.0),
        language="en",
    )
    with pytest.raises(errors.TranscriptUnfinished):
        result(meetings.transcribe_again(library, meeting_id, 3.0, 12.0, BEST))
    library.store.complete_transcript(begun)
    library.store.edit_segment(meeting_id, stored[2].id, "as I said it")
    new = result(meetings.transcribe_again(library, meeting_id, 3.0, 14.0, BEST))
    texts = [one.text for one in new.segments]
    assert (texts[0], texts[-2:]) == ("before", ["as I said it", "after"])
    fresh = new.segments[1:-2]
    assert fresh
    assert "nonsense" not in " ".join(texts)
    assert all(2.5 <= one.start < one.end <= 14.5 for one in fresh)
    assert library.store.transcript(meeting_id) == new
    again = result(meetings.transcribe_again(library, meeting_id, 11.0, 14.0, BEST, corrected=True))
    assert "as I said it" not in [one.text for one in again.segments]


def test_where_nothing_is_heard_no_version_is_made(library: Library, meeting_id: MeetingId) -> None:
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    segments = [
        Segment(0.0, 3.5, "nonsense", language="en"),
        Segment(3600.0, 3601.0, "Thank you.", language="en"),
    ]
    corrected, _ = library.store.add_segments(begun, segments, Place(60.0), language="en")
    library.store.complete_transcript(begun)
    library.store.edit_segment(meeting_id, corrected.id, "as I said it")
    before = library.store.transcript(meeting_id)
    for start, end in ((3600.0, 3601.0), (0.0, 3.5)):
        with pytest.raises(errors.NothingHeard):
            result(meetings.transcribe_again(library, meeting_id, start, end, BEST))
    assert library.store.transcript(meeting_id) == before
