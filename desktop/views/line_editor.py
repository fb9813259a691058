"""A line of the minutes while the person changes it in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit

from core import messages
from core.messages import _
from core.values import Line, Section
from desktop import theme
from desktop.views.widgets import button, column, row

TEXT_HEIGHT = 72


class LineEditor(QFrame):
    """The text of a line, and of a task its owner and due date: Enter keeps, Esc leaves."""

    written = Signal()
    kept = Signal(object)  # Line
    left = Signal()

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line
        """What is changed; other minutes may have it otherwise meanwhile."""
        self.text = QPlainTextEdit(line.text)
        self.text.setAccessibleName(_("Text of the line"))
        self.text.setToolTip(_("Enter keeps, Esc leaves"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(TEXT_HEIGHT)
        self.text.installEventFilter(self)
        self.owner = QLineEdit(line.owner)
        self.owner.setPlaceholderText(messages.owner(line) or _("Owner"))
        self.owner.setAccessibleName(_("Owner"))
        self.owner.setToolTip(_("Who does it"))
        self.due = QLineEdit(messages.plain_day(line.due) if line.due else line.due_said)
        example = messages.plain_day(datetime.now().astimezone().date())
        self.due.setPlaceholderText(_("Due, such as {date}").format(date=example))
        self.due.setAccessibleName(_("Due date"))
        self.due.setToolTip(_("A date such as {date}, or in words").format(date=example))
        for field in (self.owner, self.due):
            field.installEventFilter(self)
        fields = row(self.owner, self.due, space=theme.SPACE_2)
        self._begun = self.texts
        for changed in (self.text.textChanged, self.owner.textChanged, self.due.textChanged):
            changed.connect(self.written)
        keep = button(_("Keep"), self.commit, kind="main", tip=_("Keep the line as it reads now"))
        leave = button(_("Leave"), self.left.emit, kind="quiet", tip=_("Leave the line as it was"))
        layout = column(self.text, space=theme.SPACE_2)
        if line.section is Section.ACTION_ITEMS:
            layout.addLayout(fields)
        else:
            self.owner.setParent(None)
            self.due.setParent(None)
        layout.addLayout(row(keep, leave, None))
        layout.setContentsMargins(0, 0, 0, theme.SPACE_3)
        self.setLayout(layout)

    def begin(self) -> None:
        """Lets the person write."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.text.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter keeps and Esc leaves, in every field."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.commit()
                return True
        return super().eventFilter(watched, event)

    def commit(self) -> None:
        """Keeps what the person wrote; without any words, or where nothing was changed, leaves the line as it was."""
        text, owner, said = self.texts
        if not text or not self.is_changed:
            self.left.emit()
            return
        line = replace(self.line, text=text, owner=owner)
        if line.section is Section.ACTION_ITEMS and said != self._begun[2]:
            due = messages.read_day(said, datetime.now().astimezone().date())
            before = self.line.due_said if due == self.line.due else ""
            line = replace(line, due=due, due_said=before if due else said)
        self.kept.emit(line)

    def write(self, texts: Sequence[str]) -> None:
        """Puts these into the fields, as if the person had written them."""
        text, owner, due = texts
        self.text.setPlainText(text)
        self.owner.setText(owner)
        self.due.setText(due)

    @property
    def is_changed(self) -> bool:
        """Whether the person has written something."""
        return self.texts != self._begun

    @property
    def texts(self) -> tuple[str, str, str]:
        """The text, the owner and the due date as they read now."""
        fields = (self.text.toPlainText(), self.owner.text(), self.due.text())
        text, owner, said = (" ".join(one.split()) for one in fields)
        return text, owner, said
