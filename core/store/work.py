"""What was asked for and is not finished."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from core.store.database import Database, chunks, stamp
from core.store.stored import options_of
from core.store.tables import WorkRow
from core.values import Failure, MeetingId, Options, Stage, Work


class WorkStore(Database):
    """What the store answers about work."""

    def ask(self, meeting_id: MeetingId, stage: Stage, options: Options) -> Work:
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
            return work_value(row)

    def work(self) -> tuple[Work, ...]:
        """Everything asked for and not finished, in its order."""
        with self._reading() as session:
            return tuple(map(work_value, session.exec(select(WorkRow).order_by(col(WorkRow.position)))))

    def finish(self, meeting_id: MeetingId, stage: Stage, options: Options | None = None) -> None:
        """Notes that the stage is done with `options`, or, without them, no longer wanted.

        A wish for other options stays: it came in the meantime.
        """
        with self._writing(meeting_id) as session:
            wishes = select(WorkRow).where(WorkRow.meeting_id == meeting_id, WorkRow.stage == stage)
            for row in session.exec(wishes):
                if options in {None, work_value(row).options}:
                    session.delete(row)

    def pause(self, meeting_id: MeetingId, stage: Stage, *, paused: bool) -> None:
        """Notes that the stage waits until the person wants it again."""
        self._update_work(meeting_id, stage, paused=paused)

    def pause_work(self, meeting_ids: Iterable[MeetingId], *, paused: bool) -> None:
        """Notes that all that was asked for of these meetings waits until it is wanted again, or goes on."""
        with self._writing() as session:
            for chosen in chunks(list(meeting_ids)):
                session.execute(
                    update(WorkRow).where(col(WorkRow.meeting_id).in_(chosen)).values(paused=paused)
                )
                stamp(session, chosen)

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
            for chosen in chunks(sorted(changed)):
                stamp(session, chosen)

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


def work_value(row: WorkRow) -> Work:
    """A row as a value."""
    stage = Stage(row.stage)
    return Work(
        id=row.id or 0,
        meeting_id=MeetingId(row.meeting_id),
        stage=stage,
        options=options_of(stage, row.options),
        position=row.position,
        paused=row.paused,
        failure=Failure(**row.failure) if row.failure else None,
    )
