"""Who is heard when, by voice: a stream of sound becomes turns of voices that have no names yet.

Windows of ten seconds, every five, go through the network that hears who is active; what it says of the middle of
each counts. Of each stretch of about two seconds in which one voice is heard alone a voice print is made, and
`clustering` finds which of them are one voice. What is kept of a minute is some 20 kB, so the memory hardly grows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.speech import clustering, networks
from core.speech.filterbank import FRAME, SHIFT, features
from core.speech.networks import CENTRE, SAMPLE_RATE, STEP, VOICES, WINDOW

Samples = NDArray[np.float32]
Frames = NDArray[np.bool_]

HOP = WINDOW // 2
MARGIN = (WINDOW - HOP) // 2
"""Samples at either end of a window that the windows beside it hear better."""

STRETCH = 2.0
"""Seconds of a stretch that one print is made of: long enough to know a voice by, short enough to hold but one."""

BREATH = 0.4
"""Seconds for which a voice may be silent inside a stretch."""

LEAST_ALONE = 0.3
"""Seconds in which a voice is heard alone in a window, below which its print is made of all in which it is heard."""

LEAST_PRINT = 25
"""Frames of 10 ms of which a print can be made."""

PAUSE = 1.5
"""Seconds of silence inside one turn, where nobody else speaks meanwhile."""

SHORTEST = 0.15
"""Seconds of a turn; less is a noise."""

SECONDS_PER_FRAME = STEP / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class VoiceTurn:
    """From one second to another the voice number `voice` is heard."""

    start: float
    end: float
    voice: int


@dataclass(frozen=True, slots=True)
class Separated:
    """The turns of a stretch of sound, by time; two voices may be heard at once.

    `prints` (k, 192) are the voices, the one that is heard longest first; `seconds` of each were heard alone.
    """

    turns: tuple[VoiceTurn, ...]
    prints: Samples
    seconds: tuple[float, ...]


@dataclass(slots=True)
class _Window:
    """The middle of a window: its first frame in the stream, and which of its voices is heard in which frame."""

    first: int
    heard: Frames


@dataclass(slots=True)
class _Stretch:
    """Frames `first` to `last` of a window in which one of its voices is heard, and its print."""

    window: int
    voice: int
    first: int
    last: int
    seconds: float
    alone: bool
    print: Samples


class Separator:
    """Hears a stream of mono sound, float32 at 16 kHz, and tells at any time whose turns there were so far."""

    def __init__(self, start: float = 0.0) -> None:
        """The stream begins at second `start` of the meeting."""
        self._start = start
        self._sound = np.zeros(0, dtype=np.float32)
        self._begin = 0
        self._windows: list[_Window] = []
        self._stretches: list[_Stretch] = []

    @property
    def reached(self) -> float:
        """The second of the meeting up to which turns are known."""
        if not self._windows:
            return self._start
        last = self._windows[-1]
        return self._start + (last.first + len(last.heard)) * SECONDS_PER_FRAME

    def hear(self, block: Samples) -> None:
        """Takes what comes next in the stream. Raises `SpeakerModelDamaged`."""
        self._sound = np.concatenate([self._sound, block])
        # The last window of a stream counts to its end, so that one is only known not to be it when more has come.
        while len(self._sound) > WINDOW:
            self._window(last=False)

    def end(self) -> None:
        """Nothing comes any more."""
        while len(self._sound) > WINDOW:
            self._window(last=False)
        if len(self._sound):
            self._window(last=True)

    def separated(self, wanted: int | None = None) -> Separated:
        """The turns so far; `wanted` is how many voices there are, where somebody knows."""
        sure = clustering.Stretches(
            np.array([one.print for one in self._stretches], dtype=np.float32).reshape(-1, networks.PRINT),
            np.array([one.seconds if one.alone else 0.0 for one in self._stretches], dtype=np.float32),
            tuple(self._apart()),
        )
        prints = clustering.voices(sure, wanted)
        if not len(prints):
            return Separated((), prints, ())
        whose = self._whose(prints)
        seconds = np.bincount(whose, weights=sure.seconds, minlength=len(prints))
        return Separated(
            tuple(self._turns(whose, len(prints))), prints, tuple(round(float(one), 3) for one in seconds)
        )

    # --- hearing -----------------------------------------------------------------------------------

    def _window(self, *, last: bool) -> None:
        """Hears the window at the beginning of what is kept, and lets go of what no other one needs."""
        sound = self._sound[:WINDOW]
        heard = networks.activity(sound)
        middles = np.arange(len(heard)) * STEP + CENTRE
        begin = MARGIN if self._windows else 0
        end = len(sound) if last else WINDOW - MARGIN
        own = np.flatnonzero((middles >= begin) & (middles < end))
        self._windows.append(
            _Window(round(self._begin / STEP) + int(own[0]), heard[own])
            if len(own)
            else _Window(0, heard[:0])
        )
        if len(own):
            self._stretches += self._printed(sound, heard[own], int(own[0]))
        passed = len(sound) if last else HOP
        self._sound = self._sound[passed:].copy()
        self._begin += passed

    def _printed(self, sound: Samples, heard: Frames, offset: int) -> Iterator[_Stretch]:
        """The stretches of a window with their prints; `heard` begins at its frame `offset`."""
        first_sample = max(0, offset * STEP + CENTRE - FRAME)
        energies: Samples | None = None
        for voice in range(VOICES):
            alone = heard[:, voice] & (heard.sum(axis=1) == 1)
            enough = alone.sum() * SECONDS_PER_FRAME >= LEAST_ALONE
            used = alone if enough else heard[:, voice]
            for first, last in _cut(used):
                if energies is None:
                    energies = features(sound[first_sample:])
                # The frames of the filter bank whose middle lies in a frame in which the voice is heard.
                at = (np.arange(len(energies)) * SHIFT + FRAME // 2 + first_sample - CENTRE) / STEP - offset
                nearest = np.rint(at).astype(int)
                inside = (nearest >= first) & (nearest < last)
                chosen = energies[inside][used[nearest[inside]]]
                if len(chosen) >= LEAST_PRINT:
                    yield _Stretch(
                        len(self._windows) - 1,
                        voice,
                        first,
                        last,
                        float(used[first:last].sum()) * SECONDS_PER_FRAME,
                        bool(enough),
                        networks.voice_print(chosen),
                    )

    # --- whose turn --------------------------------------------------------------------------------

    def _apart(self) -> Iterator[tuple[int, int, float]]:
        """Pairs of stretches of one window that were heard in two voices."""
        begin = 0
        for place, one in enumerate(self._stretches):
            if one.window != self._stretches[begin].window:
                begin = place
            for other in range(begin, place):
                before = self._stretches[other]
                if before.voice != one.voice and before.alone and one.alone:
                    yield other, place, min(before.seconds, one.seconds)

    def _whose(self, prints: Samples) -> NDArray[np.int64]:
        """The voice of each stretch; a short one counts with the others of its voice in its window."""
        likeness = np.array([one.print for one in self._stretches]) @ prints.T
        seconds = np.array([one.seconds for one in self._stretches], dtype=np.float32)
        together: dict[tuple[int, int], list[int]] = {}
        for place, one in enumerate(self._stretches):
            together.setdefault((one.window, one.voice), []).append(place)
        judged = likeness.copy()
        for places in together.values():
            mean = np.average(likeness[places], axis=0, weights=seconds[places])
            for place in places:
                if seconds[place] < clustering.SURE_SECONDS:
                    judged[place] = mean
        return np.asarray(judged.argmax(axis=1))

    def _turns(self, whose: NDArray[np.int64], count: int) -> Iterator[VoiceTurn]:
        ends = [window.first + len(window.heard) for window in self._windows]
        heard = np.zeros((max(ends), count), dtype=bool)
        of_voice: dict[tuple[int, int], list[int]] = {}
        for place, one in enumerate(self._stretches):
            of_voice.setdefault((one.window, one.voice), []).append(place)
        for (number, voice), places in of_voice.items():
            window = self._windows[number]
            active = np.flatnonzero(window.heard[:, voice])
            # A frame belongs to the nearest stretch of its voice.
            away = np.array(
                [
                    np.maximum(
                        0,
                        np.maximum(
                            self._stretches[place].first - active, active - self._stretches[place].last + 1
                        ),
                    )
                    for place in places
                ]
            )
            heard[window.first + active, whose[np.array(places)[away.argmin(axis=0)]]] = True
        found = [
            VoiceTurn(self._second(first), self._second(last), voice)
            for voice in range(count)
            for first, last in _bridged(heard, voice)
            if (last - first) * SECONDS_PER_FRAME >= SHORTEST
        ]
        yield from sorted(found, key=lambda turn: (turn.start, turn.end))

    def _second(self, frame: int) -> float:
        """The second of the meeting at which a frame of the stream begins."""
        return round(self._start + max(0.0, (frame - 0.5) * STEP + CENTRE) / SAMPLE_RATE, 3)


def _runs(frames: Frames) -> list[tuple[int, int]]:
    """Where `frames` are true, as (first, last + 1)."""
    edges = np.diff(np.concatenate([[False], frames, [False]]).astype(np.int8))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))


def _cut(frames: Frames) -> list[tuple[int, int]]:
    """The runs of `frames`, joined over breaths, and cut into stretches of about equal lengths."""
    joined: list[tuple[int, int]] = []
    for first, last in _runs(frames):
        if joined and (first - joined[-1][1]) * SECONDS_PER_FRAME <= BREATH:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    stretches: list[tuple[int, int]] = []
    for first, last in joined:
        parts = max(1, math.ceil((last - first) * SECONDS_PER_FRAME / STRETCH - 0.2))
        edges = [round(first + (last - first) * part / parts) for part in range(parts + 1)]
        stretches += pairwise(edges)
    return stretches


def _bridged(heard: Frames, voice: int) -> list[tuple[int, int]]:
    """The runs of one voice, over pauses in which nobody else speaks."""
    others = heard.sum(axis=1) > heard[:, voice]
    joined: list[tuple[int, int]] = []
    for first, last in _runs(heard[:, voice]):
        if (
            joined
            and (first - joined[-1][1]) * SECONDS_PER_FRAME < PAUSE
            and not others[joined[-1][1] : first].any()
        ):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined
