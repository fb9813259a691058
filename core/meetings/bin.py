"""The bin: meetings that the person moved there go for good after some time, or when it is emptied."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from core import errors, paths
from core.meetings.library import Library, held
from core.values import BIN_DAYS, Job, Meeting, MeetingChanged, MeetingId, Stage


def remove_old(library: Library) -> Job[int]:
    """Removes what has been in the bin for `BIN_DAYS`; how many meetings went. Raises a `StorageProblem`."""
    old = datetime.now(UTC) - timedelta(days=BIN_DAYS)
    binned = library.store.meetings(binned=True)
    return (yield from _removed(library, [one for one in binned if one.deleted_at and one.deleted_at < old]))


def remove(library: Library, meeting_ids: Sequence[MeetingId] | None = None) -> Job[int]:
    """Removes these meetings of the bin, or all that are in it, for good; how many went. Raises a `StorageProblem`."""
    binned = library.store.meetings(binned=True)
    return (
        yield from _removed(library, [one for one in binned if meeting_ids is None or one.id in meeting_ids])
    )


def _removed(library: Library, meetings: Sequence[Meeting]) -> Job[int]:
    count = 0
    for meeting in meetings:
        # What another program is still working on goes the next time.
        with suppress(errors.MeetingBusy), held(library, meeting, Stage.TRANSCRIBE):
            library.store.remove(meeting.id)
            try:
                # The sound last: what is in the library has its sound. Files made from it lie beside it.
                for file in library.places.audio.glob(f"{meeting.audio}*") if meeting.audio else ():
                    file.unlink(missing_ok=True)
            except OSError as error:
                raise paths.storage_problem(error, library.places.audio) from error
            count += 1
            yield MeetingChanged(meeting.id)
    return count
