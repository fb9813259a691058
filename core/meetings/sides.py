"""The two channels of an imported file: heard together, or each as one side of the talk."""

from __future__ import annotations

from core import errors
from core.meetings.library import Library, ask_for_speakers
from core.values import SIDES, Meeting, MeetingId, Source, Stage


def has_sides(library: Library, meeting: Meeting) -> bool:
    """Whether the meeting was imported with two channels, which can be heard together or apart."""
    from core.audio import media

    if meeting.source is Source.RECORDING or meeting.recording_open:
        return False
    if len(meeting.channels) > 1:
        return True
    try:
        return media.probe(library.audio_of(meeting)).channels == 2
    except (errors.Unreadable, errors.NothingToTranscribe):
        return False


def use_sides(library: Library, meeting_id: MeetingId, name: str) -> None:
    """Has the channels of an imported meeting heard as `name` of `core.values.SIDES` says from now on.

    A text that was made of them otherwise gives way to an earlier one that fits, else one is asked for. Raises
    `NoSides` or `MeetingUnknown`.
    """
    meeting = library.store.meeting(meeting_id)
    if not has_sides(library, meeting):
        raise errors.NoSides(meeting.title)
    channels = SIDES[name]
    if channels == meeting.channels:
        return
    library.store.set_channels(meeting.id, channels)
    shown = library.store.transcript(meeting.id)
    if shown is None or shown.heard(channels):
        return
    if fitting := library.store.version_of(meeting.id, shown.options, channels):
        library.store.activate_transcript(meeting.id, fitting.id)
        return
    library.store.ask(meeting.id, Stage.TRANSCRIBE, shown.options)
    ask_for_speakers(library, meeting.id)
    library.store.ask(meeting.id, Stage.SUMMARISE, library.summary_options())
