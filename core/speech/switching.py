"""Which language each of several windows in a row is in, and each part of one, where more than one may be spoken.

The detector's word on a window may be odd: over music, names or a cough. So the most probable sequence is taken
(Viterbi 1967): a language that changes must be worth the change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import groupby

from core.speech.decode import Heard
from core.speech.detector import SAMPLE_RATE, Samples
from core.speech.sentences import DOUBTFUL
from core.speech.windows import Window

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

OTHER_LANGUAGE = 0.6
OWN_LANGUAGE = 0.5
"""Probability from which on another language may be spoken in a window, or at an end of it, and below which its own
may not be."""

PLAINLY = 0.9
PLAINLY_FOR = 4.0
"""Probability of a language in so many seconds between two pauses from which on it counts as one of the meeting's."""

BETWEEN = 0.3
LEAST_IN_A_LANGUAGE = 2.0
"""Seconds of the pauses between which the languages of a window are told, and of sound that tell one."""


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


def by_language(
    window: Window,
    heard: Heard,
    before: str,
    likely: Collection[str],
    languages_of: Callable[[Sequence[Samples]], list[Mapping[str, float]]],
) -> list[tuple[Window, str]]:
    """The parts of a window in which one language is spoken each, after a window in the language `before`.

    None where all of it is in the language in which it was `heard`, or where that was chosen. It is looked at closely,
    by `languages_of` what lies between its pauses, only where some of it sounds like another one or its text is
    improbable. `likely` are the languages of the meeting.
    """
    if not heard.languages or _in_one_language(heard):
        return []
    parts = window.between_pauses(BETWEEN, LEAST_IN_A_LANGUAGE)
    told_by = languages_of([one.sound for one in parts])
    seconds = [one.length / SAMPLE_RATE for one in parts]
    plain = [
        code
        for one, length in zip(told_by, seconds, strict=True)
        for code, probability in one.items()
        if probability >= PLAINLY and length >= PLAINLY_FOR
    ]
    languages = followed(told_by, seconds, before, {*likely, heard.language, *plain})
    if set(languages) == {heard.language}:
        return []
    found = []
    for language, run in groupby(zip(parts, languages, strict=True), key=lambda one: one[1]):
        own = [part for part, _language in run]
        found.append((window.part(own[0].start, own[-1].end), language))
    return found


def _in_one_language(heard: Heard) -> bool:
    """Whether nothing in a window sounds like another language than it was heard in, and its words are probable."""
    middle = heard.languages[0]
    others = [one for told_by in heard.languages for code, one in told_by.items() if code != heard.language]
    if middle.get(heard.language, 0.0) < OWN_LANGUAGE or max(others, default=0.0) >= OTHER_LANGUAGE:
        return False
    sure = [word["probability"] for segment in heard.segments for word in segment["words"]]
    return bool(sum(sure) >= DOUBTFUL * len(sure))


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
