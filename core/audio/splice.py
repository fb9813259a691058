"""Sound put together from stretches of files, packet by packet (PyAV): nothing is encoded anew where that can be."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import av
import structlog
from av.audio.stream import AudioStream
from av.container import OutputContainer

from core import errors, paths
from core.audio import encode, media
from core.values import Format, Job, Progress, Stage

_log = structlog.get_logger("splice")

CONTAINERS = {".ogg": "ogg", ".opus": "ogg", ".mp3": "mp3", ".m4a": "ipod", ".wav": "wav", ".mka": "matroska"}
"""The container that is written, by the ending of the first file; any other sound goes into Matroska."""

OTHER = ".mka"

ANEW = ".opus"
"""The ending of what is encoded anew."""

OFF_SECONDS = 0.5
"""By so much the length of what was written may differ from what was meant; beyond it the container lost some."""

TOLD_PACKETS = 2_000

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The sound of a file from one second to another."""

    path: Path
    begin: float
    end: float


class _Unlike(Exception):
    """The stretches are of sounds that do not fit into one stream, or their container does not hold it."""


def splice(
    stretches: Sequence[Stretch], target: Path, channels: int = 1
) -> Job[tuple[str, tuple[Span, ...]]]:
    """Writes the stretches, one behind the other, to the private file `target`, which is synced.

    Returns the ending that the file is to have, and what was taken of each stretch: whole packets, as a rule of 20 to
    60 ms. What cannot be put together without decoding is encoded anew with so many `channels`, to the sample. Memory
    does not grow with the sound. Raises as `media.probe`, and `OSError` when `target` cannot be written.
    """
    ending = stretches[0].path.suffix.lower()
    ending = ending if ending in CONTAINERS else OTHER
    whole = sum(one.end - one.begin for one in stretches)
    try:
        spans = yield from _copied(stretches, target, CONTAINERS[ending], whole)
    except (_Unlike, errors.Unreadable, av.error.FFmpegError, ValueError) as error:
        # What PyAV makes of a write that failed hides why.
        full = error if isinstance(error, OSError) else error.__context__
        if isinstance(full, OSError):
            raise full from error
        _log.info("sound encoded anew", reason=type(error).__name__)
        ending = ANEW
        yield from encode.write(
            _decoded(stretches, channels), target, Format.OPUS, whole, Stage.CUT, channels
        )
        spans = tuple((one.begin, one.end) for one in stretches)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return ending, spans


def _copied(
    stretches: Sequence[Stretch], target: Path, container: str, whole: float
) -> Job[tuple[Span, ...]]:
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, paths.PRIVATE_FILE)
    # A file of Python's own says when the disk is full; FFmpeg's would say so only at times.
    with os.fdopen(descriptor, "w+b") as file, av.open(file, "w", format=container) as copied:
        joint = _Joint(copied)
        spans: list[Span] = []
        for stretch in stretches:
            spans += [(yield from joint.add(stretch, whole))]
    if abs(media.measure(target) - sum(end - begin for begin, end in spans)) > OFF_SECONDS:
        raise _Unlike
    return tuple(spans)


class _Joint:
    """The stream that is written, and where it ends so far."""

    def __init__(self, copied: OutputContainer) -> None:
        self._copied = copied
        self._track: AudioStream | None = None
        self._kind: tuple[object, ...] = ()
        self._ends = 0  # in the time base of the packets
        self._seconds = 0.0

    def add(self, stretch: Stretch, whole: float) -> Job[Span]:
        """Writes the packets whose middle lies in the stretch; what was taken of it, in seconds of its file."""
        begin, end = stretch.begin, stretch.begin
        shift: int | None = None
        before = 0.0
        for count, (packet, starts, ends) in enumerate(media.packets(stretch.path)):
            middle = (starts + ends) / 2
            if middle >= stretch.end:
                break
            if middle < stretch.begin:
                before = ends
                continue
            kind = _kind(packet.stream, packet.time_base)
            if self._track is None:
                self._track, self._kind = self._copied.add_stream_from_template(packet.stream), kind
            if kind != self._kind or packet.pts is None:
                raise _Unlike
            if shift is None:
                begin = starts if before else 0.0
                shift = packet.pts - self._ends if self._ends or begin else 0
            packet.pts -= shift
            packet.dts = packet.pts
            self._ends = packet.pts + (packet.duration or 0)
            end = ends
            packet.stream = self._track
            self._copied.mux(packet)
            if count % TOLD_PACKETS == 0:
                yield Progress(Stage.CUT, min(1.0, (self._seconds + ends - begin) / whole) if whole else None)
        self._seconds += end - begin
        return begin, end


def _kind(stream: AudioStream, time_base: object) -> tuple[object, ...]:
    codec = stream.codec_context
    return codec.name, codec.sample_rate, codec.channels, codec.extradata, time_base


def _decoded(stretches: Sequence[Stretch], channels: int) -> Generator[media.Samples]:
    for stretch in stretches:
        left = round((stretch.end - stretch.begin) * media.SAMPLE_RATE)
        with closing(media.blocks(stretch.path, stretch.begin, channels=channels)) as blocks:
            for block in blocks:
                yield block[:left]
                left -= len(block)
                if left <= 0:
                    break
