"""A stretch is transcribed again: it alone changes, and what a person wrote stays."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from core import errors, meetings, messages, paths
from core.audio import media
from core.meetings import Library
from core.meetings.stretches import _Stretch
from core.speech.detector import Detector
from core.values import MeetingId, Place, Segment, Source, Stage, Transcript, TranscriptOptions, Word
from tests.conftest import finished


@pytest.fixture
def meeting_id(library: Library) -> MeetingId:
    return MeetingId(finished(meetings.import_audio(library, paths.SAMPLE, source=Source.SAMPLE)))


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
        finished(meetings.transcribe_again(library, meeting_id, 3.0, 12.0))
    library.store.complete_transcript(begun)
    library.store.edit_segment(meeting_id, stored[2].id, "as I said it")
    new: Transcript = finished(meetings.transcribe_again(library, meeting_id, 3.0, 14.0))
    texts = [one.text for one in new.segments]
    assert (texts[0], texts[-2:]) == ("before", ["as I said it", "after"])
    fresh = new.segments[1:-2]
    assert fresh
    assert "nonsense" not in " ".join(texts)
    assert all(2.5 <= one.start < one.end <= 14.5 for one in fresh)
    assert library.store.transcript(meeting_id) == new


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left in the file."""
    monkeypatch.setattr(media, "blocks", lambda *_where, channels: iter(()))


@pytest.mark.usefixtures("silent")
def test_where_nothing_is_heard_no_version_is_made(library: Library, meeting_id: MeetingId) -> None:
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    segments = [
        Segment(0.0, 3.5, "nonsense", language="en"),
        Segment(50.0, 51.0, "Thank you.", language="en"),
    ]
    corrected, _ = library.store.add_segments(begun, segments, Place(60.0), language="en")
    library.store.complete_transcript(begun)
    library.store.edit_segment(meeting_id, corrected.id, "as I said it")
    before = library.store.transcript(meeting_id)
    for start, end in ((50.0, 51.0), (0.0, 3.5)):
        with pytest.raises(errors.NothingHeard):
            finished(meetings.transcribe_again(library, meeting_id, start, end))
    assert library.store.transcript(meeting_id) == before


def test_behind_the_end_of_the_meeting_nothing_is_heard_again(
    library: Library, meeting_id: MeetingId
) -> None:
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    library.store.complete_transcript(begun)
    meeting = library.store.meeting(meeting_id)
    with pytest.raises(errors.StretchUnfit) as caught:
        finished(meetings.transcribe_again(library, meeting_id, meeting.duration, meeting.duration + 5.0))
    assert messages.clock(meeting.duration) in str(messages.explain(caught.value))


@pytest.mark.usefixtures("silent")
def test_a_stretch_in_which_nothing_is_heard_leaves_the_wish_for_the_whole_text(
    library: Library, meeting_id: MeetingId
) -> None:
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    library.store.complete_transcript(begun)
    wish = library.store.ask(meeting_id, Stage.TRANSCRIBE, TranscriptOptions(preset="best"))
    with pytest.raises(errors.NothingHeard):
        finished(meetings.transcribe_again(library, meeting_id, 50.0, 51.0))
    assert library.store.work() == (wish,)


def test_a_stretch_in_which_the_detector_hears_nobody_is_heard_all_the_same(
    library: Library, meeting_id: MeetingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    segment = Segment(0.0, 3.5, "Thank you.", language="en", doubt="no_speech")
    library.store.add_segments(begun, [segment], Place(60.0), language="en")
    library.store.complete_transcript(begun)
    monkeypatch.setattr(Detector, "probabilities", lambda _self, frames: np.zeros(len(frames), np.float32))
    new: Transcript = finished(meetings.transcribe_again(library, meeting_id, 0.0, 3.5))
    assert new.segments[0].text.startswith("Good morning")
    assert {one.doubt for one in new.segments} == {"no_speech"}


def spoken(start: float, text: str, *, each: float = 0.5) -> Segment:
    """A segment whose words follow each other without a pause."""
    words = tuple(
        Word(start + place * each, start + (place + 1) * each, f" {word}", 0.9)
        for place, word in enumerate(text.split())
    )
    return Segment(start, words[-1].end, text, words)


def test_what_is_heard_again_neither_overlaps_nor_repeats_the_text_beside_it(
    library: Library, meeting_id: MeetingId
) -> None:
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    stored = library.store.add_segments(
        begun,
        [
            spoken(0.0, "We begin."),
            spoken(1.0, "the the the the"),
            spoken(3.0, "next", each=0.4),
            spoken(3.4, "no no no"),
            spoken(4.5, "The end."),
        ],
        Place(60.0),
        language="en",
    )
    library.store.complete_transcript(begun)
    library.store.edit_segment(meeting_id, stored[2].id, "Next point.")
    shown = library.store.transcript(meeting_id)
    assert shown
    stretch = _Stretch(library.store.meeting(meeting_id), shown, 1.0, 4.5)
    heard = [spoken(0.6, "begin. With the agenda and next comes the end.")]
    found = stretch.put(shown.segments, heard)
    texts = [one.text for one in sorted(found, key=lambda one: one.start)]
    assert texts == ["We begin.", "With the agenda and", "Next point.", "comes", "The end."]
    ordered = sorted(found, key=lambda one: one.start)
    assert all(one.end <= other.start for one, other in itertools.pairwise(ordered))


def test_a_stretch_inside_a_segment_is_that_segment(library: Library, meeting_id: MeetingId) -> None:
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    library.store.add_segments(
        begun, [Segment(0.0, 3.5, "nonsense", language="en")], Place(60.0), language="en"
    )
    library.store.complete_transcript(begun)
    new: Transcript = finished(meetings.transcribe_again(library, meeting_id, 0.2, 1.0))
    assert new.segments[0].text.startswith("Good morning")
