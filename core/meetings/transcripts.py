"""Transcribe: a meeting's sound becomes text, which is stored as it comes, also while it is still being recorded."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core import errors, locks, power
from core.audio import media, recording
from core.meetings import machine
from core.meetings.echoes import OwnText
from core.meetings.hearing import RUN_UP, Listeners, Reporter, Sound, crosstalk_of, hear
from core.meetings.languages import EnglishCheck, language_found
from core.meetings.library import Library, asked, stage_of
from core.meetings.speakers import LiveVoices
from core.meetings.turns import cut_anew
from core.values import (
    Channel,
    Job,
    Meeting,
    MeetingChanged,
    MeetingId,
    Model,
    Notice,
    Place,
    Segment,
    Stage,
    Transcript,
    TranscriptOptions,
    heard_apart,
)

if TYPE_CHECKING:
    from core.speech import Batch

MISSING = 0.5
"""Seconds of sound that a file does not hold from which on it is told."""

CHECK = 0.5
"""Seconds between two looks at whether a recording that gives nothing has ended."""

LEFT = 10.0
"""Seconds after which a recording that nobody makes and nobody closes is not waited for any more."""


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
        if done and done.complete and done.options == wanted and done.heard(meeting.channels):
            library.store.finish(meeting_id, Stage.TRANSCRIBE, wanted)
            return done
        other = library.store.counterpart(meeting_id)
        if other and other.options == wanted and other.heard(meeting.channels):
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
            if shown.unsure:
                yield Notice("language_unsure", {"title": meeting.title, "languages": shown.languages})
            since = 0.0 if shown.doubtful else shown.lost_from
            if since is not None:
                # A word or two tell nothing of a language.
                told = sum(len(one.words) for one in shown.segments) >= speech.FEWEST_WORDS
                details = {
                    "model": model.name,
                    "languages": model.languages if told else (),
                    "since": since,
                    "why": shown.mostly,
                }
                yield Notice("hardly_understood", details)
            library.store.finish(meeting_id, Stage.TRANSCRIBE, wanted)
    yield MeetingChanged(meeting_id)
    if shown is None:
        raise errors.MeetingUnknown(meeting_id)
    return shown


def _transcribed(library: Library, meeting: Meeting, wanted: TranscriptOptions, model: Model) -> Job[bool]:
    """Hears what there is; False where the recording has gone on by then."""
    path, live = library.audio_of(meeting), meeting.recording_open
    channels = heard_apart(meeting.channels)
    transcript = library.store.unfinished_transcript(meeting.id, wanted, channels)
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
        transcript = yield from language_found(library, meeting, transcript, model)
    crosstalk = crosstalk_of(library, meeting)
    listeners = Listeners(model, transcript, channels, start, live=live, crosstalk=crosstalk)
    before, worked = listeners.reached, Engine.worked
    sound = _growing(library, meeting.id, path, start) if live else _blocks(meeting, path, start)
    english, own = EnglishCheck(library, meeting, transcript, model), OwnText(transcript.segments)

    def keep(channel: Channel | None, batch: Batch) -> tuple[Segment, ...]:
        english.check(batch.segments)
        place = Place(batch.reached, batch.prompt, channel, batch.language)
        language = batch.language if live else listeners.language
        return library.store.add_segments(
            transcript, own.of(channel, batch, echoing=listeners.echoing), place, language=language
        )

    seen = dict(here.seen).get(model.name)
    reporter = Reporter(meeting.id, path, listeners, 0.0, meeting.duration, seen)
    voices = LiveVoices(library, meeting) if live and not start else None
    if voices:
        sound = voices.overhear(sound)
    job = hear(listeners, sound, keep, reporter)
    if voices:
        job = voices.told(job)
    with closing(sound), power.awake():
        duration, missing = yield from job
    if missing >= MISSING:
        yield Notice("sound_missing", {"title": meeting.title, "seconds": missing})
    if not live and len(channels) == 1:
        machine.learn(library, model.name, duration - before, Engine.worked - worked)
    return library.store.complete_transcript(transcript, duration)


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
