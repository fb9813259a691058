"""Where the person adds a task to the minutes of the meeting that is shown."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from core.messages import _
from core.values import Line, Minutes, Section
from desktop import theme
from desktop.views.line_editor import LineEditor
from desktop.views.widgets import button, column, row


class NewTask(QWidget):
    """A button, and in its place the fields while a task is written: Enter keeps it, Esc leaves."""

    written = Signal()  # the person has written something in them
    added = Signal(object)  # Line

    def __init__(self) -> None:
        super().__init__()
        self._editor: LineEditor | None = None
        self._part = ""
        self.button = button(
            _("Add a task"),
            self.begin,
            kind="link",
            icon="plus",
            color="accent_text",
            tip=_("Write down what somebody is to do"),
        )
        layout = column(space=0)
        layout.addLayout(row(self.button, None))
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_1, theme.SPACE_6, theme.SPACE_2)
        self.setLayout(layout)
        self.hide()

    def use(self, minutes: Minutes | None) -> None:
        """Adds to these from now on; without minutes there is nothing to add to."""
        parts = minutes.parts() if minutes else ()
        kept = (one.key for one, _lines in parts if one.kind is Section.ACTION_ITEMS)
        self._part = next(kept, Section.ACTION_ITEMS.value)
        self.setVisible(minutes is not None)

    def begin(self) -> None:
        """Has the person write one."""
        if self._editor is None:
            editor = self._editor = LineEditor(Line(Section.ACTION_ITEMS, "", part=self._part))
            editor.text.setPlaceholderText(_("What is to be done"))
            editor.written.connect(self.written)
            editor.left.connect(self._leave)
            editor.kept.connect(self._keep)
            if layout := self.layout():
                layout.addWidget(editor)
            self.button.hide()
            editor.show()
        self._editor.begin()

    def commit(self) -> None:
        """Keeps what the person is writing, as it reads now."""
        if self._editor:
            self._editor.commit()

    def unkept(self) -> tuple[int, tuple[str, ...]] | None:
        """What the person is writing, as `SummaryView.unkept` tells it."""
        if self._editor is None or not self._editor.is_changed:
            return None
        return 0, (*self._editor.texts, Section.ACTION_ITEMS.value, self._part)

    def _keep(self, line: Line) -> None:
        part = self._part
        self._leave()
        self.added.emit(replace(line, part=part))

    def _leave(self) -> None:
        editor, self._editor = self._editor, None
        if editor is None:
            return
        had_keyboard = editor.isAncestorOf(self.window().focusWidget())
        self.button.show()
        if had_keyboard:
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.hide()
        editor.deleteLater()
