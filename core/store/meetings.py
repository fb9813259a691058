"""Meetings: the library and its bin."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from core import errors
from core.store.database import Database, chunks
from core.store.speakers import plain_name
from core.store.tables import LineRow, MeetingRow, MinutesRow, SpeakerRow, TranscriptRow, WorkRow
from core.store.vocabulary import each_once, tag_name
from core.store.work import work_value
from core.values import Channel, Meeting, MeetingId, Section, Source, Work


class MeetingStore(Database):
    """What the store answers about meetings as a whole."""

    def add_meeting(
        self,
        title: str,
        started_at: datetime,
        source: Source,
        *,
        audio: str = "",
        original_name: str = "",
        digest: str = "",
        duration: float = 0.0,
        size: int = 0,
        recording_open: bool = False,
        channels: Sequence[Channel] = (),
        meeting_id: MeetingId | None = None,
    ) -> MeetingId:
        """The id of a new meeting; see `core.values.Meeting` for the fields."""
        new = meeting_id or new_id()
        with self._writing(new) as session:
            session.add(
                MeetingRow(
                    id=new,
                    title=title,
                    started_at=started_at,
                    created_at=datetime.now(UTC),
                    source=source,
                    audio=audio,
                    original_name=original_name,
                    digest=digest,
                    duration=duration,
                    size=size,
                    recording_open=recording_open,
                    channels=list(channels),
                )
            )
            session.flush()
        return new

    def meetings(self, *, binned: bool = False) -> tuple[Meeting, ...]:
        """Every meeting of the library (or of its bin), newest first."""
        with self._reading() as session:
            where = (
                col(MeetingRow.deleted_at).is_not(None) if binned else col(MeetingRow.deleted_at).is_(None)
            )
            rows = session.exec(
                select(MeetingRow).where(where).order_by(col(MeetingRow.started_at).desc())
            ).all()
            return self._meetings(session, rows)

    def some_meetings(
        self, *, limit: int, offset: int = 0, tag: str = "", starred: bool | None = None, binned: bool = False
    ) -> tuple[tuple[Meeting, ...], int]:
        """A stretch of the library (or of its bin), newest first, and how many there are in all.

        Only those with this `tag`, and with or without a star, where these are given.
        """
        deleted = col(MeetingRow.deleted_at)
        where: list[ColumnElement[bool]] = [deleted.is_not(None) if binned else deleted.is_(None)]
        if starred is not None:
            where.append(col(MeetingRow.starred).is_(starred))
        if tag:
            each = func.json_each(MeetingRow.tags).table_valued("value")
            same = func.lower(each.c.value) == tag_name(tag).lower()
            where.append(select(each.c.value).where(same).exists())
        with self._reading() as session:
            total = session.exec(select(func.count()).select_from(MeetingRow).where(*where)).one()
            order = col(MeetingRow.started_at).desc(), col(MeetingRow.id)
            rows = session.exec(
                select(MeetingRow).where(*where).order_by(*order).limit(limit).offset(offset)
            ).all()
            return self._meetings(session, rows), total

    def count(self) -> int:
        """How many meetings the library has, its bin not counted."""
        with self._reading() as session:
            return session.exec(
                select(func.count()).select_from(MeetingRow).where(col(MeetingRow.deleted_at).is_(None))
            ).one()

    def audio_names(self) -> tuple[str, ...]:
        """The names of the sound files of all meetings, in the library and in its bin."""
        with self._reading() as session:
            return tuple(session.exec(select(MeetingRow.audio).where(MeetingRow.audio != "")))

    def meeting(self, meeting_id: str) -> Meeting:
        """The meeting whose id is, or alone begins with, `meeting_id`. Raises `MeetingUnknown`."""
        with self._reading() as session:
            row = session.get(MeetingRow, meeting_id)
            if row is None:
                begins = col(MeetingRow.id).startswith(meeting_id, autoescape=True)
                rows = session.exec(select(MeetingRow).where(begins).limit(2)).all()
                if not meeting_id or len(rows) != 1:
                    raise errors.MeetingUnknown(meeting_id)
                row = rows[0]
            return self._meetings(session, [row])[0]

    def knows(self, meeting_id: MeetingId) -> bool:
        """Whether there is a meeting with this id, in the library or in its bin."""
        with self._reading() as session:
            return session.get(MeetingRow, meeting_id) is not None

    def meeting_with_digest(self, digest: str) -> Meeting | None:
        """The meeting made from this content, in the library or in its bin."""
        with self._reading() as session:
            row = session.exec(select(MeetingRow).where(MeetingRow.digest == digest)).first()
            return self._meetings(session, [row])[0] if row else None

    def open_recordings(self) -> tuple[Meeting, ...]:
        """The meetings whose recording was not closed; those nobody records now need repair."""
        with self._reading() as session:
            rows = session.exec(select(MeetingRow).where(col(MeetingRow.recording_open).is_(True))).all()
            return self._meetings(session, rows)

    def rename(self, meeting_id: MeetingId, title: str) -> None:
        """Gives the meeting another title."""
        self._update_meeting(meeting_id, title=title)

    def set_tags(self, meeting_id: MeetingId, tags: Iterable[str]) -> None:
        """Gives the meeting these tags and no others, each once, without the # that may stand before them."""
        self._update_meeting(meeting_id, tags=list(each_once(map(tag_name, tags))))

    def set_participants(self, meeting_id: MeetingId, names: Iterable[str]) -> None:
        """Notes who took part besides the meeting's speakers, each once; the speakers' names need not be among them."""
        self._update_meeting(meeting_id, participants=list(each_once(map(plain_name, names))))

    def star(self, meeting_id: MeetingId, *, starred: bool) -> None:
        """Gives the meeting a star, or takes it away."""
        self._update_meeting(meeting_id, starred=starred)

    def set_speaker_count(self, meeting_id: MeetingId, count: int) -> None:
        """Notes how many people speak, as the person says; 0: nobody knows."""
        self._update_meeting(meeting_id, speaker_count=count)

    def keep_place(self, meeting_id: MeetingId, second: float) -> None:
        """Notes where the person stopped listening. No other door need know: it is not counted as a change."""
        with self._writing(counted=False) as session:
            session.execute(
                update(MeetingRow).where(col(MeetingRow.id) == meeting_id).values(listened=second)
            )

    def close_recording(self, meeting_id: MeetingId, duration: float, size: int) -> None:
        """Notes that the recording has ended, `duration` seconds and `size` bytes long."""
        self._update_meeting(meeting_id, duration=duration, size=size, recording_open=False)

    def bin(self, meeting_id: MeetingId) -> None:
        """Moves the meeting to the bin."""
        self._update_meeting(meeting_id, deleted_at=datetime.now(UTC))

    def restore(self, meeting_id: MeetingId) -> None:
        """Brings the meeting back from the bin."""
        self._update_meeting(meeting_id, deleted_at=None)

    def remove(self, meeting_id: MeetingId) -> None:
        """Forgets the meeting and all that hangs on it, for good; its audio file is the caller's."""
        with self._writing() as session:
            session.execute(delete(MeetingRow).where(col(MeetingRow.id) == meeting_id))

    def _meetings(self, session: Session, rows: Sequence[MeetingRow]) -> tuple[Meeting, ...]:
        ids = [row.id for row in rows]
        transcripts = _by_meeting(session, TranscriptRow, ids, col(TranscriptRow.active).is_(True))
        minutes = _by_meeting(session, MinutesRow, ids, col(MinutesRow.active).is_(True))
        work = _by_meeting(session, WorkRow, ids)
        speakers = _by_meeting(session, SpeakerRow, ids, SpeakerRow.name != "")
        decisions = self._decisions(session, [version.id for one in minutes.values() for version in one])
        return tuple(
            _meeting(
                row,
                next(iter(transcripts.get(row.id, [])), None),
                tuple(map(work_value, work.get(row.id, []))),
                [decisions.get(version.id, []) for version in minutes.get(row.id, [])],
                [one.name for one in sorted(speakers.get(row.id, []), key=lambda one: one.number)],
            )
            for row in rows
        )

    def _decisions(self, session: Session, minutes_ids: list[int | None]) -> dict[int | None, list[str]]:
        found: dict[int | None, list[str]] = {}
        for chosen in chunks(minutes_ids):
            rows = session.exec(
                select(LineRow.minutes_id, LineRow.text)
                .where(col(LineRow.minutes_id).in_(chosen), LineRow.section == Section.DECISIONS)
                .order_by(col(LineRow.position))
            )
            for minutes_id, text in rows:
                found.setdefault(minutes_id, []).append(text)
        return found


def new_id() -> MeetingId:
    """A meeting id that no library has: twelve hexadecimal digits."""
    return MeetingId(secrets.token_hex(6))


_Row = TypeVar("_Row", TranscriptRow, MinutesRow, WorkRow, SpeakerRow)


def _by_meeting(session: Session, table: type[_Row], ids: list[str], *where: Any) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for chosen in chunks(ids):
        for row in session.exec(select(table).where(col(table.meeting_id).in_(chosen), *where)):
            found.setdefault(row.meeting_id, []).append(row)
    return found


def _meeting(
    row: MeetingRow,
    transcript: TranscriptRow | None,
    work: tuple[Work, ...],
    decisions: list[list[str]],
    speakers: list[str],
) -> Meeting:
    return Meeting(
        id=MeetingId(row.id),
        title=row.title,
        started_at=row.started_at,
        source=Source(row.source),
        audio=row.audio,
        original_name=row.original_name,
        digest=row.digest,
        duration=row.duration,
        size=row.size,
        recording_open=row.recording_open,
        channels=tuple(map(Channel, row.channels)),
        language=row.language,
        tags=tuple(row.tags),
        participants=tuple(each_once([*speakers, *row.participants])),
        listened=row.listened,
        starred=row.starred,
        speaker_count=row.speaker_count,
        transcribed=transcript.reached if transcript else None,
        transcript_complete=bool(transcript and transcript.complete),
        has_minutes=bool(decisions),
        decision_count=len(decisions[0]) if decisions else 0,
        first_decision=decisions[0][0] if decisions and decisions[0] else "",
        work=work,
        deleted_at=row.deleted_at,
        revision=row.revision,
    )
