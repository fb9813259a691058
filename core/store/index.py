"""The index that search reads: full-text tables beside the others, kept by triggers in the transaction of each change.

`spoken` has the words of every segment, by its id. `written` has what stands in headings, minutes and notes, by
`4 * id + kind`. A heading is what a meeting is found by besides: its title, tags and people.

Segments that a library had before it had an index are taken in later, the newest first (`SearchStore.index_some`):
those with ids below `indexing.below` are not in it yet.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Connection


class Kind(IntEnum):
    """What a row of `written` stands for; with the id of that it makes the row's number."""

    HEADING = 0
    LINE = 1
    NOTE = 2


KINDS = 4

# Accents and capitals count for nothing (SQLite's documentation of FTS5, section 4.3.1). The indexes of the first two
# and three letters are what makes a beginning as quick to find as a word.
_WORDS = "tokenize='unicode61 remove_diacritics 2', prefix='2 3'"
TABLES = (
    f"CREATE VIRTUAL TABLE spoken USING fts5(text, content='segment', content_rowid='id', {_WORDS})",
    f"CREATE VIRTUAL TABLE written USING fts5(text, content='', {_WORDS})",
)

HEADING = """
SELECT meeting.title || char(10)
    || coalesce((SELECT group_concat('#' || value, ' ') FROM json_each(meeting.tags)), '') || char(10)
    || coalesce((SELECT group_concat(name, ', ') FROM (
        SELECT value AS name FROM json_each(meeting.participants)
        UNION SELECT speaker.name FROM speaker WHERE speaker.meeting_id = meeting.id AND speaker.name != ''
    )), '')
FROM meeting WHERE meeting.id = """
"""The text of a heading: title, tags and people, each on a line."""

LINE = "{row}.text || ' ' || {row}.owner"
NOTE = "{row}.text"


def _follow(table: str, columns: str, kind: Kind, text: str) -> dict[str, str]:
    """Triggers by which `written` follows a table."""
    number = f"{KINDS} * {{row}}.id + {kind.value}"
    taken = f"INSERT INTO written(rowid, text) VALUES ({number}, {text});".format(row="new")
    gone = f"INSERT INTO written(written, rowid, text) VALUES ('delete', {number}, {text});".format(row="old")
    return {
        f"{table}_added": f"AFTER INSERT ON {table} BEGIN {taken} END",
        f"{table}_changed": f"AFTER UPDATE OF {columns} ON {table} BEGIN {gone} {taken} END",
        f"{table}_gone": f"AFTER DELETE ON {table} BEGIN {gone} END",
    }


def _segments() -> dict[str, str]:
    """Triggers by which `spoken` follows the segments that it has."""
    known = "old.id >= (SELECT below FROM indexing)"
    taken = "INSERT INTO spoken(rowid, text) VALUES (new.id, new.text);"
    gone = "INSERT INTO spoken(spoken, rowid, text) VALUES ('delete', old.id, old.text);"
    return {
        "segment_added": f"AFTER INSERT ON segment BEGIN {taken} END",
        "segment_changed": f"AFTER UPDATE OF text ON segment WHEN {known} BEGIN {gone} {taken} END",
        "segment_gone": f"AFTER DELETE ON segment WHEN {known} BEGIN {gone} END",
    }


def _headings() -> dict[str, str]:
    def renewed(meeting: str) -> str:
        return (
            f"BEGIN UPDATE heading SET text = ({HEADING}{meeting}) "
            f"WHERE meeting_id = {meeting} AND EXISTS (SELECT 1 FROM meeting WHERE id = {meeting}); END"
        )

    return {
        "meeting_added": "AFTER INSERT ON meeting BEGIN INSERT INTO heading(meeting_id, text) "
        f"VALUES (new.id, ({HEADING}new.id)); END",
        "meeting_named": f"AFTER UPDATE OF title, tags, participants ON meeting {renewed('new.id')}",
        "speaker_added": f"AFTER INSERT ON speaker WHEN new.name != '' {renewed('new.meeting_id')}",
        "speaker_named": f"AFTER UPDATE OF name ON speaker {renewed('new.meeting_id')}",
        "speaker_gone": f"AFTER DELETE ON speaker WHEN old.name != '' {renewed('old.meeting_id')}",
    }


TRIGGERS = {
    **_segments(),
    **_headings(),
    **_follow("heading", "text", Kind.HEADING, "{row}.text"),
    **_follow("line", "text, owner", Kind.LINE, LINE),
    **_follow("note", "text", Kind.NOTE, NOTE),
}


def put_triggers(connection: Connection) -> None:
    """Has the index follow the tables from now on."""
    for name, trigger in TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {trigger}")


def take_triggers(connection: Connection) -> None:
    """Lets tables be made anew, which would take some triggers along and break others."""
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in found.fetchall():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
