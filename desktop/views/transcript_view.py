"""The transcript as a list that draws only what is in sight; text is corrected in place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListView

from core.messages import _
from core.values import Segment
from desktop.models.transcript import SEGMENT, TranscriptModel
from desktop.views.delegates import SegmentDelegate


class TranscriptView(QListView):
    """Follows the text at its end while it is being made, unless the person has scrolled away."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("transcript")
        self.segments = TranscriptModel(self)
        self.setModel(self.segments)
        self._delegate = SegmentDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(_("Transcript"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.DoubleClicked | QListView.EditTrigger.EditKeyPressed)
        self._at_end = True
        self.segments.dataChanged.connect(
            lambda first, last: self._delegate.forget_rows(first.row(), last.row())
        )
        self.segments.modelReset.connect(self._delegate.forget_sizes)
        self.segments.rowsAboutToBeInserted.connect(self._note_place)
        self.segments.rowsInserted.connect(self._follow)

    def go_to(self, segment_id: int, second: float) -> None:
        """Selects the segment and brings it into sight."""
        index = self.segments.row_of(segment_id, second)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index, QListView.ScrollHint.PositionAtCenter)

    def current_second(self) -> float:
        """Where in the meeting the selected segment starts; 0 without one."""
        segment = self.currentIndex().data(SEGMENT)
        return segment.start if isinstance(segment, Segment) else 0.0

    def _note_place(self) -> None:
        bar = self.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum() - 2 and self.segments.rowCount() > 0

    def _follow(self) -> None:
        if self._at_end:
            self.scrollToBottom()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wraps the text anew where its width changes; above a readable width it does not."""
        super().resizeEvent(event)
        if self._delegate.use(self.viewport().width()):
            self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        """Measures anew in another font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._delegate.forget_sizes()
            self._delegate.use(self.viewport().width())
            self.scheduleDelayedItemsLayout()
