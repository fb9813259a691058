"""What becomes of segments where the person changes the text, and when each of its words is said then.

A segment keeps its words as they were heard, whatever is written in their place; `spoken` tells the times of the words
that stand there now.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from core.values import Channel, Segment, Word

if TYPE_CHECKING:
    from difflib import SequenceMatcher

LEAST_SECONDS = 0.1
"""No part of a segment that is split is shorter."""

_WORDS = re.compile(r"\S+")


def spoken(segment: Segment) -> Sequence[Word]:
    """The words of the text as it stands, in order; those that were heard have their times and probabilities.

    As many new words as there were in a place take over their times one by one; others share the time that is left
    between their neighbours, by length.
    """
    heard = segment.words
    fresh = _WORDS.findall(segment.text)
    if [word.text.strip() for word in heard] == fresh:
        return heard
    old = [_plain(word.text) for word in heard]
    found: list[Word] = []
    matched = _matched(old, [_plain(word) for word in fresh])
    for tag, i1, i2, j1, j2 in matched.get_opcodes():
        if i2 - i1 == j2 - j1:
            found += [
                replace(was, text=f" {now}", probability=was.probability if tag == "equal" else 1.0)
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
        yield Word(start, stop, f" {word}", 1.0)
        whole -= len(word)
        start = stop


def _plain(word: str) -> str:
    """A word as it is recognised again: a changed capital or comma leaves it where it was."""
    return "".join(filter(str.isalnum, word)).casefold() or word.strip()


# --- changes ---------------------------------------------------------------------------------------


def corrected(segment: Segment, text: str) -> Segment:
    """The segment with the person's `text`, which is doubted no more; without text it counts as taken out."""
    return replace(segment, text=" ".join(text.split()), doubt="", edited=True)


def split(segment: Segment, place: int) -> tuple[Segment, ...]:
    """The segment in two, the second one new, cut before the character `place` of its text, at a word's beginning.

    A place inside a word cuts before it. The segment alone where one of the parts would be empty.
    """
    text = segment.text.strip()
    place = max(0, place)
    if 0 < place < len(text) and not text[place - 1].isspace() and not text[place].isspace():
        place = text.rfind(" ", 0, place) + 1
    left, right = text[:place].strip(), text[place:].strip()
    if not left or not right:
        return (segment,)
    words = spoken(segment)
    first = len(_WORDS.findall(left))
    second = words[first].start if first < len(words) else (segment.start + segment.end) / 2
    second = max(segment.start + LEAST_SECONDS, min(second, segment.end - LEAST_SECONDS))
    heard = [word for word in segment.words if (word.start + word.end) / 2 < second]
    return (
        replace(segment, text=left, end=second, words=tuple(heard), edited=True),
        replace(
            segment, id=0, text=right, start=second, words=tuple(segment.words[len(heard) :]), edited=True
        ),
    )


def split_at(segment: Segment, second: float) -> tuple[Segment, ...]:
    """The segment cut between the words of which most is said before a second of the meeting and the others.

    The segment alone where all of them are on one side.
    """
    text = " ".join(segment.text.split())
    before = sum((word.start + word.end) / 2 < second for word in spoken(segment))
    words = list(_WORDS.finditer(text))
    if not 0 < before < len(words):
        return (segment,)
    return split(replace(segment, text=text), words[before].start())


def merged(segments: Sequence[Segment]) -> Segment:
    """Segments, in order of time, as one: the first, with what the others say behind it.

    Who says it stays where the first one knows it.
    """
    first = segments[0]
    return replace(
        first,
        end=max(one.end for one in segments),
        text=" ".join(one.text.strip() for one in segments if one.text.strip()),
        words=tuple(word for one in segments for word in one.words),
        speaker_id=first.speaker_id or next((one.speaker_id for one in segments if one.speaker_id), 0),
        log_probability=min(one.log_probability for one in segments),
        no_speech=max(one.no_speech for one in segments),
        doubt=next((one.doubt for one in segments if one.doubt), ""),
        edited=True,
    )


def inserted(after: Segment | None, before: Segment | None, text: str) -> Segment:
    """A new segment of the person's, in the pause between two neighbours; at least one is given.

    Where there is no pause it takes the last tenth of a second of the one before it, or the first of the one behind.
    """
    beside = after or before
    if beside is None:
        raise ValueError
    start = after.end if after else max(0.0, beside.start - LEAST_SECONDS)
    end = before.start if before else start + LEAST_SECONDS * 10
    if end - start < LEAST_SECONDS:
        start = end - LEAST_SECONDS if after is None else max(after.start, after.end - LEAST_SECONDS)
        end = start + LEAST_SECONDS
    return Segment(
        start,
        end,
        " ".join(text.split()),
        speaker_id=beside.speaker_id,
        channel=beside.channel,
        language=beside.language,
        edited=True,
    )


# --- find and replace --------------------------------------------------------------------------------


def finder(wanted: str, *, case: bool = False, whole: bool = False) -> re.Pattern[str]:
    """What finds a text: `case` as it is written, else in capitals and with or without accents too.

    `whole`: not within longer words.
    """
    written = r"\s+".join(re.escape(word) if case else _accented(word) for word in wanted.split())
    if whole:
        written = rf"(?<!\w){written}(?!\w)"
    return re.compile(written, 0 if case else re.IGNORECASE)


def _accented(word: str) -> str:
    """A pattern for a word with any accents on its letters, or none."""
    letters = unicodedata.normalize("NFC", word)
    return "".join(_letters().get(_base(one), re.escape(one)) for one in letters)


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()


@cache
def _letters() -> dict[str, str]:
    """A pattern for each letter of the Latin alphabet that has accents somewhere."""
    accented: dict[str, str] = {}
    for letter in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))):
        plain = _base(letter)
        if plain.isascii():
            accented[plain] = accented.get(plain, plain) + letter
    return {plain: rf"[{alike}][\u0300-\u036f]*" for plain, alike in accented.items()}


def renamed(before: str, after: str) -> tuple[str, str] | None:
    """The one name that a correction wrote otherwise: as it was and as it is; None where it changed anything else.

    A name is one or two words, the new ones beginning with capitals, that sound or look alike, as “Ana” for “Anna”.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    changed = [code for code in _matched(old, new).get_opcodes() if code[0] != "equal"]
    if len(changed) != 1 or changed[0][0] != "replace":
        return None
    _tag, i1, i2, j1, j2 = changed[0]
    was, now = (_bare(" ".join(words)) for words in (old[i1:i2], new[j1:j2]))
    names = now.split()
    if not was or not 0 < len(names) <= 2 or i2 - i1 > 2 or not all(name[:1].isupper() for name in names):
        return None
    if was.casefold() == now.casefold() or not any(map(str.isalpha, was)):
        return None
    # The first word of a sentence has a capital anyway: there the two must look alike.
    alike = _matched(was.casefold(), now.casefold()).ratio()
    begins = j1 == 0 or new[j1 - 1][-1:] in ".?!…"
    return (was, now) if alike >= (0.5 if begins else 0.3) else None


def _matched(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    from difflib import SequenceMatcher  # not before a window's first painting

    return SequenceMatcher(None, old, new, autojunk=False)


def _bare(text: str) -> str:
    """Without the marks around it."""
    return re.sub(r"^\W+|\W+$", "", text)


# --- where the voice changes --------------------------------------------------------------------------


def pieces(
    segments: Sequence[Segment], together: Callable[[Segment, Segment], bool] = lambda _before, _after: True
) -> list[list[Segment]]:
    """The segments, by time, those in a row that were one before they were cut where the voice changes in one list.

    Only neighbours that stay `together` are; what the person changed, or wrote in between, is on its own.
    """
    found: list[list[Segment]] = []
    last: dict[Channel | None, list[Segment]] = {}
    for one in segments:
        before = last.get(one.channel)
        if before and _goes_on(before[-1], one) and together(before[-1], one):
            before.append(one)
        else:
            last[one.channel] = [one]
            found.append(last[one.channel])
    return found


def _goes_on(before: Segment, after: Segment) -> bool:
    return after.continues == before.end and not before.edited and not after.edited


def whole(parts: Sequence[Segment]) -> Segment:
    """What `pieces` found to have been one as it was then, said by who says the first of them."""
    if len(parts) == 1:
        return parts[0]
    words = tuple(word for one in parts for word in one.words)
    return replace(parts[0], end=parts[-1].end, text=_joined(words), words=words)


def cut_as(earlier: Sequence[Segment], segments: Sequence[Segment]) -> list[Segment]:
    """The segments, by time, those that were cut otherwise in an `earlier` state of the text cut as they were there.

    They have the speakers and, but for the first of each, the ids that they had then.
    """
    ordered = sorted(earlier, key=lambda one: (one.channel or "", one.start))
    places = {(one.channel, one.start): place for place, one in enumerate(ordered)}
    found: list[Segment] = []
    for now in pieces(segments):
        one = whole(now)
        within_it = takewhile(
            lambda other, one=one: other.channel == one.channel and other.end <= one.end,  # type: ignore[misc]
            islice(ordered, places.get((one.channel, one.start), len(ordered)), None),
        )
        then = next(iter(pieces(list(within_it))), None)
        if then and not (now[0].edited or then[0].edited) and [*whole(then).words] == [*one.words]:
            found += [replace(then[0], id=one.id), *then[1:]]
        else:
            found += now
    return found


# --- passages ----------------------------------------------------------------------------------------

NEAR = 0.001
"""Seconds by which the ends of a segment may lie outside a passage and are in it all the same."""


def without(segment: Segment, start: float, end: float) -> Segment | None:
    """The segment without the words that are said between two seconds; None where it lies between them.

    Its times stay those of the whole. A word is where its middle is.
    """
    if segment.end <= start or segment.start >= end:
        return segment
    said = _as_written(segment)
    left = [word for word in said if not _said_in(word, start, end)]
    if (segment.start >= start - NEAR and segment.end <= end + NEAR) or (said and not left):
        return None
    if not said:
        return None if start <= (segment.start + segment.end) / 2 < end else segment
    heard = tuple(word for word in segment.words if not _said_in(word, start, end))
    return replace(segment, text=segment.text if len(left) == len(said) else _joined(left), words=heard)


def within(segment: Segment, start: float, end: float) -> Segment | None:
    """What of a segment is said between two seconds, as a new one; None where nothing is."""
    said = [word for word in _as_written(segment) if _said_in(word, start, end)]
    heard = tuple(word for word in segment.words if _said_in(word, start, end))
    begins, ends = max(segment.start, start), min(segment.end, end)
    return replace(segment, id=0, text=_joined(said), words=heard, start=begins, end=ends) if said else None


def _said_in(word: Word, start: float, end: float) -> bool:
    return start <= (word.start + word.end) / 2 < end


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()


def _as_written(segment: Segment) -> Sequence[Word]:
    """The words as `spoken`, also where a language writes them without spaces."""
    return segment.words if _joined(segment.words) == segment.text.strip() else spoken(segment)
