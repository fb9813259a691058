"""Who says which words: segments are given to the voices that are heard meanwhile, and cut where the voice changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from core.speech.separation import VoiceTurn
from core.values import Segment, Word

NEAR = 2.0
"""Seconds from a word to the turn that it still belongs to: the times of words and of turns both err, words more."""

SENTENCE_ENDS = (".", "?", "!", "…")

SLACK = 2
"""Words by which a change of voice may be moved to the end of a sentence or to a pause."""

SLACK_SECONDS = 0.8
"""Seconds by which it may be moved."""

PAUSE = 0.25
"""Seconds between two words from which on a change of voice is more likely there than in the words beside."""

ISLAND = 0.4
"""Seconds of a lone word inside the sentence of another voice, below which it is that voice's too."""


def attributed(segments: Sequence[Segment], turns: Sequence[VoiceTurn]) -> list[tuple[Segment, int]]:
    """The segments of one channel, by time, each with its voice, -1 where nobody is heard near.

    One in which the voice changes becomes several: the first keeps the id, the others have 0. What the person
    corrected stays whole.
    """
    found: list[tuple[Segment, int]] = []
    waiting = sorted(turns, key=lambda turn: -turn.start)
    near: list[VoiceTurn] = []
    for segment in segments:
        while waiting and waiting[-1].start <= segment.end + NEAR:
            near.append(waiting.pop())
        near = [turn for turn in near if turn.end >= segment.start - NEAR]
        if len({turn.voice for turn in near}) < 2 or not _can_be_cut(segment):
            whole = Word(segment.start, segment.end, segment.text, 0.0)
            found.append((segment, _voices([whole], near)[0]))
        else:
            found += _cut(segment, _smooth(segment.words, _voices(segment.words, near)))
    return found


def _can_be_cut(segment: Segment) -> bool:
    """Whether its words are those of its text, with their times."""
    heard = "".join(word.text for word in segment.words).strip()
    return len(segment.words) > 1 and not segment.edited and heard == segment.text.strip()


def _voices(words: Sequence[Word], turns: Sequence[VoiceTurn]) -> list[int]:
    """The voice that is heard for most of each word, else the nearest one; of two at once that of the word before."""
    voices: list[int] = []
    for word in words:
        # A word of no length still lies somewhere.
        start, end = word.start, max(word.end, word.start + 0.02)
        # Seconds in common, or, below zero, away.
        heard: dict[int, float] = {}
        for turn in turns:
            common = min(turn.end, end) - max(turn.start, start)
            known = heard.get(turn.voice, -NEAR)
            heard[turn.voice] = known + common if known > 0 and common > 0 else max(known, common)
        before = voices[-1] if voices else -1
        best = max(heard.values(), default=-NEAR)
        if best <= -NEAR or heard.get(before, -NEAR) >= best - 0.01:
            voices.append(before)
        else:
            voices.append(max(heard, key=heard.__getitem__))
    first = next((voice for voice in voices if voice >= 0), -1)
    return [first if voice < 0 else voice for voice in voices]


def _smooth(words: Sequence[Word], voices: list[int]) -> list[int]:
    """The voices, changing where people do: between sentences and in pauses rather than beside them."""
    smooth = _without_islands(words, voices)
    changes = [place for place in range(1, len(words)) if smooth[place] != smooth[place - 1]]
    limits = [0, *changes, len(words)]
    for number, place in enumerate(changes, 1):
        best = _boundary(words, place, limits[number - 1], limits[number + 1])
        for at in range(best, place):
            smooth[at] = smooth[place]
        for at in range(place, best):
            smooth[at] = smooth[place - 1]
        limits[number] = best
    return _without_rims(words, smooth)


def _without_islands(words: Sequence[Word], voices: list[int]) -> list[int]:
    """Without lone words of another voice in the middle of a sentence; a short answer is a sentence of its own."""
    smooth = list(voices)
    for place in range(1, len(words) - 1):
        before, here, after = smooth[place - 1], smooth[place], smooth[place + 1]
        word = words[place]
        inside = _gap(words, place) < PAUSE and _gap(words, place + 1) < PAUSE
        if (
            before == after != here
            and inside
            and word.end - word.start < ISLAND
            and not _ends(words[place - 1])
            and not _ends(word)
        ):
            smooth[place] = before
    return smooth


def _without_rims(words: Sequence[Word], voices: list[int]) -> list[int]:
    """Without another voice in the first or last words alone, unless a sentence ends or a pause is there.

    The segment itself begins or ends where a change of voice is likelier. So what is cut once is not cut further.
    """
    smooth = list(voices)
    changes = [place for place in range(1, len(words)) if smooth[place] != smooth[place - 1]]
    inside = [place for place in changes if not _ends(words[place - 1]) and _gap(words, place) < PAUSE]
    if changes and changes[-1] in inside:
        last = changes[-1]
        if len(words) - last <= SLACK and words[-1].end - words[last].start <= SLACK_SECONDS:
            smooth[last:] = [smooth[last - 1]] * (len(words) - last)
    if changes and changes[0] in inside:
        first = changes[0]
        if first <= SLACK and words[first - 1].end - words[0].start <= SLACK_SECONDS:
            smooth[:first] = [smooth[first]] * first
    return smooth


def _boundary(words: Sequence[Word], place: int, first: int, last: int) -> int:
    """The word near `place` before which a change of voice is the likeliest, after `first` and before `last`."""

    def likely(at: int) -> tuple[float, int]:
        strength = 2.0 * _ends(words[at - 1]) + min(1.0, _gap(words, at) / PAUSE)
        return strength, -abs(at - place)

    near = [
        at
        for at in range(max(first + 1, place - SLACK), min(last - 1, place + SLACK) + 1)
        if abs(words[at].start - words[place].start) <= SLACK_SECONDS
    ]
    best = max(near, key=likely, default=place)
    return best if likely(best)[0] >= likely(place)[0] + 1.0 else place


def _gap(words: Sequence[Word], place: int) -> float:
    return words[place].start - words[place - 1].end


def _ends(word: Word) -> bool:
    return word.text.rstrip().rstrip("\"'»”)").endswith(SENTENCE_ENDS)


def _cut(segment: Segment, voices: Sequence[int]) -> list[tuple[Segment, int]]:
    changes = [place for place, (before, after) in enumerate(pairwise(voices), 1) if before != after]
    parts: list[tuple[Segment, int]] = []
    for first, last in pairwise([0, *changes, len(voices)]):
        words = segment.words[first:last]
        part = replace(
            segment,
            id=0 if first else segment.id,
            start=words[0].start if first else segment.start,
            end=words[-1].end if last < len(voices) else segment.end,
            text="".join(word.text for word in words).strip(),
            words=words,
            continues=parts[-1][0].end if parts else segment.continues,
        )
        parts.append((part, voices[first]))
    return parts
