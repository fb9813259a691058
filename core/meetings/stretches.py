"""Transcribe again: a stretch of a meeting is heard anew with other options, into a new version of its text."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core import errors, messages, power
from core.audio import media
from core.meetings import machine
from core.meetings.echoes import OwnText, plain
from core.meetings.hearing import RUN_UP, Listeners, Reporter, Sound, crosstalk_of, hear
from core.meetings.library import Library, held
from core.meetings.turns import cut_anew
from core.values import (
    Channel,
    Job,
    Meeting,
    MeetingChanged,
    MeetingId,
    Model,
    Place,
    Progress,
    Segment,
    Stage,
    Transcript,
    TranscriptOptions,
    Word,
    heard_apart,
)

if TYPE_CHECKING:
    from core.speech import Batch

MARGIN = 0.5
"""Seconds heard on either side of a stretch, so that its first and last words are whole."""

SAME = 0.5
"""Seconds between the middles of a word at the edge of a stretch and of the same word in the text beside it below which
they are one, heard twice."""


def transcribe_again(
    library: Library,
    meeting_id: MeetingId,
    start: float,
    end: float,
    *,
    model: str = "",
    language: str = "",
    preset: str = "best",
) -> Job[Transcript]:
    """Hears the segments between two seconds of the meeting again; the new version is shown and returned.

    `model` and `language` are those of the text where they are ''. A segment belongs to the stretch where its middle
    does, or where no segment's does, any part of it. All other text is carried over, and so is what the person
    corrected in it. The version before can be brought back (`Store.activate_transcript`). Raises `NothingHeard` where
    no new text is found (no version is made then), `StretchUnfit`, `TranscriptUnfinished`, a `ModelProblem`,
    `Unreadable`, `NothingToTranscribe`, `MeetingBusy` or `StorageProblem`.
    """
    from core import speech

    meeting = library.store.meeting(meeting_id)
    # Not `stage_of`: the wish for the whole text has nothing to do with how this ends.
    with held(library, meeting, Stage.TRANSCRIBE):
        shown = library.store.transcript(meeting_id)
        if shown is None or not shown.complete or meeting.recording_open:
            raise errors.TranscriptUnfinished(meeting.title)
        if start >= max([meeting.duration, *(one.end for one in shown.segments[-1:])]):
            raise errors.StretchUnfit(meeting.title, messages.clock(meeting.duration))
        options = replace(
            shown.options,
            model=model or shown.options.model,
            language=language or shown.options.language,
            preset=preset,
        )
        stretch = _Stretch(meeting, shown, start, end)
        if options.task == "transcribe":
            options = replace(options, language=options.language or stretch.language or shown.language)
        found = speech.find_model(options, library.settings.model_folders, library.places.models)
        speech.Engine.use(machine.machine_of(library))
        yield Progress(Stage.TRANSCRIBE, None)
        with power.awake():
            heard = yield from _heard(library, meeting, shown, stretch, found, options)
        if not any(one.text.strip() for one in stretch.fitting(heard, stretch.others)):
            raise errors.NothingHeard(meeting.title)
        # Applied to what is shown by then: what was corrected meanwhile stays.
        library.store.revise_transcript(meeting_id, lambda segments: stretch.put(segments, heard))
        library.store.attribute(meeting_id, cut_anew)
        new = library.store.transcript(meeting_id)
    if new is None:
        raise errors.MeetingUnknown(meeting_id)
    yield MeetingChanged(meeting_id)
    return new


class _Stretch:
    """The part of a text that is heard again."""

    def __init__(self, meeting: Meeting, shown: Transcript, start: float, end: float) -> None:
        self.channels = heard_apart(meeting.channels)
        self._asked = start, end
        middles = any(start <= _middle(one) <= end for one in shown.segments if not one.edited)
        self._holds = self._holds_middle if middles else self._holds_part
        inside = [one for one in shown.segments if self._holds(one)]
        self.heard = tuple({one.channel: None for one in inside}) or self.channels
        said = Counter(one.language for one in inside if one.text and one.language)
        self.language = said.most_common(1)[0][0] if said else ""
        # The segments' own ends are those of words.
        self.start = min([start, *(one.start for one in inside)])
        self.end = max([end, *(one.end for one in inside)])
        # Without a segment to replace, as where all are corrected, what is beside the stretch is no part of it.
        self._slack = MARGIN / 2 if inside else 0.0
        self.others = [one for one in shown.segments if one not in inside]

    def _holds_middle(self, segment: Segment) -> bool:
        start, end = self._asked
        # Speech without text holds no place against text.
        if not segment.text:
            return self._holds_part(segment)
        return not segment.edited and start <= _middle(segment) <= end

    def _holds_part(self, segment: Segment) -> bool:
        start, end = self._asked
        return not segment.edited and segment.start < end and start < segment.end

    def put(self, segments: Sequence[Segment], heard: Sequence[Segment]) -> list[Segment]:
        """`segments` with what of `heard` fits in place of those of the stretch."""
        stay = [one for one in segments if not self._holds(one)]
        return [*stay, *self.fitting(heard, stay)]

    def fitting(self, heard: Sequence[Segment], stay: Sequence[Segment]) -> list[Segment]:
        """What of `heard` lies in the stretch and beside the text that stays, and does not say that again."""
        return [
            part
            for one in heard
            for part in self._between(one, [other for other in stay if other.channel == one.channel])
        ]

    def _between(self, segment: Segment, others: Sequence[Segment]) -> Iterator[Segment]:
        """The parts of `segment` that lie in the stretch and between the others of its channel."""
        words = segment.words or (Word(segment.start, segment.end, segment.text, 0.0),)
        fitting = [word for word in words if self._fits(word, others)]
        for _place, group in itertools.groupby(
            fitting, key=lambda word: sum(_middle(other) < _middle(word) for other in others)
        ):
            part = tuple(group)
            low = max((one.end for one in others if _middle(one) < _middle(part[0])), default=0.0)
            high = min((one.start for one in others if _middle(one) > _middle(part[0])), default=math.inf)
            clipped = tuple(
                replace(word, start=max(low, word.start), end=max(low, min(high, word.end))) for word in part
            )
            yield replace(
                segment,
                start=clipped[0].start,
                end=clipped[-1].end,
                text=segment.text if len(part) == len(words) else "".join(w.text for w in part).strip(),
                words=clipped if segment.words else (),
            )

    def _fits(self, word: Word, others: Sequence[Segment]) -> bool:
        middle = _middle(word)
        return self.start - self._slack <= middle <= self.end + self._slack and not any(
            other.start <= middle <= other.end or _says(other, word) for other in others
        )


def _says(segment: Segment, word: Word) -> bool:
    """Whether `word` is one of the segment's, heard again at the edge beside it."""
    return any(
        abs(_middle(other) - _middle(word)) < SAME and plain(other.text) == plain(word.text)
        for other in segment.words
    )


def _middle(stretch: Segment | Word) -> float:
    return (stretch.start + stretch.end) / 2


def _heard(
    library: Library,
    meeting: Meeting,
    shown: Transcript,
    stretch: _Stretch,
    model: Model,
    options: TranscriptOptions,
) -> Job[list[Segment]]:
    """The new segments of the stretch."""
    path, crosstalk = library.audio_of(meeting), crosstalk_of(library, meeting)
    begin, end = max(0.0, stretch.start - MARGIN), stretch.end + MARGIN
    several = len(stretch.channels) > 1
    start = max(0.0, begin - RUN_UP) if several else begin
    places = tuple(Place(begin, channel=channel) for channel in stretch.heard)
    begun = replace(shown, options=options, language="", places=places)
    # What the detector denied is heard all the same: it may be what was wrong.
    listeners = Listeners(
        model, begun, stretch.channels, start, heard=stretch.heard, everywhere=True, crosstalk=crosstalk
    )
    own = OwnText(stretch.others)
    found: list[Segment] = []

    def keep(channel: Channel | None, batch: Batch) -> tuple[Segment, ...]:
        found.extend(own.of(channel, batch, echoing=listeners.echoing))
        return ()

    reporter = Reporter(shown.meeting_id, path, listeners, begin, end)
    with closing(_sound(path, len(stretch.channels), start, end)) as sound:
        yield from hear(listeners, sound, keep, reporter)
    return found


def _sound(path: Path, channels: int, start: float, end: float) -> Sound:
    """The sound between two seconds, shape (n, channels)."""
    left = round((end - start) * media.SAMPLE_RATE)
    for block in media.blocks(path, start, channels=channels):
        yield block[:left].reshape(-1, channels)
        left -= len(block)
        if left <= 0:
            break
    return end, 0.0
