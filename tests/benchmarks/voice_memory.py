"""Known voices: does a voice that was remembered get its name back, and does nobody get another's?

Clips of the readers of the recordings folder (see `speakers`): what each speaker of the simulated meetings says alone,
and the readings that meetings are made up of. Each clip in turn is left out; every voice is remembered from its other
clips, and the one left out is looked for, as it is and as it sounds in a noisy room (trials of the true name), then
once more without its own voice in the memory (a stranger, who must get no name).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.audio import media
from core.speech import Separator, recognise
from tests.benchmarks.made_meetings import in_a_noisy_room
from tests.benchmarks.speakers import meetings, readings
from tests.benchmarks.word_error_rate import SPEECH_VARIABLE

Samples = NDArray[np.float32]

CLIP = 6.0
"""Seconds of a clip."""

LEAST_TRUE = 0.95
MOST_WRONG = 0.01
FEWEST = 200
"""Trials."""


def clips() -> Iterator[tuple[str, Samples]]:
    """(whose, sound) of all clips."""
    for meeting in meetings():
        if meeting.kind != "simulated":
            continue
        for speaker in sorted(meeting.speakers):
            alone = np.ones(len(meeting.sound), dtype=bool)
            theirs = ~alone
            for one in meeting.spoken:
                at = slice(round(one.start * media.SAMPLE_RATE), round(one.end * media.SAMPLE_RATE))
                if one.speaker == speaker:
                    theirs[at] = True
                else:
                    alone[at] = False
            yield from _cut(speaker, meeting.sound[theirs & alone])
    for name, sound in readings().items():
        yield from _cut(name, sound)


def _cut(whose: str, sound: Samples) -> Iterator[tuple[str, Samples]]:
    size = round(CLIP * media.SAMPLE_RATE)
    for begin in range(0, len(sound) - size + 1, size):
        yield whose, sound[begin : begin + size]


def print_of(sound: Samples) -> tuple[Samples, float]:
    """What the voice of a clip is like, and of how many seconds."""
    separator = Separator()
    separator.hear(sound)
    separator.end()
    found = separator.separated(1)
    return found.prints[0], found.seconds[0]


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip of a voice, `elsewhere` or where the voice is remembered from, and what the voice is like in it."""

    whose: str
    elsewhere: bool
    voice: Samples
    seconds: float


def interval(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's interval of 95 % of a share."""
    share, z = hits / trials, 1.96
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    away = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - away), min(1.0, middle + away)


def _told(name: str, hits: int, trials: int) -> float:
    low, high = interval(hits, trials)
    print(f"  {name:36}{hits:4} of {trials:4}  {hits / trials:6.1%}  ({low:.1%} to {high:.1%})")
    return hits / trials


def run() -> int:
    """Measures all trials; 1 when a figure is not reached, 2 without recordings."""
    chance = np.random.default_rng(1)
    found: list[Clip] = []
    for whose, sound in clips():
        for heard, elsewhere in ((sound, False), (in_a_noisy_room(sound, chance), True)):
            voice, seconds = print_of(heard)
            found.append(Clip(whose, elsewhere, voice, seconds))
    if not found:
        print(f"Not measured: {SPEECH_VARIABLE} names no folder with recordings.")
        return 2
    remembered = [clip for clip in found if not clip.elsewhere]
    names = sorted({clip.whose for clip in found})
    print(f"{len(remembered)} clips of {CLIP:g} s of {len(names)} voices")
    true = wrong = trials = stranger_wrong = strangers = 0
    for place, clip in enumerate(found):
        others = [one for at, one in enumerate(remembered) if at != place // 2]
        memory = {
            name: np.sum([one.voice * one.seconds for one in others if one.whose == name], axis=0)
            for name in names
            if any(one.whose == name for one in others)
        }
        for known in (memory, {name: one for name, one in memory.items() if name != clip.whose}):
            prints = np.array([one / np.linalg.norm(one) for one in known.values()], dtype=np.float32)
            (answer,) = recognise(clip.voice[None], [clip.seconds], prints)
            name = list(known)[answer.known] if answer else ""
            if clip.whose in known:
                trials += 1
                true += name == clip.whose
                wrong += bool(name) and name != clip.whose
            else:
                strangers += 1
                stranger_wrong += bool(name)
    good = _told("true name suggested", true, trials) >= LEAST_TRUE
    good &= _told("another's name suggested", wrong, trials) <= MOST_WRONG
    good &= _told("a stranger was given a name", stranger_wrong, strangers) <= MOST_WRONG
    good &= _told("a wrong name in all trials", wrong + stranger_wrong, trials + strangers) <= MOST_WRONG
    return 0 if good and trials + strangers >= FEWEST else 1
