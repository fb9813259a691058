"""What happens by itself: finished meetings are written, a watched folder is taken in, each file once."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import errors, meetings, messages, terminal
from core.meetings import Library, automation
from core.values import MeetingId, Notice, Stage, SummaryOptions, TranscriptOptions
from tests.conftest import finished
from tests.integration.test_exports import add_meeting
from tests.sound_files import make, tone


def told(job: Generator[Any, None, Any]) -> tuple[list[str], Any]:
    """The notices of a job and its result."""
    notices: list[str] = []
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            return notices, end.value
        if isinstance(event, Notice):
            notices.append(messages.notice(event))


@pytest.fixture
def keeping(library: Library, tmp_path: Path) -> Path:
    """A folder into which the library writes what is finished."""
    folder = tmp_path / "vault" / "meetings"
    library.settings = replace(library.settings, keep_folder=str(folder), keep_formats=("md", "opus"))
    return folder


def test_what_is_finished_is_written(library: Library, keeping: Path) -> None:
    (keeping.parent / ".obsidian").mkdir(parents=True)
    meeting_id = add_meeting(library)
    library.store.ask(meeting_id, Stage.SUMMARISE, SummaryOptions())
    (work,) = library.store.work()
    finished(meetings.carry_out(library, work))
    names = ["2026-03-10 Release.md", "2026-03-10 Release.opus"]
    assert sorted(path.name for path in keeping.iterdir()) == names
    assert (
        (keeping / names[0]).read_text(encoding="utf-8").startswith("---\ntitle:")
    )  # in a vault of Obsidian


def test_it_is_written_anew_unless_the_person_changed_it(library: Library, keeping: Path) -> None:
    meeting_id = add_meeting(library, sound=False)
    (path,) = finished(meetings.keep_copy(library, meeting_id))
    library.store.rename(meeting_id, "Budget")
    assert finished(meetings.keep_copy(library, meeting_id)) == (path,)
    assert "# Budget" in path.read_text(encoding="utf-8")
    path.write_text("mine")
    (other,) = finished(meetings.keep_copy(library, meeting_id))
    assert path.read_text() == "mine"
    assert other.name == "2026-03-10 Budget.md"
    second = add_meeting(library, "Budget", sound=False)
    (third,) = finished(meetings.keep_copy(library, second))
    assert third.name == "2026-03-10 Budget (2).md"


def test_a_folder_that_cannot_be_written_takes_nothing_along(library: Library, keeping: Path) -> None:
    keeping.parent.touch()
    notices, written = told(meetings.keep_copy(library, add_meeting(library, sound=False)))
    assert written == ()
    assert len(notices) == 1
    assert "“Release” could not be exported by itself: Nothing can be written" in notices[0]


def test_nothing_is_written_unasked(library: Library) -> None:
    assert finished(meetings.keep_copy(library, add_meeting(library, sound=False))) == ()
    assert list(library.places.exports.iterdir()) == []


# --- the watched folder --------------------------------------------------------------------------


def settle(path: Path) -> None:
    """Has a file be as it is for a while."""
    moment = time.time() - 2 * automation.SETTLED_SECONDS
    os.utime(path, (moment, moment))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    settle(make(folder / "old.flac", "flac", tone(1.0)))
    return folder


def titles(library: Library, made: tuple[MeetingId, ...]) -> list[str]:
    return [library.store.meeting(one).title for one in made]


def test_each_new_recording_is_taken_in_once(library: Library, inbox: Path) -> None:
    watch = meetings.FolderWatch(library, inbox)
    assert finished(watch.look()) == ()
    settle(make(inbox / "new.flac", "flac", tone(2.0)))
    for name in ("notes.txt", ".hidden.flac", "~lock.flac", "film.mkv.part"):
        settle(Path(shutil.copy(inbox / "new.flac", inbox / name)))
    assert finished(watch.look()) == ()  # it may still grow
    made = finished(watch.look())
    assert titles(library, made) == ["new"]
    assert [work.stage for work in library.store.meeting(made[0]).work] == [
        *(Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE)
    ]
    assert finished(watch.look()) == ()
    # Another program, later: nothing twice, also under another name.
    again = meetings.FolderWatch(library, inbox)
    settle(Path(shutil.copy(inbox / "new.flac", inbox / "copy.flac")))
    assert [finished(again.look()) for _ in range(3)] == [(), (), ()]
    assert len(library.store.meetings()) == 1


def test_a_file_that_is_being_written_is_left_until_it_is_whole(library: Library, inbox: Path) -> None:
    whole = make(inbox.parent / "whole.flac", "flac", tone(4.0)).read_bytes()
    watch = meetings.FolderWatch(library, inbox)
    finished(watch.look())
    growing = inbox / "growing.flac"
    for share in (0, 1, 2, 3):
        growing.write_bytes(whole[: len(whole) * share // 4])
        settle(growing)
        assert finished(watch.look()) == ()
    growing.write_bytes(whole)  # just now: also where nothing came between two looks
    assert finished(watch.look()) == ()
    assert finished(watch.look()) == ()
    settle(growing)
    assert finished(watch.look()) == ()
    (made,) = finished(watch.look())
    assert library.store.meeting(made).duration == pytest.approx(4.0, abs=0.1)


def test_what_cannot_be_read_is_told_once_and_tried_when_it_changed(library: Library, inbox: Path) -> None:
    watch = meetings.FolderWatch(library, inbox)
    finished(watch.look())
    bad = inbox / "bad.flac"
    bad.write_bytes(b"fLaC" + bytes(1000))
    settle(bad)
    finished(watch.look())
    notices, made = told(watch.look())
    assert made == ()
    assert "“bad.flac”" in notices[0]
    assert told(watch.look()) == ([], ())
    settle(make(bad, "flac", tone(1.5)))
    finished(watch.look())
    assert titles(library, finished(watch.look())) == ["bad"]


def test_the_verb_watch_does_it_all(
    library: Library,
    inbox: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(automation, "SETTLED_SECONDS", 0.05)
    done: list[MeetingId] = []

    def stand_in(library: Library, meeting_id: MeetingId) -> Any:
        done.append(meeting_id)
        return (yield from meetings.keep_copy(library, meeting_id))

    monkeypatch.setattr(automation, "process", stand_in)
    out = tmp_path / "out"
    given = ["watch", str(inbox), "--existing", "--once", "--out", str(out), "--formats", "md,opus"]
    assert terminal.run([one for one in given if one != "--existing"]) == terminal.DONE
    assert not done  # what lay there before is left alone until it is wanted
    assert terminal.run(given) == terminal.DONE
    assert capsys.readouterr().out == "old\n"
    assert len(done) == 1
    assert [path.suffix for path in sorted(out.iterdir())] == [".md", ".opus"]
    assert library.settings.keep_folder == ""
    assert terminal.run([*given[:3], "--once"]) == terminal.DONE
    assert len(done) == 1
    assert terminal.run(["watch", str(inbox / "gone")]) == terminal.UNREADABLE


def test_everything_asked_for_is_done(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting_id = add_meeting(library, sound=False)
    with pytest.raises(errors.NothingToTranscribe):
        meetings.ask_for_text(library, meeting_id)
    library.store.ask(meeting_id, Stage.TRANSCRIBE, TranscriptOptions())
    meetings.ask_for_speakers(library, meeting_id)
    library.store.ask(meeting_id, Stage.SUMMARISE, SummaryOptions())
    with pytest.raises(errors.NothingToTranscribe):
        finished(meetings.process(library, meeting_id))
    for stage in (Stage.TRANSCRIBE, Stage.SEPARATE):
        library.store.finish(meeting_id, stage)
    finished(meetings.process(library, meeting_id))
    assert library.store.work() == ()
