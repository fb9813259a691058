"""The meetings as the library lists them, read with SQLite alone.

Two thousand of them are read in some hundredths of a second; and a window that has just opened shows them before
the machinery of the store, which takes half a second to import, is there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.store.stored import options_of
from core.values import Channel, Failure, Meeting, MeetingId, Section, Source, Stage, Work

IN_LIBRARY = "meeting.deleted_at IS NULL"
IN_BIN = "meeting.deleted_at IS NOT NULL"


def first_look(database: Path) -> tuple[int, tuple[Meeting, ...]] | None:
    """The number of changes so far and the meetings, newest first; None where only the store can tell."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("BEGIN")
            (revision,) = connection.execute("SELECT value FROM counter").fetchone()
            return revision, meetings(connection, IN_LIBRARY)
    except (sqlite3.Error, ValueError, TypeError, KeyError):
        # There is none, or it is of another version: opening it says what is the matter, and mends it.
        return None


def meetings(connection: sqlite3.Connection, where: str, *values: Any) -> tuple[Meeting, ...]:
    """The meetings for which `where` is true, the newest first."""

    def ask(statement: str) -> sqlite3.Cursor:
        return connection.execute(statement.format(where=where), values)

    def named(rows: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
        names = [column[0] for column in rows.description]
        return (dict(zip(names, row, strict=True)) for row in rows)

    texts = {meeting_id: text for meeting_id, *text in ask(_TEXTS)}
    decisions = {meeting_id: told for meeting_id, *told in ask(_DECISIONS)}
    work = _gathered((row["meeting_id"], _work(row)) for row in named(ask(_WORK)))
    people = _gathered(ask(_PEOPLE))
    return tuple(
        _meeting(
            one,
            texts.get(one["id"]),
            work.get(one["id"], ()),
            decisions.get(one["id"]),
            people.get(one["id"], ()),
        )
        for one in named(ask(_MEETINGS))
    )


_MEETINGS = "SELECT * FROM meeting WHERE {where} ORDER BY started_at DESC"
_OF = " JOIN meeting ON meeting.id = {table}.meeting_id WHERE {{where}} "
_TEXTS = (
    "SELECT meeting_id, reached, complete FROM transcript"
    + _OF.format(table="transcript")
    + "AND transcript.active"
)
_DECISIONS = (
    # The text is that of the row with the least place: https://sqlite.org/lang_select.html#bareagg
    "SELECT minutes.meeting_id, COUNT(line.id), line.text, MIN(line.position) FROM minutes "
    "JOIN meeting ON meeting.id = minutes.meeting_id "
    f"LEFT JOIN line ON line.minutes_id = minutes.id AND line.section = '{Section.DECISIONS}' AND NOT line.removed "
    "WHERE {where} AND minutes.active GROUP BY minutes.meeting_id"
)
_WORK = "SELECT work.* FROM work" + _OF.format(table="work") + "ORDER BY work.id"
_PEOPLE = (
    "SELECT meeting_id, name FROM speaker" + _OF.format(table="speaker") + "AND name != '' ORDER BY number"
)


def _gathered(rows: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for meeting_id, one in rows:
        found.setdefault(meeting_id, []).append(one)
    return found


def _list(stored: str) -> list[str]:
    """What is stored as JSON; most of such lists are empty."""
    return json.loads(stored) if stored != "[]" else []


def _work(row: dict[str, Any]) -> Work:
    stage = Stage(row["stage"])
    failure = json.loads(row["failure"]) if row["failure"] else None
    return Work(
        id=row["id"],
        meeting_id=MeetingId(row["meeting_id"]),
        stage=stage,
        options=options_of(stage, json.loads(row["options"])),
        position=row["position"],
        paused=bool(row["paused"]),
        failure=Failure(**failure) if failure else None,
    )


def _meeting(
    row: dict[str, Any],
    text: list[Any] | None,
    work: Sequence[Work],
    decisions: list[Any] | None,
    speakers: Sequence[str],
) -> Meeting:
    reached, complete = text or (None, False)
    decision_count, first_decision, _place = decisions or (0, None, None)
    people: dict[str, str] = {}
    for name in (*speakers, *_list(row["participants"])):
        if name:
            people.setdefault(name.casefold(), name)
    return Meeting(
        id=MeetingId(row["id"]),
        title=row["title"],
        started_at=_moment(row["started_at"]),
        source=Source(row["source"]),
        audio=row["audio"],
        original_name=row["original_name"],
        digest=row["digest"],
        duration=row["duration"],
        size=row["size"],
        recording_open=bool(row["recording_open"]),
        channels=tuple(map(Channel, _list(row["channels"]))),
        language=row["language"],
        tags=tuple(_list(row["tags"])),
        participants=tuple(people.values()),
        listened=row["listened"],
        starred=bool(row["starred"]),
        speaker_count=row["speaker_count"],
        transcribed=reached,
        transcript_complete=bool(complete),
        has_minutes=decisions is not None,
        decision_count=decision_count,
        first_decision=first_decision or "",
        work=tuple(work),
        deleted_at=_moment(row["deleted_at"]) if row["deleted_at"] else None,
        revision=row["revision"],
    )


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
