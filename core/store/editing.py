"""The person's changes to the text that is shown, each with what takes it back exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, col, select

from core import errors
from core.editing import corrected
from core.store.database import Database, chunks, stamped
from core.store.segments import put_segments, segment_values, shown_version
from core.store.tables import CounterRow, LineRow, MinutesRow, SegmentRow, SpeakerRow, TranscriptRow
from core.values import MeetingId, Segment, Transcript


@dataclass(frozen=True, slots=True)
class Replaced:
    """That segments of a version took the place of others, and what became of the evidence of its minutes."""

    transcript_id: int
    before: tuple[Segment, ...]
    after: tuple[Segment, ...]
    evidence: dict[int, tuple[Any, Any]]
    """What each line pointed to before and after, by the line's id."""


class EditStore(Database):
    """What the store keeps of the person's changes to the text."""

    def change_segments(
        self,
        meeting_id: MeetingId,
        ids: Sequence[int],
        change: Callable[[Sequence[Segment]], Sequence[Segment]],
    ) -> Replaced:
        """Puts what `change` makes of these segments of the text shown in their place.

        A segment with the id of an earlier one changes it; one with the id 0 is new. Raises `TextChanged` where one
        of them is not in the text any more.
        """
        with self._writing(meeting_id) as session:
            version = _shown(session, meeting_id)
            rows = _rows(session, version, ids)
            before = segment_values(session, meeting_id, rows)
            done = _replaced(session, version, rows, before, change(before))
            text = self._text_with(session, meeting_id, done)
        self._text = text
        return done

    def edit_segment(self, meeting_id: MeetingId, segment_id: int, text: str) -> Replaced:
        """Replaces a segment's text by the person's; see `core.editing.corrected`."""
        return self.change_segments(
            meeting_id, [segment_id], lambda found: [corrected(one, text) for one in found]
        )

    def put_back(self, meeting_id: MeetingId, done: Replaced) -> Replaced:
        """Takes a change back, with the ids and the evidence that there were; gives what does it again.

        Raises `TextChanged` where other text stands there now.
        """
        with self._writing(meeting_id) as session:
            version = _shown(session, meeting_id)
            rows = _rows(session, version, [one.id for one in done.after])
            now = segment_values(session, meeting_id, rows)
            left = {one.id: one for one in done.after}
            # At another time where a passage was cut since: what there was would come back at the wrong one.
            if version.id != done.transcript_id or any(
                (one.text, one.start) != (left[one.id].text, left[one.id].start) for one in now
            ):
                raise errors.TextChanged
            speakers = {one.id: one.speaker_id for one in now if one.speaker_id != left[one.id].speaker_id}
            known = set(session.exec(select(SpeakerRow.id).where(SpeakerRow.meeting_id == meeting_id)))
            back = [
                # Who says it may have been found or chosen since.
                replace(
                    one, speaker_id=spoken if (spoken := speakers.get(one.id, one.speaker_id)) in known else 0
                )
                for one in done.before
            ]
            lines = {line.id: line for line in _lines(session, version)}
            kept = {
                line_id: (after, before)
                for line_id, (before, after) in done.evidence.items()
                if line_id in lines and lines[line_id].evidence == after
            }
            undone = _replaced(session, version, rows, now, back)
            for line_id, (_after, before) in kept.items():
                lines[line_id].evidence = before
            text = self._text_with(session, meeting_id, undone)
        self._text = text
        return replace(undone, evidence={**undone.evidence, **kept})

    def _text_with(
        self, session: Session, meeting_id: MeetingId, done: Replaced
    ) -> tuple[int, Transcript] | None:
        """What `transcript` need not read again once this change is committed; None where it has to."""
        known = self._text
        if known is None or known[1].id != done.transcript_id or known[0] != stamped(session, meeting_id):
            return None
        gone = {one.id for one in done.before}
        shown = [one for one in done.after if one.text or not one.edited]
        segments = sorted(
            (*(one for one in known[1].segments if one.id not in gone), *shown),
            key=lambda one: (one.start, one.id),
        )
        number = session.exec(select(CounterRow.value)).one() + 1
        return number, replace(known[1], segments=tuple(segments))


def _replaced(
    session: Session,
    version: TranscriptRow,
    rows: Sequence[SegmentRow],
    before: tuple[Segment, ...],
    after: Sequence[Segment],
) -> Replaced:
    lines = _lines(session, version)
    pointed = {line.id or 0: line.evidence for line in lines}
    put = put_segments(session, version, rows, after)
    moved = {
        line.id or 0: (pointed[line.id or 0], line.evidence)
        for line in lines
        if line.evidence != pointed[line.id or 0]
    }
    stored = segment_values(session, version.meeting_id, put)
    return Replaced(version.id or 0, before, stored, moved)


def _shown(session: Session, meeting_id: MeetingId) -> TranscriptRow:
    version = shown_version(session, meeting_id)
    if version is None:
        raise errors.TextChanged
    return version


def _rows(session: Session, version: TranscriptRow, ids: Sequence[int]) -> list[SegmentRow]:
    """The segments with these ids, those that the person took out among them, in order."""
    wanted = select(SegmentRow).where(SegmentRow.transcript_id == version.id)
    rows = [row for some in chunks(ids) for row in session.exec(wanted.where(col(SegmentRow.id).in_(some)))]
    if len(rows) != len(set(ids)):
        raise errors.TextChanged
    return sorted(rows, key=lambda row: (row.start, row.id))


def _lines(session: Session, version: TranscriptRow) -> Sequence[LineRow]:
    of_version = select(LineRow).join(MinutesRow, col(MinutesRow.id) == col(LineRow.minutes_id))
    return session.exec(of_version.where(MinutesRow.transcript_id == version.id)).all()
