"""Ogg pages (RFC 3533) and what Opus puts into them (RFC 7845): taken apart, checked, built and searched.

Files are read a piece at a time, so that neither their length nor what a power cut left in them matters.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

CAPTURE = b"OggS"
"""How a page begins."""

CONTINUED, FIRST, LAST = 1, 2, 4
"""The flags of a page."""

SUFFIX = ".ogg"
"""The ending of a recording's file."""

UNFINISHED = -1
"""The granule of a page on which no packet ends."""

LONGEST = 65_307
"""The most bytes a page takes."""

MOST_SEGMENTS = 255
"""The most segments a page holds; a packet takes one for every 255 bytes and one more."""

MARKS = 26
"""The first bytes of a page, among which all lie that `remarked` changes."""

_HEADER = struct.Struct("<4sBBqIIIB")  # capture, version, flags, granule, serial, sequence, CRC, segments
_FLAGS_AT, _GRANULE_AT, _CRC_AT = 5, 6, 22
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_CHUNK = 2 * LONGEST
_WINDOW = 16_384  # several pages of a recording: what a search from the end reads at a time

_SHORTEST_OPUS_HEAD = 19  # name, version, channels, pre-skip, rate, gain, mapping family


@dataclass(frozen=True, slots=True)
class Page:
    """One whole, undamaged page at the bytes `start` to `end` of its file.

    `granule` is where its last packet ends, for Opus in samples at 48 kHz; `packets` are those that begin and end
    on it.
    """

    start: int
    end: int
    flags: int
    granule: int
    serial: int
    sequence: int
    packets: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """How an Opus stream begins: `packet` is its identification header, `sound` the byte after its two header pages.

    `pre_skip` is how many samples at 48 kHz are decoded before the sound begins.
    """

    packet: bytes
    channels: int
    pre_skip: int
    serial: int
    sound: int


# --- pages ---------------------------------------------------------------------------------------


def crc(page: bytes | bytearray) -> int:
    """The sum of RFC 3533 over `page`, whose own four bytes of it are 0.

    It is zlib's polynomial with its bits the other way round and no inversions.
    """
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


def build(packets: Sequence[bytes], *, serial: int, sequence: int, granule: int, flags: int = 0) -> bytes:
    """One page of whole `packets`. Raises `ValueError` when they need more than `MOST_SEGMENTS`."""
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    if len(lacing) > MOST_SEGMENTS:
        raise ValueError(f"{len(lacing)} segments in a page")
    header = _HEADER.pack(CAPTURE, 0, flags, granule, serial, sequence, 0, len(lacing))
    return _summed(bytearray(header + lacing + b"".join(packets)))


def segments(packet: bytes) -> int:
    """How many segments of a page `packet` takes."""
    return len(packet) // 255 + 1


def remarked(page: bytes, *, flags: int, granule: int) -> bytes:
    """The bytes of `page` with other flags and another granule; they differ within the first `MARKS`."""
    changed = bytearray(page)
    changed[_FLAGS_AT] = flags
    changed[_GRANULE_AT : _GRANULE_AT + 8] = granule.to_bytes(8, "little", signed=True)
    return _summed(changed)


def _summed(page: bytearray) -> bytes:
    page[_CRC_AT:MARKS] = bytes(4)
    page[_CRC_AT:MARKS] = crc(page).to_bytes(4, "little")
    return bytes(page)


def parse(data: bytes, at: int = 0, origin: int = 0) -> Page | None:
    """The page that begins at `data[at]`, None when it is cut or damaged. `data` are the file's bytes from `origin` on.

    A page on which a power cut came between setting the end mark and its sum is whole, and counts as not marked.
    """
    body = at + _HEADER.size
    if body > len(data):
        return None
    capture, version, flags, granule, serial, sequence, stored, count = _HEADER.unpack_from(data, at)
    lacing = data[body : body + count]
    end = body + count + sum(lacing)
    if capture != CAPTURE or version or len(lacing) < count or end > len(data):
        return None
    content = bytearray(data[at:end])
    content[_CRC_AT:MARKS] = bytes(4)
    if crc(content) != stored:
        content[_FLAGS_AT] ^= LAST
        if crc(content) != stored:
            return None
        flags &= ~LAST
    packets = _packets(lacing, data[body + count : end])
    whole = packets[1:] if flags & CONTINUED else packets
    return Page(origin + at, origin + end, flags, granule, serial, sequence, tuple(whole))


def _packets(lacing: bytes, body: bytes) -> list[bytes]:
    packets, begin, end = [], 0, 0
    for segment in lacing:
        end += segment
        if segment < 255:
            packets.append(body[begin:end])
            begin = end
    return packets


# --- files ---------------------------------------------------------------------------------------


def pages(file: BinaryIO, serial: int | None, start: int) -> Iterator[Page]:
    """The whole pages of one stream, or of any, from byte `start` to the end that the file has now.

    Damaged places are left out.
    """
    origin = start
    while data := _read(file, origin, _CHUNK):
        final = len(data) < _CHUNK
        at = 0
        while (at := data.find(CAPTURE, at)) >= 0:
            page = parse(data, at, origin)
            if page is not None:
                at = page.end - origin
                if serial in {None, page.serial}:
                    yield page
            elif final or len(data) - at >= LONGEST:
                at += 1
            else:
                break
        if final:
            return
        origin += at if at >= 0 else _CHUNK - len(CAPTURE) + 1


def last_page(file: BinaryIO, serial: int, before: int | None = None) -> Page | None:
    """The last whole page of one stream on which a packet ends, which itself ends at or before byte `before`.

    Reads no more than what lies behind that page and a little in front of it.
    """
    end = os.fstat(file.fileno()).st_size if before is None else before
    high = end
    while high > 0:
        low = max(0, high - _WINDOW)
        data = _read(file, low, min(end, high + LONGEST) - low)
        at = data.rfind(CAPTURE, 0, high - low + len(CAPTURE) - 1)
        while at >= 0:
            page = parse(data, at, low)
            if page is not None and page.serial == serial and page.granule != UNFINISHED:
                return page
            at = data.rfind(CAPTURE, 0, at + len(CAPTURE) - 1)
        high = low
    return None


def page_until(file: BinaryIO, head: Head, granule: int) -> Page | None:
    """The last page of sound that ends at `granule` or before it and is not marked as the last of the stream.

    None where there is none. Reads a few pages, however long the file is.
    """

    def beyond(page: Page) -> bool:
        return page.granule > granule or bool(page.flags & LAST)

    found = None
    low, high = head.sound, os.fstat(file.fileno()).st_size
    while high - low > LONGEST:
        middle = (low + high) // 2
        page = next(pages(file, head.serial, middle), None)
        if page is None or page.start >= high or beyond(page):
            high = middle
        else:
            found, low = page, page.end
    for page in pages(file, head.serial, low):
        if beyond(page):
            break
        found = page
    return found


def _read(file: BinaryIO, start: int, count: int) -> bytes:
    file.seek(start)
    pieces = []
    while count > 0 and (piece := file.read(count)):  # an unbuffered file may give less than asked for
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


# --- Opus ----------------------------------------------------------------------------------------


def head(file: BinaryIO) -> Head | None:
    """How the Opus stream in `file` begins, None when it does not begin with the two whole header pages of one."""
    data = _read(file, 0, _WINDOW)
    first = parse(data)
    if first is None or not first.flags & FIRST or len(first.packets) != 1:
        return None
    packet = first.packets[0]
    second = parse(data, first.end)
    if not packet.startswith(b"OpusHead") or len(packet) < _SHORTEST_OPUS_HEAD:
        return None
    if second is None or not second.packets or not second.packets[0].startswith(b"OpusTags"):
        return None
    return Head(packet, packet[9], pre_skip(packet), first.serial, second.end)


def opus_tags(vendor: str) -> bytes:
    """The comment header of RFC 7845, section 5.2, without comments."""
    name = vendor.encode()
    return b"OpusTags" + struct.pack("<I", len(name)) + name + struct.pack("<I", 0)


def pre_skip(packet: bytes) -> int:
    """The samples at 48 kHz that the identification header `packet` says are decoded before the sound begins."""
    return int.from_bytes(packet[10:12], "little")


def without_pre_skip(packet: bytes) -> bytes:
    """The identification header `packet` with a pre-skip of 0: who decodes by it hears every sample."""
    return packet[:10] + bytes(2) + packet[12:]


def samples(packet: bytes) -> int:
    """How many samples at 48 kHz an Opus packet decodes to (RFC 6716, section 3.1); 0 for one that is no packet."""
    if not packet:
        return 0
    configuration, code = packet[0] >> 3, packet[0] & 3
    if configuration < 12:  # SILK
        frame = (480, 960, 1920, 2880)[configuration & 3]
    elif configuration < 16:  # both
        frame = (480, 960)[configuration & 1]
    else:  # CELT
        frame = (120, 240, 480, 960)[configuration & 3]
    if code < 3:
        return frame * (1, 2, 2)[code]
    return frame * (packet[1] & 0x3F) if len(packet) > 1 else 0


def duration(page: Page) -> int:
    """How many samples at 48 kHz the packets of `page` decode to."""
    return sum(map(samples, page.packets))
