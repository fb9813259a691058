"""Whether the two channels of a file are two sides of a talk, and each of them without what is only the other's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.audio import media
from core.values import CALL, SIDES, Channel

Samples = NDArray[np.float32]

PLACES = 8
LISTENED = 12.0
"""At so many places of a file, for so many seconds each, its channels are compared: decoding that takes a second."""

FRAME = 800
"""Samples of a level, 50 ms: a syllable."""
NOTHING = -70.0
"""dB of full scale that stand for silence."""

LOUD = 95
FLOOR = 10
"""Percentiles of a channel's levels that are taken for its speech and its noise."""
DYNAMIC = 15.0
"""dB between the two in speech at least; a hum or a hiss has less."""
ACTIVE = 25.0
"""dB below its speech from which on a channel is active."""

ALONE = 12.0
"""dB by which a channel stands out where it is alone, each channel's speech taken as equally loud. Voices in the same
room, and the instruments of a stereo recording, reach less."""
LEAST_ALONE = 2.0
"""Seconds for which each channel is alone at least, where they are two sides."""
MOSTLY_ALONE = 0.6
"""Share of all that is heard in which one of the two is alone at least: people take turns."""

LEAK = 25.0
"""dB below the channel that is alone from which on what leaks of it into the other one is left by `CrosstalkGate`."""
LATE = range(-2, 8)
"""Levels by which a leak may come after what it is of: up to 350 ms, through a loudspeaker and the air."""
FOLLOWS = 0.4
"""Correlation of the two channels' levels from which on one leaks into the other. With leaks of -15 to -35 dB it lies
from 0.51 to 0.99, without any below 0.26 (made of real voices, as WAV, MP3 and Opus)."""

COMPARED = 32_768
"""Samples that are compared for a sound that both channels hold, 2 s, wherever both are heard."""
BAND = (300, 3400)
"""Hz in which that is done: what coders leave of speech."""
LATEST = 0.4
"""Seconds by which such a sound may come later in one of the channels."""
SHARED = 0.07
"""Of the peak of their cross-correlation by phase alone (Knapp & Carter 1976) the median from which on both channels
hold the same sound, be it through two microphones in a room. Of real voices that speak at once in a channel each it
lies from 0.046 to 0.053, in a room (made of two, walls up to 15 dB louder than the mouth) from 0.086 to 0.94."""

HOP = 256
"""Samples that are kept or silenced together, 16 ms."""
CROSSTALK = 10 ** (24 / 10)
"""Times the power of a channel that the other one has where the first holds only the rest of it that cables, headsets
and coders that join both channels let through."""
FADES = 10 ** (-60 * HOP / media.SAMPLE_RATE / 10)
"""Of what a channel's power is taken to be, from hop to hop: 60 dB a second."""


def sides(path: Path, duration: float) -> tuple[Channel, ...]:
    """What the two channels of a file of so many seconds are, `()` where they are no two sides of a talk.

    They are where each is often alone, or where both are heard at once and hold nothing of one another. One in which
    the other is heard faintly is a microphone near its loudspeaker: of the person who recorded the talk. Where both are
    so, two microphones stood in one room. Raises as `media.probe`.
    """
    sounds = _sounds(path, duration)
    levels = _levels(sounds)
    loud, floor = _percentile(levels, LOUD), _percentile(levels, FLOOR)
    if (loud - floor < DYNAMIC).any() or (loud <= NOTHING).any():
        return ()
    heard = (levels > loud - ACTIVE).any(axis=1)
    apart = (levels[:, 0] - loud[0]) - (levels[:, 1] - loud[1])
    alone = [heard & (apart > ALONE), heard & (apart < -ALONE)]
    seconds = [np.count_nonzero(one) * FRAME / media.SAMPLE_RATE for one in alone]
    if min(seconds) < LEAST_ALONE or sum(map(np.count_nonzero, alone)) < MOSTLY_ALONE * np.count_nonzero(
        heard
    ):
        return SIDES["apart"] if _shared(sounds, loud) < SHARED else ()
    leaks = [_leaks(levels, side, np.flatnonzero(one)) for side, one in enumerate(alone)]
    if all(leaks):
        return ()
    # The one that is heard in the other channel is the loudspeaker's.
    return CALL if leaks[1] else CALL[::-1] if leaks[0] else SIDES["apart"]


def _sounds(path: Path, duration: float) -> list[Samples]:
    """Both channels at places all over the file, each of shape (n, 2)."""
    if duration <= PLACES * LISTENED:
        return [media.stretch(path, 0.0, duration + 1, channels=2)]
    places = [(place + 0.5) / PLACES * duration for place in range(PLACES)]
    return [media.stretch(path, place, LISTENED, channels=2) for place in places]


def _levels(sounds: Sequence[Samples]) -> NDArray[np.float64]:
    """The levels of both channels, in dB of full scale, shape (n, 2)."""
    found = [np.zeros((0, 2))]
    for sound in sounds:
        frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME, 2).astype(np.float64)
        found.append(10 * np.log10(np.maximum(np.mean(np.square(frames), axis=1), 10 ** (NOTHING / 10))))
    return np.concatenate(found)


def _shared(sounds: Sequence[Samples], loud: NDArray[np.float64]) -> float:
    """How plainly both channels hold the same sound, in the middle of all stretches in which both are heard: 0 to 1."""
    frequencies = np.fft.rfftfreq(2 * COMPARED, 1 / media.SAMPLE_RATE)
    band = (frequencies >= BAND[0]) & (frequencies <= BAND[1])
    latest = round(LATEST * media.SAMPLE_RATE)
    peaks = []
    for sound in sounds:
        for begin in range(0, len(sound) - COMPARED + 1, COMPARED):
            piece = sound[begin : begin + COMPARED]
            if (_levels([piece]).max(axis=0) < loud - ACTIVE).any():
                continue
            one, other = np.fft.rfft(piece * np.hanning(COMPARED)[:, None], 2 * COMPARED, axis=0).T
            cross = np.where(band, one * other.conj(), 0.0)
            phases = (
                np.fft.irfft(cross / np.maximum(np.abs(cross), 1e-12)) * COMPARED / np.count_nonzero(band)
            )
            peaks.append(float(np.abs(np.concatenate([phases[:latest], phases[-latest:]])).max()))
    return float(np.median(peaks)) if peaks else 1.0


def _percentile(levels: NDArray[np.float64], at: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.percentile(levels, at, axis=0) if len(levels) else np.zeros(2)
    return found


def crosstalk_gate(path: Path, duration: float) -> CrosstalkGate:
    """The gate for a file of so many seconds, by how loud each of its two sides speaks. Raises as `media.probe`."""
    one, other = _percentile(_levels(_sounds(path, duration)), LOUD)
    return CrosstalkGate(float(one - other))


def _leaks(levels: NDArray[np.float64], side: int, alone: NDArray[np.intp]) -> bool:
    """Whether the channel `side` is heard in the other one, by the levels of both where it is `alone`."""
    own, other = levels[:, side], levels[:, 1 - side]
    if np.median(own[alone] - other[alone]) >= LEAK:
        return False
    for late in LATE:
        both = alone[(alone + late >= 0) & (alone + late < len(levels))]
        one, two = own[both], other[both + late]
        if one.std() and two.std() and np.corrcoef(one, two)[0, 1] >= FOLLOWS:
            return True
    return False


class CrosstalkGate:
    """Silences each of two channels where it holds only the rest of the other one.

    A softer side keeps what is so much softer: that is its own speech. What comes out depends on the sound from its
    start and not on the size of the blocks.
    """

    def __init__(self, louder: float = 0.0) -> None:
        """`louder`: dB by which the first side speaks louder than the second one."""
        self._times = CROSSTALK * 10 ** (np.maximum(0.0, [-louder, louder]) / 10)
        self._held = np.zeros((0, 2), dtype=np.float32)
        self._powers = np.zeros(2)

    def quieten(self, block: Samples) -> Samples:
        """Both channels without that, from `block`, shape (n, 2) at 16 kHz: whole hops, the rest is held back."""
        self._held = np.concatenate([self._held, block])
        whole = len(self._held) // HOP * HOP
        sound, self._held = self._held[:whole].copy(), self._held[whole:]
        hops = sound.reshape(-1, HOP, 2)
        for hop, powers in zip(hops, np.mean(np.square(hops, dtype=np.float64), axis=1), strict=True):
            self._powers = np.maximum(powers, FADES * self._powers)
            hop[:, self._powers * self._times < self._powers[::-1]] = 0.0
        return sound

    def rest(self) -> Samples:
        """What is still held back at the end, shape (m, 2)."""
        left, self._held = self._held, self._held[:0]
        return left
