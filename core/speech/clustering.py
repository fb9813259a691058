"""Which stretches of speech are the same voice: groups voice prints, and finds how many voices there are.

Agglomerative clustering by the mean similarity of two groups, then by that of their middles, which say more the longer
a group is. What was heard at the same time in two voices cannot be one: that counts against joining them, which is what
keeps two people on one telephone apart. The cost of a long meeting stays small, as stretches are grouped a part of the
meeting at a time first; a mean of prints is all that a group needs, and gives the very same similarities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

ALIKE = 0.55
"""Mean similarity of two groups' prints from which on they are joined. Two seconds of a voice are at 0.7 to 0.75 with
two others of it, those of two voices near 0.4; 0.5 to 0.58 gave much the same wherever measured, 0.6 split voices."""

SAME = 0.74
"""Similarity of two groups' middles from which on they are one voice; 0.74 to 0.82 gave the same."""

APART = 0.5
"""What the similarity of two groups loses where they were heard in two voices at the same time, all along."""

SURE_SECONDS = 1.0
"""Seconds of a stretch from which on its print is good enough to make a group."""

VOICE_SECONDS = 2.0
"""Seconds that are heard of a voice at least; less belongs to the voice it is most like."""

VOICE_SHARE = 0.0025
"""The same as a share of all that is heard: in hours of speech some seconds at the edges of turns are like nobody. Of
16 minutes with 18 readers, heard again and again, each round added one or two such voices of 3 to 7 seconds."""

ROUNDS = 3
"""How often stretches are given to the nearest voice, and voices are the middle of their stretches again."""

PART = 600
"""Stretches that are grouped at once (some 20 minutes of speech)."""

STRICTER = 0.04
STRICTEST = 0.9
"""How far `ALIKE` is raised at a time, and up to where, until there are as many voices as the person said."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of speech: `prints` (n, 192), unit vectors; `seconds` (n,) in which the voice is heard alone.

    `apart` are pairs of stretches heard in two voices near each other, as (first, second, seconds).
    """

    prints: Floats
    seconds: Floats
    apart: tuple[tuple[int, int, float], ...]

    def chosen(self, places: Places) -> Stretches:
        """Those at `places`, in this order."""
        new = {int(place): at for at, place in enumerate(places)}
        pairs = ((new[i], new[j], weight) for i, j, weight in self.apart if i in new and j in new)
        return Stretches(self.prints[places], self.seconds[places], tuple(pairs))


def voices(stretches: Stretches, wanted: int | None = None) -> Floats:
    """The voices as unit vectors (k, 192), the one that is heard longest first; `wanted`: so many, where that can be.

    There is at least one, and none where there are no stretches.
    """
    if not len(stretches.seconds):
        return stretches.prints
    # Where little is said, the longest stretches have to do.
    enough = min(SURE_SECONDS, float(np.sort(stretches.seconds)[-2:][0]))
    sure = stretches.chosen(np.flatnonzero(stretches.seconds >= enough))
    groups = _groups(sure, ALIKE)
    middles = _heard_enough(sure, _joined(sure, groups, SAME))
    alike = ALIKE
    while wanted and len(middles) < wanted and (alike := alike + STRICTER) < STRICTEST:
        groups = _joined(sure, _groups(sure, alike), max(SAME, alike + SAME - ALIKE))
        middles = _heard_enough(sure, groups)
    if wanted and len(middles) > wanted:
        nearest = _nearest(sure.prints, middles)
        middles = _middles(sure, _joined(sure, nearest, -np.inf, wanted))
    for _ in range(ROUNDS):
        middles = _middles(sure, _nearest(sure.prints, middles))
    longest = np.argsort(-_weights(sure, _nearest(sure.prints, middles)), kind="stable")
    return middles[longest]


def _nearest(prints: Floats, middles: Floats) -> Places:
    found = (prints @ middles.T).argmax(axis=1)
    # A voice that is the nearest of nothing is none.
    return np.unique(found, return_inverse=True)[1]


def _weights(stretches: Stretches, groups: Places) -> Floats:
    return np.bincount(groups, weights=stretches.seconds).astype(np.float32)


def _middles(stretches: Stretches, groups: Places) -> Floats:
    """The middle of each group, longer stretches counting more."""
    sums = np.zeros((groups.max() + 1, stretches.prints.shape[1]), dtype=np.float32)
    np.add.at(sums, groups, stretches.prints * stretches.seconds[:, None])
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9))


def _heard_enough(stretches: Stretches, groups: Places) -> Floats:
    weights = _weights(stretches, groups)
    least = max(VOICE_SECONDS, VOICE_SHARE * float(weights.sum()))
    return np.asarray(_middles(stretches, groups)[weights >= min(least, weights.max())])


def _conflicts(stretches: Stretches, groups: Places) -> Floats:
    """For how many seconds two groups were heard apart, (k, k)."""
    found = np.zeros((groups.max() + 1, groups.max() + 1), dtype=np.float32)
    for i, j, weight in stretches.apart:
        if groups[i] != groups[j]:
            found[groups[i], groups[j]] += weight
            found[groups[j], groups[i]] += weight
    return found


def _groups(stretches: Stretches, alike: float) -> Places:
    """The group of each stretch, by the mean similarity of the groups."""
    count = len(stretches.seconds)
    groups = np.arange(count)
    for first in range(0, count, PART) if count > PART else ():
        part = np.arange(first, min(count, first + PART))
        groups[part] = first + _agglomerated(stretches.chosen(part), np.arange(len(part)), alike)
    groups = np.unique(groups, return_inverse=True)[1]
    return _agglomerated(stretches, groups, alike)


def _agglomerated(stretches: Stretches, groups: Places, alike: float) -> Places:
    """The same with the most similar groups joined, until none are `alike`."""
    count = int(groups.max()) + 1
    sizes = np.bincount(groups).astype(np.float32)
    means = np.zeros((count, stretches.prints.shape[1]), dtype=np.float32)
    np.add.at(means, groups, stretches.prints)
    means /= sizes[:, None]
    seconds, apart = _weights(stretches, groups), _conflicts(stretches, groups)
    names = np.arange(count)
    scores = means @ means.T - _against(apart, seconds[:, None], seconds)
    np.fill_diagonal(scores, -np.inf)
    for _ in range(count - 1):
        i, j = divmod(int(scores.argmax()), count)
        if scores[i, j] < alike:
            break
        means[i] = (means[i] * sizes[i] + means[j] * sizes[j]) / (sizes[i] + sizes[j])
        sizes[i] += sizes[j]
        seconds[i] += seconds[j]
        apart[i] += apart[j]
        apart[:, i] = apart[i]
        names[names == j] = i
        gone = np.isneginf(scores[i])
        gone[[i, j]] = True
        row = means @ means[i] - _against(apart[i], seconds, seconds[i])
        row[gone] = -np.inf
        scores[i] = scores[:, i] = row
        scores[j] = scores[:, j] = -np.inf
    return np.unique(names[groups], return_inverse=True)[1]


def _joined(stretches: Stretches, groups: Places, same: float, fewest: int = 1) -> Places:
    """The groups whose middles are the `same` joined, down to the `fewest`."""
    while (count := int(groups.max()) + 1) > fewest:
        middles, seconds = _middles(stretches, groups), _weights(stretches, groups)
        scores = middles @ middles.T - _against(_conflicts(stretches, groups), seconds[:, None], seconds)
        np.fill_diagonal(scores, -np.inf)
        i, j = divmod(int(scores.argmax()), count)
        if scores[i, j] < same:
            break
        groups = np.unique(np.where(groups == j, i, groups), return_inverse=True)[1]
    return groups


def _against(apart: Floats, seconds: Floats, others: Floats | np.float32) -> Floats:
    """What counts against joining groups, by the share of the shorter one in which they were heard apart."""
    shorter = np.maximum(np.minimum(seconds, others), 1e-6)
    return np.asarray(APART * np.minimum(1.0, apart / shorter), dtype=np.float32)
