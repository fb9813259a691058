"""The verbs for the library's folder."""

from __future__ import annotations

import io
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core import paths
from core.meetings import Library, moving
from core.meetings.library import held
from core.store import schema
from core.terminal.entry import run
from core.values import MeetingId, Stage
from tests import old_libraries
from tests.integration.test_exports import add_meeting
from tests.unit.terminal.test_edits import answer


@pytest.fixture
def meeting_id(places: paths.Folders) -> MeetingId:
    with closing(Library(places)) as library:
        return add_meeting(library)


def test_it_says_where_it_lies_and_how_big_it_is(
    places: paths.Folders, meeting_id: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "library")
    assert found["folder"] == str(places.root)
    assert found["sound"] == (places.audio / "Release.flac").stat().st_size
    assert run(["library"]) == 0
    assert "Texts and minutes: " in capsys.readouterr().out


def test_it_moves_and_another_one_is_used(
    places: paths.Folders, meeting_id: MeetingId, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "disk" / moving.NAME
    assert answer(capsys, "library", "--move", str(tmp_path / "disk")) == {"folder": str(there)}
    assert [file.name for file in places.root.iterdir()] == ["library-folder"]
    listed: Any = answer(capsys, "list")
    assert [one["id"] for one in listed["meetings"]] == [meeting_id]
    other = tmp_path / "other"
    assert answer(capsys, "library", "--use", str(other)) == {"folder": str(other)}
    assert answer(capsys, "list")["meetings"] == []
    assert answer(capsys, "library", "--use", str(there)) == {"folder": str(there)}
    assert len(answer(capsys, "list")["meetings"]) == 1
    refused = answer(capsys, "library", "--move", str(there / "inside"), code=1)
    assert refused["problem"]["kind"] == "FolderInside"


def test_the_sound_of_a_meeting_goes(
    places: paths.Folders, meeting_id: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    size = (places.audio / "Release.flac").stat().st_size
    assert answer(capsys, "drop-sound", meeting_id) == {"freed": size}
    assert list(places.audio.iterdir()) == []
    assert answer(capsys, "show", meeting_id)["segments"]
    assert run(["drop-sound", meeting_id]) == 0
    assert capsys.readouterr().err == "There is no sound to delete.\n"


def test_the_sound_of_a_meeting_that_is_worked_on_stays(
    places: paths.Folders, meeting_id: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        closing(Library(places)) as library,
        held(library, library.store.meeting(meeting_id), Stage.TRANSCRIBE),
    ):
        assert answer(capsys, "drop-sound", meeting_id, code=1)["problem"]["kind"] == "MeetingBusy"
    assert list(places.audio.iterdir())


def test_everything_goes_but_only_after_a_yes(
    places: paths.Folders,
    meeting_id: MeetingId,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for said in ("", "no\n", "y\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        assert run(["delete-everything"]) == 1
        told = capsys.readouterr().err
        assert "This cannot be undone." in told
        assert told.endswith("Nothing was deleted.\n")
    assert [one["id"] for one in answer(capsys, "list")["meetings"]] == [meeting_id]
    monkeypatch.setattr(sys, "stdin", io.StringIO("Yes\n"))
    assert run(["delete-everything"]) == 0
    assert "1 meeting was deleted" in capsys.readouterr().err
    assert answer(capsys, "list")["meetings"] == []
    assert list(places.audio.iterdir()) == []
    assert answer(capsys, "delete-everything", "--yes") == {"deleted": 0, "left": 0}


def test_what_is_worked_on_is_not_deleted_and_told(
    places: paths.Folders, meeting_id: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        closing(Library(places)) as library,
        held(library, library.store.meeting(meeting_id), Stage.TRANSCRIBE),
    ):
        assert run(["delete-everything", "--yes"]) == 0
    assert "1 meeting that is being recorded or worked on stays." in capsys.readouterr().err
    assert list(places.audio.iterdir())


@pytest.mark.parametrize("verb", [["list"], ["doctor"], ["library", "--use", "{folder}"]])
def test_nothing_is_made_in_a_folder_that_is_refused(
    verb: list[str], places: paths.Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = tmp_path / "later"
    later.mkdir()
    database = old_libraries.library_of(schema.NEWEST, later)
    with closing(sqlite3.connect(database)) as writing, writing:
        writing.execute("UPDATE alembic_version SET version_num = '9999'")
    where = [] if "--use" in verb else ["--data-dir", str(later)]
    found = answer(capsys, *[word.format(folder=later) for word in verb], *where, code=1)
    assert "newer" in str(found)
    assert list(later.iterdir()) == [database]


def test_how_many_left_the_bin_is_said(meeting_id: MeetingId, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bin", meeting_id]) == 0
    assert run(["bin", "--empty"]) == 0
    assert "1 meeting was removed." in capsys.readouterr().err
