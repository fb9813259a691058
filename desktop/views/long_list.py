"""A list of rows of any height at the price of those in sight: the others are guessed until they come there."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem

from desktop.views.widgets import Rows

Index = QModelIndex | QPersistentModelIndex

STEP = 48
"""Pixels of a step of the wheel or of a click on the scroll bar's arrow."""


class LongList(Rows):
    """Keeps the row at its top in place, whatever comes, goes or grows; or its end, where `sticks` and it was in sight.

    The heights of all rows are known as guesses at once. Nothing is laid out but what is painted, so that ten thousand
    rows open as quickly as ten.
    """

    def __init__(self) -> None:
        # Before the list is made, which asks where rows are.
        self.sticks = True
        """Whether the end stays in sight where it was."""
        self._heights: list[int] = []
        self._exact: list[bool] = []
        self._tops: list[int] | None = None
        self._row = self._above = 0  # what stands at the top, and how much of it is above it
        self._at_end = False
        self._value = 0
        self._settling = False
        super().__init__()

    def guess(self, first: int, last: int) -> list[int]:
        """About how high rows are, in pixels; asked for all of them, so it must be quick."""
        raise NotImplementedError

    def watch(self) -> None:
        """Follows the model from now on; after `setModel`."""
        model = self.model()
        model.rowsInserted.connect(lambda _parent, first, last: self._rows_came(first, last))
        model.rowsRemoved.connect(lambda _parent, first, last: self._rows_went(first, last))
        model.dataChanged.connect(lambda first, last: self._rows_changed(first.row(), last.row()))
        model.modelReset.connect(self._begin_anew)
        self._begin_anew()

    def measure_anew(self) -> None:
        """After a change of font or width; the row at the top stays there."""
        count = self.model().rowCount()
        self._heights = self.guess(0, count - 1)
        self._exact = [False] * count
        self._tops = None
        self.scheduleDelayedItemsLayout()

    @property
    def at_end(self) -> bool:
        """Whether the last row is in sight, down to its end."""
        return self._at_end

    @property
    def measured(self) -> int:
        """How many rows were measured."""
        return sum(self._exact)

    # --- what comes and goes -----------------------------------------------------------------------

    def _begin_anew(self) -> None:
        self._row = self._above = self._value = 0
        self._at_end = False
        self.measure_anew()

    def _rows_came(self, first: int, last: int) -> None:
        count = last + 1 - first
        self._heights[first:first] = self.guess(first, last)
        self._exact[first:first] = [False] * count
        if first <= self._row and len(self._heights) > count:
            self._row += count
        self._tops = None

    def _rows_went(self, first: int, last: int) -> None:
        del self._heights[first : last + 1]
        del self._exact[first : last + 1]
        if self._row > last:
            self._row -= last + 1 - first
        elif self._row >= first:
            self._row, self._above = first, 0
        self._tops = None

    def _rows_changed(self, first: int, last: int) -> None:
        behind = min(last + 1, len(self._exact))
        self._exact[first:behind] = [False] * (behind - first)
        self.scheduleDelayedItemsLayout()

    # --- where rows are ----------------------------------------------------------------------------

    def _height(self, row: int) -> int:
        """How high a row is, measured."""
        if not self._exact[row]:
            high = self.sizeHintForIndex(self.model().index(row, 0)).height()
            self._exact[row] = True
            if high != self._heights[row]:
                self._heights[row] = high
                self._tops = None
        return self._heights[row]

    def _top(self, row: int) -> int:
        if self._tops is None:
            self._tops = [0, *accumulate(self._heights)]
        return self._tops[row]

    def _walk(self, down: int) -> None:
        """Moves what is in sight by so many pixels, measured row by row."""
        self._above += down
        while self._above < 0 and self._row > 0:
            self._row -= 1
            self._above += self._height(self._row)
        self._above = max(0, self._above)
        last = len(self._heights) - 1
        while self._row < last and self._above >= self._height(self._row):
            self._above -= self._height(self._row)
            self._row += 1

    def _settle(self) -> None:
        """Measures what is in sight and has the scroll bar say where that is."""
        if self._settling:
            return
        self._settling = True
        room = self.viewport().height()
        count = len(self._heights)
        if self.sticks and self._at_end and count:
            self._row, self._above = count - 1, self._height(count - 1)
            self._walk(-room)
        self._row = max(0, min(self._row, count - 1))
        if count:
            self._above = min(self._above, self._height(self._row))
        seen, row = -self._above, self._row
        while row < count and seen < room:
            seen += self._height(row)
            row += 1
        if row == count and seen < room:
            self._walk(seen - room)
            seen = room
        self._at_end = row == count and seen <= room + 1
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._top(count) - room))
        bar.setPageStep(room)
        bar.setSingleStep(STEP)
        bar.setValue(self._top(self._row) + self._above)
        self._value = bar.value()
        self._settling = False

    def scrollContentsBy(self, _right: int, _down: int) -> None:
        """Goes where the scroll bar says: not far by measured rows, so that nothing jumps, else by the guesses."""
        if self._settling:
            return
        value = self.verticalScrollBar().value()
        down = value - self._value
        self._at_end = False
        if abs(down) <= 2 * self.viewport().height():
            self._walk(down)
        else:
            self._row = max(0, min(bisect_right(self._tops or [0], value) - 1, len(self._heights) - 1))
            self._above = value - self._top(self._row)
        if value == self.verticalScrollBar().maximum():
            self._at_end = True
            self._settle_end()
        self._settle()
        self.updateEditorGeometries()
        self.viewport().update()

    def _settle_end(self) -> None:
        if count := len(self._heights):
            self._row, self._above = count - 1, self._height(count - 1)
            self._walk(-self.viewport().height())

    def scrollToBottom(self) -> None:
        """Shows the end."""
        self.executeDelayedItemsLayout()
        self._at_end = True
        self._settle_end()
        self._settle()
        self.viewport().update()

    # --- what a view answers -----------------------------------------------------------------------

    def doItemsLayout(self) -> None:
        """Nothing is laid out but what is in sight."""
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        """The scroll bar, and the field of a row that is being edited."""
        self._settle()
        self.updateEditorGeometries()

    def verticalOffset(self) -> int:
        """How far it is scrolled."""
        return self._value

    def visualRect(self, index: Index) -> QRect:
        """Where a row is, in the view."""
        if not index.isValid() or index.row() >= len(self._heights):
            return QRect()
        top = self._top(index.row()) - self._top(self._row) - self._above
        return QRect(0, top, self.viewport().width(), self._heights[index.row()])

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The row at a place of the view."""
        place = self._top(self._row) + self._above + point.y() if self._heights else -1
        if not 0 <= place < self._top(len(self._heights)):
            return QModelIndex()
        return self.model().index(bisect_right(self._tops or [0], place) - 1, 0)

    def scrollTo(self, index: Index, hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible) -> None:
        """Brings a row into sight."""
        if not index.isValid() or index.row() >= len(self._heights):
            return
        self.executeDelayedItemsLayout()
        room, row = self.viewport().height(), index.row()
        high = self._height(row)
        top = self.visualRect(index).top()
        if hint == QListView.ScrollHint.EnsureVisible:
            if top >= 0 and top + high <= room:
                return
            hint = (
                QListView.ScrollHint.PositionAtTop
                if top < 0 or high > room
                else QListView.ScrollHint.PositionAtBottom
            )
        self._at_end = False
        self._row, self._above = row, 0
        if hint == QListView.ScrollHint.PositionAtCenter:
            self._walk(-max(0, (room - high) // 2))
        elif hint == QListView.ScrollHint.PositionAtBottom:
            self._walk(high - room)
        self._settle()
        self.updateEditorGeometries()
        self.viewport().update()

    def moveCursor(self, action: QListView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The row that a key leads to."""
        count = len(self._heights)
        if not count:
            return QModelIndex()
        now = self.currentIndex().row()
        moves = QListView.CursorAction
        page = self.viewport().height()
        row = {
            moves.MoveUp: now - 1,
            moves.MovePrevious: now - 1,
            moves.MoveDown: now + 1,
            moves.MoveNext: now + 1,
            moves.MoveHome: 0,
            moves.MoveEnd: count - 1,
        }.get(action, now)
        if action in {moves.MovePageUp, moves.MovePageDown}:
            place = self._top(max(0, now)) + (page if action == moves.MovePageDown else -page)
            row = bisect_right(self._tops or [0], place) - 1
        return self.model().index(max(0, min(row, count - 1)), 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Selects the rows that a rectangle of the view touches."""
        first, last = self._rows_in(rect.normalized())
        model = self.model()
        chosen = (
            QItemSelection(model.index(first, 0), model.index(last, 0)) if first <= last else QItemSelection()
        )
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Where selected rows are in sight."""
        region = QRegion()
        first, last = self._rows_in(self.viewport().rect())
        for row in range(first, last + 1):
            index = self.model().index(row, 0)
            if selection.contains(index):
                region += QRegion(self.visualRect(index))
        return region

    def _rows_in(self, rect: QRect) -> tuple[int, int]:
        """The first and the last row that a rectangle of the view touches."""
        base = self._top(self._row) + self._above if self._heights else 0
        self._top(0)
        tops = self._tops or [0]
        last = min(bisect_right(tops, base + rect.bottom()) - 1, len(self._heights) - 1)
        return max(0, bisect_right(tops, base + rect.top()) - 1), last

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the rows in sight."""
        self.executeDelayedItemsLayout()
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = option.state
        delegate, selected = self.itemDelegate(), self.selectionModel()
        hovered = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        first, last = self._rows_in(event.rect())
        for row in range(first, last + 1):
            index = self.model().index(row, 0)
            option.rect = self.visualRect(index)
            option.state = plain
            if selected.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if index == hovered:
                option.state |= QStyle.StateFlag.State_MouseOver
            if index == self.currentIndex() and self.hasFocus():
                option.state |= QStyle.StateFlag.State_HasFocus
            delegate.paint(painter, option, index)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps what is at the top, or the end."""
        super().resizeEvent(event)
        self.updateGeometries()
