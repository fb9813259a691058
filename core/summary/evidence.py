"""Is it true? Quotes are looked up in the transcript, names, numbers and days of a line in its evidence. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property

from core.summary import dates, lexicon
from core.summary.names import GERMAN, capitals, days_in, is_known, names_in, said_name, script
from core.summary.numbers import TOKEN, USUAL, numbers, numbers_in
from core.summary.people import participant
from core.summary.sentences import STOP_WORDS, Text, denials, fold, language_of, stem
from core.values import Evidence, Line, Section

ALIKE = 0.75
"""Share of words in order that a quote and the passage must have in common to be the same words."""
SHORTEST = 4
"""Words from which on a quote tells something; fewer count only where they are a whole sentence."""
WHOLE = 3
"""Different words from which on a whole sentence or segment tells something, however common they are."""
MANY = 7
"""Words in a row from which on they stand nowhere else by chance, however common they are."""
NEAR = 2
"""Segments around the evidence in which an owner may have been named, and what the line is about."""
BEGINNING = 5
"""Letters by which German nouns are the same word."""

_ENDS = re.compile(r"[.!?…]")
"""What ends a sentence between two words."""
_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says stands in the transcript: the words, and the segments it names."""

    quote: str
    segment_ids: tuple[int, ...]


class Checker:
    """A transcript made ready for looking things up in it."""

    def __init__(
        self,
        text: Text,
        language: str,
        participants: Iterable[str] = (),
        *,
        spoken: str = "",
        told: date | None = None,
    ) -> None:
        """`language` is the code of the one that the lines to check are in, `spoken` that of the meeting ('' if
        unknown), which took place on the day `told`; `participants` are known by name."""
        self._text, self._language, self._told = text, language, told
        self._participants = tuple(participants)
        self._voices = tuple(map(_Voice, text.channels()))
        self._spoken = spoken or language_of(text.whole)
        self._heard_at: dict[frozenset[int], _Heard] = {}
        self._people = _spoken(" ".join(self._participants))
        self._scripts = {script(segment.text) for segment in text.segments}
        self._place = {segment.id: index for index, segment in enumerate(text.segments)}
        tokens = TOKEN.findall(text.whole)
        self._money = {fold(word) for word in (*tokens, *re.findall(r"[£$€¥]", text.whole))}
        self._common = {stem(fold(token)) for token in tokens if token[0].islower()}
        self._beginnings = {fold(token)[:BEGINNING] for token in tokens} if language in GERMAN else set()

    def locate(self, claim: Claim) -> Evidence | None:
        """Where the quote was said, verbatim, or None: exactly, then nearly; in the named segments, then anywhere.

        Case, accents, punctuation and spaces do not count. All of it was said in one channel, and it has words enough
        to tell something: more where they stand elsewhere than in the named segments. What is nearly the same differs
        in no "not", no number and no name.
        """
        wanted = [fold(word) for word in TOKEN.findall(claim.quote)]
        named = [(voice, voice.stretch(claim.segment_ids), True) for voice in self._voices]
        anywhere = [(voice, voice.everything, False) for voice in self._voices]
        for find in (_Voice.exactly, _Voice.nearly):
            for voice, stretch, is_named in (*named, *anywhere):
                for found in find(voice, wanted, *stretch) if wanted and stretch else ():
                    tells = find is _Voice.exactly and voice.tells_verbatim(*found, is_named=is_named)
                    if tells or voice.tells(*found):
                        agrees = self._agree(claim.quote, voice.evidence(*found).quote)
                        return voice.evidence(*voice.with_denial(*found)) if agrees else None
        return None

    def check(self, line: Line, claims: Iterable[Claim]) -> Line:
        """`line` with the evidence that its claims turn out to have, `supported` and `unverified` set.

        Where all that was quoted does stand in the segments it names, but says too little to bear the line, it comes
        back as the evidence of a line that is not supported.
        """
        located = [(claim, self.locate(claim)) for claim in claims]
        proofs = [found for claim, found in located if found and self._proves(found, line.text, claim.quote)]
        checked = replace(line, evidence=tuple(dict.fromkeys(proofs)), supported=bool(proofs))
        checked = replace(checked, unverified=self.unverified(checked))
        if proofs:
            return checked
        little = (self._verbatim(claim) for claim, _found in located)
        return replace(checked, evidence=tuple(dict.fromkeys(filter(None, little))))

    def _verbatim(self, claim: Claim) -> Evidence | None:
        """Where the quote stands word for word in the segments it names, whatever it says; a "not" left out counts."""
        wanted = [fold(word) for word in TOKEN.findall(claim.quote)]
        for voice in self._voices:
            stretch = voice.stretch(claim.segment_ids) if wanted else None
            for found in voice.exactly(wanted, *stretch) if stretch else ():
                if voice.with_denial(*found) == found:
                    return voice.evidence(*found)
        return None

    def unverified(self, line: Line) -> tuple[str, ...]:
        """Names and numbers of `line.text`, its owner and its date as spoken, that neither the segments of its
        evidence nor their speakers contain; an owner or a day may also have been named close by. Of a line
        without evidence, those that occur nowhere in the transcript."""
        places = {self._place[one] for found in line.evidence for one in found.segment_ids}
        places = places or {*range(len(self._text.segments))}
        heard, near = self._heard(places), self._heard(self._around(places))
        written = [*days_in(line.text, written=True)]
        meant = near.meant.union([line.due] if line.due else []) if written else frozenset()
        values = heard.numbers.union(float(number) for day in meant for number in (day.day, day.year))
        days = near.days.union(*((("weekday", day.weekday()), ("month", day.month - 1)) for day in meant))
        languages = {self._language} & lexicon.NUMBERS.keys() or (() if self._language else USUAL)
        lacking = [shown for shown, value in numbers(line.text, languages) if value not in values]
        lacking += [name for name in self._names(line.text) if not said_name(name, heard.words)]
        lacking += [word for word, kind, number in written if (kind, number) not in days]
        lacking += self._turned(line, heard)
        if line.owner and not all(said_name(part, near.words) for part in capitals(line.owner)):
            lacking.append(line.owner)
        if line.due_said and not all(said_name(word, near.words) for word in TOKEN.findall(line.due_said)):
            lacking.append(line.due_said)
        return tuple(dict.fromkeys(lacking))

    def _turned(self, line: Line, heard: _Heard) -> Iterator[str]:
        """The words of a line by which it says another currency than the meeting spoke of, a fall for a rise, or, as
        a decision, "not" where nobody denied anything."""
        spoken_of = {lexicon.CURRENCIES[word] for word in self._money if word in lexicon.CURRENCIES}
        up, down = (bool(heard.words & words) for words in (lexicon.RISES, lexicon.FALLS))
        counted = bool(line.evidence and numbers(line.text))
        turned: Collection[str] = (
            lexicon.FALLS if up and not down else lexicon.RISES if down and not up else ()
        )
        affirmed = line.section is Section.DECISIONS and bool(line.evidence) and not heard.denies
        for word in re.findall(r"[£$€¥]|[^\W\d_]+(?:['’]t)?", line.text):
            folded = fold(word)
            money = lexicon.CURRENCIES.get(folded, "")
            other = bool(money and spoken_of and money not in spoken_of)
            if other or (counted and folded in turned) or (affirmed and denials(word)):
                yield word

    def unheard(self, title: str) -> tuple[str, ...]:
        """Names and numbers of a meeting's title that nobody said in it; the day of the meeting is known."""
        told = self._told
        heading = [word for word in TOKEN.findall(title) if len(word) > 3 and not word[0].isdigit()]
        known = {told.day, told.month, told.year, told.year % 100} if told else set()
        lacking = self.unverified(Line(Section.OVERVIEW, title, due=told))
        if self._language not in GERMAN and len(heading) > 1 and all(word[0].isupper() for word in heading):
            # Written Like This, capitals tell no names.
            lacking = tuple(one for one in lacking if not one[0].isupper() or is_known(one))
        return tuple(one for one in lacking if not _is_made_of(one, known))

    def _names(self, text: str) -> Iterator[str]:
        """The names of `text`, which is in the language of the lines, that can be looked up at all."""
        for name in names_in(text, self._language, same=self._language == self._spoken):
            common = stem(fold(name)) in self._common or fold(name)[:BEGINNING] in self._beginnings
            # In a script that was not heard nobody can look up how those who were there are called.
            known = script(name) not in self._scripts and fold(name) in self._people
            if not common and not known:
                yield name

    def _proves(self, evidence: Evidence, text: str, quote: str) -> bool:
        """Whether a line may rest on that: it is about the same, and denies it where the quote left a "not" out."""
        left_out = denials(evidence.quote) > denials(quote)
        return self._is_about(text, evidence) and (not left_out or denials(text) > 0)

    def _is_about(self, text: str, evidence: Evidence) -> bool:
        """Whether a line has a word in common with what was said at its evidence, as far as languages let one tell."""
        if self._language != self._spoken:
            return True
        near = self._heard(self._around(self._place[one] for one in evidence.segment_ids))
        said = set(map(stem, near.words))
        told = [stem(word) for word in map(fold, TOKEN.findall(text)) if _tells(word)]
        return len(told) < 2 or any(
            word in said or (len(word) >= BEGINNING and any(one.startswith(word[:BEGINNING]) for one in said))
            for word in told
        )

    def _agree(self, quote: str, said: str) -> bool:
        """Whether words that are nearly the same differ in nothing that counts."""
        languages = {self._spoken, *USUAL}
        words = _spoken(said)
        return (
            denials(quote) == denials(said)
            and numbers_in(quote, languages) == numbers_in(said, languages)
            and all(said_name(name, words) for name in names_in(quote, self._spoken, same=False))
        )

    def _heard(self, places: Iterable[int]) -> _Heard:
        """What was said there."""
        wanted = frozenset(places)
        if wanted not in self._heard_at:
            segments = (self._text.segments[place] for place in sorted(wanted))
            said = " ".join(f"{segment.speaker} {segment.text}" for segment in segments)
            self._heard_at[wanted] = _Heard(
                said, self._spoken, {self._spoken, self._language, *USUAL}, self._participants, self._told
            )
        return self._heard_at[wanted]

    def _around(self, places: Iterable[int]) -> set[int]:
        near = {other for place in places for other in range(place - NEAR, place + NEAR + 1)}
        return near & {*range(len(self._text.segments))}


class _Heard:
    """What was said in some segments, and who said it: looked through for what is asked of it, once."""

    def __init__(
        self,
        said: str,
        spoken: str,
        languages: Collection[str],
        participants: Sequence[str],
        told: date | None,
    ) -> None:
        self.said = said
        self._spoken, self._languages, self._participants, self._told = spoken, languages, participants, told

    @cached_property
    def numbers(self) -> frozenset[float]:
        """The values of all numbers."""
        return numbers_in(self.said, self._languages)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words, with all of the names of participants of whom one is among them."""
        words = _spoken(self.said)
        meant = (one for one in self._participants if any(participant(word, [one]) == one for word in words))
        return words.union(*map(_spoken, meant))

    @property
    def denies(self) -> bool:
        """Whether anything was denied, refused or put off."""
        return denials(self.said) > 0 or bool(self.words & lexicon.REFUSING)

    @cached_property
    def days(self) -> frozenset[tuple[str, int]]:
        """The days of the week and the months that were named, by kind and number."""
        return frozenset((kind, number) for _word, kind, number in days_in(self.said))

    @cached_property
    def meant(self) -> frozenset[date]:
        """The days that were meant, also by words such as "tomorrow"."""
        if self._told and self._spoken in STOP_WORDS:
            return dates.days(self.said, self._spoken, self._told)
        return frozenset()


def _is_made_of(number: str, known: Collection[int]) -> bool:
    """Whether a number in figures is one of those, or several as in "24.11"."""
    figures = re.findall(r"\d+", number)
    return bool(figures) and all(int(one) in known for one in figures)


def _spoken(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in TOKEN.findall(text))


def _tells(word: str) -> bool:
    """Whether a folded word carries a topic, as far as we know the language."""
    return word.isdigit() or (len(word) > 2 and not any(word in common for common in STOP_WORDS.values()))


class _Voice:
    """The words of one channel, and where each stands in its text."""

    def __init__(self, text: Text) -> None:
        self._text = text
        matches = list(TOKEN.finditer(text.whole))
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

    def tells(self, start: int, stop: int) -> bool:
        """Whether the words from `start` to before `stop` are enough to tell something: several, or all of a segment,
        and among them some that carry a topic."""
        words = self._words[start:stop]
        topics = sum(map(_tells, words))
        count = sum(len(word) // 2 if script(word) in _UNSPACED else 1 for word in words)
        if count >= SHORTEST and topics >= min(2, len(words)):
            return True
        segments = (self._text.segments[self._text.index_at(self._spans[at][0])] for at in (start, stop - 1))
        return bool(topics) and self.stretch([one.id for one in segments]) == (start, stop)

    def tells_verbatim(self, start: int, stop: int, *, is_named: bool) -> bool:
        """Whether words that were said exactly so tell something, however common they are: many anywhere, and whole
        sentences ("I'll do it tomorrow.") where the segments they stand in were named."""
        whole = is_named and self._parted(start) and self._parted(stop)
        return stop - start >= MANY or (whole and len({*self._words[start:stop]}) >= WHOLE)

    def _parted(self, place: int) -> bool:
        """Whether a sentence or a segment ends before the word at `place`."""
        if place in {0, len(self._words)}:
            return True
        before, after = self._spans[place - 1][1], self._spans[place][0]
        between = self._text.whole[before:after]
        return bool(_ENDS.search(between)) or self._text.index_at(before - 1) != self._text.index_at(after)

    def with_denial(self, start: int, stop: int) -> tuple[int, int]:
        """These words, with the "not" right before them."""
        before = self._text.whole[self._spans[start - 1][0] : self._spans[start][0]] if start else ""
        return (start - 1 if before.strip().isalpha() and denials(before) else start), stop

    def exactly(self, wanted: Sequence[str], start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Wherever the words of that stretch are those `wanted`."""
        count = len(wanted)
        for place in range(start, stop - count + 1):
            if self._words[place] == wanted[0] and self._words[place : place + count] == wanted:
                yield place, place + count

    def nearly(self, wanted: Sequence[str], start: int, stop: int) -> Iterator[tuple[int, int]]:
        """The words of that stretch that are most like those `wanted`, where they are alike enough."""
        count, counts = len(wanted), Counter(wanted)
        if count < SHORTEST:
            return
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
        if found:
            yield found
