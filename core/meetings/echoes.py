"""What was said in each channel of a recording, without what the microphone only repeats of the others."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from core.values import Channel, Segment

if TYPE_CHECKING:
    from core.speech import Batch

NEAR = 0.5
"""Seconds by which an echo's words may lie beside those that they repeat: its way, and the times of words."""

REPEATED = 0.7
"""Share of a segment's words said in the other channel at that time, from which on it is its echo."""

FEWEST = 3
"""Words that an echo has at least: two people do say "yes" at once."""

UNPROVEN = 5.0
"""Seconds from the first words of the others in which an echo is not yet known and silenced: once it is, even a word or
two that the microphone repeats of them are its."""


class OwnText:
    """What was said in each channel, without what the microphone only repeats of the system's sound."""

    def __init__(self, known: Iterable[Segment]) -> None:
        """`known` is the text that was there before."""
        self._others = [segment for segment in known if segment.channel is Channel.SYSTEM]
        self._first = min((one.start for one in self._others), default=math.inf)

    def of(self, channel: Channel | None, batch: Batch, *, echoing: bool = False) -> list[Segment]:
        """The segments of `batch`, heard in `channel`, that are no echo. Each batch is given once, in its order.

        `echoing`: the microphone is known to hear the loudspeaker by now.
        """
        segments = [replace(segment, channel=channel) for segment in batch.segments]
        if channel is Channel.SYSTEM:
            self._others += segments
            self._first = min([self._first, *(one.start for one in segments)])
        if channel is Channel.MICROPHONE:
            early = self._first + UNPROVEN if echoing else 0.0
            segments = [
                segment
                for segment in segments
                if not repeats(segment, self._others, 1 if segment.end <= early else FEWEST)
            ]
            # What is left of an echo is speech without words.
            segments = [
                one
                for one in segments
                if one.text or one.doubt not in ("unheard", "perhaps") or not _beside(one, self._others)
            ]
            self._others = [other for other in self._others if other.end >= batch.reached - NEAR]
        return segments


def _beside(segment: Segment, others: Iterable[Segment]) -> bool:
    return any(other.start < segment.end and segment.start < other.end for other in others)


def repeats(segment: Segment, others: Iterable[Segment], fewest: int = FEWEST) -> bool:
    """Whether nearly all words of `segment`, `fewest` or more, are among those that `others` say at the same time, in
    their order.
    """
    said = _plain(word.text for word in segment.words)
    there = _plain(
        word.text
        for other in others
        for word in other.words
        if word.start <= segment.end + NEAR and word.end >= segment.start - NEAR
    )
    same = difflib.SequenceMatcher(None, said, there, autojunk=False).get_matching_blocks()
    return len(said) >= fewest and sum(block.size for block in same) >= REPEATED * len(said)


def plain(word: str) -> str:
    """A word as it is compared: small letters without its marks."""
    return "".join(filter(str.isalnum, word.casefold()))


def _plain(words: Iterable[str]) -> list[str]:
    return [bare for bare in map(plain, words) if bare]
