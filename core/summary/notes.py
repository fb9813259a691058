"""The person's own notes, as lines of the minutes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.summary import Request, dates
from core.summary.people import participant
from core.summary.sentences import STOP_WORDS, Sentence, Text, fold, split
from core.values import Evidence, Line, Note, Origin, Section

REMARK = 5
"""Fewest words of a statement that can be what a note or bookmark is about, or that a cue tells."""
NOTED = 20.0
"""Seconds before a note or bookmark in which what it is about was said."""

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


def with_marks(lines: Sequence[Line], request: Request, sentences: Sequence[Sentence]) -> tuple[Line, ...]:
    """`lines` with what was said at each bookmark without words told as such: by the lines that rest on it, else by one
    more, in the words that were said there."""
    told = list(lines)
    section = next((one for one in request.template.sections if one.kind is Section.KEY_POINTS), None)
    kind, part = (section.kind, section.key) if section else (Section.NOTES, Section.NOTES.value)
    for note in request.notes:
        said = said_at(sentences, note.at) if note.bookmark and not note.text.strip() else None
        if said is None:
            continue
        there = [place for place, line in enumerate(told) if _rests_on(line, said.evidence)]
        for place in there:
            told[place] = replace(told[place], origin=Origin.BOOKMARK)
        if not there:
            evidence = (said.evidence,)
            told.append(Line(kind, said.text.strip(), evidence, part=part, origin=Origin.BOOKMARK))
    return tuple(told)


def said_at(sentences: Sequence[Sentence], second: float) -> Sentence | None:
    """What a note or mark of that second is about: the last statement heard in the `NOTED` seconds before, else the
    last sentence; None where there was silence."""
    heard = [one for one in sentences if one.evidence.start <= second <= one.evidence.end + NOTED]
    statements = [one for one in heard if len(one.text.split()) >= REMARK and not one.is_question]
    return next(reversed(statements or heard), None)


def _rests_on(line: Line, said: Evidence) -> bool:
    return line.section is not Section.CHAPTERS and any(
        found.start < said.end and said.start < found.end for found in line.evidence
    )


def _labelled(note: Note, kinds: set[Section]) -> tuple[Section, str]:
    words = " ".join(note.text.split())
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
