"""Who is meant: names as they were heard, and the meeting's participants as they are written. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from core.summary.dates import NUMBER_WORDS
from core.summary.phrases import NAME, NO_NAMES
from core.summary.sentences import STOP_WORDS, Sentence, fold, plain

ALIKE = 0.8
"""Likeness of two names (difflib's ratio) from which one is a mishearing of the other: Marc and Mark have 0.75."""
SHORT_ALIKE = 0.75
"""The same for names of at most five letters, where one letter weighs more."""

_ADDRESSED = (
    re.compile(rf"^(?:[\w' ]{{1,12}}, |Au fait |By the way |Dis )?{NAME}, "),
    re.compile(rf", {NAME}\s*[?.!]*$"),
    re.compile(
        rf"^{NAME} (?=(?:can|could|would|will) you |(?:est-ce que )?(?:tu|vous) |(?:peux|pourrais)-tu)"
    ),
    re.compile(rf"^(?:And |Et )?{NAME}\s*\?$"),
)


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


def is_name(word: str) -> bool:
    """Whether a word with a capital may be a name: neither a common word nor a number."""
    folded = fold(word)
    head = folded.split("'")[0]
    return not (
        {folded, head} & NO_NAMES
        or folded in NUMBER_WORDS
        or any(folded in stop or head in stop for stop in STOP_WORDS.values())
    )


def person(match: re.Match[str] | None, text: str) -> str:
    """The person a match names, as written in `text`: of "So Ana" only what is a name; '' where nothing is."""
    if match is None:
        return ""
    said = text[match.start("name") : match.end("name")].split()
    while said and (said[0] in {"and", "et"} or not is_name(said[0])):
        said.pop(0)
    while said and not is_name(said[-1]):
        said.pop()
    return " ".join(said)


def addressed(sentence: Sentence) -> str:
    """The name of whoever is spoken to, '' where nobody is called."""
    text = plain(sentence.text)
    return next(filter(None, (person(pattern.search(text), sentence.text) for pattern in _ADDRESSED)), "")


def all_names(sentences: Iterable[Sentence]) -> frozenset[str]:
    """The people of a meeting as far as words tell: those who are labelled and those who are called."""
    return frozenset(
        name for sentence in sentences for name in (sentence.speaker, addressed(sentence)) if name
    )
