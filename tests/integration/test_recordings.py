"""The recording of meetings, with a scripted recorder where time would be long and a real one where sound matters."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core import errors, locks, meetings, paths
from core.audio import recording
from core.audio.recorder import Recorder, RecorderState
from core.meetings import Library, recordings
from core.values import (
    Channel,
    Event,
    Job,
    MeetingChanged,
    MeetingId,
    Notice,
    Place,
    Recording,
    Source,
    SourceState,
    Stage,
    TranscriptOptions,
)
from tests.microphone import VirtualMicrophone

HEARD = SourceState(Channel.MICROPHONE, "Desk", -20.0, -6.0)


def state(elapsed: float, **changes: Any) -> RecorderState:
    return dataclasses.replace(RecorderState(elapsed=elapsed, unsaved=0.2, sources=(HEARD,)), **changes)


class Script:
    """A recorder that has recorded the sample and tells what it is given to tell."""

    def __init__(self, told: Sequence[RecorderState]) -> None:
        self.started: dict[str, Any] = {}
        self.stopped = False
        self._told = iter(told)
        self._last = told[-1]

    def start(self, path: Path, _lock: Path, channels: Sequence[Channel], **named: Any) -> Script:
        self.started = {"path": path, "channels": tuple(channels), **named}
        if not named["append"]:
            shutil.copy(paths.SAMPLE, path)
        return self

    def attach(self, path: Path) -> Script:
        self.started = {"path": path}
        return self

    def state(self) -> RecorderState:
        return next(self._told)

    def stop(self) -> RecorderState:
        self.stopped = True
        return dataclasses.replace(self._last, ended=True)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(*told: RecorderState) -> Script:
        scripted = Script(told)
        monkeypatch.setattr(recordings, "Recorder", scripted)
        monkeypatch.setattr(recordings, "STATES_PER_SECOND", 1e9)
        return scripted

    return use


def begun(job: Job[MeetingId]) -> MeetingId:
    """The meeting of a recording whose job has told its first event."""
    changed = next(job)
    assert isinstance(changed, MeetingChanged)
    return changed.meeting_id


def events(job: Job[MeetingId]) -> list[Event]:
    return list(job)


def of(kind: type, told: list[Event]) -> list[Any]:
    return [event for event in told if isinstance(event, kind)]


# --- told by a scripted recorder -------------------------------------------------------------------


def test_what_is_recorded_comes_from_the_settings_unless_it_is_said(library: Library, script: Any) -> None:
    ended = state(2.0, ended=True)
    scripted = script(ended)
    events(meetings.record(library))
    assert scripted.started["channels"] == (Channel.MICROPHONE, Channel.SYSTEM)
    assert scripted.started["microphone"] == ""
    library.change_settings(dataclasses.replace(library.settings, sources="system", microphone="Desk"))
    scripted = script(ended)
    events(meetings.record(library, window=("open", "it")))
    assert (scripted.started["channels"], scripted.started["microphone"]) == ((Channel.SYSTEM,), "Desk")
    assert scripted.started["window"] == ("open", "it")
    scripted = script(ended)
    events(meetings.record(library, channels=[Channel.MICROPHONE], microphone="Lapel"))
    assert (scripted.started["channels"], scripted.started["microphone"]) == ((Channel.MICROPHONE,), "Lapel")
    assert {meeting.channels for meeting in library.store.meetings()} == {
        (Channel.MICROPHONE, Channel.SYSTEM),
        (Channel.SYSTEM,),
        (Channel.MICROPHONE,),
    }


def test_consent_is_noted_where_the_recording_begins(library: Library, script: Any) -> None:
    ended = state(2.0, ended=True)
    script(ended)
    events(meetings.record(library, consent=True))
    (meeting,) = library.store.meetings()
    (note,) = library.store.notes(meeting.id)
    assert (note.at, "everybody agreed to the recording" in note.text) == (0.0, True)
    library.store.close_recording(meeting.id, 2.0, 5)
    library.store.set_participants(meeting.id, ["Ana"])
    script(ended)
    events(meetings.record(library, into=meeting.id, consent=True))
    later = library.store.notes(meeting.id)[1]
    assert (later.at, later.text.endswith(": Ana.")) == (2.0, True)


def test_a_recording_that_cannot_be_noted_ends_and_its_sound_stays(
    library: Library, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted = script(state(1.0))

    def full(*_given: object, **_named: object) -> None:
        raise errors.DiskFull("meetings.db")

    monkeypatch.setattr(library.store, "add_meeting", full)
    with pytest.raises(errors.DiskFull):
        begun(meetings.record(library))
    assert scripted.stopped
    assert library.store.meetings() == ()


def test_the_state_of_the_recorder_is_told_as_it_is(library: Library, script: Any) -> None:
    script(state(1.0, room=900.0, gaps=2, silent=3.0), state(1.5, paused=True), state(2.0, ended=True))
    first, second = of(Recording, events(meetings.record(library)))
    assert (first.elapsed, first.unsaved, first.sources, first.room, first.gaps, first.silent) == (
        1.0,
        0.2,
        (HEARD,),
        900.0,
        2,
        3.0,
    )
    assert second.paused


def test_after_long_silence_it_is_asked_and_after_more_of_it_again(library: Library, script: Any) -> None:
    silences = (10.0, 899.0, 901.0, 1500.0, 1802.0, 1900.0, 0.5, 600.0, 905.0)
    script(*(state(2000.0, silent=silent) for silent in silences), state(2.0, ended=True))
    asked = of(Notice, events(meetings.record(library)))
    assert [(notice.kind, notice.details["seconds"]) for notice in asked] == [
        ("long_silence", 901.0),
        ("long_silence", 1802.0),
        ("long_silence", 905.0),
    ]


def test_it_ends_by_itself_after_silence_only_where_that_was_wished(library: Library, script: Any) -> None:
    library.change_settings(dataclasses.replace(library.settings, stop_after_silence=15))
    script(state(2000.0, silent=890.0), state(2000.0, silent=900.0), state(2000.0, silent=900.1))
    told = events(meetings.record(library))
    assert of(Notice, told) == [Notice("ended_by_silence", {"seconds": 900.0})]
    (meeting,) = library.store.meetings()
    assert not meeting.recording_open
    assert meeting.duration == pytest.approx(recording.seconds(library.audio_of(meeting)))


def test_a_problem_is_raised_after_everything_was_kept(library: Library, script: Any) -> None:
    script(state(2.0, ended=True, problem=errors.to_failure(errors.DiskFull("/full"))))
    with pytest.raises(errors.DiskFull):
        events(meetings.record(library))
    (meeting,) = library.store.meetings()
    assert not meeting.recording_open
    assert meeting.duration > 100
    assert {work.stage for work in meeting.work} == {Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE}


def test_a_recording_is_closed_by_one_door_alone(library: Library, script: Any) -> None:
    script(state(1.0), state(1.5), state(2.0, ended=True))
    first = meetings.record(library)
    meeting_id = begun(first)
    script(state(1.5, ended=True))
    other = meetings.attend(library, meeting_id)
    events(other)
    library.store.finish(meeting_id, Stage.TRANSCRIBE)
    first.close()
    assert [work.stage for work in library.store.meeting(meeting_id).work] == [
        Stage.SEPARATE,
        Stage.SUMMARISE,
    ]


def test_what_is_recorded_while_the_library_is_locked_is_noted_later(
    library: Library, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(state(2.0))

    def busy(*_given: Any, **_named: Any) -> MeetingId:
        raise errors.LibraryBusy(str(library.places.database))

    with monkeypatch.context() as patched:
        patched.setattr(library.store, "add_meeting", busy)
        with pytest.raises(errors.LibraryBusy):
            next(meetings.record(library))
    (recovered,) = meetings.recover(library)
    assert recovered.duration > 100


def test_an_attended_recording_is_closed_when_its_recorder_dies(library: Library, script: Any) -> None:
    scripted = script(state(1.0, doors=2), state(1.2, doors=2), state(2.0, ended=True))
    own = meetings.record(library)
    meeting_id = begun(own)
    next(own)
    attending = meetings.attend(library, meeting_id)
    next(attending)
    next(attending)

    def dead() -> RecorderState:
        raise errors.RecorderDied

    scripted.state = scripted.stop = dead
    with pytest.raises(errors.RecorderDied):
        next(attending)
    assert not library.store.meeting(meeting_id).recording_open
    with pytest.raises(errors.RecorderDied):
        own.close()


# --- going on ------------------------------------------------------------------------------------


def recorded(library: Library, script: Any) -> MeetingId:
    script(state(2.0, ended=True))
    (changed, *_rest) = of(MeetingChanged, events(meetings.record(library, channels=[Channel.MICROPHONE])))
    return MeetingId(changed.meeting_id)


def test_a_recording_goes_on_in_the_same_meeting(library: Library, script: Any) -> None:
    meeting_id = recorded(library, script)
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    library.store.add_segments(begun, [], Place(160.0, (1, 2)))
    library.store.complete_transcript(begun)
    library.store.finish(meeting_id, Stage.TRANSCRIBE)
    scripted = script(state(163.0), state(170.0, ended=True))
    job = meetings.record(library, into=meeting_id)
    assert next(job) == MeetingChanged(meeting_id)
    meeting = library.store.meeting(meeting_id)
    assert meeting.recording_open
    assert not meeting.transcript_complete
    assert (scripted.started["append"], scripted.started["channels"]) == (True, (Channel.MICROPHONE,))
    events(job)
    meeting = library.store.meeting(meeting_id)
    assert not meeting.recording_open
    assert {work.stage for work in meeting.work} == {Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE}
    assert len(library.store.meetings()) == 1
    unfinished = library.store.unfinished_transcript(meeting_id, TranscriptOptions())
    assert unfinished
    assert unfinished.places == (Place(160.0, (1, 2)),)


def test_what_came_from_a_file_is_not_recorded_on(library: Library) -> None:
    job = meetings.import_audio(library, paths.SAMPLE, source=Source.SAMPLE)
    list(job)
    (meeting,) = library.store.meetings()
    with pytest.raises(errors.NotRecorded):
        events(meetings.record(library, into=meeting.id))


# --- with real sound -------------------------------------------------------------------------------

ATTEND = """
import sys
from core import meetings, paths
from core.values import Recording
library = meetings.Library(paths.folders(sys.argv[1]))
for event in meetings.attend(library, sys.argv[2]):
    if isinstance(event, Recording) and event.elapsed > 1.5:
        meetings.stop_recording(library, sys.argv[2])
"""


def test_another_program_attends_a_recording_and_ends_it(
    microphone: VirtualMicrophone, library: Library
) -> None:
    job = meetings.record(library, channels=[Channel.MICROPHONE])
    meeting_id = begun(job)
    assert meetings.running(library) == (meeting_id,)
    assert meetings.recover(library) == ()
    other = subprocess.Popen([sys.executable, "-c", ATTEND, str(library.places.root), meeting_id])
    told = events(job)
    assert other.wait(timeout=30) == 0
    last = of(Recording, told)[-1]
    meeting = library.store.meeting(meeting_id)
    assert not meeting.recording_open
    assert meeting.duration >= last.elapsed > 1.0
    assert meetings.running(library) == ()
    with pytest.raises(errors.RecorderDied):
        next(meetings.attend(library, meeting_id))


def test_who_only_attends_leaves_a_recording_to_its_own_door(
    microphone: VirtualMicrophone, library: Library
) -> None:
    own = meetings.record(library, channels=[Channel.MICROPHONE])
    meeting_id = begun(own)
    other = meetings.attend(library, meeting_id)
    told = [next(other) for _ in range(3)]
    assert isinstance(told[-1], Recording)
    assert told[-1].doors == 2
    other.close()
    at = next(own)
    assert isinstance(at, Recording)
    later = [next(own) for _ in range(10)][-1]
    assert isinstance(later, Recording)
    assert later.elapsed > at.elapsed
    assert library.store.meeting(meeting_id).recording_open
    attending = meetings.attend(library, meeting_id)
    next(attending)
    meetings.stop_recording(library, meeting_id)
    assert events(attending)[-1] == MeetingChanged(meeting_id)
    assert events(own)[-1] == MeetingChanged(meeting_id)
    assert not library.store.meeting(meeting_id).recording_open


def test_a_recording_whose_door_died_before_it_noted_it_is_found_while_it_runs(
    microphone: VirtualMicrophone, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id = MeetingId("0123456789ab")
    lock = locks.path_of(library.places.locks, meeting_id, Stage.RECORD)
    path = library.places.audio / f"{meeting_id}.ogg"
    with Recorder.start(path, lock, [Channel.MICROPHONE]) as running:
        assert meetings.recover(library) == ()
        assert meetings.running(library) == ()
        monkeypatch.setattr(recordings, "NOTED_WITHIN", 0.0)
        assert meetings.recover(library) == ()
        assert meetings.running(library) == (meeting_id,)
        job = meetings.attend(library, meeting_id)
        next(job)
        running.stop()
        events(job)
    meeting = library.store.meeting(meeting_id)
    assert (meeting.channels, meeting.recording_open) == ((Channel.MICROPHONE,), False)


def test_a_continued_recording_is_one_sound(microphone: VirtualMicrophone, library: Library) -> None:
    def record(seconds: float, **given: Any) -> MeetingId:
        job = meetings.record(library, **given)
        meeting_id = MeetingId("")
        for event in job:
            if isinstance(event, MeetingChanged):
                meeting_id = event.meeting_id
            if isinstance(event, Recording) and event.elapsed >= seconds:
                break
        job.close()
        return meeting_id

    meeting_id = record(1.0, channels=[Channel.MICROPHONE])
    first = library.store.meeting(meeting_id).duration
    assert record(first + 1.0, into=meeting_id) == meeting_id
    meeting = library.store.meeting(meeting_id)
    assert first + 1.0 <= meeting.duration <= first + 2.5
    assert not meeting.recording_open
    assert not locks.is_held(locks.path_of(library.places.locks, meeting_id, Stage.RECORD))
    with pytest.raises(errors.RecorderDied):
        Recorder.attach(library.audio_of(meeting))
