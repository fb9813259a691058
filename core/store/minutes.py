"""Minutes: their versions, their lines, and the kept answers of a remote summariser."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from core.store.database import Database, chunks
from core.store.owners import fill_owners, unnamed
from core.store.segments import move_evidence, shown_version
from core.store.tables import LineRow, MeetingRow, MinutesRow, PartRow, SegmentRow, TranscriptRow
from core.values import (
    ActionItem,
    Evidence,
    Line,
    MeetingId,
    Minutes,
    Origin,
    Section,
    Speaker,
    SummaryOptions,
    TemplateSection,
)


class MinutesStore(Database):
    """What the store answers about minutes."""

    def add_minutes(
        self,
        minutes: Minutes,
        merge: Callable[[Sequence[Line], Sequence[Line], bool], Sequence[Line]] | None = None,
    ) -> Minutes:
        """A new version of the minutes, shown from now on; comes back with its ids. A meeting without a title of the
        person's gets theirs.

        `merge` makes its lines from those shown so far, also those that were taken out, the new ones, and whether
        these are in another language; no edit can come in between. Where an older version is shown, it then does the
        same with the newest, which has all that the person did before. Where a remote provider made them, the answers
        kept for them are forgotten.
        """
        with self._writing(minutes.meeting_id) as session:
            new_lines: Sequence[Line] = minutes.lines
            for version in _shown_and_newest(session, minutes.meeting_id) if merge else ():
                before = [_line(row) for row in _line_rows(session, version)]
                if merge and before:
                    new_lines = merge(before, new_lines, version.language != minutes.language)
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
                layout=[
                    [one.key, one.kind, [list(words) for words in one.headings]] for one in minutes.layout
                ],
            )
            session.add(row)
            _entitle(session, row)
            session.flush()
            if row.id is None:
                raise AssertionError
            lines = [_line_row(row.id, place, line) for place, line in enumerate(new_lines)]
            session.add_all(lines)
            fill_owners(session, minutes.meeting_id)
            return _minutes(session, row, lines)

    def minutes(self, meeting_id: MeetingId) -> Minutes | None:
        """The version that is shown, or None."""
        with self._reading() as session:
            row = _active(session, meeting_id)
            return _minutes(session, row, _line_rows(session, row)) if row else None

    def minutes_versions(self, meeting_id: MeetingId) -> tuple[Minutes, ...]:
        """All versions, the newest first, with their lines."""
        with self._reading() as session:
            rows = session.exec(
                select(MinutesRow)
                .where(MinutesRow.meeting_id == meeting_id)
                .order_by(col(MinutesRow.id).desc())
            ).all()
            return tuple(_minutes(session, row, _line_rows(session, row)) for row in rows)

    def activate_minutes(self, meeting_id: MeetingId, minutes_id: int) -> None:
        """Shows this version from now on; its evidence points to the text that is shown."""
        with self._writing(meeting_id) as session:
            wanted = session.get(MinutesRow, minutes_id)
            if wanted is None or wanted.meeting_id != meeting_id:
                return
            made_of = session.get(TranscriptRow, wanted.transcript_id) if wanted.transcript_id else None
            shown = shown_version(session, meeting_id)
            if made_of and shown and made_of is not shown:
                move_evidence(session, made_of, shown)
                fill_owners(session, meeting_id)
            session.execute(
                update(MinutesRow)
                .where(col(MinutesRow.meeting_id) == meeting_id)
                .values(active=col(MinutesRow.id) == minutes_id)
            )
            _entitle(session, wanted)

    def action_items(self) -> tuple[ActionItem, ...]:
        """What is to be done as the minutes shown of all meetings say, those of the newest meeting first."""
        wanted = (
            select(LineRow, MeetingRow.id, MeetingRow.title, MeetingRow.started_at)
            .join(MinutesRow, col(MinutesRow.id) == col(LineRow.minutes_id))
            .join(MeetingRow, col(MeetingRow.id) == col(MinutesRow.meeting_id))
            .where(
                col(LineRow.section) == Section.ACTION_ITEMS,
                col(LineRow.removed).is_(False),
                col(MinutesRow.active).is_(True),
                col(MeetingRow.deleted_at).is_(None),
            )
            .order_by(col(MeetingRow.started_at).desc(), col(LineRow.position))
        )
        with self._reading() as session:
            found = session.exec(wanted).all()
            takers = unnamed(session, [row for row, *_meeting in found])
            return tuple(
                ActionItem(MeetingId(meeting_id), title, started_at, _line(row, takers))
                for row, meeting_id, title, started_at in found
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

    def edit_line(self, meeting_id: MeetingId, line: Line) -> None:
        """Makes the line with this id as the person wants it: its text, owner, due date, tick and marks.

        An owner other than the one who took the task on stays, whatever the speakers are called later.
        """
        self._update_line(
            meeting_id,
            line.id,
            text=line.text,
            owner=line.owner,
            taken=line.taken,
            called=line.called,
            due_said=line.due_said,
            due=line.due,
            done=line.done,
            edited=line.edited,
            supported=line.supported,
            unverified=list(line.unverified),
        )

    def tick(self, meeting_id: MeetingId, line_id: int, *, done: bool) -> None:
        """Notes whether an action item is done."""
        self._update_line(meeting_id, line_id, done=done)

    def remove_line(self, meeting_id: MeetingId, line_id: int, *, removed: bool = True) -> None:
        """Takes a line out of the minutes, or puts it back in its place."""
        self._update_line(meeting_id, line_id, removed=removed)

    def add_line(self, minutes: Minutes, line: Line) -> Line:
        """The line with its id, added behind all others of a version."""
        with self._writing(minutes.meeting_id) as session:
            last = session.exec(
                select(func.max(LineRow.position)).where(LineRow.minutes_id == minutes.id)
            ).one()
            row = _line_row(minutes.id, 0 if last is None else last + 1, line)
            session.add(row)
            session.flush()
            return _line(row)

    def _update_line(self, meeting_id: MeetingId, line_id: int, **values: Any) -> None:
        with self._writing(meeting_id) as session:
            session.execute(update(LineRow).where(col(LineRow.id) == line_id).values(**values))
            fill_owners(session, meeting_id)


def _entitle(session: Session, minutes: MinutesRow) -> None:
    """Calls the meeting as its minutes do, where the person gave it no title."""
    meeting = session.get(MeetingRow, minutes.meeting_id)
    if meeting and meeting.placeholder is not None:
        meeting.title = minutes.title.strip() or meeting.placeholder


def _active(session: Session, meeting_id: MeetingId) -> MinutesRow | None:
    return session.exec(
        select(MinutesRow).where(MinutesRow.meeting_id == meeting_id, col(MinutesRow.active).is_(True))
    ).first()


def _shown_and_newest(session: Session, meeting_id: MeetingId) -> list[MinutesRow]:
    """The version that is shown, and the one made last where that is another."""
    wanted = select(MinutesRow).where(MinutesRow.meeting_id == meeting_id)
    newest = session.exec(wanted.order_by(col(MinutesRow.id).desc())).first()
    both = (_active(session, meeting_id), newest)
    return list({row.id: row for row in both if row}.values())


def _line_rows(session: Session, row: MinutesRow) -> Sequence[LineRow]:
    return session.exec(
        select(LineRow).where(LineRow.minutes_id == row.id).order_by(col(LineRow.position))
    ).all()


def _minutes(session: Session, row: MinutesRow, lines: Sequence[LineRow]) -> Minutes:
    takers = unnamed(session, lines)
    doubtful = _on_doubtful_text(session, lines)
    shown = [line for line in lines if not line.removed]
    return Minutes(
        id=row.id or 0,
        meeting_id=MeetingId(row.meeting_id),
        transcript_id=row.transcript_id or 0,
        options=SummaryOptions(**row.options),
        made_by=row.made_by,
        language=row.language,
        created_at=row.created_at,
        title=row.title,
        lines=tuple(dataclasses.replace(_line(line, takers), doubtful=line.id in doubtful) for line in shown),
        layout=tuple(_template_section(one) for one in row.layout),
        left_out=len(lines) - len(shown),
    )


def _on_doubtful_text(session: Session, lines: Sequence[LineRow]) -> set[int | None]:
    """The ids of those of these lines that rest on text which may be wrong; what the person wrote rests on nothing."""
    rest_on = {
        line.id: {one for evidence in line.evidence for one in evidence["segments"]}
        for line in lines
        if not line.edited
    }
    doubtful = set[int]()
    for ids in chunks(sorted(set().union(*rest_on.values()))):
        wanted = select(SegmentRow.id).where(col(SegmentRow.id).in_(ids), col(SegmentRow.doubt) != "")
        doubtful.update(one for one in session.exec(wanted) if one)
    return {line_id for line_id, segments in rest_on.items() if segments & doubtful}


def _template_section(stored: Sequence[Any]) -> TemplateSection:
    key, kind, headings = stored
    return TemplateSection(key, Section(kind), tuple((language, words) for language, words in headings))


def _line(row: LineRow, takers: Mapping[int, Speaker] = MappingProxyType({})) -> Line:
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
        taken=row.taken,
        called=row.called,
        due_said=row.due_said,
        due=row.due if isinstance(row.due, date) else None,
        done=row.done,
        edited=row.edited,
        part=row.part,
        origin=Origin(row.origin),
        removed=row.removed,
        taker=takers.get(row.id or 0),
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
        taken=line.taken,
        called=line.called or ("" if line.edited or line.taken is not None else line.owner),
        due_said=line.due_said,
        due=line.due,
        done=line.done,
        edited=line.edited,
        part=line.part,
        origin=line.origin,
        removed=line.removed,
    )
