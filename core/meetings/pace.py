"""How long a transcription still takes, from how fast speech was heard and how much of the sound is speech.

Silence costs next to nothing, so that seconds of sound per second say little about a meeting with long pauses. What is
still to come is taken to be as full of speech as what was heard. Only time in which the job works counts: neither that
in which another goes first, nor that in which the machine sleeps.
"""

from __future__ import annotations

import time
from collections import deque
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

from core.values import Job

_T = TypeVar("_T")

MEMORY = 120.0
"""Seconds of work from which the speed is taken. Over less than that it changes by a fifth with what is said."""

RECENT = 15.0
"""The last of them: where these went at another speed, as when another program began to work, they alone count."""

OTHER_SPEED = 1.5
"""How many times as fast or as slow as before that is."""

TRUSTED = 20.0
"""Seconds of work after which what was seen of the model in other meetings counts no more."""

ASLEEP = 30.0
"""Seconds from which on a step in which the machine may have slept is left out, if it is `OVERLONG` as well."""

OVERLONG = 10.0
"""How many times as long as the longest step so far."""

STEADY = 0.06
"""The share of itself by which an estimate changes before another is told than the last one, counted down."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Seconds of work, and those of speech and of sound that were heard in it."""

    work: float
    spoken: float
    sound: float


class Pace:
    """The pace of one transcription, to the second `end` of its sound, from the second `reached` on."""

    def __init__(self, reached: float, end: float, seen: float | None = None) -> None:
        """`seen` is how many seconds of sound its model heard in one of work, in other meetings."""
        self._end = end
        self._reached = reached
        self._seen = seen
        self._steps: deque[_Step] = deque()
        self._spoken = self._sound = self._longest = 0.0
        self._work = self._worked = 0.0
        self._said = 0.0
        self._since: float | None = None
        self._told: tuple[float, float] | None = None

    def timed(self, job: Job[_T]) -> Job[_T]:
        """`job`, with the time that it works counted."""
        with closing(job):
            while True:
                self._since = time.monotonic()
                try:
                    event = next(job)
                except StopIteration as end:
                    result: _T = end.value
                    return result
                finally:
                    self._count()
                    self._since = None
                yield event

    def heard(self, spoken: float) -> None:
        """Notes that so many seconds of speech became text."""
        self._said += spoken

    def seconds_left(self, reached: float) -> float | None:
        """The seconds of work still needed at second `reached`; None before anything is known."""
        self._count()
        if reached > self._reached:
            self._note(_Step(self._work, self._said, reached - self._reached))
            self._reached, self._work, self._said = reached, 0.0, 0.0
        left = self._estimate(max(0.0, self._end - reached))
        if left is None:
            return None
        if self._told:
            told, at = self._told
            counted = max(0.0, told - (self._worked - at))
            if abs(left - counted) <= STEADY * left:
                return counted
        self._told = left, self._worked
        return left

    def _count(self) -> None:
        if self._since is not None:
            now = time.monotonic()
            self._work += now - self._since
            self._worked += now - self._since
            self._since = now

    def _note(self, step: _Step) -> None:
        if self._longest and step.work > max(ASLEEP, OVERLONG * self._longest):
            return
        self._longest = max(self._longest, step.work)
        self._spoken += step.spoken
        self._sound += step.sound
        self._steps.append(step)
        while sum(one.work for one in self._steps) - self._steps[0].work > MEMORY:
            self._steps.popleft()
        recent: list[_Step] = []
        while len(recent) < len(self._steps) and sum(one.work for one in recent) < RECENT:
            recent.append(self._steps[-1 - len(recent)])
        now, all_of_it = _speed(recent), _speed(self._steps)
        if now and all_of_it and not 1 / OTHER_SPEED < now / all_of_it < OTHER_SPEED:
            self._steps = deque(reversed(recent))

    def _estimate(self, sound: float) -> float | None:
        """The seconds that this much more of the sound takes."""
        before = sound / self._seen if self._seen else None
        work = sum(step.work for step in self._steps)
        heard = sum(step.sound for step in self._steps)
        if not work or not heard:
            return before
        speed = _speed(self._steps)
        left = sound * (self._spoken / self._sound) / speed if speed else sound * work / heard
        if before is None or work >= TRUSTED:
            return left
        return before + (left - before) * work / TRUSTED


def _speed(steps: deque[_Step] | list[_Step]) -> float:
    """Seconds of speech heard per second of work; 0 where none was."""
    work = sum(step.work for step in steps)
    return sum(step.spoken for step in steps) / work if work else 0.0
