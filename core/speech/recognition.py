"""Whether a voice is one that was heard before, and how certain that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

EVEN = 0.69
"""Similarity of two prints at which it is as likely one voice as two. Of 16 readers, clips of six seconds were at 0.73
to 0.95 with the rest of the same reader, in another room too, and at most at 0.70 with anybody else
(`tests/benchmarks/voice_memory.py`)."""

STEEPNESS = 60.0
"""How fast that becomes certain, as the slope of a logistic curve."""

SUGGESTED = 0.9
"""Certainty from which on a known voice is suggested."""

LEAD = 0.1
"""By how much the most similar voice must be more so than the next one that is another voice."""

MOST = 0.99
"""Certainty that is never exceeded: there may be somebody with the very same voice."""

ENOUGH_SECONDS = 2.0
"""Seconds that must be heard of a voice alone."""


TWO, TWO_SHORT = 0.74, 0.68
"""Similarity from which on the pieces into which what a speaker says was split are one voice, where each is heard for
`SURE_SECONDS`, and where one is not. Of 17 readers, asked for two voices, 15 gave pieces at 0.77 to 0.91, and two, of
2.9 and 4.1 s, at 0.71 and 0.69; two readers whose speech was mixed, 3 s or more of each, were at 0.64 at most."""

SURE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """Number `known` of the voices that were known, with a certainty from 0 to 1."""

    known: int
    certainty: float


def recognise(prints: Floats, seconds: Sequence[float], known: Floats) -> list[Recognised | None]:
    """Which known voice each of the `prints` (n, 192) is, None where it is none of `known` (k, 192) or not certain.

    `seconds` were heard of each. No known voice is found twice: of two that are like it the more similar one is. Of
    known voices that are one voice kept twice (`same_voice`) the more similar one is found.
    """
    found: list[Recognised | None] = [None] * len(prints)
    if not len(prints) or not len(known):
        return found
    alike, same = prints @ known.T, same_voice(known)
    for voice, row in enumerate(alike):
        best = int(row.argmax())
        others = row[~same[best]]
        certainty = _certainty(float(row[best]))
        clear = not len(others) or row[best] - others.max() >= LEAD
        if clear and certainty >= SUGGESTED and seconds[voice] >= ENOUGH_SECONDS:
            if alike[:, best].max() > row[best]:
                continue
            found[voice] = Recognised(best, min(MOST, certainty))
    return found


def same_voice(known: Floats) -> NDArray[np.bool_]:
    """Which of the known voices (k, 192) are as like each other as one voice is like itself, (k, k)."""
    found = np.array(
        [[_certainty(float(one)) >= SUGGESTED for one in row] for row in known @ known.T], dtype=bool
    )
    found = found.reshape(len(known), len(known))
    np.fill_diagonal(found, val=True)
    return found


def another_voice(one: Floats, other: Floats) -> bool:
    """Whether two prints (192) are as certainly of two voices as a voice that is suggested is one."""
    return _certainty(float(one @ other)) <= 1 - SUGGESTED


def are_two(prints: Floats, seconds: Sequence[float]) -> bool:
    """Whether what one speaker says, told apart as two voices `prints` (n, 192), is that of two, not splinters of one.

    `seconds` were heard of each.
    """
    if len(prints) < 2:
        return False
    most = TWO if min(seconds[:2]) >= SURE_SECONDS else TWO_SHORT
    return float(prints[0] @ prints[1]) < most


def _certainty(similarity: float) -> float:
    """How certainly two prints are of one voice, from 0 to 1."""
    return 1.0 / (1.0 + math.exp(-STEEPNESS * (similarity - EVEN)))
