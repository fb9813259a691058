"""Several programs on one data folder at once: no write is lost, and nobody is told that the library is locked."""

from __future__ import annotations

from datetime import UTC, datetime

from core.meetings import Library
from core.values import Source
from tests.conftest import at_once

WRITES = 100

WRITER = """
import sys
from core import paths
from core.meetings import Library
library = Library(paths.folders(sys.argv[1]))
print("open", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[4])):
    library.store.add_note(sys.argv[2], float(number), f"{sys.argv[3]} {number}")
    library.store.set_tags(sys.argv[2], [sys.argv[3]])
library.close()
"""


def test_writes_that_interleave_are_all_kept(library: Library) -> None:
    meeting_id = library.store.add_meeting("Budget", datetime.now(UTC), Source.IMPORT)
    before = library.store.revision()
    doors = "window", "terminal"
    at_once(WRITER, *((str(library.places.root), meeting_id, door, str(WRITES)) for door in doors))
    kept = {note.text for note in library.store.notes(meeting_id)}
    assert kept == {f"{door} {number}" for door in doors for number in range(WRITES)}
    assert library.store.revision() == before + 2 * len(doors) * WRITES
