"""What the person is writing and has not kept yet, so that it outlives the program."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import col, select

from core.store.database import Database
from core.store.tables import MeetingRow, UnkeptRow
from core.values import MeetingId, Unkept


class UnkeptStore(Database):
    """What the store keeps of the texts that are being written: of one field, and of questions not asked yet."""

    def keep_unkept(self, *unkept: Unkept) -> None:
        """Has these in place of what was being written before; none: nothing is written now."""
        with self._writing(counted=False) as session:
            session.execute(delete(UnkeptRow))
            for one in unkept:
                row = UnkeptRow(
                    meeting_id=one.meeting_id, field=one.field, subject=one.subject, texts=list(one.texts)
                )
                session.add(row)

    def unkept(self) -> tuple[Unkept, ...]:
        """What was being written last, in meetings that are there; nothing where all was kept or left."""
        with self._reading() as session:
            there = select(UnkeptRow).join(MeetingRow, col(MeetingRow.id) == col(UnkeptRow.meeting_id))
            rows = session.exec(there.where(col(MeetingRow.deleted_at).is_(None)).order_by(col(UnkeptRow.id)))
            return tuple(
                Unkept(MeetingId(row.meeting_id), row.field, row.subject, tuple(row.texts)) for row in rows
            )
