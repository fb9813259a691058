"""Sound and video files made with PyAV."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from core import paths
from core.audio import media

Sound = NDArray[np.float32]


def tone(seconds: float = 3.3, rate: int = 16_000, frequency: float = 440.0) -> Sound:
    """A tone that grows louder, so that each place in it is another."""
    at = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * np.pi * frequency * at) * (0.1 + 0.5 * at / max(seconds, 1e-9))).astype(np.float32)


FIRST_TOPIC = 52.0
"""Seconds of the sample meeting with a decision and a task in them, a third of it."""


def beginning(path: Path, seconds: float) -> Path:
    """Writes so much of the sample meeting as an Ogg file."""
    sound = np.concatenate(list(media.blocks(paths.SAMPLE)))[: round(seconds * media.SAMPLE_RATE)]
    return make(path, "libopus", sound)


def make(
    path: Path,
    codec: str,
    sound: Sound,
    *,
    rate: int = 16_000,
    layout: str = "mono",
    container: str | None = None,
    pictures: str = "",
    title: str = "",
    at: float = 0.0,
    holes: tuple[tuple[float, float], ...] = (),
    bit_rate: int = 96_000,
) -> Path:
    """Writes `sound`, (n,) for the same in each channel or (n, channels), at `rate`.

    `holes` are (second, length) left out of the time."""
    with av.open(str(path), "w", format=container) as file:
        if title:
            file.metadata["creation_time"] = title
        video: Any = None
        if pictures:
            video = file.add_stream(pictures, rate=10)
            video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        stream: Any = file.add_stream(codec, rate=rate, layout=layout, bit_rate=bit_rate)
        channels = stream.codec_context.layout.nb_channels
        if video:
            for number in range(round(len(sound) / rate * 10)):
                shade = np.full((32, 32, 3), number % 255, dtype=np.uint8)
                picture = av.VideoFrame.from_ndarray(shade, format="rgb24")
                picture.pts, picture.time_base = number, Fraction(1, 10)
                file.mux(video.encode(picture))
            file.mux(video.encode(None))
        if not stream.codec_context.is_open:
            stream.codec_context.open()
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout=layout,
            rate=rate,
            frame_size=stream.codec_context.frame_size or 160,
        )
        packed = (np.repeat(sound[:, None], channels, axis=1) if sound.ndim == 1 else sound).reshape(1, -1)
        whole = av.AudioFrame.from_ndarray(np.ascontiguousarray(packed), format="flt", layout=layout)
        whole.sample_rate, whole.pts, whole.time_base = rate, 0, Fraction(1, rate)
        for frame in (*resampler.resample(whole), *resampler.resample(None)):
            begins = frame.pts or 0
            shift = at + sum(length for second, length in holes if begins >= second * rate)
            frame.pts = begins + round(shift * rate)
            frame.time_base = Fraction(1, rate)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path
