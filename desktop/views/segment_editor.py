"""The field in which a segment of the transcript is written."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from core.messages import _
from core.values import Segment
from desktop import theme
from desktop.models.transcript import SEGMENT

Index = QModelIndex | QPersistentModelIndex

_EDITOR_FRAME = 11
"""Pixels of frame and padding above and below the text of the field, see the style sheet."""


class Editor(QTextEdit):
    """The text of one segment while it is being changed."""

    def __init__(self, parent: QWidget, index: Index) -> None:
        super().__init__(parent)
        self._index = QPersistentModelIndex(index)
        self.setFont(theme.font())
        self.setAccessibleName(_("Text of this segment"))
        self.setToolTip(_("Enter keeps, Esc leaves, Ctrl+Enter splits here"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setObjectName("segmentEditor")
        self.setAcceptRichText(False)
        self.document().setDocumentMargin(0)
        self.document().setModified(False)
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._grow())

    def _grow(self) -> None:
        if self.needed > self.height():
            self.resize(self.width(), self.needed)

    @property
    def needed(self) -> int:
        """How many pixels high it must be to show all of its text."""
        return ceil(self.document().size().height()) + _EDITOR_FRAME

    def begin(self, text: str) -> None:
        """Shows a text in lines as far apart as those of the transcript, with the cursor at its end."""
        self.setPlainText(text)
        lines = QTextBlockFormat()
        kind = QTextBlockFormat.LineHeightTypes.ProportionalHeight
        lines.setLineHeight(100 * theme.LINE_HEIGHT, kind.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(lines)
        self.document().clearUndoRedoStacks()
        self.document().setModified(False)
        self.moveCursor(QTextCursor.MoveOperation.End)

    @property
    def segment_id(self) -> int:
        """Whose text it is."""
        said = self._index.data(SEGMENT)
        return said.id if isinstance(said, Segment) else 0

    @property
    def row(self) -> int:
        """Where it stands in the text."""
        return self._index.row()

    @property
    def place(self) -> int:
        """How many characters stand before the cursor."""
        before = self.toPlainText().encode("utf-16-le")[: 2 * self.textCursor().position()]
        return len(before.decode("utf-16-le"))
