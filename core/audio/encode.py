"""A meeting's sound as a small file to hand on (PyAV)."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from core import paths
from core.audio import media
from core.values import Format, Job, Progress, Stage

CODECS = {Format.OPUS: ("libopus", "ogg", 24_000), Format.MP3: ("libmp3lame", "mp3", 48_000)}
"""Codec, container and bits a second. Speech in wideband mono needs no more (Opus: RFC 7587, 3.1.1)."""

LAYOUTS = {1: "mono", 2: "stereo"}


def copy(path: Path, target: Path) -> Job[None]:
    """Copies a file to the private file `target`. Raises `MissingFile`, `DamagedMedia` or `OSError`."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, paths.PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as copied:
        for step in media.read_through(path, copied.write, 0, 100):
            yield Progress(Stage.EXPORT, step.fraction if isinstance(step, Progress) else None)


def compress(path: Path, target: Path, kind: Format, duration: float) -> Job[None]:
    """Writes the mono mix of a file of `duration` seconds to the private file `target`, at the same times.

    Raises as `media.probe`, and `OSError` when `target` cannot be written.
    """
    return write(media.blocks(path), target, kind, duration, Stage.EXPORT)


def join(parts: Sequence[Path], target: Path, duration: float) -> Job[None]:
    """Writes the mono mixes of several files, `duration` seconds together, one after the other, as Opus.

    Raises as `compress`.
    """
    blocks = (block for path in parts for block in media.blocks(path))
    return write(blocks, target, Format.OPUS, duration, Stage.IMPORT)


def write(
    sound: Generator[media.Samples, None, Any],
    target: Path,
    kind: Format,
    duration: float,
    stage: Stage,
    channels: int = 1,
) -> Job[None]:
    """Writes blocks of `duration` seconds in all, as `media.blocks` gives them, to the private file `target`.

    Raises what the blocks raise, and `OSError` when `target` cannot be written.
    """
    codec, container, bits = CODECS[kind]
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, paths.PRIVATE_FILE))
    written, shown = 0, -1
    with closing(sound) as blocks, av.open(str(target), "w", format=container) as file:
        stream = cast("AudioStream", file.add_stream(codec, rate=media.SAMPLE_RATE, layout=LAYOUTS[channels]))
        stream.bit_rate = bits * channels
        for block in blocks:
            frame = AudioFrame.from_ndarray(
                np.ascontiguousarray((np.clip(block, -1, 1) * 32767).astype(np.int16)).reshape(1, -1),
                format="s16",
                layout=LAYOUTS[channels],
            )
            frame.sample_rate = media.SAMPLE_RATE
            frame.pts = written
            written += len(block)
            file.mux(stream.encode(frame))
            if duration and (percent := min(100, int(100 * written / media.SAMPLE_RATE / duration))) != shown:
                shown = percent
                yield Progress(stage, percent / 100)
        file.mux(stream.encode(None))
