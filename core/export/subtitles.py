"""Subtitles, SRT and WebVTT, as they are read with ease.

The numbers are those of the BBC's subtitle guidelines and of Netflix's timed text style guide: two lines of at most 42
signs, 20 signs a second, at least a second and at most seven, two frames of nothing in between.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.export.handout import Handout, Passage

LINE = 42
"""Signs of one line; one that is twice as wide, as in Chinese, counts as two."""
LINES = 2
SIGNS_A_SECOND = 20.0
SHORTEST, LONGEST = 1.0, 7.0
GAP = 0.08
"""Seconds between two subtitles: two frames of a film."""

CLAUSE = re.compile(r"[.!?…。！？,;:،؛，；：]['\"”’»)\]]*$")
"""How a word ends after which a reader expects a break."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What stands on the screen from one second to another."""

    start: float
    end: float
    text: str
    speaker: str = ""
    turn: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word, or a piece of one that is too long for a line, and when it is said."""

    text: str
    start: float
    end: float


def srt(handout: Handout) -> str:
    """The transcript as SubRip: the speaker stands before the first words."""
    blocks = []
    for number, cue in enumerate(cues(handout.passages), 1):
        text = "\n".join(_srt_lines(cue))
        blocks.append(f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{text}\n")
    return "\n".join(blocks)


def _srt_lines(cue: Cue) -> list[str]:
    """Angle brackets would be read as markup by players, and there is no way to escape them."""
    name = f"{cue.speaker}: " if cue.turn else ""
    return wrapped(f"{name}{cue.text}".replace("<", "‹").replace(">", "›"))


def vtt(handout: Handout) -> str:
    """The transcript as WebVTT: the speaker is the voice of each cue."""

    def escaped(text: str) -> str:
        return html.escape(text, quote=False).replace("-->", "--&gt;")

    blocks = [f"WEBVTT\nLanguage: {handout.spoken}\n" if handout.spoken else "WEBVTT\n"]
    for number, cue in enumerate(cues(handout.passages), 1):
        voice = f"<v {escaped(cue.speaker)}>" if cue.speaker else ""
        text = "\n".join(map(escaped, wrapped(cue.text)))
        blocks.append(f"{number}\n{_clock(cue.start)} --> {_clock(cue.end)}\n{voice}{text}\n")
    return "\n".join(blocks)


def _clock(seconds: float, point: str = ".") -> str:
    milliseconds = max(0, round(1000 * seconds))
    return (
        f"{milliseconds // 3_600_000:02d}:{milliseconds // 60_000 % 60:02d}:"
        f"{milliseconds // 1000 % 60:02d}{point}{milliseconds % 1000:03d}"
    )


def cues(passages: Sequence[Passage]) -> list[Cue]:
    """The passages in pieces that fit the screen, each as long as it takes to be read where there is room for it."""
    found = sorted((cue for passage in passages for cue in _cut(passage)), key=lambda cue: cue.start)
    return [
        _timed(cue, found[place + 1] if place + 1 < len(found) else None) for place, cue in enumerate(found)
    ]


def _timed(cue: Cue, following: Cue | None) -> Cue:
    wanted = max(cue.end, cue.start + SHORTEST, cue.start + width(cue.text) / SIGNS_A_SECOND)
    end = min(wanted, max(cue.end, cue.start + LONGEST))
    if following and following.start >= cue.start + SHORTEST:
        end = min(end, following.start - GAP)
    elif following and following.start > cue.start:
        # Two speak at once, or words come too fast to be read apart: as long as it is said, at least.
        end = min(end, max(cue.end, following.start - GAP))
    return replace(cue, end=max(end, cue.start + 0.001))


def _cut(passage: Passage) -> Iterator[Cue]:
    lead = f"{passage.speaker}: " if passage.turn else ""
    pieces = list(_pieces(passage))
    begin = 0
    while begin < len(pieces):
        before = "" if begin else lead
        end = begin + 1
        while end < len(pieces) and _goes_on(before, pieces[begin:end], pieces[end], pieces[-1].end):
            end += 1
        # No single last word flashes by: it gets company, where that leaves enough.
        while (
            end < len(pieces)
            and pieces[-1].end - pieces[end].start < SHORTEST
            and pieces[end - 2].end - pieces[begin].start >= SHORTEST
        ):
            end -= 1
        taken = pieces[begin:end]
        turn = passage.turn and not begin
        yield Cue(taken[0].start, taken[-1].end, _joined(taken), passage.speaker, turn)
        begin = end


def _goes_on(lead: str, taken: list[_Piece], following: _Piece, ends: float) -> bool:
    """Whether the next piece belongs to the same subtitle; the passage `ends` at that second."""
    text = lead + _joined([*taken, following])
    if len(wrapped(text)) > LINES or following.end - taken[0].start > LONGEST:
        return False
    # From a full line on, a subtitle ends where a clause does, unless what is left could hardly be read.
    clause = width(_joined(taken)) > LINE and CLAUSE.search(taken[-1].text)
    return not (clause and ends - following.start >= SHORTEST)


def _pieces(passage: Passage) -> Iterator[_Piece]:
    """The words of a passage with their times: as they were heard, else by their share of the signs."""
    if heard := passage.words:
        words = [(word.text.strip(), word.start, word.end) for word in heard if word.text.strip()]
        glued = [word.text[:1].isspace() or not place for place, word in enumerate(heard)]
        if all(glued) and [text for text, _start, _end in words] == passage.text.split():
            for text, start, end in words:
                yield from _short(_Piece(text, start, max(start, end)))
            return
    whole = max(1, len(passage.text))
    seconds = passage.end - passage.start
    at = 0
    for text in passage.text.split():
        start = passage.start + seconds * at / whole
        at += len(text) + 1
        yield from _short(_Piece(text, start, passage.start + seconds * min(whole, at) / whole))


def _short(piece: _Piece) -> Iterator[_Piece]:
    """A word that is longer than a line, as where nothing separates words, in pieces of half a line."""
    if width(piece.text) <= LINE:
        yield piece
        return
    parts, part = [], ""
    for sign in piece.text:
        if width(part + sign) > LINE // 2 and not unicodedata.combining(sign):
            parts.append(part)
            part = ""
        part += sign
    parts.append(part)
    seconds = (piece.end - piece.start) / len(parts)
    for place, text in enumerate(parts):
        start = piece.start + place * seconds
        yield _Piece(text if place == len(parts) - 1 else f"{text}\u2060", start, start + seconds)


def _joined(pieces: Sequence[_Piece]) -> str:
    """The words with spaces between them; the pieces of one word without (a word joiner marks them)."""
    return " ".join(piece.text for piece in pieces).replace("\u2060 ", "").replace("\u2060", "")


def width(text: str) -> int:
    """The columns of `text` on screen."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def wrapped(text: str) -> list[str]:
    """The text in lines of at most 42 columns: two that are about equally long where one does not do."""
    if width(text) <= LINE:
        return [text]
    spaces = [place for place, sign in enumerate(text) if sign == " "]
    fitting = [at for at in spaces if width(text[:at]) <= LINE and width(text[at + 1 :]) <= LINE]
    if fitting:
        best = min(fitting, key=lambda at: (abs(2 * width(text[:at]) - width(text)), -at))
        return [text[:best], text[best + 1 :]]
    lines, line = [], ""
    for part in (part for word in text.split(" ") for part in _fitting(word)):
        joined = f"{line} {part}" if line else part
        if width(joined) <= LINE:
            line = joined
        else:
            lines.append(line)
            line = part
    return [*lines, line]


def _fitting(word: str) -> Iterator[str]:
    part = ""
    for sign in word:
        if width(part + sign) > LINE and not unicodedata.combining(sign):
            yield part
            part = ""
        part += sign
    if part:
        yield part
