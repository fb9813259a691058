"""One function per question asked of the library and per fact added to it.

Every change happens in one transaction, raises the library's counter, and stamps the meeting with it:
`changed_since` tells a door what the others did. Safe to call from any thread.
"""

from __future__ import annotations

import dataclasses
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core import errors, paths
from core.store import schema
from core.store.tables import (
    CounterRow,
    LineRow,
    MeetingRow,
    MinutesRow,
    NoteRow,
    PartRow,
    SegmentRow,
    TermRow,
    TranscriptRow,
    WorkRow,
)
from core.values import (
    Channel,
    Evidence,
    Failure,
    Line,
    Meeting,
    MeetingId,
    Minutes,
    Note,
    Place,
    Section,
    Segment,
    Source,
    Stage,
    SummaryOptions,
    Transcript,
    TranscriptOptions,
    Word,
    Work,
)

_Row = TypeVar("_Row", TranscriptRow, MinutesRow, WorkRow)


class Store:
    """The open database of one library. Raises `LibraryDamaged`, `DiskFull` or `FolderNotWritable` anywhere.

    Adding to a meeting that is gone raises `MeetingUnknown`; changing what is gone does nothing.
    """

    def __init__(self, places: paths.Folders) -> None:
        self._places = places
        self._engine = schema.open_database(places)
        self._writer = self._engine.execution_options(begin="IMMEDIATE")

    def close(self) -> None:
        """Closes every connection; the store is not used afterwards."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with schema.problems(self._places.database), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self, meeting_id: MeetingId | None = None) -> Iterator[Session]:
        """A transaction that is committed at the end, counted, and stamped on the meeting it is about."""
        with schema.problems(self._places.database), Session(self._writer) as session, session.begin():
            try:
                yield session
                session.flush()
            except IntegrityError as error:
                if getattr(error.orig, "sqlite_errorcode", 0) != sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
                    raise
                # Removed in the meantime by another door: every foreign key leads to a meeting.
                raise errors.MeetingUnknown(meeting_id or "") from error
            session.execute(update(CounterRow).values(value=CounterRow.value + 1))
            if meeting_id is not None:
                stamp = select(CounterRow.value).scalar_subquery()
                session.execute(
                    update(MeetingRow).where(col(MeetingRow.id) == meeting_id).values(revision=stamp)
                )

    # --- what changed ------------------------------------------------------------------------------

    def revision(self) -> int:
        """The number of changes so far."""
        with self._reading() as session:
            return session.exec(select(CounterRow.value)).one()

    def changed_since(self, revision: int) -> tuple[MeetingId, ...]:
        """The meetings that were added or changed after `revision`."""
        with self._reading() as session:
            rows = session.exec(select(MeetingRow.id).where(col(MeetingRow.revision) > revision)).all()
            return tuple(MeetingId(row) for row in rows)

    # --- meetings ----------------------------------------------------------------------------------

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
        self._update_meeting(meeting_id, tags=list(_each_once(map(tag_name, tags))))

    def tags(self) -> tuple[str, ...]:
        """Every tag that a meeting has or that has a vocabulary, in the order of the alphabet."""
        with self._reading() as session:
            known = [tag for tags in session.exec(select(MeetingRow.tags)) for tag in tags]
            known += session.exec(select(TermRow.tag).where(TermRow.tag != "").distinct())
            return tuple(sorted(_each_once(known), key=str.casefold))

    def vocabulary(self, tag: str = "") -> tuple[str, ...]:
        """The words that transcriptions listen for in meetings with this tag, or, without one, in all."""
        with self._reading() as session:
            wanted = tag_name(tag).casefold()
            rows = session.exec(select(TermRow).order_by(col(TermRow.id)))
            return tuple(row.text for row in rows if row.tag.casefold() == wanted)

    def set_vocabulary(self, terms: Iterable[str], tag: str = "") -> None:
        """Replaces those words, the most important first; each is kept once."""
        with self._writing() as session:
            wanted = tag_name(tag)
            for row in session.exec(select(TermRow)):
                if row.tag.casefold() == wanted.casefold():
                    session.delete(row)
            session.flush()
            session.add_all(
                TermRow(tag=wanted, text=term) for term in _each_once(" ".join(one.split()) for one in terms)
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

    def _update_meeting(self, meeting_id: MeetingId, **values: Any) -> None:
        with self._writing(meeting_id) as session:
            session.execute(update(MeetingRow).where(col(MeetingRow.id) == meeting_id).values(**values))

    def _meetings(self, session: Session, rows: Sequence[MeetingRow]) -> tuple[Meeting, ...]:
        ids = [row.id for row in rows]
        transcripts = _by_meeting(session, TranscriptRow, ids, col(TranscriptRow.active).is_(True))
        minutes = _by_meeting(session, MinutesRow, ids, col(MinutesRow.active).is_(True))
        work = _by_meeting(session, WorkRow, ids)
        decisions = self._decisions(session, [version.id for one in minutes.values() for version in one])
        return tuple(
            _meeting(
                row,
                next(iter(transcripts.get(row.id, [])), None),
                tuple(map(_work, work.get(row.id, []))),
                [decisions.get(version.id, []) for version in minutes.get(row.id, [])],
            )
            for row in rows
        )

    def _decisions(self, session: Session, minutes_ids: list[int | None]) -> dict[int | None, list[str]]:
        found: dict[int | None, list[str]] = {}
        for chosen in _chunks(minutes_ids):
            rows = session.exec(
                select(LineRow.minutes_id, LineRow.text)
                .where(col(LineRow.minutes_id).in_(chosen), LineRow.section == Section.DECISIONS)
                .order_by(col(LineRow.position))
            )
            for minutes_id, text in rows:
                found.setdefault(minutes_id, []).append(text)
        return found

    # --- transcripts -------------------------------------------------------------------------------

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
            if shown and _transcript_options(shown.options).task != transcript.options.task:
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
                if _transcript_options(row.options) == options:
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
                _transcript_options(shown.options).task
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

    # --- minutes -----------------------------------------------------------------------------------

    def add_minutes(
        self,
        minutes: Minutes,
        merge: Callable[[Sequence[Line], Sequence[Line]], Sequence[Line]] | None = None,
    ) -> Minutes:
        """A new version of the minutes, shown from now on; comes back with its ids.

        `merge` makes its lines from those shown so far and the new ones; no edit can come in between. Where a
        remote provider made them, the answers kept for them are forgotten.
        """
        with self._writing(minutes.meeting_id) as session:
            shown = _active_minutes(session, minutes.meeting_id)
            new_lines = merge(shown.lines, minutes.lines) if merge and shown else minutes.lines
            if minutes.made_by != "offline":
                session.execute(delete(PartRow).where(col(PartRow.meeting_id) == minutes.meeting_id))
            session.execute(
                update(MinutesRow)
                .where(col(MinutesRow.meeting_id) == minutes.meeting_id)
                .values(active=False)
            )
            row = MinutesRow(
                meeting_id=minutes.meeting_id,
                transcript_id=minutes.transcript_id or None,
                created_at=minutes.created_at,
                options=dataclasses.asdict(minutes.options),
                made_by=minutes.made_by,
                language=minutes.language,
                title=minutes.title,
                active=True,
            )
            session.add(row)
            session.flush()
            if row.id is None:
                raise AssertionError
            lines = [_line_row(row.id, place, line) for place, line in enumerate(new_lines)]
            session.add_all(lines)
            session.flush()
            return _minutes(row, lines)

    def minutes(self, meeting_id: MeetingId) -> Minutes | None:
        """The version that is shown, or None."""
        with self._reading() as session:
            return _active_minutes(session, meeting_id)

    def keep_part(self, meeting_id: MeetingId, question: str, answer: str) -> None:
        """Keeps the answer to a question of a remote summary, so that it need not be asked again."""
        with self._writing(meeting_id) as session:
            session.execute(
                delete(PartRow).where(
                    col(PartRow.meeting_id) == meeting_id, col(PartRow.question) == question
                )
            )
            session.add(PartRow(meeting_id=meeting_id, question=question, answer=answer))

    def kept_part(self, meeting_id: MeetingId, question: str) -> str | None:
        """The kept answer to that question, or None."""
        with self._reading() as session:
            return session.exec(
                select(PartRow.answer).where(PartRow.meeting_id == meeting_id, PartRow.question == question)
            ).first()

    def edit_line(self, meeting_id: MeetingId, line_id: int, text: str) -> None:
        """Replaces the text of a line of the minutes by the person's."""
        self._update_line(meeting_id, line_id, text=text, edited=True)

    def tick(self, meeting_id: MeetingId, line_id: int, *, done: bool) -> None:
        """Notes whether an action item is done."""
        self._update_line(meeting_id, line_id, done=done)

    def _update_line(self, meeting_id: MeetingId, line_id: int, **values: Any) -> None:
        with self._writing(meeting_id) as session:
            session.execute(update(LineRow).where(col(LineRow.id) == line_id).values(**values))

    # --- notes -------------------------------------------------------------------------------------

    def add_note(self, meeting_id: MeetingId, at: float, text: str) -> Note:
        """A new note at second `at`; an empty text is a bookmark."""
        with self._writing(meeting_id) as session:
            row = NoteRow(meeting_id=meeting_id, at=at, text=text)
            session.add(row)
            session.flush()
            return _note(row)

    def edit_note(self, meeting_id: MeetingId, note_id: int, text: str) -> None:
        """Replaces a note's text."""
        with self._writing(meeting_id) as session:
            session.execute(update(NoteRow).where(col(NoteRow.id) == note_id).values(text=text))

    def remove_note(self, meeting_id: MeetingId, note_id: int) -> None:
        """Takes a note away."""
        with self._writing(meeting_id) as session:
            session.execute(delete(NoteRow).where(col(NoteRow.id) == note_id))

    def notes(self, meeting_id: MeetingId) -> tuple[Note, ...]:
        """The person's notes and bookmarks, by time."""
        with self._reading() as session:
            rows = session.exec(
                select(NoteRow)
                .where(NoteRow.meeting_id == meeting_id)
                .order_by(col(NoteRow.at), col(NoteRow.id))
            )
            return tuple(map(_note, rows))

    # --- what was asked for ------------------------------------------------------------------------

    def ask(self, meeting_id: MeetingId, stage: Stage, options: TranscriptOptions | SummaryOptions) -> Work:
        """Notes that this stage is wanted, at the end of the queue, replacing an earlier wish for it."""
        with self._writing(meeting_id) as session:
            session.execute(
                delete(WorkRow).where(col(WorkRow.meeting_id) == meeting_id, col(WorkRow.stage) == stage)
            )
            last = session.exec(select(func.max(WorkRow.position))).one()
            row = WorkRow(
                meeting_id=meeting_id,
                stage=stage,
                options=dataclasses.asdict(options),
                position=(last or 0) + 1,
            )
            session.add(row)
            session.flush()
            return _work(row)

    def work(self) -> tuple[Work, ...]:
        """Everything asked for and not finished, in its order."""
        with self._reading() as session:
            return tuple(map(_work, session.exec(select(WorkRow).order_by(col(WorkRow.position)))))

    def finish(
        self, meeting_id: MeetingId, stage: Stage, options: TranscriptOptions | SummaryOptions | None = None
    ) -> None:
        """Notes that the stage is done with `options`, or, without them, no longer wanted.

        A wish for other options stays: it came in the meantime.
        """
        with self._writing(meeting_id) as session:
            wishes = select(WorkRow).where(WorkRow.meeting_id == meeting_id, WorkRow.stage == stage)
            for row in session.exec(wishes):
                if options in {None, _work(row).options}:
                    session.delete(row)

    def pause(self, meeting_id: MeetingId, stage: Stage, *, paused: bool) -> None:
        """Notes that the stage waits until the person wants it again."""
        self._update_work(meeting_id, stage, paused=paused)

    def pause_work(self, meeting_ids: Iterable[MeetingId], *, paused: bool) -> None:
        """Notes that all that was asked for of these meetings waits until it is wanted again, or goes on."""
        with self._writing() as session:
            for chosen in _chunks(list(meeting_ids)):
                session.execute(
                    update(WorkRow).where(col(WorkRow.meeting_id).in_(chosen)).values(paused=paused)
                )
                _stamp(session, chosen)

    def move_work(self, meeting_id: MeetingId, before: MeetingId | None) -> None:
        """Puts what was asked for of a meeting before that of another one; None: behind everything.

        What was asked for of one meeting stays together. Nothing happens where `before` has no place in the queue.
        """
        with self._writing() as session:
            rows = session.exec(select(WorkRow).order_by(col(WorkRow.position))).all()
            order = list(dict.fromkeys(row.meeting_id for row in rows))
            if meeting_id not in order or before == meeting_id or (before and before not in order):
                return
            order.remove(meeting_id)
            order.insert(order.index(before) if before else len(order), meeting_id)
            moved = sorted(rows, key=lambda row: order.index(row.meeting_id))
            changed = {row.meeting_id for place, row in enumerate(moved, 1) if row.position != place}
            for place, row in enumerate(moved, 1):
                row.position = place
            session.flush()
            for chosen in _chunks(sorted(changed)):
                _stamp(session, chosen)

    def fail(self, meeting_id: MeetingId, stage: Stage, failure: Failure | None) -> None:
        """Keeps why the stage could not be done; None clears it."""
        self._update_work(meeting_id, stage, failure=dataclasses.asdict(failure) if failure else None)

    def _update_work(self, meeting_id: MeetingId, stage: Stage, **values: Any) -> None:
        with self._writing(meeting_id) as session:
            session.execute(
                update(WorkRow)
                .where(col(WorkRow.meeting_id) == meeting_id, col(WorkRow.stage) == stage)
                .values(**values)
            )


def tag_name(text: str) -> str:
    """A tag as it is kept: without the # before it, and in one piece."""
    return "-".join(text.replace("#", " ").replace(",", " ").split())


def _each_once(texts: Iterable[str]) -> Iterable[str]:
    """The texts without empty ones and without those that differ only in capitals from an earlier one."""
    found: dict[str, str] = {}
    for text in texts:
        if text:
            found.setdefault(text.casefold(), text)
    return found.values()


def new_id() -> MeetingId:
    """A meeting id that no library has: twelve hexadecimal digits."""
    return MeetingId(secrets.token_hex(6))


# --- rows into values, values into rows ------------------------------------------------------------


def _stamp(session: Session, meeting_ids: Sequence[str]) -> None:
    """Stamps meetings with the number that this change will have, where it is about several."""
    number = select(CounterRow.value + 1).scalar_subquery()
    session.execute(update(MeetingRow).where(col(MeetingRow.id).in_(meeting_ids)).values(revision=number))


def _chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    # SQLite limits the variables of one statement.
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]


def _by_meeting(session: Session, table: type[_Row], ids: list[str], *where: Any) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for chosen in _chunks(ids):
        for row in session.exec(select(table).where(col(table.meeting_id).in_(chosen), *where)):
            found.setdefault(row.meeting_id, []).append(row)
    return found


def _meeting(
    row: MeetingRow, transcript: TranscriptRow | None, work: tuple[Work, ...], decisions: list[list[str]]
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
        transcribed=transcript.reached if transcript else None,
        transcript_complete=bool(transcript and transcript.complete),
        has_minutes=bool(decisions),
        decision_count=len(decisions[0]) if decisions else 0,
        first_decision=decisions[0][0] if decisions and decisions[0] else "",
        work=work,
        deleted_at=row.deleted_at,
        revision=row.revision,
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
    return next((row for row in rows if _transcript_options(row.options).task == task), None)


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


def _active_minutes(session: Session, meeting_id: MeetingId) -> Minutes | None:
    row = session.exec(
        select(MinutesRow).where(MinutesRow.meeting_id == meeting_id, col(MinutesRow.active).is_(True))
    ).first()
    if row is None:
        return None
    lines = session.exec(
        select(LineRow).where(LineRow.minutes_id == row.id).order_by(col(LineRow.position))
    ).all()
    return _minutes(row, lines)


def _segments(session: Session, row: TranscriptRow) -> Sequence[SegmentRow]:
    return session.exec(
        select(SegmentRow)
        .where(SegmentRow.transcript_id == row.id)
        .order_by(col(SegmentRow.start), col(SegmentRow.id))
    ).all()


def _transcript_options(stored: dict[str, Any]) -> TranscriptOptions:
    return TranscriptOptions(**{**stored, "vocabulary": tuple(stored.get("vocabulary", ()))})


def _transcript(row: TranscriptRow, segments: Iterable[SegmentRow]) -> Transcript:
    return Transcript(
        id=row.id or 0,
        meeting_id=MeetingId(row.meeting_id),
        options=_transcript_options(row.options),
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


def _minutes(row: MinutesRow, lines: Iterable[LineRow]) -> Minutes:
    return Minutes(
        id=row.id or 0,
        meeting_id=MeetingId(row.meeting_id),
        transcript_id=row.transcript_id or 0,
        options=SummaryOptions(**row.options),
        made_by=row.made_by,
        language=row.language,
        created_at=row.created_at,
        title=row.title,
        lines=tuple(map(_line, lines)),
    )


def _line(row: LineRow) -> Line:
    return Line(
        id=row.id or 0,
        section=Section(row.section),
        text=row.text,
        evidence=tuple(
            Evidence(tuple(one["segments"]), one["start"], one["end"], one["quote"]) for one in row.evidence
        ),
        supported=row.supported,
        unverified=tuple(row.unverified),
        owner=row.owner,
        due_said=row.due_said,
        due=row.due if isinstance(row.due, date) else None,
        done=row.done,
        edited=row.edited,
    )


def _line_row(minutes_id: int, position: int, line: Line) -> LineRow:
    return LineRow(
        minutes_id=minutes_id,
        position=position,
        section=line.section,
        text=line.text,
        evidence=[
            {"segments": list(one.segment_ids), "start": one.start, "end": one.end, "quote": one.quote}
            for one in line.evidence
        ],
        supported=line.supported,
        unverified=list(line.unverified),
        owner=line.owner,
        due_said=line.due_said,
        due=line.due,
        done=line.done,
        edited=line.edited,
    )


def _note(row: NoteRow) -> Note:
    return Note(id=row.id or 0, at=row.at, text=row.text)


def _work(row: WorkRow) -> Work:
    stage = Stage(row.stage)
    return Work(
        id=row.id or 0,
        meeting_id=MeetingId(row.meeting_id),
        stage=stage,
        options=_transcript_options(row.options)
        if stage == Stage.TRANSCRIBE
        else SummaryOptions(**row.options),
        position=row.position,
        paused=row.paused,
        failure=Failure(**row.failure) if row.failure else None,
    )
