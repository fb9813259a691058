"""What leaves the library: files of every format, from the jobs and from the terminal."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from core import errors, meetings, terminal
from core.audio import media
from core.meetings import Library
from core.values import (
    Evidence,
    ExportChoices,
    Line,
    MeetingId,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    SummaryOptions,
    TranscriptOptions,
)
from tests.conftest import finished
from tests.sound_files import make, tone


def add_meeting(library: Library, title: str = "Release", *, sound: bool = True) -> MeetingId:
    """A meeting of six seconds with a text and an action item."""
    meeting_id = library.store.add_meeting(
        title,
        datetime(2026, 3, 10, 9, tzinfo=UTC),
        Source.IMPORT,
        audio=f"{title}.flac" if sound else "",
        duration=6.0,
    )
    if sound:
        make(library.places.audio / f"{title}.flac", "flac", tone(6.0))
    transcript = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    said = [Segment(0, 2, "We move it to April."), Segment(3, 5, "I send the report.")]
    stored = library.store.add_segments(transcript, said, Place(6.0), language="en")
    library.store.complete_transcript(transcript)
    quoted = (Evidence((stored[1].id,), 3.0, 5.0, "I send the report"),)
    line = Line(Section.ACTION_ITEMS, "Send the report", quoted, owner="Ana", due=date(2026, 3, 13))
    moment = datetime(2026, 3, 10, 10, tzinfo=UTC)
    library.store.add_minutes(
        Minutes(meeting_id, SummaryOptions(), "offline", "en", moment, "", (line,), transcript.id)
    )
    return meeting_id


def test_every_format_under_one_name(library: Library, tmp_path: Path) -> None:
    meeting_id = add_meeting(library)
    (library.places.templates / "letter.txt").write_text("Dear {{ action_items[0].owner }}")
    out = tmp_path / "out"
    kinds = meetings.export_formats(library)
    written = finished(meetings.export(library, meeting_id, out, kinds))
    assert len(written) == len(kinds) == 15
    assert {path.name[: len("2026-03-10 Release.")] for path in written} == {"2026-03-10 Release."}
    assert sorted(out.iterdir()) == sorted(written)
    for ending in ("opus", "mp3", "flac"):
        assert media.measure(out / f"2026-03-10 Release.{ending}") == pytest.approx(6.0, abs=0.1)
    assert (out / "2026-03-10 Release.letter.txt").read_text() == "Dear Ana"
    assert 'src="2026-03-10%20Release.flac"' in (out / "2026-03-10 Release.html").read_text(encoding="utf-8")
    again = finished(meetings.export(library, meeting_id, out, ("pdf", "html", "mp3")))
    assert [path.name for path in again] == [
        f"2026-03-10 Release (2).{kind}" for kind in ("pdf", "html", "mp3")
    ]
    assert 'src="2026-03-10%20Release%20%282%29.mp3"' in again[1].read_text(encoding="utf-8")


def test_sound_of_a_meeting_that_has_none(library: Library, tmp_path: Path) -> None:
    meeting_id = add_meeting(library, sound=False)
    for kind in ("audio", "mp3"):
        with pytest.raises(errors.NothingToTranscribe):
            finished(meetings.export(library, meeting_id, tmp_path, (kind,)))
    (page,) = finished(meetings.export(library, meeting_id, tmp_path, ("html",)))
    assert "<audio" not in page.read_text(encoding="utf-8")


def test_a_stopped_export_leaves_nothing_half(library: Library, tmp_path: Path) -> None:
    meeting_id = add_meeting(library)
    job = meetings.export(library, meeting_id, tmp_path / "out", ("opus",))
    next(job)
    next(job)
    job.close()
    assert list((tmp_path / "out").iterdir()) == []


def test_choices_reach_the_file(library: Library, tmp_path: Path) -> None:
    choices = ExportChoices(transcript=False, language="fr")
    job = meetings.export(
        library, add_meeting(library), tmp_path, choices=choices, pattern="{title} du {day}.{month}"
    )
    (written,) = finished(job)
    assert written.name == "Release du 10.03.md"
    text = written.read_text(encoding="utf-8")
    assert "## Actions" in text
    assert "April" not in text


def test_several_files_are_the_parts_of_one_meeting(library: Library, tmp_path: Path) -> None:
    parts = [
        make(tmp_path / "1 morning.flac", "flac", tone(3.0)),
        make(tmp_path / "2 noon.wav", "pcm_s16le", tone(2.0, 44_100), rate=44_100, layout="stereo"),
    ]
    meeting = library.store.meeting(finished(meetings.import_parts(library, parts)))
    assert meeting.title == "1 morning"
    assert meeting.duration == pytest.approx(5.0, abs=0.1)
    assert media.measure(library.audio_of(meeting)) == pytest.approx(5.0, abs=0.1)
    marks = [(round(one.at), one.text) for one in library.store.notes(meeting.id) if one.bookmark]
    assert marks == [(0, "1 morning"), (3, "2 noon")]
    with pytest.raises(errors.AlreadyImported):
        finished(meetings.import_parts(library, parts))
    parts[1].write_bytes(b"no sound")
    with pytest.raises(errors.NotMedia):
        finished(meetings.import_parts(library, parts))
    job = meetings.import_parts(library, [parts[0], parts[0]])
    while not list(library.places.audio.glob(".*")):
        next(job)
    job.close()
    assert [path.name for path in library.places.audio.iterdir()] == [meeting.audio]


# --- terminal ------------------------------------------------------------------------------------


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a verb on the library of the environment: what it prints."""

    def run(*arguments: str, status: int = 0) -> str:
        assert terminal.run(arguments) == status
        return capsys.readouterr().out

    return run


def test_the_verb_export(library: Library, tmp_path: Path, call: Any) -> None:
    first, second = add_meeting(library), add_meeting(library, "Budget", sound=False)
    printed = call("export", first, second, "--formats", "txt,csv", "--out", str(tmp_path / "o"))
    assert [Path(line).name for line in printed.splitlines()] == [
        *(
            "2026-03-10 Release.txt",
            "2026-03-10 Release.csv",
            "2026-03-10 Budget.txt",
            "2026-03-10 Budget.csv",
        )
    ]
    text = call(
        "export", first, "--print", "--formats", "txt", "--sections", "none", "--no-times", "--labels", "fr"
    )
    assert text.endswith("Transcription\n-------------\nWe move it to April.\nI send the report.\n")
    # One without sound does not keep the others from being written.
    told = json.loads(
        call("export", "--all", "--formats", "mp3", "--out", str(tmp_path / "p"), "--json", status=1)
    )
    assert sorted(len(one["paths"]) for one in told["meetings"]) == [0, 1]
    assert call("export", first, "--formats", "exe", status=terminal.USAGE) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["a", "--all"],
        ["a", "--sections", "x"],
        ["--all", "--print"],
        ["a", "b", "--print"],
        ["a", "--print", "--formats", "pdf"],
    ],
)
def test_wrong_use_of_export(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        terminal.run(["export", *wrong])
    assert end.value.code == terminal.USAGE
