"""Every format of an ordinary meeting, a nasty one and an empty one, read again by somebody else's reader."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import docx
import jsonschema
import pytest
from docx.oxml.ns import qn
from icalendar import Calendar

from core import errors, export, messages, paths
from core.export import fonts, subtitles
from core.export.handout import handout
from core.export.tables import harmless
from core.values import ExportChoices, Format, Section, Segment, Speaker, Word
from tests.handed_on import EMPTY, MEETING, MINUTES, NASTY, TRANSCRIPT, WHOLE, long, nasty

SCHEMA = json.loads((paths.RESOURCES / "schema" / "meeting.schema.json").read_text(encoding="utf-8"))
TEXTS = (
    Format.MARKDOWN,
    Format.HTML,
    Format.TEXT,
    Format.SRT,
    Format.VTT,
    Format.JSON,
    Format.SEGMENTS,
    Format.ACTIONS,
)


def test_unknown_formats() -> None:
    with pytest.raises(errors.FormatUnknown) as caught:
        export.render(WHOLE, "exe")
    assert caught.value.name == "exe"
    assert "md" in caught.value.known
    with pytest.raises(errors.FormatUnknown):
        export.ending("exe")
    assert [
        export.ending(kind, ".ogg") for kind in ("md", "actions", "audio", "mp3", "letter.html.j2", "a.tex")
    ] == [*(".md", ".actions.csv", ".ogg", ".mp3", ".letter.html", ".a.tex")]


@pytest.mark.parametrize("kind", TEXTS)
def test_every_format_of_every_meeting(kind: Format) -> None:
    for document in (WHOLE, nasty(), EMPTY):
        assert export.as_text(document, kind) or kind is Format.SRT


def test_what_is_not_wanted_is_left_out() -> None:
    few = ExportChoices(sections=(Section.DECISIONS,), transcript=False, times=False, language="fr")
    for kind in (Format.MARKDOWN, Format.TEXT, Format.HTML):
        text = export.as_text(WHOLE, kind, few)
        assert "Move the release" in text
        assert "Décisions" in text
        assert "01:05" not in text
        assert not re.search("Good morning|Send it|ask Bob|Transcript", text)
        silent = export.as_text(WHOLE, kind, ExportChoices(speakers=False, times=False))
        assert "Bye." in silent
        assert "1:02:05" not in silent
        assert silent.count("Ana") == 1  # who is to do something stays


def test_the_words_as_they_were_heard() -> None:
    heard = (Word(0, 1, " Good", 1), Word(1, 2, " mourning.", 1))
    document = replace(
        WHOLE, transcript=replace(TRANSCRIPT, segments=(Segment(0, 2, "Good morning.", heard, edited=True),))
    )
    assert "Good morning." in export.as_text(document, "txt")
    assert "Good mourning." in export.as_text(document, "txt", ExportChoices(words="heard"))


def test_plain_text() -> None:
    text = export.as_text(WHOLE, "txt")
    assert text.startswith("Release meeting\n===============\n\nDate: ")
    assert "- Buy 7 chairs (not found in the transcript; to be checked: 7, chairs)\n" in text
    assert "[ ] Send it — Ana, Fri, Mar 13, 2026 (01:05)\n[x] Call Bob — soon\n" in text
    assert text.endswith("[00:00] Good morning.\n\nAna:\n[1:02:05] Bye.\n")


# --- subtitles -----------------------------------------------------------------------------------


def parsed(text: str, point: str) -> list[tuple[float, float, list[str]]]:
    """Subtitles as a player reads them."""
    found = []
    for block in re.split(r"\n\n+", text.strip()):
        lines = block.splitlines()
        if len(lines) < 2 or "-->" not in lines[1]:
            continue
        times = re.fullmatch(
            rf"(\d+):(\d\d):(\d\d)\{point}(\d{{3}}) --> (\d+):(\d\d):(\d\d)\{point}(\d{{3}})", lines[1]
        )
        assert times, lines[1]
        numbers = list(map(int, times.groups()))
        start, end = (
            3600 * numbers[at] + 60 * numbers[at + 1] + numbers[at + 2] + numbers[at + 3] / 1000
            for at in (0, 4)
        )
        found.append((start, end, lines[2:]))
    return found


LONG = (
    "We said last week that the budget for the new tools would be forty thousand, and not more than that, because "
    "nobody wants to ask for it twice. And the report, which we promised, is due on Friday."
)


def spoken(text: str, start: float, end: float, **fields: object) -> Segment:
    words = text.split()
    step = (end - start) / len(words)
    heard = tuple(
        Word(start + at * step, start + (at + 1) * step, f" {word}", 1) for at, word in enumerate(words)
    )
    return Segment(start, end, text, heard, **fields)  # type: ignore[arg-type]


def test_subtitles_are_read_with_ease() -> None:
    segments = (
        spoken(LONG, 1.0, 14.0, speaker_id=7),
        spoken("Yes.", 14.2, 14.4, speaker_id=8),
        spoken("Good.", 20.0, 20.1, speaker_id=8),
    )
    document = replace(WHOLE, transcript=replace(TRANSCRIPT, segments=segments))
    for kind, point in ((Format.SRT, ","), (Format.VTT, ".")):
        found = parsed(export.as_text(document, kind), point)
        assert len(found) >= 5
        said = " ".join(re.sub("<v [^>]*>", "", " ".join(lines)) for _start, _end, lines in found)
        assert said.replace("Ana: ", "").replace("Me: ", "") == f"{LONG} Yes. Good."
        for start, end, lines in found:
            assert len(lines) <= 2
            assert all(len(re.sub("<v [^>]*>", "", line)) <= 42 for line in lines)
            assert 0.99 <= end - start <= 7.01
        for (_start, end, _lines), (following, _end, _more) in pairwise(found):
            assert following >= end
        assert found[0][0] == 1.0
        assert found[-1][:2] == (20.0, 21.0)
    assert "Ana: We said" in export.as_text(document, Format.SRT)
    assert "<v Ana>We said" in export.as_text(document, Format.VTT)


@pytest.mark.parametrize("text", [*NASTY, "会" * 200, "x" * 200, "word " * 60])
def test_subtitles_hold_any_text(text: str) -> None:
    document = replace(WHOLE, transcript=replace(TRANSCRIPT, segments=(Segment(0, 20, text, speaker_id=7),)))
    for kind, point in ((Format.SRT, ","), (Format.VTT, ".")):
        written = export.as_text(document, kind)
        found = parsed(written, point)
        assert written.count("-->") == len(found)
        joined = re.sub("<v [^>]*>", "", "".join("".join(lines) for _start, _end, lines in found))
        assert "<script>" not in joined
        assert re.sub(r"[\W_]", "", text.replace("\x00", ""))[-5:] in re.sub(r"[\W_]", "", joined)
        for _start, _end, lines in found:
            assert len(lines) <= 2
            assert all(subtitles.width(re.sub("<v [^>]*>|&[a-z]+;", "", line)) <= 42 for line in lines)


def test_two_who_speak_at_once_stay_apart() -> None:
    both = (spoken("One two three four five", 0, 4, speaker_id=7), spoken("Yes yes", 1, 2, speaker_id=9))
    cues = subtitles.cues(
        export.handout(replace(WHOLE, transcript=replace(TRANSCRIPT, segments=both))).passages
    )
    assert [(cue.start, cue.speaker) for cue in cues] == [(0.0, "Ana"), (1.0, "Others")]
    assert cues[0].end <= 4.0


# --- tables, data, calendar ----------------------------------------------------------------------


def table(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_no_cell_is_a_formula() -> None:
    for kind in (Format.SEGMENTS, Format.ACTIONS):
        for row in table(export.as_text(nasty(), kind)):
            assert not [cell for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert harmless("\n =1+1") == "'=1+1"
    assert harmless("1-1") == "1-1"


def test_the_tables() -> None:
    rows = table(export.as_text(WHOLE, Format.SEGMENTS))
    assert rows[1] == ["0.50", "2.00", "00:00", "00:02", "", "Good morning.", ""]
    assert rows[2][4] == "Ana"
    tasks = table(export.as_text(WHOLE, Format.ACTIONS))
    assert tasks[1] == ["Send it", "Ana", "2026-03-13", "by Friday", "no", "01:05", "", "Release meeting"]
    assert tasks[2][:5] == ["Call Bob", "", "", "soon", "yes"]
    assert len(table(export.as_text(EMPTY, Format.ACTIONS))) == 1


@pytest.mark.parametrize("document", [WHOLE, nasty(), EMPTY], ids=["whole", "nasty", "empty"])
def test_the_data_keep_to_their_schema(document: export.Document) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    data = json.loads(export.as_text(document, Format.JSON))
    jsonschema.validate(data, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert len(data["segments"]) == len(document.transcript.segments if document.transcript else ())
    few = json.loads(
        export.as_text(document, Format.JSON, ExportChoices(sections=(), transcript=False, times=False))
    )
    jsonschema.validate(few, SCHEMA)


def test_dated_action_items_are_days_of_a_calendar() -> None:
    calendar = Calendar.from_ical(export.render(WHOLE, Format.CALENDAR))
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]) == "Send it (Ana)"
    unnamed = replace(MINUTES.lines[3], owner="", taker=Speaker(3, 2))
    document = replace(WHOLE, minutes=replace(MINUTES, lines=(unnamed,)))
    (other,) = Calendar.from_ical(export.render(document, Format.CALENDAR)).walk("VEVENT")
    assert str(other["summary"]) == "Send it (Speaker 2)"
    assert event.decoded("dtstart") == date(2026, 3, 13)
    assert str(event["uid"]) == "m1-4@meeting-transcriber"
    assert "we will move it" in str(event["description"])
    again = export.render(WHOLE, Format.CALENDAR)
    assert again == export.render(WHOLE, Format.CALENDAR)
    events = Calendar.from_ical(export.render(nasty(), Format.CALENDAR)).walk("VEVENT")
    assert len(events) == len(NASTY)
    assert str(events[1]["summary"]).startswith("=cmd|'/c calc'!A1")
    assert not Calendar.from_ical(export.render(EMPTY, Format.CALENDAR)).walk("VEVENT")


# --- documents -----------------------------------------------------------------------------------


def test_a_word_document_has_real_styles() -> None:
    found = docx.Document(io.BytesIO(export.render(WHOLE, Format.WORD)))
    styles = [(one.style.name if one.style else "", one.text) for one in found.paragraphs]
    assert styles[0] == ("Title", "Release meeting")
    assert [text for style, text in styles if style == "Heading 1"] == [
        *("Overview", "Decisions", "Action items", "Open questions", "Your notes", "Transcript")
    ]
    assert ("List Bullet", "Move the release (01:05, 01:20)") in styles
    assert styles[-2:] == [("Meeting Speaker", "Ana"), ("Normal", "1:02:05  Bye.")]
    (table,) = found.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Action item", "Owner", "Due", "Done"],
        ["Send it (01:05)", "Ana", "Fri, Mar 13, 2026", "☐"],
        ["Call Bob", "", "soon", "☑"],
    ]
    assert found.core_properties.title == "Release meeting"
    assert found.sections[0].header.paragraphs[0].text == "Release meeting"
    assert "PAGE" in found.sections[0].footer.paragraphs[0]._p.xml


def test_a_word_document_holds_any_text() -> None:
    document = nasty()
    found = docx.Document(io.BytesIO(export.render(document, Format.WORD)))
    said = [
        one.text for one in found.paragraphs[-2 * len(NASTY) :] if one.style and one.style.name == "Normal"
    ]
    assert len(said) == len(NASTY)
    assert said[1] == f"00:05  {NASTY[1]}"
    turned = [
        one.text
        for one in found.paragraphs
        if one._p.pPr is not None and one._p.pPr.find(qn("w:bidi")) is not None
    ]
    assert len(turned) >= 8
    assert docx.Document(io.BytesIO(export.render(EMPTY, Format.WORD))).tables == []


def test_a_pdf_without_a_font_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for document in (WHOLE, nasty(), EMPTY):
        whole = export.render(document, Format.PDF)
        assert whole.startswith(b"%PDF-")
        assert whole.rstrip().endswith(b"%%EOF")
    assert b"/Outlines" in export.render(WHOLE, Format.PDF)
    monkeypatch.setattr("core.export.fonts.reading_faces", lambda: None)
    assert b"Helvetica" in export.render(nasty(), Format.PDF)


def test_fonts_are_found_for_every_script() -> None:
    faces = fonts.reading_faces()
    assert faces  # scripts/setup.sh sees to it
    assert {"A", "é", "ж"} <= fonts.covered(faces[0])
    found = list(fonts.covering({"\ufdd0"}))  # a sign that will never be one
    assert found == []
    assert fonts.covered(fonts.Face(Path("/nowhere.ttf"))) == frozenset()


# --- pages ---------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """The tags, texts and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "script"}:
            self.texts.append(data)


def test_a_page_is_one_file_and_nothing_in_it_is_markup() -> None:
    reader = Reader()
    reader.feed(export.render(nasty(), Format.HTML, audio="a b#c.ogg").decode())
    assert reader.open == []
    assert [tag for tag, _attributes in reader.tags].count("script") == 1
    assert not [tag for tag, _attributes in reader.tags if tag in {"img", "link", "iframe"}]
    assert not [name for _tag, attributes in reader.tags for name in attributes if name.startswith("on")]
    (sound,) = [attributes for tag, attributes in reader.tags if tag == "audio"]
    assert sound["src"] == "a%20b%23c.ogg"
    joined = "".join(reader.texts)
    for text in NASTY[:2]:
        assert text in joined
    times = [attributes for tag, attributes in reader.tags if tag == "button"]
    assert {"data-time": "5.00", "class": "time", "type": "button", "title": "Play from 00:05"} in times


def test_a_page_without_sound_has_no_script() -> None:
    page = export.as_text(WHOLE, Format.HTML)
    assert "<script" not in page
    assert "<audio" not in page


def test_own_templates(tmp_path: Path) -> None:
    (tmp_path / "letter.txt.j2").write_text(
        "{{ title }}: {% for item in action_items %}{{ item.text }} ({{ item.who }}) {% endfor %}{{ 65 | clock }}"
    )
    (tmp_path / "page.html").write_text("<h1>{{ title }}</h1>")
    (tmp_path / ".hidden.txt").touch()
    (tmp_path / "noending").touch()
    assert export.formats(tmp_path)[-2:] == ("letter.txt.j2", "page.html")
    assert messages.format_label("page.html") == "page.html"
    letter = export.render(WHOLE, "letter.txt.j2", own=tmp_path).decode()
    assert letter == "Release meeting: Send it (Ana, Fri, Mar 13, 2026) Call Bob (soon) 01:05"
    met = replace(WHOLE, meeting=replace(MEETING, title="<b>"))
    assert export.render(met, "page.html", own=tmp_path) == b"<h1>&lt;b&gt;</h1>"


@pytest.mark.parametrize(
    "template",
    [
        "{% for x in %}",
        "{{ nothing.there }}",
        "{{ title.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{% include '/etc/passwd' %}",
        "{% include '../secret.txt' %}",
        "{{ facts.append(1) }}",
        "{{ 1 / 0 }}",
        "{{ range(99999999) | list }}",
    ],
)
def test_a_template_that_is_broken_or_wants_more_than_words(template: str, tmp_path: Path) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (own / "x.txt").write_text(template)
    with pytest.raises((errors.TemplateBroken, errors.MissingFile)):
        export.render(WHOLE, "x.txt", own=own)


def test_no_last_word_of_a_subtitle_flashes_by() -> None:
    found = subtitles.cues(handout(long(200, 800.0)).passages)
    assert min(cue.end - cue.start for cue in found) >= 1.0
    assert max(len(subtitles.wrapped(cue.text)) for cue in found) <= 2
    said = " ".join(cue.text for cue in found).split()
    segments = long(200, 800.0).transcript
    assert segments
    assert said == " ".join(one.text for one in segments.segments).split()


def test_properties_have_no_signs_that_mislead() -> None:
    text = export.render(nasty(), "md", ExportChoices(properties=True)).decode()
    properties = text.split("---")[1]
    assert not set(properties) & set("\x00\u202e\u202c\u2028")
