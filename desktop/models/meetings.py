"""The library's rows: meetings by day, newest first, each with one line that says where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core import messages
from core.messages import _
from core.values import Meeting, MeetingId
from desktop import tips
from desktop.models.states import Activity, failed_work, state

Index = QModelIndex | QPersistentModelIndex


class Order(StrEnum):
    """How the library is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    LONGEST = "longest"


class Which(StrEnum):
    """Which meetings are shown, by how far they are."""

    ALL = "all"
    UNREAD = "unread"
    """Without a whole text."""
    FAILED = "failed"
    UNDECIDED = "no_minutes"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the library shows of its meetings, and in which order. A `tag` of '' means those with any tag or none."""

    starred: bool = False
    tag: str = ""
    which: Which = Which.ALL
    order: Order = Order.NEWEST

    def has(self, meeting: Meeting) -> bool:
        """Whether it is among them."""
        fits = {
            Which.ALL: True,
            Which.UNREAD: not meeting.transcript_complete,
            Which.FAILED: failed_work(meeting) is not None,
            Which.UNDECIDED: not meeting.has_minutes,
        }[self.which]
        tags = {tag.casefold() for tag in meeting.tags}
        return (
            fits and (meeting.starred or not self.starred) and (not self.tag or self.tag.casefold() in tags)
        )


class Role(IntEnum):
    """What the rows say besides their title."""

    MEETING = Qt.ItemDataRole.UserRole
    ACTIVITY = Qt.ItemDataRole.UserRole + 1
    STATE = Qt.ItemDataRole.UserRole + 2
    WHEN = Qt.ItemDataRole.UserRole + 3


@dataclass(frozen=True, slots=True)
class _Row:
    heading: str  # its day, or its month as '2026-03'; '' where there are no headings
    meeting: Meeting | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.heading, self.meeting.id if self.meeting else ""


_TODAY, _YESTERDAY, _THIS_WEEK, _LAST_WEEK = "today", "yesterday", "this week", "last week"


class MeetingsModel(QAbstractListModel):
    """Meetings below the headings of their days; headings cannot be selected and have no `Role.MEETING`."""

    renamed = Signal(str, str)  # a meeting's id and its new title

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._meetings: dict[MeetingId, Meeting] = {}
        self._activities: dict[MeetingId, Activity] = {}
        self._rows: list[_Row] = []
        self._places: dict[str, int] = {}
        self._shown = Shown()
        self._today = date.today()  # noqa: DTZ011  the person's own day

    # --- what commands tell ------------------------------------------------------------------------

    def set_meetings(self, meetings: Iterable[Meeting]) -> None:
        """Has exactly these."""
        self._meetings = {meeting.id: meeting for meeting in meetings}
        self._arrange()

    def put(self, meeting: Meeting) -> None:
        """Has this meeting, new or changed."""
        self._meetings[meeting.id] = meeting
        self._arrange()

    def remove(self, meeting_id: MeetingId) -> None:
        """Has it no longer."""
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
            self._arrange()

    def show_only(self, shown: Shown) -> None:
        """Shows these meetings in this order."""
        if shown != self._shown:
            self._shown = shown
            self._arrange()

    # --- what views ask ----------------------------------------------------------------------------

    @property
    def shown(self) -> Shown:
        """What is shown of the meetings, and in which order."""
        return self._shown

    @property
    def count(self) -> int:
        """How many meetings there are, shown or not."""
        return len(self._meetings)

    def meeting(self, meeting_id: str) -> Meeting | None:
        """The meeting with this id, shown or not."""
        return self._meetings.get(MeetingId(meeting_id))

    def all(self) -> tuple[Meeting, ...]:
        """Every meeting of the library, whatever is shown of it; not what is in the bin."""
        return tuple(self._meetings.values())

    def tags(self) -> list[str]:
        """Every tag that a meeting has, in the order of the alphabet."""
        known = {tag.casefold(): tag for meeting in self._meetings.values() for tag in meeting.tags}
        return [known[tag] for tag in sorted(known)]

    def index_of(self, meeting_id: str) -> QModelIndex:
        """The row of a meeting; invalid where it has none."""
        place = self._places.get(meeting_id)
        return QModelIndex() if place is None else self.index(place)

    def newest(self) -> QModelIndex:
        """The first meeting's row; invalid where none is shown."""
        return next((self.index(place) for place, row in enumerate(self._rows) if row.meeting), QModelIndex())

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Headings and meetings together."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings are only read; titles can be changed."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self._rows[index.row()].meeting is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title or heading, and what `Role` names."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if row.meeting is None:
            return self._heading(row.heading) if role in _TEXT_ROLES else None
        activity = self._activities.get(row.meeting.id)
        match role:
            case Role.MEETING:  # first, as it is asked of every row
                return row.meeting
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.meeting.title
            case Qt.ItemDataRole.ToolTipRole:
                return tips.plain(f"{row.meeting.title}\n{messages.day_and_time(row.meeting.started_at)}")
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._read_out(row, activity)
            case Role.ACTIVITY:
                return activity
            case Role.STATE:
                return state(row.meeting, activity)
            case Role.WHEN:
                return self._when(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Takes another title, which `renamed` tells."""
        meeting = self._rows[index.row()].meeting if index.isValid() else None
        title = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or meeting is None or title in {"", meeting.title}:
            return False
        self.put(replace(meeting, title=title))
        self.renamed.emit(meeting.id, title)
        return True

    def _read_out(self, row: _Row, activity: Activity | None) -> str:
        assert row.meeting
        starred = _("starred") if row.meeting.starred else ""
        parts = (
            row.meeting.title,
            self._when(row),
            messages.length(row.meeting.duration),
            starred,
            state(row.meeting, activity).text,
        )
        return ", ".join(filter(None, parts))

    def _when(self, row: _Row) -> str:
        """What the heading above does not say of the meeting's day."""
        assert row.meeting
        if row.heading in {_TODAY, _YESTERDAY}:
            return messages.time_of_day(row.meeting.started_at)
        return (
            messages.short_day(row.meeting.started_at)
            if row.heading
            else messages.day(row.meeting.started_at)
        )

    def _heading(self, heading: str) -> str:
        named = {
            _TODAY: _("Today"),
            _YESTERDAY: _("Yesterday"),
            _THIS_WEEK: _("This week"),
            _LAST_WEEK: _("Last week"),
        }
        return named.get(heading) or messages.month(date.fromisoformat(heading))

    # --- keeping the rows in order -----------------------------------------------------------------

    def _arrange(self) -> None:
        """Brings the rows up to date by the smallest change, so that views keep place and selection."""
        old, new = self._rows, _arranged(self._meetings.values(), self._shown, self._today)
        same_head = _common(old, new)
        same_tail = _common(old[same_head:][::-1], new[same_head:][::-1])
        last_old, last_new = len(old) - same_tail, len(new) - same_tail
        if last_old > same_head:
            self.beginRemoveRows(QModelIndex(), same_head, last_old - 1)
            self._set_rows(old[:same_head] + old[last_old:])
            self.endRemoveRows()
        if last_new > same_head:
            self.beginInsertRows(QModelIndex(), same_head, last_new - 1)
            self._set_rows(old[:same_head] + new[same_head:last_new] + old[last_old:])
            self.endInsertRows()
        before = self._rows
        self._set_rows(new)
        for place, (was, row) in enumerate(zip(before, new, strict=True)):
            if was != row:
                self.dataChanged.emit(self.index(place), self.index(place))

    def _set_rows(self, rows: list[_Row]) -> None:
        self._rows = rows
        self._places = {row.meeting.id: place for place, row in enumerate(rows) if row.meeting}


_TEXT_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


def _arranged(meetings: Iterable[Meeting], shown: Shown, today: date) -> list[_Row]:
    chosen = [meeting for meeting in meetings if shown.has(meeting)]
    if shown.order is Order.TITLE:
        return [_Row("", one) for one in sorted(chosen, key=lambda one: (one.title.casefold(), one.id))]
    if shown.order is Order.LONGEST:
        return [_Row("", one) for one in sorted(chosen, key=lambda one: (-one.duration, one.id))]
    rows: list[_Row] = []
    before = ""
    newest_first = shown.order is Order.NEWEST
    for meeting in sorted(chosen, key=lambda one: (one.started_at, one.id), reverse=newest_first):
        heading = _heading_of(_local_day(meeting.started_at), today)
        if heading != before:
            before = heading
            rows.append(_Row(heading))
        rows.append(_Row(heading, meeting))
    return rows


@lru_cache(maxsize=10_000)
def _local_day(moment: datetime) -> date:
    return moment.astimezone().date()


def _heading_of(day: date, today: date) -> str:
    """Below which heading a day stands: weeks begin on Monday."""
    monday = today - timedelta(days=today.weekday())
    if day == today:
        return _TODAY
    if day == today - timedelta(days=1):
        return _YESTERDAY
    if monday <= day < today:
        return _THIS_WEEK
    if monday - timedelta(days=7) <= day < monday:
        return _LAST_WEEK
    return day.replace(day=1).isoformat()


def _common(first: list[_Row], second: list[_Row]) -> int:
    """How many rows at the start of both stand for the same."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one.key != other.key:
            break
        count += 1
    return count
