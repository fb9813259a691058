"""A meeting with all that hangs on it, out of one library and into another: what an archive is restored by."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel, col, select

from core import errors
from core.store import schema
from core.store.database import Database, chunks
from core.store.tables import IndexingRow, MeetingRow, TermRow
from core.values import MeetingId

Facts = Mapping[str, Sequence[Mapping[str, Any]]]
"""The rows of one meeting by the name of their table, the meeting's own first, each after what it refers to."""

NOT_TAKEN = {"voice", "heading", "indexing", "counter", "term", "part", "cut"}
"""Tables that no archive needs: the index is made by triggers, answers that are kept for a while can be asked for
again, what a voice is like stays on the machine on which that person agreed to it, and what was cut from a meeting is
not handed on with it."""


class MergingStore(Database):
    """What the store answers about meetings that leave it or come into it whole."""

    def copy_to(self, target: Path) -> None:
        """A consistent copy of the database without remembered voices and cut passages. Raises a `StorageProblem`."""
        with schema.problems(target):
            schema.copy(self._places.database, target)
            with closing(sqlite3.connect(target, isolation_level=None)) as copied:
                copied.execute("PRAGMA foreign_keys=ON")
                copied.execute("DELETE FROM voice")
                copied.execute("DELETE FROM cut")
                copied.execute("PRAGMA journal_mode=DELETE")
                copied.execute("VACUUM")  # else what was deleted would still stand in the file

    def facts_of(self, meeting_id: MeetingId) -> Facts:
        """All rows of a meeting. Raises `MeetingUnknown`."""
        with self._reading() as session:
            found: dict[str, list[dict[str, Any]]] = {}
            for table in _tables():
                owner = _owner(table, found)
                if table.name == MeetingRow.__tablename__:
                    rows = _rows(session, table, "id", [meeting_id])
                elif owner:
                    column, above = owner
                    rows = _rows(session, table, column, [row["id"] for row in found[above]])
                else:
                    continue
                found[table.name] = rows
            if not found[str(MeetingRow.__tablename__)]:
                raise errors.MeetingUnknown(meeting_id)
            return found

    def take_in(self, facts: Facts, *, keep_numbers: bool = False) -> MeetingId:
        """Adds a meeting that the library does not have, in one transaction; its id.

        Its rows get numbers of this library, and what refers to them does so by these. With `keep_numbers`, meant for a
        library that was empty, they keep those they had as long as nothing else has one of them.
        """
        meeting_id = MeetingId(facts[str(MeetingRow.__tablename__)][0]["id"])
        with self._writing(meeting_id) as session:
            # The index takes segments in by their numbers where it still has to.
            keep = keep_numbers and session.exec(select(IndexingRow.below)).one() == 0
            known: dict[str, dict[Any, Any]] = {}
            for table in _tables():
                if table.name in facts:
                    known[table.name] = _add(session, table, facts[table.name], known, keep=keep)
        return meeting_id

    def vocabularies(self) -> dict[str, tuple[str, ...]]:
        """The words to listen for of every tag, and under '' those of the library."""
        found: dict[str, list[str]] = {}
        with self._reading() as session:
            for row in session.exec(select(TermRow).order_by(col(TermRow.id))):
                found.setdefault(row.tag, []).append(row.text)
        return {tag: tuple(terms) for tag, terms in found.items()}


def _tables() -> list[Table]:
    """The tables of which a meeting may have rows, each after those that it refers to.

    Lines come last: their evidence has the numbers of segments, which the database does not know for keys.
    """
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in NOT_TAKEN]
    return sorted(tables, key=lambda table: "evidence" in table.c)


def _owner(table: Table, found: Mapping[str, Any]) -> tuple[str, str] | None:
    """The column by which a table's rows hang on a meeting, or on another table of one, and that table."""
    # What may be nothing, such as who says a segment, is no owner.
    needed = [key for key in table.foreign_keys if not key.parent.nullable]
    keys = sorted((key.parent.name, key.column.table.name) for key in needed)
    keys.sort(key=lambda key: key[1] != MeetingRow.__tablename__)
    return next((key for key in keys if key[1] in found), None)


def _rows(session: Session, table: Table, column: str, owners: list[Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for chosen in chunks(owners):
        wanted = table.select().where(table.c[column].in_(chosen)).order_by(table.c.id)
        rows += [dict(row._mapping) for row in session.execute(wanted)]  # noqa: SLF001  SQLAlchemy's public name for it
    return rows


def _add(
    session: Session,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    known: Mapping[str, Mapping[Any, Any]],
    *,
    keep: bool,
) -> dict[Any, Any]:
    """Adds the rows; their new ids by the old ones."""
    numbered = table.name != MeetingRow.__tablename__
    keys = {key.parent.name: key.column.table.name for key in table.foreign_keys}
    ids: dict[Any, Any] = {}
    keep = keep and not any(
        session.execute(select(table.c.id).where(table.c.id.in_(chosen)).limit(1)).first()
        for chosen in chunks([row["id"] for row in rows])
    )
    for row in rows:
        fields = {name: value for name, value in row.items() if name in table.c}
        for name, above in keys.items():
            fields[name] = known.get(above, {}).get(fields[name])
        if "evidence" in fields:
            segments = known.get("segment", {})
            fields["evidence"] = [
                {**one, "segments": [segments[old] for old in one["segments"] if old in segments]}
                for one in fields["evidence"]
            ]
        if numbered and not keep:
            del fields["id"]
        ids[row["id"]] = session.execute(table.insert().values(**fields).returning(table.c.id)).scalar_one()
    return ids
