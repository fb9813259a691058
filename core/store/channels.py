"""What the channels of a meeting's sound hold, which the person may know better."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, case, delete, update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from core import errors
from core.store.database import Database
from core.store.speakers import name_of_me
from core.store.tables import MeetingRow, SegmentRow, SpeakerRow, TranscriptRow, TurnRow
from core.values import Channel, MeetingId


class ChannelStore(Database):
    """What the store answers about the channels of a meeting's sound."""

    def set_channels(self, meeting_id: MeetingId, channels: tuple[Channel, ...]) -> None:
        """Notes what each channel of the sound holds, `()` where it is heard as one mix.

        Text and voices of a channel that only gets another name go along; what was found of voices elsewhere goes.
        """
        with self._writing(meeting_id) as session:
            meeting = session.get(MeetingRow, meeting_id)
            if meeting is None:
                raise errors.MeetingUnknown(meeting_id)
            before, meeting.channels = meeting.channels, list(channels)
            if len(before) != len(channels):
                of_others = col(TurnRow.channel).is_(None) if channels else col(TurnRow.channel).is_not(None)
                found = col(TurnRow.meeting_id) == meeting_id, col(TurnRow.chosen).is_(False), of_others
                session.execute(delete(TurnRow).where(*found))
            else:
                _rename(session, meeting_id, dict(zip(before, channels, strict=True)))


def _rename(session: Session, meeting_id: MeetingId, names: Mapping[str, Channel]) -> None:
    """Gives all that hangs on a channel its new name."""
    if not names:
        return

    def renamed(column: Mapped[str | None]) -> ColumnElement[str | None]:
        return case(dict(names), value=column, else_=column)

    versions = session.exec(select(TranscriptRow).where(TranscriptRow.meeting_id == meeting_id)).all()
    session.execute(
        update(SegmentRow)
        .where(col(SegmentRow.transcript_id).in_([one.id for one in versions]))
        .values(channel=renamed(col(SegmentRow.channel)))
    )
    session.execute(
        update(TurnRow)
        .where(col(TurnRow.meeting_id) == meeting_id)
        .values(channel=renamed(col(TurnRow.channel)))
    )
    for version in versions:
        version.places = [[names.get(channel, channel), *place] for channel, *place in version.places]
    me = name_of_me(session)
    for speaker in session.exec(select(SpeakerRow).where(SpeakerRow.meeting_id == meeting_id)).all():
        speaker.claims = [[names.get(channel, channel), start, end] for channel, start, end in speaker.claims]
        if speaker.channel is None or speaker.channel not in names:
            continue
        speaker.channel = names[speaker.channel]
        was_me, speaker.is_me = speaker.is_me, speaker.channel == Channel.MICROPHONE
        if speaker.is_me:
            speaker.name = speaker.name or me
        elif was_me and speaker.name == me:
            speaker.name = ""
