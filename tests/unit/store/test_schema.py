"""Old, new and broken databases, and the steps between schemas."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from core import errors, paths
from core.store import Store, schema
from core.values import MeetingId, Place, Source

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{newest}"


def upgrade() -> None:
    with op.batch_alter_table("meeting", recreate="always") as batch:
        batch.add_column(sa.Column("colour", sa.String(), nullable=False, server_default="red"))
"""


def rows(database: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as looking:
        return looking.execute(statement).fetchall()


def shape(database: Path) -> dict[str, Any]:
    """Everything that makes two schemas the same, without the order of writing."""
    tables = rows(
        database, "SELECT name, sql FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    )
    return {
        table: (
            "AUTOINCREMENT" in sql,
            rows(database, f"PRAGMA table_info('{table}')"),
            sorted(key[2:] for key in rows(database, f"PRAGMA foreign_key_list('{table}')")),
            sorted(
                (
                    unique,
                    tuple(rows(database, f"PRAGMA index_info('{name}')")),
                    name.startswith("sqlite_") or name,
                )
                for _number, name, unique, _origin, _partial in rows(
                    database, f"PRAGMA index_list('{table}')"
                )
            ),
            rows(database, f"SELECT * FROM '{table}'"),
        )
        for table, sql in tables
    }


def config(migrations: Path = paths.MIGRATIONS) -> Config:
    chosen = Config()
    chosen.set_main_option("script_location", str(migrations))
    chosen.set_main_option("path_separator", "os")
    return chosen


def test_the_steps_lead_to_what_a_new_library_is(places: paths.Folders, tmp_path: Path) -> None:
    Store(places).close()
    stepped = tmp_path / "stepped.db"
    engine = schema._engine(stepped)
    with engine.begin() as connection:
        chosen = config()
        chosen.attributes["connection"] = connection
        command.upgrade(chosen, "head")
    engine.dispose()
    assert shape(stepped) == shape(places.database)
    assert len(shape(stepped)) == 29


def test_the_newest_step_is_the_one_that_new_libraries_name() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [schema.NEWEST]


def test_a_library_of_the_first_version_keeps_its_text(places: paths.Folders) -> None:
    engine = schema._engine(places.database)
    with engine.begin() as connection:
        chosen = config()
        chosen.attributes["connection"] = connection
        command.upgrade(chosen, "0001")
        for statement in (
            "INSERT INTO meeting VALUES ('m1','Old','2026-03-10','2026-03-10','import','','','',9,1,0,'en',NULL,1)",
            "INSERT INTO transcript VALUES (7,'m1','2026-03-10','{}','en',8.5,'[50, 51]',0,1)",
            "INSERT INTO segment VALUES (3,7,1,2,'Hello','[]','',NULL,'en',0,0,'',0)",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(places)
    found = store.transcript(MeetingId("m1"))
    assert found
    assert found.places == (Place(8.5, (50, 51)),)
    assert [(segment.text, segment.channel) for segment in found.segments] == [("Hello", None)]
    assert store.meeting("m1").channels == ()
    store.close()


@pytest.fixture
def later(places: paths.Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of today, opened by a program with one more step; the database's path."""
    store = Store(places)
    new = store.add_meeting("kept", datetime(2026, 3, 10, tzinfo=UTC), Source.IMPORT)
    store.add_note(new, 1.0, "kept too")
    store.close()
    migrations = tmp_path / "migrations"
    shutil.copytree(paths.MIGRATIONS, migrations)
    (migrations / "versions" / "next.py").write_text(NEXT.format(newest=schema.NEWEST))
    monkeypatch.setattr(paths, "MIGRATIONS", migrations)
    monkeypatch.setattr(schema, "NEWEST", "next")
    return places.database


def test_an_old_library_is_copied_and_then_brought_up(later: Path, places: paths.Folders) -> None:
    before = shape(later)
    Store(places).close()
    assert rows(later, "SELECT title, colour FROM meeting") == [("kept", "red")]
    assert rows(later, "SELECT text FROM note") == [("kept too",)]
    assert rows(later, "SELECT * FROM alembic_version") == [("next",)]
    assert rows(later, "PRAGMA foreign_key_check") == []
    (copied,) = places.backups.iterdir()
    assert re.fullmatch(r"meetings-before-next-\d{8}-\d{6}\.db", copied.name)
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600
    assert shape(copied) == before
    Store(places).close()
    assert list(places.backups.iterdir()) == [copied]


def test_a_step_that_fails_leaves_the_library_as_it_was(later: Path, places: paths.Folders) -> None:
    before = shape(later)
    step = paths.MIGRATIONS / "versions" / "next.py"
    step.write_text(step.read_text() + '    raise RuntimeError("a bug")\n')
    with pytest.raises(RuntimeError, match="a bug"):
        Store(places)
    assert shape(later) == before


def test_no_room_for_the_copy_means_no_step(
    later: Path, places: paths.Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shape(later)

    def full(_database: Path) -> None:
        raise OSError(28, "No space left on device")

    create = schema._create_private
    monkeypatch.setattr(
        schema, "_create_private", lambda file: full(file) if file.parent == places.backups else create(file)
    )
    with pytest.raises(errors.DiskFull):
        Store(places)
    assert shape(later) == before
    assert list(places.backups.iterdir()) == []


def test_a_library_from_the_future_is_refused_and_untouched(places: paths.Folders) -> None:
    Store(places).close()
    with closing(sqlite3.connect(places.database)) as writing, writing:
        writing.execute("UPDATE alembic_version SET version_num='9999'")
    before = places.database.read_bytes()
    with pytest.raises(errors.LibraryFromFuture):
        Store(places)
    assert places.database.read_bytes() == before
    assert list(places.backups.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be one" * 100, b"SQLite format 3\0" * 300]
)
def test_a_damaged_library_is_refused_and_untouched(places: paths.Folders, content: bytes) -> None:
    places.database.write_bytes(content)
    with pytest.raises(errors.LibraryDamaged):
        Store(places)
    assert places.database.read_bytes() == content


def test_a_folder_in_the_place_of_the_library(places: paths.Folders) -> None:
    places.database.mkdir()
    with pytest.raises(errors.FolderNotWritable):
        Store(places)


def test_alembic_is_not_imported_for_a_new_or_current_library(places: paths.Folders) -> None:
    code = (
        "import sys; from pathlib import Path; from core import paths; from core.store import Store;"
        "Store(paths.Folders(Path(sys.argv[1]))).close(); print('alembic' in sys.modules)"
    )
    for _new_then_current in range(2):
        run = subprocess.run(
            [sys.executable, "-c", code, str(places.root)], capture_output=True, text=True, check=True
        )
        assert run.stdout == "False\n"


def test_a_library_that_is_kept_locked(places: paths.Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_MILLISECONDS", 100)
    store = Store(places)
    with closing(sqlite3.connect(places.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.LibraryBusy):
            store.add_note(MeetingId("x"), 0.0, "")
        other.rollback()
    store.close()


def test_a_fault_of_ours_is_not_blamed_on_the_library_and_tells_no_text(places: paths.Folders) -> None:
    store = Store(places)
    with closing(sqlite3.connect(places.database)) as other:
        other.execute("DROP TABLE note")
    with pytest.raises(OperationalError) as caught:
        store.add_note(MeetingId("x"), 0.0, "what was said")
    assert "what was said" not in str(caught.value)
    store.close()
