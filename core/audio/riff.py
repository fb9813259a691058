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
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return False
        size = path.stat().st_size
        while chunk := _chunk(file, size):
            name, end = chunk
            if name == b"data":
                file.seek(min(end, size))
                return size - end > LEAST and not _chunk(file, size) and not _trailer(file, end)
            file.seek(end)
    return False


def _chunk(file: BinaryIO, size: int) -> tuple[bytes, int] | None:
    """The name of the chunk that begins here and where it ends in a file of `size` bytes; None where there is none.

    That of the sound may end behind the file.
    """
    head = file.read(8)
    name, length = head[:4], int.from_bytes(head[4:], "little")
    end = file.tell() + length + length % 2
    if (
        len(head) < 8
        or not all(0x20 <= letter < 0x7F for letter in name)
        or (end > size + 1 and name != b"data")
    ):
        return None
    return name, end


def _trailer(file: BinaryIO, place: int) -> bool:
    file.seek(place)
    return file.read(8).startswith(_TRAILERS)
