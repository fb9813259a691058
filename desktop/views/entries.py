"""A list of a few entries: what the style draws of them, on the ground that rows have in every list."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop import theme
from desktop.models.tasks import Index
from desktop.views.row_ground import paint_ground


class Entries(QListWidget):
    """Entries by their words, some with a box to tick; `name` is that of the style sheet."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMouseTracking(True)
        self.setItemDelegate(_Delegate(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key shows where the keyboard is."""
        theme.show_ring(self, on=True)
        super().keyPressEvent(event)


class _Delegate(QStyledItemDelegate):
    """Words and box on their ground."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, option.rect)
        painter.restore()
        plain, state = QStyleOptionViewItem(option), QStyle.StateFlag
        plain.state &= ~(state.State_Selected | state.State_MouseOver | state.State_HasFocus)
        super().paint(painter, plain, index)
