"""The person's own notes, each at a second of the meeting; what is typed is stored as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from core.messages import _
from core.values import MeetingId, Note
from desktop import theme
from desktop.commands import Commands, Draft
from desktop.views.note_field import NoteField
from desktop.views.soon import Soon
from desktop.views.time_chip import TimeChip
from desktop.views.widgets import button, column, row

MOST_HIGH = 240
"""Pixels of the field for a new note; a longer one scrolls in it."""


class NotesView(QWidget):
    """Shows notes and bookmarks by time, with a field to write the next one."""

    place_wanted = Signal(int, float)  # 0, seconds

    def __init__(self, commands: Commands, second: Callable[[], float]) -> None:
        """`second` tells where in the meeting a note belongs that is begun now."""
        super().__init__()
        self.commands = commands
        self._second = second
        self._meeting_id = MeetingId("")
        self._notes: tuple[Note, ...] = ()
        self._lines: dict[int, _NoteLine] = {}
        self._draft: Draft | None = None
        self._soon = Soon(self._keep)
        self.input = NoteField()
        self.input.setPlaceholderText(_("Write a note"))
        self.input.setToolTip(
            _(
                "Kept as you type, at the moment you began. Enter begins the next note, Shift+Enter a new line; "
                "Markdown is shown as it is meant."
            )
        )
        self.input.setAccessibleName(_("New note"))
        self.input.setMaximumHeight(MOST_HIGH)
        self.input.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.input.edited.connect(lambda: self._typed(self.input.text()))
        self.input.entered.connect(self.finish)
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

    def show_notes(self, meeting_id: MeetingId, notes: tuple[Note, ...]) -> None:
        """Shows these notes of a meeting; rows that stay keep the focus and what is being typed."""
        if meeting_id != self._meeting_id:
            self.finish()
            self._show(())
            self._meeting_id = meeting_id
        self._show(notes)

    def finish(self) -> None:
        """Ends the note that is being written; the next key begins another."""
        self._keep()
        draft, self._draft = self._draft, None
        self.input.show_text("")
        if draft and draft.id:
            finished = Note(draft.at, draft.text, draft.id)
            others = [note for note in self._notes if note.id != finished.id]
            self._show(tuple(sorted((*others, finished), key=lambda note: (note.at, note.id))))

    def leave(self, draft: Draft) -> None:
        """Empties the field where this note, which was undone, is still being written."""
        if draft is self._draft:
            self._soon.stop()
            self._draft = None
            self.input.show_text("")

    def _typed(self, text: str) -> None:
        if self._draft is None and text.strip():
            self._draft = Draft(self._meeting_id, self._second())
        if text.strip():
            self._soon.ask()
        else:
            # What is typed next is another note, begun then.
            self._keep()
            self._draft = None

    def _keep(self) -> None:
        """Stores the note that is being written as it reads now."""
        self._soon.stop()
        if self._draft:
            self.commands.write_note(self._draft, self.input.text().strip())

    def _show(self, notes: tuple[Note, ...]) -> None:
        self._notes = notes
        written = self._draft.id if self._draft else 0
        shown = [note for note in notes if note.id != written]
        for note_id in self._lines.keys() - {note.id for note in shown}:
            line = self._lines.pop(note_id)
            line.keep()
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        for place, note in enumerate(shown):
            if note.id in self._lines:
                self._lines[note.id].show_note(note)
            else:
                line = self._lines[note.id] = _NoteLine(note, self._meeting_id, self)
                self._rows.insertWidget(place, line)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keeps what is typed at once: the window may be closing."""
        super().hideEvent(event)
        self.commit()

    def commit(self) -> None:
        """Stores what is typed, as it reads now."""
        self._keep()
        for line in self._lines.values():
            line.keep()


class _NoteLine(QWidget):
    """One note: where it is, its text to change in place, and the button that removes it."""

    def __init__(self, note: Note, meeting_id: MeetingId, view: NotesView) -> None:
        super().__init__()
        self._note = note
        self._meeting_id = meeting_id
        self._commands = view.commands
        self._goes_on = False  # what is written is part of one change, until the line is left
        self._place = TimeChip((note.at, None), note.text, lambda: view.place_wanted.emit(0, self._note.at))
        self._text = NoteField(note.text, rendered=True)
        self._text.setProperty("kind", "plain")
        self._text.setPlaceholderText(_("Bookmark"))
        self._text.setAccessibleName(_("Note"))
        self._text.setToolTip(_("Click to write, in Markdown. Enter keeps, Shift+Enter begins a new line."))
        self._text.finished.connect(self._finished)
        self._text.entered.connect(lambda: view.input.setFocus(Qt.FocusReason.OtherFocusReason))
        self._soon = Soon(self.keep)
        self._text.edited.connect(self._soon.ask)
        remove = button("", self._remove, kind="quiet", icon="x", tip=_("Remove this note"))
        layout = row(self._place)
        layout.addWidget(self._text, 1)
        layout.addWidget(remove)
        for part in (self._place, remove):
            layout.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)

    def show_note(self, note: Note) -> None:
        """Shows the note as it is now, unless the person is writing in it."""
        self._note = note
        self._place.say(note.text)
        if not self._text.modified and self._text.text() != note.text:
            self._text.show_text(note.text)

    def keep(self) -> None:
        """Stores what is typed, unless all of it was taken out, which counts when the person leaves it."""
        self._soon.stop()
        text = self._text.text().strip()
        if self._text.modified and text and text != self._note.text:
            self._commands.edit_note(self._meeting_id, self._note.id, text, goes_on=self._goes_on)
            self._goes_on = True
            self._note = replace(self._note, text=text)

    def _finished(self) -> None:
        self.keep()
        if self._text.modified and not self._text.text().strip():
            if not self._note.bookmark:
                self._remove()
            elif self._note.text:
                self._commands.edit_note(self._meeting_id, self._note.id, "", goes_on=self._goes_on)
        self._text.modified = False
        self._goes_on = False

    def _remove(self) -> None:
        self._commands.remove_note(self._meeting_id, self._note)
