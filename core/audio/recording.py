"""The file a recording is: Ogg Opus, playable at any instant up to its last whole page, repairable after any end.

48 kHz, 64 kbit/s per channel (29 MB an hour), which listeners do not tell from the original for speech
(RFC 7845 for the container, RFC 6716 for the codec). With two or more channels each is coded by itself.
The pages are our own (`core.audio.ogg`), so that none is held back and a closed file can be continued.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self, cast

import av
import numpy as np
from av.audio.resampler import AudioResampler

from core import errors, paths
from core.audio import ogg
from core.audio.media import GAP_SECONDS, LONGEST_GAP_SECONDS, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 48_000
BITS_PER_CHANNEL = 64_000

PACKET = 960
"""Samples in a packet: 20 ms."""

PAGE_PACKETS = 10
"""Packets in a page. With what the encoder holds back, sound is handed over before it is 0.25 s old."""

RUN_UP = RATE
"""Samples before the first wanted, from which a decoder begins in mid-stream. Opus asks for 80 ms (RFC 7845,
section 4.6); after 80 ms speech was still up to 0.02 off, after 0.4 s 0.0003, after a second not at all."""

READ_AT_MOST = 10.0
"""Seconds after which `Follower.read` leaves the rest for the next call."""

BEGINNING = 128
"""Bytes. The two header pages of a recording take a little less (110 with one channel, 120 with eight), and a page of
sound more than the difference: a file that is not longer holds no sound."""

_MOST_CHANNELS = 8
_OVERLAP = 120  # samples: how far a packet reaches into the next one's (RFC 6716, section 4.3.7)
_RATIO = RATE // SAMPLE_RATE
_FILTER = 480  # samples: ten times what the resampler looks to either side


class RecordingWriter:
    """Writes one recording: to a new file, mode 0600, or with `append` on from the end of one that is there.

    `channels` is how many each block has, `sample_rate` theirs in Hz. Raises `DiskFull` or `FolderNotWritable`;
    for a new file `NameTaken` when `path` exists; with `append` `MissingFile`, `NotPermitted`, `DamagedMedia` when
    it is no recording, and `ValueError` when it has another number of channels.

    A continued file stays one stream, and what was in it is never written again: between the old sound and the new
    lie 22 to 43 ms of silence, the rest of the old last packet and a new one.
    """

    def __init__(self, path: Path, channels: int, sample_rate: int = RATE, *, append: bool = False) -> None:
        self.path = path
        self._encoder = _Encoder(channels, sample_rate)
        self._rate = sample_rate
        self._frames = 0
        self._page: list[bytes] = []
        self._problem: errors.StorageProblem | None = None
        self._closed = False
        self._append = append
        self._joint: _Joint | None = None
        self._goes_on = False  # whether the page before the joint is no longer marked as the last
        self._synced = repair(path) if append else 0.0
        self._file = _opened(path, "r+b") if append else _created(path)
        try:
            self._joint = _joint(self._file, path) if append else None
            if self._joint:
                self._continue(self._joint, channels)
            else:
                self._begin()
        except BaseException as error:
            self._file.close()
            if not append:
                path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise paths.storage_problem(error, path) from error
            raise

    def _begin(self) -> None:
        head = self._encoder.head
        self._serial = secrets.randbits(32)
        self._sequence = 2
        self._granule = self._begins = 0
        self._before = 0.0
        self._put(_headers(head, self._serial))
        _sync_name(self.path)

    def _continue(self, joint: _Joint, channels: int) -> None:
        if joint.head.channels != channels:
            raise ValueError(f"{joint.head.channels} channels in the recording, {channels} to be added")
        self._serial = joint.head.serial
        self._sequence = joint.last.sequence + 1
        self._granule = self._begins = joint.granule
        if joint.granule:
            self._page += self._encoder.lead_in()
        self._before = (self._begins + self._encoder.end - joint.head.pre_skip) / RATE

    @property
    def written(self) -> float:
        """Seconds of sound taken over by `write`, with those that a continued file had."""
        return self._before + self._frames / self._rate

    @property
    def synced(self) -> float:
        """Seconds of sound that a power cut would leave, as read back from the file at the last `sync`."""
        return self._synced

    def write(self, block: Samples) -> None:
        """Appends `block`: shape (frames, channels), float32 in [-1, 1], at the sample rate of the writer.

        Raises `DiskFull` or `FolderNotWritable`; what was written before stays valid, and `close` keeps it.
        """
        self._check()
        if len(block):
            self._frames += len(block)
            self._take(self._encoder.packets(block))

    def sync(self) -> None:
        """Puts everything handed to the operating system on the disk. Raises `DiskFull` or `FolderNotWritable`."""
        self._check()
        try:
            reached = _reach(self._file)
            _on_disk(self._file.fileno())
        except OSError as error:
            raise self._failed(error) from error
        self._synced = reached

    def close(self) -> None:
        """Ends the file: last page written and marked, synced. Never raises; a second call does nothing.

        On a full disk the file keeps all its whole pages and is still marked as ended.
        """
        if self._closed:
            return
        self._closed = True
        with suppress(errors.StorageProblem, OSError), self._file:
            self._check()
            if self._frames:
                self._take(self._encoder.rest(), last=True)
            self.sync()
        # Does nothing to a file that has its mark.
        with suppress(errors.Problem):
            self._synced = repair(self.path)

    def discard(self) -> None:
        """Takes back what was written: a new file is removed, one that was there ends where it did. Never raises."""
        self._closed = True
        with suppress(OSError):
            with self._file:
                last = self._joint.last if self._joint else None
                self._file.truncate(last.end if last else 0)
                if last:
                    _remark(self._file, last, flags=last.flags, granule=last.granule)
                _on_disk(self._file.fileno())
            if not self._append:
                self.path.unlink()

    def _take(self, packets: Iterable[bytes], *, last: bool = False) -> None:
        for packet in packets:
            if len(self._page) == PAGE_PACKETS or (
                sum(map(ogg.segments, self._page)) + ogg.segments(packet) > ogg.MOST_SEGMENTS
            ):
                self._turn()
            self._page.append(packet)
        if self._page and (last or len(self._page) == PAGE_PACKETS):
            self._turn(last=last)

    def _turn(self, *, last: bool = False) -> None:
        """Hands the page over. The granule of the last one says where in its last packet the sound ends."""
        self._granule += PACKET * len(self._page)
        page = ogg.build(
            self._page,
            serial=self._serial,
            sequence=self._sequence,
            granule=min(self._granule, self._begins + self._encoder.end) if last else self._granule,
            flags=ogg.LAST if last else 0,
        )
        self._sequence += 1
        self._page.clear()
        self._put(page)

    def _put(self, content: bytes) -> None:
        try:
            if self._joint and not self._goes_on:
                last = self._joint.last
                _remark(self._file, last, flags=last.flags & ~ogg.LAST, granule=self._joint.granule)
                self._goes_on = True
            self._file.seek(0, os.SEEK_END)
            rest = memoryview(content)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise self._failed(error) from error

    def _check(self) -> None:
        if self._problem is not None:
            raise self._problem

    def _failed(self, error: OSError) -> errors.StorageProblem:
        """Keeps the problem: after a failed write or sync nothing more is taken."""
        self._problem = paths.storage_problem(error, self.path)
        return self._problem


class _Encoder:
    """Sound at any rate to Opus packets of 20 ms.

    `head` is the identification header of their stream, `end` where what was given so far ends in it.
    """

    def __init__(self, channels: int, rate: int) -> None:
        self._channels = channels
        self._rate = rate
        self._resampler = None if rate == RATE else AudioResampler("flt", _layout(channels), RATE)
        self._codec = av.CodecContext.create("libopus", "w")
        self._codec.sample_rate = RATE
        self._codec.layout = _layout(channels)
        self._codec.format = "flt"
        self._codec.bit_rate = BITS_PER_CHANNEL * channels
        self._codec.time_base = Fraction(1, RATE)
        # Family 255 codes each channel alone; the default joins pairs, and one would be heard in the other.
        self._codec.options = {"mapping_family": "255"} if channels > 1 else {}
        self._codec.open()
        self.head = bytes(self._codec.extradata or b"")
        self._given = 0

    @property
    def end(self) -> int:
        """In samples from the beginning of the encoder's first packet."""
        return ogg.pre_skip(self.head) + self._given

    def lead_in(self) -> list[bytes]:
        """Begins with a packet without sound, which brings a decoder that comes from other sound into the same state.

        Without it, what that decoder knows of the old sound would be heard in the first packets of the new.
        """
        silence = np.zeros((PACKET + _OVERLAP - ogg.pre_skip(self.head), self._channels), np.float32)
        return self._encoded([_frame(silence, RATE)])

    def packets(self, sound: Samples) -> list[bytes]:
        """The packets that are whole now that `sound`, shape (frames, channels), has come."""
        frame = _frame(sound, self._rate)
        return self._encoded(self._resampler.resample(frame) if self._resampler else [frame])

    def rest(self) -> list[bytes]:
        """The last packets, filled up with silence."""
        resampled = self._resampler.resample(None) if self._resampler else []
        return [*self._encoded(resampled), *map(bytes, self._codec.encode(None))]

    def _encoded(self, frames: Iterable[av.AudioFrame]) -> list[bytes]:
        packets: list[bytes] = []
        for frame in frames:
            frame.pts, frame.time_base = self._given, Fraction(1, RATE)
            self._given += frame.samples
            packets += map(bytes, self._codec.encode(frame))
        return packets


def _layout(channels: int) -> str:
    return {1: "mono", 2: "stereo"}.get(channels, f"{channels}C")


def _frame(sound: Samples, rate: int) -> av.AudioFrame:
    packed = np.ascontiguousarray(sound, dtype=np.float32).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(cast("Any", packed), format="flt", layout=_layout(sound.shape[1]))
    frame.sample_rate = rate
    return frame


class _Decoder:
    """Opus packets to sound at 48 kHz, nothing left out."""

    def __init__(self, head: ogg.Head) -> None:
        self._codec = av.CodecContext.create("opus", "r")
        self._codec.extradata = ogg.without_pre_skip(head.packet)
        self._channels = head.channels

    def sound(self, packets: Iterable[bytes]) -> Samples:
        """What `packets` decode to, shape (samples, channels); what cannot be decoded is silence."""
        pieces = [np.zeros((0, self._channels), np.float32)]
        for packet in filter(None, packets):  # an empty one would end the decoder
            # The decoder looks behind the end of a packet, where only one that was given a size has zeros.
            padded = av.Packet(len(packet))
            padded.update(packet)
            try:
                pieces.extend(cast("Samples", frame.to_ndarray().T) for frame in self._codec.decode(padded))
            except av.error.FFmpegError:
                pieces.append(np.zeros((ogg.samples(packet), self._channels), np.float32))
        return np.concatenate(pieces)


# --- reading along -------------------------------------------------------------------------------


class Follower:
    """Reads a recording that may still grow, from second `start` on.

    What it gives is, sample for sample, what `media.blocks` gives of the closed file, however little comes at a time,
    but for the last millisecond, which is made with the sound after it. It reads no further than the last whole page,
    and goes on when a file that was closed is continued. Raises `MissingFile`, `NotPermitted`, or `DamagedMedia` when
    it is no recording.
    """

    def __init__(self, path: Path, start: float = 0.0) -> None:
        self._path = path
        self._file = _opened(path, "rb")
        first = round(start * SAMPLE_RATE)  # the first sample to give
        try:
            head = ogg.head(self._file)
            until = first * _RATIO - RUN_UP - _FILTER
            page = ogg.page_until(self._file, head, head.pre_skip + until) if head else None
        except OSError as error:
            self._file.close()
            raise errors.DamagedMedia(str(path)) from error
        if head is None:
            self._file.close()
            raise errors.DamagedMedia(str(path))
        self._channels = head.channels
        self._serial = head.serial
        self._decoder = _Decoder(head)
        self._resampler = AudioResampler("flt", _layout(head.channels), SAMPLE_RATE)

        self._place, self._granule = (page.end, page.granule) if page else (head.sound, 0)
        # Sample n of the result is made around sample 3n of the sound.
        begin = max(0, -((head.pre_skip - self._granule) // _RATIO))
        self._unheard = head.pre_skip + begin * _RATIO - self._granule
        self._ungiven = first - begin
        self._held = np.zeros((0, self._channels), np.float32)

    def read(self) -> Samples:
        """What is new since the last call, shape (n, channels), float32 at 16 kHz; empty when there is nothing.

        Of more than `READ_AT_MOST` seconds the rest is left for the next call. Raises `DamagedMedia` when the
        disk fails.
        """
        found = [np.zeros((0, self._channels), np.float32)]
        count = 0
        try:
            for page in ogg.pages(self._file, self._serial, self._place):
                self._place = page.end
                for piece in self._heard(page):
                    given = piece[self._ungiven :]
                    self._ungiven -= len(piece) - len(given)
                    found.append(given)
                    count += len(given)
                if count >= READ_AT_MOST * SAMPLE_RATE:
                    break
        except OSError as error:
            raise errors.DamagedMedia(str(self._path)) from error
        return np.concatenate(found)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _heard(self, page: ogg.Page) -> Iterable[Samples]:
        sound = self._decoder.sound(page.packets)
        hole = page.granule - self._granule - len(sound)
        if GAP_SECONDS * RATE < hole < LONGEST_GAP_SECONDS * RATE:
            yield np.zeros((round(hole / RATE * SAMPLE_RATE), self._channels), np.float32)
            self._granule += hole
        self._granule += len(sound)

        # What lies behind the end of the sound is sound after all when the recording is continued.
        sound, self._held = np.concatenate([self._held, sound]), sound[:0]
        if page.flags & ogg.LAST and self._granule > page.granule:
            sound, self._held = np.split(sound, [max(0, len(sound) - (self._granule - page.granule))])
        heard = sound[self._unheard :]
        self._unheard -= len(sound) - len(heard)
        if len(heard):
            for frame in self._resampler.resample(_frame(heard, RATE)):
                yield cast("Samples", frame.to_ndarray().reshape(-1, self._channels))


# --- the end of a file ---------------------------------------------------------------------------


def seconds(path: Path) -> float:
    """The length of a recording in seconds, from its last whole page; cheap, also while the file grows.

    0.0 where there is no sound, or its beginning is damaged (`repair` mends it). Raises `MissingFile`, `NotPermitted`
    or `DamagedMedia`.
    """
    with _opened(path, "rb") as file:
        try:
            return _reach(file)
        except OSError as error:
            raise errors.DamagedMedia(str(path)) from error


def repair(path: Path) -> float:
    """Ends a recording that was not closed: cut after its last whole page, which is marked as the last.

    Damaged header pages are written anew. Returns its length in seconds, 0.0 where there is no sound. A file that was
    closed and is whole is not touched. Needs no free space. Raises `MissingFile`, `NotPermitted`, `DiskFull`,
    `FolderNotWritable`, or `DamagedMedia` where there is more than a beginning and it cannot be read.
    """
    with _opened(path, "r+b") as file:
        try:
            found = ogg.head(file)
            head = found or _lost_head(file)
            last = ogg.last_page(file, head.serial) if head else None
            size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise errors.DamagedMedia(str(path)) from error
        if head is None or last is None:
            if size > BEGINNING:
                raise errors.DamagedMedia(str(path))
            return 0.0
        if not found or not last.flags & ogg.LAST or last.end != size:
            try:
                if not found:
                    file.seek(0)
                    file.write(_headers(head.packet, head.serial))
                file.truncate(last.end)
                _remark(file, last, flags=last.flags | ogg.LAST, granule=last.granule)
                _on_disk(file.fileno())
            except OSError as error:
                raise paths.storage_problem(error, path) from error
        return _length(head, last)


def _lost_head(file: BinaryIO) -> ogg.Head | None:
    """How a recording of ours began whose header pages are damaged, None where that is not to be found out.

    Their length depends on the number of channels alone, so where the first sound lies tells it.
    """
    sound = next((page for page in ogg.pages(file, None, 0) if page.sequence > 1), None)
    if sound is None or sound.sequence != 2:
        return None
    for channels in range(1, _MOST_CHANNELS + 1):
        packet = _Encoder(channels, RATE).head
        if len(_headers(packet, sound.serial)) == sound.start:
            return ogg.Head(packet, channels, ogg.pre_skip(packet), sound.serial, sound.start)
    return None


def _headers(head: bytes, serial: int) -> bytes:
    """The two header pages of the stream whose identification header is `head`."""
    tags = ogg.opus_tags("Meeting Transcriber")
    return ogg.build([head], serial=serial, sequence=0, granule=0, flags=ogg.FIRST) + ogg.build(
        [tags], serial=serial, sequence=1, granule=0
    )


def _reach(file: BinaryIO) -> float:
    """The seconds up to the end of a recording's last whole page."""
    head = ogg.head(file)
    last = ogg.last_page(file, head.serial) if head else None
    return _length(head, last) if head and last else 0.0


def _length(head: ogg.Head, last: ogg.Page) -> float:
    return max(0, last.granule - head.pre_skip) / RATE


def _remark(file: BinaryIO, page: ogg.Page, *, flags: int, granule: int) -> None:
    """Changes a page where it lies. Only the bytes that differ are written, in one go."""
    file.seek(page.start)
    content = ogg.remarked(file.read(page.end - page.start), flags=flags, granule=granule)
    file.seek(page.start)
    file.write(content[: ogg.MARKS])


@dataclass(frozen=True, slots=True)
class _Joint:
    """Where a recording goes on: behind the page `last`, whose packets end at `granule`, 0 where there is no sound."""

    head: ogg.Head
    last: ogg.Page
    granule: int


def _joint(file: BinaryIO, path: Path) -> _Joint | None:
    """None for a file cut within its headers, which is then empty. Raises `DamagedMedia` when it is no recording."""
    head = ogg.head(file)
    last = ogg.last_page(file, head.serial) if head else None
    if head is None or last is None:
        file.seek(0)
        content = file.read(BEGINNING + 1)
        if len(content) > BEGINNING or not content.startswith(b"OggS"[: len(content)]):
            raise errors.DamagedMedia(str(path))
        file.truncate(0)
        file.seek(0)
        return None
    if last.start < head.sound:
        return _Joint(head, last, 0)
    # The granule of a marked page lies within its last packet; the page before it says where that packet ends.
    before = ogg.last_page(file, head.serial, before=last.start)
    return _Joint(head, last, max(last.granule, (before.granule if before else 0) + ogg.duration(last)))


def _created(path: Path) -> BinaryIO:
    try:
        descriptor = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), paths.PRIVATE_FILE
        )
    except FileExistsError as error:
        raise errors.NameTaken(str(path)) from error
    except OSError as error:
        raise paths.storage_problem(error, path) from error
    return os.fdopen(descriptor, "r+b", buffering=0)


def _opened(path: Path, mode: Literal["rb", "r+b"]) -> BinaryIO:
    try:
        return path.open(mode, buffering=0)
    except FileNotFoundError as error:
        raise errors.MissingFile(str(path)) from error
    except PermissionError as error:
        raise errors.NotPermitted(str(path)) from error
    except OSError as error:  # a disk that fails, a folder of that name
        raise errors.DamagedMedia(str(path)) from error


def _on_disk(descriptor: int) -> None:
    """Returns once the disk has everything of a file."""
    if sys.platform == "darwin":
        import fcntl

        # There fsync only hands it to the drive; not every file system knows more.
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def _sync_name(path: Path) -> None:
    """Makes the name of a new file outlast a power cut."""
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            _on_disk(folder)
        finally:
            os.close(folder)
