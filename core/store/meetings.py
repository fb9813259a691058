"""Meetings: the library and its bin."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from core import errors
from core.store.database import Database, overwrite
from core.store.listing import IN_BIN, IN_LIBRARY, meetings
from core.store.speakers import plain_name
from core.store.tables import MeetingRow
from core.store.vocabulary import each_once, tag_name
from core.values import Channel, Meeting, MeetingId, Source


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
        placeholder: bool = False,
    ) -> MeetingId:
        """The id of a new meeting; see `core.values.Meeting` for the fields.

        A title that is a `placeholder`, which nobody chose, gives way to that of its minutes.
        """
        new = meeting_id or new_id()
        with self._writing(new) as session:
            session.add(
                MeetingRow(
                    id=new,
                    title=title,
                    placeholder=title if placeholder else None,
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
            return _listed(session, IN_BIN if binned else IN_LIBRARY)

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
            ids = session.exec(
                select(MeetingRow.id).where(*where).order_by(*order).limit(limit).offset(offset)
            ).all()
            found = _listed(session, f"meeting.id IN ({', '.join('?' * len(ids))})", *ids) if ids else ()
            return tuple(sorted(found, key=lambda one: ids.index(one.id))), total

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
            return _listed(session, _ONE, row.id)[0]

    def knows(self, meeting_id: MeetingId) -> bool:
        """Whether there is a meeting with this id, in the library or in its bin."""
        with self._reading() as session:
            return session.get(MeetingRow, meeting_id) is not None

    def meeting_with_digest(self, digest: str) -> Meeting | None:
        """The meeting made from this content, in the library or in its bin."""
        with self._reading() as session:
            row = session.exec(select(MeetingRow).where(MeetingRow.digest == digest)).first()
            return _listed(session, _ONE, row.id)[0] if row else None

    def open_recordings(self) -> tuple[Meeting, ...]:
        """The meetings whose recording was not closed; those nobody records now need repair."""
        with self._reading() as session:
            return _listed(session, "meeting.recording_open")

    def rename(self, meeting_id: MeetingId, title: str, placeholder: str | None = None) -> None:
        """Gives the meeting another title, which stays whatever its minutes are called; with what `placeholder` said
        before, as it was then."""
        self._update_meeting(meeting_id, title=title, placeholder=placeholder)

    def placeholder(self, meeting_id: MeetingId) -> str | None:
        """What the meeting is called as long as nothing gives it a title; None where the person did."""
        with self._reading() as session:
            return session.exec(select(MeetingRow.placeholder).where(MeetingRow.id == meeting_id)).first()

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
            overwrite(session)
            session.execute(delete(MeetingRow).where(col(MeetingRow.id) == meeting_id))


def new_id() -> MeetingId:
    """A meeting id that no library has: twelve hexadecimal digits."""
    return MeetingId(secrets.token_hex(6))


_ONE = "meeting.id = ?"


def _listed(session: Session, where: str, *values: str) -> tuple[Meeting, ...]:
    connection: Any = session.connection().connection.dbapi_connection
    return meetings(connection, where, *values)
