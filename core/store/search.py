"""Finding what was said, decided and noted."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlmodel import Session, select

from core import errors
from core.store.database import Database, overwrite
from core.store.query import Query, fold, parse
from core.store.tables import IndexingRow, MeetingRow, SpeakerRow, UtcTime
from core.values import Found, Hit, MeetingId, Section, Where

MOST = 100
"""Hits that a search gives at most of what was said, and of what is written."""

EACH = 2
"""Hits of each word and meeting where no text has all of the words."""

EXCERPT = 160
"""Letters of a long text that are shown around the first word found."""

WEIGHT = {Where.HEADING: 2.0, Where.MINUTES: 1.25, Where.NOTES: 1.25, Where.TRANSCRIPT: 1.0}
"""How much more a hit counts that is not just something that was said, against the best of its kind."""

BATCH = 5000
"""Segments that are taken into the index at once; about 50 ms on a laptop, in which nobody else can write."""

PAGES = 500
"""Pages of the index that are written anew at once."""

STEPS = 20_000
"""SQLite's steps after which it is asked whether a search is still wanted: about a millisecond."""


class SearchStore(Database):
    """What the store answers to a search."""

    def search(self, asked: str, *, wanted: Callable[[], bool] = lambda: True) -> Iterator[Found]:
        """What a search finds: the newest at once and, unless that was all, the best after that.

        See `core.store.query` for what `asked` may say. Ends early once it is not `wanted` any more.
        """
        query = parse(asked)
        if not (query.phrases or query.is_filtered):
            yield Found((), ranked=True, unclear=query.unclear)
            return
        with self._reading() as session, _stoppable(session, wanted):
            find = _Finding(session, query)
            if not query.phrases:
                yield find.meetings()
                return
            newest = find.newest()
            if newest.more:
                yield newest
            # Where that is all there is, its rank is soon known.
            if wanted():
                yield find.all()

    def best(self, asked: str, most: int = 2 * MOST) -> Found:
        """The best `most` hits of a search at most, for who does not look on while it goes on. Raises `DateUnclear`."""
        query = parse(asked)
        for written in query.unclear:
            raise errors.DateUnclear(written)
        if not (query.phrases or query.is_filtered):
            return Found((), ranked=True)
        with self._reading() as session:
            find = _Finding(session, query)
            return find.all(most) if query.phrases else find.meetings(most)

    def index_some(self) -> bool:
        """Takes the newest segments that are not in the index yet into it; False where nothing is left to do.

        Libraries from before there was an index have such.
        """
        with self._reading() as session:
            if session.exec(select(IndexingRow.below)).one() <= 1:
                return False
        with self._writing(counted=False) as session:
            progress = session.exec(select(IndexingRow)).one()
            connection = session.connection()
            first = connection.exec_driver_sql(
                "SELECT min(id) FROM (SELECT id FROM segment WHERE id < ? ORDER BY id DESC LIMIT ?)",
                (progress.below, BATCH),
            ).scalar()
            # In the order of their ids: FTS5 writes what it holds whenever an id is smaller than the one before.
            connection.exec_driver_sql(
                "INSERT INTO spoken(rowid, text) SELECT id, text FROM segment "
                "WHERE id >= ? AND id < ? ORDER BY id",
                (first or 0, progress.below),
            )
            progress.below = first or 0
            return progress.below > 1

    def forget_words(self, *, begin: bool = False) -> bool:
        """Takes a piece of what was removed out of the index, which else holds its words until it is written anew by
        and by; False where nothing is left. The first call is to `begin`.
        """
        with self._writing(counted=False) as session:
            overwrite(session)
            connection, left = session.connection(), False
            for table in ("spoken", "written"):
                before = connection.exec_driver_sql("SELECT total_changes()").scalar() or 0
                # SQLite's documentation of FTS5, section 6.8: below zero all parts are to become one.
                connection.exec_driver_sql(
                    f"INSERT INTO {table}({table}, rank) VALUES('merge', ?)",
                    (-PAGES if begin else PAGES,),
                )
                after = connection.exec_driver_sql("SELECT total_changes()").scalar() or 0
                left = left or after - before > 1
            return left


@contextmanager
def _stoppable(session: Session, wanted: Callable[[], bool]) -> Iterator[None]:
    """A search in the block ends when it is no longer wanted; what was not read yet is left."""
    driver: Any = session.connection().connection.dbapi_connection
    driver.set_progress_handler(lambda: 0 if wanted() else 1, STEPS)
    try:
        yield
    except Exception as error:
        if getattr(getattr(error, "orig", error), "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
            raise
    finally:
        driver.set_progress_handler(None, 0)


# --- the statements ------------------------------------------------------------------------------

_SPOKEN = """
FROM spoken
CROSS JOIN segment ON segment.id = spoken.rowid
CROSS JOIN transcript ON transcript.id = segment.transcript_id AND transcript.active
CROSS JOIN meeting ON meeting.id = transcript.meeting_id AND meeting.deleted_at IS NULL{filters}
LEFT JOIN speaker ON speaker.id = segment.speaker_id
WHERE spoken MATCH :match
"""

_WRITTEN = """
FROM written
LEFT JOIN heading ON written.rowid % 4 = 0 AND heading.id = written.rowid / 4
LEFT JOIN line ON written.rowid % 4 = 1 AND line.id = written.rowid / 4 AND NOT line.removed
LEFT JOIN minutes ON minutes.id = line.minutes_id AND minutes.active
LEFT JOIN note ON written.rowid % 4 = 2 AND note.id = written.rowid / 4
JOIN meeting ON meeting.id = coalesce(heading.meeting_id, minutes.meeting_id, note.meeting_id)
    AND meeting.deleted_at IS NULL{filters}
WHERE written MATCH :match
"""

_OF_SPOKEN = f"""
SELECT {{score}} AS score, 'transcript' AS place, segment.text AS text, segment.start AS second,
    segment."end" AS until, segment.id AS segment_id, '' AS section, speaker.name AS speaker, meeting.id AS meeting_id,
    meeting.title AS title, meeting.started_at AS started_at
{_SPOKEN} ORDER BY spoken.{{order}} LIMIT :most
"""

_OF_WRITTEN = f"""
SELECT {{score}} AS score, CASE written.rowid % 4 WHEN 0 THEN 'heading' WHEN 1 THEN 'minutes' ELSE 'notes' END AS place,
    coalesce(heading.text, line.text, note.text) AS text,
    coalesce(note.at, json_extract(line.evidence, '$[0].start')) AS second,
    json_extract(line.evidence, '$[0].end') AS until, 0 AS segment_id, line.section AS section,
    line.owner AS speaker, meeting.id AS meeting_id, meeting.title AS title, meeting.started_at AS started_at
{_WRITTEN} ORDER BY written.{{order}} LIMIT :most
"""

_MEETING = "SELECT DISTINCT meeting.id AS meeting_id, meeting.started_at AS started_at "

_OF_MEETINGS = """
SELECT 0 AS score, 'heading' AS place, heading.text AS text, NULL AS second, NULL AS until, 0 AS segment_id,
    '' AS section, '' AS speaker, meeting.id AS meeting_id, meeting.title AS title, meeting.started_at AS started_at
FROM meeting JOIN heading ON heading.meeting_id = meeting.id
WHERE meeting.deleted_at IS NULL{filters} ORDER BY meeting.started_at DESC LIMIT :most
"""

_LAST_BEFORE = """
SELECT max((SELECT segment.id FROM segment WHERE segment.transcript_id = transcript.id ORDER BY start DESC LIMIT 1))
FROM meeting CROSS JOIN transcript ON transcript.meeting_id = meeting.id AND transcript.active
WHERE meeting.started_at < :before
"""
"""About where the segments of the meetings before a day end: what was changed in them since may have come later."""

_SAID_BY = " AND segment.speaker_id IN (SELECT value FROM json_each(:speakers))"
_TOGETHER = " AND meeting.id IN (SELECT value FROM json_each(:together))"
_WITH_SPEAKERS = (
    " AND EXISTS (SELECT 1 FROM speaker WHERE speaker.meeting_id = meeting.id "
    "AND speaker.id IN (SELECT value FROM json_each(:speakers)))"
)


class _Finding:
    """One search: the rows that match, as hits."""

    def __init__(self, session: Session, query: Query) -> None:
        self._connection = session.connection()
        self._query = query
        self._values: dict[str, Any] = {
            "match": query.match,
            "most": MOST + 1,
            "before": query.before,
            "after": query.after,
        }
        self._filters = ""
        if query.before:
            self._filters += " AND meeting.started_at < :before"
        if query.after:
            self._filters += " AND meeting.started_at >= :after"
        if query.tags:
            self._filters += " AND meeting.id IN (SELECT value FROM json_each(:tagged))"
            self._values["tagged"] = json.dumps(_tagged(session, query.tags))
        if query.speakers:
            self._values["speakers"] = json.dumps(_named(session, query.speakers))

    def meetings(self, most: int = MOST) -> Found:
        """The meetings that the filters leave, the newest first."""
        speakers = _WITH_SPEAKERS if self._query.speakers else ""
        rows, most = self._run(_OF_MEETINGS, speakers), min(most, MOST)
        return self._found(rows[:most], len(rows) > most, ranked=True)

    def newest(self) -> Found:
        """The hits that came into the library last, the newest meeting first."""
        parts, more = self._matching("rowid DESC", self._up_to())
        rows = [row for part in parts for row in part]
        rows.sort(key=lambda row: (row.started_at, row.meeting_id, row.place == Where.HEADING), reverse=True)
        return self._found(rows, more, ranked=False)

    def best(self, most: int = 2 * MOST) -> Found:
        """The best hits first, `most` at most."""
        parts, more = self._matching("rank")
        # A rank is below zero, and how far depends on how much there is beside it.
        scored = [
            (row.score / (part[0].score or -1.0) * WEIGHT[Where(row.place)], row)
            for part in parts
            for row in part
        ]
        scored.sort(key=lambda one: one[0], reverse=True)
        rows = [row for _score, row in scored[:most]]
        return self._found(rows, more or len(scored) > most, ranked=True)

    def all(self, most: int = 2 * MOST) -> Found:
        """The best hits first; where no text has all of the words, those of meetings that have them apart."""
        found = self.best(most)
        return found if found.hits or len(self._query.phrases) < 2 else self._apart(most)

    def _apart(self, most: int) -> Found:
        """Some hits of each word in the meetings that have every one somewhere, the newest meeting first."""
        whole, filters = self._query, self._filters
        said = _SAID_BY if whole.speakers else ""
        parts = (_SPOKEN,) if whole.speakers else (_WRITTEN, _SPOKEN)
        # A long word is mostly a rare one, and may be in no meeting at all.
        phrases = sorted(whole.phrases, key=lambda phrase: -sum(map(len, phrase[0])))
        for phrase in phrases:
            self._values["match"] = replace(whole, phrases=(phrase,)).match
            here = {row.meeting_id for part in parts for row in self._run(_MEETING + part, said)}
            if not here:
                return self._found([], more=False, ranked=True)
            self._values["together"] = json.dumps(sorted(here))
            self._filters = filters + _TOGETHER
        rows: list[Row[Any]] = []
        for phrase in phrases:
            self._values["match"] = replace(whole, phrases=(phrase,)).match
            seen: Counter[str] = Counter()
            for row in (row for part in self._matching("rowid DESC")[0] for row in part):
                seen[row.meeting_id] += 1
                rows += [row] if seen[row.meeting_id] <= EACH else []
        rows.sort(key=lambda row: (row.started_at, row.meeting_id), reverse=True)
        return self._found(rows[:most], len(rows) > most, ranked=True)

    def _up_to(self) -> str:
        """Where reading back from the newest segment can begin, so as not to pass by all that are too new."""
        if not self._query.before:
            return ""
        asked = text(_LAST_BEFORE).bindparams(bindparam("before", type_=UtcTime))
        self._values["last"] = self._connection.execute(asked, self._values).scalar() or 0
        return " AND spoken.rowid <= :last"

    def _matching(self, order: str, of_spoken: str = "") -> tuple[list[list[Row[Any]]], bool]:
        """The first rows of what is written and of what was said, and whether there are more."""
        if self._query.speakers:
            parts = [self._run(_OF_SPOKEN, _SAID_BY + of_spoken, "spoken", order)]
        else:
            parts = [
                self._run(_OF_WRITTEN, "", "written", order),
                self._run(_OF_SPOKEN, of_spoken, "spoken", order),
            ]
        return [part[:MOST] for part in parts], any(len(part) > MOST for part in parts)

    def _run(self, statement: str, filters: str, table: str = "", order: str = "") -> list[Row[Any]]:
        # A rank that is not asked for is not computed.
        score = f"{table}.rank" if order == "rank" else "0"
        asked = text(statement.format(score=score, order=order, filters=self._filters + filters))
        days = (bindparam(name, type_=UtcTime) for name in ("before", "after") if f":{name}" in asked.text)
        given = asked.bindparams(*days).columns(started_at=UtcTime)
        return list(self._connection.execute(given, self._values).all())

    def _found(self, rows: list[Row[Any]], more: bool, *, ranked: bool) -> Found:
        return Found(tuple(map(self._hit, rows)), ranked, more, self._query.unclear)

    def _hit(self, row: Row[Any]) -> Hit:
        place = Where(row.place)
        said, marks = (_heading if place is Where.HEADING else excerpt)(row.text, self._query)
        return Hit(
            meeting_id=MeetingId(row.meeting_id),
            of=row.title,
            started_at=row.started_at,
            where=place,
            text=said,
            marks=marks,
            second=row.second,
            until=row.until,
            segment_id=row.segment_id,
            section=Section(row.section) if row.section else None,
            speaker=row.speaker or "",
        )


def _heading(lines: str, query: Query) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The first line of a heading, title, tags or people, in which there is what was searched for; else the title."""
    found = [(line, query.marks(line)) for line in lines.split("\n")]
    return next((one for one in found if one[1]), found[0])


def excerpt(said: str, query: Query) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words of a long text around the first that was searched for, and where those that were stand in them."""
    said = said.strip()
    marks = query.marks(said)
    if len(said) <= EXCERPT:
        return said, marks
    begin = max(0, (marks[0][0] if marks else 0) - EXCERPT // 4)
    begin = said.find(" ", begin) + 1 if begin else 0
    end = begin + EXCERPT
    end = max(said.rfind(" ", begin, end), marks[0][1] if marks else begin) if end < len(said) else len(said)
    shown = f"{'… ' if begin else ''}{said[begin:end]}{' …' if end < len(said) else ''}"
    return shown, query.marks(shown)


def _tagged(session: Session, tags: tuple[str, ...]) -> list[str]:
    """The meetings that have a tag for each of these beginnings."""
    return [
        meeting_id
        for meeting_id, known in session.exec(select(MeetingRow.id, MeetingRow.tags))
        if all(any(fold(one).startswith(tag) for one in known) for tag in tags)
    ]


def _named(session: Session, names: tuple[str, ...]) -> list[int | None]:
    """The speakers one word of whose name begins so."""
    known = session.exec(select(SpeakerRow.id, SpeakerRow.name).where(SpeakerRow.name != ""))
    return [
        speaker_id
        for speaker_id, name in known
        if any(f" {fold(name)}".find(f" {one}") >= 0 for one in names)
    ]
