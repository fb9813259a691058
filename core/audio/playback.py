"""Playing a meeting: from any second, at any speed, without pauses. A job feeds an `Output`, any thread steers it."""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from core.audio import media
from core.audio.media import Samples
from core.audio.output import Output, open_output
from core.audio.tempo import Tempo
from core.values import Job, Playing

SLOWEST, FASTEST = 0.5, 3.0

AHEAD_SECONDS = 0.4
"""How much is decoded before it is heard: what a busy machine may keep this job waiting."""

PIECE_SECONDS = 0.1

STEP_SECONDS = 0.03
"""How long one step of the job waits: no longer may stopping it take."""

REST_SECONDS = 30.0
"""After so long a pause the sound device is given back."""

BEFORE, AFTER = 0.25, 0.4
"""Seconds that stay of a pause, before and after what is said."""

LONG_PAUSE = 20.0
"""Seconds from which on a pause is jumped over in the file; a shorter one is decoded and left out."""

Span = tuple[float, float]
Feed = Iterator[tuple[float, Samples]]


def spoken(said: Iterable[Span]) -> tuple[Span, ...]:
    """The stretches that are heard where pauses are skipped: those in which something is `said`, with some air.

    They are in order, and those that meet are one.
    """
    joined: list[Span] = []
    for start, end in sorted(said):
        begin, stop = max(0.0, start - BEFORE), end + AFTER
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((begin, stop))
    return tuple(joined)


class Playback:
    """One meeting's sound, to be played. `run` is the job that plays; everything else may be called from any thread.

    `duration` is in seconds. Begins paused at second `place`.
    """

    def __init__(self, path: Path, duration: float, place: float = 0.0) -> None:
        self._path = path
        self._duration = duration
        self._changed = threading.Condition()
        self._paused = True
        self._speed = 1.0
        self._volume = 1.0
        self._skips: tuple[Span, ...] | None = None
        self._place = min(max(0.0, place), duration)
        self._jump = True
        self._ended = False
        self._output: Output | None = None
        # Where in the meeting stretches of the written samples begin: (sample, second, seconds per second played).
        self._runs: list[tuple[int, float, float]] = []

    # --- asked by any thread -----------------------------------------------------------------------

    @property
    def second(self) -> float:
        """The second of the meeting that is heard now."""
        with self._changed:
            return self._heard()

    @property
    def paused(self) -> bool:
        """Whether it holds still."""
        return self._paused

    def play(self, second: float | None = None) -> None:
        """Goes on, at `second` where one is given; from the beginning where it had come to the end."""
        with self._changed:
            if second is not None:
                self._go_to(second)
            elif self._heard() >= self._duration - STEP_SECONDS:
                self._go_to(0.0)
            self._paused = False
            self._changed.notify_all()

    def pause(self) -> None:
        """Holds still."""
        with self._changed:
            self._paused = True
            self._changed.notify_all()

    def seek(self, second: float) -> None:
        """Goes on at another second, or will when it plays."""
        with self._changed:
            self._go_to(second)
            self._changed.notify_all()

    def use(self, *, speed: float, volume: float, skips: tuple[Span, ...] | None) -> None:
        """Plays at this speed and loudness (0 to 1), and of the stretches in `skips` only, where there are any.

        `skips` is what `spoken` gives; None plays everything.
        """
        with self._changed:
            speed = min(max(SLOWEST, speed), FASTEST)
            self._volume = volume
            if self._output:
                self._output.volume = volume
            if speed != self._speed or skips != self._skips:
                place = self._heard()
                self._speed, self._skips = speed, skips
                self._go_to(place)
            self._changed.notify_all()

    def _go_to(self, second: float) -> None:
        self._place = min(max(0.0, second), self._duration)
        self._jump = True
        self._ended = False
        self._runs = []

    def _heard(self) -> float:
        if self._jump or not self._output or not self._runs:
            return self._place
        heard = self._output.heard()
        sample, second, factor = self._runs[
            max(0, bisect_right(self._runs, heard, key=lambda run: run[0]) - 1)
        ]
        passed = max(0, heard - sample) / self._output.rate * factor
        return min(second + passed, self._duration)

    # --- the job -----------------------------------------------------------------------------------

    def run(self) -> Job[None]:
        """Plays until it has rested for `REST_SECONDS`; tells `Playing` several times a second.

        Raises as `media.sound`.
        """
        feed: Feed | None = None
        rested = time.monotonic()
        output = open_output()
        try:
            self._use_output(output)
            while True:
                if not output.works:
                    output.close()
                    output = open_output()
                    self._use_output(output)
                with self._changed:
                    if self._jump:
                        output.drop()
                        feed = self._feed(self._place, self._speed, output.rate)
                        self._jump = False
                        self._runs = []
                    paused = self._paused
                output.pause(paused=paused)
                if not paused:
                    rested = time.monotonic()
                    feed = self._fed(feed, output)
                elif time.monotonic() > rested + REST_SECONDS:
                    return
                output.advance()
                yield self._state(output)
                self._wait(output, feed is not None)
        finally:
            with self._changed:
                self._place = self._heard()
                self._jump, self._output = True, None
            output.close()

    def _use_output(self, output: Output) -> None:
        with self._changed:
            self._place = self._heard()
            output.volume = self._volume
            self._output = output
            self._jump = True

    def _state(self, output: Output) -> Playing:
        with self._changed:
            return Playing(self._heard(), self._paused, self._ended, output.silent)

    def _wait(self, output: Output, more: bool) -> None:
        """Waits a step, unless there is something to do at once."""
        with self._changed:
            full = output.waiting >= AHEAD_SECONDS * output.rate
            if not self._jump and (self._paused or full or not more):
                self._changed.wait(STEP_SECONDS)

    def _fed(self, feed: Feed | None, output: Output) -> Feed | None:
        """Gives the output its next piece where it needs one; None where there is no more."""
        if feed is None:
            if not output.waiting:
                with self._changed:
                    if not self._jump:
                        self._place, self._paused, self._ended, self._runs = self._duration, True, True, []
            return None
        if output.waiting >= AHEAD_SECONDS * output.rate:
            return feed
        piece = next(feed, None)
        if piece is None:
            return None
        second, samples = piece
        with self._changed:
            if not self._jump:
                expected = self._expected(output)
                if expected is None or abs(second - expected) > PIECE_SECONDS / 10:
                    self._runs.append((output.given, second, self._speed))
                output.write(samples)
        return feed

    def _expected(self, output: Output) -> float | None:
        """The second at which the next sample goes on without a jump."""
        if not self._runs:
            return None
        sample, second, factor = self._runs[-1]
        return second + (output.given - sample) / output.rate * factor

    def _feed(self, start: float, speed: float, rate: int) -> Feed:
        """What is to be heard from second `start` on, each piece with the second at which it begins."""
        reader = _Reader(self._path, rate)
        for begin, end in self._stretches(start):
            tempo = Tempo(rate, speed)
            second = begin
            for samples in reader.read(begin, end):
                stretched = tempo.stretched(samples)
                if len(stretched):
                    yield second, stretched
                    second += len(stretched) / rate * speed
            yield second, tempo.rest()

    def _stretches(self, start: float) -> list[Span]:
        if self._skips is None:
            return [(start, self._duration)]
        left = [(max(begin, start), end) for begin, end in self._skips if end > start]
        return left or [(start, self._duration)]


class _Reader:
    """Reads stretches of a file in their order; one that is near the one before without entering the file anew."""

    def __init__(self, path: Path, rate: int) -> None:
        self._path = path
        self._rate = rate
        self._sound: Iterator[Samples] = iter(())
        self._at = -1  # the sample that `_left` begins with
        self._left = np.zeros(0, dtype=np.float32)

    def read(self, begin: float, end: float) -> Iterator[Samples]:
        """Its sound from one second to another, in pieces of about `PIECE_SECONDS`; less where the file ends."""
        first, last = round(begin * self._rate), round(end * self._rate)
        if not 0 <= self._at <= first <= self._at + LONG_PAUSE * self._rate:
            self._sound = media.sound(self._path, begin, self._rate)
            self._at, self._left = first, self._left[:0]
        while self._at < last:
            piece = self._next()
            if piece is None:
                return
            kept = piece[max(0, first - self._at) : last - self._at]
            self._left = piece[max(0, last - self._at) :]
            self._at += len(piece) - len(self._left)
            if len(kept):
                yield kept

    def _next(self) -> Samples | None:
        if len(self._left):
            return self._left
        pieces: list[Samples] = []
        while sum(map(len, pieces)) < PIECE_SECONDS * self._rate:
            piece = next(self._sound, None)
            if piece is None:
                break
            pieces.append(piece)
        return np.concatenate(pieces) if pieces else None
