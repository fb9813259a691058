"""How much room the library takes, and what of it can be had back."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from core import paths
from core.meetings.library import Library
from core.values import Storage


def measure_storage(library: Library) -> Storage:
    """How many bytes each kind of thing takes now, and how many are free. Raises a `StorageProblem`."""
    places, store = library.places, library.store
    binned, cuts = store.meetings(binned=True), store.cuts()
    names = {meeting.audio for meeting in binned} | {cut.audio for cut in cuts}
    heard = {meeting.audio for meeting in store.meetings()}
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
        binned_meetings=len(binned),
        binned_cuts=len(cuts),
        binned=sum(_file_size(places.audio / name) for name in names - heard if name),
    )


def _size(folder: Path) -> int:
    return sum(_file_size(Path(base) / name) for base, _folders, names in os.walk(folder) for name in names)


def _file_size(file: Path) -> int:
    """Bytes of a file; 0 for one that has gone meanwhile."""
    with suppress(OSError):
        return file.stat().st_size
    return 0
