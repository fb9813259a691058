"""The transcript as a list that draws only what is in sight; text is corrected in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QMenu

from core import messages
from core.messages import _
from core.values import Channel, LiveText, Segment
from desktop.models.transcript import SEGMENT, TranscriptModel
from desktop.views.actions import connect
from desktop.views.delegates import SegmentDelegate
from desktop.views.settings.transcription import SPOKEN

LINGER_MILLISECONDS = 300
"""How long an ended sentence stays: its final text takes its place within this time, and nothing jumps."""


class TranscriptView(QListView):
    """Follows the text at its end while it is being made, unless the person has scrolled away."""

    again_wanted = Signal(float, float, str, str)
    """A stretch is to be transcribed again: its two seconds, and the model and language, '' for those of the text."""

    def __init__(self) -> None:
        super().__init__()
        self.models: tuple[str, ...] = ()
        """The names of those that a stretch can be transcribed with."""
        self.setSelectionMode(QListView.SelectionMode.ContiguousSelection)
        self.setObjectName("transcript")
        self.segments = TranscriptModel(self)
        self.setModel(self.segments)
        self._delegate = SegmentDelegate(self)
        self._named = False
        self.setItemDelegate(self._delegate)
        self._delegate.again_clicked.connect(self.offer_again)
        self.setAccessibleName(_("Transcript"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.DoubleClicked | QListView.EditTrigger.EditKeyPressed)
        self._at_end = False
        self.verticalScrollBar().valueChanged.connect(self._note_end)
        self._top = QPersistentModelIndex()
        self._top_place = 0
        self._leaving: dict[Channel | None, QTimer] = {}
        for channel in (None, *Channel):
            leaving = self._leaving[channel] = QTimer(self)
            leaving.setSingleShot(True)
            leaving.setInterval(LINGER_MILLISECONDS)
            leaving.timeout.connect(partial(self.segments.end_live, channel))
        model, delegate = self.segments, self._delegate
        model.dataChanged.connect(lambda first, last: delegate.forget_rows(first.row(), last.row()))
        model.modelReset.connect(self._begin_anew)
        model.rowsInserted.connect(lambda _parent, first, last: delegate.rows_inserted(first, last))
        model.rowsRemoved.connect(lambda _parent, first, last: delegate.rows_removed(first, last))
        for before, after in (
            (model.rowsAboutToBeInserted, model.rowsInserted),
            (model.rowsAboutToBeRemoved, model.rowsRemoved),
        ):
            before.connect(self._note_place)
            after.connect(self._keep_place)

    def show_channels(self, channels: Sequence[Channel]) -> None:
        """Says who is heard in each segment, where the meeting has more than one channel."""
        named = len(channels) > 1
        if named != self._named:
            self._named = named
            self._wrap()
            self.viewport().update()

    def set_live(self, live: LiveText | None) -> None:
        """Shows the sentence that is being said in a channel; '' takes it away, None those of all channels."""
        if live and live.text.strip():
            self._leaving[live.channel].stop()
            self._note_place()
            self.segments.set_live(live)
            self._keep_place()
            return
        for channel in (live.channel,) if live else self.segments.speaking:
            if not self._leaving[channel].isActive():
                self._leaving[channel].start()

    def go_to(self, segment_id: int, second: float) -> None:
        """Selects the segment and brings it into sight."""
        index = self.segments.row_of(segment_id, second)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index, QListView.ScrollHint.PositionAtCenter)

    def current_second(self) -> float:
        """Where in the meeting the selected segment starts; 0 without one."""
        segment = self.currentIndex().data(SEGMENT)
        return segment.start if isinstance(segment, Segment) else 0.0

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the selected text; by the keyboard it opens at the selected row."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.offer_again()
        else:
            self._pop_up(event.globalPos())

    def offer_again(self, place: QPoint | None = None) -> None:
        """Opens the menu that transcribes the selected stretch, else the first segment, again: at a place of the view,
        else at the selected row.
        """
        if not self.selectedIndexes():
            self.setCurrentIndex(self.segments.index(0))
        self._pop_up(self.viewport().mapToGlobal(place or self.visualRect(self.currentIndex()).center()))

    def _pop_up(self, place: QPoint) -> None:
        if menu := self.menu():
            menu.popup(place)

    def menu(self) -> QMenu | None:
        """How the selected stretch can be transcribed again; None where no segment is selected or text still comes."""
        chosen = [index.data(SEGMENT) for index in self.selectedIndexes()]
        chosen = [one for one in chosen if isinstance(one, Segment)]
        if not chosen or self.segments.growing:
            return None
        start, end = min(one.start for one in chosen), max(one.end for one in chosen)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def offer(place: QMenu, text: str, *, model: str = "", language: str = "") -> None:
            connect(place.addAction(text), partial(self.again_wanted.emit, start, end, model, language))

        offer(menu, _("Transcribe again, more carefully"))
        if self.models:
            others = menu.addMenu(_("Transcribe again with another model"))
            for model in self.models:
                offer(others, model, model=model)
        languages = menu.addMenu(_("Transcribe again in another language"))
        for code in sorted(SPOKEN, key=messages.language_name):
            offer(languages, messages.language_name(code), language=code)
        return menu

    def _begin_anew(self) -> None:
        self._delegate.forget_sizes()
        self._at_end = False

    def _note_end(self) -> None:
        bar = self.verticalScrollBar()
        self._at_end = bar.value() >= bar.maximum() - 2 and self.segments.rowCount() > 0

    def _note_place(self) -> None:
        self._note_end()
        top = self.indexAt(QPoint(self.viewport().width() // 2, 0))
        self._top, self._top_place = QPersistentModelIndex(top), self.visualRect(top).top()

    def _keep_place(self) -> None:
        if self._at_end:
            self.scrollToBottom()
        elif self._top.isValid():
            self.executeDelayedItemsLayout()
            moved = self.visualRect(self.segments.index(self._top.row())).top() - self._top_place
            if moved:
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)

    def _wrap(self) -> None:
        if self._delegate.use(self.viewport().width(), named=self._named):
            self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wraps the text anew where its width changes; above a readable width it does not."""
        super().resizeEvent(event)
        self._wrap()
        if self._at_end and self.segments.growing:
            self.scrollToBottom()

    def changeEvent(self, event: QEvent) -> None:
        """Measures anew in another font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._delegate.forget_sizes()
            self._wrap()
            self.scheduleDelayedItemsLayout()
