"""What becomes of the rows of a meeting when a passage is cut from it, and when it is brought back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core import errors, paths
from core.store import Store
from core.store.cutting import Sound
from core.values import (
    CALL,
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
    Word,
)

MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def said(start: float, text: str, **fields: Any) -> Segment:
    """A segment in which each word takes a second."""
    words = tuple(
        Word(start + place, start + place + 1, f" {word}", 0.9) for place, word in enumerate(text.split())
    )
    return Segment(start, start + len(words), text, words, **fields)


def line(section: Section, text: str, *proofs: Segment) -> Line:
    found = tuple(Evidence((one.id,), one.start, one.end, one.text) for one in proofs)
    return Line(section, text, found, due=date(2026, 3, 13) if section is Section.ACTION_ITEMS else None)


@pytest.fixture
def meeting_id(store: Store) -> MeetingId:
    """A call of a minute with two versions of its text, speakers, minutes and notes."""
    new = store.add_meeting(
        "Call", MORNING, Source.RECORDING, audio="call.ogg", duration=60.0, size=100, channels=CALL
    )
    for text in ("We met before.", "We meet now at last."):
        begun = store.begin_transcript(new, TranscriptOptions(), "en")
        stored = store.add_segments(
            begun,
            [
                said(0, text, channel=Channel.MICROPHONE),
                said(10, "My salary is a secret here", channel=Channel.MICROPHONE),
                said(12, "Yes it really is and that stays so", channel=Channel.SYSTEM),
                said(20, "On to the budget", channel=Channel.MICROPHONE),
                said(40, "Ana sends the figures", channel=Channel.SYSTEM),
            ],
            Place(60.0, channel=Channel.MICROPHONE),
        )
        store.complete_transcript(begun)
    ana, bob = store.add_speaker(new, "Ana"), store.add_speaker(new, "Bob")
    store.set_speaker(new, [one.id for one in stored if one.channel is Channel.SYSTEM], ana.id)
    store.set_speaker(new, [one.id for one in stored if one.channel is Channel.MICROPHONE], bob.id)
    store.rename_speaker(new, ana.id, "Ana")
    _first, secret, answer, budget, figures = stored
    lines = (
        line(Section.KEY_POINTS, "The salary stays secret", secret),
        line(Section.KEY_POINTS, "Salary and budget", secret, budget),
        line(Section.KEY_POINTS, f"So it stays: {answer.text}", answer),
        line(Section.KEY_POINTS, "Written by hand"),
        line(Section.ACTION_ITEMS, "Send the figures", figures),
        line(Section.CHAPTERS, "Salary", secret),
        line(Section.CHAPTERS, "Figures", figures),
    )
    store.add_minutes(Minutes(new, SummaryOptions(), "offline", "en", MORNING, "", lines, begun.id))
    for at, text, bookmark in (
        (5, "early", False),
        (11, "mark", True),
        (11, "mine", False),
        (41, "late", True),
    ):
        store.add_note(new, at, text, bookmark=bookmark)
    store.keep_place(new, 30.0)
    return new


def everything(store: Store, meeting_id: MeetingId) -> Any:
    meeting = store.meeting(meeting_id)
    return (
        (meeting.audio, meeting.size, meeting.duration),
        store.transcript(meeting_id),
        store.minutes(meeting_id),
        store.notes(meeting_id),
        store.voices(meeting_id),
        [hit.segment_id for hit in [*store.search("salary")][-1].hits],
    )


def texts(store: Store, meeting_id: MeetingId) -> list[tuple[float, float, str]]:
    transcript = store.transcript(meeting_id)
    assert transcript
    return [(one.start, one.end, one.text) for one in transcript.segments]


def test_a_passage_goes_from_everything_and_comes_back_exactly(store: Store, meeting_id: MeetingId) -> None:
    before = everything(store, meeting_id)
    cut = store.cut_passage(meeting_id, 10.0, 16.0, Sound("cut.ogg", 90, 54.0))
    assert (cut.start, cut.seconds, cut.audio, cut.last) == (10.0, 6.0, "call.ogg", True)
    assert cut.text == "My salary is a secret here Yes it really is"
    assert store.cuts() == store.cuts(meeting_id) == (cut,)
    meeting = store.meeting(meeting_id)
    assert (meeting.audio, meeting.size, meeting.duration, meeting.listened) == ("cut.ogg", 90, 54.0, 24.0)
    # What the other one said behind the passage stays, without the words that lie in it.
    assert texts(store, meeting_id) == [
        (0.0, 5.0, "We meet now at last."),
        (10.0, 14.0, "and that stays so"),
        (14.0, 18.0, "On to the budget"),
        (34.0, 38.0, "Ana sends the figures"),
    ]
    minutes = store.minutes(meeting_id)
    assert minutes
    assert [(one.text, [(proof.start, proof.quote) for proof in one.evidence]) for one in minutes.lines] == [
        ("Salary and budget", [(14.0, "On to the budget")]),
        ("So it stays: and that stays so", [(10.0, "and that stays so")]),
        ("Written by hand", []),
        ("Send the figures", [(34.0, "Ana sends the figures")]),
        ("Salary", [(10.0, "")]),
        ("Figures", [(34.0, "Ana sends the figures")]),
    ]
    # What the person wrote stays; a mark within the passage goes.
    assert [(note.at, note.text) for note in store.notes(meeting_id)] == [
        (5.0, "early"),
        (10.0, "mine"),
        (35.0, "late"),
    ]
    assert [(turn.start, turn.end) for turn in store.turns(meeting_id)] == [
        (0.0, 5.0),
        (10.0, 14.0),
        (14.0, 18.0),
        (34.0, 38.0),
    ]
    assert [(claim.start, claim.end) for claim in store.voices(meeting_id).claims] == [
        (10.0, 14.0),
        (34.0, 38.0),
    ]
    # Search finds neither version of it; the words are in no row but the cut's own.
    assert [*store.search("secret")][-1].hits == ()
    assert store.restore_passage(cut.id) == meeting_id
    assert everything(store, meeting_id) == before
    assert store.cuts() == ()
    with pytest.raises(errors.CutGone):
        store.restore_passage(cut.id)


def test_passages_come_back_the_last_one_first(store: Store, meeting_id: MeetingId) -> None:
    before = everything(store, meeting_id)
    first = store.cut_passage(meeting_id, 12.5, 30.0, Sound("1.ogg", 90, 42.5))
    between = everything(store, meeting_id)
    # The second one spans the place of the first.
    second = store.cut_passage(meeting_id, 0.0, 20.0, Sound("2.ogg", 80, 22.5))
    assert texts(store, meeting_id) == [(2.5, 6.5, "Ana sends the figures")]
    assert [(one.id, one.last) for one in store.cuts()] == [(second.id, True), (first.id, False)]
    with pytest.raises(errors.CutBelow):
        store.restore_passage(first.id)
    store.restore_passage(second.id)
    assert everything(store, meeting_id) == between
    store.restore_passage(first.id)
    assert everything(store, meeting_id) == before


def test_what_was_changed_since_stays(store: Store, meeting_id: MeetingId) -> None:
    cut = store.cut_passage(meeting_id, 13.0, 21.0)
    assert store.meeting(meeting_id).duration == 52.0
    transcript = store.transcript(meeting_id)
    assert transcript
    _first, mine, _theirs, rest, figures = transcript.segments
    assert (mine.text, rest.text) == ("My salary is", "to the budget")
    store.edit_segment(meeting_id, figures.id, "Ana sent the figures")
    store.edit_segment(meeting_id, mine.id, "My wages are")
    note = store.add_note(meeting_id, 33.0, "after")
    minutes = store.minutes(meeting_id)
    assert minutes
    task = next(one for one in minutes.lines if one.section is Section.ACTION_ITEMS)
    store.tick(meeting_id, task.id, done=True)
    store.restore_passage(cut.id)
    assert texts(store, meeting_id) == [
        (0.0, 5.0, "We meet now at last."),
        (10.0, 13.0, "My wages are"),
        (12.0, 20.0, "Yes it really is and that stays so"),
        # What was left of it reads otherwise now: the rest comes back on its own.
        (13.0, 16.0, "a secret here"),
        (20.0, 24.0, "On to the budget"),
        (40.0, 44.0, "Ana sent the figures"),
    ]
    assert {one.id: one.at for one in store.notes(meeting_id)}[note.id] == 41.0
    ticked = store.minutes(meeting_id)
    assert ticked
    assert next(one for one in ticked.lines if one.id == task.id).done


def test_a_version_made_since_gets_the_passage_too(store: Store, meeting_id: MeetingId) -> None:
    cut = store.cut_passage(meeting_id, 10.0, 20.0)
    begun = store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    store.add_segments(begun, [said(0, "We meet"), said(10, "On to it")], Place(50.0))
    store.complete_transcript(begun)
    store.restore_passage(cut.id)
    assert [text for *_times, text in texts(store, meeting_id)] == [
        "We meet",
        "My salary is a secret here",
        "Yes it really is and that stays so",
        "On to it",
    ]
    assert texts(store, meeting_id)[-1][:2] == (20.0, 23.0)


def test_an_unfinished_text_goes_on_where_it_was(store: Store) -> None:
    new = store.add_meeting("Long", MORNING, Source.IMPORT, duration=100.0)
    begun = store.begin_transcript(new, TranscriptOptions(), "en")
    store.add_segments(begun, [said(30, "so far")], Place(40.0, (1, 2)))
    cut = store.cut_passage(new, 5.0, 15.0)
    found = store.unfinished_transcript(new, TranscriptOptions())
    assert found
    assert found.places == (Place(30.0, (1, 2)),)
    store.restore_passage(cut.id)
    found = store.unfinished_transcript(new, TranscriptOptions())
    assert found
    assert (found.places, found.segments[0].start) == ((Place(40.0, (1, 2)),), 30.0)


def test_speakers_who_went_meanwhile_do_not_stop_it(store: Store, meeting_id: MeetingId) -> None:
    cut = store.cut_passage(meeting_id, 10.0, 20.0)
    ana, bob = (one for one in store.speakers(meeting_id) if one.name)
    store.merge_speakers(meeting_id, bob.id, ana.id)
    store.restore_passage(cut.id)
    transcript = store.transcript(meeting_id)
    assert transcript
    assert [one.speaker for one in transcript.segments] == ["Ana", "", "Ana", "Ana", "Ana"]
    assert all(isinstance(turn, Turn) and turn.speaker_id == ana.id for turn in store.turns(meeting_id))


def test_a_forgotten_cut_is_nowhere_in_the_file(
    store: Store, meeting_id: MeetingId, places: paths.Folders
) -> None:
    cut = store.cut_passage(meeting_id, 10.0, 19.0)
    store.forget_cut(cut.id)
    assert store.cuts() == ()
    store.close()  # what the log still had is in the file now
    assert b"salary is a secret" not in places.database.read_bytes()
    assert b"On to the budget" in places.database.read_bytes()


def test_an_earlier_change_is_not_taken_back_at_the_wrong_time(store: Store, meeting_id: MeetingId) -> None:
    transcript = store.transcript(meeting_id)
    assert transcript
    done = store.edit_segment(meeting_id, transcript.segments[-1].id, "Ana sent the figures")
    cut = store.cut_passage(meeting_id, 10.0, 20.0)
    with pytest.raises(errors.TextChanged):
        store.put_back(meeting_id, done)
    store.restore_passage(cut.id)
    store.put_back(meeting_id, done)
    assert texts(store, meeting_id)[-1] == (40.0, 44.0, "Ana sends the figures")
