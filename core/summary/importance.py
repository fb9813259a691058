"""What is important in a meeting: each word by the words around it, each sentence by what it adds. Pure.

Importance begins with the words: those in the core of the graph of words that are said near each other weigh most
(CoreRank: Tixier, Malliaros and Vazirgiannis, 2016), and so do pairs of words that come back (Gillick and Favre,
2009). Sentences are then taken one by one, always the one that adds most for its length to what the ones before
have said (Lin and Bilmes, 2010).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.summary.sentences import Sentence, tidy

Array = NDArray[np.float32]
Concept = str | tuple[str, str]
"""A topic word, or two of them in a row."""

NEAR = 6
"""Words among which each is near the others: the window of the graph of words, as in the paper."""
BREVITY = 0.3
"""The power of a sentence's length that its gain is divided by: 0 takes the longest sentences, 1 the densest."""
EARLY = 0.75
"""How much more the first sentence counts than those after the first fifth: a meeting begins with its topics."""
REDUNDANT = 0.5
"""Cosine similarity from which a sentence repeats one already chosen."""


def vectors_of(bags: Sequence[Sequence[str]]) -> tuple[Array, dict[str, int]]:
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


class Choice:
    """Chooses sentences of one meeting, each for what it adds to those chosen before."""

    def __init__(
        self, sentences: Sequence[Sentence], bags: Sequence[Sequence[str]], vectors: Array, language: str
    ) -> None:
        self._weights, self._vectors = importance(bags), vectors
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


def importance(bags: Sequence[Sequence[str]]) -> dict[Concept, float]:
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
