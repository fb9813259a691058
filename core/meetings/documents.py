"""Export: all that is known of a meeting, as files or as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core import export as exports
from core.meetings.library import Library
from core.values import Job, MeetingId, Progress, Stage


def export(
    library: Library,
    meeting_id: MeetingId,
    folder: Path,
    formats: Sequence[str] = ("md",),
    *,
    name: str = "",
) -> Job[tuple[Path, ...]]:
    """Writes the meeting into `folder` in each format; returns the files' paths.

    Without a `name` (no ending) a free one is made from date and title; with one, a file of that name is replaced.
    Raises `FormatUnknown` or a `StorageProblem`; a file is written whole or not at all.
    """
    known = document(library, meeting_id)
    written: list[Path] = []
    for place, kind in enumerate(formats):
        yield Progress(Stage.EXPORT, place / len(formats))
        written.append(exports.write(known, folder, kind, name=name))
    yield Progress(Stage.EXPORT, 1.0)
    return tuple(written)


def document(library: Library, meeting_id: MeetingId) -> exports.Document:
    """All that is known of a meeting. Raises `MeetingUnknown`."""
    store = library.store
    return exports.Document(
        meeting=store.meeting(meeting_id),
        transcript=store.transcript(meeting_id),
        minutes=store.minutes(meeting_id),
        notes=store.notes(meeting_id),
        speakers=store.speakers(meeting_id),
    )


def as_text(library: Library, meeting_id: MeetingId, kind: str) -> str:
    """The meeting in the format `kind`, for the clipboard or a terminal. Raises `MeetingUnknown` or `FormatUnknown`."""
    return exports.render(document(library, meeting_id), kind)
