"""A meeting's sound is heard: channel by channel, as it comes, and how that goes is told."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.audio import media, recording, sides
from core.audio.echo import EchoGate
from core.audio.sides import CrosstalkGate
from core.meetings.echoes import NEAR
from core.meetings.library import Library
from core.meetings.pace import Pace
from core.values import (
    CALL,
    Channel,
    Event,
    Job,
    LiveText,
    Meeting,
    MeetingId,
    Model,
    Notice,
    Place,
    Progress,
    Segment,
    SegmentsAdded,
    Source,
    Stage,
    Transcript,
    heard_apart,
)

if TYPE_CHECKING:
    from core.speech import Batch, Listener

Samples = NDArray[np.float32]
Sound = Generator[Samples, None, tuple[float, float]]
"""A meeting's sound to its end, shape (n, channels); returns the meeting's length in seconds as noted before that was
read, and for how many of them silence stands for what the file does not hold."""

LOOK = 0.1
"""Seconds between two looks at a recording that grows."""

BEAT = 0.25
"""Seconds after which something is told at the latest, so that a stop is noticed."""

RUN_UP = 120.0
"""Seconds of sound before its text from which a live run hears two channels, to know their echo: not all the hours."""

CAUGHT_UP = 1.0
"""Seconds of new sound below which a reader is at the end of a recording that grows."""

AHEAD = 60.0
"""Seconds of sound known beyond the text, where so much is late, so that late windows are as long as they can be."""


def crosstalk_of(library: Library, meeting: Meeting) -> CrosstalkGate | None:
    """What silences the rest of one side in the other, where the meeting came as a file of two sides."""
    if meeting.source is Source.RECORDING or len(heard_apart(meeting.channels)) < 2:
        return None
    return sides.crosstalk_gate(library.audio_of(meeting), meeting.duration)


class Listeners:
    """The channels' listeners, which get their sound without echo, each from its own place on."""

    def __init__(
        self,
        model: Model,
        transcript: Transcript,
        channels: Sequence[Channel | None],
        start: float,
        *,
        heard: Collection[Channel | None] | None = None,
        live: bool = False,
        everywhere: bool = False,
        crosstalk: CrosstalkGate | None = None,
    ) -> None:
        """The sound holds `channels` and begins at second `start`; of these, `heard` are listened to (None: all).

        `transcript` gives the options, the language and the places. `live` and `everywhere` as for `speech.Listener`.
        `crosstalk` where the file is none of ours, so that each channel may hold a rest of the other.
        """
        from core.speech import Listener

        self.live = live
        self.ended = False
        self.language = transcript.language
        """The language that was found first, '' while none is."""
        self._channels = tuple(channels)
        places = {place.channel: place for place in transcript.places}
        self.by_channel: dict[Channel | None, Listener] = {}
        # How many samples of each channel are known already.
        self._known: dict[Channel | None, int] = {}
        for channel in channels if heard is None else heard:
            place = places.get(channel, Place())
            self.by_channel[channel] = Listener(
                model,
                transcript.options,
                start=place.reached,
                language=place.language or transcript.language,
                prompt=place.prompt,
                likely=transcript.likely,
                live=live,
                everywhere=everywhere,
                freed=crosstalk is not None or (channel is Channel.MICROPHONE and set(CALL) <= set(channels)),
            )
            self._known[channel] = round((place.reached - start) * media.SAMPLE_RATE)
        # Their state is made by the sound before, so that a run that carries on hears that again.
        self._crosstalk = crosstalk
        self._gate = EchoGate() if set(CALL) <= set(channels) else None

    @property
    def arrived(self) -> float:
        """The second up to which the sound is known."""
        return max(listener.arrived for listener in self.by_channel.values())

    @property
    def reached(self) -> float:
        """The second up to which all text is certain."""
        return min(listener.reached for listener in self.by_channel.values())

    @property
    def heard(self) -> float:
        """The second up to which all sound is heard, be it for an interim text."""
        return min(self.arrived, *(listener.heard for listener in self.by_channel.values()))

    @property
    def done(self) -> bool:
        """Whether all sound is known and decoded."""
        return self.ended and all(listener.settled == math.inf for listener in self.by_channel.values())

    @property
    def echoing(self) -> bool:
        """Whether the loudspeaker is known to be heard in the microphone."""
        return self._gate is not None and self._gate.proven

    def set_language(self, language: str) -> None:
        """Takes the language that was found first for that of all channels."""
        self.language = self.language or language
        for listener in self.by_channel.values():
            listener.language = listener.language or language

    def may_keep(self, channel: Channel | None, batch: Batch) -> bool:
        """Whether all is known that tells an echo in `batch`: what the others say at the same time."""
        if channel is not Channel.MICROPHONE or Channel.SYSTEM not in self.by_channel or not batch.segments:
            return True
        return self.by_channel[Channel.SYSTEM].settled >= batch.segments[-1].end + NEAR

    def hear(self, block: Samples) -> None:
        """Takes the next sound, shape (n, channels), float32 at 16 kHz."""
        if self._crosstalk:
            block = self._crosstalk.quieten(block)
        self._hear(block)

    def _hear(self, block: Samples) -> None:
        sounds = dict(zip(self._channels, block.T, strict=False))
        if self._gate:
            pair = np.stack([sounds[Channel.MICROPHONE], sounds[Channel.SYSTEM]], axis=1)
            sounds[Channel.MICROPHONE] = self._gate.quieten(pair)
        for channel in self.by_channel:
            self._give(channel, sounds[channel])

    def end(self) -> None:
        """No more sound comes."""
        if self._crosstalk:
            self._hear(self._crosstalk.rest())
        if self._gate and Channel.MICROPHONE in self.by_channel:
            self._give(Channel.MICROPHONE, self._gate.rest())
        for listener in self.by_channel.values():
            listener.end()
        self.ended = True

    def _give(self, channel: Channel | None, piece: Samples) -> None:
        known = min(self._known[channel], len(piece))
        self._known[channel] -= known
        if known < len(piece):
            self.by_channel[channel].hear(piece[known:])


def hear(
    listeners: Listeners,
    sound: Sound,
    keep: Callable[[Channel | None, Batch], tuple[Segment, ...]],
    reporter: Reporter,
) -> Job[tuple[float, float]]:
    """Hears `sound` to its end; the channel that is furthest behind comes first.

    `keep` takes the text of a channel and gives what of it was stored. Returns what `sound` does.
    """
    return (yield from reporter.pace.timed(_heard(listeners, sound, keep, reporter)))


def _heard(
    listeners: Listeners,
    sound: Sound,
    keep: Callable[[Channel | None, Batch], tuple[Segment, ...]],
    reporter: Reporter,
) -> Job[tuple[float, float]]:
    from core.speech import Engine

    ended = (0.0, 0.0)
    held: dict[Channel | None, Batch] = {}
    yield from reporter.progress()
    while held or not listeners.done:
        ready = [
            channel for channel, one in listeners.by_channel.items() if channel not in held and one.ready()
        ]
        if not listeners.ended and (
            not ready or (listeners.live and listeners.arrived - listeners.reached < AHEAD)
        ):
            try:
                block = next(sound)
            except StopIteration as end:
                ended = end.value
                listeners.end()
                continue
            listeners.hear(block)
            if len(block) >= CAUGHT_UP * media.SAMPLE_RATE:
                yield from reporter.beat()
                continue
        if ready:
            channel = min(ready, key=lambda channel: listeners.by_channel[channel].reached)
            if batch := listeners.by_channel[channel].batch():
                held[channel] = batch
                reporter.pace.heard(sum(segment.end - segment.start for segment in batch.segments))
                listeners.set_language(batch.language)
            if why := Engine.fault():
                yield Notice("on_processor", {"why": why})
        for channel in [channel for channel, batch in held.items() if listeners.may_keep(channel, batch)]:
            if stored := keep(channel, held.pop(channel)):
                yield SegmentsAdded(reporter.meeting_id, stored)
            yield from reporter.progress()
        if listeners.live:
            yield from reporter.live(held, fresh=not ready)
            if not ready and not listeners.ended:
                time.sleep(LOOK)
    return ended


class Reporter:
    """Tells how a transcription of the file at `path`, from second `begin` to `end`, goes between its segments."""

    def __init__(
        self,
        meeting_id: MeetingId,
        path: Path,
        listeners: Listeners,
        begin: float,
        end: float,
        seen: float | None = None,
    ) -> None:
        """`seen` is the model's speed in other meetings, as for `Pace`."""
        self.meeting_id = meeting_id
        self._path = path
        self._listeners = listeners
        self._begin = begin
        self._length = end - begin
        self.pace = Pace(listeners.reached, end, seen)
        self._told: dict[Channel | None, LiveText] = {}
        self._last = time.monotonic()

    def progress(self) -> Iterator[Event]:
        """How far a transcription of a known length is."""
        if not self._listeners.live:
            reached = self._listeners.reached
            self._last = time.monotonic()
            share = (reached - self._begin) / self._length if self._length > 0 else 0.0
            yield Progress(Stage.TRANSCRIBE, min(1.0, share), self.pace.seconds_left(reached))

    def beat(self) -> Iterator[Event]:
        """Something after `BEAT` seconds in which nothing was told, while much of the file has still to be heard."""
        if time.monotonic() - self._last < BEAT:
            return
        yield from self.progress()
        if self._listeners.live:
            for channel in self._listeners.by_channel:
                text = self._told[channel].text if channel in self._told else ""
                yield self._live(channel, text, recording.seconds(self._path) - self._listeners.heard)

    def live(self, held: Mapping[Channel | None, Batch], *, fresh: bool) -> Iterator[Event]:
        """The text that is not stored yet, where it changed: `held` and what is being said, with `fresh` heard anew."""
        for channel, listener in self._listeners.by_channel.items():
            waiting = [segment.text for segment in held[channel].segments] if channel in held else []
            text = " ".join(filter(None, [*waiting, listener.interim(anew=fresh)]))
            behind = self._listeners.arrived - self._listeners.heard
            told = self._told.get(channel)
            late = time.monotonic() - self._last >= BEAT
            if told is None or late or told.text != text or abs(told.behind - behind) >= 1.0:
                yield self._live(channel, text, behind)

    def _live(self, channel: Channel | None, text: str, behind: float) -> LiveText:
        self._told[channel] = LiveText(self.meeting_id, text, max(0.0, behind), channel)
        self._last = time.monotonic()
        return self._told[channel]
