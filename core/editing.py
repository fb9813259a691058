"""What becomes of segments and their word times where the person changes the text.

Words that stay keep the times at which they were heard; new ones share the time that is left between them, by length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from core.values import Segment, Word

_WORDS = re.compile(r"\S+")


def corrected(segment: Segment, text: str) -> Segment:
    """The segment with the person's `text`, which is doubted no more; without text it counts as taken out."""
    plain = " ".join(text.split())
    words = tuple(replace(word, probability=1.0) for word in aligned(segment, plain))
    return replace(segment, text=plain, words=words, doubt="", edited=True)


def aligned(segment: Segment, text: str) -> tuple[Word, ...]:
    """The words of `text`, in the time of the segment; those that were heard keep their times and probabilities.

    As many new words as there were in a place take over their times one by one; others share the time by length.
    """
    heard = list(segment.words)
    old = [_plain(word.text) for word in heard]
    fresh = _WORDS.findall(text)
    new = [_plain(word) for word in fresh]
    found: list[Word] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i2 - i1 == j2 - j1:
            found += [
                replace(was, text=_spaced(now), probability=was.probability if tag == "equal" else 1.0)
                for was, now in zip(heard[i1:i2], fresh[j1:j2], strict=True)
            ]
            continue
        start = heard[i1].start if i1 < i2 else heard[i1 - 1].end if i1 else segment.start
        end = heard[i2 - 1].end if i1 < i2 else heard[i1].start if i1 < len(heard) else segment.end
        found += _shared(fresh[j1:j2], start, max(start, end))
    return tuple(found)


def _shared(words: Sequence[str], start: float, end: float) -> Iterator[Word]:
    """Words that share a time, each by its length."""
    whole = sum(map(len, words)) or 1
    for word in words:
        stop = start + (end - start) * len(word) / whole
        yield Word(start, stop, _spaced(word), 1.0)
        whole -= len(word)
        start = stop


def _plain(word: str) -> str:
    """A word as it is recognised again: a changed capital or comma leaves it where it was."""
    return "".join(filter(str.isalnum, word)).casefold() or word.strip()


def _spaced(word: str) -> str:
    return f" {word}"
