"""The open database of a library: its connections, transactions and counter of changes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core import errors, paths
from core.store import schema
from core.store.tables import CounterRow, MeetingRow
from core.values import MeetingId, Transcript

SAME_TIME = 2.0
"""Seconds in which a file system may give two writes the same time: FAT counts in twos."""


class Database:
    """The open database of one library; what is asked of it stands by subject in the modules beside this one."""

    def __init__(self, places: paths.Folders) -> None:
        self._places = places
        self._engine = schema.open_database(places)
        self._writer = self._engine.execution_options(begin="IMMEDIATE")
        self._text: tuple[int, Transcript] | None = None
        """The text that was read last, and the number of the change with which its meeting was stamped then."""
        self._counted: tuple[object, int] | None = None
        """How the files were when the changes were counted last, and how many there were."""

    def close(self) -> None:
        """Closes every connection; the store is not used afterwards."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with schema.problems(self._places.database), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self, meeting_id: MeetingId | None = None, *, counted: bool = True) -> Iterator[Session]:
        """A transaction that is committed at the end, counted, and stamped on the meeting it is about.

        One that is not `counted` is told to no other door.
        """
        with schema.problems(self._places.database), Session(self._writer) as session, session.begin():
            try:
                yield session
                session.flush()
            except IntegrityError as error:
                if getattr(error.orig, "sqlite_errorcode", 0) != sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
                    raise
                # Removed in the meantime by another door: every foreign key leads to a meeting.
                raise errors.MeetingUnknown(meeting_id or "") from error
            if not counted:
                return
            session.execute(update(CounterRow).values(value=CounterRow.value + 1))
            if meeting_id is not None:
                stamp = select(CounterRow.value).scalar_subquery()
                session.execute(
                    update(MeetingRow).where(col(MeetingRow.id) == meeting_id).values(revision=stamp)
                )

    # --- its health --------------------------------------------------------------------------------

    @property
    def schema(self) -> str:
        """The revision of the schema that the open database has."""
        return schema.NEWEST

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the file, as SQLite says it; nothing where it is whole. Reads all of it."""
        with self._reading() as session:
            connection = session.connection()
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
            lost = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
            return tuple(one for one in found if one != "ok") + tuple(f"{table}: lost rows" for table in lost)

    # --- what is removed ---------------------------------------------------------------------------

    def empty_log(self, *, compact: bool = False) -> None:
        """Leaves nothing in the log of changes, which may hold what was removed since.

        `compact` makes the file as small as what is left in it. While another program reads, the log stays.
        """
        with schema.problems(self._places.database), self._engine.connect() as connection:
            # Neither can be asked within a transaction.
            driver: Any = connection.connection.dbapi_connection
            if compact:
                driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- what changed ------------------------------------------------------------------------------

    def revision(self) -> int:
        """The number of changes so far. SQLite is asked only where its files were written since: a window that rests
        looks every second."""
        written = self._written()
        if written is None or self._counted is None or self._counted[0] != written:
            with self._reading() as session:
                self._counted = written, session.exec(select(CounterRow.value)).one()
        return self._counted[1]

    def _written(self) -> tuple[tuple[int, int], ...] | None:
        """When the files were written last, in nanoseconds, and their bytes; None where the next write may have the
        same time."""
        file, found = self._places.database, []
        for path in (file, file.with_name(f"{file.name}-wal")):
            try:
                stat = path.stat()
            except OSError:
                found.append((0, 0))
                continue
            if time.time() - stat.st_mtime < SAME_TIME:
                return None
            found.append((stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def changed_since(self, revision: int) -> tuple[MeetingId, ...]:
        """The meetings that were added or changed after `revision`."""
        with self._reading() as session:
            rows = session.exec(select(MeetingRow.id).where(col(MeetingRow.revision) > revision)).all()
            return tuple(MeetingId(row) for row in rows)

    def _update_meeting(self, meeting_id: MeetingId, **values: Any) -> None:
        with self._writing(meeting_id) as session:
            session.execute(update(MeetingRow).where(col(MeetingRow.id) == meeting_id).values(**values))


def stamped(session: Session, meeting_id: MeetingId) -> int:
    """The number of the last change of a meeting, 0 where it is gone."""
    return session.exec(select(MeetingRow.revision).where(MeetingRow.id == meeting_id)).first() or 0


def overwrite(session: Session) -> None:
    """What goes from now on is overwritten in the file too, not only left behind in it."""
    session.execute(text("PRAGMA secure_delete = ON"))


def stamp(session: Session, meeting_ids: Sequence[str]) -> None:
    """Stamps meetings with the number that this change will have, where it is about several."""
    number = select(CounterRow.value + 1).scalar_subquery()
    session.execute(update(MeetingRow).where(col(MeetingRow.id).in_(meeting_ids)).values(revision=number))


def chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The ids, some hundreds at a time: SQLite limits the variables of one statement."""
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]
