"""Import back: a transcript that another program, or this one, wrote becomes a meeting."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core import errors, locks
from core.export import reading
from core.meetings.imports import date_in_name, readable, tells_of_it
from core.meetings.library import Library
from core.store.meetings import new_id
from core.values import (
    Job,
    MeetingChanged,
    MeetingId,
    Place,
    Progress,
    Source,
    Stage,
    TranscriptOptions,
)

IMPORTED = "imported"
"""What stands in place of a model where the text came from a file."""


def import_transcript(library: Library, path: Path) -> Job[MeetingId]:
    """Makes a meeting without sound of a file of a transcript, to be summarised like any other.

    Raises as `reading.read`, `AlreadyImported` or a `StorageProblem`, and then leaves nothing behind.
    """
    yield Progress(Stage.IMPORT, 0.0)
    found = reading.read(path)
    stat = path.stat()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with locks.hold(library.places.locks / f"{digest}.{Stage.IMPORT}"):
        known = library.store.meeting_with_digest(digest)
        if known:
            if known.deleted_at:
                library.store.restore(known.id)
                yield MeetingChanged(known.id)
            raise errors.AlreadyImported(known.id, known.title)
        meeting_id = new_id()
        try:
            _store(library, meeting_id, path, digest, datetime.fromtimestamp(stat.st_mtime, UTC), found)
        except BaseException:
            library.store.remove(meeting_id)  # nothing half
            raise
    yield MeetingChanged(meeting_id)
    return meeting_id


def _store(
    library: Library,
    meeting_id: MeetingId,
    path: Path,
    digest: str,
    changed: datetime,
    found: reading.Reading,
) -> None:
    store = library.store
    end = max(one.segment.end for one in found.spoken)
    duration = max(end, found.duration)
    store.add_meeting(
        found.title or readable(path.stem),
        found.started_at or date_in_name(path.stem, changed) or changed,
        Source.IMPORT,
        original_name=readable(path.name),
        digest=digest,
        duration=duration,
        meeting_id=meeting_id,
        placeholder=not found.title and not tells_of_it(path.stem),
    )
    speakers: dict[str, int] = {}
    for one in found.spoken:
        # Capitals make no difference to a name.
        if one.speaker and one.speaker.casefold() not in speakers:
            speakers[one.speaker.casefold()] = store.add_speaker(meeting_id, one.speaker).id
    transcript = store.begin_transcript(
        meeting_id, TranscriptOptions(model=IMPORTED, language=found.language), found.language
    )
    segments = [
        replace(one.segment, speaker_id=speakers.get(one.speaker.casefold(), 0)) for one in found.spoken
    ]
    stored = store.add_segments(transcript, segments, Place(duration), language=found.language)
    for speaker_id in speakers.values():
        said = [one.id for one, given in zip(stored, segments, strict=True) if given.speaker_id == speaker_id]
        store.set_speaker(meeting_id, said, speaker_id)
    store.complete_transcript(transcript)
    if found.tags:
        store.set_tags(meeting_id, found.tags)
    others = [name for name in found.participants if name.casefold() not in speakers]
    if others:
        store.set_participants(meeting_id, others)
    for at, text in found.notes:
        store.add_note(meeting_id, at, text)
    store.ask(meeting_id, Stage.SUMMARISE, library.summary_options())
