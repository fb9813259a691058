"""Transcripts: their versions, their segments and how far each reaches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from core import errors
from core.store.database import Database, stamped
from core.store.owners import fill_owners
from core.store.segments import (
    keep_corrections,
    move_evidence,
    segment_row,
    segment_rows,
    segment_values,
    shown_segments,
    shown_version,
)
from core.store.speakers import attributed
from core.store.stored import transcript_options
from core.store.tables import MeetingRow, MinutesRow, SegmentRow, TranscriptRow
from core.values import Channel, MeetingId, Place, Segment, Transcript, TranscriptOptions


class TranscriptStore(Database):
    """What the store answers about transcripts."""

    def begin_transcript(
        self,
        meeting_id: MeetingId,
        options: TranscriptOptions,
        language: str,
        channels: Sequence[Channel | None] = (None,),
    ) -> Transcript:
        """A new, empty version, shown at once unless a complete or a corrected one is; then once it is complete."""
        with self._writing(meeting_id) as session:
            shown = shown_version(session, meeting_id)
            gives_way = shown is None or not (shown.complete or _is_corrected(session, shown))
            if shown and gives_way:
                shown.active = False
                session.flush()
            row = TranscriptRow(
                meeting_id=meeting_id,
                created_at=datetime.now(UTC),
                options=dataclasses.asdict(options),
                language=language,
                places=[[channel, 0.0, []] for channel in channels],
                active=gives_way,
            )
            session.add(row)
            session.flush()
            return _transcript(row)

    def add_segments(
        self, transcript: Transcript, segments: Sequence[Segment], place: Place, *, language: str = ""
    ) -> tuple[Segment, ...]:
        """The segments with their new ids, stored together with how far the text of their channel is now certain."""
        with self._writing(transcript.meeting_id) as session:
            spoken = attributed(session, transcript.meeting_id, segments)
            rows = [segment_row(transcript.id, segment) for segment in spoken]
            session.add_all(rows)
            version = session.get(TranscriptRow, transcript.id)
            if version is None:
                raise errors.MeetingUnknown(transcript.meeting_id)
            others = [one for one in map(_place, version.places) if one.channel != place.channel]
            _set_places(version, (*others, place))
            if language:
                version.language = language
                session.execute(
                    update(MeetingRow)
                    .where(col(MeetingRow.id) == transcript.meeting_id)
                    .values(language=language)
                )
            session.flush()
            return segment_values(session, transcript.meeting_id, rows)

    def note_languages(self, transcript: Transcript, languages: Sequence[tuple[str, float]]) -> Transcript:
        """Notes what a version's text is in: the first of these languages; see `core.values.Transcript`."""
        with self._writing(transcript.meeting_id) as session:
            version = session.get(TranscriptRow, transcript.id)
            if version is None:
                raise errors.MeetingUnknown(transcript.meeting_id)
            version.language = languages[0][0]
            version.languages = [list(one) for one in languages]
            session.execute(
                update(MeetingRow)
                .where(col(MeetingRow.id) == transcript.meeting_id)
                .values(language=version.language)
            )
            session.flush()
            return _transcript(version, shown_segments(session, version))

    def complete_transcript(self, transcript: Transcript, duration: float | None = None) -> bool:
        """Notes that the text reaches the end of the audio, and shows this version from now on.

        Does nothing (False) where the recording goes on, or has gone on since its length was `duration`, or where its
        channels are to be heard otherwise by now: there is more to hear. What the person corrected in the version
        shown so far takes the place of what was heard there now.
        """
        with self._writing(transcript.meeting_id) as session:
            meeting = session.get(MeetingRow, transcript.meeting_id)
            if meeting is None or meeting.recording_open or duration not in {None, meeting.duration}:
                return False
            if not transcript.heard(tuple(map(Channel, meeting.channels))):
                return False
            shown = shown_version(session, transcript.meeting_id)
            # A translation's corrections are not those of the original.
            if shown and transcript_options(shown.options).task != transcript.options.task:
                shown = _newest_complete(session, transcript.meeting_id, transcript.options.task)
            _note_spoken(session, meeting, transcript)
            if shown and shown.id != transcript.id:
                keep_corrections(session, shown, transcript.id)
            session.execute(
                update(TranscriptRow)
                .where(col(TranscriptRow.meeting_id) == transcript.meeting_id)
                .values(active=col(TranscriptRow.id) == transcript.id)
            )
            session.execute(
                update(TranscriptRow).where(col(TranscriptRow.id) == transcript.id).values(complete=True)
            )
        return True

    def discard_transcript(self, transcript: Transcript) -> None:
        """Forgets a version that is not complete, its text and the language it had."""
        with self._writing(transcript.meeting_id) as session:
            session.execute(
                delete(TranscriptRow).where(
                    col(TranscriptRow.id) == transcript.id, col(TranscriptRow.complete).is_(False)
                )
            )
            left = shown_version(session, transcript.meeting_id)
            session.execute(
                update(MeetingRow)
                .where(col(MeetingRow.id) == transcript.meeting_id)
                .values(language=left.language if left else "")
            )

    def reopen_recording(self, meeting_id: MeetingId) -> None:
        """Notes that a recording goes on: its file grows again, and its text is not complete any more."""
        with self._writing(meeting_id) as session:
            session.execute(
                update(MeetingRow).where(col(MeetingRow.id) == meeting_id).values(recording_open=True)
            )
            session.execute(
                update(TranscriptRow)
                .where(col(TranscriptRow.meeting_id) == meeting_id)
                .values(complete=False)
            )

    def transcript(self, meeting_id: MeetingId) -> Transcript | None:
        """The version that is shown, with its segments in order, or None.

        One that was read before is given again as long as nothing of the meeting has changed, in whichever program.
        """
        with self._reading() as session:
            row = shown_version(session, meeting_id)
            if row is None:
                return None
            revision = stamped(session, meeting_id)
            known = self._text
            if known and known[0] == revision and known[1].id == row.id:
                return known[1]
            found = _transcript(row, shown_segments(session, row))
            self._text = revision, found
            return found

    def beginning(self, meeting_id: MeetingId, count: int) -> Transcript | None:
        """The version that is shown with its first `count` segments; None where it has not twice as many, or grows."""
        with self._reading() as session:
            row = shown_version(session, meeting_id)
            if row is None or not row.complete:
                return None
            segments = shown_segments(session, row, 2 * count)
            return _transcript(row, segments[:count]) if len(segments) == 2 * count else None

    def unfinished_transcript(
        self,
        meeting_id: MeetingId,
        options: TranscriptOptions,
        channels: Sequence[Channel | None] = (None,),
    ) -> Transcript | None:
        """The newest version begun with exactly these options and channels and not complete, to carry on with."""
        with self._reading() as session:
            rows = session.exec(
                select(TranscriptRow)
                .where(TranscriptRow.meeting_id == meeting_id, col(TranscriptRow.complete).is_(False))
                .order_by(col(TranscriptRow.id).desc())
            )
            for row in rows:
                same = {place.channel for place in map(_place, row.places)} == set(channels)
                if same and transcript_options(row.options) == options:
                    return _transcript(row, shown_segments(session, row))
            return None

    def revise_transcript(
        self, meeting_id: MeetingId, change: Callable[[Sequence[Segment]], Sequence[Segment]]
    ) -> Transcript:
        """A copy of the shown version with the segments that `change` makes of its own, shown from now on.

        No edit can come in between. The minutes that were made of it point to the copy.
        """
        with self._writing(meeting_id) as session:
            shown = shown_version(session, meeting_id)
            if shown is None:
                raise errors.MeetingUnknown(meeting_id)
            fields = shown.model_dump(exclude={"id", "created_at"})
            row = TranscriptRow(**fields, created_at=datetime.now(UTC))
            segments = change(segment_values(session, meeting_id, segment_rows(session, shown)))
            spoken = attributed(session, meeting_id, sorted(segments, key=lambda one: one.start))
            shown.active = False
            session.add(row)
            session.flush()
            session.add_all(segment_row(row.id or 0, segment) for segment in spoken)
            for gone in session.exec(_taken_out(shown)):
                session.add(SegmentRow(**{**gone.model_dump(exclude={"id"}), "transcript_id": row.id}))
            session.flush()
            move_evidence(session, shown, row)
            fill_owners(session, meeting_id)
            return _transcript(row, shown_segments(session, row))

    def counterpart(self, meeting_id: MeetingId) -> Transcript | None:
        """The newest complete translation beside the shown original, or the original beside the shown translation.

        It comes without its segments.
        """
        with self._reading() as session:
            shown = shown_version(session, meeting_id)
            if shown is None:
                return None
            other = {"transcribe": "translate", "translate": "transcribe"}[
                transcript_options(shown.options).task
            ]
            row = _newest_complete(session, meeting_id, other)
            return _transcript(row) if row else None

    def version_of(
        self, meeting_id: MeetingId, options: TranscriptOptions, channels: tuple[Channel, ...]
    ) -> Transcript | None:
        """The newest complete version made with these options of these channels, without its segments."""
        with self._reading() as session:
            rows = session.exec(
                select(TranscriptRow)
                .where(TranscriptRow.meeting_id == meeting_id, col(TranscriptRow.complete).is_(True))
                .order_by(col(TranscriptRow.id).desc())
            )
            made = (_transcript(row) for row in rows if transcript_options(row.options) == options)
            return next((one for one in made if one.heard(channels)), None)

    def activate_transcript(self, meeting_id: MeetingId, transcript_id: int) -> None:
        """Shows this version from now on, with the minutes made of it, or where there are none those shown so far."""
        with self._writing(meeting_id) as session:
            shown, wanted = shown_version(session, meeting_id), session.get(TranscriptRow, transcript_id)
            if wanted is None or wanted.meeting_id != meeting_id or wanted is shown:
                return
            if shown:
                shown.active = False
                session.flush()
            if not _show_minutes_of(session, wanted) and shown:
                move_evidence(session, shown, wanted)
            fill_owners(session, meeting_id)
            wanted.active = True


def _note_spoken(session: Session, meeting: MeetingRow, transcript: Transcript) -> None:
    """Notes the language that most of a version's text is in, unless the person chose one."""
    length = func.sum(col(SegmentRow.end) - col(SegmentRow.start))
    said = SegmentRow.transcript_id == transcript.id, SegmentRow.text != "", SegmentRow.language != ""
    most = session.exec(
        select(SegmentRow.language).where(*said).group_by(SegmentRow.language).order_by(length.desc())
    ).first()
    version = session.get(TranscriptRow, transcript.id)
    if version and most and not transcript.options.language:
        version.language = meeting.language = most


def _is_corrected(session: Session, version: TranscriptRow) -> bool:
    corrected = SegmentRow.transcript_id == version.id, col(SegmentRow.edited).is_(True)
    return session.exec(select(SegmentRow.id).where(*corrected).limit(1)).first() is not None


def _taken_out(version: TranscriptRow) -> Any:
    """Asks for the segments of a version that the person took out."""
    return select(SegmentRow).where(
        SegmentRow.transcript_id == version.id, SegmentRow.text == "", col(SegmentRow.edited).is_(True)
    )


def _newest_complete(session: Session, meeting_id: MeetingId, task: str) -> TranscriptRow | None:
    rows = session.exec(
        select(TranscriptRow)
        .where(TranscriptRow.meeting_id == meeting_id, col(TranscriptRow.complete).is_(True))
        .order_by(col(TranscriptRow.id).desc())
    )
    return next((row for row in rows if transcript_options(row.options).task == task), None)


def _show_minutes_of(session: Session, version: TranscriptRow) -> bool:
    """Shows the newest minutes that were made of this version; False where there are none."""
    made = session.exec(
        select(MinutesRow).where(MinutesRow.transcript_id == version.id).order_by(col(MinutesRow.id).desc())
    ).first()
    if made is None:
        return False
    session.execute(
        update(MinutesRow)
        .where(col(MinutesRow.meeting_id) == version.meeting_id)
        .values(active=col(MinutesRow.id) == made.id)
    )
    return True


def _transcript(row: TranscriptRow, segments: tuple[Segment, ...] = ()) -> Transcript:
    return Transcript(
        id=row.id or 0,
        meeting_id=MeetingId(row.meeting_id),
        options=transcript_options(row.options),
        language=row.language,
        complete=row.complete,
        segments=segments,
        places=tuple(map(_place, row.places)),
        languages=tuple((code, certainty) for code, certainty in row.languages),
    )


def _place(stored: Sequence[Any]) -> Place:
    # Earlier versions of the program noted no language.
    channel, reached, prompt, language = (*stored, "")[:4]
    return Place(reached, tuple(prompt), Channel(channel) if channel else None, language)


def _set_places(row: TranscriptRow, places: Sequence[Place]) -> None:
    row.places = [[place.channel, place.reached, list(place.prompt), place.language] for place in places]
    row.reached = min(place.reached for place in places)
