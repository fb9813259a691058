"""The bin: meetings that the person moved there, and passages that were cut, go for good after some time or at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from core import errors
from core.meetings import cuts
from core.meetings.library import Library, held
from core.values import BIN_DAYS, Job, Meeting, MeetingChanged, MeetingId, Stage


def remove_old(library: Library) -> Job[int]:
    """Removes what has been in the bin for `BIN_DAYS`; how many meetings went. Raises a `StorageProblem`."""
    old = datetime.now(UTC) - timedelta(days=BIN_DAYS)
    yield from cuts.forget(library, [one.id for one in library.store.cuts() if one.cut_at < old])
    binned = library.store.meetings(binned=True)
    return (yield from _removed(library, [one for one in binned if one.deleted_at and one.deleted_at < old]))


def remove(library: Library, meeting_ids: Sequence[MeetingId] | None = None) -> Job[int]:
    """Removes these meetings of the bin, or all that is in it, for good; how many went. Raises a `StorageProblem`."""
    if meeting_ids is None:
        yield from cuts.forget(library)
    binned = library.store.meetings(binned=True)
    chosen = [one for one in binned if meeting_ids is None or one.id in meeting_ids]
    count = yield from _removed(library, chosen)
    more = library.store.forget_words(begin=True)
    while more:
        more = library.store.forget_words()
    library.store.empty_log()
    return count


def erase(library: Library) -> Job[int]:
    """Removes every meeting but what is being recorded, all remembered voices and the vocabulary, for good.

    How many meetings went. One that another program works on stays in the bin. Raises a `StorageProblem`.
    """
    store = library.store
    for meeting in store.meetings():
        if not meeting.recording_open:
            store.bin(meeting.id)
    store.forget_voices()
    for tag in store.vocabularies():
        store.set_vocabulary((), tag)
    count = yield from remove(library)
    store.empty_log(compact=True)
    return count


def _removed(library: Library, meetings: Sequence[Meeting]) -> Job[int]:
    count = 0
    for meeting in meetings:
        # What another program is still working on goes the next time.
        with suppress(errors.MeetingBusy), held(library, meeting, Stage.TRANSCRIBE):
            names = cuts.sound_names(library, meeting.id)
            library.store.remove(meeting.id)
            # The sound last: what is in the library has its sound.
            cuts.remove_files(library, names)
            count += 1
            yield MeetingChanged(meeting.id)
    return count
