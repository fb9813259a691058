"""The person's own notes, each at a second of the meeting."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from core.messages import _
from core.values import Note
from desktop import theme
from desktop.views.widgets import button, chip, column, row


class NotesView(QWidget):
    """Shows notes and bookmarks by time, with a line to write the next one; everything is told at once."""

    added = Signal(str)
    edited = Signal(int, str)  # note id, text
    removed = Signal(object)  # Note
    place_wanted = Signal(int, float)  # 0, seconds

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[int, _NoteLine] = {}
        self.input = QLineEdit()
        self.input.setPlaceholderText(_("Write a note and press Enter"))
        self.input.setAccessibleName(_("New note"))
        self.input.setMinimumHeight(theme.SPACE_8)
        self.input.returnPressed.connect(self._add)
        content = QWidget()
        self._rows = QVBoxLayout(content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.SPACE_1)
        self._rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = column(self.input, scroll, space=theme.SPACE_3)
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_4)
        self.setLayout(layout)

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        """Shows these; the rows that stay keep the focus and what is being typed."""
        for note_id in self._lines.keys() - {note.id for note in notes}:
            line = self._lines.pop(note_id)
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        for place, note in enumerate(notes):
            if note.id in self._lines:
                self._lines[note.id].show_note(note)
            else:
                line = self._lines[note.id] = _NoteLine(note, self)
                self._rows.insertWidget(place, line)

    def _add(self) -> None:
        if text := self.input.text().strip():
            self.input.clear()
            self.added.emit(text)


class _NoteLine(QWidget):
    """One note: where it is, its text to change in place, and the button that removes it."""

    def __init__(self, note: Note, view: NotesView) -> None:
        super().__init__()
        self._note = note
        self._view = view
        self._place = chip(note.at, note.text, lambda: view.place_wanted.emit(0, self._note.at))
        self._text = QLineEdit(note.text)
        self._text.setProperty("kind", "plain")
        self._text.setPlaceholderText(_("Bookmark"))
        self._text.setAccessibleName(_("Note"))
        self._text.editingFinished.connect(self._finished)
        remove = button(
            "", lambda: view.removed.emit(self._note), kind="quiet", icon="x", tip=_("Remove this note")
        )
        remove.setAccessibleName(_("Remove this note"))
        layout = row(self._place)
        layout.addWidget(self._text, 1)
        layout.addWidget(remove)
        self.setLayout(layout)

    def show_note(self, note: Note) -> None:
        """Shows the note as it is now, unless the person is writing in it."""
        self._note = note
        self._place.setToolTip(note.text)
        self._place.setAccessibleDescription(note.text)
        if not self._text.isModified() and self._text.text() != note.text:
            self._text.setText(note.text)

    def _finished(self) -> None:
        if self._text.isModified() and self._text.text() != self._note.text:
            self._view.edited.emit(self._note.id, self._text.text())
        self._text.setModified(False)
