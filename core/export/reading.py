"""Transcripts of other programs, and of ours, as segments: SRT, WebVTT, plain text, JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core import errors
from core.export import data
from core.export.handout import plain
from core.values import Segment, Word

MOST_BYTES = 64 << 20
"""More is no transcript: a day of speech has a megabyte."""

WORDS_A_SECOND = 2.5
"""How fast people talk, where a text has no times (150 words a minute, the usual rule of speakers)."""

_TIMES = re.compile(r"((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})")
_TAG = re.compile(r"<[^<>\n]*>|\{\\[^{}\n]*\}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_LEAD = re.compile(r"^\s*[\[(]?((?:\d{1,2}:)?\d{1,2}:\d{2})(?:[.,]\d+)?[\])]?\s*[-–—:]?\s*(.*)$")
_NAME = re.compile(r"^([^\W\d_][\w .'’\-]{0,38}):\s+(\S.*)$")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A segment and who says it, '' where that is not written."""

    segment: Segment
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file of a transcript says; what it does not is '' or None."""

    spoken: tuple[Spoken, ...]
    title: str = ""
    started_at: datetime | None = None
    language: str = ""
    tags: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    notes: tuple[tuple[float, str], ...] = ()
    duration: float = 0.0


def read(path: Path) -> Reading:
    """The transcript in a file. Raises `MissingFile`, `FolderGiven`, `NotPermitted`, `EmptyFile` or `NotTranscript`."""
    text = _text(path)
    try:
        match path.suffix.lower():
            case ".json":
                found = _json(text)
            case ".srt" | ".vtt":
                found = Reading(tuple(_subtitles(text)))
            case _:
                found = Reading(tuple(_subtitles(text) if _TIMES.search(text) else _lines(text)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise errors.NotTranscript(str(path)) from error
    if not found.spoken:
        raise errors.NotTranscript(str(path))
    return found


def _text(path: Path) -> str:
    name = str(path)
    try:
        if path.is_dir():
            raise errors.FolderGiven(name)
        size = path.stat().st_size
        if size == 0:
            raise errors.EmptyFile(name)
        if size > MOST_BYTES:
            raise errors.NotTranscript(name)
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise errors.MissingFile(name) from error
    except OSError as error:
        raise errors.NotPermitted(name) from error
    for encoding in ("utf-16",) if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise errors.NotTranscript(name)


# --- subtitles ---------------------------------------------------------------------------------------


def _subtitles(text: str) -> Iterator[Spoken]:
    """The cues; numbers, notes, styles and settings of a place are left out, and so are empty ones."""
    lines = text.split("\n")
    at = 0
    speaker = ""
    while at < len(lines):
        times = _TIMES.search(lines[at])
        at += 1
        if not times:
            continue
        said: list[str] = []
        while at < len(lines) and lines[at].strip() and not _TIMES.search(lines[at]):
            said.append(lines[at])
            at += 1
        start, end = _seconds(times[1]), _seconds(times[2])
        joined = " ".join(said)
        voice = _VOICE.search(joined)
        words = plain(html.unescape(_TAG.sub("", joined)))
        if voice:
            speaker = plain(html.unescape(voice[1]))
        elif named := _NAME.match(words):
            speaker, words = named[1], named[2]
        if words:
            yield Spoken(Segment(start, max(start, end), words), speaker)


def _seconds(stamp: str) -> float:
    seconds = 0.0
    for part in stamp.replace(",", ".").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


# --- plain text --------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[Spoken]:
    """A segment for each paragraph, at the time that stands before it, else as long as it takes to be said."""
    found: list[tuple[float | None, str, str]] = []
    speaker = ""
    for line in map(plain, text.split("\n")):
        if not line or set(line) <= set("=-_*~# "):
            continue
        stamped = _LEAD.match(line)
        at, words = (_seconds(stamped[1]), stamped[2]) if stamped else (None, line)
        if named := _NAME.match(words):
            speaker, words = named[1], named[2]
        elif words.endswith(":") and len(words) < 40 and len(words.split()) <= 4:
            speaker = words[:-1]
            continue
        if words:
            found.append((at, speaker, words))
    # Where some lines have times, what stands above the first of them is a heading and not said.
    first = next((place for place, (at, _speaker, _words) in enumerate(found) if at is not None), None)
    if first is not None and sum(at is not None for at, _speaker, _words in found) > len(found) / 2:
        found = found[first:]
    clock = 0.0
    for place, (at, who, words) in enumerate(found):
        start = max(clock, at) if at is not None else clock
        end = start + max(1.0, len(words.split()) / WORDS_A_SECOND)
        following = found[place + 1][0] if place + 1 < len(found) else None
        if following is not None and following > start:
            end = min(end, following)
        clock = end
        yield Spoken(Segment(start, end, words), who)


# --- our own -----------------------------------------------------------------------------------------


def _json(text: str) -> Reading:
    found = json.loads(text)
    if found["schema"] != data.SCHEMA or found["version"] > data.VERSION:
        raise ValueError(found["schema"])
    meeting = found["meeting"]
    return Reading(
        spoken=tuple(map(_spoken, found["segments"])),
        title=plain(meeting["title"]),
        started_at=datetime.fromisoformat(meeting["started_at"]),
        language=str(meeting["language"]),
        tags=tuple(map(plain, meeting["tags"])),
        participants=tuple(map(plain, meeting["participants"])),
        notes=tuple((float(note["at"] or 0.0), plain(note["text"])) for note in found["notes"]),
        duration=float(meeting["duration"]),
    )


def _spoken(stored: dict[str, Any]) -> Spoken:
    words = tuple(
        Word(float(one["start"]), float(one["end"]), str(one["text"]), float(one["probability"]))
        for one in stored.get("words", ())
    )
    start = max(0.0, float(stored["start"]))
    segment = Segment(
        start,
        max(start, float(stored["end"])),
        plain(stored["text"]),
        words,
        doubt=str(stored.get("doubt", "")),
        edited=bool(stored.get("edited", False)),
    )
    return Spoken(segment, plain(stored.get("speaker", "")))
