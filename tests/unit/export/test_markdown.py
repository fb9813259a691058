"""Markdown says everything and cannot do harm."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core import export, messages
from core.export import Document
from core.values import ExportChoices, Line, Note, Place, Section, Segment, Speaker
from tests.handed_on import MEETING, MINUTES, SAID, SPEAKERS, TRANSCRIPT, WHOLE

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
    text = export.as_text(WHOLE, "md")
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
    text = export.as_text(Document(MEETING, replace(TRANSCRIPT, segments=BOTH), None, (), SPEAKERS), "md")
    assert text.endswith(
        "\n\n**Others**\n\n**00:00** Shall we begin?\n\n**00:02** Everybody is here.\n"
        "\n**Me**\n\n**00:03** Yes.\n"
        "\n**Others**\n\n**00:05** Good.\n"
    )


def test_a_voice_that_nobody_knows_has_no_name() -> None:
    unknown = tuple(replace(segment, speaker_id=0) for segment in BOTH)
    text = export.as_text(Document(MEETING, replace(TRANSCRIPT, segments=unknown), None, (), SPEAKERS), "md")
    assert "**00:02** Everybody is here.\n\n**00:03** Yes." in text
    assert "Me" not in text


def test_who_took_part_stands_at_the_top() -> None:
    met = replace(MEETING, participants=("Ana", "Marc *Dupont*"))
    assert "\n\nParticipants: Ana, Marc \\*Dupont\\*\n" in export.as_text(Document(met, None, None), "md")


def test_it_comes_in_the_language_of_the_moment() -> None:
    with messages.in_language("fr"):
        french = export.as_text(WHOLE, "md")
    assert "## Decisions" not in french
    assert "Good morning." in french


def test_what_is_missing_leaves_no_empty_heading() -> None:
    assert "##" not in export.as_text(Document(MEETING, None, None), "md")
    empty = replace(TRANSCRIPT, segments=())
    assert "##" not in export.as_text(Document(MEETING, empty, replace(MINUTES, lines=())), "md")


def test_an_incomplete_transcript_says_so() -> None:
    half = replace(TRANSCRIPT, complete=False, places=(Place(75.0),))
    assert export.as_text(replace(WHOLE, transcript=half), "md").endswith(
        "*The transcript is not complete: it reaches 01:15.*\n"
    )


def test_a_note_keeps_its_lines_and_what_was_stressed() -> None:
    note = Note(724.0, "Risks <b>\n- budget is late\n\n- **tester** missing\nask Marc")
    text = export.as_text(Document(MEETING, None, None, (note,)), "md")
    assert text.endswith(
        "- Risks \\<b\\> (12:04)  \n  - budget is late  \n  - **tester** missing  \n  ask Marc\n"
    ), text


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
    text = export.as_text(document, "md")
    plain = re.sub(r"\\[!-/:-@\[-`{-~]", "x", text)
    assert re.findall(r"(?m)^#+ (.{4})", plain)[0]
    assert re.findall(r"(?m)^## .+$", plain) == [
        *("## Overview", "## Decisions", "## Action items", "## Your notes", "## Transcript")
    ]
    assert len(re.findall(r"(?m)^# ", plain)) == 1
    assert not re.search(r"<[a-z/!]|\]\(|!\[|(?m:^(---|===|\d+\.|[*+] ))|`|- (#|-|\d+\. )", plain), plain
    assert "\u2028" not in text


def test_the_properties_that_obsidian_reads() -> None:
    met = replace(
        MEETING, title='A "b"\n---\nc: d', participants=("Ana", "x: [y]"), tags=("2026", "new budget")
    )
    text = export.as_text(Document(met, None, None), "md", ExportChoices(properties=True))
    head = text.split("---\n")[1].splitlines()
    assert head[0] == 'title: "A \\"b\\" --- c: d"'
    assert re.fullmatch(r"date: 2026-03-10T\d\d:00:00", head[1])
    assert head[2:5] == [
        "minutes: 2",
        'participants: ["Ana", "x: [y]"]',
        'tags: ["meeting", "2026-", "new-budget"]',
    ]
    assert text.split("---\n")[2].startswith("# A ")
