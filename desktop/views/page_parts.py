"""What the meeting page is made of besides its three parts: title, banner, sentences in empty places."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QProgressBar, QStackedWidget, QWidget

from core.messages import _
from core.values import Stage
from desktop import theme
from desktop.models.meetings import Activity, activity_line
from desktop.views.widgets import Symbol, button, column, label, row

Call = Callable[[], object]


class Title(QLineEdit):
    """The title, changed in place: Enter or leaving keeps, Esc gives the old one back."""

    renamed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("title")
        self.setAccessibleName(_("Title"))
        self.setToolTip(_("Click to rename"))
        self._kept = ""
        self.editingFinished.connect(self._finished)

    def show_title(self, title: str, *, force: bool = False) -> None:
        """Shows a title, unless the person is writing one."""
        self._kept = title
        if force or not (self.hasFocus() and self.isModified()):
            self.setText(title)
            self.setCursorPosition(0)

    def begin(self) -> None:
        """Lets the person write."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _finished(self) -> None:
        title = self.text().strip()
        if title and title != self._kept:
            self._kept = title
            self.renamed.emit(title)
        self.show_title(self._kept, force=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; Enter keeps and leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.clearFocus()
        else:
            super().keyPressEvent(event)


class Banner(QFrame):
    """What is being done with the meeting, or why it is not, with the one button that changes it."""

    def __init__(self) -> None:
        super().__init__()
        self._call: Call | None = None
        self._icon = Symbol("")
        self.text = label("", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName(_("Progress"))
        self.button = button("", self._clicked, kind="link")
        line = row(self._icon, space=theme.SPACE_3)
        line.addLayout(column(self.text, self.progress, space=6), 1)
        line.addWidget(self.button)
        line.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        self.setLayout(line)
        self.hide()

    def working(self, activity: Activity, stop: Call) -> None:
        """Shows progress, with Stop."""
        self._show("banner", "", activity_line(activity))
        self.progress.setVisible(activity.fraction is not None)
        self.progress.setValue(round(1000 * (activity.fraction or 0)))
        if activity.stage in {Stage.TRANSCRIBE, Stage.SUMMARISE} and not activity.stopping:
            self._offer(_("Stop"), _("Stop here; it can be carried on"), stop)

    def failed(self, text: str, again: Call) -> None:
        """Shows what happened and what to do."""
        self._show("problem", "warning-circle", text)
        self._offer(_("Try again"), _("Do it again"), again)

    def not_english(self, text: str, as_english: Call) -> None:
        """Shows that the model knows English only, with the way out where English is spoken after all."""
        self._show("problem", "warning-circle", text)
        self._offer(_("Transcribe as English"), _("English is spoken in this meeting"), as_english)

    def warned(self, text: str) -> None:
        """Shows what the person should know of the text."""
        self._show("banner", "warning", text)

    def stopped(self, text: str, carry_on: Call) -> None:
        """Shows that it waits for the person."""
        self._show("banner", "pause", text)
        self._offer(_("Carry on"), _("Go on where it was stopped"), carry_on)

    def _show(self, kind: str, icon: str, text: str) -> None:
        if self.objectName() != kind:
            self.setObjectName(kind)
            theme.restyle(self)
        self._icon.draw(icon, "danger_text" if kind == "problem" else "text2")
        self.text.setText(text)
        self.progress.hide()
        self.button.hide()
        self.show()

    def _offer(self, does: str, tip: str, call: Call) -> None:
        self._call = call
        self.button.setText(does)
        self.button.setToolTip(tip)
        self.button.show()

    def _clicked(self) -> None:
        if self._call:
            self._call()


class PartOrSentence(QStackedWidget):
    """A part of the page, or in its place one sentence and what can be done about it."""

    def __init__(self, part: QWidget) -> None:
        super().__init__()
        self._call: Call | None = None
        self._sentence = label("", "quietText", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = button("", self._clicked)
        empty = QWidget()
        inner = column(None, self._sentence, space=theme.SPACE_3)
        inner.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        inner.addStretch(2)
        inner.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        empty.setLayout(inner)
        self.addWidget(part)
        self.addWidget(empty)

    def show_part(self) -> None:
        """Shows the part itself."""
        self.setCurrentIndex(0)

    def say(self, sentence: str, does: str = "", call: Call | None = None) -> None:
        """Shows a sentence, and a button where something can be done."""
        self._call = call
        self._sentence.setText(sentence)
        self.button.setText(does)
        self.button.setToolTip(does)
        self.button.setVisible(call is not None)
        self.setCurrentIndex(1)

    def _clicked(self) -> None:
        if self._call:
            self._call()
