"""The person's notes and bookmarks."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlmodel import col, select

from core.store.database import Database
from core.store.tables import NoteRow
from core.values import MeetingId, Note


class NoteStore(Database):
    """What the store answers about notes."""

    def add_note(self, meeting_id: MeetingId, at: float, text: str, *, bookmark: bool = False) -> Note:
        """A new note at second `at`, or a `bookmark` there, whose text may be empty."""
        with self._writing(meeting_id) as session:
            row = NoteRow(meeting_id=meeting_id, at=at, text=text, bookmark=bookmark)
            session.add(row)
            session.flush()
            return _note(row)

    def put_note_back(self, meeting_id: MeetingId, note: Note) -> None:
        """Brings a note back that was taken away, with its id."""
        with self._writing(meeting_id) as session:
            session.add(
                NoteRow(id=note.id, meeting_id=meeting_id, at=note.at, text=note.text, bookmark=note.bookmark)
            )

    def note(self, note_id: int) -> Note | None:
        """The note with this id, or None."""
        with self._reading() as session:
            row = session.get(NoteRow, note_id)
            return _note(row) if row else None

    def edit_note(self, meeting_id: MeetingId, note_id: int, text: str) -> None:
        """Replaces a note's text."""
        with self._writing(meeting_id) as session:
            session.execute(update(NoteRow).where(col(NoteRow.id) == note_id).values(text=text))

    def remove_note(self, meeting_id: MeetingId, note_id: int) -> None:
        """Takes a note away."""
        with self._writing(meeting_id) as session:
            session.execute(delete(NoteRow).where(col(NoteRow.id) == note_id))

    def notes(self, meeting_id: MeetingId) -> tuple[Note, ...]:
        """The person's notes and bookmarks, by time."""
        with self._reading() as session:
            rows = session.exec(
                select(NoteRow)
                .where(NoteRow.meeting_id == meeting_id)
                .order_by(col(NoteRow.at), col(NoteRow.id))
            )
            return tuple(map(_note, rows))


def _note(row: NoteRow) -> Note:
    return Note(id=row.id or 0, at=row.at, text=row.text, bookmark=row.bookmark)
