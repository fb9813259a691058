"""What was said as a reader reads it: the words of a window cut into segments, each with its times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.speech.decode import Heard
from core.speech.hypotheses import IMPROBABLE
from core.speech.windows import Window
from core.values import Segment, Word

DOUBTFUL = 0.6
"""Mean word probability below which a window's text is marked as doubtful. With the starter, English recordings lie
from 0.68 (a far microphone) to 0.95, French ones heard as English from 0.19 to 0.55."""

SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", '."', '?"', '!"', ".”", "?”", "!”", ".»", "?»", "!»")

SHORTEST = 0.1
"""Seconds a word takes at least, where there is room: the engine's alignment gives some no length."""

BREATH = 0.3
READABLE = 6.0
LONG_PAUSE = 1.5
LONGEST = 20.0
"""Seconds, chosen by reading: a segment ends with a sentence that a breath follows or that makes it long enough to be
read as one, at a long pause, and in any case when it grows longer than a reader can follow."""


def segments_of(heard: Heard, window: Window, language: str, begin: float, end: float) -> Iterator[Segment]:
    """The window's text on the file's own clock, a few sentences to a segment.

    All times are in order and lie between the seconds `begin` and `end`, whatever the engine says.
    """
    words: list[Word] = []
    said = begin
    for raw in heard.segments:
        # Without alignment the engine's own stretch is the best there is.
        aligned = raw["words"] or [
            {"start": raw["start"], "end": raw["end"], "word": f" {raw['text']}", "probability": 0.0}
        ]
        for word in aligned:
            first, last = window.stretch(word["start"], word["end"])
            start = min(end, max(said, first))
            said = min(end, max(start, last))
            words.append(Word(start, said, word["word"], round(float(word["probability"]), 4)))
    words = list(_lengthened(words, begin, end))
    sure = sum(word.probability for word in words) / max(1, len(words))
    for stretch in _stretches(words):
        yield Segment(
            start=stretch[0].start,
            end=stretch[-1].end,
            text="".join(word.text for word in stretch).strip(),
            words=tuple(stretch),
            language=language,
            log_probability=round(heard.log_probability, 4),
            no_speech=round(heard.no_speech, 4),
            doubt="improbable" if sure < DOUBTFUL else "",
        )


def translated(segment: Segment) -> Segment:
    """The segment, doubted only by the whole text: its words were not said so, which makes each improbable."""
    unfounded = segment.doubt == "improbable" and segment.log_probability >= IMPROBABLE
    return replace(segment, doubt="") if unfounded else segment


def _lengthened(words: Sequence[Word], begin: float, end: float) -> Iterator[Word]:
    """The words, between two seconds; one without a length takes some of the silence beside it."""
    said = begin
    for place, word in enumerate(words):
        if word.end == word.start:
            following = words[place + 1].start if place + 1 < len(words) else end
            last = min(word.end + SHORTEST, following)
            yield replace(
                word, start=round(max(said, min(word.start, last - SHORTEST)), 3), end=round(last, 3)
            )
            said = last
        else:
            yield replace(word, start=round(word.start, 3), end=round(word.end, 3))
            said = word.end


def _stretches(words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words cut where a reader would: at the ends of sentences, at long pauses, at the latest after `LONGEST`."""
    stretch: list[Word] = []
    for word in words:
        if stretch and _ends(stretch, word):
            yield stretch
            stretch = []
        stretch.append(word)
    if stretch:
        yield stretch


def _ends(stretch: list[Word], following: Word) -> bool:
    pause = following.start - stretch[-1].end
    length = stretch[-1].end - stretch[0].start
    if pause >= LONG_PAUSE or length >= LONGEST:
        return True
    # "Dr." and "3." end no sentence.
    last, begins = stretch[-1].text.strip(), following.text.strip()[:1]
    ended = last.endswith(SENTENCE_ENDS) and (len(last) > 3 or last[-1] != ".") and not begins.islower()
    return ended and (pause >= BREATH or length >= READABLE)
