"""What the library keeps and in which order it comes back."""

from __future__ import annotations

import dataclasses
import os
import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from core import errors, paths
from core.store import Store
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
    Stage,
    SummaryOptions,
    Transcript,
    TranscriptOptions,
    Unkept,
    Word,
)
from tests.conftest import at_once

MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
OPTIONS = TranscriptOptions(model="small", language="fr", vocabulary=("Kubernetes", "Łódź"))
SEGMENTS = (
    Segment(
        0.5,
        2.25,
        "Good morning, “everyone” 👋.",
        words=(Word(0.5, 0.9, " Good", 0.98), Word(0.9, 2.25, " morning,", 0.5)),
        channel=Channel.SYSTEM,
        language="en",
        log_probability=-0.25,
        no_speech=0.01,
        doubt="repeated",
    ),
    Segment(3.0, 4.0, "صباح الخير"),
)
LINES = (
    Line(Section.OVERVIEW, "They met."),
    Line(
        Section.DECISIONS,
        "Move the release",
        evidence=(Evidence((1, 2), 0.5, 2.25, "move it"), Evidence((), 3.0, 4.0, "yes")),
        unverified=("15th", "April"),
    ),
    Line(
        Section.ACTION_ITEMS,
        "Write",
        owner="Ana",
        called="Ana",
        due_said="by Friday",
        due=date(2026, 3, 13),
        done=True,
    ),
    Line(Section.DECISIONS, "Skip the fair", supported=False, edited=True),
)


@pytest.fixture
def other(store: Store, places: paths.Folders) -> Iterator[Store]:
    """A second door on the same folder."""
    opened = Store(places)
    yield opened
    opened.close()


def meeting(store: Store, title: str = "Tuesday", **fields: object) -> MeetingId:
    return store.add_meeting(title, MORNING, Source.IMPORT, **fields)  # type: ignore[arg-type]


def minutes(meeting_id: MeetingId, lines: tuple[Line, ...] = LINES, transcript_id: int = 0) -> Minutes:
    return Minutes(
        meeting_id=meeting_id,
        options=SummaryOptions("mistral", "large", "fr", "board"),
        made_by="offline",
        language="fr",
        created_at=MORNING,
        title="The release",
        lines=lines,
        transcript_id=transcript_id,
    )


def shown(store: Store, meeting_id: MeetingId) -> Transcript:
    transcript = store.transcript(meeting_id)
    assert transcript
    return transcript


def plain(values: tuple[Segment, ...] | tuple[Line, ...]) -> list[object]:
    """The values without the ids they were given."""
    return [
        dataclasses.replace(value, id=0, speaker_id=0)
        if isinstance(value, Segment)
        else dataclasses.replace(value, id=0)
        for value in values
    ]


# --- meetings ------------------------------------------------------------------------------------


def test_a_meeting_comes_back_as_it_was(store: Store, other: Store) -> None:
    local = datetime(2026, 3, 10, 11, 30, tzinfo=timezone(timedelta(hours=2)))
    new = store.add_meeting(
        "Ünïcode 🎉",
        local,
        Source.RECORDING,
        audio="a.ogg",
        original_name="ä%b.mp4",
        digest="d1",
        duration=12.5,
        size=7,
        recording_open=True,
    )
    found = other.meeting(new)
    assert (found.title, found.source, found.audio, found.original_name) == (
        "Ünïcode 🎉",
        Source.RECORDING,
        "a.ogg",
        "ä%b.mp4",
    )
    assert (found.digest, found.duration, found.size, found.recording_open) == ("d1", 12.5, 7, True)
    assert found.started_at == local
    assert found.started_at.tzinfo is UTC
    assert (found.transcribed, found.transcript_complete, found.has_minutes) == (None, False, False)
    store.close_recording(new, 60.0, 9)
    assert dataclasses.replace(other.meeting(new), revision=0) == dataclasses.replace(
        found, revision=0, duration=60.0, size=9, recording_open=False
    )


def test_meetings_come_newest_first_and_the_binned_apart(store: Store) -> None:
    days = [store.add_meeting(str(day), MORNING + timedelta(days=day), Source.IMPORT) for day in (2, 0, 3, 1)]
    assert [one.title for one in store.meetings()] == ["3", "2", "1", "0"]
    store.bin(days[0])
    assert [one.title for one in store.meetings()] == ["3", "1", "0"]
    assert [one.title for one in store.meetings(binned=True)] == ["2"]
    assert store.meeting(days[0]).deleted_at
    store.restore(days[0])
    assert [one.title for one in store.meetings()] == ["3", "2", "1", "0"]
    assert store.meetings(binned=True) == ()


def test_an_id_may_be_shortened_while_it_is_clear(store: Store) -> None:
    for new in ("abc111", "abc222", "ab", "x%y"):
        meeting(store, title=new, meeting_id=MeetingId(new))
    assert store.meeting("abc1").id == "abc111"
    assert store.meeting("ab").id == "ab"
    assert store.meeting("x%").id == "x%y"
    for unclear in ("abc", "", "zzz", "%", "_"):
        with pytest.raises(errors.MeetingUnknown):
            store.meeting(unclear)


def test_content_is_known_again_also_in_the_bin(store: Store) -> None:
    new = meeting(store, digest="d1")
    assert store.meeting_with_digest("d2") is None
    store.bin(new)
    known = store.meeting_with_digest("d1")
    assert known
    assert known.id == new
    assert known.deleted_at


def test_open_recordings(store: Store) -> None:
    meeting(store)
    new = meeting(store, recording_open=True)
    assert [one.id for one in store.open_recordings()] == [new]
    store.close_recording(new, 1.0, 1)
    assert store.open_recordings() == ()


def test_what_is_being_written_replaces_what_was_in_meetings_that_are_there(
    store: Store, other: Store
) -> None:
    meeting_id, gone = (store.add_meeting(title, MORNING, Source.IMPORT) for title in ("a", "b"))
    store.keep_unkept(Unkept(gone, "title", 0, ("what",)))
    line = Unkept(meeting_id, "line", 7, ("what", "Ana", "", "decisions", "decisions"))
    before = store.revision()
    question = Unkept(gone, "question", 0, ("who",))
    store.keep_unkept(line, question)
    assert (other.unkept(), store.revision()) == ((line, question), before)
    store.bin(meeting_id)
    assert store.unkept() == (question,)
    store.restore(meeting_id)
    assert store.unkept() == (line, question)
    store.keep_unkept()
    assert store.unkept() == ()
    with pytest.raises(errors.MeetingUnknown):
        store.keep_unkept(Unkept(MeetingId("gone"), "title", 0, ("what",)))


def test_removing_takes_everything_along(store: Store, places: paths.Folders) -> None:
    new, kept = meeting(store), meeting(store, "kept")
    for one in (new, kept):
        transcript = store.begin_transcript(one, OPTIONS, "")
        store.add_segments(transcript, SEGMENTS, Place(4.0))
        store.add_minutes(minutes(one, transcript_id=transcript.id))
        store.add_note(one, 1.0, "x")
        store.ask(one, Stage.SUMMARISE, SummaryOptions())
    store.remove(new)
    with pytest.raises(errors.MeetingUnknown):
        store.meeting(new)
    with sqlite3.connect(places.database) as looking:
        counts = {
            table: looking.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("meeting", "transcript", "segment", "minutes", "line", "note", "work")
        }
    looking.close()
    assert counts == {
        "meeting": 1,
        "transcript": 1,
        "segment": 2,
        "minutes": 1,
        "line": 4,
        "note": 1,
        "work": 1,
    }


def test_adding_to_a_meeting_that_is_gone(store: Store) -> None:
    new = meeting(store)
    transcript = store.begin_transcript(new, OPTIONS, "")
    store.remove(new)
    with pytest.raises(errors.MeetingUnknown):
        store.add_segments(transcript, SEGMENTS, Place(4.0))
    with pytest.raises(errors.MeetingUnknown):
        store.begin_transcript(new, OPTIONS, "")
    with pytest.raises(errors.MeetingUnknown):
        store.add_minutes(minutes(new))
    with pytest.raises(errors.MeetingUnknown):
        store.ask(new, Stage.TRANSCRIBE, OPTIONS)
    with pytest.raises(errors.MeetingUnknown):
        store.add_note(new, 0.0, "")
    store.rename(new, "nobody")
    assert store.meetings() == ()


# --- transcripts ---------------------------------------------------------------------------------


def test_segments_come_back_in_order_with_their_words(store: Store, other: Store) -> None:
    new = meeting(store)
    begun = store.begin_transcript(new, OPTIONS, "")
    assert (begun.reached, begun.complete, begun.segments) == (0.0, False, ())
    late = store.add_segments(begun, SEGMENTS[1:], Place(4.0))
    early = store.add_segments(begun, SEGMENTS[:1], Place(4.5, (7, 8)), language="en")
    found = shown(other, new)
    assert found.segments == early + late
    assert plain(found.segments) == list(SEGMENTS)
    assert (found.options, found.language, found.reached, found.complete) == (OPTIONS, "en", 4.5, False)
    assert found.places == (Place(4.5, (7, 8)),)
    listed = other.meeting(new)
    assert (listed.language, listed.transcribed, listed.transcript_complete) == ("en", 4.5, False)
    store.complete_transcript(begun)
    assert other.meeting(new).transcript_complete


def test_a_new_version_is_shown_once_complete_and_the_old_one_stays(
    store: Store, places: paths.Folders
) -> None:
    new = meeting(store)
    first = store.begin_transcript(new, OPTIONS, "")
    store.add_segments(first, SEGMENTS, Place(4.0))
    store.complete_transcript(first)
    second = store.begin_transcript(new, TranscriptOptions(), "")
    store.add_segments(second, SEGMENTS[:1], Place(2.0))
    assert shown(store, new).id == first.id
    store.complete_transcript(second)
    assert (shown(store, new).id, len(shown(store, new).segments)) == (second.id, 1)
    with sqlite3.connect(places.database) as looking:
        rows = looking.execute("SELECT transcript_id, count(*) FROM segment GROUP BY 1 ORDER BY 1").fetchall()
    looking.close()
    assert rows == [(first.id, 2), (second.id, 1)]


def test_what_was_begun_is_found_by_its_options_alone(store: Store) -> None:
    new, another = meeting(store), meeting(store)
    done = store.begin_transcript(new, OPTIONS, "")
    store.complete_transcript(done)
    assert store.unfinished_transcript(new, OPTIONS) is None
    begun = store.begin_transcript(new, OPTIONS, "fr")
    store.add_segments(begun, SEGMENTS, Place(4.0, (9,)))
    store.begin_transcript(new, dataclasses.replace(OPTIONS, vocabulary=()), "")
    found = store.unfinished_transcript(new, OPTIONS)
    assert found
    assert (found.id, found.reached, found.language, len(found.segments)) == (begun.id, 4.0, "fr", 2)
    assert found.places == (Place(4.0, (9,)),)
    assert store.unfinished_transcript(new, TranscriptOptions()) is None
    assert store.unfinished_transcript(another, OPTIONS) is None


def test_an_edited_segment_keeps_its_words_and_is_doubted_no_more(store: Store) -> None:
    new = meeting(store)
    (stored, _rest) = store.add_segments(store.begin_transcript(new, OPTIONS, ""), SEGMENTS, Place(4.0))
    store.edit_segment(new, stored.id, "Good evening")
    (edited, _rest) = shown(store, new).segments
    assert edited == dataclasses.replace(stored, text="Good evening", edited=True, doubt="")


def test_an_unfinished_version_gives_way_to_a_new_one(store: Store) -> None:
    new = meeting(store)
    store.add_segments(store.begin_transcript(new, OPTIONS, ""), SEGMENTS, Place(4.0))
    begun = store.begin_transcript(new, TranscriptOptions(), "")
    assert (shown(store, new).id, shown(store, new).segments) == (begun.id, ())


def test_corrections_take_the_place_of_what_is_heard_there_later(store: Store) -> None:
    new = meeting(store)
    first = store.begin_transcript(new, OPTIONS, "")
    stored = store.add_segments(
        first, [Segment(0, 2, "one"), Segment(2, 6, "to"), Segment(6, 8, "three")], Place(8.0)
    )
    store.complete_transcript(first)
    store.edit_segment(new, stored[1].id, "two")
    second = store.begin_transcript(new, TranscriptOptions(), "")
    heard = [Segment(0, 2.1, "won"), Segment(2.1, 4, "too"), Segment(4, 5.9, "to"), Segment(5.9, 8, "tree")]
    store.add_segments(second, heard, Place(8.0))
    store.complete_transcript(second)
    assert shown(store, new).id == second.id
    assert [(one.text, one.edited) for one in shown(store, new).segments] == [
        ("won", False),
        ("two", True),
        ("tree", False),
    ]


def test_a_correction_takes_nothing_away_from_the_other_channel(store: Store) -> None:
    new = meeting(store, channels=CALL)

    def heard(options: TranscriptOptions, mine: str) -> tuple[Transcript, Segment]:
        begun = store.begin_transcript(new, options, "", CALL)
        said = [
            Segment(0, 10, mine, channel=Channel.MICROPHONE),
            Segment(2, 6, "Forty thousand.", channel=Channel.SYSTEM),
        ]
        return begun, store.add_segments(begun, said, Place(20.0, (), Channel.SYSTEM))[0]

    first, mine = heard(OPTIONS, "Helo al")
    store.complete_transcript(first)
    store.edit_segment(new, mine.id, "Hello all")
    second, _mine = heard(TranscriptOptions(), "Hello")
    store.complete_transcript(second)
    assert shown(store, new).id == second.id
    assert [one.text for one in shown(store, new).segments] == ["Hello all", "Forty thousand."]


def test_a_corrected_version_is_shown_until_another_is_complete(store: Store) -> None:
    new = meeting(store)
    first = store.begin_transcript(new, OPTIONS, "")
    stored = store.add_segments(first, [Segment(0, 2, "to")], Place(4.0))
    store.edit_segment(new, stored[0].id, "two")
    store.reopen_recording(new)
    store.close_recording(new, 6.0, 1)
    second = store.begin_transcript(new, TranscriptOptions(), "")
    store.add_segments(second, [Segment(0, 2, "too"), Segment(4, 6, "three")], Place(6.0))
    assert shown(store, new).id == first.id
    store.complete_transcript(second)
    assert shown(store, new).id == second.id
    assert [one.text for one in shown(store, new).segments] == ["two", "three"]


def test_a_text_is_complete_only_with_all_of_its_recording(store: Store) -> None:
    new = meeting(store, duration=30.0)
    begun = store.begin_transcript(new, OPTIONS, "")
    store.add_segments(begun, SEGMENTS, Place(30.0))
    store.reopen_recording(new)
    assert not store.complete_transcript(begun, 30.0)
    store.close_recording(new, 60.0, 9)
    assert not store.complete_transcript(begun, 30.0)
    assert not store.meeting(new).transcript_complete
    assert store.complete_transcript(begun, 60.0)
    assert store.meeting(new).transcript_complete
    store.remove(new)
    assert not store.complete_transcript(begun, 60.0)


# --- minutes, notes ------------------------------------------------------------------------------


def test_new_minutes_are_merged_with_those_shown(store: Store) -> None:
    new = meeting(store)
    store.add_minutes(minutes(new))
    merged = store.add_minutes(minutes(new), lambda earlier, fresh, _translated: (*earlier[:1], *fresh[:1]))
    assert store.minutes(new) == merged
    assert len(merged.lines) == 2


def test_minutes_come_back_in_order_and_the_newest_are_shown(store: Store, other: Store) -> None:
    new = meeting(store)
    transcript = store.begin_transcript(new, OPTIONS, "")
    assert store.minutes(new) is None
    added = store.add_minutes(minutes(new, transcript_id=transcript.id))
    assert other.minutes(new) == added
    assert plain(added.lines) == list(LINES)
    assert dataclasses.replace(added, id=0, lines=LINES) == minutes(new, transcript_id=transcript.id)
    assert added.of(Section.DECISIONS) == (added.lines[1], added.lines[3])
    listed = other.meeting(new)
    assert (listed.has_minutes, listed.decision_count, listed.first_decision) == (True, 2, "Move the release")
    newest = store.add_minutes(minutes(new, LINES[:1]))
    assert other.minutes(new) == newest
    assert newest.id != added.id
    assert (other.meeting(new).decision_count, other.meeting(new).first_decision) == (0, "")


def test_lines_are_edited_and_ticked(store: Store) -> None:
    new = meeting(store)
    lines = store.add_minutes(minutes(new)).lines
    store.edit_line(new, dataclasses.replace(lines[1], text="Do not move it", edited=True))
    store.tick(new, lines[2].id, done=False)
    found = store.minutes(new)
    assert found
    assert found.lines[1] == dataclasses.replace(lines[1], text="Do not move it", edited=True)
    assert found.lines[2] == dataclasses.replace(lines[2], done=False)
    assert found.lines[0] == lines[0]


def test_answers_are_kept_until_remote_minutes_are_made_and_go_with_their_meeting(store: Store) -> None:
    ours, other = meeting(store), meeting(store)
    for meeting_id in (ours, other):
        store.keep_part(meeting_id, "question", "first")
        store.keep_part(meeting_id, "question", "second")
    assert store.kept_part(ours, "question") == "second"
    assert store.kept_part(ours, "another") is None
    store.add_minutes(minutes(ours))
    assert store.kept_part(ours, "question") == "second"
    store.add_minutes(dataclasses.replace(minutes(ours), made_by="mistral"))
    assert store.kept_part(ours, "question") is None
    assert store.kept_part(other, "question") == "second"
    store.remove(other)
    assert store.kept_part(other, "question") is None
    with pytest.raises(errors.MeetingUnknown):
        store.keep_part(other, "question", "third")


def test_notes_are_in_order_of_time(store: Store) -> None:
    new = meeting(store)
    late, early = store.add_note(new, 30.0, "late"), store.add_note(new, 2.5, "")
    assert store.notes(new) == (early, late)
    store.edit_note(new, early.id, "ask Bob")
    store.remove_note(new, late.id)
    assert store.notes(new) == (dataclasses.replace(early, text="ask Bob"),)


# --- what was asked for --------------------------------------------------------------------------


def test_wishes_keep_their_order_their_options_and_why_they_failed(store: Store, other: Store) -> None:
    first, second = meeting(store), meeting(store)
    summary = SummaryOptions("mistral", "large", "en", "board")
    store.ask(first, Stage.TRANSCRIBE, OPTIONS)
    store.ask(first, Stage.SUMMARISE, summary)
    store.ask(second, Stage.TRANSCRIBE, TranscriptOptions())
    assert [(work.meeting_id, work.stage, work.options) for work in other.work()] == [
        (first, Stage.TRANSCRIBE, OPTIONS),
        (first, Stage.SUMMARISE, summary),
        (second, Stage.TRANSCRIBE, TranscriptOptions()),
    ]
    failure = errors.to_failure(errors.RemoteBusy("mistral", 503))
    store.fail(first, Stage.SUMMARISE, failure)
    store.pause(first, Stage.TRANSCRIBE, paused=True)
    work = {one.stage: one for one in other.meeting(first).work}
    assert work[Stage.SUMMARISE].failure == failure
    assert (work[Stage.TRANSCRIBE].paused, work[Stage.SUMMARISE].paused) == (True, False)
    store.fail(first, Stage.SUMMARISE, None)
    store.pause(first, Stage.TRANSCRIBE, paused=False)
    assert not any(one.failure or one.paused for one in other.work())
    store.ask(first, Stage.TRANSCRIBE, TranscriptOptions("base"))
    assert [one.meeting_id for one in other.work()] == [first, second, first]
    assert len(other.meeting(first).work) == 2
    store.finish(first, Stage.TRANSCRIBE, OPTIONS)
    store.finish(first, Stage.SUMMARISE, SummaryOptions())
    assert len(other.meeting(first).work) == 2
    store.finish(first, Stage.TRANSCRIBE, TranscriptOptions("base"))
    assert [one.stage for one in other.meeting(first).work] == [Stage.SUMMARISE]
    store.finish(first, Stage.SUMMARISE)
    assert other.meeting(first).work == ()


# --- several doors -------------------------------------------------------------------------------


def test_each_door_sees_what_the_others_changed(store: Store, other: Store) -> None:
    first, second = meeting(store), meeting(store)
    seen = other.revision()
    assert other.changed_since(seen) == ()
    store.rename(second, "renamed")
    assert other.changed_since(seen) == (second,)
    assert other.meeting(second).revision == other.revision() == seen + 1
    seen = other.revision()
    transcript = store.begin_transcript(first, OPTIONS, "")
    for change in (
        lambda: store.add_segments(transcript, SEGMENTS, Place(4.0)),
        lambda: store.complete_transcript(transcript),
        lambda: store.add_minutes(minutes(first)),
        lambda: store.add_note(first, 0.0, ""),
        lambda: store.ask(first, Stage.SUMMARISE, SummaryOptions()),
        lambda: store.pause(first, Stage.SUMMARISE, paused=True),
        lambda: store.finish(first, Stage.SUMMARISE),
        lambda: store.bin(first),
    ):
        seen = other.revision()
        change()
        assert other.changed_since(seen) == (first,)
    assert set(other.changed_since(0)) == {first, second}


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core import paths
from core.store import Store
from core.values import MeetingId

store = Store(paths.Folders(Path(sys.argv[1])))
print("open", flush=True)
sys.stdin.readline()
for number in range(150):
    store.add_note(MeetingId(sys.argv[2]), number, f"{sys.argv[3]} {number}")
store.close()
"""


def test_two_processes_writing_at_once_lose_nothing(store: Store, places: paths.Folders) -> None:
    new = meeting(store)
    before = store.revision()
    at_once(WRITER, *((str(places.root), new, name) for name in "ab"))
    texts = [note.text for note in store.notes(new)]
    assert sorted(texts) == sorted(f"{name} {number}" for name in "ab" for number in range(150))
    assert store.revision() == before + 300


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: file modes")
def test_its_files_are_private(store: Store, places: paths.Folders) -> None:
    meeting(store)
    files = [file for file in places.root.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"meetings.db", "meetings.db-wal", "meetings.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_it_syncs_and_checks_references(store: Store) -> None:
    with store._engine.connect() as connection:
        kept = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert kept == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


FILLER = """
import resource, sys
from pathlib import Path
from core import errors, paths
from core.store import Store
from core.values import MeetingId

store = Store(paths.Folders(Path(sys.argv[1])))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
kept = 0
try:
    while kept < 10_000:
        store.add_note(MeetingId(sys.argv[3]), kept, "x" * 5000)
        kept += 1
except errors.DiskFull as problem:
    print(kept)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
def test_a_full_disk_is_a_problem_and_loses_nothing(store: Store, places: paths.Folders) -> None:
    new = meeting(store)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    filler = subprocess.run(
        [sys.executable, "-c", FILLER, str(places.root), "2000000", new],
        capture_output=True,
        text=True,
        check=True,
    )
    kept = int(filler.stdout)
    assert kept > 10
    assert [note.at for note in store.notes(new)] == list(range(kept))
    store.add_note(new, kept, "room again")
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


READER = """
import resource, sys
from pathlib import Path
from core import errors, paths
from core.store import Store
from core.values import MeetingId

resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
store = Store(paths.Folders(Path(sys.argv[1])))
print(store.meeting(sys.argv[2]).title)
try:
    store.rename(MeetingId(sys.argv[2]), "never")
except errors.DiskFull:
    print("full")
print(store.meeting(sys.argv[2]).title)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.rename(MeetingId(sys.argv[2]), "room again")
print(store.meeting(sys.argv[2]).title)
store.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
def test_on_a_full_disk_it_is_read_and_written_again_once_there_is_room(places: paths.Folders) -> None:
    store = Store(places)
    new = meeting(store)
    store.close()
    reader = subprocess.run(
        [sys.executable, "-c", READER, str(places.root), new], capture_output=True, text=True, check=True
    )
    assert reader.stdout.splitlines() == ["Tuesday", "full", "Tuesday", "room again"]


def test_a_damaged_page_is_a_problem(places: paths.Folders) -> None:
    store = Store(places)
    new = meeting(store)
    for number in range(400):
        store.add_note(new, number, "x" * 500)
    store.close()
    content = bytearray(places.database.read_bytes())
    half = len(content) // 2
    content[half:] = b"\xff" * (len(content) - half)  # no page begins so; chance would make one now and then
    places.database.write_bytes(content)
    opened = Store(places)
    try:
        with pytest.raises(errors.LibraryDamaged):
            opened.notes(new)
    finally:
        opened.close()


def test_changes_are_counted_anew_only_where_something_was_written(
    store: Store, places: paths.Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Store(places)
    other.add_meeting("Tuesday", MORNING, Source.IMPORT)
    before = store.revision()
    for path in places.root.glob("meetings.db*"):
        os.utime(path, (0, 0))  # long enough ago
    assert store.revision() == before

    def refused() -> Iterator[None]:
        raise AssertionError("SQLite is asked")

    with monkeypatch.context() as patched:
        patched.setattr(store, "_reading", refused)
        assert store.revision() == before
        other.add_meeting("Wednesday", MORNING, Source.IMPORT)
        with pytest.raises(AssertionError):
            store.revision()
    assert store.revision() == before + 1
    other.close()


def test_a_thousand_meetings_are_listed(store: Store, places: paths.Folders) -> None:
    meeting(store, "Tuesday")
    with closing(sqlite3.connect(places.database)) as driver, driver:
        found = driver.execute("SELECT * FROM meeting")
        names, row = [name for name, *_more in found.description], found.fetchone()
        place, marks = names.index("id"), ", ".join("?" * len(row))
        rows = [(*row[:place], f"{number:012x}", *row[place + 1 :]) for number in range(1099)]
        driver.executemany(f"INSERT INTO meeting VALUES ({marks})", rows)
    assert len(store.meetings()) == 1100


def test_opening_creates_nothing_outside_its_folder(
    store: Store, places: paths.Folders, tmp_path: Path
) -> None:
    assert list(tmp_path.iterdir()) == [places.root]


def test_tags_are_kept_once_and_known(store: Store) -> None:
    meeting_id = store.add_meeting("Tuesday", MORNING, Source.IMPORT)
    store.set_tags(meeting_id, ["#Budget", "budget", " ", "two words", "é,à"])
    assert store.meeting(meeting_id).tags == ("Budget", "two-words", "é-à")
    store.set_vocabulary(["Kowalczyk"], "#team")
    assert store.tags() == ("Budget", "team", "two-words", "é-à")
    store.set_tags(meeting_id, [])
    assert store.meeting(meeting_id).tags == ()
    assert store.tags() == ("team",)


def test_the_vocabulary_of_a_tag_is_its_own(store: Store) -> None:
    store.set_vocabulary(["Siobhan", " Ngoc  Lan ", "", "siobhan"])
    store.set_vocabulary(["Contoso"], "Budget")
    assert store.vocabulary() == ("Siobhan", "Ngoc Lan")
    assert store.vocabulary("#budget") == ("Contoso",)
    store.set_vocabulary([], "budget")
    assert store.vocabulary("Budget") == ()
    assert store.vocabulary() == ("Siobhan", "Ngoc Lan")


def test_the_queue_is_reordered_by_meeting_and_others_are_told(store: Store) -> None:
    ids = [meeting(store, title) for title in ("One", "Two", "Three")]
    for meeting_id in ids:
        store.ask(meeting_id, Stage.TRANSCRIBE, TranscriptOptions())
        store.ask(meeting_id, Stage.SUMMARISE, SummaryOptions())

    def order() -> list[MeetingId]:
        return list(dict.fromkeys(work.meeting_id for work in store.work()))

    before = store.revision()
    store.move_work(ids[2], ids[1])
    assert order() == [ids[0], ids[2], ids[1]]
    assert set(store.changed_since(before)) == {ids[1], ids[2]}
    stages = [work.stage for work in store.work() if work.meeting_id == ids[2]]
    assert stages == [Stage.TRANSCRIBE, Stage.SUMMARISE]
    store.move_work(ids[0], None)
    assert order() == [ids[2], ids[1], ids[0]]
    store.move_work(ids[0], MeetingId("gone"))
    store.move_work(MeetingId("gone"), ids[0])
    assert order() == [ids[2], ids[1], ids[0]]
    assert [work.position for work in store.work()] == [1, 2, 3, 4, 5, 6]


def test_several_meetings_are_paused_and_others_are_told(store: Store) -> None:
    ids = [meeting(store, title) for title in ("One", "Two", "Three")]
    for meeting_id in ids:
        store.ask(meeting_id, Stage.TRANSCRIBE, TranscriptOptions())
    before = store.revision()
    store.pause_work(ids[:2], paused=True)
    assert [work.paused for work in store.work()] == [True, True, False]
    assert set(store.changed_since(before)) == set(ids[:2])
    store.pause_work(ids, paused=False)
    assert not any(work.paused for work in store.work())


def test_the_first_look_is_what_the_store_lists(store: Store, places: paths.Folders) -> None:
    from core.store.listing import first_look

    one = meeting(store)
    store.set_tags(one, ["team"])
    store.ask(one, Stage.TRANSCRIBE, OPTIONS)
    store.bin(meeting(store))
    assert first_look(places.database) == (store.revision(), store.meetings())


@pytest.mark.parametrize("content", [None, b"", b"not a database, but long enough to be one" * 100])
def test_there_is_no_first_look_where_there_is_no_library(
    places: paths.Folders, content: bytes | None
) -> None:
    from core.store.listing import first_look

    if content is not None:
        places.database.write_bytes(content)
    assert first_look(places.database) is None
