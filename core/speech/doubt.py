"""Which text may be wrong, and which speech gave none: judged by measurements that hold for every language.

Nothing is taken away: a segment keeps its text and gets the reason; speech without text becomes a segment of its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from core.speech.detector import FRAME, SAMPLE_RATE, SPEECH, Samples
from core.values import Segment

COMPRESSION = 2.4
"""Text that zlib makes smaller by more than this factor repeats itself (OpenAI's `transcribe.py`)."""

LEAST_TEXT = 60
"""Bytes below which that factor says nothing."""

LONGEST_LOOP = 30
"""Most words that are looked for as what is repeated."""

TIMES = 4
WORDS_REPEATED = 8
"""A few words that follow each other so many times, and make so many words together, were not said."""

OFTEN = 5
"""Times from which on even one word was not said: "dre dre dre dre dre" is the engine's, where the sound breaks off."""

SENTENCE = 10
"""Words from which on even two times in a row were not said: nobody repeats a sentence to the letter."""

SLIP = 4
"""Words from which on a text that has them twice in a row has no more to say than one that has them once."""

REMEMBERED = 80
"""Words of the text before that are compared."""

FASTEST = 40.0
"""Characters in a second that nobody says: the fastest speakers reach about 30."""

LEAST_WORDS = 3
"""Words below which neither their speed nor their probability is judged."""

SPOKEN = 0.1
DENIED = 0.5
"""Text is denied where less than this share of its time, and not so many seconds of it, are speech to the detector."""

UNSURE = 0.4
"""Mean probability of its words below which a segment is marked; see `sentences.DOUBTFUL` for a whole window."""

NOT_SPEECH = 0.6
NOT_SAID = -0.7
"""Text of a window with a higher no-speech and a lower mean log probability is marked: OpenAI's code drops it from
-1 on."""

UNHEARD = 0.3
CERTAIN = 0.8
"""Seconds of speech without text, and their mean probability to the detector, from which on they are marked. Over the
recordings of the benchmarks, 10 s are (of a far microphone, where people speak at once), all of them speech."""

WORD_MARGIN = 0.2
LONGEST_WORD = 1.0
"""Seconds: a word covers so much of the sound beside it, and so much at most in all; where the engine says more, it
stretched the word over others."""

BREAK = 0.5
"""Seconds without speech that part two such stretches."""

BESIDE = 0.3
"""Seconds by which the times of words may be wrong."""


def judged(
    segments: Sequence[Segment], start: float, probabilities: Samples, before: str = ""
) -> tuple[Segment, ...]:
    """`segments` with their doubts, and among them, in order, one without text for each stretch that gave none.

    `probabilities` are the detector's, one per `FRAME`, from second `start` to where the text is certain;
    `before` is the text that was said before.
    """
    repeated = _repeated(segments, before)
    marked = [
        replace(one, doubt=_reason(one, start, probabilities, repeated=again))
        for one, again in zip(segments, repeated, strict=True)
    ]
    silent = []
    for stretch in _unheard(segments, start, probabilities):
        begin, end = _beside(segments, *stretch)
        if end - begin >= UNHEARD:
            language = segments[-1].language if segments else ""
            silent.append(Segment(round(begin, 3), round(end, 3), "", language=language, doubt="unheard"))
        else:
            # It lies in a segment, whose words leave it out.
            marked = [
                replace(one, doubt=one.doubt or "unheard") if _shared(one, *stretch) >= UNHEARD / 2 else one
                for one in marked
            ]
    return tuple(sorted((*marked, *silent), key=lambda one: one.start))


def only_repeats(text: str) -> bool:
    """Whether `text` says the same again and again, as the engine does where it understands nothing."""
    return _repeated([Segment(0.0, 0.0, text)], "")[0] or _compression(text) > COMPRESSION


def _reason(segment: Segment, start: float, probabilities: Samples, *, repeated: bool) -> str:
    """Why the text of `segment` may be wrong, '' where nothing speaks against it. The plainest reason comes first."""
    if repeated or _compression(segment.text) > COMPRESSION:
        return "repeated"
    length = segment.end - segment.start
    spoken = _spoken(start, probabilities, segment.start, segment.end)
    if spoken < DENIED and spoken < SPOKEN * length:
        return "no_speech"
    if segment.no_speech > NOT_SPEECH and segment.log_probability < NOT_SAID:
        return "no_speech"
    if len(segment.words) >= LEAST_WORDS:
        if len(segment.text) > FASTEST * length:
            return "hurried"
        if sum(word.probability for word in segment.words) < UNSURE * len(segment.words):
            return "improbable"
    return segment.doubt


def _compression(text: str) -> float:
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if len(raw) >= LEAST_TEXT else 0.0


def _repeated(segments: Sequence[Segment], before: str) -> list[bool]:
    """For each segment whether it only says again what was said, in itself or just before it."""
    told = _units(before)[-REMEMBERED:]
    said = [_units(segment.text) for segment in segments]
    units = told + [unit for one in said for unit in one]
    again = [False] * len(units)
    for begin, end in _loops(units):
        again[begin:end] = [True] * (end - begin)
    place, found = len(told), []
    for one in said:
        inside = again[place : place + len(one)]
        # A word or two that a loop reaches into a long segment leave the rest of it right.
        found.append(sum(inside) >= SLIP or 2 * sum(inside) >= len(inside) > 0)
        place += len(one)
    return found


def _units(text: str) -> list[str]:
    """The words of `text` without their marks; its characters where it is written without spaces."""
    words = [word for word in map(bare, text.split()) if word]
    return list("".join(words)) if words and max(map(len, words)) > LONGEST_LOOP else words


def bare(word: str) -> str:
    """The word as it is compared: small letters without marks."""
    return "".join(filter(str.isalnum, word.casefold()))


def second_time(words: Sequence[str]) -> int | None:
    """Which of the `words` is the first of four or more that were said just before, None where none are."""
    plain = [bare(word) for word in words]
    places = [place for place, word in enumerate(plain) if word]
    units = [plain[place] for place in places]
    for first in range(SLIP, len(units) - SLIP + 1):
        for size in range(SLIP, min(LONGEST_LOOP, first, len(units) - first) + 1):
            if units[first - size : first] == units[first : first + size]:
                return places[first]
    return None


def said(text: str) -> int:
    """The words of `text`; where four or more are said twice in a row, that counts once."""
    units = _units(text)
    for size in range(min(LONGEST_LOOP, len(units) // 2), SLIP - 1, -1):
        place = 0
        while place + 2 * size <= len(units):
            if units[place : place + size] == units[place + size : place + 2 * size]:
                del units[place : place + size]
            else:
                place += 1
    return len(units)


def _loops(units: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the same units follow each other too often: from the second time on, as (first, last + 1)."""
    for size in range(1, min(LONGEST_LOOP, len(units) // 2) + 1):
        place = 0
        while place + 2 * size <= len(units):
            end = place + size
            while end < len(units) and units[end] == units[end - size]:
                end += 1
            times = (end - place) // size
            long = times >= TIMES and end - place >= WORDS_REPEATED
            if long or times >= OFTEN or (times > 1 and size >= SENTENCE):
                yield place + size, end
            place = max(place + 1, end - size + 1)


def _spoken(start: float, probabilities: Samples, begin: float, end: float) -> float:
    """The seconds of speech between two seconds of the stream."""
    first, last = (max(0, round((at - start) * SAMPLE_RATE / FRAME)) for at in (begin - BESIDE, end + BESIDE))
    return float(np.count_nonzero(probabilities[first:last] >= SPEECH)) * FRAME / SAMPLE_RATE


def _unheard(
    segments: Sequence[Segment], start: float, probabilities: Samples
) -> Iterator[tuple[float, float]]:
    """Each stretch of certain speech in which no word was found, as seconds of the stream."""
    second = FRAME / SAMPLE_RATE
    speech = probabilities >= SPEECH
    for segment in segments:
        for word in segment.words:
            first = round((word.start - WORD_MARGIN - start) / second)
            last = round((min(word.end, word.start + LONGEST_WORD) + WORD_MARGIN - start) / second)
            speech[max(0, first) : max(0, last)] = False
    places = np.flatnonzero(speech)
    for stretch in np.split(places, np.flatnonzero(np.diff(places) * second > BREAK) + 1):
        if len(stretch) * second >= UNHEARD and float(probabilities[stretch].mean()) >= CERTAIN:
            yield start + float(stretch[0]) * second, start + float(stretch[-1] + 1) * second


def _beside(segments: Sequence[Segment], begin: float, end: float) -> tuple[float, float]:
    """What of a stretch lies over none of the segments."""
    begin = max([begin, *(one.end for one in segments if one.start <= begin < one.end)])
    return begin, min([end, *(one.start for one in segments if begin <= one.start < end)])


def _shared(segment: Segment, begin: float, end: float) -> float:
    """The seconds that a segment and a stretch have in common."""
    return min(segment.end, end) - max(segment.start, begin)
