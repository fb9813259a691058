"""Is it true? Quotes are looked up in the transcript, names and numbers of a line in its evidence. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from core.summary.dates import MONTH_NAMES, NUMBER_WORDS, ORDINAL_WORDS, WEEKDAY_NAMES
from core.summary.people import participant
from core.summary.phrases import NO_NAMES
from core.summary.sentences import STOP_WORDS, Text, fold, language_of
from core.values import Evidence, Line

ALIKE = 0.75
"""Share of words in order that a quote and the passage must have in common to be the same words."""
EXACT_BELOW = 4
"""Quotes of fewer words are taken only where they stand exactly."""
NEAR = 2
"""Segments around the evidence in which an owner may have been named."""

NOUNS_WITH_CAPITALS = frozenset({"de", "lb"})
"""Languages in which a capital does not tell a name."""

_AGENT = re.compile(r"([^\W\d_]{2,}) (?:will|must|shall|va|doit|devra)\b")
"""Somebody at the beginning of a line: there, any word has a capital."""

_TOKEN = re.compile(r"\d+(?:[.,'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says stands in the transcript: the words, and the segments it names."""

    quote: str
    segment_ids: tuple[int, ...]


class Checker:
    """A transcript made ready for looking things up in it."""

    def __init__(self, text: Text, language: str, participants: Iterable[str] = ()) -> None:
        """`language` is the code of the one that the lines to check are in; `participants` are known by name."""
        self._text, self._language = text, language
        self._participants = tuple(participants)
        self._voices = tuple(map(_Voice, text.channels()))
        self._spoken = language_of(text.whole)
        self._scripts = {_script(segment.text) for segment in text.segments}
        self._place = {segment.id: index for index, segment in enumerate(text.segments)}

    def locate(self, claim: Claim) -> Evidence | None:
        """Where the quote was said, verbatim, or None: exactly, then nearly; in the named segments, then anywhere.

        Case, accents, punctuation and spaces do not count. All of it was said in one channel.
        """
        wanted = [fold(word) for word in _TOKEN.findall(claim.quote)]
        if not wanted:
            return None
        named = [(voice, voice.stretch(claim.segment_ids)) for voice in self._voices]
        anywhere = [(voice, voice.everything) for voice in self._voices]
        for find in (_Voice.exactly, _Voice.nearly):
            for voice, stretch in (*named, *anywhere):
                if stretch and (found := find(voice, wanted, *stretch)):
                    return voice.evidence(*found)
        return None

    def check(self, line: Line, claims: Iterable[Claim]) -> Line:
        """`line` with the evidence that its claims turn out to have, `supported` and `unverified` set."""
        located = (self.locate(claim) for claim in claims)
        evidence = tuple(dict.fromkeys(found for found in located if found))
        checked = replace(line, evidence=evidence, supported=bool(evidence))
        return replace(checked, unverified=self.unverified(checked))

    def unverified(self, line: Line) -> tuple[str, ...]:
        """Names and numbers of `line.text`, its owner and its date as spoken, that neither the segments of its
        evidence nor their speakers contain; an owner or a date may also have been named close by. Of a line
        without evidence, those that occur nowhere in the transcript."""
        places = sorted({self._place[one] for found in line.evidence for one in found.segment_ids})
        if not places:
            places = [*range(len(self._text.segments))]
        heard = self._said(places)
        near = self._said({other for place in places for other in range(place - NEAR, place + NEAR + 1)})
        numbers, words = numbers_in(heard), self._with_participants(_spoken(heard))
        nearby = self._with_participants(_spoken(near))
        lacking = [shown for shown, value in _numbers(line.text) if value not in numbers]
        lacking += [name for name in self._names(line.text) if not _heard(name, words)]
        if line.owner and not all(_heard(part, nearby) for part in _capitals(line.owner)):
            lacking.append(line.owner)
        if line.due_said and not all(_heard(word, nearby) for word in _TOKEN.findall(line.due_said)):
            lacking.append(line.due_said)
        return tuple(dict.fromkeys(lacking))

    def _names(self, text: str) -> Iterator[str]:
        """The names of `text`, which is in the language of the lines, that can be looked up at all."""
        names = () if self._language in NOUNS_WITH_CAPITALS else names_in(text)
        if self._language == self._spoken and (match := _AGENT.match(text)):
            names = (match[1], *names)
        for name in names:
            if fold(name) not in _NOT_NAMES | NO_NAMES and _script(name) in self._scripts:
                yield name

    def _with_participants(self, words: frozenset[str]) -> frozenset[str]:
        """Words that were heard, with all of the names of participants of whom one is among them."""
        return words.union(
            *(
                _spoken(one)
                for one in self._participants
                if any(participant(word, [one]) == one for word in words)
            )
        )

    def _said(self, places: Iterable[int]) -> str:
        segments = self._text.segments
        inside = (segments[place] for place in sorted(places) if 0 <= place < len(segments))
        return " ".join(f"{segment.speaker} {segment.text}" for segment in inside)


class _Voice:
    """The words of one channel, and where each stands in its text."""

    def __init__(self, text: Text) -> None:
        self._text = text
        matches = list(_TOKEN.finditer(text.whole))
        self._words = [fold(match.group()) for match in matches]
        self._spans = [match.span() for match in matches]
        self._place = {segment.id: index for index, segment in enumerate(text.segments)}

    @property
    def everything(self) -> tuple[int, int]:
        """From the first word to the last."""
        return 0, len(self._words)

    def evidence(self, start: int, stop: int) -> Evidence:
        """The words from `start` to before `stop`, as evidence."""
        return self._text.evidence(self._spans[start][0], self._spans[stop - 1][1])

    def stretch(self, segment_ids: Sequence[int]) -> tuple[int, int] | None:
        """The words from the first to the last of the named segments."""
        places = [self._place[one] for one in segment_ids if one in self._place]
        if not places:
            return None
        first, last = self._text.span(min(places))[0], self._text.span(max(places))[1]
        inside = [place for place, span in enumerate(self._spans) if first <= span[0] and span[1] <= last]
        return (inside[0], inside[-1] + 1) if inside else None

    def exactly(self, wanted: Sequence[str], start: int, stop: int) -> tuple[int, int] | None:
        """The words of that stretch that are those `wanted`."""
        count = len(wanted)
        for place in range(start, stop - count + 1):
            if self._words[place] == wanted[0] and self._words[place : place + count] == wanted:
                return place, place + count
        return None

    def nearly(self, wanted: Sequence[str], start: int, stop: int) -> tuple[int, int] | None:
        """The words of that stretch that are most like those `wanted`, and alike enough."""
        count, counts = len(wanted), Counter(wanted)
        if count < EXACT_BELOW:
            return None
        best, found = ALIKE, None
        window = Counter(self._words[start : min(start + count, stop)])
        shared = (window & counts).total()
        for place in range(start, max(start + 1, stop - count + 1)):
            if place > start:
                gone, come = self._words[place - 1], self._words[place + count - 1]
                shared -= window[gone] <= counts.get(gone, 0)
                window[gone] -= 1
                window[come] += 1
                shared += window[come] <= counts.get(come, 0)
            if shared < ALIKE * count:
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
_HUNDREDS = {"hundred": 100, "cent": 100, "cents": 100, "dozen": 12, "douzaine": 12}
_THOUSANDS = {
    word: value
    for value, words in {
        10**3: "thousand mille",
        10**6: "million millions",
        10**9: "billion billions milliard milliards",
    }.items()
    for word in words.split()
}
_SCALES = _HUNDREDS | _THOUSANDS
_SIGNS = {"k": 10**3, "K": 10**3, "M": 10**6}
_FRENCH_ORDINALS = "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme"
_MORE = {word: place for place, word in enumerate(_FRENCH_ORDINALS.split(), 1)} | {
    "premiere": 1, "seconde": 2, "dizaine": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "cinquantaine": 50, "centaine": 100, "centaines": 100,
}  # fmt: skip
_VALUES = (
    {
        word: value
        for words in (NUMBER_WORDS, ORDINAL_WORDS)
        for word, value in words.items()
        if word.isalpha()
    }
    | _TENS
    | _MORE
)
_JOINERS = frozenset({"and", "et"})
_PLACES = """
london londres, lisbon lisbonne, brussels bruxelles, geneva geneve, vienna vienne, venice venise,
athens athenes, warsaw varsovie, moscow moscou, copenhagen copenhague, edinburgh edimbourg, barcelona barcelone,
frankfurt francfort, hamburg hambourg, beijing pekin, cairo caire, algiers alger, england angleterre,
scotland ecosse, wales galles, ireland irlande, germany allemagne, spain espagne, italy italie, greece grece,
belgium belgique, switzerland suisse, austria autriche, poland pologne, sweden suede, norway norvege,
denmark danemark, finland finlande, morocco maroc, tunisia tunisie, algeria algerie, japan japon, china chine,
india inde, brazil bresil, america amerique, africa afrique, asia asie, turkey turquie,
russia russie, mexico mexique, netherlands pays bas, english anglais anglaise, french francais francaise,
german allemand allemande, spanish espagnol espagnole, italian italien italienne, european europeen europeenne,
american americain americaine, british britannique, christmas noel, easter paques
"""
_SAME_NAMES = {name: frozenset(names.split()) for names in _PLACES.split(",") for name in names.split()}
"""Each place, people and feast that is called differently in English and French, with its names in both."""
_NONE_ALONE = frozenset({"a", "an", "un", "une", "one", "cents"})


_SCALED = re.compile(rf"\s?(?:(?i:{'|'.join(_THOUSANDS)})|[kKM])(?![^\W_])")
_PERCENT = re.compile(r"(?i)\bpour\s$")


def _numbers(text: str) -> list[tuple[str, float]]:
    """Each number of `text` as written and as a value; none are "one", articles and "cents" alone, and "pour cent"."""
    found: list[tuple[str, float]] = []
    run: list[re.Match[str]] = []
    done = 0
    for match in [*_TOKEN.finditer(text), None]:
        word = fold(match.group()) if match and match.start() >= done else ""
        if match and word == "cent" and _PERCENT.search(text[: match.start()]):
            word = ""
        if match and (word in _VALUES or word in _SCALES or (word in _JOINERS and run)):
            if not run and word in _NONE_ALONE:
                continue
            run.append(match)
            continue
        while run and fold(run[-1].group()) in _JOINERS:
            run.pop()
        if run:
            said = text[run[0].start() : run[-1].end()]
            found.append((said, float(_value([fold(one.group()) for one in run]))))
        run = []
        if match and word[:1].isdigit():
            scaled = _SCALED.match(text, match.end())
            scale = scaled.group().strip() if scaled else ""
            done = scaled.end() if scaled else match.end()
            times = _SIGNS.get(scale) or _THOUSANDS.get(fold(scale), 1)
            found.append((text[match.start() : done], _figure(word) * times))
    return found


def _figure(digits: str) -> float:
    grouped = re.sub(r"(?<=\d)[.,' \u00a0\u202f](?=\d{3}(?:\D|$))", "", digits)
    return float(re.sub(r"[^\d.]", "", grouped.replace(",", ".")) or 0)


def _value(words: Sequence[str]) -> int:
    """What number words amount to: 'two thousand five hundred', 'quatre vingt dix'."""
    total = part = 0
    for word in words:
        if word in _HUNDREDS:
            part = max(1, part) * _HUNDREDS[word]
        elif word in _SCALES:
            total += max(1, part) * _SCALES[word]
            part = 0
        elif word in {"vingt", "vingts"} and part % 100 == 4:
            part += 76
        elif word in _VALUES:
            part += _VALUES[word]
    return total + part


def _script(text: str) -> str:
    """The script that `text` begins in: 'LATIN', 'CYRILLIC' …"""
    return next((unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha()), "")


def _spoken(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _TOKEN.findall(text))


def _capitals(owner: str) -> list[str]:
    """The words of an owner that are a name: "Ana and Marc" has two, "the design team" none."""
    return [word for word in _TOKEN.findall(owner) if word[0].isupper() and fold(word) not in _NOT_NAMES]


def _heard(name: str, words: frozenset[str]) -> bool:
    """Whether `name` was said, in either language: as it is, in the plural or possessive, or as it may be misspelt."""
    names = _SAME_NAMES.get(fold(name), frozenset({fold(name)}))
    return bool(names & words) or any(
        len(one) > 3 and abs(len(word) - len(one)) <= 1 and SequenceMatcher(None, one, word).ratio() >= 0.8
        for one in names
        for word in words
    )
