"""Whose the action items are: of whoever took them on in the meeting, by the name that one has now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, or_, select

from core.store.database import chunks
from core.store.query import fold
from core.store.tables import LineRow, MeetingRow, MinutesRow, SegmentRow, SpeakerRow
from core.values import Channel, Speaker


def fill_owners(session: Session, meeting_id: str) -> None:
    """Has the action items of a meeting's minutes, of all versions, go by the names that their owners have now."""
    session.flush()
    lines = _lines(session, meeting_id)
    takers = _takers(session, lines)
    for line in lines:
        taker = takers.get(line.id or 0)
        owner = (taker.name if taker else "") or line.called
        if line.owner != owner:
            line.owner = owner


def unnamed(session: Session, lines: Sequence[LineRow]) -> dict[int, Speaker]:
    """The speakers who took on what has no owner by name, by the ids of these lines."""
    nobodys = [line for line in lines if line.taken is not None and not line.owner]
    return {
        line_id: Speaker(
            row.id or 0,
            row.number,
            colour=row.colour,
            is_me=row.is_me,
            channel=Channel(row.channel) if row.channel else None,
        )
        for line_id, row in _takers(session, nobodys).items()
    }


def called(session: Session, meeting_id: str) -> tuple[tuple[int, str], ...]:
    """The lines whose owners were named in words, with these names."""
    return tuple((line.id or 0, line.called) for line in _lines(session, meeting_id) if line.called)


def call(session: Session, meeting_id: str, names: Iterable[tuple[int, str]]) -> None:
    """Has owners be called again what `called` told."""
    known = dict(names)
    for line in _lines(session, meeting_id):
        line.called = known.get(line.id or 0, "")


def rename_owners(session: Session, meeting_id: str, before: str, after: str) -> None:
    """Has those who were called by one name go by another one.

    Those called by the beginning of the new name only, "Ana" for "Ana Silva", are meant too where nobody else in the
    meeting is called so.
    """
    if not after:
        return
    meeting = session.get(MeetingRow, meeting_id)
    named = session.exec(select(SpeakerRow.name).where(SpeakerRow.meeting_id == meeting_id))
    others = {fold(one) for one in (*named, *(meeting.participants if meeting else ()))} - {fold(after)}
    for line in _lines(session, meeting_id):
        meant = fold(line.called) == fold(before) or (
            _begins(fold(after), fold(line.called))
            and not any(_begins(other, fold(line.called)) for other in others)
        )
        if line.called and meant:
            line.called = after


def _begins(name: str, beginning: str) -> bool:
    return f"{name} ".startswith(f"{beginning} ")


def _lines(session: Session, meeting_id: str) -> Sequence[LineRow]:
    """The lines that have an owner whom the person did not choose, or would have one if the speaker had a name."""
    wanted = (
        select(LineRow)
        .join(MinutesRow, col(MinutesRow.id) == col(LineRow.minutes_id))
        .where(
            MinutesRow.meeting_id == meeting_id, or_(col(LineRow.taken).is_not(None), LineRow.called != "")
        )
    )
    return session.exec(wanted).all()


def _taken(line: LineRow) -> Mapping[str, Any]:
    """The evidence in which the owner takes the task on; an empty one where there is none."""
    place = line.taken
    return line.evidence[place] if place is not None and place < len(line.evidence) else {}


def _takers(session: Session, lines: Iterable[LineRow]) -> dict[int, SpeakerRow]:
    """Who takes these on, by the lines' ids, as far as that is known."""
    taken = {line.id or 0: _taken(line) for line in lines}
    said: dict[int, tuple[float, float, SpeakerRow]] = {}
    for ids in chunks(sorted({one for evidence in taken.values() for one in evidence.get("segments", ())})):
        wanted = (
            select(SegmentRow.id, SegmentRow.start, SegmentRow.end, SpeakerRow)
            .join(SpeakerRow, col(SpeakerRow.id) == col(SegmentRow.speaker_id))
            .where(col(SegmentRow.id).in_(ids))
        )
        said |= {
            segment_id or 0: (start, end, speaker) for segment_id, start, end, speaker in session.exec(wanted)
        }
    return {
        line_id: who for line_id, evidence in taken.items() if (who := _who_says(evidence, said)) is not None
    }


def _who_says(
    evidence: Mapping[str, Any], said: Mapping[int, tuple[float, float, SpeakerRow]]
) -> SpeakerRow | None:
    """The one who says most of these words."""
    segments = [said[one] for one in evidence.get("segments", ()) if one in said]
    if not segments:
        return None
    return max(segments, key=lambda one: min(one[1], evidence["end"]) - max(one[0], evidence["start"]))[2]
