"""Minutes without network or key: the meeting's own sentences, chosen by importance and by cues.

`decisions`, `actions` and `questions` recognise what was decided, taken on and left open, `importance` what matters,
`topics` what it is about; here they become the sections of a template. The same request always gives the same draft.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core import errors
from core.summary import Draft, Request, agenda, importance, topics
from core.summary.actions import action_items
from core.summary.alone import is_fluent, is_impersonal, repeats, stands_alone
from core.summary.decisions import decisions
from core.summary.found import Found, listed, shown
from core.summary.notes import REMARK, lines_of_notes, said_at, with_marks
from core.summary.people import participant
from core.summary.questions import open_questions
from core.summary.sentences import Sentence, Text, content_words, fold, is_foreign, language_of, split
from core.summary.unmeant import unmeant
from core.values import Job, Line, Origin, Progress, Section, Stage, TemplateSection

OVERVIEW = {"short": 2, "normal": 4, "long": 6}
"""Most sentences of an overview, by the length of the minutes."""
KEY_POINTS = {"short": 5, "normal": 10, "long": 16}
"""Most key points."""
OF_SECTION = {"short": 3, "normal": 6, "long": 10}
"""Most lines of a section that the template's cues fill."""
TELLING = 12
"""Fewest words of a sentence that can tell of a whole meeting."""
TOPICS = 6
"""Most topics that the first line of an overview names."""
SHORTEST = 8
"""Fewest words of a sentence that can stand alone as a key point."""
LONGEST = 60
"""Most words of any of these."""


def summarise(request: Request) -> Job[Draft]:
    """Makes minutes in the meeting's language (English or French rules); about a second for an hour of meeting.

    Another language that was chosen is not heeded: nothing here translates. Of a meeting in another language there are
    its most important sentences, word for word, and neither decisions nor tasks. Yields `Progress`. Each line has
    evidence. Raises `NothingSaid` where there is no text.
    """
    yield Progress(Stage.SUMMARISE, 0.0)
    text = Text(request.segments)
    sentences = split(text)
    if not sentences:
        raise errors.NothingSaid(request.title)
    language = language_of(text.whole, request.language)
    known = request.language == language or not (request.language or is_foreign(text.whole))
    told = request.started_at.astimezone().date()
    decided = decisions(sentences, language) if known else []
    found = {
        Section.DECISIONS: decided,
        Section.ACTION_ITEMS: action_items(sentences, language, told, decided) if known else [],
        Section.OPEN_QUESTIONS: open_questions(sentences, language) if known else [],
    }
    yield Progress(Stage.SUMMARISE, 0.3)

    bags = [content_words(sentence.text, language) for sentence in sentences]
    vectors, terms = importance.vectors_of(bags)
    choice = importance.Choice(sentences, bags, vectors, language)
    yield Progress(Stage.SUMMARISE, 0.7)

    writing = _Writing(request, sentences, choice, language, known)
    lines = [_line(section, one, request.participants) for section, all_ in found.items() for one in all_]
    kinds = {one.kind for one in request.template.sections}
    told_in = [item for kind, all_ in found.items() if kind in kinds for item in all_]
    lines += writing.chosen([*told_in, *found[Section.ACTION_ITEMS]])
    lines = [*with_marks(lines, request, sentences), *topics.chapters(sentences, vectors, terms, language)]
    wanted = [one.key for one in request.template.sections]
    written = {line.part for line in lines if line.origin is not Origin.MEETING}
    lines = [line for line in lines if line.part in {*wanted, *written}]
    lines.sort(key=lambda line: wanted.index(line.part) if line.part in wanted else len(wanted))
    yield Progress(Stage.SUMMARISE, 1.0)
    title = topics.title(sentences, language)
    return Draft(
        title, language if known else request.language, (*lines, *lines_of_notes(request, text, language))
    )


class _Writing:
    """Chooses the sentences of one meeting that its overview, key points and the template's own sections show."""

    def __init__(
        self,
        request: Request,
        sentences: Sequence[Sentence],
        choice: importance.Choice,
        language: str,
        known: bool,
    ) -> None:
        self._request, self._sentences, self._choice = request, sentences, choice
        self._language, self._known, self._length = language, known, request.options.length
        self._start = agenda.opening(sentences, language)
        self._ignored = unmeant(sentences, language)

    def chosen(self, told: Sequence[Found]) -> list[Line]:
        """The lines of these sections; what is `told` in another one stands in none of them, nor is it said again."""
        overview, taken = self._overview(told)
        lines = list(overview)
        taken |= {one.index for item in told for one in item.sentences}
        for section in self._request.template.sections:
            if section.kind is Section.KEY_POINTS and section.key != Section.KEY_POINTS:
                places = self._cued(section, taken)
                taken.update(places)
                lines += [self._said(Section.KEY_POINTS, section.key, place) for place in places]
        noted = [said_at(self._sentences, note.at) for note in self._request.notes]
        first = [one.index for one in noted if one and one.index not in taken]
        most = KEY_POINTS.get(self._length, KEY_POINTS["normal"])
        count = max(2, min(most, len(self._sentences) * most // 100))
        rest = [place for place in self._telling(SHORTEST, told) if place not in taken]
        points = self._choice.best(rest, count, first, sorted(taken))
        return [
            *lines,
            *(self._said(Section.KEY_POINTS, Section.KEY_POINTS.value, place) for place in points),
        ]

    def _overview(self, told: Sequence[Found]) -> tuple[list[Line], set[int]]:
        """What the meeting was about and what tells most of it, and the places of these sentences."""
        if all(one.kind is not Section.OVERVIEW for one in self._request.template.sections):
            return [], set()
        most = OVERVIEW.get(self._length, OVERVIEW["normal"])
        part = Section.OVERVIEW.value
        about = agenda.programme(self._sentences, self._language)
        topics = agenda.announced(self._sentences, self._language)[:TOPICS]
        lines: list[Line] = []
        if about:
            lines.append(self._said(Section.OVERVIEW, part, about.index))
        elif len(topics) > 1 and 2 * sum(one.labelled for one in topics) >= len(topics):
            names = listed([one.name for one in topics], self._language)
            evidence = tuple(self._sentences[one.place].evidence for one in topics)
            lines.append(Line(Section.OVERVIEW, names, evidence, part=part))
        allowed = self._alone(self._business(TELLING), told)
        if not allowed and not lines:
            allowed = self._telling(SHORTEST, told)
        places = self._choice.best(
            [one for one in allowed if one != (about and about.index)], most - len(lines)
        )
        taken = {*places, *([about.index] if about else [])}
        return [*lines, *(self._said(Section.OVERVIEW, part, place) for place in places)], taken

    def _cued(self, section: TemplateSection, taken: set[int]) -> list[int]:
        """The sentences that belong in a section of the template's own by its cues, without one by its words."""
        cues_of = dict(section.cues)
        beginnings = cues_of.get(self._language) or cues_of.get("") or self._words_of(section)
        if not beginnings:
            return []
        told = re.compile(rf"\b(?:{'|'.join(re.escape(fold(one)) for one in beginnings)})")
        places = [
            place
            for place in self._statements(REMARK)
            if place not in taken and told.search(self._sentences[place].folded)
        ]
        most = OF_SECTION.get(self._length, OF_SECTION["normal"])
        return places if len(places) <= most else self._choice.best(places, most, already=sorted(taken))

    def _words_of(self, section: TemplateSection) -> list[str]:
        """The topic words of a section's heading and of what is said to belong in it."""
        headings = dict(section.headings)
        heading = headings.get(self._language) or headings.get("") or ""
        return list(dict.fromkeys(content_words(f"{heading} {section.about}", self._language)))

    def _statements(self, shortest: int) -> list[int]:
        """What is said, of so many words; what may not have been said only where there is nothing else."""
        said = [
            one
            for one in self._sentences
            if shortest <= len(one.text.split()) <= LONGEST
            and not one.is_question
            and one.index not in self._ignored
        ]
        certain = [one for one in said if not one.doubtful]
        return [one.index for one in certain or said]

    def _business(self, shortest: int) -> list[int]:
        """The statements about the meeting's business, neither small talk before it nor by the way."""
        return [
            place
            for place in self._statements(shortest)
            if place >= self._start and not agenda.is_aside(self._sentences[place], self._language)
        ]

    def _alone(self, places: Sequence[int], told: Sequence[Found], *, personal: bool = False) -> list[int]:
        """Those of these sentences that can be read by themselves and say nothing `told` again; those that tell of who
        speaks only where `personal` ones may stand too."""
        fresh = self._fresh(places, told)
        return [
            place
            for place in fresh
            if is_fluent(self._sentences[place], self._language)
            and stands_alone(self._sentences[place], self._language)
            and (personal or is_impersonal(self._sentences[place], self._language))
        ]

    def _fresh(self, places: Sequence[int], told: Sequence[Found]) -> list[int]:
        """Those of these sentences that say nothing again that is `told` elsewhere."""
        known = {one.index for item in told for one in item.sentences}
        bags = [content_words(item.sentences[0].text, self._language) for item in told]
        return [
            place
            for place in places
            if place not in known
            and not repeats(content_words(self._sentences[place].text, self._language), bags)
        ]

    def _telling(self, shortest: int, told: Sequence[Found]) -> list[int]:
        """The sentences that can be read by themselves; of a talk that has none, what comes nearest to it."""
        business = self._business(shortest)
        return (
            self._alone(business, told, personal=self._length == "long")
            or self._fresh(business, told)
            or self._fresh(self._statements(shortest), told)
            or self._fresh(self._statements(1), told)
        )

    def _said(self, kind: Section, part: str, place: int) -> Line:
        sentence = self._sentences[place]
        text = shown(sentence, self._language) if self._known else sentence.text
        return Line(kind, text, (sentence.evidence,), part=part)


def _line(section: Section, found: Found, participants: Sequence[str]) -> Line:
    return Line(
        section,
        found.text,
        tuple(one.evidence for one in found.sentences),
        owner=participant(found.owner, participants),
        taken=found.sentences.index(found.taken) if found.taken else None,
        called=participant(found.called, participants),
        due_said=found.due_said,
        due=found.due,
        part=section.value,
    )
