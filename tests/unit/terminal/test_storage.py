"""The verbs for the library's folder."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core import paths
from core.meetings import Library, moving
from core.terminal.entry import run
from core.values import MeetingId
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


def test_how_many_left_the_bin_is_said(meeting_id: MeetingId, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bin", meeting_id]) == 0
    assert run(["bin", "--empty"]) == 0
    assert "1 meeting was removed." in capsys.readouterr().err
