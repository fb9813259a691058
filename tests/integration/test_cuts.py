"""A passage cut from sound, text and minutes, and brought back; killed, or without room, at any moment."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import errors, locks, meetings, paths, terminal
from core.audio import media, recording
from core.audio.recording import RATE, RecordingWriter
from core.meetings import Library
from core.meetings import bin as binned
from core.store.tables import CutRow
from core.values import (
    CALL,
    Cut,
    MeetingId,
    Place,
    Progress,
    Segment,
    Source,
    Stage,
    TranscriptOptions,
)
from tests.conftest import finished
from tests.integration.test_archives import everything
from tests.integration.test_exports import add_meeting
from tests.sound_files import make, tone


def add_recording(library: Library, seconds: float = 30.0) -> MeetingId:
    """A call of two channels, with a sentence on each side every five seconds."""
    meeting_id = library.store.add_meeting(
        "Call", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.RECORDING, channels=CALL
    )
    path = library.places.audio / f"{meeting_id}.ogg"
    record(path, seconds)
    library.store._update_meeting(
        meeting_id, audio=path.name, duration=media.measure(path), size=path.stat().st_size
    )
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en", CALL)
    for channel in CALL:
        said = [
            Segment(at, at + 2.0, f"{channel.value} at {at:.0f}", channel=channel)
            for at in np.arange(0.0, seconds, 5.0).tolist()
        ]
        library.store.add_segments(begun, said, Place(seconds, channel=channel))
    library.store.complete_transcript(begun)
    return meeting_id


def record(path: Path, seconds: float, *, append: bool = False) -> None:
    at = np.arange(round(seconds * RATE)) / RATE
    both = [0.3 * np.sin(2 * np.pi * one * at) for one in (400, 800)]
    writer = RecordingWriter(path, 2, append=append)
    writer.write(np.stack(both, 1).astype(np.float32))
    writer.close()


def said(library: Library, meeting_id: MeetingId) -> list[str]:
    transcript = library.store.transcript(meeting_id)
    assert transcript
    return [one.text for one in transcript.segments]


def sounds(library: Library) -> list[str]:
    return sorted(path.name for path in library.places.audio.iterdir())


def test_sound_text_and_minutes_lose_the_passage_together(library: Library) -> None:
    meeting_id = add_meeting(library)
    before = everything(library)
    length = len(np.concatenate(list(media.blocks(library.places.audio / "Release.flac"))))
    job = meetings.cut_passage(library, meeting_id, 2.5, 5.2)
    steps = []
    try:
        while True:
            steps.append(next(job))
    except StopIteration as end:
        cut: Cut = end.value
    assert any(isinstance(step, Progress) and step.stage is Stage.CUT for step in steps)
    assert (cut.title, cut.text) == ("Release", "I send the report.")
    assert cut.start == pytest.approx(2.5, abs=0.2)
    assert cut.seconds == pytest.approx(2.7, abs=0.4)
    meeting = library.store.meeting(meeting_id)
    assert meeting.duration == pytest.approx(6.0 - cut.seconds, abs=0.05)
    heard = np.concatenate(list(media.blocks(library.audio_of(meeting))))
    assert len(heard) == pytest.approx(length - cut.seconds * 16_000, abs=1600)
    assert said(library, meeting_id) == ["We move it to April."]
    minutes = library.store.minutes(meeting_id)
    assert minutes
    assert minutes.lines == ()
    assert library.store.action_items() == ()
    assert finished(meetings.bring_back(library, cut.id)) == meeting_id
    assert everything(library) == before
    assert sounds(library) == ["Release.flac"]


def test_a_call_of_two_channels_and_a_recording_that_goes_on(library: Library) -> None:
    meeting_id = add_recording(library)
    first = finished(meetings.cut_passage(library, meeting_id, 9.0, 19.0))
    assert said(library, meeting_id) == [
        f"{channel} at {at}" for at in (0, 5, 20, 25) for channel in ("microphone", "system")
    ]
    path = library.audio_of(library.store.meeting(meeting_id))
    record(path, 5.0, append=True)
    recording.repair(path)
    library.store.close_recording(meeting_id, media.measure(path), path.stat().st_size)
    # What was recorded since is not lost with what comes back.
    finished(meetings.bring_back(library, first.id))
    meeting = library.store.meeting(meeting_id)
    assert meeting.duration == pytest.approx(35.0, abs=0.3)
    assert len(said(library, meeting_id)) == 12
    sound = np.concatenate(list(media.blocks(library.audio_of(meeting), channels=2)))
    assert len(sound) / media.SAMPLE_RATE == pytest.approx(35.0, abs=0.3)
    assert sounds(library) == [meeting.audio]
    # Its file is no recording of its own that nobody noted.
    meetings.recover(library)
    assert [one.id for one in library.store.meetings()] == [meeting_id]


def test_parts_of_one_meeting_are_cut_across_their_joint(library: Library, tmp_path: Path) -> None:
    parts = [make(tmp_path / f"{one}.flac", "flac", tone(4.0)) for one in ("a", "b")]
    meeting_id = finished(meetings.import_parts(library, parts))
    cut = finished(meetings.cut_passage(library, meeting_id, 3.0, 6.0))
    assert [(note.at, note.text) for note in library.store.notes(meeting_id)] == [(0.0, "a")]
    assert library.store.meeting(meeting_id).duration == pytest.approx(5.0, abs=0.1)
    finished(meetings.bring_back(library, cut.id))
    assert [(round(note.at, 3), note.text) for note in library.store.notes(meeting_id)] == [
        (0, "a"),
        (4, "b"),
    ]


def test_what_is_no_passage_or_busy_is_refused(library: Library) -> None:
    meeting_id = add_meeting(library)
    before = everything(library)
    for start, end in ((3.0, 3.0), (5.0, 2.0), (0.0, 6.0), (-1.0, 99.0), (7.0, 9.0)):
        with pytest.raises(errors.PassageUnfit):
            finished(meetings.cut_passage(library, meeting_id, start, end))
    lock = locks.take(locks.path_of(library.places.locks, meeting_id, Stage.SUMMARISE))
    assert lock
    with pytest.raises(errors.MeetingBusy):
        finished(meetings.cut_passage(library, meeting_id, 1.0, 2.0))
    lock.release()
    (library.places.audio / "Release.flac").rename(library.places.audio / "away")
    with pytest.raises(errors.NothingToTranscribe):
        finished(meetings.cut_passage(library, meeting_id, 1.0, 2.0))
    (library.places.audio / "away").rename(library.places.audio / "Release.flac")
    assert everything(library) == before
    with pytest.raises(errors.CutGone):
        finished(meetings.bring_back(library, 7))


def test_a_meeting_without_sound(library: Library) -> None:
    meeting_id = add_meeting(library, sound=False)
    before = everything(library)
    cut = finished(meetings.cut_passage(library, meeting_id, 0.0, 2.5))
    assert said(library, meeting_id) == ["I send the report."]
    assert library.store.meeting(meeting_id).duration == 3.5
    finished(meetings.bring_back(library, cut.id))
    assert everything(library) == before


def test_the_bin_lets_it_go_for_good(library: Library) -> None:
    meeting_id = add_meeting(library)
    first = finished(meetings.cut_passage(library, meeting_id, 0.5, 1.5))
    second = finished(meetings.cut_passage(library, meeting_id, 2.5, 3.5))
    with pytest.raises(errors.CutBelow):
        finished(meetings.bring_back(library, first.id))
    assert len(sounds(library)) == 3
    # The older one has lain there for long enough.
    with library.store._writing() as session:
        row = session.get(CutRow, first.id)
        assert row
        row.cut_at = datetime.now(UTC) - timedelta(days=31)
    finished(binned.remove_old(library))
    assert [one.id for one in library.store.cuts()] == [second.id]
    assert len(sounds(library)) == 2
    finished(binned.remove(library))
    assert library.store.cuts() == ()
    assert sounds(library) == [library.store.meeting(meeting_id).audio]
    with pytest.raises(errors.CutGone):
        finished(meetings.bring_back(library, second.id))


def test_a_meeting_that_goes_takes_its_cuts_along(library: Library) -> None:
    meeting_id = add_meeting(library)
    finished(meetings.cut_passage(library, meeting_id, 0.5, 1.5))
    library.store.bin(meeting_id)
    finished(binned.remove(library, [meeting_id]))
    assert library.store.cuts() == ()
    assert sounds(library) == []


def test_no_archive_has_what_was_cut(library: Library, tmp_path: Path) -> None:
    meeting_id = add_meeting(library)
    finished(meetings.cut_passage(library, meeting_id, 2.5, 5.5))
    archive = finished(meetings.back_up(library))
    opened = Library(paths.folders(tmp_path / "other"))
    try:
        finished(meetings.restore(opened, archive))
        assert opened.store.cuts() == ()
        assert everything(opened) == everything(library)
    finally:
        opened.close()


def test_from_the_terminal(
    library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id = add_meeting(library)
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(library.places.root))
    assert terminal.run(["cut", meeting_id[:6], "0:03", "0:05.5"]) == 0
    printed = capsys.readouterr()
    assert "Release: I send the report." in printed.out
    assert "cuts --bring-back 1" in printed.err
    assert terminal.run(["cuts", "--json"]) == 0
    (cut,) = json.loads(capsys.readouterr().out)["cuts"]
    assert (cut["id"], cut["meeting_id"], cut["last"]) == (1, meeting_id, True)
    assert terminal.run(["cuts", "--bring-back", "1"]) == 0
    assert "Release" in capsys.readouterr().out
    assert said(library, meeting_id) == ["We move it to April.", "I send the report."]
    assert terminal.run(["cuts"]) == 0
    assert "No passage was cut." in capsys.readouterr().err
    assert terminal.run(["cuts", "--remove", "1"]) == 1
    assert "bin" in capsys.readouterr().err
    assert terminal.run(["cut", meeting_id, "1", "2"]) == 0
    assert terminal.run(["cuts", "--remove", "2"]) == 0
    assert library.store.cuts() == ()
    with pytest.raises(SystemExit):
        terminal.run(["cut", meeting_id, "5", "3"])
    assert "FROM" in capsys.readouterr().err


# --- killed, and no room ---------------------------------------------------------------------------

CUTTING = """
import sys
from core import errors, meetings, paths
from core.meetings import Library
import resource
library = Library(paths.folders(sys.argv[1]))
(meeting,) = library.store.meetings()
cuts = library.store.cuts()
job = meetings.bring_back(library, cuts[0].id) if cuts else meetings.cut_passage(library, meeting.id, 30.0, 50.0)
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
print("open", flush=True)
try:
    for _event in job:
        pass
    print("done", flush=True)
except errors.DiskFull:
    print("full", flush=True)
"""


def cutting(library: Library, *limit: int, after: float | None = None) -> str:
    """What became of a cut, or of bringing it back, in a program of its own that is killed `after` some seconds."""
    arguments = [sys.executable, "-c", CUTTING, str(library.places.root), *map(str, limit)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        if after is not None:
            time.sleep(after)
            process.send_signal(signal.SIGKILL)
        return process.stdout.read().strip()


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a kill")
def test_killed_at_any_moment_nothing_is_lost(library: Library) -> None:
    add_recording(library, 90.0)
    before = everything(library)
    after: Any = None
    for wait in (0.0, 0.04, 0.1):
        cutting(library, after=wait)
        # The next start puts things right, whatever was left.
        meetings.recover(library)
        (meeting,) = library.store.meetings()
        path = library.audio_of(meeting)
        assert media.measure(path) == pytest.approx(meeting.duration, abs=0.01)
        if cuts := library.store.cuts():
            now = everything(library)
            after = after or now
            assert now[0][0][1:] == after[0][0][1:]
            assert sounds(library) == sorted((path.name, cuts[0].audio))
            finished(meetings.bring_back(library, cuts[0].id))
        assert everything(library) == before
        assert len(sounds(library)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
def test_without_room_all_stays_as_it_was(library: Library) -> None:
    add_recording(library, 90.0)
    before, files = everything(library), sounds(library)
    assert cutting(library, 200_000) == "full"
    assert everything(library) == before
    assert sounds(library) == files


def test_where_the_store_cannot_note_it_no_sound_is_left(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id = add_meeting(library)

    def full(*_given: object) -> None:
        assert len(sounds(library)) == 2
        raise errors.DiskFull("meetings.db")

    monkeypatch.setattr(library.store, "cut_passage", full)
    with pytest.raises(errors.DiskFull):
        finished(meetings.cut_passage(library, meeting_id, 2.0, 3.0))
    assert sounds(library) == ["Release.flac"]
    job = meetings.cut_passage(library, meeting_id, 2.0, 3.0)
    next(job)
    job.close()
    assert sounds(library) == ["Release.flac"]
