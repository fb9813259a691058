"""The shape of a meeting's sound, kept beside its file: computed once, streamed, never the whole sound in memory."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import numpy as np

from core import errors, paths
from core.audio import media
from core.audio.media import Samples
from core.values import PEAKS_A_SECOND, Job, Peaks

ENDING = ".peaks"
_HEAD = struct.Struct("<4sHQ")
"""A mark, values a second, and the size of the sound's file, which tells whether it is still the same."""
_MARK = b"MTPK"

TOLD_SECONDS = 20
"""Seconds of sound after which what is known so far is told."""


def kept(path: Path) -> bytes | None:
    """The peaks that were kept for the sound at `path`, where they are of the file as it is now; see `Peaks`."""
    try:
        stored = path.with_name(path.name + ENDING).read_bytes()
        size = path.stat().st_size
    except OSError:
        return None
    return stored[_HEAD.size :] if stored.startswith(_HEAD.pack(_MARK, PEAKS_A_SECOND, size)) else None


def peaks(path: Path) -> Job[bytes]:
    """The peaks of the sound at `path`: those kept, or those computed now, which are kept. Tells `Peaks` as they come.

    Raises as `media.probe`. Where they cannot be kept they are computed again another time.
    """
    known = kept(path)
    if known is not None:
        yield Peaks(0, known)
        return known
    size = path.stat().st_size
    values, told = bytearray(), 0
    for block in media.blocks(path):
        values += _values(block)
        if len(values) - told >= TOLD_SECONDS * PEAKS_A_SECOND:
            yield Peaks(told, bytes(values[told:]))
            told = len(values)
    yield Peaks(told, bytes(values[told:]))
    head = _HEAD.pack(_MARK, PEAKS_A_SECOND, size)
    with suppress(errors.StorageProblem):
        paths.write_private(path.with_name(path.name + ENDING), head + values)
    return bytes(values)


def _values(block: Samples) -> bytes:
    """The peaks of a block; the last block of a sound may end within one."""
    each = media.SAMPLE_RATE // PEAKS_A_SECOND
    padded = np.pad(np.abs(block), (0, -len(block) % each))
    highest = np.minimum(1.0, padded.reshape(-1, each).max(axis=1))
    return bytes(np.round(255 * np.sqrt(highest)).astype(np.uint8))
