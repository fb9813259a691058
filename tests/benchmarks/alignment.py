"""How far apart two sources come to lie in an hour of recording, whose clocks differ by 200 millionths.

The sources are scripted: a mark in both at the same second of every minute, and blocks that arrive late in bursts,
as they do on a busy machine. Also measured: the time it takes, and the memory.
"""

from __future__ import annotations

import heapq
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.audio.timeline import Timeline

ALLOWED = 0.05
"""Seconds that a mark may be apart in the two channels."""

MOST_WORK = 0.01
"""The share of one core that joining two sources may take."""

STARTED = 1000.0
"""The monotonic second at which the sources begin."""

ASKED_EVERY = 0.1
"""Seconds between two looks at what the timeline has."""

Samples = NDArray[np.float32]

Block = tuple[float, float, Samples]
"""When it arrives, when it claims to have been heard, and its sound."""


@dataclass(frozen=True, slots=True)
class Scripted:
    """A source whose clock runs `drift` too fast, in blocks of `block` seconds, with marks at `marks` (true seconds).

    `delay` is the mean of every block's own delay. Bursts: about every second the machine holds all blocks back
    for 10 to 100 ms. Stalls: in about every second minute for 400 ms.
    """

    seed: int
    drift: float
    seconds: float
    marks: tuple[float, ...]
    rate: int = 48_000
    block: float = 0.02
    delay: float = 0.002
    stall: float = 0.4

    def blocks(self) -> Iterator[Block]:
        """Each block as it arrives."""
        chance = np.random.default_rng(self.seed)
        frames = round(self.block * self.rate)
        true_rate = self.rate * (1 + self.drift)
        held_until = arrived = 0.0
        for first in range(0, int(self.seconds * true_rate), frames):
            spoken = (first + frames) / true_rate
            if chance.random() < self.block:
                held_until = max(held_until, spoken + chance.uniform(0.01, 0.1))
            if self.stall and chance.random() < self.block / 120:
                held_until = spoken + self.stall
            arrived = max(arrived, held_until, spoken + chance.exponential(self.delay))
            yield STARTED + arrived, STARTED + arrived - self.block, self._sound(first, frames, true_rate)

    def _sound(self, first: int, frames: int, true_rate: float) -> Samples:
        sound = np.zeros(frames, np.float32)
        for mark in self.marks:
            if first - 1 <= (mark + 0.01) * true_rate and (mark - 0.01) * true_rate <= first + frames:
                since = (first + np.arange(frames)) / true_rate - mark
                sound += (np.exp(-((since / 0.002) ** 2)) * np.cos(2 * np.pi * 1000 * since)).astype(
                    np.float32
                )
        return sound


def joined(timeline: Timeline, rate: int, *channels: Iterable[Block]) -> Iterator[Samples]:
    """What the timeline gives while the blocks of its channels, of `rate` Hz, arrive."""
    asked = STARTED

    def of(channel: int, blocks: Iterable[Block]) -> Iterator[tuple[float, int, float, Samples]]:
        for arrived, at, sound in blocks:
            yield arrived, channel, at, sound

    for now, channel, at, sound in heapq.merge(
        *(of(*one) for one in enumerate(channels)), key=lambda block: block[:2]
    ):
        while asked + ASKED_EVERY <= now:
            asked += ASKED_EVERY
            yield timeline.take(asked)
        timeline.add(channel, at, sound, rate)


def found(sound: Samples, rate: int, marks: tuple[float, ...], within: float = 0.5) -> list[float]:
    """Where the marks lie in one channel, in seconds: the middle of the energy around the loudest sample near each."""
    places = []
    for mark in marks:
        start = max(0, round((mark - within) * rate))
        near = sound[start : round((mark + within) * rate)].astype(float) ** 2
        loudest = int(near.argmax())
        around = slice(max(0, loudest - rate // 100), loudest + rate // 100)
        at = np.arange(len(near))[around]
        places.append((start + float((near[around] * at).sum() / max(near[around].sum(), 1e-12))) / rate)
    return places


def run() -> int:
    """Prints how far apart the marks of an hour lie; 1 when one is more than `ALLOWED`, or it takes too long."""
    hour, rate = 3600.0, 48_000
    marks = tuple(60.0 * minute + 30 for minute in range(60))
    sources = [Scripted(1, 100e-6, hour, marks), Scripted(2, -100e-6, hour, marks)]
    timeline = Timeline(2, rate)
    apart: list[float] = []
    memory: list[float] = []
    given = 0
    tail = np.zeros((0, 2), np.float32)
    tracemalloc.start()
    for sound in joined(timeline, rate, *(source.blocks() for source in sources)):
        tail = np.concatenate([tail, sound])[-4 * rate :]
        given += len(sound)
        if len(apart) < len(marks) and given > (marks[len(apart)] + 1) * rate:
            second = marks[len(apart)] - (given - len(tail)) / rate
            mine, theirs = (found(tail[:, channel], rate, (second,))[0] for channel in (0, 1))
            apart.append(theirs - mine)
            memory.append(tracemalloc.get_traced_memory()[0] / 1e6)
    tracemalloc.stop()
    worst = max(map(abs, apart))

    # The time of the joining alone: the same minute's blocks, made before.
    short = [list(Scripted(seed, drift, 60.0, ()).blocks()) for seed, drift in ((1, 100e-6), (2, -100e-6))]
    timed = Timeline(2, rate)
    work = 0.0
    for ours, others in zip(*short, strict=False):
        began = time.process_time()
        timed.add(0, ours[1], ours[2], rate)
        timed.add(1, others[1], others[2], rate)
        timed.take(max(ours[0], others[0]))
        work += time.process_time() - began
    work /= 60.0
    print(
        "alignment: two sources of 48 kHz, +100 and -100 millionths, blocks of 20 ms late in bursts, one hour"
    )
    print(
        f"  marks apart        largest {1000 * worst:.1f} ms of {len(apart)}, last {1000 * apart[-1]:+.1f} ms"
    )
    print(f"  given              {given / rate:.3f} s, {timeline.gaps} gaps")
    print(
        f"  memory             {memory[0]:.1f}, {memory[len(memory) // 2]:.1f}, {memory[-1]:.1f} MB: start, middle, end"
    )
    print(f"  work               {work:.2%} of a core")
    if worst > ALLOWED or timeline.gaps or len(apart) < len(marks) or work > MOST_WORK:
        print("  not good enough")
        return 1
    return 0
