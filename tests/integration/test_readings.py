"""Transcripts come back: of other programs, and our own as they went."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core import errors, export, meetings, terminal
from core.export import reading
from core.meetings import Library
from core.values import Format, Stage
from tests.conftest import finished
from tests.handed_on import MORNING, NASTY, WHOLE, long, nasty


def said(path: Path) -> list[tuple[float, float, str, str]]:
    return [
        (one.segment.start, one.segment.end, one.speaker, one.segment.text)
        for one in reading.read(path).spoken
    ]


SRT = """\ufeff1
00:00:01,500 --> 00:00:04,000 X1:0 X2:100
Ana: <i>We move it</i>
to April.

2
00:00:04,100 --> 00:00:06,000
{\\an8}Good &amp; well.

3
01:00:00,000 --> 01:00:02,000
Marc: Bye.
"""

VTT = """WEBVTT - a title
Kind: captions

STYLE
::cue { color: red }

NOTE a remark
of two lines

intro
00:01.500 --> 00:04.000 align:start position:10%
<v.loud Ana Maria>We <c.yellow>move</c> it

00:04.100 --> 00:06.000
to April.
"""

TXT = """Release meeting
===============

[00:10] Ana: We move it to April.
[00:15] Good.

Marc:
[01:02:05] Bye.
"""


def test_srt(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(SRT.replace("\n", "\r\n").encode())
    assert said(path) == [
        (1.5, 4.0, "Ana", "We move it to April."),
        (4.1, 6.0, "Ana", "Good & well."),
        (3600.0, 3602.0, "Marc", "Bye."),
    ]


def test_vtt(tmp_path: Path) -> None:
    path = tmp_path / "a.VTT"
    path.write_text(VTT, encoding="utf-8")
    assert said(path) == [(1.5, 4.0, "Ana Maria", "We move it"), (4.1, 6.0, "Ana Maria", "to April.")]


def test_text_with_times_and_without(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TXT.encode("utf-16"))
    assert [(one[0], *one[2:]) for one in said(path)] == [
        (10.0, "Ana", "We move it to April."),
        (15.0, "Ana", "Good."),
        (3725.0, "Marc", "Bye."),
    ]
    path.write_bytes("Déjà vu, nous le déplaçons.\n\nOui.".encode("cp1252"))
    assert said(path) == [(0.0, 2.0, "", "Déjà vu, nous le déplaçons."), (2.0, 3.0, "", "Oui.")]


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02",
        b"\n\n\n",
        b"{}",
        b"[]",
        b'{"schema": "x"}',
        b'{"schema": "meeting-transcriber/meeting"}',
    ],
)
def test_what_is_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(errors.NotTranscript):
        reading.read(path)
    newer = json.loads(export.as_text(WHOLE, Format.JSON)) | {"version": 99}
    path.write_text(json.dumps(newer))
    with pytest.raises(errors.NotTranscript):
        reading.read(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    for name, problem in (
        ("", errors.FolderGiven),
        ("gone.txt", errors.MissingFile),
        ("empty.txt", errors.EmptyFile),
    ):
        with pytest.raises(problem):
            reading.read(tmp_path / name)


@pytest.mark.parametrize("kind", [Format.SRT, Format.VTT, Format.TEXT, Format.JSON])
def test_what_we_wrote_comes_back(kind: Format, tmp_path: Path) -> None:
    for number, document in enumerate((WHOLE, nasty(), long(200, 600.0))):
        path = tmp_path / f"{number}.{kind}"
        path.write_bytes(export.render(document, kind))
        found = reading.read(path).spoken
        assert document.transcript
        wanted = [one for one in document.transcript.segments if one.text]
        assert found[0].segment.start == pytest.approx(wanted[0].start, abs=1.0)
        if kind is Format.JSON:
            assert [one.segment.start for one in found] == pytest.approx([one.start for one in wanted])
            assert found[-1].segment.words == pytest.approx(wanted[-1].words) or found[-1].segment.words
    words = " ".join(one.segment.text for one in found).split()
    assert {"budget", "supplier", "Friday.", "Good."} <= set(words)


def test_a_transcript_becomes_a_meeting(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "2026 budget.srt"
    path.write_text(SRT, encoding="utf-8")
    meeting_id = finished(meetings.import_transcript(library, path))
    meeting = library.store.meeting(meeting_id)
    assert (meeting.title, meeting.duration, meeting.audio) == ("2026 budget", 3602.0, "")
    assert meeting.participants == ("Ana", "Marc")
    assert meeting.transcript_complete
    assert [work.stage for work in meeting.work] == [Stage.SUMMARISE]
    transcript = library.store.transcript(meeting_id)
    assert transcript
    assert [one.speaker for one in transcript.segments] == ["Ana", "Ana", "Marc"]
    finished(meetings.process(library, meeting_id))
    assert library.store.minutes(meeting_id)
    with pytest.raises(errors.AlreadyImported):
        finished(meetings.import_transcript(library, path))


def test_the_day_in_a_files_name_counts_and_a_line_break_in_it_does_not(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "2026-03-04\nplan.vtt"
    path.write_text(VTT, encoding="utf-8")
    meeting = library.store.meeting(finished(meetings.import_transcript(library, path)))
    assert meeting.started_at.astimezone().date() == date(2026, 3, 4)
    assert (meeting.title, meeting.original_name) == ("2026-03-04 plan", "2026-03-04 plan.vtt")


def test_a_name_in_capitals_is_the_same_person(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(f"{SRT}\n4\n01:00:03,000 --> 01:00:04,000\nANA: Bye.\n", encoding="utf-8")
    meeting_id = finished(meetings.import_transcript(library, path))
    assert [one.name for one in library.store.speakers(meeting_id)] == ["Ana", "Marc"]


def test_our_json_brings_title_date_and_notes(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(export.render(nasty(), Format.JSON))
    meeting = library.store.meeting(finished(meetings.import_transcript(library, path)))
    assert meeting.started_at == MORNING.astimezone(UTC) == datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert meeting.title.startswith("../<script>")
    assert len(library.store.notes(meeting.id)) == len(NASTY)
    assert len(library.store.speakers(meeting.id)) == len(NASTY)


def test_the_terminal_takes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "talk.srt"
    path.write_text(SRT, encoding="utf-8")
    assert terminal.run(["process", str(path), "--out", str(tmp_path / "o")]) == terminal.DONE
    (written,) = (tmp_path / "o").iterdir()
    assert "We move it to April." in written.read_text(encoding="utf-8")
