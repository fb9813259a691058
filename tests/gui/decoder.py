"""A speech engine that says what a test wants, when it wants it."""

from __future__ import annotations

import math
import threading

from core.speech import Batch
from core.values import Segment

SPOKEN = ("We move the release to April.", "Daniel sends the test report by Friday.", "Thank you all.")


class Decoder:
    """Stands in for the engine, so that a test decides when text comes: one segment per `step`."""

    def __init__(self) -> None:
        self.may_go = threading.Semaphore(0)
        self.starts: list[float] = []
        self.asked = 0

    def listener(self, *_: object, start: float, **_more: object) -> Listener:
        self.starts.append(start)
        return Listener(self, start)


class Listener:
    """What a decoder hears of a meeting: `SPOKEN`, ten seconds apart, whatever its sound is."""

    language = "en"

    def __init__(self, decoder: Decoder, start: float) -> None:
        self._decoder = decoder
        self.reached = start

    @property
    def settled(self) -> float:
        return self.reached if self.ready() else math.inf

    def hear(self, _block: object) -> None:
        return

    def end(self) -> None:
        return

    def ready(self) -> bool:
        return self.reached < 10.0 * len(SPOKEN)

    def batch(self) -> Batch:
        self._decoder.asked += 1
        self._decoder.may_go.acquire()
        begin, self.reached = self.reached, self.reached + 10.0
        return Batch((Segment(begin, begin + 8, SPOKEN[round(begin / 10)]),), self.reached, "en", ())
