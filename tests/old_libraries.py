"""A library of each schema that there ever was, kept in `tests/data/libraries`.

    python -m tests.old_libraries

makes those that are missing, as when there is a new schema: it takes an empty file through the steps up to that
schema and puts `ROWS` in, as far as its tables and columns have a place for them. No program of its day has written
them. A file that is there stays as it is, so that a step which is changed later meets what it made before.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from core import paths
from core.store import index, schema

FOLDER = Path(__file__).parent / "data" / "libraries"
EMPTY = {"JSON": "[]", "VARCHAR": ""}  # of a kind of column; any other has 0
INDEXED = "0007"
"""The schema from which on triggers keep what is searched."""

BUDGET, VISIT, GONE = "0b5c1de2a9f34c0f8a31d0c6f2b7e4a1", "7d2f4c9be0a14f5c9c1be3a5d8f60712", "f" * 32

QUOTE = "We keep the budget at forty thousand euros."
EVIDENCE = [{"segments": [2], "start": 3.5, "end": 6.75, "quote": QUOTE}]
OPTIONS = {"model": "tiny.en", "language": "", "vocabulary": ["Siobhan"]}


def _meeting(number: str, title: str, **more: Any) -> tuple[str, dict[str, Any]]:
    row = {
        "id": number,
        "title": title,
        "started_at": "2026-03-10 09:00:00.000000",
        "created_at": "2026-03-10 09:00:00.000000",
        "source": "import",
        "audio": f"{number}.ogg",
        "original_name": "budget.m4a",
        "digest": number[::-1],
        "duration": 62.5,
        "size": 240_000,
        "recording_open": 0,
        "channels": [],
        "language": "en",
        "tags": ["budget", "team"],
        "participants": ["Siobhan"],
        "listened": 62.5,
        "speaker_count": 2,
        "starred": 1,
        "deleted_at": None,
        "revision": 3,
    }
    return "meeting", row | more


def _segment(
    number: int, transcript: int, start: float, end: float, said: str, **more: Any
) -> tuple[str, Any]:
    row = {
        "id": number,
        "transcript_id": transcript,
        "start": start,
        "end": end,
        "text": said,
        "words": [[start, end, said, 0.93]],
        "speaker": "",
        "speaker_id": None,
        "channel": None,
        "language": "en",
        "log_probability": -0.21,
        "no_speech": 0.02,
        "doubt": "",
        "edited": 0,
        "continues": None,
    }
    return "segment", row | more


def _speaker(number: int, meeting: str, which: int, **more: Any) -> tuple[str, Any]:
    row = {"id": number, "meeting_id": meeting, "number": which, "name": "", "colour": which - 1, "is_me": 0}
    return "speaker", row | {"channel": None, "voice_id": None, "certainty": 0.0, "claims": []} | more


def _turn(number: int, *, speaker: int, start: float, end: float, chosen: int = 0) -> tuple[str, Any]:
    row = {"id": number, "meeting_id": BUDGET, "speaker_id": speaker, "channel": None}
    return "turn", row | {"start": start, "end": end, "chosen": chosen}


def _transcript(number: int, meeting: str, *, active: bool, reached: float = 62.5) -> tuple[str, Any]:
    return "transcript", {
        "id": number,
        "meeting_id": meeting,
        "created_at": "2026-03-10 10:02:00.000000",
        "options": OPTIONS,
        "language": "en",
        "languages": [["en", 0.98]],
        "reached": reached,
        "prompt": [50, 51],
        "places": [[None, reached, [50, 51]]],
        "complete": int(active),
        "active": int(active),
    }


def _line(number: int, section: str, words: str, **more: Any) -> tuple[str, Any]:
    row = {
        "id": number,
        "minutes_id": 1,
        "position": number,
        "section": section,
        "text": words,
        "evidence": EVIDENCE,
        "supported": 1,
        "unverified": [],
        "owner": "",
        "due_said": "",
        "due": None,
        "done": 0,
        "edited": 0,
        "part": "",
        "origin": "",
        "removed": 0,
        "taken": None,
        "called": "",
    }
    return "line", row | more


ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    _meeting(BUDGET, "Budget for the spring"),
    _meeting(
        VISIT,
        "Réunion d’équipe : l’été à Besançon",
        source="recording",
        language="fr",
        starred=0,
        channels=["microphone"],
    ),
    _meeting(GONE, "Thrown away", deleted_at="2026-03-12 08:00:00.000000"),
    (
        "voice",
        {
            "id": 1,
            "name": "Siobhan",
            "print": bytes(192),
            "seconds": 31.0,
            "remembered_at": "2026-03-11 08:00:00",
        },
    ),
    _speaker(1, BUDGET, 1, name="Siobhan", voice_id=1, certainty=0.8, claims=[[None, 0.0, 3.5]]),
    _speaker(2, BUDGET, 2, is_me=1),
    _speaker(3, VISIT, 1, is_me=1, channel="microphone"),
    _turn(1, speaker=1, start=0.0, end=3.5),
    _turn(2, speaker=2, start=3.5, end=7.0, chosen=1),
    _transcript(1, BUDGET, active=True),
    _transcript(2, BUDGET, active=False, reached=20.0),
    _transcript(3, VISIT, active=True),
    _segment(1, 1, 0.4, 3.1, "Good morning, let us begin.", speaker_id=1),
    _segment(2, 1, 3.5, 6.75, QUOTE, speaker_id=2, edited=1, continues=3.1),
    _segment(3, 1, 8.0, 9.0, "", doubt="inaudible"),
    _segment(4, 2, 0.4, 3.1, "Good mourning, let us begin."),
    _segment(
        5,
        3,
        1.0,
        4.0,
        "L’été prochain, nous irons à Besançon.",
        language="fr",
        speaker_id=3,
        channel="microphone",
    ),
    (
        "minutes",
        {
            "id": 1,
            "meeting_id": BUDGET,
            "transcript_id": 1,
            "created_at": "2026-03-10 10:03:00.000000",
            "options": {"provider": "offline", "model": "", "language": "", "template": "meeting"},
            "made_by": "offline",
            "language": "en",
            "title": "Budget for the spring",
            "active": 1,
            "layout": [],
        },
    ),
    _line(1, "overview", "The budget stays as it is."),
    _line(2, "decisions", "The budget stays at forty thousand euros."),
    _line(
        3,
        "action_items",
        "Write to the bank.",
        owner="Siobhan",
        due_said="Friday",
        due="2026-03-13",
        done=1,
        edited=1,
    ),
    _line(
        4,
        "action_items",
        "Book the room.",
        owner="Daniel",
        called="Daniel",
        supported=0,
        unverified=["Daniel"],
    ),
    ("note", {"id": 1, "meeting_id": BUDGET, "at": 4.0, "text": "Ask about the reserve", "bookmark": 0}),
    ("note", {"id": 2, "meeting_id": BUDGET, "at": 9.0, "text": "", "bookmark": 1}),
    ("part", {"id": 1, "meeting_id": VISIT, "question": "q" * 64, "answer": '{"lines": []}'}),
    (
        "work",
        {
            "id": 1,
            "meeting_id": VISIT,
            "stage": "summarise",
            "options": {"provider": "offline", "model": "", "language": "", "template": "meeting"},
            "position": 1,
            "paused": 1,
            "failure": None,
        },
    ),
    ("term", {"id": 1, "tag": "", "text": "Siobhan"}),
    ("term", {"id": 2, "tag": "budget", "text": "Nuzhat al Zaman"}),
    (
        "answer",
        {"key": "k1", "asked": "POST /v1/meetings", "content": {"status": 201}, "at": "2026-03-12 08:00:00"},
    ),
    (
        "cut",
        {
            "id": 1,
            "meeting_id": VISIT,
            "cut_at": "2026-03-12 08:00:00.000000",
            "start": 5.0,
            "seconds": 10.0,
            "text": "ce qui ne regarde personne",
            "audio": f"{VISIT}-before.ogg",
            "size": 280_000,
            "duration": 72.5,
            "left": 240_000,
            "rows": {},
        },
    ),
)


def library_of(revision: str, folder: Path) -> Path:
    """Unpacks the library of the schema `revision` into `folder`; its database."""
    database = folder / "meetings.db"
    database.write_bytes(gzip.decompress((FOLDER / f"{revision}.db.gz").read_bytes()))
    return database


def revisions() -> list[str]:
    """Every schema there ever was, the oldest first."""
    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return sorted(step.revision for step in steps)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def make(revision: str, database: Path) -> None:
    """Writes the library of the schema `revision`."""
    engine = schema._engine(database)
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if revision >= INDEXED:
            index.put_triggers(connection)
        for table, row in ROWS:
            _insert(connection, table, row)
        connection.exec_driver_sql("UPDATE counter SET value = 3")
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    """Adds what of `row` the table of this schema has columns for, and nothing in columns that `row` does not know."""
    kept = {}
    for _number, name, kind, required, *_ in connection.exec_driver_sql(f"PRAGMA table_info({table})"):
        value = row.get(name)
        if value is None and required and name not in row:
            value = EMPTY.get(kind, 0)
        elif isinstance(value, list | dict):
            value = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, str) and kind == "INTEGER":
            value = None  # the first schema had numbers for channels, and gave none
        kept[name] = value
    if kept:
        names = ", ".join(f'"{name}"' for name in kept)
        values = ", ".join(f":{name}" for name in kept)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), kept)


def main() -> None:
    """Makes the libraries that are missing, and names each that it made."""
    FOLDER.mkdir(exist_ok=True)
    for revision in revisions():
        kept = FOLDER / f"{revision}.db.gz"
        if not kept.exists():
            with tempfile.TemporaryDirectory() as folder:
                database = Path(folder) / "meetings.db"
                make(revision, database)
                kept.write_bytes(gzip.compress(database.read_bytes(), mtime=0))
            print(kept.name, kept.stat().st_size, file=sys.stderr)


if __name__ == "__main__":
    main()
