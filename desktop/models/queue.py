"""The queue's rows: the meetings of which something is asked for, in their order, and how long each still waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal

from core import errors, messages
from core.messages import _
from core.values import MeetingId, Queued, Stage
from desktop import tips
from desktop.models.meetings import Index, Role
from desktop.models.states import Activity, State, activity_line, paused_line


class QueueModel(QAbstractListModel):
    """Its rows answer the roles of the library's; moving one asks for it by `moved`."""

    moved = Signal(str, object)  # the meeting, and the one it is put before, None for the end

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: list[Queued] = []
        self._activities: dict[MeetingId, Activity] = {}

    # --- what commands tell ------------------------------------------------------------------------

    def set_queue(self, queue: Iterable[Queued]) -> None:
        """Shows exactly these, in this order."""
        new = list(queue)
        if [one.meeting.id for one in new] == [one.meeting.id for one in self._queue]:
            self._queue = new
            self._renew()
        else:
            self.beginResetModel()
            self._queue = new
            self.endResetModel()

    def set_activity(self, meeting_id: MeetingId, activity: Activity | None) -> None:
        """What is being done with a meeting, or None."""
        if activity:
            self._activities[meeting_id] = activity
        else:
            self._activities.pop(meeting_id, None)
        self._renew()

    def _renew(self) -> None:
        if self._queue:
            self.dataChanged.emit(self.index(0), self.index(len(self._queue) - 1))

    # --- what views ask ----------------------------------------------------------------------------

    def at(self, row: int) -> Queued | None:
        """The entry in this row."""
        return self._queue[row] if 0 <= row < len(self._queue) else None

    def row_of(self, meeting_id: str) -> int:
        """The row of a meeting, -1 where it has none."""
        return next((row for row, one in enumerate(self._queue) if one.meeting.id == meeting_id), -1)

    @property
    def entries(self) -> tuple[Queued, ...]:
        """All of them, in their order."""
        return tuple(self._queue)

    def seconds_left(self, until: MeetingId | None = None) -> float | None:
        """The work until a meeting is through, or all that wait are; None where a part of it is not known."""
        whole, speed = 0.0, self._speed()
        running = (one for one in self._queue if self._runs(one))
        waiting = (
            one for one in self._queue if one.waits and not self._runs(one) and not self._elsewhere(one)
        )
        for one in (*running, *waiting):
            activity = self._activities.get(one.meeting.id)
            left = activity.seconds_left if activity and self._runs(one) else one.seconds
            if left is None and not self._runs(one) and speed:
                left = one.meeting.duration / speed
            if left is None and one.work.stage == Stage.TRANSCRIBE:
                return None
            whole += left or 0.0
            if one.meeting.id == until:
                break
        return whole

    def _speed(self) -> float | None:
        """Seconds of meeting per second, as the text that is made now goes: for models that were never seen to work."""
        for one in self._queue:
            activity = self._activities.get(one.meeting.id)
            if activity and self._runs(one) and activity.seconds_left and activity.fraction is not None:
                return one.meeting.duration * (1 - activity.fraction) / activity.seconds_left
        return None

    def _runs(self, one: Queued) -> bool:
        activity = self._activities.get(one.meeting.id)
        return activity is not None and not (activity.queued or activity.elsewhere)

    def _elsewhere(self, one: Queued) -> bool:
        activity = self._activities.get(one.meeting.id)
        return activity.elsewhere if activity and not activity.queued else one.held and not self._runs(one)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many meetings there are in the queue."""
        return 0 if parent.isValid() else len(self._queue)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title, and what `Role` names."""
        one = self.at(index.row()) if index.isValid() else None
        if one is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one.meeting.title
            case Qt.ItemDataRole.ToolTipRole:
                return tips.plain(f"{one.meeting.title}\n{self._state(one).text}")
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{one.meeting.title}, {self._state(one).text}"
            case Role.MEETING:
                return one.meeting
            case Role.ACTIVITY:
                return self._activities.get(one.meeting.id)
            case Role.STATE:
                return self._state(one)
        return None

    def _state(self, one: Queued) -> State:
        activity = self._activities.get(one.meeting.id)
        if self._elsewhere(one):
            return State(activity_line(Activity(one.work.stage, elsewhere=True)))
        if activity and not activity.queued:
            return State(activity_line(activity), "busy")
        if one.work.failure:
            return State(messages.explain(errors.from_failure(one.work.failure)).what, "danger")
        if one.work.paused:
            return State(paused_line(one.meeting))
        waits = activity_line(activity or Activity(one.work.stage, queued=True))
        left = self.seconds_left(one.meeting.id)
        if (activity and activity.live) or not left:
            return State(waits)
        return State(_("Waiting · {time} in all").format(time=messages.time_left(left)))

    # --- moving ------------------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows are chosen, dragged, and put between others."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows move; nothing is copied."""
        return Qt.DropAction.MoveAction

    def moveRows(self, _from: Index, row: int, count: int, _to: Index, before: int) -> bool:
        """Puts one row before another, and asks for it."""
        if count != 1 or not self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), before):
            return False
        behind = self.at(before)
        one = self._queue.pop(row)
        self._queue.insert(before - (before > row), one)
        self.endMoveRows()
        self._renew()
        self.moved.emit(one.meeting.id, behind.meeting.id if behind else None)
        return True
