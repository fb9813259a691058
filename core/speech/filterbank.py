"""Kaldi's log-mel filter bank, in numpy: what the network that knows voices was trained on.

After Kaldi's `feature-window.cc` and `mel-computations.cc` with the options that 3D-Speaker sets: 80 bins from 20 Hz
on, no dither. `tests/unit/speech/test_filterbank.py` holds it to kaldi-native-fbank.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000

FRAME = 400
"""Samples of a frame (25 ms)."""

SHIFT = 160
"""Samples from one frame to the next (10 ms)."""

BINS = 80

_FFT = 512
_LOWEST = 20.0
_EMPHASIS = 0.97
_FLOOR = float(np.finfo(np.float32).eps)

_AT_ONCE = 2_000
"""Frames computed together, which bounds the memory."""


def features(sound: Samples) -> Samples:
    """The log energies of `sound`, mono float32 at 16 kHz: shape (frames, 80); only whole frames count."""
    if len(sound) < FRAME:
        return np.zeros((0, BINS), dtype=np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::SHIFT]
    return np.concatenate(
        [_energies(frames[first : first + _AT_ONCE]) for first in range(0, len(frames), _AT_ONCE)]
    )


def _energies(frames: Samples) -> Samples:
    level = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([level[:, :1], level[:, :-1]], axis=1)
    spectrum = np.fft.rfft((level - np.float32(_EMPHASIS) * before) * _window(), _FFT, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2)[:, : _FFT // 2]
    return np.log(np.maximum(power @ _filters(), np.float32(_FLOOR))).astype(np.float32)


@cache
def _window() -> Samples:
    """Povey's window, which is Hann's to the power of 0.85."""
    turn = 2 * np.pi * np.arange(FRAME) / (FRAME - 1)
    return ((0.5 - 0.5 * np.cos(turn)) ** 0.85).astype(np.float32)


@cache
def _filters() -> Samples:
    """Triangles of equal width on the mel scale, shape (256, 80)."""

    def mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1127.0 * np.log1p(hertz / 700.0)

    lowest, highest = mel(np.array([_LOWEST, SAMPLE_RATE / 2]))
    edges = np.linspace(lowest, highest, BINS + 2)
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    at = mel(np.arange(_FFT // 2) * SAMPLE_RATE / _FFT)[:, None]
    rising, falling = (at - left) / (middle - left), (right - at) / (right - middle)
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)), dtype=np.float32)
