"""Defects that a sound is freed from while it is read: floats of another unit, a constant offset, and channels of
opposite polarity."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

Samples = NDArray[np.float32]

OFFSET = 0.05
"""Of full scale: no sound of less than a second or two has such a mean. Silero hears nobody in sound that lies so far
beside zero that it is cut off there."""

SETTLED = 0.5
MEMORY = 2.0
"""Seconds from which on a mean is believed, and over which it is taken."""

OPPOSITE = 10.0
ALIKE = 2.0
"""Times the power of the sum of two channels that their difference has from which on one of them is turned, and below
which it is left again. Of two sounds that have nothing in common both are equal."""

POLARITY_MEMORY = 1.0
"""Seconds over which those powers are taken."""

_FULL_SCALE = 32768.0
"""Of integers of 16 bits, which some programs write as floats without dividing."""

_LARGEST = 2 * _FULL_SCALE
"""What such a sample reaches where FFmpeg has added two channels up; damaged floats are larger."""

_HOT = 2.0
"""What half of the samples of no sound pass whose full scale is 1, however hot."""

_MOST = float(2**31)
"""What no undamaged sample of any format passes."""


class Unit:
    """Brings floats that were written as integers of 16 bits to a full scale of 1, from the first of them on."""

    def __init__(self) -> None:
        self._found = False

    def of_one(self, piece: Samples) -> Samples:
        """The samples of `piece`, of any shape, as they are unless they are of the other unit."""
        if not self._found:
            size = np.abs(piece)
            self._found = bool((size > _HOT).mean() > 0.5 and size.max() <= _LARGEST)
        return piece / np.float32(_FULL_SCALE) if self._found else piece


class Offset:
    """Takes a constant offset out of a sound. Where there is none, it stays as it is to the last bit."""

    def __init__(self, rate: int) -> None:
        self._settled, self._memory = SETTLED * rate, MEMORY * rate
        self._seen = 0.0
        self._mean: Any = 0.0

    def removed(self, piece: Samples) -> Samples:
        """The next `piece` of the sound, shape (n,) or (n, channels), around zero."""
        self._seen += len(piece)
        share = min(1.0, len(piece) / min(self._seen, self._memory))
        self._mean = self._mean + share * (piece.mean(axis=0, dtype=np.float64) - self._mean)
        if self._seen < self._settled or np.max(np.abs(self._mean)) < OFFSET:
            return piece
        found: Samples = (piece - self._mean).astype(np.float32)
        return found


class Polarity:
    """Turns one of two channels where they are each other's opposite, so that their mix is not silence."""

    def __init__(self) -> None:
        self._sum = self._difference = 0.0
        self._opposite = False

    def straightened(self, frame: AudioFrame) -> AudioFrame:
        """The next `frame` of the sound, of two channels, as it is to be mixed."""
        if frame.format.name.startswith("s64"):  # PyAV gives no samples of these
            return frame
        samples = frame.to_ndarray()
        planar = frame.format.is_planar
        pair = (samples.T if planar else samples.reshape(-1, 2)).astype(np.float64)
        if frame.format.name.startswith("u8"):
            pair -= 128.0
        kept = math.exp(-len(pair) / (POLARITY_MEMORY * frame.sample_rate))
        # Damaged floats are any number or none.
        one, other = np.where(np.abs(pair) <= _MOST, pair, 0.0).T
        self._sum = kept * self._sum + float(np.sum((one + other) ** 2))
        self._difference = kept * self._difference + float(np.sum((one - other) ** 2))
        self._opposite = self._difference > (ALIKE if self._opposite else OPPOSITE) * self._sum
        if not self._opposite:
            return frame
        turned = samples.copy()
        second = turned[1:] if planar else turned[:, 1::2]
        # The complement of an integer is its opposite, but for the last bit, and never too large.
        np.negative(second, out=second) if second.dtype.kind == "f" else np.invert(second, out=second)
        straight = AudioFrame.from_ndarray(turned, frame.format.name, frame.layout.name)
        straight.sample_rate = frame.sample_rate
        return straight
