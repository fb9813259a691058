"""The queue: what was asked for of the meetings, in the order in which it is done."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import Any

from core import errors, locks
from core.meetings.library import Library
from core.meetings.machine import speeds
from core.values import Job, Meeting, MeetingChanged, Queued, SegmentsAdded, Stage, TranscriptOptions, Work


def queue(library: Library) -> tuple[Queued, ...]:
    """Each meeting with something asked for, once, in the order of the queue.

    What is being recorded or lies in the bin is left out.
    """
    seen = speeds(library)
    found: dict[str, Queued] = {}
    for work in library.store.work():
        if work.meeting_id in found:
            continue
        with suppress(errors.MeetingUnknown):
            meeting = library.store.meeting(work.meeting_id)
            if not meeting.recording_open and not meeting.deleted_at:
                # The text comes before the minutes, whichever was asked for first.
                first = meeting.next_work or work
                held = locks.is_held(locks.path_of(library.places.locks, meeting.id, first.stage))
                found[meeting.id] = Queued(meeting, first, held, _seconds(seen, meeting, first))
    return tuple(found.values())


def carry_out(library: Library, work: Work) -> Job[Any]:
    """Does what `work` asks for; a transcription ends between two batches where another door pauses it, or puts its
    meeting into the bin.

    A meeting that is finished by it is written where the settings say (`keep_copy`).

    Raises as `transcribe`, `separate` and `summarise`.
    """
    from core import meetings

    if work.stage is Stage.SEPARATE:
        return (yield from meetings.separate(library, work.meeting_id))
    if work.stage is Stage.SUMMARISE:
        made = yield from meetings.summarise(library, work.meeting_id)
        yield from meetings.keep_copy(library, work.meeting_id)
        return made
    with closing(meetings.transcribe(library, work.meeting_id)) as job:
        while True:
            try:
                event = next(job)
            except StopIteration as end:
                return end.value
            yield event
            if isinstance(event, SegmentsAdded) and _is_called_off(library, work):
                yield MeetingChanged(work.meeting_id)
                return None


def _is_called_off(library: Library, work: Work) -> bool:
    paused = any(one.paused for one in library.store.work() if one.id == work.id)
    return paused or library.store.meeting(work.meeting_id).deleted_at is not None


def _seconds(seen: dict[str, float], meeting: Meeting, work: Work) -> float | None:
    """The work that a text still takes, as its model was seen to work here; the rest costs little beside it."""
    if not isinstance(work.options, TranscriptOptions):
        return 0.0
    # A new text of a meeting that has one begins at its start.
    reached = meeting.transcribed or 0.0 if not meeting.transcript_complete else 0.0
    speed = seen.get(work.options.model)
    return max(0.0, meeting.duration - reached) / speed if speed else None
