"""Minutes: their versions, their lines, and the kept answers of a remote summariser."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from core.store.database import Database
from core.store.tables import LineRow, MeetingRow, MinutesRow, PartRow
from core.values import ActionItem, Evidence, Line, MeetingId, Minutes, Section, SummaryOptions


class MinutesStore(Database):
    """What the store answers about minutes."""

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

    def action_items(self) -> tuple[ActionItem, ...]:
        """What is to be done as the minutes shown of all meetings say, those of the newest meeting first."""
        wanted = (
            select(LineRow, MeetingRow.id, MeetingRow.title, MeetingRow.started_at)
            .join(MinutesRow, col(MinutesRow.id) == col(LineRow.minutes_id))
            .join(MeetingRow, col(MeetingRow.id) == col(MinutesRow.meeting_id))
            .where(
                col(LineRow.section) == Section.ACTION_ITEMS,
                col(MinutesRow.active).is_(True),
                col(MeetingRow.deleted_at).is_(None),
            )
            .order_by(col(MeetingRow.started_at).desc(), col(LineRow.position))
        )
        with self._reading() as session:
            return tuple(
                ActionItem(MeetingId(meeting_id), title, started_at, _line(row))
                for row, meeting_id, title, started_at in session.exec(wanted)
            )

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
