"""A passage cut from a meeting: what lies in it goes, what lies behind it moves up, and all of it can come back.

What goes, and how what reached over its edges was before, is kept with the cut. What merely moved up is moved back by
the same seconds, so that it keeps what the person changed in the meantime.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from core import errors
from core.store.database import Database, overwrite, stamp
from core.store.passage import Gap, move_reached, put_back, take_out
from core.store.tables import CutRow, MeetingRow, PartRow
from core.values import Cut, MeetingId


@dataclass(frozen=True, slots=True)
class Sound:
    """A meeting's sound file: its name, its bytes and its seconds."""

    name: str
    size: int
    duration: float


class CutStore(Database):
    """What the store answers about passages that were cut."""

    def cuts(self, meeting_id: MeetingId | None = None) -> tuple[Cut, ...]:
        """The cut passages of a meeting, or of all that are in the library or its bin, the newest first."""
        with self._reading() as session:
            last = select(func.max(CutRow.id)).group_by(col(CutRow.meeting_id))
            newest = set(session.exec(last))
            wanted = (
                select(
                    CutRow.id,
                    CutRow.meeting_id,
                    MeetingRow.title,
                    CutRow.start,
                    CutRow.seconds,
                    CutRow.text,
                    CutRow.cut_at,
                    CutRow.audio,
                )  # type: ignore[call-overload]
                .join(MeetingRow, col(MeetingRow.id) == col(CutRow.meeting_id))
                .order_by(col(CutRow.id).desc())
            )
            if meeting_id is not None:
                wanted = wanted.where(CutRow.meeting_id == meeting_id)
            return tuple(
                Cut(number, MeetingId(of), title, start, seconds, text, cut_at, audio, number in newest)
                for number, of, title, start, seconds, text, cut_at, audio in session.exec(wanted)
            )

    def cut_passage(self, meeting_id: MeetingId, start: float, end: float, sound: Sound | None = None) -> Cut:
        """Cuts what lies between two seconds from all that is known of a meeting, whose sound is now `sound`.

        From minutes go the lines of which every proof lies in the passage; of notes only bookmarks: what the person
        wrote stays, at the place of the cut. Raises `MeetingUnknown`.
        """
        with self._writing(meeting_id) as session:
            meeting = session.get(MeetingRow, meeting_id)
            if meeting is None:
                raise errors.MeetingUnknown(meeting_id)
            gap = Gap(start, end)
            overwrite(session)
            rows, text = take_out(session, meeting_id, gap)
            move_reached(session, meeting_id, gap.closed)
            # What a remote summariser was asked, and may still be asked, had the passage in it.
            session.execute(delete(PartRow).where(col(PartRow.meeting_id) == meeting_id))
            row = CutRow(
                meeting_id=meeting_id,
                cut_at=datetime.now(UTC),
                start=start,
                seconds=end - start,
                text=text,
                audio=meeting.audio,
                size=meeting.size,
                duration=meeting.duration,
                left=sound.size if sound else 0,
                rows=rows,
            )
            session.add(row)
            meeting.listened = gap.closed(meeting.listened)
            if sound:
                meeting.audio, meeting.size, meeting.duration = sound.name, sound.size, sound.duration
            else:
                meeting.duration = gap.closed(meeting.duration)
            session.flush()
            return _cut(row, meeting.title)

    def restore_passage(self, cut_id: int, sound: Sound | None = None) -> MeetingId:
        """Puts a passage back in its place; the meeting's sound is what it was before the cut, or `sound`.

        Raises `CutGone`, or `CutBelow` where another passage was cut later.
        """
        with self._writing() as session:
            row = session.get(CutRow, cut_id)
            meeting = session.get(MeetingRow, row.meeting_id) if row else None
            if row is None or meeting is None:
                raise errors.CutGone
            later = select(CutRow.id).where(CutRow.meeting_id == meeting.id, col(CutRow.id) > cut_id)
            if session.exec(later.limit(1)).first():
                raise errors.CutBelow(meeting.title)
            gap = Gap(row.start, row.start + row.seconds)
            put_back(session, MeetingId(meeting.id), gap, row.rows)
            move_reached(session, MeetingId(meeting.id), lambda second: gap.opened(second, ends=True))
            meeting.listened = gap.opened(meeting.listened, ends=True)
            if sound is None:
                sound = Sound(row.audio, row.size, row.duration)
            meeting.audio, meeting.size, meeting.duration = sound.name, sound.size, sound.duration
            session.delete(row)
            session.flush()
            stamp(session, [meeting.id])
            return MeetingId(meeting.id)

    def cut_sound(self, cut_id: int) -> tuple[Sound, int]:
        """The sound that a meeting had before a cut, and the bytes of what was left. Raises `CutGone`."""
        with self._reading() as session:
            row = session.get(CutRow, cut_id)
            if row is None:
                raise errors.CutGone
            return Sound(row.audio, row.size, row.duration), row.left

    def forget_cut(self, cut_id: int) -> None:
        """Forgets a cut passage for good; its sound file is the caller's."""
        with self._writing() as session:
            overwrite(session)
            session.execute(delete(CutRow).where(col(CutRow.id) == cut_id))

    def forget_sound(self, meeting_id: MeetingId) -> None:
        """Notes that a meeting has no sound any more, and forgets what was cut from it; the files are the caller's."""
        with self._writing(meeting_id) as session:
            overwrite(session)
            session.execute(delete(CutRow).where(col(CutRow.meeting_id) == meeting_id))
            session.execute(
                update(MeetingRow)
                .where(col(MeetingRow.id) == meeting_id)
                .values(audio="", size=0, listened=0.0)
            )


def _cut(row: CutRow, title: str) -> Cut:
    return Cut(
        row.id or 0,
        MeetingId(row.meeting_id),
        title,
        row.start,
        row.seconds,
        row.text,
        row.cut_at,
        row.audio,
        last=True,
    )
