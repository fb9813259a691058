"""What a voice is like: remembered where the person wants it, suggested in later meetings, never taken for granted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core import errors, messages, power
from core.audio import media
from core.meetings.library import Library
from core.meetings.turns import Likeness, alone, channel_of
from core.spans import Stretch
from core.values import Channel, Job, KnownVoice, Meeting, MeetingId, Progress, Stage

if TYPE_CHECKING:
    from core.speech import Separated

Samples = NDArray[np.float32]

MOST_SECONDS = 300.0
"""Seconds of speech up to which what was heard in other meetings counts in what a voice is like."""

HEARD_SECONDS = 120.0
"""Seconds that are heard of a voice at most to remember it."""

LEAST_SECONDS = 6.0
"""Seconds that must be heard of it alone."""

GAP = 0.5
"""Seconds of silence between what was not said one after the other."""

STEP = 30.0
"""Seconds of the meeting after which progress is told."""


def recognised(library: Library, found: Separated) -> list[Likeness | None]:
    """The known voice that each of those found sounds like."""
    from core.speech import recognise

    known = _comparable(library.store.known_voices())
    if not known:
        return []
    prints = _prints(known)
    return [
        Likeness(known[one.known].id, one.certainty) if one else None
        for one in recognise(found.prints, found.seconds, prints)
    ]


def known_voices(library: Library) -> tuple[KnownVoice, ...]:
    """The voices that are remembered, by name, each with the names under which it seems to be kept too."""
    known = library.store.known_voices()
    if len(known) < 2:
        return known
    from core.speech import same_voice

    compared = _comparable(known)
    same = same_voice(_prints(compared))
    twins = {
        one.id: tuple(
            other.name for other, alike in zip(compared, row, strict=True) if alike and other is not one
        )
        for one, row in zip(compared, same, strict=True)
    }
    return tuple(replace(one, same_as=twins.get(one.id, ())) for one in known)


def _comparable(known: Iterable[KnownVoice]) -> list[KnownVoice]:
    """Those that this program's network made: another one's say nothing to it."""
    from core.speech import PRINT

    return [one for one in known if len(one.print) == 4 * PRINT]


def _prints(known: Sequence[KnownVoice]) -> Samples:
    from core.speech import PRINT

    prints = [np.frombuffer(one.print, dtype="<f4") for one in known]
    return np.array(prints, dtype=np.float32).reshape(-1, PRINT)


def remember_voice(library: Library, meeting_id: MeetingId, speaker_id: int) -> Job[KnownVoice]:
    """Keeps what a named speaker's voice is like, to suggest the name where it is heard in later meetings.

    What was kept under the name from other meetings counts too. Only for who agreed to it: the doors say so before.
    Raises `OtherVoice` where that was certainly somebody else, `TooLittleHeard`, `SpeakerUnknown`, `SpeakerUnnamed`,
    `SpeakerModelDamaged`, `Unreadable`, `NothingToTranscribe` or a `StorageProblem`.
    """
    meeting, known = library.store.meeting(meeting_id), library.store.voices(meeting_id)
    from core.speech import another_voice

    speaker = next((one for one in known.speakers if one.id == speaker_id), None)
    if speaker is None:
        raise errors.SpeakerUnknown(str(speaker_id))
    if not speaker.name:
        raise errors.SpeakerUnnamed(messages.speaker_label(speaker))
    heard = yield from hear_speaker(
        library, meeting, channel_of(known, speaker_id), _longest(alone(known, speaker_id)), 1
    )
    seconds = sum(heard.found.seconds[:1])
    if seconds < LEAST_SECONDS:
        raise errors.TooLittleHeard(messages.speaker_label(speaker))
    whole = heard.found.prints[0] * seconds
    for one in library.store.known_voices():
        if one.name.casefold() == speaker.name.casefold() and len(one.print) == whole.nbytes:
            kept = np.frombuffer(one.print, dtype="<f4")
            if another_voice(heard.found.prints[0], kept):
                raise errors.OtherVoice(one.name)
            whole = whole + kept * one.seconds
            seconds = min(MOST_SECONDS, seconds + one.seconds)
    voice_print = (whole / np.linalg.norm(whole)).astype("<f4").tobytes()
    return library.store.remember_voice(speaker.name, voice_print, seconds)


def _longest(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The longest ones, by time, as many as are enough."""
    chosen: list[Stretch] = []
    seconds = 0.0
    for one in sorted(stretches, key=lambda one: one.start - one.end):
        if seconds >= HEARD_SECONDS:
            break
        chosen.append(one)
        seconds += one.end - one.start
    return sorted(chosen, key=lambda one: one.start)


@dataclass(slots=True)
class Excerpt:
    """Stretches of a meeting heard one after the other, with silence between: whose voices are `found` in them."""

    found: Separated
    places: list[tuple[float, Stretch]] = field(default_factory=list)
    """Where each stretch begins in what was heard."""

    def turns_of(self, voice: int) -> list[Stretch]:
        """When a voice is heard in the meeting."""
        return [
            Stretch(
                one.start + max(0.0, turn.start - place), one.start + min(length, turn.end - place), voice
            )
            for place, one in self.places
            for turn in self.found.turns
            if turn.voice == voice
            and turn.start < place + (length := one.end - one.start)
            and turn.end > place
        ]


def hear_speaker(
    library: Library, meeting: Meeting, channel: Channel | None, stretches: Sequence[Stretch], wanted: int
) -> Job[Excerpt]:
    """Hears stretches of a channel, which follow each other, and tells `wanted` voices apart in them.

    Raises `SpeakerModelDamaged`, `Unreadable` or `NothingToTranscribe`.
    """
    from core.speech import Separator

    separator = Separator()
    places: list[tuple[float, Stretch]] = []
    at = reached = told = 0.0
    left = list(reversed(stretches))
    silence = np.zeros(round(GAP * media.SAMPLE_RATE), dtype=np.float32)
    yield Progress(Stage.SEPARATE, 0.0)
    sound = media.blocks(library.audio_of(meeting), channels=max(1, len(meeting.channels)))
    with power.awake(), closing(sound):
        for block in sound:
            one = channel_sound(block, meeting, channel)
            begin, reached = reached, reached + len(one) / media.SAMPLE_RATE
            while left and left[-1].start < reached:
                stretch = left[-1]
                if not places or places[-1][1] is not stretch:
                    places.append((at, stretch))
                piece = one[_sample(stretch.start - begin) : _sample(stretch.end - begin)]
                separator.hear(piece)
                at += len(piece) / media.SAMPLE_RATE
                if stretch.end > reached:
                    break
                left.pop()
                separator.hear(silence)
                at += GAP
            if not left:
                break
            if reached - told >= STEP:
                told = reached
                yield Progress(Stage.SEPARATE, min(1.0, reached / max(meeting.duration, reached)))
    separator.end()
    return Excerpt(separator.separated(wanted), places)


def channel_sound(block: Samples, meeting: Meeting, channel: Channel | None) -> Samples:
    """The sound of one channel in a block of the meeting's."""
    rows = block.reshape(len(block), -1)
    return np.ascontiguousarray(
        rows[:, meeting.channels.index(channel) if channel and rows.shape[1] > 1 else 0]
    )


def _sample(second: float) -> int:
    return max(0, round(second * media.SAMPLE_RATE))
