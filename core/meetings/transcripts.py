"""Transcribe: a meeting's sound becomes text, which is stored as it comes, also while it is still being recorded."""

from __future__ import annotations

import difflib
import itertools
import math
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core import errors, locks, power
from core.audio import media, recording
from core.audio.echo import EchoGate
from core.meetings import machine
from core.meetings.library import Library, asked, stage_of
from core.meetings.pace import Pace
from core.meetings.turns import cut_anew
from core.values import (
    Channel,
    Event,
    Job,
    LiveText,
    Meeting,
    MeetingChanged,
    MeetingId,
    Model,
    Notice,
    Place,
    Progress,
    Segment,
    SegmentsAdded,
    Stage,
    Transcript,
    TranscriptOptions,
)

if TYPE_CHECKING:
    from core.speech import Batch, Listener

Samples = NDArray[np.float32]
Sound = Generator[Samples, None, tuple[float, float]]
"""A meeting's sound to its end, shape (n, channels); returns the meeting's length in seconds as noted before that was
read, and for how many of them silence stands for what the file does not hold."""

MISSING = 0.5
"""Seconds of sound that a file does not hold from which on it is told."""

LOOK = 0.1
"""Seconds between two looks at a recording that grows."""

BEAT = 0.25
"""Seconds after which something is told at the latest, so that a stop is noticed."""

CHECK = 0.5
"""Seconds between two looks at whether a recording that gives nothing has ended."""

LEFT = 10.0
"""Seconds after which a recording that nobody makes and nobody closes is not waited for any more."""

RUN_UP = 120.0
"""Seconds of sound before its text from which a live run hears two channels, to know their echo: not all the hours."""

CAUGHT_UP = 1.0
"""Seconds of new sound below which a reader is at the end of a recording that grows."""

AHEAD = 60.0
"""Seconds of sound known beyond the text, where so much is late, so that late windows are as long as they can be."""

NEAR = 0.5
"""Seconds by which an echo's words may lie beside those that they repeat: its way, and the times of words."""

REPEATED = 0.7
"""Share of a segment's words said in the other channel at that time, from which on it is its echo."""

FEWEST = 3
"""Words that an echo has at least: two people do say "yes" at once."""


OTHER_PLACES = (60.0, 300.0, 900.0)
"""Seconds at which a file is heard too before it is said not to be English: it may begin with music or a jingle."""

STRETCH = 30
"""Seconds that are heard there."""

SHARES = (0.0, 1 / 2, 1 / 4, 3 / 4, 1 / 8, 7 / 8)
"""Where in a file its language is listened for, until enough speech was found."""

LISTENED = 45.0
"""Seconds that are searched there for speech."""

FEW_SECONDS = 60.0
"""A file up to this long is heard at its beginning only."""


def transcribe(
    library: Library, meeting_id: MeetingId, options: TranscriptOptions | None = None
) -> Job[Transcript]:
    """Turns the meeting's sound into text, storing each stretch as it comes; carries on where it was stopped.

    A meeting that is being recorded is followed until its recording ends: its segments come at pauses, and `LiveText`
    between them, several times a second. `options` None: those that were asked for, else the settings'. A complete
    transcript made with the same options is not replaced; a translation, or the original beside one, is shown again.
    Where a recording is continued meanwhile, a run that does not follow it ends with what there was, not complete,
    and the wish stays. Raises a `ModelProblem`, `Unreadable`, `NothingToTranscribe`, `MeetingBusy` or
    `StorageProblem`; what was stored before stays, except the text that came before `NotEnglish`.
    """
    from core import speech

    meeting = library.store.meeting(meeting_id)
    wanted = options or asked(meeting, TranscriptOptions) or library.transcript_options(meeting_id)
    with stage_of(library, meeting, Stage.TRANSCRIBE):
        done = library.store.transcript(meeting_id)
        if done and done.complete and done.options == wanted:
            library.store.finish(meeting_id, Stage.TRANSCRIBE, wanted)
            return done
        other = library.store.counterpart(meeting_id)
        if other and other.options == wanted:
            # Made already, and only not shown.
            library.store.activate_transcript(meeting_id, other.id)
            library.store.finish(meeting_id, Stage.TRANSCRIBE, wanted)
            yield MeetingChanged(meeting_id)
            return library.store.transcript(meeting_id) or other
        model = speech.find_model(wanted, library.settings.model_folders, library.places.models)
        live = meeting.recording_open
        while not (yield from _transcribed(library, meeting, wanted, model)):
            meeting = library.store.meeting(meeting_id)
            # Whether a recording is followed was decided by who began this; one that nobody makes has no end.
            if meeting.recording_open and not (live and locks.is_held(library.record_lock(meeting_id))):
                break
        # Whose voices these are may be known from an earlier text.
        library.store.attribute(meeting_id, cut_anew)
        shown = library.store.transcript(meeting_id)
        if shown and shown.complete:
            if shown.doubtful:
                yield Notice("hardly_understood", {"model": model.name, "languages": model.languages})
            library.store.finish(meeting_id, Stage.TRANSCRIBE, wanted)
    yield MeetingChanged(meeting_id)
    if shown is None:
        raise errors.MeetingUnknown(meeting_id)
    return shown


def _transcribed(library: Library, meeting: Meeting, wanted: TranscriptOptions, model: Model) -> Job[bool]:
    """Hears what there is; False where the recording has gone on by then."""
    path, live = library.audio_of(meeting), meeting.recording_open
    # A single source holds whoever was heard, as a mix does.
    channels = meeting.channels if len(meeting.channels) > 1 else (None,)
    transcript = library.store.unfinished_transcript(meeting.id, wanted)
    here = machine.machine_of(library)
    if transcript is None:
        begun = replace(wanted, compute_type=here.compute_type)
        transcript = library.store.begin_transcript(meeting.id, begun, wanted.language, channels)
    yield MeetingChanged(meeting.id)
    start = transcript.reached
    if len(channels) > 1:
        start = max(0.0, start - RUN_UP) if live else 0.0
    from core.speech import Engine

    Engine.use(here)
    if not (live or transcript.language or model.languages):
        transcript = yield from _language_found(library, meeting, transcript, model)
    listeners = Listeners(model, transcript, channels, start, live=live)
    before, worked = listeners.reached, Engine.worked
    sound = _growing(library, meeting.id, path, start) if live else _blocks(meeting, path, start)
    english, own = _English(library, meeting, transcript, model), OwnText(transcript.segments)

    def keep(channel: Channel | None, batch: Batch) -> tuple[Segment, ...]:
        english.check(batch.segments)
        place = Place(batch.reached, batch.prompt, channel)
        return library.store.add_segments(transcript, own.of(channel, batch), place, language=batch.language)

    seen = dict(here.seen).get(model.name)
    reporter = Reporter(meeting.id, path, listeners, 0.0, meeting.duration, seen)
    with closing(sound), power.awake():
        duration, missing = yield from hear(listeners, sound, keep, reporter)
    if missing >= MISSING:
        yield Notice("sound_missing", {"title": meeting.title, "seconds": missing})
    if not live and len(channels) == 1:
        machine.learn(library, model.name, duration - before, Engine.worked - worked)
    return library.store.complete_transcript(transcript, duration)


def _language_found(
    library: Library, meeting: Meeting, transcript: Transcript, model: Model
) -> Job[Transcript]:
    """Has the model tell the language by stretches of speech from all over the file, and notes it."""
    from core import speech

    path = library.audio_of(meeting)
    heard: list[Mapping[str, float]] = []
    for share in SHARES:
        place = share * meeting.duration
        if len(heard) == speech.stretches_wanted(model) or (place and meeting.duration < FEW_SECONDS):
            break
        yield Progress(Stage.TRANSCRIBE, 0.0)
        sound = media.stretch(path, place, LISTENED)
        if found := speech.languages_in(model, transcript.options, sound):
            heard.append(found)
    if not heard:
        return transcript
    transcript = library.store.note_languages(transcript, speech.pooled(heard))
    yield MeetingChanged(meeting.id)
    if transcript.unsure:
        yield Notice("language_unsure", {"title": meeting.title, "languages": transcript.languages})
    return transcript


# --- the sound -----------------------------------------------------------------------------------


def _blocks(meeting: Meeting, path: Path, start: float) -> Sound:
    """The sound of a file from second `start` on."""
    channels = max(1, len(meeting.channels))
    sound = media.blocks(path, start, channels=channels)
    while True:
        try:
            block = next(sound)
        except StopIteration as end:
            return meeting.duration, end.value
        yield block.reshape(-1, channels)


def _growing(library: Library, meeting_id: MeetingId, path: Path, start: float) -> Sound:
    """The same of a recording that grows, with empty blocks where nothing is new. Ends once it is closed."""
    checked = made = time.monotonic()
    closed: Meeting | None = None
    with recording.Follower(path, start) as follower:
        while True:
            block = follower.read()
            if len(block):
                checked = made = time.monotonic()
            elif closed:
                return closed.duration, 0.0
            elif (now := time.monotonic()) - checked >= CHECK:
                checked = now
                meeting = library.store.meeting(meeting_id)
                if meeting.recording_open and locks.is_held(library.record_lock(meeting_id)):
                    made = now
                elif not meeting.recording_open or now - made >= LEFT:
                    # What came between the last look and its end is read once more.
                    closed = meeting
            yield block


# --- who hears it --------------------------------------------------------------------------------


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
    ) -> None:
        """The sound holds `channels` and begins at second `start`; of these, `heard` are listened to (None: all).

        `transcript` gives the options, the language and the places. `live` and `everywhere` as for `speech.Listener`.
        """
        from core.speech import Listener

        self.live = live
        self.ended = False
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
                language=transcript.language,
                prompt=place.prompt,
                live=live,
                everywhere=everywhere,
            )
            self._known[channel] = round((place.reached - start) * media.SAMPLE_RATE)
        # Its state is made by the sound before, so that a run that carries on hears that again.
        self._gate = EchoGate() if len(channels) > 1 else None

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

    def set_language(self, language: str) -> None:
        """Takes the language that was found first for that of all channels."""
        for listener in self.by_channel.values():
            listener.language = listener.language or language

    def may_keep(self, channel: Channel | None, batch: Batch) -> bool:
        """Whether all is known that tells an echo in `batch`: what the others say at the same time."""
        if channel is not Channel.MICROPHONE or Channel.SYSTEM not in self.by_channel or not batch.segments:
            return True
        return self.by_channel[Channel.SYSTEM].settled >= batch.segments[-1].end + NEAR

    def hear(self, block: Samples) -> None:
        """Takes the next sound, shape (n, channels), float32 at 16 kHz."""
        sounds = dict(zip(self._channels, block.T, strict=False))
        if self._gate:
            pair = np.stack([sounds[Channel.MICROPHONE], sounds[Channel.SYSTEM]], axis=1)
            sounds[Channel.MICROPHONE] = self._gate.quieten(pair)
        for channel in self.by_channel:
            self._give(channel, sounds[channel])

    def end(self) -> None:
        """No more sound comes."""
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


class OwnText:
    """What was said in each channel, without what the microphone only repeats of the system's sound."""

    def __init__(self, known: Iterable[Segment]) -> None:
        """`known` is the text that was there before."""
        self._others = [segment for segment in known if segment.channel is Channel.SYSTEM]

    def of(self, channel: Channel | None, batch: Batch) -> list[Segment]:
        """The segments of `batch`, heard in `channel`, that are no echo. Each batch is given once, in its order."""
        segments = [replace(segment, channel=channel) for segment in batch.segments]
        if channel is Channel.SYSTEM:
            self._others += segments
        if channel is Channel.MICROPHONE:
            segments = [segment for segment in segments if not repeats(segment, self._others)]
            # What is left of an echo is speech without words.
            segments = [one for one in segments if one.doubt != "unheard" or not _beside(one, self._others)]
            self._others = [other for other in self._others if other.end >= batch.reached - NEAR]
        return segments


class _English:
    """Ends the transcription of a file by a model that knows only English, where it hears another language.

    Where the person said that English is spoken nothing is checked, nor while a meeting is being recorded: the first
    sentences are too short to tell.
    """

    def __init__(self, library: Library, meeting: Meeting, transcript: Transcript, model: Model) -> None:
        self._library = library
        self._meeting = meeting
        self._transcript = transcript
        self._model = model
        self._heard = list(transcript.segments)
        chosen = bool(transcript.options.language)
        self._settled = chosen or model.languages != ("en",) or meeting.recording_open

    def check(self, segments: Iterable[Segment]) -> None:
        """Takes the next text. Raises `NotEnglish`, with nothing left of the text, once that is certain."""
        from core import speech

        if self._settled:
            return
        self._heard += segments
        english = speech.sounds_english(self._heard)
        if english is False and not speech.any_english(self._model, self._stretches()):
            self._library.store.discard_transcript(self._transcript)
            raise errors.NotEnglish(self._model.name)
        self._settled = english is not None

    def _stretches(self) -> Iterator[Samples]:
        path = self._library.audio_of(self._meeting)
        for place in OTHER_PLACES:
            if place < self._meeting.duration and (
                pieces := list(itertools.islice(media.blocks(path, place), STRETCH))
            ):
                yield np.concatenate(pieces)


def _beside(segment: Segment, others: Iterable[Segment]) -> bool:
    return any(other.start < segment.end and segment.start < other.end for other in others)


def repeats(segment: Segment, others: Iterable[Segment]) -> bool:
    """Whether nearly all words of `segment` are among those that `others` say at the same time, in their order."""
    said = _plain(word.text for word in segment.words)
    there = _plain(
        word.text
        for other in others
        for word in other.words
        if word.start <= segment.end + NEAR and word.end >= segment.start - NEAR
    )
    same = difflib.SequenceMatcher(None, said, there, autojunk=False).get_matching_blocks()
    return len(said) >= FEWEST and sum(block.size for block in same) >= REPEATED * len(said)


def _plain(words: Iterable[str]) -> list[str]:
    bare = ("".join(filter(str.isalnum, word.casefold())) for word in words)
    return [word for word in bare if word]


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
        """The text that is not stored yet, where it changed: `held`, and with `fresh` what is being said now."""
        for channel, listener in self._listeners.by_channel.items():
            waiting = [segment.text for segment in held[channel].segments] if channel in held else []
            text = " ".join(filter(None, [*waiting, listener.interim() if fresh else ""]))
            behind = self._listeners.arrived - self._listeners.heard
            told = self._told.get(channel)
            late = time.monotonic() - self._last >= BEAT
            if told is None or late or told.text != text or abs(told.behind - behind) >= 1.0:
                yield self._live(channel, text, behind)

    def _live(self, channel: Channel | None, text: str, behind: float) -> LiveText:
        self._told[channel] = LiveText(self.meeting_id, text, max(0.0, behind), channel)
        self._last = time.monotonic()
        return self._told[channel]
