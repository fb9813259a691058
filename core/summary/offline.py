"""Minutes without network or key: the meeting's own sentences, chosen by importance and by cues.

Importance begins with the words: those in the core of the graph of words that are said near each other weigh most
(CoreRank: Tixier, Malliaros and Vazirgiannis, 2016), and so do pairs of words that come back (Gillick and Favre,
2009). Sentences are then taken one by one, always the one that adds most for its length to what the ones before
have said (Lin and Bilmes, 2010). Chapters follow TextTiling (Hearst, 1997): a topic ends where the words before and
after have least in common. The same request always gives the same draft.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core import errors
from core.summary import Draft, Request, cues
from core.summary.dates import NUMBER_WORDS
from core.summary.notes import lines_of_notes
from core.summary.phrases import NAMED, TURNS
from core.summary.sentences import Sentence, Text, content_words, fold, language_of, split, tidy, words_of
from core.values import Job, Line, Note, Progress, Section, Stage

Array = NDArray[np.float32]
Concept = str | tuple[str, str]
"""A topic word, or two of them in a row."""

NEAR = 6
"""Words among which each is near the others: the window of the graph of words, as in the paper."""
BREVITY = 0.3
"""The power of a sentence's length that its gain is divided by: 0 takes the longest sentences, 1 the densest."""
EARLY = 0.75
"""How much more the first sentence counts than those after the first fifth: a meeting begins with its topics."""
OVERVIEW = 4
KEY_POINTS = 10
REDUNDANT = 0.5
"""Cosine similarity from which a sentence repeats one already chosen."""
TELLING = 15
"""Fewest words of a sentence that can tell of a whole meeting."""
SHORTEST = 8
"""Fewest words of a sentence that can stand alone as a key point."""
REMARK = 5
"""Fewest words of a sentence that can be what a note or bookmark is about."""
LONGEST = 60
"""Most words of any of these."""
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
    language = language_of(text.whole, request.language)
    told = request.started_at.astimezone().date()
    decisions = cues.decisions(sentences, language)
    actions = cues.action_items(sentences, language, told)
    questions = cues.open_questions(sentences, language)
    yield Progress(Stage.SUMMARISE, 0.3)

    bags = [content_words(sentence.text, language) for sentence in sentences]
    vectors, terms = _vectors(bags)
    choice = _Choice(sentences, bags, vectors, language)
    yield Progress(Stage.SUMMARISE, 0.7)

    told_already = {one.index for found in (*decisions, *actions, *questions) for one in found.sentences}

    def statements(shortest: int) -> list[int]:
        return [
            one.index
            for one in sentences
            if shortest <= len(one.text.split()) <= LONGEST and not one.is_question
        ]

    usable = statements(SHORTEST) or statements(1)
    overview = choice.best(statements(TELLING) or usable, OVERVIEW)
    rest = [index for index in usable if index not in told_already and index not in overview]
    noted = _noted(sentences, statements(REMARK), request.notes)
    first = [index for index in noted if index not in told_already and index not in overview]
    points = choice.best(rest, _how_many(sentences), first, [*overview, *sorted(told_already)])
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


def _vectors(bags: Sequence[Sequence[str]]) -> tuple[Array, dict[str, int]]:
    """One row per bag of topic words, of unit length or zero: their tf-idf; and each word's column."""
    terms = {word: column for column, word in enumerate(sorted(set().union(*bags)))}
    counts = np.zeros((len(bags), max(1, len(terms))), dtype=np.float32)
    for row, bag in enumerate(bags):
        for word, times in Counter(bag).items():
            counts[row, terms[word]] = times
    rarity = np.log((1 + len(bags)) / (1 + np.count_nonzero(counts, axis=0))).astype(np.float32) + 1
    weighted = counts * rarity
    lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
    return weighted / np.maximum(lengths, np.float32(1e-9)), terms


class _Choice:
    """Chooses sentences of one meeting, each for what it adds to those chosen before."""

    def __init__(
        self, sentences: Sequence[Sentence], bags: Sequence[Sequence[str]], vectors: Array, language: str
    ) -> None:
        self._weights, self._vectors = _importance(bags), vectors
        self._told = [self._weights.keys() & {*bag, *pairwise(bag)} for bag in bags]
        lengths = np.array([max(1, len(tidy(one.text, language).split())) for one in sentences])
        early = np.maximum(0, 1 - 5 * np.arange(len(sentences)) / len(sentences))
        self._favour = (1 + EARLY * early) / lengths**BREVITY
        self._covered: set[Concept] = set()

    def best(
        self, allowed: Sequence[int], count: int, first: Sequence[int] = (), already: Sequence[int] = ()
    ) -> list[int]:
        """The places of up to `count` sentences, in order of time: those that come `first`, then those that add most.

        None repeats another or one of those chosen `already`.
        """
        chosen = list(dict.fromkeys(first))[:count]
        for place in chosen:
            self._covered |= self._told[place]
        left = {place: 0.0 for place in allowed if place not in chosen}
        while left and len(chosen) < count:
            left = {place: gain for place in left if (gain := self._gain(place)) > 0}
            for place in sorted(left, key=lambda one: (-left[one], one)):
                del left[place]
                if not self._repeats(place, [*already, *chosen]):
                    chosen.append(place)
                    self._covered |= self._told[place]
                    break
        return sorted(chosen)

    def _gain(self, place: int) -> float:
        new = self._told[place] - self._covered
        # A set has no order, and a plain sum depends on it in its last digits, which decide between equals.
        return math.fsum(self._weights[one] for one in new) * float(self._favour[place])

    def _repeats(self, place: int, others: Sequence[int]) -> bool:
        return bool(others) and float((self._vectors[others] @ self._vectors[place]).max()) >= REDUNDANT


def _importance(bags: Sequence[Sequence[str]]) -> dict[Concept, float]:
    """What each word and each pair of words that was said more than once is worth; words and pairs sum to 1 each."""
    often = Counter(word for bag in bags for word in bag)
    together = Counter(pair for bag in bags for pair in set(pairwise(bag)))
    ranks = _core_rank([word for bag in bags for word in bag])
    words = {word: float(ranks.get(word, 0)) for word, times in often.items() if times > 1}
    pairs = {pair: math.log(times) for pair, times in together.items() if times > 1}
    weights: dict[Concept, float] = {}
    for found in (words, pairs):
        total = sum(found.values())
        weights |= {one: weight / total for one, weight in found.items() if total}
    # Of a meeting in which nothing is said twice, everything is worth the same.
    return weights or dict.fromkeys(often, 1.0)


def _core_rank(words: Sequence[str]) -> dict[str, int]:
    """CoreRank of each word: the sum of its neighbours' core numbers, in the graph weighted by how often two are near.

    Core numbers come from peeling off the least connected word again and again (Batagelj and Zaversnik, 2002).
    """
    near: dict[str, Counter[str]] = {}
    for place, word in enumerate(words):
        for other in words[place + 1 : place + NEAR]:
            if other != word:
                near.setdefault(word, Counter())[other] += 1
                near.setdefault(other, Counter())[word] += 1
    degrees = {word: neighbours.total() for word, neighbours in near.items()}
    waiting = [(degree, word) for word, degree in degrees.items()]
    heapify(waiting)
    cores: dict[str, int] = {}
    core = 0
    while waiting:
        degree, word = heappop(waiting)
        if word in cores or degree != degrees[word]:
            continue
        cores[word] = core = max(core, degree)
        for other, times in near[word].items():
            if other not in cores:
                degrees[other] -= times
                heappush(waiting, (degrees[other], other))
    return {word: sum(cores[other] for other in neighbours) for word, neighbours in near.items()}


def _noted(sentences: Sequence[Sentence], usable: Sequence[int], notes: Sequence[Note]) -> list[int]:
    """What was being said when the person wrote a note or set a bookmark: the last usable sentence begun by then."""
    begun = (
        [one for one in usable if 0 <= note.at - sentences[one].evidence.start <= NOTED] for note in notes
    )
    return [places[-1] for places in begun if places]


def _how_many(sentences: Sequence[Sentence]) -> int:
    """Key points for a meeting of this length: a few for minutes, at most `KEY_POINTS`."""
    return max(2, min(KEY_POINTS, len(sentences) // 10))


# --- chapters and title ---------------------------------------------------------------------------

_AMOUNTS = NUMBER_WORDS.keys() | {
    *("hundred", "thousand", "million", "cent", "cents", "mille", "percent"),
    *("euro", "euros", "dollar", "dollars", "pound", "pounds"),
}
"""Words that are said of any topic."""


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
) -> str:
    """The three words that set `part` apart from the rest of the meeting, as spoken there, joined by commas."""
    share = own.sum(axis=0) * (own.mean(axis=0) / np.maximum(everything.mean(axis=0), 1e-9)) ** 0.5
    often = np.count_nonzero(own, axis=0)
    spoken: dict[int, Counter[str]] = {}
    people = {word for name in cues.all_names(part) for word in name.split()}
    for sentence in part:
        for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)*", sentence.text):
            if word in people or fold(word) in _AMOUNTS:
                continue
            for stem in content_words(word, language):
                spoken.setdefault(terms[stem], Counter())[
                    word if "'" not in fold(word) else words_of(word)[0]
                ] += 1
    order = sorted(spoken, key=lambda column: (-float(share[column]) * min(3, int(often[column])), column))
    best = [spoken[column].most_common(1)[0][0] for column in order if often[column] > 1 or len(part) < 6]
    title = ", ".join(best[:3])
    return title[:1].upper() + title[1:]


def _title(sentences: Sequence[Sentence], terms: dict[str, int], vectors: Array, language: str) -> str:
    """What the meeting was called when it began, else its leading topics."""
    for sentence in sentences[:6]:
        if match := re.search(NAMED[language], sentence.folded):
            name = sentence.text[match.start(1) : match.end(1)]
            return name[:1].upper() + name[1:]
    return _topics(sentences, vectors, vectors, terms, language)
