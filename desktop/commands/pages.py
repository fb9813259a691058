"""What is read of the library for the window, on the lanes' threads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core import errors
from core.values import Meeting, MeetingId, Transcript, Voices
from desktop.commands.answers import Page

if TYPE_CHECKING:
    from core.meetings import Library

FIRST_SEGMENTS = 200
"""How many segments of a long text are read first: more than any screen shows."""


def everything(library: Library) -> tuple[int, tuple[Meeting, ...]]:
    """The library's revision and its meetings."""
    return library.store.revision(), library.store.meetings()


def meeting(library: Library, meeting_id: MeetingId) -> Meeting | None:
    """A meeting, None where it is gone."""
    try:
        return library.store.meeting(meeting_id)
    except errors.MeetingUnknown:
        return None


def page(library: Library, meeting_id: MeetingId) -> Page | None:
    """All that is shown of a meeting, None where it is gone."""
    found = meeting(library, meeting_id)
    return _page_of(library, found, library.store.transcript(meeting_id)) if found else None


def beginning(library: Library, meeting_id: MeetingId) -> Page | None:
    """What is seen of a long text at first; None where it is not long, or where the person was further down."""
    found = meeting(library, meeting_id)
    transcript = library.store.beginning(meeting_id, FIRST_SEGMENTS) if found else None
    if found is None or transcript is None or found.listened > transcript.segments[-1].end:
        return None
    return replace(_page_of(library, found, transcript), partial=True)


def _page_of(library: Library, meeting: Meeting, transcript: Transcript | None) -> Page:
    from core import meetings

    store, meeting_id = library.store, meeting.id
    segments = transcript.segments if transcript else ()
    known = Voices(store.speakers(meeting_id), store.turns(meeting_id), segments)
    return Page(
        meeting,
        transcript,
        store.minutes(meeting_id),
        store.notes(meeting_id),
        store.tags(),
        store.counterpart(meeting_id),
        versions=store.minutes_versions(meeting_id),
        talk=meetings.talk(known, [voice.name for voice in store.known_voices()]),
    )


def news(library: Library, revision: int) -> tuple[int, tuple[Meeting, ...], dict[str, Any]]:
    """The library's revision, the meetings that were changed since an earlier one, and the settings that were."""
    now, settings = library.store.revision(), library.changed_elsewhere()
    if now == revision:
        return now, (), settings
    found = (meeting(library, meeting_id) for meeting_id in library.store.changed_since(revision))
    return now, tuple(one for one in found if one), settings
