"""The person's own notes, as lines of the minutes."""

from __future__ import annotations

from collections.abc import Iterable

from core.summary.sentences import Text, split
from core.values import Line, Note, Section


def lines_of_notes(notes: Iterable[Note], text: Text) -> tuple[Line, ...]:
    """One line of `Section.NOTES` per note with words, in order of time, with what was being said as evidence.

    A note taken where nothing was said has no evidence; a bookmark makes no line.
    """
    sentences = split(text)
    lines: list[Line] = []
    for note in sorted((note for note in notes if note.text.strip()), key=lambda note: note.at):
        heard = [one.evidence for one in sentences if one.evidence.start <= note.at][-1:]
        lines.append(Line(Section.NOTES, note.text.strip(), tuple(heard)))
    return tuple(lines)
