"""Listening to a meeting, and the shape of its sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.meetings.library import Library
from core.values import Job, MeetingId

if TYPE_CHECKING:
    from core.audio.playback import Playback


def playback(library: Library, meeting_id: MeetingId) -> Playback:
    """The meeting to be played, from where the person stopped listening.

    Raises `MeetingUnknown`, or `NothingToTranscribe` where it has no sound.
    """
    from core.audio.playback import Playback

    meeting = library.store.meeting(meeting_id)
    return Playback(library.audio_of(meeting), meeting.duration, meeting.listened)


def waveform(library: Library, meeting_id: MeetingId) -> Job[bytes]:
    """The meeting's peaks; tells `Peaks` as they come.

    Raises `MeetingUnknown`, `NothingToTranscribe` or an `Unreadable`.
    """
    from core.audio import waveform

    meeting = library.store.meeting(meeting_id)
    return (yield from waveform.peaks(library.audio_of(meeting)))
