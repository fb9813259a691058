"""Opening the database: private, in write-ahead mode, brought to the newest schema after a copy was made."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from core import errors, locks, paths
from core.store import index, tables

NEWEST = "0015"
"""The revision that `tables` describes; the last file in `paths.MIGRATIONS`."""

BUSY_MILLISECONDS = 20_000
ALONE_MILLISECONDS = 3_000

OPENING = "library"
"""The lock that is held while the database is opened, and while it moves."""


def open_database(places: paths.Folders) -> Engine:
    """An engine on the library's database, made or migrated where needed. On a full disk it only reads.

    Raises `LibraryFromFuture`, `LibraryBusy`, `LibraryDamaged`, `FolderNotWritable`, `DiskFull`, or `LibraryMoved`
    where it was moved while this waited.
    """
    with problems(places.database), locks.hold(places.locks / OPENING):
        if there := paths.elsewhere(places):
            raise errors.LibraryMoved(str(there))
        _create_private(places.database)
        engine = _engine(places.database)
        try:
            revision = _revision(engine)
            if revision is None:
                _create_all(engine)
            elif revision != NEWEST:
                _migrate(places, revision)
        except BaseException:
            engine.dispose()
            raise
        return engine


@contextmanager
def alone(places: paths.Folders) -> Iterator[sqlite3.Connection]:
    """The only connection to the database, which keeps everybody else out meanwhile. Raises `LibraryBusy`, or as above.

    Its file must not be opened otherwise: closing it would give up the lock, as POSIX has it.
    """
    with (
        problems(places.database),
        locks.hold(places.locks / OPENING),
        closing(sqlite3.connect(places.database, isolation_level=None)) as connection,
    ):
        connection.execute(f"PRAGMA busy_timeout={ALONE_MILLISECONDS}")
        # Without a log of changes beside it; SQLite refuses while another connection is open.
        connection.execute("PRAGMA journal_mode=DELETE")
        # The lock of the next transaction is kept until the connection is closed.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield connection


@contextmanager
def problems(database: Path) -> Iterator[None]:
    """Raises what a failing disk or file means to a person; a fault of ours in a statement stays what it is."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        problem = _problem_of(error.orig if isinstance(error, DatabaseError) else error, database)
        if problem is None:
            raise
        raise problem from error
    except OSError as error:
        raise paths.storage_problem(error, database) from error


def _problem_of(error: BaseException | None, database: Path) -> errors.StorageProblem | None:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the primary code, without its detail
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return errors.DiskFull(str(database))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return errors.FolderNotWritable(str(database.parent))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return errors.LibraryBusy(str(database))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return errors.LibraryDamaged(str(database))
    return None


def _create_private(database: Path) -> None:
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, paths.PRIVATE_FILE))


_NO_INDEX = (sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE)
"""What SQLite says where it has no room for the index of its log that its readers share."""


class _ReadOnly(sqlite3.Connection):
    """A connection for a full disk, which only reads, and keeps others out."""


def _engine(database: Path, *, foreign_keys: bool = True) -> Engine:
    # Statements carry what was said; their errors must not.
    engine = create_engine(
        f"sqlite:///{database}",
        creator=lambda: _connected(database, foreign_keys=foreign_keys),
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        begin = connection.get_execution_options().get("begin", "")
        if begin and isinstance(connection.connection.dbapi_connection, _ReadOnly):
            raise errors.DiskFull(str(database))
        connection.exec_driver_sql(f"BEGIN {begin}")

    @event.listens_for(engine, "checkin")
    def _on_checkin(connection: Any, record: Any) -> None:
        # It keeps others out: the next one is opened anew, as usual once there is room.
        if isinstance(connection, _ReadOnly):
            record.invalidate()

    return engine


def _connected(database: Path, *, foreign_keys: bool) -> sqlite3.Connection:
    try:
        return _set_up(sqlite3.Connection, database, "NORMAL", foreign_keys=foreign_keys)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in _NO_INDEX:
            raise
        # Alone with the file, SQLite keeps that index in memory (its documentation of WAL, section 8).
        return _set_up(_ReadOnly, database, "EXCLUSIVE", foreign_keys=foreign_keys)


def _set_up(
    kind: type[sqlite3.Connection], database: Path, locking: str, *, foreign_keys: bool
) -> sqlite3.Connection:
    # No isolation level: the driver's own late begin cannot be told to lock for writing.
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False, factory=kind)
    try:
        connection.execute(f"PRAGMA locking_mode={locking}")
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA foreign_keys={foreign_keys:d}")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        known = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE name='alembic_version'"
        ).first()
        if known is None:
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        return str(row[0]) if row else None


def _create_all(engine: Engine) -> None:
    with engine.execution_options(begin="IMMEDIATE").begin() as connection:
        SQLModel.metadata.create_all(connection)
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY)"
        )
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (NEWEST,))
        for row in (tables.CounterRow(id=1, value=0), tables.IndexingRow(id=1, below=0)):
            connection.execute(
                SQLModel.metadata.tables[row.__tablename__].insert().values(**row.model_dump())
            )
        for table in index.TABLES:
            connection.exec_driver_sql(table)
        index.put_triggers(connection)


def _migrate(places: paths.Folders, revision: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    if revision not in {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}:
        raise errors.LibraryFromFuture(str(places.database))
    copy(places.database, places.backups / f"meetings-before-{NEWEST}-{datetime.now(UTC):%Y%m%d-%H%M%S}.db")
    # A changed table is made anew and the old one dropped, which must not take what refers to it along.
    engine = _engine(places.database, foreign_keys=False)
    try:
        with engine.execution_options(begin="IMMEDIATE").begin() as connection:
            config.attributes["connection"] = connection
            index.take_triggers(connection)
            command.upgrade(config, "head")
            index.put_triggers(connection)
    finally:
        engine.dispose()


def copy(database: Path, target: Path) -> None:
    """A consistent copy of `database` at `target`, private to the user, whole or not at all."""
    with closing(sqlite3.connect(database)) as source:
        copy_from(source, target)


def copy_from(source: sqlite3.Connection, target: Path) -> None:
    """As `copy`, of the database that is open already."""
    beside = target.with_suffix(".part")
    try:
        _create_private(beside)
        with closing(sqlite3.connect(beside)) as copied:
            source.backup(copied)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
