"""Transcribe again: a stretch of a meeting is heard anew with other options, into a new version of its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import errors, power
from core.audio import media
from core.audio.echo import EchoGate
from core.meetings.library import Library, stage_of
from core.meetings.transcripts import RUN_UP, repeats
from core.values import (
    Channel,
    Job,
    Meeting,
    MeetingChanged,
    MeetingId,
    Model,
    Progress,
    Segment,
    Stage,
    Transcript,
    TranscriptOptions,
)

Samples = NDArray[np.float32]

MARGIN = 0.5
"""Seconds heard on either side of a stretch, so that its first and last words are whole."""


def transcribe_again(
    library: Library,
    meeting_id: MeetingId,
    start: float,
    end: float,
    options: TranscriptOptions,
    *,
    corrected: bool = False,
) -> Job[Transcript]:
    """Hears the segments between two seconds of the meeting again; the new version is shown and returned.

    A segment belongs to the stretch where its middle does. All other text is carried over, and so is what the person
    corrected in it, unless `corrected`. The version before can be brought back (`Store.activate_transcript`). Raises
    `NothingHeard` where no new text is found (no version is made then), `TranscriptUnfinished`, a `ModelProblem`,
    `Unreadable`, `NothingToTranscribe`, `MeetingBusy` or `StorageProblem`.
    """
    from core import speech

    meeting = library.store.meeting(meeting_id)
    with stage_of(library, meeting, Stage.TRANSCRIBE):
        shown = library.store.transcript(meeting_id)
        if shown is None or not shown.complete or meeting.recording_open:
            raise errors.TranscriptUnfinished(meeting.title)
        if shown.options.task == "transcribe":
            options = replace(options, language=options.language or shown.language)
        model = speech.find_model(options, library.settings.model_folders, library.places.models)
        stretch = _Stretch(meeting, shown, start, end, corrected=corrected)
        yield Progress(Stage.TRANSCRIBE, None)
        with power.awake():
            fresh = yield from _heard(library.audio_of(meeting), stretch, model, options)
        if not any(one.text.strip() for one in fresh):
            raise errors.NothingHeard(meeting.title)
        # Applied to what is shown by then: what was corrected meanwhile stays.
        new = library.store.revise_transcript(meeting_id, lambda segments: stretch.put(segments, fresh))
    yield MeetingChanged(meeting_id)
    return new


class _Stretch:
    """The part of a text that is heard again."""

    def __init__(
        self, meeting: Meeting, shown: Transcript, start: float, end: float, *, corrected: bool
    ) -> None:
        self.channels: tuple[Channel | None, ...] = meeting.channels if len(meeting.channels) > 1 else (None,)
        self._asked = start, end
        self._corrected = corrected
        inside = [one for one in shown.segments if self._holds(one)]
        self.heard = tuple({one.channel: None for one in inside}) or self.channels
        # The segments' own ends are those of words.
        self.start = min([start, *(one.start for one in inside)])
        self.end = max([end, *(one.end for one in inside)])
        # Without a segment to replace, as where all are corrected, what is beside the stretch is no part of it.
        self._slack = MARGIN / 2 if inside else 0.0
        self.others = [one for one in shown.segments if one not in inside]

    def _holds(self, segment: Segment) -> bool:
        start, end = self._asked
        return start <= (segment.start + segment.end) / 2 <= end and not (
            segment.edited and not self._corrected
        )

    def fitting(self, segment: Segment) -> Segment | None:
        """The words of `segment` that lie in the stretch and over no text that stays; None where none do."""
        beside = [other for other in self.others if other.channel == segment.channel]

        def fits(start: float, end: float) -> bool:
            middle = (start + end) / 2
            return self.start - self._slack <= middle <= self.end + self._slack and not any(
                other.start <= middle <= other.end for other in beside
            )

        if not segment.words:
            return segment if fits(segment.start, segment.end) else None
        words = tuple(word for word in segment.words if fits(word.start, word.end))
        if len(words) == len(segment.words) or not words:
            return segment if words else None
        text = "".join(word.text for word in words).strip()
        return replace(segment, words=words, text=text, start=words[0].start, end=words[-1].end)

    def put(self, segments: Sequence[Segment], fresh: Sequence[Segment]) -> list[Segment]:
        """`segments` with `fresh` in place of those of the stretch."""
        stay = [one for one in segments if not self._holds(one)]
        return [
            *stay,
            *(
                one
                for one in fresh
                if not any(
                    kept.edited
                    and kept.channel == one.channel
                    and kept.start <= (one.start + one.end) / 2 <= kept.end
                    for kept in stay
                )
            ),
        ]


def _heard(path: Path, stretch: _Stretch, model: Model, options: TranscriptOptions) -> Job[list[Segment]]:
    """The new segments of the stretch, told of between two windows."""
    from core.speech import Listener

    begin = max(0.0, stretch.start - MARGIN)
    listeners = {channel: Listener(model, options, start=begin) for channel in stretch.heard}
    found: list[Segment] = []
    for sound in _sound(path, stretch.channels, begin, stretch.end + MARGIN):
        for channel, listener in listeners.items():
            listener.hear(sound[:, stretch.channels.index(channel)])
        yield Progress(Stage.TRANSCRIBE, None)
    for channel, listener in listeners.items():
        listener.end()
        while batch := listener.batch():
            own = (replace(one, channel=channel) for one in batch.segments)
            found += filter(None, map(stretch.fitting, own))
            yield Progress(Stage.TRANSCRIBE, None)
    others = [one for one in (*stretch.others, *found) if one.channel is Channel.SYSTEM]
    return [one for one in found if one.channel is not Channel.MICROPHONE or not repeats(one, others)]


def _sound(path: Path, channels: Sequence[Channel | None], begin: float, end: float) -> Iterator[Samples]:
    """The sound between two seconds, shape (n, channels), without echo."""
    gate = EchoGate() if len(channels) > 1 else None
    start = max(0.0, begin - RUN_UP) if gate else begin
    skipped, left = (
        round((begin - start) * media.SAMPLE_RATE),
        round((end - begin) * media.SAMPLE_RATE),
    )
    waiting: Samples = np.zeros((0, len(channels)), dtype=np.float32)
    for block in media.blocks(path, start, channels=len(channels)):
        sound = block.reshape(-1, len(channels))
        if gate:
            waiting = np.concatenate([waiting, sound])
            quiet = gate.quieten(sound)
            sound, waiting = waiting[: len(quiet)].copy(), waiting[len(quiet) :]
            sound[:, list(channels).index(Channel.MICROPHONE)] = quiet
        passed = min(skipped, len(sound))
        skipped -= passed
        sound = sound[passed : passed + left]
        left -= len(sound)
        if len(sound):
            yield sound
        if not left:
            return
    if gate and left and len(waiting):
        waiting[:, list(channels).index(Channel.MICROPHONE)] = gate.rest()[: len(waiting)]
        yield waiting[skipped : skipped + left]
