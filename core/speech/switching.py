"""Which language each of several windows in a row is in, where more than one may be spoken.

The detector's word on a window may be odd: over music, names or a cough. So the most probable sequence is taken
(Viterbi 1967): a language that changes must be worth the change.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

LEAST, MOST = 0.02, 0.98
"""What the detector's probabilities count for at least and at most: it is too sure of itself."""

FULL = 6.0
"""Seconds of speech from which on it is believed like that; less counts for less."""

CHANGE = 3.0
"""What a change costs, in nats: one window of which the detector is sure is worth 3.9, so that one between two others
does not change the language there and back, and two in a row do. In the recordings of the benchmarks, each in one
language, the least worth of a whole window for its language is 2.0, and none is for another one."""

USUAL_CHANGE = 1.5
"""The same between languages that were heard in the meeting already: then one such window is enough."""


def followed(
    heard: Sequence[Mapping[str, float]], seconds: Sequence[float], before: str, likely: Collection[str]
) -> list[str]:
    """The language of each window: by the probabilities that were `heard` in it, and its `seconds` of speech.

    `before` is that of the window before them, '' where that is not known; `likely` are those of the meeting.
    """
    best = [max(one, key=one.__getitem__) for one in heard]
    codes = list(dict.fromkeys([*([before] if before else []), *best]))
    # For each language that the window so far may end in: what the way there is worth, and the way.
    ways = {code: (-_cost(before, code, likely), [code]) for code in codes}
    for place, (one, length) in enumerate(zip(heard, seconds, strict=True)):
        if place:
            ways = {code: _arrived(ways, code, likely) for code in codes}
        trust = min(1.0, length / FULL)
        for code, (worth, way) in ways.items():
            ways[code] = worth + trust * math.log(min(MOST, max(LEAST, one.get(code, 0.0)))), way
    return max(ways.values(), key=lambda one: one[0])[1]


def _arrived(
    ways: Mapping[str, tuple[float, list[str]]], code: str, likely: Collection[str]
) -> tuple[float, list[str]]:
    """The best way that goes on with this language."""
    worth, way = max(
        ((worth - _cost(last, code, likely), way) for last, (worth, way) in ways.items()),
        key=lambda one: one[0],
    )
    return worth, [*way, code]


def _cost(last: str, code: str, likely: Collection[str]) -> float:
    if not last or last == code:
        return 0.0
    return USUAL_CHANGE if last in likely and code in likely else CHANGE
