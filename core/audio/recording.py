"""The file a recording is: Ogg Opus, playable at any instant up to its last whole page, repairable after any end.

48 kHz, 64 kbit/s per channel (29 MB an hour), which listeners do not tell from the original for speech
(RFC 7845 for the container, RFC 6716 for the codec). With two or more channels each is coded by itself.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

import av
import numpy as np

from core import errors, paths

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUFFIX = ".ogg"
RATE = 48_000
BITS_PER_CHANNEL = 64_000
# The muxer holds one page back, so sound reaches the operating system after at most two of these (microseconds).
PAGE_DURATION = 100_000

_LAYOUTS = {1: "mono", 2: "stereo"}


class _Sink:
    """What the muxer writes to. It keeps a failure for the writer and takes no more: raised into the
    muxer, it would stay there and fail the closing too."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.file = file
        self.problem: errors.StorageProblem | None = None
        self._path = path

    def write(self, content: bytes) -> int:
        rest = memoryview(content)
        while rest and self.problem is None:
            try:
                rest = rest[self.file.write(rest) :]
            except OSError as error:
                self.problem = paths.storage_problem(error, self._path)
        return len(content)

    def check(self) -> None:
        if self.problem is not None:
            raise self.problem


class RecordingWriter:
    """Writes one recording to a new file, mode 0600.

    `channels` is how many each block has, `sample_rate` theirs in Hz. Raises `NameTaken` when `path`
    exists, `FolderNotWritable` or `DiskFull`.
    """

    def __init__(self, path: Path, channels: int, sample_rate: int) -> None:
        self.path = path
        self._channels = channels
        self._rate = sample_rate
        self._layout = _LAYOUTS.get(channels, f"{channels}C")
        self._frames = 0
        self._synced = 0.0
        self._closed = False
        try:
            descriptor = os.open(
                path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), paths.PRIVATE_FILE
            )
        except FileExistsError as error:
            raise errors.NameTaken(str(path)) from error
        except OSError as error:
            raise paths.storage_problem(error, path) from error
        self._sink = _Sink(path, os.fdopen(descriptor, "r+b", buffering=0))
        self._container = av.open(
            self._sink, "w", format="ogg", options={"page_duration": str(PAGE_DURATION), "flush_packets": "1"}
        )
        # Family 255 codes each channel alone; the default joins pairs, and one would be heard in the other.
        options = {"mapping_family": "255"} if channels > 1 else {}
        self._stream = self._container.add_stream(
            "libopus",
            rate=RATE,
            options=options,
            layout=self._layout,
            format="flt",
            bit_rate=BITS_PER_CHANNEL * channels,
        )
        self._container.start_encoding()
        if self._sink.problem is not None:
            self.close()
            path.unlink(missing_ok=True)
            raise self._sink.problem

    @property
    def written(self) -> float:
        """Seconds of sound taken over by `write`."""
        return self._frames / self._rate

    @property
    def synced(self) -> float:
        """Seconds of sound that a power cut would leave, as read back from the file at the last `sync`."""
        return self._synced

    def write(self, block: NDArray[np.float32]) -> None:
        """Appends `block`: shape (frames, channels), float32 in [-1, 1], at the sample rate of the writer.

        Raises `DiskFull` or `FolderNotWritable`; what was written before stays valid, and `close` keeps it.
        """
        self._sink.check()
        if not len(block):
            return
        packed = np.ascontiguousarray(block, dtype=np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(cast("Any", packed), format="flt", layout=self._layout)
        frame.sample_rate = self._rate
        frame.pts = self._frames
        frame.time_base = Fraction(1, self._rate)
        self._frames += len(block)
        self._container.mux(self._stream.encode(frame))
        self._sink.check()

    def sync(self) -> None:
        """Puts everything handed to the operating system on the disk. Raises `DiskFull` or `FolderNotWritable`."""
        self._sink.check()
        try:
            reached = _reach(self._sink.file)[1]
            os.fsync(self._sink.file.fileno())
        except OSError as error:
            self._sink.problem = paths.storage_problem(error, self.path)
            raise self._sink.problem from error
        self._synced = reached

    def close(self) -> None:
        """Ends the file: last page written and marked, synced. Never raises; a second call does nothing.

        On a full disk the file keeps all its whole pages and is still marked as ended.
        """
        if self._closed:
            return
        self._closed = True
        self._container.mux(self._stream.encode(None))
        self._container.close()
        try:
            self.sync()
        except errors.StorageProblem:
            with suppress(errors.Problem):
                self._synced = repair(self.path)
        finally:
            self._sink.file.close()


# --- reading and mending pages -------------------------------------------------------------------

_CAPTURE = b"OggS"
_HEADER = struct.Struct(
    "<4sBBqIIIB"
)  # capture, version, flags, granule, serial, sequence, CRC, segment count
_FLAGS_AT = 5
_CRC_AT = 22
_END_OF_STREAM = 4
_UNFINISHED = -1  # the granule of a page on which no packet ends
_HEAD_WITHIN = 512  # the identification header lies in the first page, which is far shorter
_PRE_SKIP_AT = 10  # after the start of "OpusHead"
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class _Page:
    start: int
    end: int
    flags: int
    granule: int


def _crc(page: bytes | bytearray) -> int:
    """The sum of RFC 3533: zlib's polynomial with its bits the other way round and no inversions."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


def _page(data: mmap.mmap, start: int) -> _Page | None:
    """The page that begins at `start`, or None when it is cut or damaged."""
    body = start + _HEADER.size
    if body > len(data):
        return None
    _capture, _version, flags, granule, _serial, _sequence, crc, count = _HEADER.unpack_from(data, start)
    end = body + count + sum(data[body : body + count])
    if end > len(data):
        return None
    content = bytearray(data[start:end])
    content[_CRC_AT : _CRC_AT + 4] = bytes(4)
    return _Page(start, end, flags, granule) if _crc(content) == crc else None


def _reach(file: BinaryIO) -> tuple[_Page | None, float]:
    """The last whole page of an Opus file on which a packet ends, and the seconds up to its end.

    Nothing is read but the start and the end of the file.
    """
    if not os.fstat(file.fileno()).st_size:
        return None, 0.0
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        head = data.find(b"OpusHead", 0, _HEAD_WITHIN)
        start = data.rfind(_CAPTURE) if 0 <= head <= len(data) - _PRE_SKIP_AT - 2 else -1
        while start >= 0:
            page = _page(data, start)
            if page is not None and page.granule != _UNFINISHED:
                (pre_skip,) = struct.unpack_from("<H", data, head + _PRE_SKIP_AT)
                return page, max(0, page.granule - int(pre_skip)) / RATE
            start = data.rfind(_CAPTURE, 0, start)
    return None, 0.0


def seconds(path: Path) -> float:
    """The length of a recording in seconds, from its last whole page; cheap, also while the file grows.

    0.0 where there is no sound. Raises `MissingFile` or `NotPermitted`.
    """
    with _opened(path, "rb") as file:
        return _reach(file)[1]


def repair(path: Path) -> float:
    """Ends a recording that was not closed: cut after its last whole page, which is marked as the last.

    Returns its length in seconds, 0.0 where there is no sound. A file that was closed is not touched.
    Needs no free space. Raises `MissingFile`, `NotPermitted`, `DiskFull` or `FolderNotWritable`.
    """
    with _opened(path, "r+b") as file:
        last, length = _reach(file)
        if last is None or (last.flags & _END_OF_STREAM and last.end == os.fstat(file.fileno()).st_size):
            return length
        try:
            file.seek(last.start)
            page = bytearray(file.read(last.end - last.start))
            page[_FLAGS_AT] |= _END_OF_STREAM
            page[_CRC_AT : _CRC_AT + 4] = bytes(4)
            page[_CRC_AT : _CRC_AT + 4] = _crc(page).to_bytes(4, "little")
            file.truncate(last.end)
            file.seek(last.start)
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            raise paths.storage_problem(error, path) from error
    return length


def _opened(path: Path, mode: Literal["rb", "r+b"]) -> BinaryIO:
    try:
        return path.open(mode)
    except FileNotFoundError as error:
        raise errors.MissingFile(str(path)) from error
    except PermissionError as error:
        raise errors.NotPermitted(str(path)) from error
