"""Stretches of time in which somebody is heard: what is left of some outside others, and what they have in common."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one second to another somebody is heard: a voice by its number, or a speaker by the id."""

    start: float
    end: float
    who: int


def without(stretches: Iterable[Stretch], others: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is left of the stretches outside the others."""
    covered: list[tuple[float, float]] = []
    for other in sorted(others, key=lambda other: other.start):
        if covered and other.start <= covered[-1][1]:
            covered[-1] = (covered[-1][0], max(covered[-1][1], other.end))
        else:
            covered.append((other.start, other.end))
    begins = [begin for begin, _end in covered]
    for one in stretches:
        start = one.start
        place = max(0, bisect_right(begins, start) - 1)
        while place < len(covered) and covered[place][0] < one.end:
            begin, end = covered[place]
            if begin > start:
                yield replace(one, start=start, end=begin)
            start = max(start, end)
            place += 1
        if start < one.end:
            yield one if start == one.start else replace(one, start=start)


def seconds_of(stretches: Iterable[Stretch]) -> dict[int, float]:
    """For how long each is heard."""
    found: dict[int, float] = defaultdict(float)
    for one in stretches:
        found[one.who] += one.end - one.start
    return found


def in_common(some: Sequence[Stretch], others: Sequence[Stretch]) -> dict[tuple[int, int], float]:
    """For how many seconds each of the ones is heard at the same time as each of the others."""
    found: dict[tuple[int, int], float] = defaultdict(float)
    waiting = sorted(others, key=lambda one: -one.start)
    near: list[Stretch] = []
    for one in sorted(some, key=lambda one: one.start):
        while waiting and waiting[-1].start < one.end:
            near.append(waiting.pop())
        near = [other for other in near if other.end > one.start]
        for other in near:
            common = min(one.end, other.end) - max(one.start, other.start)
            if common > 0:
                found[one.who, other.who] += common
    return found
