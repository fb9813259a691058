"""Segments that were cut where the voice changes: made one again, and cut again as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from core.editing import cut_as, pieces, whole
from core.store.segments import put_segments, segment_rows, segment_values, shown_version
from core.store.tables import SegmentRow, TranscriptRow, TurnRow
from core.values import MeetingId, Segment


def join_pieces(session: Session, meeting_id: MeetingId) -> None:
    """Makes one again of neighbours that were cut where the voice changed, and that the same speaker says now.

    What the person gave to somebody by itself stays by itself.
    """
    session.flush()
    version = shown_version(session, meeting_id)
    if version is None or not _may_join(session, version):
        return
    chosen = select(TurnRow).where(TurnRow.meeting_id == meeting_id, col(TurnRow.chosen).is_(True))
    moved = {(one.channel, one.start, one.end) for one in session.exec(chosen)}
    rows = segment_rows(session, version)
    parts = pieces(
        segment_values(session, meeting_id, rows),
        lambda *both: (
            both[0].speaker_id == both[1].speaker_id
            and moved.isdisjoint((one.channel, one.start, one.end) for one in both)
        ),
    )
    if len(parts) < len(rows):
        put_segments(session, version, rows, map(whole, parts))


def _may_join(session: Session, version: TranscriptRow) -> bool:
    """Whether one goes on where another one of the same speaker was cut: cheaper than to read all of them."""
    cut = session.exec(
        select(SegmentRow.channel, SegmentRow.continues, SegmentRow.speaker_id).where(
            SegmentRow.transcript_id == version.id, col(SegmentRow.continues).is_not(None)
        )
    ).all()
    ends = select(SegmentRow.channel, SegmentRow.end, SegmentRow.speaker_id).where(
        SegmentRow.transcript_id == version.id
    )
    return bool(cut) and not set(cut).isdisjoint(session.exec(ends))


def cut_again(session: Session, version: TranscriptRow, earlier: Sequence[Segment]) -> Sequence[SegmentRow]:
    """The segments of a version, cut where the voice changes as they were in an `earlier` state of its text."""
    rows = segment_rows(session, version)
    parts = cut_as(earlier, segment_values(session, MeetingId(version.meeting_id), rows))
    # The state may be that of another version, whose segments have their ids still.
    own = {row.id for row in rows}
    taken = {one.id for one in parts if one.id not in own and session.get(SegmentRow, one.id) is not None}
    put_segments(session, version, rows, [replace(one, id=0) if one.id in taken else one for one in parts])
    return segment_rows(session, version)
