"""Transcripts: their versions, their segments and how far each reaches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from core import errors
from core.store.database import Database
from core.store.tables import LineRow, MeetingRow, MinutesRow, SegmentRow, TranscriptRow
from core.values import Channel, MeetingId, Place, Segment, Transcript, TranscriptOptions, Word


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
            shown = _active_transcript(session, meeting_id)
            gives_way = shown is None or not (
                shown.complete or any(segment.edited for segment in _segments(session, shown))
            )
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
            return _transcript(row, [])

    def add_segments(
        self, transcript: Transcript, segments: Sequence[Segment], place: Place, *, language: str = ""
    ) -> tuple[Segment, ...]:
        """The segments with their new ids, stored together with how far the text of their channel is now certain."""
        with self._writing(transcript.meeting_id) as session:
            rows = [_segment_row(transcript.id, segment) for segment in segments]
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
            return tuple(map(_segment, rows))

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
            return _transcript(version, _segments(session, version))

    def complete_transcript(self, transcript: Transcript, duration: float | None = None) -> bool:
        """Notes that the text reaches the end of the audio, and shows this version from now on.

        Does nothing (False) where the recording goes on, or has gone on since its length was `duration`: there is
        more to hear. What the person corrected in the version shown so far takes the place of what was heard there
        now.
        """
        with self._writing(transcript.meeting_id) as session:
            meeting = session.get(MeetingRow, transcript.meeting_id)
            if meeting is None or meeting.recording_open or duration not in {None, meeting.duration}:
                return False
            shown = _active_transcript(session, transcript.meeting_id)
            # A translation's corrections are not those of the original.
            if shown and transcript_options(shown.options).task != transcript.options.task:
                shown = _newest_complete(session, transcript.meeting_id, transcript.options.task)
            if shown and shown.id != transcript.id:
                _keep_corrections(session, shown, transcript.id)
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
            left = _active_transcript(session, transcript.meeting_id)
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
        """The version that is shown, with its segments in order, or None."""
        with self._reading() as session:
            row = _active_transcript(session, meeting_id)
            return _transcript(row, _segments(session, row)) if row else None

    def unfinished_transcript(self, meeting_id: MeetingId, options: TranscriptOptions) -> Transcript | None:
        """The newest version begun with exactly these options and not complete, to carry on with."""
        with self._reading() as session:
            rows = session.exec(
                select(TranscriptRow)
                .where(TranscriptRow.meeting_id == meeting_id, col(TranscriptRow.complete).is_(False))
                .order_by(col(TranscriptRow.id).desc())
            )
            for row in rows:
                if transcript_options(row.options) == options:
                    return _transcript(row, _segments(session, row))
            return None

    def revise_transcript(
        self, meeting_id: MeetingId, change: Callable[[Sequence[Segment]], Sequence[Segment]]
    ) -> Transcript:
        """A copy of the shown version with the segments that `change` makes of its own, shown from now on.

        No edit can come in between. The minutes that were made of it point to the copy.
        """
        with self._writing(meeting_id) as session:
            shown = _active_transcript(session, meeting_id)
            if shown is None:
                raise errors.MeetingUnknown(meeting_id)
            fields = shown.model_dump(exclude={"id", "created_at"})
            row = TranscriptRow(**fields, created_at=datetime.now(UTC))
            segments = change(tuple(map(_segment, _segments(session, shown))))
            shown.active = False
            session.add(row)
            session.flush()
            session.add_all(
                _segment_row(row.id or 0, segment) for segment in sorted(segments, key=lambda one: one.start)
            )
            session.flush()
            _move_evidence(session, shown, row)
            return _transcript(row, _segments(session, row))

    def counterpart(self, meeting_id: MeetingId) -> Transcript | None:
        """The newest complete translation beside the shown original, or the original beside the shown translation.

        It comes without its segments.
        """
        with self._reading() as session:
            shown = _active_transcript(session, meeting_id)
            if shown is None:
                return None
            other = {"transcribe": "translate", "translate": "transcribe"}[
                transcript_options(shown.options).task
            ]
            row = _newest_complete(session, meeting_id, other)
            return _transcript(row, ()) if row else None

    def activate_transcript(self, meeting_id: MeetingId, transcript_id: int) -> None:
        """Shows this version from now on, with the minutes made of it, or where there are none those shown so far."""
        with self._writing(meeting_id) as session:
            shown, wanted = _active_transcript(session, meeting_id), session.get(TranscriptRow, transcript_id)
            if wanted is None or wanted.meeting_id != meeting_id or wanted is shown:
                return
            if shown:
                shown.active = False
                session.flush()
            if not _show_minutes_of(session, wanted) and shown:
                _move_evidence(session, shown, wanted)
            wanted.active = True

    def edit_segment(self, meeting_id: MeetingId, segment_id: int, text: str) -> None:
        """Replaces a segment's text by the person's, which is doubted no more; its words stay as they were heard."""
        with self._writing(meeting_id) as session:
            session.execute(
                update(SegmentRow)
                .where(col(SegmentRow.id) == segment_id)
                .values(text=text, edited=True, doubt="")
            )


def _active_transcript(session: Session, meeting_id: MeetingId) -> TranscriptRow | None:
    return session.exec(
        select(TranscriptRow).where(
            TranscriptRow.meeting_id == meeting_id, col(TranscriptRow.active).is_(True)
        )
    ).first()


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


def _keep_corrections(session: Session, shown: TranscriptRow, fresh_id: int) -> None:
    """Puts the corrected segments of `shown` in place of those of `fresh_id`, of their channel, that they cover.

    A segment is covered where its middle is.
    """
    for old in _segments(session, shown):
        if not old.edited:
            continue
        middle = (col(SegmentRow.start) + col(SegmentRow.end)) / 2
        session.execute(
            delete(SegmentRow).where(
                col(SegmentRow.transcript_id) == fresh_id,
                col(SegmentRow.channel).is_not_distinct_from(old.channel),
                middle >= old.start,
                middle <= old.end,
            )
        )
        session.add(_segment_row(fresh_id, _segment(old)))


def _move_evidence(session: Session, before: TranscriptRow, after: TranscriptRow) -> None:
    """Has the minutes made of one version point to the same places of another one."""
    old = {segment.id: segment for segment in _segments(session, before)}
    new = _segments(session, after)
    same = {(one.channel, one.start, one.end): one.id for one in new}

    def moved(segment_id: int) -> list[int | None]:
        if segment_id not in old:
            return [segment_id]
        one = old[segment_id]
        if found := same.get((one.channel, one.start, one.end)):
            return [found]
        return [
            other.id
            for other in new
            if other.channel == one.channel and other.start < one.end and one.start < other.end
        ]

    for minutes in session.exec(select(MinutesRow).where(MinutesRow.transcript_id == before.id)).all():
        minutes.transcript_id = after.id
        for line in session.exec(select(LineRow).where(LineRow.minutes_id == minutes.id)).all():
            line.evidence = [
                {**one, "segments": list(dict.fromkeys(new for old in one["segments"] for new in moved(old)))}
                for one in line.evidence
            ]


def _segments(session: Session, row: TranscriptRow) -> Sequence[SegmentRow]:
    return session.exec(
        select(SegmentRow)
        .where(SegmentRow.transcript_id == row.id)
        .order_by(col(SegmentRow.start), col(SegmentRow.id))
    ).all()


def transcript_options(stored: dict[str, Any]) -> TranscriptOptions:
    """The options of a version as they were stored."""
    return TranscriptOptions(**{**stored, "vocabulary": tuple(stored.get("vocabulary", ()))})


def _transcript(row: TranscriptRow, segments: Iterable[SegmentRow]) -> Transcript:
    return Transcript(
        id=row.id or 0,
        meeting_id=MeetingId(row.meeting_id),
        options=transcript_options(row.options),
        language=row.language,
        complete=row.complete,
        segments=tuple(map(_segment, segments)),
        places=tuple(map(_place, row.places)),
        languages=tuple((code, certainty) for code, certainty in row.languages),
    )


def _place(stored: Sequence[Any]) -> Place:
    channel, reached, prompt = stored
    return Place(reached, tuple(prompt), Channel(channel) if channel else None)


def _set_places(row: TranscriptRow, places: Sequence[Place]) -> None:
    row.places = [[place.channel, place.reached, list(place.prompt)] for place in places]
    row.reached = min(place.reached for place in places)


def _segment(row: SegmentRow) -> Segment:
    return Segment(
        id=row.id or 0,
        start=row.start,
        end=row.end,
        text=row.text,
        words=tuple(Word(*word) for word in row.words),
        speaker=row.speaker,
        channel=Channel(row.channel) if row.channel else None,
        language=row.language,
        log_probability=row.log_probability,
        no_speech=row.no_speech,
        doubt=row.doubt,
        edited=row.edited,
    )


def _segment_row(transcript_id: int, segment: Segment) -> SegmentRow:
    return SegmentRow(
        transcript_id=transcript_id,
        start=segment.start,
        end=segment.end,
        text=segment.text,
        words=[[word.start, word.end, word.text, word.probability] for word in segment.words],
        speaker=segment.speaker,
        channel=segment.channel,
        language=segment.language,
        log_probability=segment.log_probability,
        no_speech=segment.no_speech,
        doubt=segment.doubt,
        edited=segment.edited,
    )
