"""The library's rows: meetings by day, newest first, each with one line that says where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core import errors, messages
from core.messages import _, ngettext
from core.values import Failure, Meeting, MeetingId, Stage, Waiting, Work

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Activity:
    """What this program is doing with a meeting right now.

    `fraction` is 0 to 1, None where unknown; `part` is the one of `parts` that is worked on, 0 where there are none.
    What is `queued` waits for its turn, where `live` for the text of what is being recorded; what is done `elsewhere`
    is so by another program.
    """

    stage: Stage
    fraction: float | None = None
    seconds_left: float | None = None
    waiting: Waiting | None = None
    queued: bool = False
    live: bool = False
    elsewhere: bool = False
    stopping: bool = False
    part: int = 0
    parts: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """Where a meeting stands, in words; `tone` is 'plain', 'busy', 'danger' or 'recording'."""

    text: str
    tone: str = "plain"


def activity_line(activity: Activity) -> str:
    """What is being done, how far, and how long it still takes."""
    doing = messages.stage_label(activity.stage)
    if activity.stopping:
        return _("Pausing")
    if activity.elsewhere:
        return _("In progress in another window")
    if activity.live:
        return _("Waiting: the recording's text goes first")
    if activity.queued:
        return _("Waiting for its turn")
    if activity.waiting:
        return _("{doing}: trying again in {time}").format(
            doing=doing, time=messages.length(activity.waiting.seconds)
        )
    if activity.fraction is None:
        return doing
    part = messages.part_label(activity.part, activity.parts)
    done = " · ".join(filter(None, (f"{doing} {messages.percent(activity.fraction)}", part)))
    if activity.seconds_left is None:
        return done
    return f"{done} · {messages.time_left(activity.seconds_left)}"


def failed_work(meeting: Meeting) -> tuple[Work, Failure] | None:
    """What was asked for and could not be done, and why; what is only missing its speakers is not among it."""
    return next(
        (
            (work, work.failure)
            for work in meeting.work
            if work.failure and not (work.stage is Stage.SEPARATE and meeting.transcript_complete)
        ),
        None,
    )


def paused_line(meeting: Meeting) -> str:
    """That the person paused it, and how far it had come."""
    if meeting.transcribed and meeting.duration and not meeting.transcript_complete:
        return _("Paused at {percent}").format(
            percent=messages.percent(min(1.0, meeting.transcribed / meeting.duration))
        )
    return _("Paused")


def state(meeting: Meeting, activity: Activity | None) -> State:
    """The one line below a meeting's title."""
    if meeting.recording_open:
        return State(messages.stage_label(Stage.RECORD), "recording")
    if activity:
        return State(activity_line(activity), "busy")
    if failed := failed_work(meeting):
        return State(messages.explain(errors.from_failure(failed[1])).what, "danger")
    if any(work.paused for work in meeting.work):
        return State(paused_line(meeting))
    if meeting.has_minutes:
        if meeting.decision_count == 1:
            return State(meeting.first_decision)
        if meeting.decision_count:
            count = meeting.decision_count
            return State(ngettext("{count} decision", "{count} decisions", count).format(count=count))
        return State(_("Minutes ready"))
    return State(_("Transcript ready") if meeting.transcript_complete else _("Not transcribed yet"))


class Role(IntEnum):
    """What the rows say besides their title."""

    MEETING = Qt.ItemDataRole.UserRole
    ACTIVITY = Qt.ItemDataRole.UserRole + 1
    STATE = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class _Row:
    day: date
    meeting: Meeting | None = None

    @property
    def key(self) -> tuple[date, str]:
        return self.day, self.meeting.id if self.meeting else ""


class MeetingsModel(QAbstractListModel):
    """Day headings and meetings in one list; headings cannot be selected and have no `Role.MEETING`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._meetings: dict[MeetingId, Meeting] = {}
        self._activities: dict[MeetingId, Activity] = {}
        self._rows: list[_Row] = []
        self._today = date.today()  # noqa: DTZ011  the person's own day

    # --- what commands tell ------------------------------------------------------------------------

    def set_meetings(self, meetings: Iterable[Meeting]) -> None:
        """Shows exactly these."""
        self._meetings = {meeting.id: meeting for meeting in meetings}
        self._arrange()

    def put(self, meeting: Meeting) -> None:
        """Shows this meeting, new or changed."""
        self._meetings[meeting.id] = meeting
        self._arrange()

    def remove(self, meeting_id: MeetingId) -> None:
        """Shows it no longer."""
        if self._meetings.pop(meeting_id, None):
            self._arrange()

    def set_activity(self, meeting_id: MeetingId, activity: Activity | None) -> None:
        """What is being done with a meeting, or None."""
        if activity:
            self._activities[meeting_id] = activity
        else:
            self._activities.pop(meeting_id, None)
        index = self.index_of(meeting_id)
        if index.isValid():
            self.dataChanged.emit(index, index)

    def activity_of(self, meeting_id: MeetingId) -> Activity | None:
        """What is being done with a meeting, or None."""
        return self._activities.get(meeting_id)

    def renew_days(self) -> None:
        """Names the days again when a new one has begun."""
        today = date.today()  # noqa: DTZ011
        if today != self._today:
            self._today = today
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    # --- what views ask ----------------------------------------------------------------------------

    def index_of(self, meeting_id: str) -> QModelIndex:
        """The row of a meeting; invalid where it has none."""
        for place, row in enumerate(self._rows):
            if row.meeting and row.meeting.id == meeting_id:
                return self.index(place)
        return QModelIndex()

    def newest(self) -> QModelIndex:
        """The first meeting's row; invalid in an empty library."""
        return self.index(1) if self._rows else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Headings and meetings together."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings are only read."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self._rows[index.row()].meeting is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title or day, and what `Role` names."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if row.meeting is None:
            return self._day_label(row.day) if role in _TEXT_ROLES else None
        activity = self._activities.get(row.meeting.id)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.meeting.title
            case Qt.ItemDataRole.ToolTipRole:
                return f"{row.meeting.title}\n{messages.day_and_time(row.meeting.started_at)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                length = messages.length(row.meeting.duration)
                return f"{row.meeting.title}, {length}, {state(row.meeting, activity).text}"
            case Role.MEETING:
                return row.meeting
            case Role.ACTIVITY:
                return activity
            case Role.STATE:
                return state(row.meeting, activity)
        return None

    def _day_label(self, day: date) -> str:
        if day == self._today:
            return _("Today")
        if day == self._today - timedelta(days=1):
            return _("Yesterday")
        return messages.day(day)

    # --- keeping the rows in order -----------------------------------------------------------------

    def _arrange(self) -> None:
        """Brings the rows up to date by the smallest change, so that views keep place and selection."""
        old, new = self._rows, _arranged(self._meetings.values())
        same_head = _common(old, new)
        same_tail = _common(old[same_head:][::-1], new[same_head:][::-1])
        last_old, last_new = len(old) - same_tail, len(new) - same_tail
        if last_old > same_head:
            self.beginRemoveRows(QModelIndex(), same_head, last_old - 1)
            self._rows = old[:same_head] + old[last_old:]
            self.endRemoveRows()
        if last_new > same_head:
            self.beginInsertRows(QModelIndex(), same_head, last_new - 1)
            self._rows = old[:same_head] + new[same_head:last_new] + old[last_old:]
            self.endInsertRows()
        before, self._rows = self._rows, new
        for place, (was, row) in enumerate(zip(before, new, strict=True)):
            if was != row:
                self.dataChanged.emit(self.index(place), self.index(place))


_TEXT_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


def _arranged(meetings: Iterable[Meeting]) -> list[_Row]:
    rows: list[_Row] = []
    day: date | None = None
    for meeting in sorted(meetings, key=_newest_first, reverse=True):
        local = meeting.started_at.astimezone().date()
        if local != day:
            day = local
            rows.append(_Row(day))
        rows.append(_Row(local, meeting))
    return rows


def _newest_first(meeting: Meeting) -> tuple[datetime, str]:
    return meeting.started_at, meeting.id


def _common(first: list[_Row], second: list[_Row]) -> int:
    """How many rows at the start of both stand for the same."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one.key != other.key:
            break
        count += 1
    return count
