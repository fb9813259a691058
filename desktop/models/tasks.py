"""What is to be done, of one meeting or of all: the overdue first, what is done last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core import messages
from core.messages import _
from core.values import ActionItem
from desktop import tips

Index = QModelIndex | QPersistentModelIndex


class Group(StrEnum):
    """When something is due, in the order in which it is shown."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    SOME_DAY = "some day"
    DONE = "done"


class Role(IntEnum):
    """What the rows say besides their text."""

    ITEM = Qt.ItemDataRole.UserRole  # ActionItem, None for a heading
    OVERDUE = Qt.ItemDataRole.UserRole + 1
    FACTS = Qt.ItemDataRole.UserRole + 2


class TasksModel(QAbstractListModel):
    """Action items below the headings of when they are due; each can be ticked."""

    ticked = Signal(object, bool)  # ActionItem, done

    def __init__(self, parent: QObject | None = None, *, of_one_meeting: bool = False) -> None:
        super().__init__(parent)
        self._one = of_one_meeting
        self._items: tuple[ActionItem, ...] = ()
        self._rows: list[Group | ActionItem] = []
        self._owner = ""
        self._done = True

    def set_items(self, items: Iterable[ActionItem]) -> None:
        """Has exactly these."""
        self._items = tuple(items)
        self._arrange()

    def show_only(self, owner: str, *, done: bool) -> None:
        """Shows what is to be done by `owner` ('': by anybody), and, `done`, what was."""
        self._owner, self._done = owner, done
        self._arrange()

    def owners(self) -> list[str]:
        """Everybody who has something to do, in the order of the alphabet."""
        return sorted(set(filter(None, map(_known, self._items))), key=str.casefold)

    @property
    def count(self) -> int:
        """How many items there are, shown or not."""
        return len(self._items)

    def rows(self, first: int, last: int) -> list[ActionItem | None]:
        """The items of these rows; None for a heading."""
        return [row if isinstance(row, ActionItem) else None for row in self._rows[first : last + 1]]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Headings and items together."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings are only read."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._rows[index.row()], Group):
            return Qt.ItemFlag.ItemNeverHasChildren
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text or heading, whether it is done, and what `Role` names."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        text_roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if isinstance(row, Group):
            return _label(row) if role in text_roles else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.line.text
            case Qt.ItemDataRole.ToolTipRole:
                return tips.plain(row.line.text)
            case Qt.ItemDataRole.AccessibleTextRole:
                done = _("done") if row.line.done else _("not done")
                return ", ".join(filter(None, (row.line.text, done, *self._facts(row))))
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if row.line.done else Qt.CheckState.Unchecked
            case Role.ITEM:
                return row
            case Role.OVERDUE:
                return _group(row) is Group.OVERDUE
            case Role.FACTS:
                return self._facts(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ticks an item, or takes the tick away; `ticked` tells. It stays where it stands until it is read again."""
        row = self._rows[index.row()] if index.isValid() else None
        if role != Qt.ItemDataRole.CheckStateRole or not isinstance(row, ActionItem):
            return False
        done = Qt.CheckState(value) == Qt.CheckState.Checked
        self._rows[index.row()] = replace(row, line=replace(row.line, done=done))
        self.dataChanged.emit(index, index)
        self.ticked.emit(row, done)
        return True

    def _facts(self, item: ActionItem) -> tuple[str, ...]:
        """Who is to do it, when, and which meeting says so."""
        due = messages.day(item.line.due) if item.line.due else item.line.due_said
        of = () if self._one else (item.of,)
        return tuple(filter(None, (messages.owner(item.line), due, *of)))

    def _arrange(self) -> None:
        """Shows the rows again; those that are the same keep their places, and views what they know of them."""
        groups: dict[Group, list[ActionItem]] = {group: [] for group in Group}
        for item in self._items:
            if (not self._owner or _known(item) == self._owner) and (self._done or not item.line.done):
                groups[_group(item)].append(item)
        rows: list[Group | ActionItem] = []
        for group, items in groups.items():
            if items:
                by_date = sorted(items, key=lambda one: one.line.due or date.max)
                rows += [group, *(by_date if group is not Group.DONE else items)]
        if [_key(row) for row in rows] == [_key(row) for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


def _known(item: ActionItem) -> str:
    """Whose it is, where that one is known in other meetings too: a number means somebody else in each."""
    taker = item.line.taker
    return messages.owner(item.line) if taker is None or taker.is_me else ""


def _key(row: Group | ActionItem) -> object:
    return row if isinstance(row, Group) else row.line.id


def _group(item: ActionItem) -> Group:
    """When it is due, seen from today; a week ends on Sunday."""
    today = date.today()  # noqa: DTZ011  the person's own day
    due = item.line.due
    if item.line.done:
        return Group.DONE
    if due is None:
        return Group.SOME_DAY
    if due < today:
        return Group.OVERDUE
    if due == today:
        return Group.TODAY
    return Group.WEEK if due <= today + timedelta(days=6 - today.weekday()) else Group.LATER


def _label(group: Group) -> str:
    return {
        Group.OVERDUE: _("Overdue"),
        Group.TODAY: _("Today"),
        Group.WEEK: _("This week"),
        Group.LATER: _("Later"),
        Group.SOME_DAY: _("Without a date"),
        Group.DONE: _("Done"),
    }[group]
