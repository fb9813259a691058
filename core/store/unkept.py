"""What the person is writing and has not kept yet, so that it outlives the program."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import col, select

from core.store.database import Database
from core.store.tables import MeetingRow, UnkeptRow
from core.values import MeetingId, Unkept


class UnkeptStore(Database):
    """What the store keeps of a text that is being written: one at a time, as there is one keyboard."""

    def keep_unkept(self, unkept: Unkept | None) -> None:
        """Has this in place of what was being written before; None: nothing is written now."""
        with self._writing(counted=False) as session:
            session.execute(delete(UnkeptRow))
            if unkept:
                session.add(
                    UnkeptRow(
                        meeting_id=unkept.meeting_id,
                        field=unkept.field,
                        subject=unkept.subject,
                        texts=list(unkept.texts),
                    )
                )

    def unkept(self) -> Unkept | None:
        """What was being written last, in a meeting that is there; None where all was kept or left."""
        with self._reading() as session:
            there = select(UnkeptRow).join(MeetingRow, col(MeetingRow.id) == col(UnkeptRow.meeting_id))
            row = session.exec(there.where(col(MeetingRow.deleted_at).is_(None))).first()
            if row is None:
                return None
            return Unkept(MeetingId(row.meeting_id), row.field, row.subject, tuple(row.texts))
