"""Audio and video files: what they hold, a copy of their sound, and their sound to transcribe or hear (PyAV)."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import structlog
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from numpy.typing import NDArray

from core import errors
from core.audio import ogg, riff
from core.audio.defects import Offset, Polarity, Unit
from core.values import Job, Media, Progress, Stage

_log = structlog.get_logger("media")

SAMPLE_RATE = 16_000
"""Whisper's and Silero's sample rate, in Hz."""

BLOCK_SECONDS = 1.0

LEAD_SECONDS = 0.2
"""How far before a place a container is entered to listen from there: Opus needs 80 ms to settle (RFC 7845, 4.6)."""

GAP_SECONDS = 0.1
"""A hole in a file's time stamps from here on is silence; below, it is rounding."""

LONGEST_GAP_SECONDS = 3600.0
"""A larger jump is a container's lie, not a silence."""

RATES = range(1_000, 1_536_001)
"""Hz that are believed. Resampling from what a damaged header declares beyond them needs memory without bound."""

LOUDEST = 100.0
"""What no sound reaches whose full scale is 1; beyond it is damage, and silence."""

MOST_CHANNELS = 64
"""More the resampler refuses (FFmpeg's SWR_CH_MAX)."""

MOST_DAMAGE = 10_000
"""Damaged places of a container after which the rest of it is not looked for."""

COPY_BYTES = 1 << 20

_SIGNATURES = (
    b"RIFF",
    b"OggS",
    b"fLaC",
    b"ID3",
    b"\xff\xfb",
    b"\xff\xf3",
    b"\x1aE\xdf\xa3",
    b"FORM",
    b"caff",
    b"0&\xb2u",
)
"""First bytes of media files; `ftyp` at byte 4 marks the MP4 family."""

_REFERRING_FORMATS = {
    "concat",
    "concatf",
    "dash",
    "hls",
    "image2",
    "imf",
    "rtsp",
    "sap",
    "sdp",
    "webm_dash_manifest",
}
"""Playlists and the like: opening one opens what it names, on this machine or in the network."""

_NOT_MEDIA_FORMATS = {"tty", "lrc", "srt", "webvtt", "ass", "microdvd", "subviewer", "txd", "ico", "gif"}

Samples = NDArray[np.float32]


def probe(path: Path) -> Media:
    """What the file holds, after really decoding its first sound.

    Raises `MissingFile`, `FolderGiven`, `NotPermitted`, `EmptyFile`, `NotMedia`, `NoAudioTrack` or
    `DamagedMedia`.
    """
    _check_readable(path)
    with _opened(path) as container:
        stream = _audio_stream(container, path)
        if next(_resampled(container, stream, 1, _Clock()), None) is None:
            raise errors.DamagedMedia(str(path))
        return Media(
            duration=container.duration / av.time_base if container.duration else None,
            codec=stream.codec_context.name,
            container=container.format.name,
            sample_rate=stream.codec_context.sample_rate,
            channels=stream.codec_context.channels,
            has_video=_has_video(container),
            recorded_at=_recorded_at((container.metadata | stream.metadata).get("creation_time", "")),
        )


def _check_readable(path: Path) -> None:
    name = str(path)
    try:
        if path.is_dir():
            raise errors.FolderGiven(name)
        if path.exists() and not path.is_file():
            raise errors.NotMedia(name)
        with path.open("rb") as file:
            if not file.read(1):
                raise errors.EmptyFile(name)
    except FileNotFoundError as error:
        raise errors.MissingFile(name) from error
    except OSError as error:
        raise errors.NotPermitted(name) from error


def _opened(path: Path) -> InputContainer:
    """The container, opened without ever following a reference to another file or to the network."""
    options = {"protocol_whitelist": "file", "format_whitelist": _formats()}
    if riff.understated(path):
        options["ignore_length"] = "1"
    try:
        return av.open(
            f"file:{path.absolute()}",
            options=options,
            metadata_errors="replace",
        )
    except av.error.FFmpegError as error:
        raise (errors.DamagedMedia if _looks_like_media(path) else errors.NotMedia)(str(path)) from error


@cache
def _formats() -> str:
    return ",".join(sorted(av.formats_available - _REFERRING_FORMATS))


def _looks_like_media(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(12)
    return head.startswith(_SIGNATURES) or head[4:8] == b"ftyp"


def _audio_stream(container: InputContainer, path: Path) -> AudioStream:
    for stream in container.streams.audio:
        if stream.codec_context:
            return stream
    if container.streams.audio:
        raise errors.DamagedMedia(str(path))
    formats = set(container.format.name.split(","))
    if _has_video(container) and not formats & _NOT_MEDIA_FORMATS and "pipe" not in container.format.name:
        raise errors.NoAudioTrack(str(path))
    raise errors.NotMedia(str(path))


def _has_video(container: InputContainer) -> bool:
    """Whether there are moving pictures; a cover is not one, nor is a file that is an image."""
    if container.format.name.endswith("_pipe") or container.format.name == "image2":
        return False
    return any(not stream.disposition & Disposition.attached_pic for stream in container.streams.video)


def _recorded_at(stamp: str) -> datetime | None:
    """When the file says it was made, where that is believable."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if datetime(1990, 1, 1, tzinfo=UTC) < moment <= datetime.now(UTC) else None


# --- a copy of the sound ---------------------------------------------------------------------------


def kept_suffix(path: Path, media: Media) -> str:
    """The ending of the library's copy: the file's own, or .mka where the sound is taken out of a video."""
    suffix = path.suffix.lower()
    if media.has_video:
        return ".mka"
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 6 else ".audio"


def keep_track(path: Path, media: Media, target: Path) -> Job[float]:
    """Copies the sound of `path`, not re-encoded, to the private file `target`; its length in seconds.

    Raises `MissingFile` when it has gone, `DamagedMedia` when no sound could be read, `OSError` when `target` cannot
    be written.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.close(descriptor)
    if media.has_video:
        try:
            yield from _extract(path, media, target)
        except (av.error.FFmpegError, ValueError) as error:
            if isinstance(error, OSError):
                raise
            # Matroska cannot hold every codec, nor a time that runs back; then the whole file is kept.
            _log.info("sound kept with its video", reason=type(error).__name__)
            yield from _copy(path, target)
    else:
        yield from _copy(path, target)
    _sync(target)
    duration = measure(target)
    if not duration:
        raise errors.DamagedMedia(str(path))
    return duration


def ends_early(path: Path, media: Media, duration: float) -> bool:
    """Whether the file at `path`, which holds `duration` seconds, seems to be the beginning of a longer one."""
    if (media.duration and media.duration > duration * 1.05 + 2) or riff.is_followed(path):
        return True
    if media.container != "ogg":
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - ogg.LONGEST))
        tail = file.read()
    last = ogg.parse(tail, max(0, tail.rfind(ogg.CAPTURE)))
    return last is None or not last.flags & ogg.LAST


def _copy(path: Path, target: Path) -> Job[None]:
    with target.open("wb") as copied:
        yield from read_through(path, copied.write, 30, 90)


def read_through(path: Path, take: Callable[[bytes], object], begin: int, end: int) -> Job[None]:
    """Gives the bytes of the file to `take`, a piece at a time; the import goes from `begin` to `end` percent by it.

    Raises `MissingFile`, or `DamagedMedia` when it cannot be read, and what `take` raises.
    """
    try:
        source = path.open("rb")
    except FileNotFoundError as error:
        raise errors.MissingFile(str(path)) from error
    except OSError as error:
        raise errors.DamagedMedia(str(path)) from error
    with source:
        total, done, shown = os.fstat(source.fileno()).st_size, 0, -1
        while piece := _read(source, path):
            take(piece)
            done += len(piece)
            # A file that is still being written is longer than it was.
            if (percent := begin + (end - begin) * min(done, total) // max(1, total)) != shown:
                shown = percent
                yield Progress(Stage.IMPORT, percent / 100)


def _read(source: BinaryIO, path: Path) -> bytes:
    try:
        return source.read(COPY_BYTES)
    except OSError as error:  # a stick pulled out, a bad sector: not the library's fault
        raise errors.DamagedMedia(str(path)) from error


def _extract(path: Path, media: Media, target: Path) -> Job[None]:
    with _opened(path) as container, av.open(str(target), "w", format="matroska") as copied:
        stream = _audio_stream(container, path)
        track = copied.add_stream_from_template(stream)
        for count, packet in enumerate(_packets(container, stream)):
            if packet.dts is None:
                continue
            at = float(packet.dts * packet.time_base)
            packet.stream = track
            copied.mux(packet)
            if count % 1000 == 0:
                share = min(1.0, max(0.0, at / media.duration)) if media.duration else 0.0
                yield Progress(Stage.IMPORT, 0.3 + 0.6 * share)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def measure(path: Path) -> float:
    """The length of the file's sound in seconds, from its packets: what the header declares may be wrong."""
    with _opened(path) as container:
        stream = _audio_stream(container, path)
        clock, base = _Clock(), float(stream.time_base or 0)
        begin = end = None
        # Hundreds of packets for a second of sound: those that follow one another count as one.
        for packet in _packets(container, stream):
            at = packet.pts
            if at is not None and at == end:
                end += packet.duration or 0
                continue
            if begin is not None and end is not None:
                clock.hole_before(begin * base, (end - begin) * base, None if at is None else at * base)
            begin, end = at, None if at is None else at + (packet.duration or 0)
        return clock.heard


def packets(path: Path) -> Iterator[tuple[Packet[AudioStream], float, float]]:
    """The file's packets of sound that have a time stamp, each with the seconds at which it begins and ends.

    These are seconds of the sound as `blocks` gives it. Raises as `probe` where the file cannot be opened.
    """
    with _opened(path) as container:
        stream = _audio_stream(container, path)
        clock = _Clock()
        base = float(stream.time_base or 0)
        followed = itertools.pairwise(itertools.chain(_packets(container, stream), [None]))
        for packet, following in followed:
            if packet is not None and packet.pts is not None:
                stamp = following.pts if following is not None else None
                after = stamp * base if stamp is not None and base else None
                length = (packet.duration or 0) * base
                clock.hole_before(packet.pts * base if base else None, length, after)
                yield packet, clock.heard - length, clock.heard


# --- the sound as blocks ---------------------------------------------------------------------------


def blocks(path: Path, start: float = 0.0, *, channels: int = 1) -> Generator[Samples, None, float]:
    """The file's sound from second `start` on: float32 blocks of one second at 16 kHz, the last one shorter.

    One channel is the mono mix, shape (n,); more are the channels of the file apart, shape (n, channels).
    Sample n of the sound is always the same, whatever `start`: everything before it is decoded too. Packets
    that cannot be decoded and holes in the time stamps become silence; returns how many seconds of it, before
    `start` too. Raises as `probe`, and `DamagedMedia` when the file has another number of channels than the
    several asked for.
    """
    _check_readable(path)
    size = int(BLOCK_SECONDS * SAMPLE_RATE)
    skip = round(start * SAMPLE_RATE)
    waiting: list[Samples] = []
    held = 0
    clock = _Clock()
    with _opened(path) as container:
        stream = _audio_stream(container, path)
        if channels > 1 and stream.codec_context.channels != channels:
            raise errors.DamagedMedia(str(path))
        for piece in _resampled(container, stream, channels, clock):
            if skip >= len(piece):
                skip -= len(piece)
                continue
            waiting.append(piece[skip:])
            held += len(piece) - skip
            skip = 0
            if held >= size:
                joined = np.concatenate(waiting)
                whole = held // size * size
                for begin in range(0, whole, size):
                    yield joined[begin : begin + size]
                waiting, held = [joined[whole:]], held - whole
    if held:
        yield np.concatenate(waiting)
    return clock.missing


def stretch(path: Path, start: float, seconds: float, *, channels: int = 1) -> Samples:
    """About `seconds` of the file's sound from near second `start` on, at 16 kHz, in the shape of `blocks`.

    Nothing before it is decoded, so its place is only as exact as the container's. Empty where the file cannot be
    entered there. Raises as `probe`.
    """
    _check_readable(path)
    pieces: list[Samples] = [np.zeros((0, channels) if channels > 1 else 0, dtype=np.float32)]
    left = round(seconds * SAMPLE_RATE)
    with _opened(path) as container:
        stream = _audio_stream(container, path)
        if start > 0:
            try:
                container.seek(round(start * av.time_base))
            except av.error.FFmpegError:
                return pieces[0]
        with closing(_resampled(container, stream, channels, _Clock())) as sound:
            for piece in sound:
                pieces.append(piece[:left])
                left -= len(piece)
                if left <= 0:
                    break
    return np.concatenate(pieces)


def sound(path: Path, start: float, rate: int) -> Generator[Samples]:
    """The file's sound to listen to, from second `start` on: pieces of a mono mix at `rate` Hz, shape (n,).

    The container is entered a little before, where it can be; else everything before `start` is decoded and left out.
    Raises as `probe`.
    """
    _check_readable(path)
    if start > LEAD_SECONDS:
        entered = yield from _sound(path, start, rate, start - LEAD_SECONDS)
        if entered:
            return
    yield from _sound(path, start, rate, 0.0)


def _sound(path: Path, start: float, rate: int, enter: float) -> Generator[Samples, None, bool]:
    """That sound from a container that is entered near second `enter`; False and nothing where it cannot be."""
    with _opened(path) as container:
        stream = _audio_stream(container, path)
        begins = float((stream.start_time or 0) * (stream.time_base or 0))
        if enter:
            try:
                container.seek(round((enter + begins) * av.time_base))
            except av.error.FFmpegError:
                return False
        clock = _Clock()
        skip: int | None = None if enter else round(start * rate)
        with closing(_resampled(container, stream, 1, clock, rate)) as pieces:
            for piece in pieces:
                if skip is None:
                    if clock.first is None or clock.first - begins > start + GAP_SECONDS:
                        return False
                    skip = max(0, round((start + begins - clock.first) * rate))
                if skip < len(piece):
                    yield piece[skip:]
                skip = max(0, skip - len(piece))
        return skip is not None


def _resampled(
    container: InputContainer,
    stream: AudioStream,
    channels: int,
    clock: _Clock,
    rate: int = SAMPLE_RATE,
) -> Generator[Samples]:
    converter: _Converter | None = None
    shape: tuple[str, str, int] | None = None
    # One row for each sample where the channels stay apart, else one number.
    row = (channels,) if channels > 1 else ()
    for frame, following in _followed(_frames(container, stream)):
        if converter is None or shape != (frame.format.name, frame.layout.name, frame.sample_rate):
            shape = (frame.format.name, frame.layout.name, frame.sample_rate)
            if converter:
                yield from converter.samples(None)
            converter = _Converter(row, rate)
        at, frame.pts = _second(frame), None
        try:
            pieces = list(converter.samples(frame))
        except av.error.FFmpegError:
            # Channels that cannot be mixed: as good as not decoded, and then silence.
            converter = shape = None
            continue
        hole = clock.hole_before(at, frame.samples / frame.sample_rate, following)
        yield from _silence(round(hole * rate), row)
        yield from pieces
    if converter:
        yield from converter.samples(None)


def _silence(samples: int, row: tuple[int, ...]) -> Iterator[Samples]:
    """A hole may last an hour: no more than a block of it at a time."""
    while samples > 0:
        yield np.zeros((min(samples, SAMPLE_RATE), *row), dtype=np.float32)
        samples -= SAMPLE_RATE


def _followed(frames: Iterator[AudioFrame]) -> Iterator[tuple[AudioFrame, float | None]]:
    """Each with the second at which the one after it is stamped, None where that is not known."""
    previous: AudioFrame | None = None
    for one in frames:
        if previous is not None:
            yield previous, _second(one)
        previous = one
    if previous is not None:
        yield previous, None


def _second(frame: AudioFrame) -> float | None:
    """The second at which it is stamped."""
    if frame.pts is None or not frame.time_base:
        return None
    return float(frame.pts * frame.time_base)


class _Clock:
    """Compares the time stamps of decoded frames, or of packets, with the sound that really came."""

    def __init__(self) -> None:
        self.first: float | None = None
        """The stamp of the first, or what it would be by the stamps since the clock jumped."""
        self.heard = 0.0
        """The seconds so far, silence with them."""
        self.missing = 0.0
        """The seconds of that silence."""

    def hole_before(self, at: float | None, seconds: float, following: float | None) -> float:
        """The seconds of silence that belong before a frame stamped `at`, 0.0 for none; then counts its `seconds`.

        `following` is the stamp of the frame after it: where that is back in time, this one's was wrong.
        """
        hole = 0.0
        if at is not None:
            if self.first is None:
                self.first = at - self.heard
            missing = at - self.first - self.heard
            if GAP_SECONDS < missing < LONGEST_GAP_SECONDS:
                hole = missing if following is None or following > at else 0.0
            elif abs(missing) >= GAP_SECONDS:
                self.first = at - self.heard  # the clock jumped, or ran backwards: believe the sound
        self.missing += hole
        self.heard += hole + seconds
        return hole


def _packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
    """The stream's packets, at last an empty one; those after a damage too, where the container can go on."""
    damage = 0
    while damage < MOST_DAMAGE:
        try:
            yield from container.demux(stream)
            break
        except av.error.FFmpegError as error:
            if error.errno == errno.EIO:
                raise errors.DamagedMedia(container.name.removeprefix("file:")) from error
            damage += 1
    if damage:
        _log.info("the container is damaged", places=damage)


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    stream.codec_context.thread_type = "AUTO"
    broken = 0
    for packet in _packets(container, stream):
        try:
            for frame in packet.decode():
                if frame.sample_rate in RATES and frame.layout.nb_channels <= MOST_CHANNELS:
                    yield frame
                else:
                    broken += 1
        except av.error.EOFError:
            continue
        except av.error.FFmpegError:
            broken += 1
    if broken:
        _log.info("packets could not be decoded", count=broken)


class _Converter:
    """Turns frames of one kind into float32 at `rate`: mixed to one channel, or with the several that `row` tells."""

    def __init__(self, row: tuple[int, ...], rate: int) -> None:
        layout = f"{row[0]}C" if row else "mono"
        self._row = row
        self._resampler = AudioResampler(format="flt", layout=layout, rate=rate)
        self._gain: float | None = 1.0 if row else None
        self._polarity = Polarity()
        self._unit = Unit()
        self._offset = Offset(rate)

    def samples(self, frame: AudioFrame | None) -> Iterator[Samples]:
        """Those of `frame` that are ready; with None the last ones."""
        if frame and self._gain is None:
            self._gain = _gain(frame)
        if frame and not self._row and frame.layout.nb_channels == 2:
            frame = self._polarity.straightened(frame)
        for resampled in self._resampler.resample(frame):
            piece = np.asarray(resampled.to_ndarray(), dtype=np.float32).reshape(-1, *self._row)
            if len(piece):
                piece = self._unit.of_one(piece)
                # Damaged floats are any number or none; the comparison is false for those too.
                piece[~(np.abs(piece) <= LOUDEST)] = 0.0
                # Whisper makes up words for sound beyond full scale, and understands it cut off there.
                yield self._offset.removed((piece / np.float32(self._gain or 1.0)).clip(-1.0, 1.0))


def _gain(like: AudioFrame) -> float:
    """How many times as loud as one of them the mix is of channels that are all the same.

    FFmpeg adds floats up and lets only integers stay within full scale; Whisper learned from the latter.
    """
    full = AudioFrame(format="flt", layout=like.layout, samples=16)
    full.sample_rate = like.sample_rate
    full.planes[0].update(np.ones(full.planes[0].buffer_size // 4, dtype=np.float32).tobytes())
    mixed = AudioResampler(format="flt", layout="mono", rate=like.sample_rate).resample(full)
    return max(1.0, *(float(np.abs(one.to_ndarray()).max()) for one in mixed))
