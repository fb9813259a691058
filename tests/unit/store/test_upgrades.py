"""Every library that was ever made is opened by today's program, with all that is in it, after a copy was made."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core import errors, messages, paths
from core.store import Store, schema
from core.values import MeetingId, Section, Stage
from tests import old_libraries
from tests.old_libraries import BUDGET, QUOTE, VISIT

KEPT = [file.name.removesuffix(".db.gz") for file in sorted(old_libraries.FOLDER.iterdir())]
CHANGED = {("transcript", "prompt"), ("segment", "speaker")}
"""Columns that became something else."""


def content(database: Path) -> dict[tuple[str, str], list[Any]]:
    """Every column of what a person has in a library, row by row."""
    with closing(sqlite3.connect(database)) as looking:
        tables = {table for table, _row in old_libraries.ROWS}
        columns = [
            (table, column)
            for (table,) in looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if table in tables
            for _number, column, *_ in looking.execute(f"PRAGMA table_info({table})")
        ]
        return {
            (table, column): looking.execute(f'SELECT "{column}" FROM {table} ORDER BY 1').fetchall()
            for table, column in columns
        }


def test_there_is_a_library_of_every_schema() -> None:
    assert old_libraries.revisions() == KEPT, "python -m tests.old_libraries makes what is missing"
    assert KEPT[-1] == schema.NEWEST


@pytest.mark.parametrize("revision", KEPT)
def test_a_library_of_any_age_keeps_all_that_is_in_it(revision: str, places: paths.Folders) -> None:
    database = old_libraries.library_of(revision, places.root)
    before = content(database)
    assert before["meeting", "title"]
    store = Store(places)
    while store.index_some():
        pass

    after = content(database)
    new = (
        {("speaker", column) for table, column in after if table == "speaker"} if revision < "0005" else set()
    )
    assert {key: after.get(key) for key in before.keys() - CHANGED - new} == {
        key: rows for key, rows in before.items() if key not in CHANGED | new
    }
    with closing(sqlite3.connect(database)) as looking:
        assert looking.execute("PRAGMA foreign_key_check").fetchall() == []
        assert looking.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert looking.execute("SELECT * FROM alembic_version").fetchall() == [(schema.NEWEST,)]
    copies = list(places.backups.iterdir())
    assert [content(copy) for copy in copies] == ([before] if revision != schema.NEWEST else [])

    said = store.transcript(MeetingId(BUDGET))
    assert said
    assert [segment.text for segment in said.segments] == ["Good morning, let us begin.", QUOTE, ""]
    assert said.segments[1].edited
    recorded = store.transcript(MeetingId(VISIT))
    assert recorded
    (speaker,) = store.speakers(MeetingId(VISIT)) if revision != "0001" else (None,)
    assert recorded.segments[0].speaker_id == (speaker.id if speaker else 0)
    minutes = store.minutes(MeetingId(BUDGET))
    assert minutes
    decision, *_ = (line for line in minutes.lines if line.section is Section.DECISIONS)
    assert (decision.text, decision.evidence[0].quote) == ("The budget stays at forty thousand euros.", QUOTE)
    written, booked = (line for line in minutes.lines if line.section is Section.ACTION_ITEMS)
    assert (written.owner, written.due, written.done) == ("Siobhan", date(2026, 3, 13), True)
    assert (booked.owner, booked.supported) == ("Daniel", False)
    assert [note.text for note in store.notes(MeetingId(BUDGET))] == ["Ask about the reserve", ""]
    (asked,) = store.work()
    assert (asked.meeting_id, asked.stage, asked.paused) == (VISIT, Stage.SUMMARISE, True)
    for words, meeting in (("forty thousand", BUDGET), ("ete besancon", VISIT), ("reserve", BUDGET)):
        *_, found = store.search(words)
        assert {hit.meeting_id for hit in found.hits} == {meeting}
    store.close()
    # A second start finds nothing to do.
    Store(places).close()
    assert list(places.backups.iterdir()) == copies


def test_a_library_of_a_newer_program_is_refused_in_words_and_left_alone(places: paths.Folders) -> None:
    database = old_libraries.library_of(schema.NEWEST, places.root)
    with closing(sqlite3.connect(database)) as writing, writing:
        writing.execute("UPDATE alembic_version SET version_num = '9999'")
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    with pytest.raises(errors.LibraryFromFuture) as refused:
        Store(places)
    assert "newer" in str(messages.explain(refused.value))
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    assert list(places.backups.iterdir()) == []
