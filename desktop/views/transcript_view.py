"""The transcript as a list that draws only what is in sight; it is read, heard and changed there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from re import Pattern

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractSlider, QApplication, QMenu, QToolTip, QWidget

from core import editing, messages
from core.messages import _
from core.values import Channel, LiveText, Segment, Speaker, Word
from desktop.models.transcript import DRAFT, SEGMENT, TranscriptModel
from desktop.views.actions import Actions, connect
from desktop.views.long_list import LongList
from desktop.views.segment_delegate import Marks, SegmentDelegate
from desktop.views.segment_editor import Editor
from desktop.views.text_menu import again_menu, speaker_menu, text_menu

LINGER_MILLISECONDS = 300
"""How long an ended sentence stays: its final text takes its place within this time, and nothing jumps."""

SECOND_CLICK_MILLISECONDS = 250
"""How long after a click on a word nothing is heard yet: most second clicks, which open the text, come within it."""


class TranscriptView(LongList):
    """Follows the text at its end while it is being made, and what is played, unless the person has scrolled away."""

    again_wanted = Signal(float, float, str, str)
    """A stretch is to be transcribed again: its two seconds, and the model and language, '' for those of the text."""
    listen_wanted = Signal(float, object)
    """The meeting is to be played from this second on; until another, where it is not None."""
    listening_unwanted = Signal()
    """What a click has just begun to play was only the first half of a double click."""
    written = Signal()
    """The person has written something in the open field."""
    split_wanted = Signal(int, str, int)
    """A segment is to be kept with a text and cut before one of its characters: its id, the text, the place."""
    merge_wanted = Signal(object)  # Sequence[int], the ids
    removal_wanted = Signal(object)  # Sequence[int], the ids
    cut_wanted = Signal(float, float)
    """What lies between two seconds is to be cut from the meeting."""
    speaker_wanted = Signal(object, int, str)
    """Who says segments, by their ids: the id of the speaker, or 0 and a new name."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.actions_ = actions
        self.models: tuple[str, ...] = ()
        """The names of those that a stretch can be transcribed with."""
        self.speakers: tuple[Speaker, ...] = ()
        """Those of the meeting."""
        self.setSelectionMode(LongList.SelectionMode.ExtendedSelection)
        self.setObjectName("transcript")
        self.segments = TranscriptModel(self)
        self._delegate = SegmentDelegate(self)
        self._heard: tuple[int, Sequence[Word]] = (0, ())
        self._follows = True
        self._click_plays, self._clicked = False, 0.0
        self._second_click = QTimer(self)
        self._second_click.setSingleShot(True)
        self._second_click.setInterval(min(SECOND_CLICK_MILLISECONDS, QApplication.doubleClickInterval()))
        self._second_click.timeout.connect(lambda: self._listen(self._clicked))
        self._meeting_id = ""
        self._place = (0.0, 0)  # where the reader was before the text was made anew
        self._was_at_end = False
        self._unkept: tuple[float, str] | None = None  # what they were writing then, and at which second
        self.setModel(self.segments)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(_("Transcript"))
        self.setEditTriggers(LongList.EditTrigger.DoubleClicked | LongList.EditTrigger.EditKeyPressed)
        self.viewport().setMouseTracking(True)
        self._leaving: dict[Channel | None, QTimer] = {}
        for channel in (None, *Channel):
            leaving = self._leaving[channel] = QTimer(self)
            leaving.setSingleShot(True)
            leaving.setInterval(LINGER_MILLISECONDS)
            leaving.timeout.connect(partial(self.segments.end_live, channel))
        self.segments.modelAboutToBeReset.connect(self._note_place)
        self.watch()
        self.segments.modelReset.connect(self._read_anew)
        self._delegate.written.connect(self.written)
        self._delegate.split_wanted.connect(self.split_wanted)
        self._delegate.merge_wanted.connect(self._merge_beside)
        self._delegate.closeEditor.connect(self._editor_closed)
        self.verticalScrollBar().actionTriggered.connect(self._scrolled_by_hand)
        self._connect_actions(actions)

    def _connect_actions(self, actions: Actions) -> None:
        self.addActions(actions.of_text)
        connect(actions.edit_text, self._edit)
        connect(actions.play_text, self._play_selected)
        connect(actions.hear_text, self._hear_selected)
        connect(actions.copy_text, self._copy)
        connect(actions.merge_next, self._merge_selected)
        connect(actions.merge_previous, lambda: self._merge_beside(self._current_id(), -1))
        connect(actions.split_text, self._begin_split)
        connect(actions.insert_text, self._insert)
        connect(actions.speaker, self._offer_speakers)
        connect(actions.cut_text, self._cut_selected)
        connect(actions.remove_text, self._remove_selected)
        self.selectionModel().selectionChanged.connect(self.enable_fitting)
        self.enable_fitting()

    def enable_fitting(self) -> None:
        """Offers what can be done with what is selected."""
        some = any(first < self.segments.count for first, _end in self._selected_spans())
        for action in self.actions_.of_text:
            action.setEnabled(some)
        self.actions_.cut_text.setEnabled(some and not self.segments.growing)

    def guess(self, first: int, last: int) -> list[int]:
        """About how high rows are, in pixels."""
        return self._delegate.guess(self.segments.said(first, last))

    # --- showing -----------------------------------------------------------------------------------

    def show_speakers(self, speakers: Sequence[Speaker], channels: tuple[Channel, ...]) -> None:
        """Says who is heard in each segment, where that is known or the meeting has more than one channel."""
        self.speakers = tuple(speakers)
        self.segments.set_speakers(speakers, channels if len(channels) > 1 else ())
        self._wrap()
        self.viewport().update()

    def set_live(self, live: LiveText | None) -> None:
        """Shows the sentence that is being said in a channel; '' takes it away, None those of all channels."""
        if live and live.text.strip():
            self._leaving[live.channel].stop()
            self.segments.set_live(live)
            return
        for channel in (live.channel,) if live else self.segments.speaking:
            if not self._leaving[channel].isActive():
                self._leaving[channel].start()

    def go_to(self, segment_id: int, second: float) -> None:
        """Selects the segment and brings it into sight."""
        index = self.segments.row_of(segment_id, second)
        self._choose(index)
        self.scrollTo(index, LongList.ScrollHint.PositionAtCenter)

    def _choose(self, index: QModelIndex) -> None:
        """Selects one row alone, whichever keys are held."""
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def current_second(self) -> float:
        """Where in the meeting the selected segment starts; 0 without one."""
        segment = self.currentIndex().data(SEGMENT)
        return segment.start if isinstance(segment, Segment) else 0.0

    def selected(self) -> list[Segment]:
        """The selected segments, in their order."""
        return [self.segments.segments[row] for row in self._selected_rows()]

    def _selected_rows(self) -> list[int]:
        # Not row by row: all of a long text may be selected.
        count = self.segments.count
        return sorted({row for first, end in self._selected_spans() for row in range(first, min(end, count))})

    def _selected_spans(self) -> list[tuple[int, int]]:
        """The first row of each run of selected ones, and the one behind its last."""
        chosen = self.selectionModel().selection()
        return [(chosen.at(place).top(), chosen.at(place).bottom() + 1) for place in range(chosen.size())]

    def mark_sought(self, sought: Pattern[str] | None, found_at: tuple[int, int] = (0, -1)) -> None:
        """Marks what is looked for, and the one that is looked at: the segment's id, and the place in its text."""
        self._delegate.sought, self._delegate.found_at = sought, found_at
        self.viewport().update()

    def mark_searched(self, marks: Marks | None) -> None:
        """Marks what a search has found, as `marks` tells it of each text; None: nothing any more."""
        self._delegate.searched = marks
        self.viewport().update()

    # --- following what is played ------------------------------------------------------------------

    def follow(self, second: float) -> None:
        """Marks the word that is heard at a second, and keeps it in sight unless the person looks elsewhere."""
        row = self.segments.row_of(0, second).row()
        segments = self.segments.segments
        if row < 0 or row >= len(segments) or not segments[row].start <= second <= segments[row].end:
            self._mark_heard(0, -1)
            return
        said = segments[row]
        if self._heard[0] != said.id or len(self._heard[1]) != len(said.text.split()):
            self._heard = (said.id, editing.spoken(said))
        words = self._heard[1]
        number = next((place for place, word in enumerate(words) if second < word.end), len(words) - 1)
        if (said.id, number) == self._delegate.heard:
            return
        moved = said.id != self._delegate.heard[0]
        self._mark_heard(said.id, number)
        index = self.segments.index(row)
        if moved and self._follows and self.state() is not self.State.EditingState:
            self._bring(index)
        elif self.viewport().rect().contains(self.visualRect(index)):
            self._follows = True

    def _mark_heard(self, segment_id: int, number: int) -> None:
        if self._delegate.heard == (segment_id, number):
            return
        before, self._delegate.heard = self._delegate.heard[0], (segment_id, number)
        for one in {before, segment_id} - {0}:
            self.viewport().update(self.visualRect(self.segments.row_of(one)))

    def _bring(self, index: QModelIndex) -> None:
        """Keeps the row that is heard in the upper part of the view, moving seldom rather than at every row."""
        place, room = self.visualRect(index), self.viewport().height()
        if place.top() < 0 or place.bottom() > room * 3 // 4:
            self.scrollTo(index, LongList.ScrollHint.PositionAtTop)
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - room // 5)

    def _scrolled_by_hand(self, _action: int = 0) -> None:
        self._follows = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The person looks elsewhere."""
        self._scrolled_by_hand(QAbstractSlider.SliderAction.SliderMove.value)
        super().wheelEvent(event)

    # --- hands -------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The first half of a click."""
        self._click_plays = False
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens the text for the person to write; what the first click began to play is not wanted then."""
        awaited = self._second_click.isActive()
        self._second_click.stop()
        super().mouseDoubleClickEvent(event)
        if self._click_plays and not awaited and self.state() is self.State.EditingState:
            self.listening_unwanted.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a word or a time plays there; one on a link below a doubtful text does what that says."""
        super().mouseReleaseEvent(event)
        spot = event.position().toPoint()
        index = self.indexAt(spot)
        said = index.data(SEGMENT)
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() != Qt.MouseButton.LeftButton or not plain or not isinstance(said, Segment):
            return
        row = self.visualRect(index)
        link = self._delegate.link_at(row, index, spot)
        if link == "again":
            self.offer_again(spot)
        elif link == "listen":
            self._listen(said.start, said.end)
        elif len(self.selected()) == 1 and self.state() is not self.State.EditingState:
            word = self._delegate.word_at(row, index, spot)
            words = editing.spoken(said)
            if word is not None and word < len(words):
                self._click_plays, self._clicked = True, words[word].start
                self._second_click.start()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over links."""
        super().mouseMoveEvent(event)
        spot = event.position().toPoint()
        index = self.indexAt(spot)
        link = index.isValid() and self._delegate.link_at(self.visualRect(index), index, spot)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter writes in the selected text; letters are not searched for."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._edit()
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._scrolled_by_hand()

    def keyboardSearch(self, _text: str) -> None:
        """Letters do not lead anywhere: a segment does not begin with what one looks for."""

    def _listen(self, second: float, until: float | None = None) -> None:
        self._follows = True
        self.listen_wanted.emit(second, until)

    def _hear_selected(self) -> None:
        if selected := self.selected():
            self._listen(selected[0].start, max(one.end for one in selected))

    def _play_selected(self) -> None:
        if selected := self.selected():
            self._listen(selected[0].start)

    def go_to_doubt(self, step: int) -> None:
        """Selects the next doubtful text, or the one before; behind the last comes the first."""
        segments, count = self.segments.segments, self.segments.count
        at = self.currentIndex().row()
        start = at if at >= 0 else -1 if step > 0 else 0
        for far in range(1, count + 1):
            said = segments[(start + step * far) % count]
            if said.doubt:
                self.go_to(said.id, said.start)
                self.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    # --- changing ----------------------------------------------------------------------------------

    def commit(self) -> None:
        """Keeps the text that the person is writing, as it reads now."""
        if editor := self._open_editor():
            self._delegate.commitData.emit(editor)
            self._delegate.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def unkept(self) -> tuple[int, str] | None:
        """What the person is writing: the id of the segment, or minus that of the one above a new one, and the text."""
        editor = self._open_editor()
        if editor is None or not editor.document().isModified():
            return None
        above = self.segments.index(editor.row - 1).data(SEGMENT) if editor.segment_id == DRAFT else None
        return (-above.id if isinstance(above, Segment) else editor.segment_id), editor.toPlainText()

    def write(self, subject: int, text: str) -> bool:
        """Has the person write on in a segment, or in a new one, as `unkept` tells it; False where it is gone."""
        row = self.segments.row_of(abs(subject)).row()
        if row < 0 or self.segments.segments[row].id != abs(subject):
            return False
        index = self.segments.index(row) if subject > 0 else self.segments.begin_draft(row)
        self._choose(index)
        self.scrollTo(index)
        self.edit(index)
        if editor := self._open_editor():
            editor.selectAll()
            editor.insertPlainText(text)
        return editor is not None

    def _open_editor(self) -> Editor | None:
        found = self.viewport().findChildren(Editor)
        return next((editor for editor in found if not editor.isHidden()), None)

    def _current_id(self) -> int:
        said = self.currentIndex().data(SEGMENT)
        return said.id if isinstance(said, Segment) else 0

    def _merge_selected(self) -> None:
        """Makes one of what is selected, with all that stands between, or of it and the next one."""
        rows = self._selected_rows()
        if not rows:
            return
        first, last = rows[0], max(rows[-1], rows[0] + 1)
        joined = self.segments.segments[first : last + 1]
        if len(joined) > 1:
            self.merge_wanted.emit([one.id for one in joined])

    def _remove_selected(self) -> None:
        """Asks for what is selected to be taken out, and selects what comes next."""
        rows = {index.row() for index in self.selectionModel().selectedRows()}
        ids = [one.id for one in self.selected()]
        if not ids:
            return
        below = (row for row in range(min(rows), self.segments.count) if row not in rows)
        self._choose(self.segments.index(next(below, max(0, min(rows) - 1))))
        self.removal_wanted.emit(ids)

    def _cut_selected(self) -> None:
        """Asks for what is selected, with all that stands between, to be cut."""
        if chosen := self.selected():
            self.cut_wanted.emit(chosen[0].start, max(one.end for one in chosen))

    def _merge_beside(self, segment_id: int, step: int) -> None:
        """Makes one of a segment and the one before it or behind it, of the same channel."""
        row = self.segments.row_of(segment_id).row()
        other = row + step
        segments = self.segments.segments
        if segment_id > 0 and 0 <= other < len(segments):
            ids = [one.id for one in segments[min(row, other) : max(row, other) + 1]]
            self.merge_wanted.emit(ids)

    def _insert(self) -> None:
        """A field for new text below the selected one."""
        row = self.currentIndex().row()
        if 0 <= row < self.segments.count:
            index = self.segments.begin_draft(row)
            self._choose(index)
            self.scrollTo(index)
            self.edit(index)

    def _edit(self) -> None:
        """A field for the selected text, where it can be written in: not yet in a sentence that is being said."""
        index = self.currentIndex()
        if self.state() is not self.State.EditingState and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def _begin_split(self) -> None:
        """Opens the selected text, and says how it is cut there."""
        self._edit()
        if editor := self._open_editor():
            QToolTip.showText(
                editor.mapToGlobal(editor.rect().bottomLeft()),
                _("Go to the word with which the second text begins, and press Ctrl+Enter"),
                editor,
            )

    def _editor_closed(self, _editor: QWidget, _hint: QAbstractItemDelegate.EndEditHint) -> None:
        self.segments.end_draft()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_speakers(self) -> None:
        speaker_menu(self).popup(self._below(self.currentIndex()))

    def _copy(self) -> None:
        """What is selected, each with its time and who says it."""
        lines = []
        by_name = _("{name}: {text}")
        for said in self.selected():
            voice = self.segments.voice(said)
            text = messages.said(said)
            named = by_name.format(name=voice.name, text=text) if voice else text
            lines.append(f"[{messages.clock(said.start)}] {named}")
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    # --- menus -------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the selected text; by the keyboard it opens at the selected row."""
        if not self.selectedIndexes():
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            text_menu(self).popup(self._below(self.currentIndex()))
            return
        spot = event.pos()
        index = self.indexAt(spot)
        character = (
            self._delegate.character_at(self.visualRect(index), index, spot) if index.isValid() else None
        )
        text_menu(self, index.data(SEGMENT), character or 0).popup(event.globalPos())

    def offer_again(self, place: QPoint | None = None) -> None:
        """Opens the menu that transcribes the selected stretch, else the first segment, again: at a place of the view,
        else at the selected row.
        """
        if not self.selectedIndexes():
            self.setCurrentIndex(self.segments.index(0))
        if menu := self.menu():
            menu.popup(self.viewport().mapToGlobal(place) if place else self._below(self.currentIndex()))

    def menu(self) -> QMenu | None:
        """How the selected stretch can be transcribed again; None where no segment is selected or it cannot."""
        return again_menu(self) if self.selected() and self.segments.can_be_made_again else None

    def _below(self, index: QModelIndex) -> QPoint:
        return self.viewport().mapToGlobal(self.visualRect(index).center())

    # --- measuring ---------------------------------------------------------------------------------

    def _note_place(self) -> None:
        top = self.indexAt(QPoint(0, 0))
        said = top.data(SEGMENT)
        second = said.start if isinstance(said, Segment) else 0.0
        self._place = (second, self.visualRect(top).top()) if self.verticalOffset() else (0.0, 0)
        self._was_at_end = self.at_end and self.verticalOffset() > 0
        self._meeting_id = self.segments.meeting_id
        unkept = self.unkept()
        edited = self.segments.row_of(abs(unkept[0])).data(SEGMENT) if unkept else None
        self._unkept = (edited.start, unkept[1]) if unkept and isinstance(edited, Segment) else None

    def _read_anew(self) -> None:
        """Another text: of the same meeting it is shown where the reader was, with what they are writing there."""
        self._delegate.forget()
        self._delegate.heard, self._heard, self._follows = (0, -1), (0, ()), True
        same = self._meeting_id and self._meeting_id == self.segments.meeting_id
        if same and self._was_at_end and self.segments.growing:
            self.scrollToBottom()
        elif same and self._place[0]:
            second, top = self._place
            self.scrollTo(self.segments.row_of(0, second), LongList.ScrollHint.PositionAtTop)
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - top)
        if self._unkept and self._meeting_id == self.segments.meeting_id and self.segments.count:
            there = self.segments.row_of(0, self._unkept[0]).data(SEGMENT)
            self.write(there.id, self._unkept[1])

    def _wrap(self) -> None:
        if self._delegate.use(self.viewport().width(), self.segments.voices):
            self.measure_anew()

    def doItemsLayout(self) -> None:
        """Its end stays in sight while text is being made."""
        self.sticks = self.segments.growing
        super().doItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wraps the text anew where its width changes; above a readable width it does not."""
        self._wrap()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Measures anew in another font."""
        super().changeEvent(event)
        fonts = {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}
        if event.type() in fonts:
            self._delegate.forget()
        if event.type() in {*fonts, QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._wrap()
