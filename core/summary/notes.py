"""The person's own notes, as lines of the minutes."""

from __future__ import annotations

import re

from core.summary import Request, dates
from core.summary.people import participant
from core.summary.sentences import STOP_WORDS, Text, fold, split
from core.values import Line, Note, Origin, Section

_LABELS = {
    Section.DECISIONS: re.compile(r"(?:decision|decided|decide|agreed|convenu) ?[:-] *"),
    Section.ACTION_ITEMS: re.compile(
        r"(?:action(?: item)?|to ?do|task|a faire|tache) ?[:-] *|[-*] ?\[ ?\] *|\[ ?\] *"
    ),
    Section.OPEN_QUESTIONS: re.compile(r"(?:open question|question(?: ouverte)?|q|a voir) ?[:-] *"),
}
"""How people label what they write down, in English and French, folded."""


def lines_of_notes(request: Request, text: Text, language: str) -> tuple[Line, ...]:
    """One line per note with words, in order of time, with what was being said as evidence; its origin is the note.

    One that the person labelled ("Decision: …", "To do: …") stands in that section, where the template has it, all
    others among the notes. A note taken where nothing was said has no evidence; a bookmark without words makes no line.
    """
    sentences = split(text)
    lines: list[Line] = []
    for note in sorted((note for note in request.notes if note.text.strip()), key=lambda note: note.at):
        heard = [one.evidence for one in sentences if one.evidence.start <= note.at][-1:]
        section, words = _labelled(note, {one.kind for one in request.template.sections})
        line = Line(section, words, tuple(heard), part=section.value, origin=Origin.NOTE)
        lines.append(_task(line, request, language) if section is Section.ACTION_ITEMS else line)
    return tuple(lines)


def _labelled(note: Note, kinds: set[Section]) -> tuple[Section, str]:
    words = note.text.strip()
    for section, label in _LABELS.items():
        found = label.match(fold(words))
        if found and section in kinds and words[found.end() :].strip():
            rest = words[found.end() :].strip()
            return section, rest[:1].upper() + rest[1:]
    return Section.NOTES, words


def _task(line: Line, request: Request, language: str) -> Line:
    """A task as it was noted, with the participant it begins with ("Marc: …") as its owner and the date it names."""
    told = request.started_at.astimezone().date()
    due = dates.find(line.text, language, told) if language in STOP_WORDS else None
    first = re.match(r"[^\W\d_]+", line.text)
    owner = participant(first.group(), request.participants) if first else ""
    return Line(
        line.section,
        line.text,
        line.evidence,
        owner=owner if owner in request.participants else "",
        due_said=due.said if due else "",
        due=due.day if due else None,
        part=line.part,
        origin=line.origin,
    )
