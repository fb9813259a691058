"""Several sources, each on its own clock, joined into one stream whose seconds are true.

A device's clock is off by up to 100 millionths or so, and the time stamps of its blocks say more than when
they were heard: being late somewhere on the way only ever adds to them. So the clock of a source is read
from the earliest of its recent blocks. The first channel passes through as it is and its clock is the
stream's; the sound of the others is stretched by so little that nobody hears it.

Nothing here looks at a clock or waits: seconds come in as arguments, from one monotonic clock.
"""

from __future__ import annotations

import math
from collections import deque
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

WAIT = 0.7
"""For so many seconds a late source is waited for. Together with the writing it keeps below a second what a
killed process takes with it."""

SETTLE = 0.4
"""The clock of a source that comes, or that seems to have jumped, is read from so many seconds of its blocks.
Less than `WAIT`, so that its first sound is still in time."""

LATE = 0.15
"""Where a block comes more seconds late than this, sound may be missing before it; the blocks after it tell. Less
than this is made up by stretching."""

EARLY = 0.25
"""A block that is more seconds early than this shows that the clock jumped, not that the first blocks were late."""

RECENT = 10
"""The earliest block of so many seconds stands for a source's clock: long enough that one of them came without
delay, so short that a clock that is off by 100 millionths has moved on by a thousandth of a second only."""

CLOSING = 20.0
"""A difference between two clocks is closed at the speed at which it would take so many seconds, so 200 millionths
of drift leave 4 ms."""

SMOOTH = 4.0
"""Seconds in which the speed follows: a fifth of `CLOSING` keeps it from swinging."""

GENTLE, FIRM = 500e-6, 3000e-6
"""The most the speed changes: less than a hundredth of a semitone, and where more than `APART` seconds are to be made
up, a twentieth, which is the least difference in pitch that trained ears hear (about 5 cents)."""

APART = 0.04

MOST = 60
"""So many seconds are held at most, of a source and in one answer."""

HALF = 16
"""Samples on either side from which one between them is made."""

CUTOFF, SHAPE = 0.94, 6.0
"""The band that is kept, and Kaiser's window for it (β): with `HALF`, flat up to 80 % of the band and 60 dB down
from 106 % on."""

PHASES = 2048
"""Places between two samples that are told apart; the rounding is heard 70 dB below a tone of 8 kHz."""

Samples = NDArray[np.float32]


class Timeline:
    """Joins `channels` mono sources into one stream of `rate` Hz that begins with the first sound of any.

    `gaps` counts the places where sound of a source that had been there is missing.
    """

    def __init__(self, channels: int, rate: int) -> None:
        self.gaps = 0
        self._rate = rate
        self._sources = [_Source(rate, leads=channel == 0) for channel in range(channels)]
        self._zero: float | None = None  # the monotonic second of frame 0, by the clock of the first channel
        self._given = 0
        # Frames that are left out, in order: from, to (infinity while it goes on).
        self._cuts: deque[tuple[int, float]] = deque()

    def add(self, channel: int, at: float, block: Samples, rate: int) -> None:
        """Takes in the mono float32 `block` of `rate` Hz, whose first frame was heard at monotonic second `at`.

        Blocks of one source come in order, hold nothing but numbers, and are kept: nobody changes them afterwards.
        An empty one is nothing.
        """
        source = self._sources[channel]
        source.there = True
        if not len(block):
            return
        if rate != source.rate:
            self._place(source)
            source.begin(rate)
        source.hear(at, block)
        if source.on_time():
            source.go_on()
        elif source.has_waited(at, 0.0 if len(self._sources) == 1 and not source.end else SETTLE):
            self._place(source)
        if source.placed and self._zero is not None:
            if source is self._sources[0]:
                self._zero -= source.apart(self._zero)
            else:
                source.follow(self._zero, len(block) / rate)

    def _place(self, source: _Source) -> None:
        """Puts what waits where its time is."""
        if not source.waiting:
            return
        if self._zero is None:
            self._zero = min(one.earliest for one in self._sources if one.waiting)
        self.gaps += source.place(self._zero)

    def take(self, now: float) -> Samples:
        """What is certain by second `now` and was not given before, silence where nothing was heard.

        float32, shape (frames, channels); at most `MOST` seconds, the rest with the next call. A source that is
        there and late is waited for until `WAIT` seconds before `now`, one that is lost is not. So, at the end of a
        recording, `take(now + WAIT)` gives everything until `now`.
        """
        for source in self._sources:
            if source.has_waited(now, WAIT):
                self._place(source)
        target = self._frame(now - WAIT)
        if there := [source.end for source in self._sources if source.there]:
            target = max(target, min(there))
        # What claims to be heard later than now is not believed.
        target = min(target, self._frame(now + WAIT))
        given = [np.zeros((0, len(self._sources)), np.float32)]
        room = MOST * self._rate
        for start, end in self._kept(target) if self._zero is not None else ():
            self._given = min(end, start + room)
            given.append(self._give(start, self._given))
            room -= self._given - start
        if room and self._zero is not None:
            self._given = max(self._given, target)
        for source in self._sources:
            source.forget(self._given)
        return np.concatenate(given)

    def _give(self, start: int, end: int) -> Samples:
        given = np.zeros((end - start, len(self._sources)), np.float32)
        for channel, source in enumerate(self._sources):
            self.gaps += source.fill(given[:, channel], start)
        return given

    def _kept(self, target: int) -> list[tuple[int, int]]:
        """The stretches between what was given and `target` that no cut takes away."""
        while self._cuts and self._cuts[0][1] <= self._given:
            self._cuts.popleft()
        edges = [float(self._given), *(edge for cut in self._cuts for edge in cut), float(target)]
        inside = [int(min(max(edge, self._given), target)) for edge in edges]
        return [(start, end) for start, end in zip(inside[::2], inside[1::2], strict=True) if start < end]

    def _frame(self, second: float) -> int:
        """The frame that is heard at a monotonic second."""
        return round((second - (self._zero or 0.0)) * self._rate)

    def lost(self, channel: int) -> None:
        """The source is gone, and not waited for until its next block; that is placed by its time."""
        source = self._sources[channel]
        self._place(source)
        source.begin(0)
        source.there = False

    def pause(self, now: float) -> None:
        """What is heard from second `now` on is left out; what was heard before it may still come."""
        if not self._paused:
            self._cut(0 if self._zero is None else self._frame(now), math.inf)

    def resume(self, now: float) -> None:
        """What is heard from second `now` on is kept again."""
        if self._paused:
            start, _ = self._cuts.pop()
            if self._zero is not None:
                self._cut(start, self._frame(now))

    @property
    def _paused(self) -> bool:
        return bool(self._cuts) and self._cuts[-1][1] == math.inf

    def skip(self, now: float) -> None:
        """The machine slept until second `now`: the time since the last sound is left out, not filled with silence."""
        for source in self._sources:
            self._place(source)
        last = max(source.end for source in self._sources)
        if self._zero is not None and not self._paused and last < self._frame(now):
            for source in self._sources:
                if self._given <= source.end < last < source.end + MOST * self._rate:
                    source.pad(last)  # it was heard a little less long, which is no gap
            self._cut(last, self._frame(now))

    def _cut(self, start: int, end: float) -> None:
        start = max(start, self._given, *(int(cut[1]) for cut in self._cuts))
        if start < end:
            self._cuts.append((start, end))


class _Source:
    """One source: what it delivered, where its clock stands, and its sound as frames of the stream.

    One that `leads` passes through as it is, at the nominal ratio of the rates.
    """

    def __init__(self, out_rate: int, *, leads: bool) -> None:
        self.there = True
        self.end = 0
        """The frame of the stream after its last sound."""
        self._leads = leads
        self._out_rate = out_rate
        self._pieces: deque[tuple[int, Samples]] = deque()  # (first frame, sound), in order
        self._held = 0
        self._whole = False  # whether the last frame given was its sound, not silence in its place
        self.begin(0)

    def begin(self, rate: int) -> None:
        """What comes next is a new beginning, of `rate` Hz."""
        self.rate = rate
        self.placed = False
        self.waiting: list[Samples] = []
        self.earliest = math.inf
        """The least second at which sample 0 was heard, by the blocks that wait."""
        self._first = 0.0  # when the first block that waits was heard, by its own word
        self._last = 0.0  # the same of the last block
        self._start = 0.0  # when sample 0 was heard, by the last block
        self._count = 0  # samples delivered
        self._recent: deque[tuple[int, float]] = deque()  # (second, the least `_start` of its blocks)
        self._stretch: _Stretch | None = None
        self._next = 0.0  # the sample that is heard at `end`
        self._speed = 0.0  # by how much faster than the nominal rates say it is played

    def hear(self, at: float, sound: Samples) -> None:
        """Takes a block; it waits until it is clear where it belongs."""
        self._last, self._start = at, at - self._count / self.rate
        if not self.waiting:
            self._first, self.earliest = at, self._start
        self.earliest = min(self.earliest, self._start)
        self.waiting.append(sound)
        self._count += len(sound)

    def has_waited(self, now: float, seconds: float) -> bool:
        """Whether a block waits since `seconds` before `now`, or very much does."""
        return bool(self.waiting) and (
            now - self._first >= seconds or sum(map(len, self.waiting)) > MOST * self.rate
        )

    def on_time(self) -> bool:
        """Whether the last block belongs right after the one before it, and with it all that wait."""
        return self.placed and -EARLY <= self._start - self._clock() <= LATE

    def _clock(self) -> float:
        """When sample 0 was heard, as the clock runs now."""
        return min(start for _, start in self._recent)

    def go_on(self) -> None:
        """Puts what waits right after the sound before it."""
        second, start = self._recent[-1]
        if second >= int(self._last):
            self._recent[-1] = (second, min(start, self._start))
        else:
            self._recent.append((int(self._last), self._start))
        while self._recent[0][0] <= int(self._last) - RECENT:
            self._recent.popleft()
        self._put()

    def place(self, zero: float) -> bool:
        """Puts what waits where its time is, `zero` being that of frame 0; whether that is over earlier sound."""
        first = self._count - sum(map(len, self.waiting))
        exact = (self.earliest + first / self.rate - zero) * self._out_rate
        self._recent = deque([(int(self._last), self.earliest)])
        self.placed = True
        ratio = self.rate / self._out_rate
        if self._leads and ratio == 1:
            frame, ahead = round(exact), 0.0
        else:
            frame = math.ceil(exact)
            ahead = (frame - exact) * ratio
            self._stretch = _Stretch(ratio, ahead)
        self._next = first + ahead
        over = frame < self.end
        while self._pieces and self._pieces[-1][0] + len(self._pieces[-1][1]) > frame:
            start, sound = self._pieces.pop()
            self._held -= len(sound)
            if start < frame:
                self._keep(start, sound[: frame - start])
        self.end = frame
        self._put()
        return over

    def _put(self) -> None:
        step = self.rate / self._out_rate * (1 + self._speed)
        for sound in self.waiting:
            heard = sound if self._stretch is None else self._stretch.feed(sound, step)
            self._next += len(heard) * step
            # More than is ever waited for: nobody takes it, or its time is far ahead.
            if self._held < MOST * self._out_rate:
                self._keep(self.end, heard)
            self.end += len(heard)
        self.waiting = []

    def _keep(self, start: int, sound: Samples) -> None:
        self._pieces.append((start, sound))
        self._held += len(sound)

    def pad(self, frame: int) -> None:
        """Puts silence after its sound, up to `frame`."""
        self._keep(self.end, np.zeros(frame - self.end, np.float32))
        self.end = frame

    def apart(self, zero: float) -> float:
        """How many seconds after its time its sound is put, by the clock whose frame 0 is heard at `zero`."""
        return self.end / self._out_rate + zero - self._clock() - self._next / self.rate

    def follow(self, zero: float, seconds: float) -> None:
        """Changes the speed, as is right after `seconds` more of sound, so that it comes nearer to its time."""
        apart = self.apart(zero)
        if abs(apart) > 2 * EARLY:
            self.begin(self.rate)  # no stretching helps: the next blocks are placed by their time
            return
        most = FIRM if abs(apart) > APART else GENTLE
        wanted = min(max(apart / CLOSING, -most), most)
        self._speed += (wanted - self._speed) * -math.expm1(-seconds / SMOOTH)

    def fill(self, given: Samples, first: int) -> int:
        """Copies its sound from frame `first` on into `given`; in how many places it begins to be missing."""
        missing = 0
        reached, end = first, first + len(given)
        while self._pieces and self._pieces[0][0] < end:
            start, sound = self._pieces[0]
            stop = start + len(sound)
            if stop > reached:
                missing += self._whole and start > reached
                start_here, reached_here = max(start, reached), min(stop, end)
                given[start_here - first : reached_here - first] = sound[
                    start_here - start : reached_here - start
                ]
                self._whole, reached = True, reached_here
            if stop > end:
                break
            self.forget(stop)
        if reached < end:
            missing += self._whole
            self._whole = False
        return missing

    def forget(self, frame: int) -> None:
        """Lets go of what ends before `frame`."""
        while self._pieces and self._pieces[0][0] + len(self._pieces[0][1]) <= frame:
            self._held -= len(self._pieces.popleft()[1])


class _Stretch:
    """Sound at another rate, continuous over blocks and changes of speed; it begins `ahead` of the first block."""

    def __init__(self, ratio: float, ahead: float) -> None:
        self._table = _table(ratio)
        self._half = self._table.shape[1] // 2
        self._sound = np.zeros(self._half - 1, np.float32)
        self._place = self._half - 1 + ahead  # in `_sound`, of the next sample to make

    def feed(self, block: Samples, step: float) -> Samples:
        """What can be made with `block`, one sample for every `step` of its own; the rest needs the next block."""
        sound = np.concatenate((self._sound, block))
        frames = math.ceil((len(sound) - self._half - self._place) / step)
        if frames <= 0:
            self._sound = sound
            return sound[:0]
        places = self._place + step * np.arange(frames)
        # By rounding, the last place may be the sample that is still to come; the table goes that far.
        whole = np.minimum(places.astype(np.intp), len(sound) - self._half - 1)
        phases = ((places - whole) * PHASES + 0.5).astype(np.intp)
        pieces = sliding_window_view(sound, 2 * self._half)[whole - (self._half - 1)]
        made: Samples = np.einsum("ij,ij->i", pieces, self._table[phases])
        self._place += step * frames
        done = min(int(self._place) - (self._half - 1), len(sound))
        self._sound = sound[done:]
        self._place -= done
        return made


@cache
def _table(ratio: float) -> Samples:
    """The weights of the samples around a place between two of them: shape (phases, samples)."""
    half = math.ceil(HALF * max(1.0, ratio))
    cutoff = CUTOFF / max(1.0, ratio)
    apart = np.arange(1 - half, half + 1) - np.arange(PHASES + 1)[:, None] / PHASES
    window = np.i0(SHAPE * np.sqrt(np.clip(1 - (apart / half) ** 2, 0, 1)))
    weights = np.sinc(cutoff * apart) * window
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)
