# ruff: noqa: E501  a pattern reads best whole
"""Whether two lines of minutes say the same, something else, or the opposite. Pure.

They say the same only where neither has a number, a "not" or a word of its own that the other would need: what two
lines only share may be the form of words in which a chair puts every vote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from core.summary.dates import NUMBER_WORDS
from core.summary.numbers import numbers
from core.summary.sentences import content_words, denials, fold

SHARED = 2
"""Fewest topic words that two lines share which say the same in other words."""
_PREFIX = 4
"""Fewest letters in which two forms of one word agree."""

_AGAINST = {
    "en": re.compile(
        r"\b(?:refus\w+|reject\w*|declin\w+|turn(?:ed)? down|against|drop(?:s|ped)?|scrap(?:s|ped)?|cancel\w*|abandon\w*|stop\w*|remov\w+|withdr[ae]w\w*|voted down|thrown out|defeated|(?:motion|proposal|resolution|amendment|it's|that's|[.!])(?: is| was| has been)?(?: therefore| then)? (?:lost|falls|fell|fails|failed))\b"
    ),
    "fr": re.compile(
        r"\b(?:refus\w+|rejet\w+|declin\w+|contre|abandonn\w+|annul\w+|laiss\w+ tomber|arret\w+|suppri\w+|renonc\w+|retir\w+|plus (?:de|d')|plus du tout|(?:motion|proposition|resolution|amendement) (?:est|a ete)(?: donc)? (?:repoussee?|ecartee?))\b"
    ),
}
"""Words that make a decision one against something."""
_VERDICTS = {
    "en": "carried agree agreed decide decided decision settled recap summary conclusion instead",
    "fr": "acte actons actee decide convenu entendu valide adopte adoptee unanimite recapitulatif resume finalement",
}
"""Words that tell that something is decided, not what."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line says, as far as its words tell: topic words, values of numbers, and whether it is against it."""

    words: frozenset[str]
    numbers: frozenset[float]
    against: bool


@lru_cache(maxsize=4096)
def meaning(text: str, language: str) -> Meaning:
    """The meaning of a line or sentence in 'en' or 'fr'."""
    folded = fold(text)
    words = frozenset(content_words(_AGAINST[language].sub(" ", folded), language))
    known = frozenset(one for one in words if one not in NUMBER_WORDS and not one[0].isdigit())
    values = frozenset(value for _said, value in numbers(text))
    against = denials(text) + len(_AGAINST[language].findall(folded)) > 0
    return Meaning(known - _verdicts(language), values, against)


def same(one: Meaning, other: Meaning) -> bool:
    """Whether one says nothing but what the other says, perhaps with more words."""
    if one.against != other.against or not _within(one.numbers, other.numbers):
        return False
    mine, theirs = lacking(one, other), lacking(other, one)
    shared = min(len(one.words) - len(mine), len(other.words) - len(theirs)) + len(
        one.numbers & other.numbers
    )
    return not (mine and theirs) and shared >= SHARED


def opposite(one: Meaning, other: Meaning) -> bool:
    """Whether one is for and the other against the very same thing."""
    if one.against == other.against:
        return False
    mine, theirs = lacking(one, other), lacking(other, one)
    return (
        _within(one.numbers, other.numbers)
        and not (mine and theirs)
        and len(one.words) > len(mine)
        and len(other.words) > len(theirs)
    )


def lacking(one: Meaning, other: Meaning) -> frozenset[str]:
    """The topic words of one that the other has in no form."""
    unlike = one.words - other.words
    return frozenset(word for word in unlike if not any(_alike(word, there) for there in other.words))


def _within(one: frozenset[float], other: frozenset[float]) -> bool:
    return one <= other or other <= one


@lru_cache(maxsize=1 << 16)
def _alike(word: str, other: str) -> bool:
    """Whether both are forms of one word: "cancell" and "cancel"."""
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    return (
        len(short) >= _PREFIX
        and long.startswith(short[: max(_PREFIX, len(short) - 1)])
        and len(long) - len(short) < _PREFIX
    )


@cache
def _verdicts(language: str) -> frozenset[str]:
    return frozenset(content_words(_VERDICTS[language], language))
