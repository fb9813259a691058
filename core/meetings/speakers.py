"""Separate: who said what, found by voice; what the person named, chose or merged stays through every run."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from core import errors, messages, power
from core.audio import media
from core.meetings.library import Library, asked, held, stage_of
from core.meetings.pace import Pace
from core.meetings.turns import channel_of, said_by, split, told_apart
from core.meetings.voices import channel_sound, hear_speaker, recognised
from core.values import (
    Channel,
    Job,
    Meeting,
    MeetingChanged,
    MeetingId,
    Progress,
    Speaker,
    SpeakerOptions,
    Stage,
)

if TYPE_CHECKING:
    from core.speech import Separator

STEP = 5.0
"""Seconds of sound after which progress is told."""


def separate(
    library: Library, meeting_id: MeetingId, options: SpeakerOptions | None = None
) -> Job[tuple[Speaker, ...]]:
    """Tells the voices of a meeting apart and gives its text to them, segments cut where the voice changes.

    Of a recording of two sources only *the others* are told apart. A voice that was known before keeps its speaker;
    what the person chose stays. `options` None: those that were asked for, else what the person said about the
    meeting. Returns its speakers. Raises `SpeakerModelDamaged`, `Unreadable`, `NothingToTranscribe`, `MeetingBusy` or
    a `StorageProblem`; text, speakers and minutes then stay as they were.
    """
    meeting = library.store.meeting(meeting_id)
    wanted = options or asked(meeting, SpeakerOptions) or library.speaker_options(meeting_id)
    channel = separated_channel(meeting)
    # The person at this machine is counted too, but has a channel of their own.
    count = max(1, wanted.count - 1) if channel and wanted.count else wanted.count
    with stage_of(library, meeting, Stage.SEPARATE):
        with power.awake():
            found = yield from _heard(library, meeting)
        separated = found.separated(count or None)
        like = recognised(library, separated)
        change = partial(told_apart, found=separated, channel=channel, sounds_like=like)
        known = library.store.attribute(meeting_id, change)
        library.store.finish(meeting_id, Stage.SEPARATE, wanted)
    yield MeetingChanged(meeting_id)
    return known.speakers


def split_speaker(library: Library, meeting_id: MeetingId, speaker_id: int) -> Job[Speaker]:
    """Makes two speakers of one who is two people by voice; the one who says less is the new one, and returned.

    Later runs leave it so. Raises `OneVoiceOnly` where there is no second voice, else as `separate`.
    """
    meeting = library.store.meeting(meeting_id)
    with held(library, meeting, Stage.SEPARATE):
        known = library.store.voices(meeting_id)
        speaker = next((one for one in known.speakers if one.id == speaker_id), None)
        if speaker is None:
            raise errors.SpeakerUnknown(str(speaker_id))
        channel = channel_of(known, speaker_id)
        heard = yield from hear_speaker(library, meeting, channel, said_by(known, speaker_id), 2)
        other = heard.turns_of(1)
        if not other:
            raise errors.OneVoiceOnly(messages.speaker_label(speaker))
        change = partial(split, other=other, channel=channel)
        after = library.store.attribute(meeting_id, change)
    yield MeetingChanged(meeting_id)
    return max(after.speakers, key=lambda one: one.id)


def separated_channel(meeting: Meeting) -> Channel | None:
    """The channel in which there may be several voices, None where the sound is one mix."""
    return Channel.SYSTEM if len(meeting.channels) > 1 else None


def _heard(library: Library, meeting: Meeting) -> Job[Separator]:
    """What there is to hear of the meeting's voices."""
    from core.speech import Separator

    path = library.audio_of(meeting)
    separator, pace = Separator(), Pace(0.0, meeting.duration)

    def hearing() -> Job[Separator]:
        told = reached = 0.0
        yield Progress(Stage.SEPARATE, 0.0)
        with closing(media.blocks(path, channels=max(1, len(meeting.channels)))) as sound:
            for block in sound:
                separator.hear(channel_sound(block, meeting, separated_channel(meeting)))
                seconds = len(block) / media.SAMPLE_RATE
                reached += seconds
                pace.heard(seconds)
                if reached - told >= STEP:
                    told = reached
                    share = reached / meeting.duration if meeting.duration > 0 else 0.0
                    yield Progress(Stage.SEPARATE, min(1.0, share), pace.seconds_left(reached))
        separator.end()
        return separator

    return (yield from pace.timed(hearing()))
