"""What is handed on: Markdown that says everything and cannot do harm, in a file whose name is safe."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core import errors, export, messages
from core.export import Document
from core.values import (
    Channel,
    Evidence,
    Line,
    Meeting,
    MeetingId,
    Minutes,
    Note,
    Place,
    Section,
    Segment,
    Source,
    Speaker,
    SummaryOptions,
    Transcript,
    TranscriptOptions,
)

ID = MeetingId("m1")
MORNING = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MEETING = Meeting(ID, "Release meeting", MORNING, Source.IMPORT, duration=150.0)
SAID = Evidence((1,), 65.0, 70.0, "we will move it")
LINES = (
    Line(Section.OVERVIEW, "They moved the release.", (SAID,)),
    Line(Section.DECISIONS, "Move the release", (SAID, SAID, Evidence((2,), 80.0, 81.0, "yes"))),
    Line(Section.DECISIONS, "Buy 7 chairs", supported=False, unverified=("7", "chairs")),
    Line(Section.ACTION_ITEMS, "Send it", (SAID,), owner="Ana", due=date(2026, 3, 13), due_said="by Friday"),
    Line(Section.ACTION_ITEMS, "Call Bob", owner="", due_said="soon", done=True),
    Line(Section.OPEN_QUESTIONS, "Who pays?", (SAID,)),
)
MINUTES = Minutes(ID, SummaryOptions("mistral"), "offline", "en", MORNING, "Release", LINES)
TRANSCRIPT = Transcript(
    1,
    ID,
    TranscriptOptions(),
    "en",
    complete=True,
    segments=(
        Segment(0.5, 2.0, "Good morning."),
        Segment(3725.0, 3726.0, "Bye.", speaker="Ana", speaker_id=7),
    ),
    places=(Place(150.0),),
)
SPEAKERS = (
    Speaker(7, 1, "Ana"),
    Speaker(8, 2, is_me=True, channel=Channel.MICROPHONE),
    Speaker(9, 3, channel=Channel.SYSTEM),
)
WHOLE = Document(
    MEETING, TRANSCRIPT, MINUTES, (Note(30.0, "ask Bob"), Note(60.0, "", bookmark=True)), SPEAKERS
)

NASTY = [
    "<script>alert('x')</script> & <img src=x onerror=y>",
    "[click](javascript:alert(1)) ![x](http://x/y.png)",
    "# heading",
    "1. one",
    "- item",
    "---",
    "===",
    "*bold* _it_ `code` ~~gone~~",
    "a\n\n## b\r\n- c\u2028# d",
    "\\*not escaped\\*",
]


def test_markdown_says_everything() -> None:
    text = export.render(WHOLE, "md")
    assert text.startswith("# Release meeting\n\n")
    assert "· 2 min\n" in text
    assert "*Made offline in place of Mistral, " in text
    headings = re.findall(r"(?m)^## (.+)$", text)
    assert headings == ["Overview", "Decisions", "Action items", "Open questions", "Your notes", "Transcript"]
    assert "\nThey moved the release. (01:05)\n" in text
    assert "- Move the release (01:05, 01:20)\n" in text
    assert "- Buy 7 chairs (not found in the transcript; to be checked: 7, chairs)\n" in text
    assert "- [ ] Send it — Ana, Fri, Mar 13, 2026 (01:05)\n" in text
    assert "- [x] Call Bob — soon\n" in text
    assert "- ask Bob (00:30)\n- Bookmark (01:00)\n" in text
    assert "**00:00** Good morning.\n" in text
    assert text.endswith("\n\n**Ana**\n\n**1:02:05** Bye.\n")


BOTH = (
    Segment(0.0, 2.0, "Shall we begin?", speaker_id=9),
    Segment(2.0, 4.0, "Everybody is here.", speaker_id=9),
    Segment(3.0, 3.5, "Yes.", speaker_id=8),
    Segment(5.0, 6.0, "Good.", speaker_id=9),
)


def test_who_speaks_stands_once_before_what_they_said() -> None:
    text = export.render(Document(MEETING, replace(TRANSCRIPT, segments=BOTH), None, (), SPEAKERS), "md")
    assert text.endswith(
        "\n\n**Others**\n\n**00:00** Shall we begin?\n\n**00:02** Everybody is here.\n"
        "\n**Me**\n\n**00:03** Yes.\n"
        "\n**Others**\n\n**00:05** Good.\n"
    )


def test_a_voice_that_nobody_knows_has_no_name() -> None:
    unknown = tuple(replace(segment, speaker_id=0) for segment in BOTH)
    text = export.render(Document(MEETING, replace(TRANSCRIPT, segments=unknown), None, (), SPEAKERS), "md")
    assert "**00:02** Everybody is here.\n\n**00:03** Yes." in text
    assert "Me" not in text


def test_who_took_part_stands_at_the_top() -> None:
    met = replace(MEETING, participants=("Ana", "Marc *Dupont*"))
    assert "\n\nParticipants: Ana, Marc \\*Dupont\\*\n" in export.render(Document(met, None, None), "md")


def test_it_comes_in_the_language_of_the_moment() -> None:
    with messages.in_language("fr"):
        french = export.render(WHOLE, "md")
    assert "## Decisions" not in french
    assert "Good morning." in french


def test_what_is_missing_leaves_no_empty_heading() -> None:
    assert "##" not in export.render(Document(MEETING, None, None), "md")
    empty = replace(TRANSCRIPT, segments=())
    assert "##" not in export.render(Document(MEETING, empty, replace(MINUTES, lines=())), "md")


def test_an_incomplete_transcript_says_so() -> None:
    half = replace(TRANSCRIPT, complete=False, places=(Place(75.0),))
    assert export.render(replace(WHOLE, transcript=half), "md").endswith(
        "*The transcript is not complete: it reaches 01:15.*\n"
    )


@pytest.mark.parametrize("nasty", NASTY)
def test_markup_in_a_meeting_is_only_text(nasty: str) -> None:
    document = Document(
        replace(MEETING, title=nasty),
        replace(TRANSCRIPT, segments=(Segment(0.0, 1.0, nasty, speaker_id=1),)),
        replace(
            MINUTES,
            lines=(
                Line(Section.OVERVIEW, nasty),
                Line(Section.DECISIONS, nasty, (SAID,), unverified=(nasty,)),
                Line(Section.ACTION_ITEMS, nasty, owner=nasty, due_said=nasty),
            ),
        ),
        (Note(0.0, nasty),),
        (Speaker(1, 1, nasty),),
    )
    text = export.render(document, "md")
    plain = re.sub(r"\\[!-/:-@\[-`{-~]", "x", text)
    assert re.findall(r"(?m)^#+ (.{4})", plain)[0]
    assert re.findall(r"(?m)^## .+$", plain) == [
        *("## Overview", "## Decisions", "## Action items", "## Your notes", "## Transcript")
    ]
    assert len(re.findall(r"(?m)^# ", plain)) == 1
    assert not re.search(r"<[a-z/!]|\]\(|!\[|(?m:^(---|===|\d+\.|[*+] ))|`|- (#|-|\d+\. )", plain), plain
    assert "\u2028" not in text


def test_an_unknown_format(tmp_path: Path) -> None:
    assert export.formats() == ("md",)
    with pytest.raises(errors.FormatUnknown) as caught:
        export.write(WHOLE, tmp_path, "exe")
    assert (caught.value.name, caught.value.known) == ("exe", "md")
    assert list(tmp_path.iterdir()) == []


# --- files ---------------------------------------------------------------------------------------


TITLES = [
    "x" * 300,
    "会" * 300,
    "👩‍👩‍👧" * 60,
    "../../etc/passwd",
    "..\\..\\windows",
    "/absolute",
    'a/b\\c:d*e?f"g<h>i|j',
    "<script>",
    "tab\tnew\nline\0nul\x7f",
    "اجتماع الإصدار",
    "\u202eevil\u202c",
    "…",
    ".hidden",
    "trailing. . ",
    "🎉🎉",
]


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_the_file_is_in_the_folder_and_nowhere_else(title: str, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "new"
    meeting = replace(MEETING, title=title)
    written = [export.write(Document(meeting, None, None), folder, "md") for _ in range(12)]
    assert len(set(written)) == 12
    assert sorted(folder.iterdir()) == sorted(written)
    assert list((tmp_path / "out").iterdir()) == [folder]
    for path in written:
        assert len(path.name.encode()) <= 200
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f\u202e]', path.name)
        assert path.name.startswith("2026-03-10")
        assert path.suffix == ".md"
        assert path.stem == path.stem.strip(" .")


def test_names_that_a_system_keeps_for_itself() -> None:
    assert export.safe_name("CON") == "CON-"
    assert export.safe_name("lpt1") == "lpt1-"
    for nothing in ("", "..", " . ", "\0"):
        assert export.safe_name(nothing) == "meeting"
    assert export.safe_name("e\u0301te\u0301") == "été"


def test_a_file_is_never_written_over_unless_it_is_named(tmp_path: Path) -> None:
    document = Document(MEETING, None, None)
    first = export.write(document, tmp_path, "md")
    first.write_text("changed by hand")
    second = export.write(document, tmp_path, "md")
    assert first.read_text() == "changed by hand"
    assert second.name == "2026-03-10 Release meeting (2).md"
    named = export.write(document, tmp_path, "md", name=first.stem)
    assert named == first
    assert first.read_text(encoding="utf-8").startswith("# Release meeting")
    assert first.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, file / "below"):
        with pytest.raises(errors.FolderNotWritable):
            export.write(WHOLE, folder, "md")
    with pytest.raises(errors.FolderNotWritable):
        export.write(WHOLE, tmp_path / ("x" * 300), "md")


@pytest.fixture
def existing(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "a.md"
    path.write_text("before")
    yield path
    assert list(tmp_path.iterdir()) == [path]


FULL = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from core import errors, export
from core.values import Meeting, MeetingId, Source
meeting = Meeting(MeetingId("m"), "x" * 5000, datetime.now(UTC), Source.IMPORT)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
for name in ("a", "new"):
    try:
        export.write(export.Document(meeting, None, None), Path(sys.argv[1]), "md", name=name)
    except errors.DiskFull:
        print("full")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
def test_a_full_disk_leaves_the_old_file_whole(existing: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(existing.parent)], capture_output=True, text=True, check=True
    )
    assert run.stdout == "full\nfull\n"
    assert existing.read_text() == "before"
