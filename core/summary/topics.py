"""Where a meeting turns to another topic, and what a stretch of it, or all of it, is about. Pure.

Chapters follow TextTiling (Hearst, 1997): a topic ends where the words before and after have least in common.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from core.summary.dates import NUMBER_WORDS
from core.summary.found import shown
from core.summary.importance import Array
from core.summary.people import all_names
from core.summary.phrases import NAMED, TURNS
from core.summary.sentences import Sentence, content_words, fold, words_of
from core.values import Line, Section

CHAPTERS_FROM = 480.0
"""Seconds of meeting from which chapters help to find one's way."""
CHAPTER = 240.0
"""Shortest chapter, in seconds."""
OFTEN = 4
"""Sentences with the same two words in a row from which on these name a meeting."""

_AMOUNTS = NUMBER_WORDS.keys() | {
    *(
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "vingt",
        "trente",
        "quarante",
    ),
    *(
        "cinquante",
        "soixante",
        "minutes",
        "hours",
        "heures",
        "percent",
        "hundred",
        "thousand",
        "million",
        "cent",
        "cents",
        "mille",
        "percent",
    ),
    *("euro", "euros", "dollar", "dollars", "pound", "pounds"),
}
"""Words that are said of any topic."""


def chapters(
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
                words or shown(sentences[start], language),
                (sentences[start].evidence,),
                part=Section.CHAPTERS.value,
            )
        )
    return tuple(lines)


def title(sentences: Sequence[Sentence], language: str) -> str:
    """What the meeting was called when it began, else the two pairs of words that come back most; '' without any."""
    for sentence in sentences[:6]:
        if match := re.search(NAMED[language], sentence.folded):
            name = sentence.text[match.start(1) : match.end(1)]
            return name[:1].upper() + name[1:]
    return _refrains(sentences, language)


def _refrains(sentences: Sequence[Sentence], language: str) -> str:
    """Up to two pairs of words in a row that at least `OFTEN` sentences have: "Remote control, voice recognition"."""
    people = {fold(word) for name in all_names(sentences) for word in name.split()}
    counts: Counter[tuple[str, ...]] = Counter()
    spoken: dict[tuple[str, ...], Counter[str]] = {}
    for sentence in sentences:
        here: dict[tuple[str, ...], str] = {}
        for match in re.finditer(r"(?=\b([^\W\d_]+ [^\W\d_]+)\b)", sentence.text):
            pair = tuple(content_words(match[1], language))
            if len(set(pair)) == 2 and not {*words_of(match[1])} & (people | _AMOUNTS):
                here.setdefault(pair, match[1])
        counts.update(here.keys())
        for pair, words in here.items():
            spoken.setdefault(pair, Counter())[words] += 1
    chosen: list[tuple[str, ...]] = []
    for pair, count in counts.most_common():
        if count >= OFTEN and not any(set(pair) & set(other) for other in chosen) and len(chosen) < 2:
            chosen.append(pair)
    title = ", ".join(spoken[pair].most_common(1)[0][0] for pair in chosen)
    return title[:1].upper() + title[1:]


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
    people = {word for name in all_names(part) for word in name.split()}
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
