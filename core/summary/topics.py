"""Where a meeting turns to another topic, and what a stretch of it, or all of it, is about. Pure.

Chapters follow TextTiling (Hearst, 1997): a topic ends where the words before and after have least in common.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from core.summary.agenda import announced
from core.summary.dates import MONTH_NAMES, NUMBER_WORDS, WEEKDAY_NAMES
from core.summary.found import capital, shown
from core.summary.importance import Array
from core.summary.people import all_names
from core.summary.phrases import NAMED, TURNS
from core.summary.sentences import Sentence, content_words, fold
from core.values import Line, Section

CHAPTERS_FROM = 480.0
"""Seconds of meeting from which chapters help to find one's way."""
CHAPTER = 240.0
"""Shortest chapter, in seconds."""

_NAMES = 3
"""Most topics that a title names."""
_SOON = 4
"""So many sentences into a chapter somebody announces what it is about."""

_VERB = 0.1
"""What a word that never names a thing is worth beside one that always does."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BEFORE_THINGS_EN = """
the a an our my your his her their this these those some any each every of for with about new
"""
_BEFORE_THINGS_FR = """
le la les l un une des du de d au aux notre nos votre vos mon ma mes ce cet cette ces chaque pour en
"""
_BEFORE_THINGS = {"en": _BEFORE_THINGS_EN.split(), "fr": _BEFORE_THINGS_FR.split()}

_AMOUNTS = (
    NUMBER_WORDS.keys()
    | WEEKDAY_NAMES
    | MONTH_NAMES
    | {
        *("hundred", "thousand", "million", "cent", "cents", "mille", "percent"),
        *("euro", "euros", "dollar", "dollars", "pound", "pounds"),
        *("course", "moment", "end", "meeting", "meetings", "minutes", "lunch", "instance", "problem"),
        *("temps", "reunion", "reste", "moment", "exemple", "probleme"),
    }
)
"""Words that are said of any topic."""


def chapters(
    sentences: Sequence[Sentence], vectors: Array, terms: dict[str, int], language: str
) -> tuple[Line, ...]:
    """Topics in order, each with its first sentence as evidence; () for a short meeting."""
    first, last = sentences[0].evidence.start, sentences[-1].evidence.end
    if last - first < CHAPTERS_FROM:
        return ()
    told = announced(sentences, language)
    starts = [0, *_boundaries(sentences, vectors, language, {topic.place for topic in told})]
    lines: list[Line] = []
    for start, stop in zip(starts, [*starts[1:], len(sentences)], strict=True):
        names = [topic.name for topic in told if start <= topic.place < min(stop, start + _SOON)]
        words = (
            capital(names[0])
            if names
            else _topics(sentences[start:stop], vectors[start:stop], vectors, terms, language)
        )
        lines.append(
            Line(
                Section.CHAPTERS,
                words or shown(sentences[start], language),
                (sentences[start].evidence,),
                part=Section.CHAPTERS.value,
            )
        )
    return tuple(lines)


def title(sentences: Sequence[Sentence], language: str) -> str:
    """What the meeting was called when it began, else the first topics that were announced, '' where none were."""
    for sentence in sentences[:6]:
        if match := re.search(NAMED[language], sentence.folded):
            return capital(sentence.text[match.start(1) : match.end(1)])
    names = [topic.name for topic in announced(sentences, language)]
    if len(names) > 1:
        return capital(", ".join(names[:_NAMES]))
    return ""


def _boundaries(
    sentences: Sequence[Sentence], vectors: Array, language: str, told: Collection[int]
) -> list[int]:
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
    announced = np.array([gap in told or bool(turns.search(sentences[gap].folded)) for gap in places])
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
    """The three words that set `part` apart from the rest of the meeting, as spoken there, joined by commas.

    Words that stand after "the", "our" or the like, as names of things do, come before others.
    """
    share = own.sum(axis=0) * (own.mean(axis=0) / np.maximum(everything.mean(axis=0), 1e-9)) ** 0.5
    often = np.count_nonzero(own, axis=0)
    spoken: dict[int, Counter[str]] = {}
    things = Counter[int]()
    people = {word for name in all_names(part) for word in name.split()}
    for sentence in part:
        before = ""
        for match in _WORD.finditer(sentence.text):
            article, _, word = match.group().replace("’", "'").rpartition("'")
            article, before = article or before, word
            if word in people or fold(word) in _AMOUNTS:
                continue
            for stem in content_words(word, language):
                spoken.setdefault(terms[stem], Counter())[word] += 1
                things[terms[stem]] += fold(article) in _BEFORE_THINGS[language]

    def rank(column: int) -> tuple[float, int]:
        thing = _VERB + things[column] / spoken[column].total()
        return -float(share[column]) * min(3, int(often[column])) * thing, column

    best = [
        spoken[column].most_common(1)[0][0]
        for column in sorted(spoken, key=rank)
        if often[column] > 1 or len(part) < 6
    ]
    return capital(", ".join(best[:_NAMES]))
