"""The person's own notes, each at a second of the meeting."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from core.messages import _
from core.values import Note
from desktop import theme
from desktop.views.widgets import button, chip, clear, column, row


class NotesView(QWidget):
    """Shows notes and bookmarks by time, with a line to write the next one; everything is told at once."""

    added = Signal(str)
    edited = Signal(int, str)  # note id, text
    removed = Signal(object)  # Note
    place_wanted = Signal(int, float)  # 0, seconds

    def __init__(self) -> None:
        super().__init__()
        self._notes: tuple[Note, ...] = ()
        self.input = QLineEdit()
        self.input.setPlaceholderText(_("Write a note and press Enter"))
        self.input.setAccessibleName(_("New note"))
        self.input.setMinimumHeight(theme.SPACE_8)
        self.input.returnPressed.connect(self._add)
        content = QWidget()
        self._rows = QVBoxLayout(content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.SPACE_1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = column(self.input, scroll, space=theme.SPACE_3)
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_4)
        self.setLayout(layout)

    def set_notes(self, notes: tuple[Note, ...]) -> None:
        """Shows these."""
        if notes == self._notes and self._rows.count():
            return
        self._notes = notes
        clear(self._rows)
        for note in notes:
            self._rows.addWidget(self._row(note))
        self._rows.addStretch(1)

    def _add(self) -> None:
        if text := self.input.text().strip():
            self.input.clear()
            self.added.emit(text)

    def _row(self, note: Note) -> QWidget:
        text = QLineEdit(note.text)
        text.setProperty("kind", "plain")
        text.setPlaceholderText(_("Bookmark"))
        text.setAccessibleName(_("Note"))
        text.editingFinished.connect(lambda: self._finished(note, text))
        remove = button(
            "", lambda: self.removed.emit(note), kind="quiet", icon="x", tip=_("Remove this note")
        )
        remove.setAccessibleName(_("Remove this note"))
        line = QWidget()
        layout = row(chip(note.at, note.text, lambda: self.place_wanted.emit(0, note.at)))
        layout.addWidget(text, 1)
        layout.addWidget(remove)
        line.setLayout(layout)
        return line

    def _finished(self, note: Note, field: QLineEdit) -> None:
        if field.text() != note.text and field.isModified():
            field.setModified(False)
            self.edited.emit(note.id, field.text())
