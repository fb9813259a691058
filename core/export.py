"""A meeting as a file to hand on: renders it and writes it whole or not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core import errors, paths
from core.messages import (
    _,
    clock,
    day,
    day_and_time,
    doubt,
    doubtful_text,
    heading,
    length,
    made_by,
    said,
    section_label,
    speaker_label,
)
from core.values import Line, Meeting, Minutes, Note, Section, Speaker, Transcript

LONGEST_NAME = 180
"""Bytes of a file name, the ending not counted: every common file system takes 255, with some room to spare."""

_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{n}" for n in range(1, 10)),
    *(f"lpt{n}" for n in range(1, 10)),
}


@dataclass(frozen=True, slots=True)
class Document:
    """All that is known of one meeting."""

    meeting: Meeting
    transcript: Transcript | None
    minutes: Minutes | None
    notes: tuple[Note, ...] = ()
    speakers: tuple[Speaker, ...] = ()


def formats() -> tuple[str, ...]:
    """The names of the formats there are."""
    return tuple(_RENDERERS)


def render(document: Document, kind: str) -> str:
    """The document as text in the format `kind`. Raises `FormatUnknown`."""
    if kind not in _RENDERERS:
        raise errors.FormatUnknown(kind, ", ".join(formats()))
    return _RENDERERS[kind](document)


def write(document: Document, folder: Path, kind: str, *, name: str = "") -> Path:
    """The path of the file written into `folder`.

    Without a `name` a free one is made of date and title; a file called `name` (without its ending) is
    replaced. Raises `FormatUnknown`, `FolderNotWritable` or `DiskFull`, and then leaves no half file.
    """
    text = render(document, kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise paths.storage_problem(error, folder) from error
    path = folder / f"{name}.{kind}" if name else _free(folder, file_name(document.meeting), kind)
    paths.write_private(path, text.encode())
    return path


def file_name(meeting: Meeting) -> str:
    """Date and title as a file name that every platform takes, without an ending."""
    return safe_name(f"{meeting.started_at.astimezone():%Y-%m-%d} {meeting.title}")


def safe_name(text: str) -> str:
    """`text` without what a file system refuses or understands as a path."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in plain)
    plain = re.sub(r'[<>:"/\\|?*]+', "-", plain)
    plain = re.sub(r"\s+", " ", plain).strip(" .-")
    plain = plain.encode()[:LONGEST_NAME].decode(errors="ignore").rstrip(" .-")
    return f"{plain}-" if plain.casefold() in _RESERVED else plain or "meeting"


def _free(folder: Path, stem: str, kind: str) -> Path:
    path = folder / f"{stem}.{kind}"
    count = 2
    while path.exists():
        path = folder / f"{stem} ({count}).{kind}"
        count += 1
    return path


# --- Markdown --------------------------------------------------------------------------------------


def _markdown(document: Document) -> str:
    return "\n".join(_markdown_lines(document)) + "\n"


def _markdown_lines(document: Document) -> Iterator[str]:
    meeting, minutes, transcript = document.meeting, document.minutes, document.transcript
    yield f"# {_plain(meeting.title)}"
    yield ""
    yield f"{day_and_time(meeting.started_at)} · {length(meeting.duration)}"
    if meeting.participants:
        yield ""
        yield _("Participants: {names}").format(names=", ".join(map(_plain, meeting.participants)))
    if minutes:
        yield ""
        yield f"*{made_by(minutes)}, {day_and_time(minutes.created_at)}*"
        for section, lines in minutes.parts():
            if lines and section.kind is not Section.NOTES:
                yield ""
                yield f"## {_plain(heading(section))}"
                yield ""
                yield from map(_markdown_line, lines)
    if document.notes:
        yield ""
        yield f"## {section_label(Section.NOTES)}"
        yield ""
        for note in document.notes:
            yield f"- {_plain(note.text) or _('Bookmark')} ({clock(note.at)})"
    if transcript and transcript.segments:
        yield from _markdown_transcript(transcript, document.speakers)


def _markdown_transcript(transcript: Transcript, speakers: Sequence[Speaker]) -> Iterator[str]:
    labels = {speaker.id: _plain(speaker_label(speaker)) for speaker in speakers}
    yield ""
    yield f"## {_('Transcript')}"
    if transcript.doubtful:
        yield ""
        yield f"*{doubtful_text()}*"
    before = ""
    for segment in transcript.segments:
        speaker = labels.get(segment.speaker_id, "")
        if speaker and speaker != before:
            yield ""
            yield f"**{speaker}**"
        before = speaker
        yield ""
        yield f"**{clock(segment.start)}** {_plain(said(segment))}"
        if segment.doubt and not transcript.doubtful:
            yield f"*{_plain(doubt(segment))}*"
    if not transcript.complete:
        yield ""
        yield f"*{_('The transcript is not complete: it reaches {time}.').format(time=clock(transcript.reached))}*"


def _markdown_line(line: Line) -> str:
    text = _plain(line.text)
    if line.section is Section.OVERVIEW:
        bullet = text
    elif line.section is Section.ACTION_ITEMS:
        who = ", ".join(
            filter(None, (_plain(line.owner), day(line.due) if line.due else _plain(line.due_said)))
        )
        bullet = f"- [{'x' if line.done else ' '}] {text}{f' — {who}' if who else ''}"
    else:
        bullet = f"- {text}"
    times = ", ".join(dict.fromkeys(clock(evidence.start) for evidence in line.evidence))
    marks = times if line.supported else _("not found in the transcript")
    if line.unverified:
        marks = "; ".join(
            filter(
                None,
                (marks, _("to be checked: {words}").format(words=", ".join(map(_plain, line.unverified)))),
            )
        )
    return f"{bullet} ({marks})" if marks else bullet


def _plain(text: str) -> str:
    """`text` on one line, with what Markdown or HTML would understand as markup made harmless."""
    flat = re.sub(r"\s+", " ", text).strip()
    flat = re.sub(r"([\\`*_~&\[\]<>])", r"\\\1", flat)
    flat = re.sub(r"^([#+=-])", r"\\\1", flat)
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", flat)


_RENDERERS: dict[str, Callable[[Document], str]] = {"md": _markdown}
