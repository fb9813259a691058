"""Who is meant: names as they were heard, and the meeting's participants as they are written. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from core.summary.sentences import fold

ALIKE = 0.8
"""Likeness of two names (difflib's ratio) from which one is a mishearing of the other: Marc and Mark have 0.75."""
SHORT_ALIKE = 0.75
"""The same for names of at most five letters, where one letter weighs more."""


def participant(heard: str, participants: Sequence[str]) -> str:
    """The one participant that `heard` means, as written in the list; `heard` itself where none or several fit.

    "Ana" means "Ana Silva" where there is no other Ana, and "Mark" means "Marc".
    """
    said = fold(heard).split()
    if not said:
        return heard
    exact = [
        one for one in participants if fold(one).split()[: len(said)] == said or fold(one).split() == said
    ]
    inside = exact or [one for one in participants if set(said) <= set(fold(one).split())]
    near = inside or [one for one in participants if _alike(said, fold(one).split())]
    return near[0] if len(set(near)) == 1 else heard


def _alike(said: Sequence[str], name: Sequence[str]) -> bool:
    return len(said) <= len(name) and all(
        SequenceMatcher(None, one, other).ratio() >= (SHORT_ALIKE if len(one) <= 5 else ALIKE)
        and one[0] == other[0]
        for one, other in zip(said, name, strict=False)
    )
