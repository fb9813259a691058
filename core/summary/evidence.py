"""Is it true? Quotes are looked up in the transcript, names and numbers of a line in its evidence. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from core.summary.dates import MONTH_NAMES, NUMBER_WORDS, ORDINAL_WORDS, WEEKDAY_NAMES
from core.summary.sentences import STOP_WORDS, Text, fold
from core.values import Evidence, Line

ALIKE = 0.75
"""Share of words in order that a quote and the passage must have in common to be the same words."""
EXACT_BELOW = 4
"""Quotes of fewer words are taken only where they stand exactly."""
NEAR = 2
"""Segments around the evidence in which an owner may have been named."""

_TOKEN = re.compile(r"\d+(?:[.,'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says stands in the transcript: the words, and the segments it names."""

    quote: str
    segment_ids: tuple[int, ...]


class Checker:
    """A transcript made ready for looking things up in it."""

    def __init__(self, text: Text, language: str = "") -> None:
        """`language` is the one of the lines to check."""
        self._text, self._language = text, language
        matches = list(_TOKEN.finditer(text.whole))
        self._words = [fold(match.group()) for match in matches]
        self._spans = [match.span() for match in matches]
        self._place = {segment.id: index for index, segment in enumerate(text.segments)}

    def locate(self, claim: Claim) -> Evidence | None:
        """Where the quote was said, verbatim, or None: exactly, then nearly; in the named segments, then anywhere.

        Case, accents, punctuation and spaces do not count.
        """
        wanted = [fold(word) for word in _TOKEN.findall(claim.quote)]
        if not wanted:
            return None
        named = self._stretch(claim.segment_ids)
        everything = (0, len(self._words))
        for find in (self._exactly, self._nearly):
            for start, stop in filter(None, (named, everything)):
                if found := find(wanted, start, stop):
                    return self._text.evidence(self._spans[found[0]][0], self._spans[found[1] - 1][1])
        return None

    def check(self, line: Line, claims: Iterable[Claim]) -> Line:
        """`line` with the evidence that its claims turn out to have, `supported` and `unverified` set."""
        located = (self.locate(claim) for claim in claims)
        evidence = tuple(dict.fromkeys(found for found in located if found))
        checked = replace(line, evidence=evidence, supported=bool(evidence))
        return replace(checked, unverified=self.unverified(checked))

    def unverified(self, line: Line) -> tuple[str, ...]:
        """Names and numbers of `line.text`, and its owner, that neither the segments of its evidence nor their
        speakers contain; an owner may also have been named close by."""
        places = sorted({self._place[one] for found in line.evidence for one in found.segment_ids})
        heard = self._said(places)
        near = self._said({other for place in places for other in range(place - NEAR, place + NEAR + 1)})
        numbers, words = numbers_in(heard), _spoken(heard)
        lacking = [shown for shown, value in _numbers(line.text) if value not in numbers]
        lacking += [name for name in names_in(line.text) if not _heard(name, words)]
        if line.owner and not all(_heard(part, _spoken(near)) for part in _capitals(line.owner)):
            lacking.append(line.owner)
        return tuple(dict.fromkeys(lacking))

    def _said(self, places: Iterable[int]) -> str:
        segments = self._text.segments
        inside = (segments[place] for place in sorted(places) if 0 <= place < len(segments))
        return " ".join(f"{segment.speaker} {segment.text}" for segment in inside)

    def _stretch(self, segment_ids: Sequence[int]) -> tuple[int, int] | None:
        """The words from the first to the last of the named segments."""
        places = [self._place[one] for one in segment_ids if one in self._place]
        if not places:
            return None
        first, last = self._text.span(min(places))[0], self._text.span(max(places))[1]
        inside = [place for place, span in enumerate(self._spans) if first <= span[0] and span[1] <= last]
        return (inside[0], inside[-1] + 1) if inside else None

    def _exactly(self, wanted: Sequence[str], start: int, stop: int) -> tuple[int, int] | None:
        count = len(wanted)
        for place in range(start, stop - count + 1):
            if self._words[place] == wanted[0] and self._words[place : place + count] == wanted:
                return place, place + count
        return None

    def _nearly(self, wanted: Sequence[str], start: int, stop: int) -> tuple[int, int] | None:
        count, counts = len(wanted), Counter(wanted)
        if count < EXACT_BELOW:
            return None
        best, found = ALIKE, None
        window = Counter(self._words[start : min(start + count, stop)])
        for place in range(start, max(start + 1, stop - count + 1)):
            if place > start:
                window[self._words[place - 1]] -= 1
                window[self._words[place + count - 1]] += 1
            if sum(min(window[word], times) for word, times in counts.items()) < ALIKE * count:
                continue
            end = min(place + count, stop)
            match = SequenceMatcher(None, wanted, self._words[place:end], autojunk=False)
            if match.ratio() > best or (found is None and match.ratio() >= best):
                blocks = [block for block in match.get_matching_blocks() if block.size]
                best = match.ratio()
                found = place + blocks[0].b, place + blocks[-1].b + blocks[-1].size
        return found


# --- names and numbers ----------------------------------------------------------------------------


def names_in(text: str) -> tuple[str, ...]:
    """The proper names of `text`: words with a capital that do not begin a sentence, days and months left out."""
    names = []
    for match in _TOKEN.finditer(text):
        word, before = match.group(), text[: match.start()].rstrip(" \"'“”«»(-–—")
        starts = not before or before[-1] in ".!?:;…•"
        folded = fold(word)
        if word[0].isupper() and len(word) > 1 and not starts and folded not in _NOT_NAMES:
            names.append(word)
    return tuple(dict.fromkeys(names))


def numbers_in(text: str) -> frozenset[float]:
    """The values of the numbers of `text`, in figures or in English or French words; also of parts of them."""
    tokens = _TOKEN.findall(fold(text))
    values = {value for _shown, value in _numbers(text)}
    values |= {float(_VALUES[token]) for token in tokens if token in _VALUES}
    return frozenset(values)


_NOT_NAMES = frozenset(WEEKDAY_NAMES | MONTH_NAMES) | STOP_WORDS["en"] | STOP_WORDS["fr"]
_TENS = {
    word: value
    for value, words in {
        0: "zero", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen", 18: "eighteen",
        19: "nineteen", 20: "twenty vingt vingts", 30: "thirty trente", 40: "forty quarante", 50: "fifty cinquante",
        60: "sixty soixante", 70: "seventy septante", 80: "eighty huitante octante", 90: "ninety nonante",
    }.items()
    for word in words.split()
}  # fmt: skip
_SCALES = {
    "hundred": 100,
    "cent": 100,
    "cents": 100,
    "thousand": 1000,
    "mille": 1000,
    "million": 10**6,
    "millions": 10**6,
}
_VALUES = {
    word: value for words in (NUMBER_WORDS, ORDINAL_WORDS) for word, value in words.items() if word.isalpha()
} | _TENS
_JOINERS = frozenset({"and", "et"})
_ARTICLES = frozenset({"a", "an", "un", "une", "one"})


def _numbers(text: str) -> list[tuple[str, float]]:
    """Each number of `text` as written and as a value; "one" and the articles are none."""
    found: list[tuple[str, float]] = []
    run: list[re.Match[str]] = []
    for match in [*_TOKEN.finditer(text), None]:
        word = fold(match.group()) if match else ""
        if match and (word in _VALUES or word in _SCALES or (word in _JOINERS and run)):
            if not run and word in _ARTICLES:
                continue
            run.append(match)
            continue
        while run and fold(run[-1].group()) in _JOINERS:
            run.pop()
        if run:
            said = text[run[0].start() : run[-1].end()]
            found.append((said, float(_value([fold(one.group()) for one in run]))))
        run = []
        if match and word[0].isdigit():
            found.append((match.group(), _figure(word)))
    return found


def _figure(digits: str) -> float:
    grouped = re.sub(r"(?<=\d)[.,' \u00a0\u202f](?=\d{3}(?:\D|$))", "", digits)
    return float(re.sub(r"[^\d.]", "", grouped.replace(",", ".")) or 0)


def _value(words: Sequence[str]) -> int:
    """What number words amount to: 'two thousand five hundred', 'quatre vingt dix'."""
    total = part = 0
    for word in words:
        if word in {"hundred", "cent", "cents"}:
            part = max(1, part) * 100
        elif word in _SCALES:
            total += max(1, part) * _SCALES[word]
            part = 0
        elif word in {"vingt", "vingts"} and part % 100 == 4:
            part += 76
        elif word in _VALUES:
            part += _VALUES[word]
    return total + part


def _spoken(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _TOKEN.findall(text))


def _capitals(owner: str) -> list[str]:
    """The words of an owner that are a name: "Ana and Marc" has two, "the design team" none."""
    return [word for word in _TOKEN.findall(owner) if word[0].isupper() and fold(word) not in _NOT_NAMES]


def _heard(name: str, words: frozenset[str]) -> bool:
    """Whether `name` was said: as it is, in the plural or possessive, or as the engine may have spelt it."""
    folded = fold(name)
    return folded in words or any(
        len(folded) > 3
        and abs(len(word) - len(folded)) <= 1
        and SequenceMatcher(None, folded, word).ratio() >= 0.8
        for word in words
    )
