"""How much room the library takes; the sound of meetings, which can go while their text stays."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core import errors, paths
from core import settings as chosen
from core.meetings import cuts
from core.meetings.library import Library
from core.values import Job, Meeting, MeetingChanged, MeetingId, Storage


def measure_storage(library: Library) -> Storage:
    """How many bytes each kind of thing takes now, and how many are free. Raises a `StorageProblem`."""
    places, store = library.places, library.store
    binned, cut = store.meetings(binned=True), store.cuts()
    names = {meeting.audio for meeting in binned} | {one.audio for one in cut}
    kept, due = store.meetings(), _due(library)
    heard = {meeting.audio for meeting in kept}
    try:
        free = shutil.disk_usage(places.root).free
    except OSError as error:
        raise paths.storage_problem(error, places.root) from error
    return Storage(
        sound=_size(places.audio),
        text=sum(map(_file_size, places.root.glob(f"{places.database.name}*"))),
        models=_size(places.models),
        backups=_size(places.backups),
        exports=_size(places.exports),
        free=free,
        meetings=len(kept),
        binned_meetings=len(binned),
        binned_cuts=len(cut),
        binned=sum(_file_size(places.audio / name) for name in names - heard if name),
        due_meetings=len(due),
        due=sum(_file_size(places.audio / meeting.audio) for meeting in due),
        tags=store.tags(),
    )


def remove_sound(library: Library, meeting_ids: Sequence[MeetingId]) -> Job[int]:
    """Removes the sound of these meetings for good; how many bytes that gave back. All else of them stays.

    One whose text is not whole keeps its sound, and so does one that is worked on. Raises a `StorageProblem`.
    """
    freed = 0
    for meeting_id in meeting_ids:
        with suppress(errors.MeetingBusy), cuts.alone(library, meeting_id) as meeting:
            if not meeting.audio or not meeting.transcript_complete:
                continue
            names = cuts.sound_names(library, meeting_id)
            freed += sum(_file_size(library.places.audio / name) for name in names)
            library.store.forget_sound(meeting_id)
            # The files last: what the library speaks of is there.
            cuts.remove_files(library, names)
            yield MeetingChanged(meeting_id)
    return freed


def remove_due_sound(library: Library) -> Job[int]:
    """Removes the sound that the settings want kept no longer, as `remove_sound`."""
    return (yield from remove_sound(library, [meeting.id for meeting in _due(library)]))


def _due(library: Library) -> list[Meeting]:
    """The meetings whose sound the settings want kept no longer, and need no longer for their text."""
    return [
        meeting
        for meeting in library.store.meetings()
        if meeting.audio
        and meeting.transcript_complete
        and (days := chosen.sound_days(library.settings, meeting.tags))
        and _age(library.places.audio / meeting.audio, meeting) > days
    ]


def _age(file: Path, meeting: Meeting) -> float:
    """Days since the meeting, or since its sound came into the library where that was later."""
    try:
        came = file.stat().st_mtime
    except OSError:
        return 0.0
    return (time.time() - max(came, meeting.started_at.timestamp())) / 86_400


def _size(folder: Path) -> int:
    return sum(_file_size(Path(base) / name) for base, _folders, names in os.walk(folder) for name in names)


def _file_size(file: Path) -> int:
    """Bytes of a file; 0 for one that has gone meanwhile."""
    with suppress(OSError):
        return file.stat().st_size
    return 0
