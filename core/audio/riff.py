"""WAV files that hold more sound than their header tells: a killed program left them, or they are longer than 4 GB.

Their header has the length at its last update, or what fits into its 32 bits.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

LEAST = 4096
"""Bytes behind the sound up to which they may be what a disk fills its clusters with."""

_TRAILERS = (b"TAG", b"ID3", b"APETAGEX")
"""First bytes of what other programs write behind a file's end."""


def understated(path: Path) -> bool:
    """Whether the sound of a WAV file goes on where its header says that it ends: no chunk follows there."""
    behind = _behind_sound(path)
    return behind is not None and not behind


def is_followed(path: Path) -> bool:
    """Whether behind the sound of a WAV file there is another whole one, as where somebody joined two."""
    return _behind_sound(path) == b"RIFF"


def _behind_sound(path: Path) -> bytes | None:
    """The name of what follows the sound by the header: a chunk, or a trailer; b'' where neither does.

    None where nothing much follows, or the file is none of these.
    """
    with path.open("rb") as file:
        kind, size = file.read(12), path.stat().st_size
        if kind[:4] not in {b"RIFF", b"RF64"} or kind[8:] != b"WAVE":
            return None
        long = 0  # where the length does not fit into 32 bits (EBU Tech 3306)
        while chunk := _chunk(file, size):
            name, begin, end = chunk
            if name == b"ds64":
                long = int.from_bytes(file.read(16)[8:], "little")
            if name == b"data":
                end = begin + long if long else end
                return _at(file, end, size) if size - end > LEAST else None
            file.seek(end)
    return None


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    if chunk := _chunk(file, size):
        return chunk[0]
    file.seek(place)
    head = file.read(8)
    return next((trailer for trailer in _TRAILERS if head.startswith(trailer)), b"")


def _chunk(file: BinaryIO, size: int) -> tuple[bytes, int, int] | None:
    """The name of the chunk that begins here, and where its content begins and ends in a file of `size` bytes; None
    where there is none. That of the sound may end behind the file.
    """
    head = file.read(8)
    name, length = head[:4], int.from_bytes(head[4:], "little")
    begin = file.tell()
    end = begin + length + length % 2
    fits = end <= size + 1 or name == b"data"
    if len(head) < 8 or not fits or not all(0x20 <= letter < 0x7F for letter in name):
        return None
    return name, begin, end
