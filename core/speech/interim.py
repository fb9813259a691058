"""What is shown of a sentence that is still being said: the words of it that will most likely stand in its text.

A sound that breaks off in mid-word is where the engine invents most, and its last words change most. So a word is
shown once two hearings in a row say it in the same place (LocalAgreement-2: Liu et al. 2020; Macháček et al. 2023), or
at once where the first is sure of it and heard some more after it. `tests/benchmarks/live.py` counts how many of the
words that are shown do not stand in the final text, and how late each is shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from core.speech import doubt

SURE = 0.3
"""Probability of a word, and of each before it that is not heard twice, from which on one hearing is believed."""

CUT = 0.2
"""Seconds before the end of a sound that breaks off in which no word is sure."""


class Interim:
    """The text that is shown of one sentence after the other."""

    def __init__(self) -> None:
        self.text = ""
        self._shown = 0
        self._before: list[str] = []

    def take(self, words: Sequence[Mapping[str, Any]], breaks_off: float | None = None) -> None:
        """Takes what another hearing of the sentence says, whose sound `breaks_off` at that second, or ends in a pause.

        What is shown stays until as many words of a newer hearing may be shown.
        """
        heard = [doubt.bare(word["word"]) for word in words]
        agreed = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(heard, self._before, strict=False))
        )
        self._before = heard
        if breaks_off is None and sum(word["probability"] for word in words) >= doubt.UNSURE * len(words):
            shown = words
        else:
            until = math.inf if breaks_off is None else breaks_off - CUT
            sure = takewhile(
                lambda word: word["probability"] >= SURE and word["end"] <= until, words[agreed:]
            )
            shown = words[: agreed + len(list(sure))]
        if len(shown) >= self._shown:
            self._shown = len(shown)
            self.text = "".join(word["word"] for word in shown).strip()

    def clear(self) -> None:
        """Another sentence begins."""
        self.text, self._shown, self._before = "", 0, []
