"""Minutes without network or key: the meeting's own sentences, chosen by importance and by cues.

Importance is LexRank (Erkan and Radev, 2004): sentences that resemble many others weigh most. Chapters
follow TextTiling (Hearst, 1997): a topic ends where the words before and after have least in common.
The same request always gives the same draft.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core import errors
from core.summary import Draft, Request, cues
from core.summary.notes import lines_of_notes
from core.summary.phrases import NAMED, TURNS
from core.summary.sentences import Sentence, Text, content_words, fold, language_of, split, words_of
from core.values import Job, Line, Note, Progress, Section, Stage

Array = NDArray[np.float32]

DAMPING = 0.85
"""Share of importance that comes from other sentences: PageRank's usual value."""
OVERVIEW = 3
KEY_POINTS = 8
REDUNDANT = 0.5
"""Cosine similarity from which a sentence repeats one already chosen."""
SHORTEST = 5
LONGEST = 60
"""Words of a sentence that can stand alone as a key point."""
CHAPTERS_FROM = 480.0
"""Seconds of meeting from which chapters help to find one's way."""
CHAPTER = 240.0
"""Shortest chapter, in seconds."""
NOTED = 20.0
"""Seconds before a note or bookmark in which what it is about was said."""


def summarise(request: Request) -> Job[Draft]:
    """Makes minutes in the meeting's language (English or French rules); about a second for an hour of meeting.

    Yields `Progress`. Each line has evidence. Raises `NothingSaid` where there is no text.
    """
    yield Progress(Stage.SUMMARISE, 0.0)
    text = Text(request.segments)
    sentences = split(text)
    if not sentences:
        raise errors.NothingSaid(request.title)
    language = language_of(text.whole, request.language.split("-")[0].lower())
    told = request.started_at.astimezone().date()
    decisions = cues.decisions(sentences, language)
    actions = cues.action_items(sentences, language, told)
    questions = cues.open_questions(sentences, language)
    yield Progress(Stage.SUMMARISE, 0.3)

    vectors, terms = _vectors(sentences, language)
    weights = _importance(vectors) * _favour(sentences)
    yield Progress(Stage.SUMMARISE, 0.7)

    told_already = {one.index for found in (*decisions, *actions, *questions) for one in found.sentences}
    usable = [
        one.index for one in sentences if SHORTEST <= len(one.text.split()) <= LONGEST and not one.is_question
    ]
    weights[_noted(sentences, usable, request.notes)] += weights.max()
    overview = _choose(weights, vectors, usable, OVERVIEW)
    rest = [index for index in usable if index not in told_already and index not in overview]
    points = _choose(weights, vectors, rest, _how_many(sentences), [*overview, *sorted(told_already)])
    lines = (
        *(_said(Section.OVERVIEW, sentences[index], language) for index in overview),
        *(_line(Section.DECISIONS, found) for found in decisions),
        *(_line(Section.ACTION_ITEMS, found) for found in actions),
        *(_said(Section.KEY_POINTS, sentences[index], language) for index in points),
        *(_line(Section.OPEN_QUESTIONS, found) for found in questions),
        *_chapters(sentences, vectors, terms, language),
        *lines_of_notes(request.notes, text),
    )
    yield Progress(Stage.SUMMARISE, 1.0)
    return Draft(_title(sentences, terms, vectors, language) or request.title, language, lines)


def _line(section: Section, found: cues.Found) -> Line:
    evidence = tuple(one.evidence for one in found.sentences)
    return Line(section, found.text, evidence, owner=found.owner, due_said=found.due_said, due=found.due)


def _said(section: Section, sentence: Sentence, language: str) -> Line:
    return Line(section, cues.shown(sentence, language), (sentence.evidence,))


# --- importance -----------------------------------------------------------------------------------


def _vectors(sentences: Sequence[Sentence], language: str) -> tuple[Array, dict[str, int]]:
    """One row per sentence, of unit length or zero: tf-idf of its topic words; and each word's column."""
    bags = [Counter(content_words(sentence.text, language)) for sentence in sentences]
    terms = {word: column for column, word in enumerate(sorted(set().union(*bags)))}
    counts = np.zeros((len(bags), max(1, len(terms))), dtype=np.float32)
    for row, bag in enumerate(bags):
        for word, times in bag.items():
            counts[row, terms[word]] = times
    rarity = np.log((1 + len(bags)) / (1 + np.count_nonzero(counts, axis=0))).astype(np.float32) + 1
    weighted = counts * rarity
    lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
    return weighted / np.maximum(lengths, np.float32(1e-9)), terms


def _importance(vectors: Array) -> Array:
    """LexRank's share of each sentence; they sum to 1."""
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, 0)
    sums = likeness.sum(axis=1, keepdims=True)
    count = len(vectors)
    moves = np.where(sums > 0, likeness / np.maximum(sums, 1e-9), 1 / count)
    rank = np.full(count, 1 / count, dtype=np.float32)
    for _round in range(60):
        following = (1 - DAMPING) / count + DAMPING * (rank @ moves)
        settled = np.abs(following - rank).sum() < 1e-6
        rank = following
        if settled:
            break
    return rank.astype(np.float32)


def _favour(sentences: Sequence[Sentence]) -> Array:
    """What importance is multiplied by: less for short sentences, more for those with figures."""
    favour = np.ones(len(sentences), dtype=np.float32)
    for place, sentence in enumerate(sentences):
        words = len(sentence.text.split())
        favour[place] *= min(1.0, words / 12)
        if re.search(r"\d", sentence.text):
            favour[place] *= 1.2
    return favour


def _noted(sentences: Sequence[Sentence], usable: Sequence[int], notes: Sequence[Note]) -> list[int]:
    """What was being said when the person wrote a note or set a bookmark: the last usable sentence begun by then."""
    begun = (
        [one for one in usable if 0 <= note.at - sentences[one].evidence.start <= NOTED] for note in notes
    )
    return [places[-1] for places in begun if places]


def _how_many(sentences: Sequence[Sentence]) -> int:
    """Key points for a meeting of this length: a few for minutes, at most `KEY_POINTS`."""
    return max(2, min(KEY_POINTS, len(sentences) // 8))


def _choose(
    weights: Array, vectors: Array, allowed: Iterable[int], count: int, already: Sequence[int] = ()
) -> list[int]:
    """The `count` weightiest sentences that do not repeat each other or those chosen `already`, in order of time."""
    chosen: list[int] = []
    for index in sorted(allowed, key=lambda place: (-float(weights[place]), place)):
        taken = [*already, *chosen]
        if not taken or float((vectors[taken] @ vectors[index]).max()) < REDUNDANT:
            chosen.append(index)
        if len(chosen) == count:
            break
    return sorted(chosen)


# --- chapters and title ---------------------------------------------------------------------------


def _chapters(
    sentences: Sequence[Sentence], vectors: Array, terms: dict[str, int], language: str
) -> tuple[Line, ...]:
    """Topics in order, each with its first sentence as evidence; () for a short meeting."""
    first, last = sentences[0].evidence.start, sentences[-1].evidence.end
    if last - first < CHAPTERS_FROM:
        return ()
    starts = [0, *_boundaries(sentences, vectors, language)]
    lines: list[Line] = []
    for start, stop in zip(starts, [*starts[1:], len(sentences)], strict=True):
        words = _topics(sentences[start:stop], vectors[start:stop], vectors, terms, language)
        lines.append(
            Line(
                Section.CHAPTERS,
                words or cues.shown(sentences[start], language),
                (sentences[start].evidence,),
            )
        )
    return tuple(lines)


def _boundaries(sentences: Sequence[Sentence], vectors: Array, language: str) -> list[int]:
    """Where a new topic begins: the deepest gaps between what is said before and after, `CHAPTER` apart."""
    turns = re.compile(TURNS[language])
    width = max(6, min(20, len(sentences) // 12))
    sums = np.vstack([np.zeros((1, vectors.shape[1]), np.float32), np.cumsum(vectors, axis=0)])
    places = range(1, len(sentences))
    gaps = np.arange(1, len(sentences))
    before = sums[gaps] - sums[np.maximum(gaps - width, 0)]
    after = sums[np.minimum(gaps + width, len(sentences))] - sums[gaps]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    likeness = (before * after).sum(axis=1) / np.maximum(lengths, 1e-9)
    left = np.maximum.accumulate(likeness)
    right = np.maximum.accumulate(likeness[::-1])[::-1]
    depth = (left - likeness) + (right - likeness)
    announced = np.array([bool(turns.search(sentences[gap].folded)) for gap in places])
    depth = depth + announced * 2.0
    threshold = float(depth.mean() + depth.std() / 2)
    times = [sentence.evidence.start for sentence in sentences]
    chosen: list[int] = []
    for gap in sorted(places, key=lambda place: (-float(depth[place - 1]), place)):
        if depth[gap - 1] < threshold:
            break
        edges = [times[0], sentences[-1].evidence.end, *(times[other] for other in chosen)]
        if all(abs(times[gap] - edge) >= CHAPTER for edge in edges):
            chosen.append(gap)
    return sorted(chosen)


def _topics(
    part: Sequence[Sentence],
    own: Array,
    everything: Array,
    terms: dict[str, int],
    language: str,
    count: int = 3,
) -> str:
    """The words that set `part` apart from the rest of the meeting, as spoken there, joined by commas."""
    share = own.sum(axis=0) * (own.mean(axis=0) / np.maximum(everything.mean(axis=0), 1e-9)) ** 0.5
    often = np.count_nonzero(own, axis=0)
    spoken: dict[int, Counter[str]] = {}
    people = {word for name in cues.all_names(part) for word in name.split()}
    for sentence in part:
        for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)*", sentence.text):
            if word in people:
                continue
            for stem in content_words(word, language):
                spoken.setdefault(terms[stem], Counter())[
                    word if "'" not in fold(word) else words_of(word)[0]
                ] += 1
    order = sorted(spoken, key=lambda column: (-float(share[column]) * min(3, int(often[column])), column))
    best = [spoken[column].most_common(1)[0][0] for column in order if often[column] > 1 or len(part) < 6][
        :count
    ]
    title = ", ".join(best)
    return title[:1].upper() + title[1:]


def _title(sentences: Sequence[Sentence], terms: dict[str, int], vectors: Array, language: str) -> str:
    """What the meeting was called when it began, else its leading topics."""
    for sentence in sentences[:6]:
        if match := re.search(NAMED[language], sentence.folded):
            name = sentence.text[match.start(1) : match.end(1)]
            return name[:1].upper() + name[1:]
    return _topics(sentences, vectors, vectors, terms, language)
