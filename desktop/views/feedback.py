"""What the program tells: a passing toast, a line that stays until it is read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from core.messages import _
from desktop import theme
from desktop.commands import Offer, Trouble
from desktop.views.line_editor import LineEditor
from desktop.views.widgets import Symbol, announce, button, label, message, row

PROBLEMS_HEIGHT = 4 * 44
"""Pixels after which problems are scrolled; each line takes 44."""


class Toast(QFrame):
    """One sentence at the bottom left of its window, for some seconds, with Undo where there is something to undo."""

    def __init__(self, window: QWidget, corner: Callable[[], QPoint]) -> None:
        """`corner` tells which point of the window it stands above, to the right."""
        super().__init__(window)
        self._window, self._corner = window, corner
        self.setObjectName("toast")
        self._call: Callable[[], object] | None = None
        self._said = ""
        self._text = label(wrap=True)
        self._button = button("", self._clicked)
        self._line = line = row(self._text, self._button, space=theme.SPACE_4)
        line.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        self.setLayout(line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(theme.TOAST_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._make_room)
        self.hide()

    def say(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Shows `text` in place of what was said before."""
        self._show(text, undo, _("Undo"), _("Take this back"))

    def offer(self, offer: Offer) -> None:
        """Shows what could be done as well, with a button that does it."""
        self._show(offer.text, offer.do, offer.does, offer.tip)

    def _show(self, text: str, call: Callable[[], object] | None, does: str, tip: str) -> None:
        self._said = text
        self._call = call
        self._button.setText(does)
        self._button.setToolTip(tip)
        self._button.setVisible(call is not None)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        self._text.setAccessibleName(text)
        announce(self._text)

    def _clicked(self) -> None:
        self.hide()
        if self._call:
            self._call()

    def settle(self) -> None:
        """Goes to its corner again, as what lies there has moved."""
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        """Stands in its corner, or above what is being written there; its words wrap before the window ends."""
        self._text.ensurePolished()
        corner, metrics = self._corner(), self._text.fontMetrics()
        margins = self._line.contentsMargins()
        beside = margins.left() + margins.right()
        button = QSize(0, 0) if self._button.isHidden() else self._button.sizeHint()
        if button.width():
            beside += theme.SPACE_4 + button.width()
        most = self._window.width() - 2 * theme.SPACE_4
        right_of_it = most - corner.x() if corner.x() + theme.grown(theme.TOAST_LEAST) <= most else most
        room = right_of_it - beside
        # A word that is too long cannot wrap: the name of a file.
        words = (metrics.elidedText(one, Qt.TextElideMode.ElideMiddle, room) for one in self._said.split(" "))
        self._text.setText(" ".join(words))
        # Some pixels more than it is: a label breaks lines a little earlier.
        wide = min(room, metrics.horizontalAdvance(self._text.text()) + theme.SPACE_1)
        high = max(self._text.heightForWidth(wide), button.height())
        self._text.setFixedWidth(wide)
        self.resize(wide + beside, high + margins.top() + margins.bottom())
        left = max(theme.SPACE_4, min(corner.x() + theme.SPACE_4, theme.SPACE_4 + most - self.width()))
        self.move(left, corner.y() - self.height() - theme.SPACE_4)
        if (written := self._written()) and written.intersects(self.geometry()):
            self.move(left, max(theme.SPACE_4, written.top() - self.height() - theme.SPACE_2))

    def _written(self) -> QRect | None:
        """Where something is being written in its window, with the buttons that end that."""
        field = self._window.focusWidget()
        if not isinstance(field, (QLineEdit, QPlainTextEdit, QTextEdit)):
            return None
        above: QWidget | None = field
        while above and not isinstance(above, LineEditor):
            above = above.parentWidget()
        whole = above or field
        return QRect(whole.mapTo(self._window, QPoint(0, 0)), whole.size())

    def _make_room(self) -> None:
        if self.isVisible():
            QTimer.singleShot(0, self, self._place)  # what the keyboard has come to is in its place then

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in its corner."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class ProblemLine(QFrame):
    """What happened and what to do, with a button that does it, or details to copy where the fault is ours."""

    def __init__(self, trouble: Trouble, close: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("problem")
        self.trouble = trouble
        text = message(f"{trouble.what} {trouble.do}")
        line = row(Symbol("warning-circle", "danger_text"), space=theme.SPACE_3)
        line.addWidget(text, 1)
        if remedy := trouble.remedy:
            line.addWidget(button(remedy.text, lambda: (remedy.do(), close()), tip=remedy.tip))
        if trouble.details:
            line.addWidget(copy_details(trouble.details))
        line.addWidget(button("", close, kind="quiet", icon="x", tip=_("Close this message")))
        line.setContentsMargins(theme.SPACE_4, theme.SPACE_1, theme.SPACE_2, theme.SPACE_1)
        self.setLayout(line)
        announce(text)


def copy_details(details: str) -> QWidget:
    """A button that puts `details` on the clipboard."""
    return button(
        _("Copy details"),
        lambda: QGuiApplication.clipboard().setText(details),
        kind="link",
        tip=_("Copy what a report of this fault needs"),
    )


class Problems(QScrollArea):
    """The problems, the newest first, each until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[ProblemLine] = []
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        self._column.setSpacing(theme.SPACE_1)
        self._column.addStretch()
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def sizeHint(self) -> QSize:
        """As high as the problems are, up to a limit."""
        width = self.width()
        return QSize(width, min(self._inside.heightForWidth(width), PROBLEMS_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """As high as that: a scroll area by itself is higher than one line."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sentences wrap anew, so the height they need changes."""
        super().resizeEvent(event)
        self.updateGeometry()

    def tell(self, trouble: Trouble) -> None:
        """Adds a problem; one of the same kind goes."""
        if trouble.kind:
            self.forget(trouble.kind)
        line = ProblemLine(trouble, lambda: self._remove(line))
        self._lines.append(line)
        self._column.insertWidget(0, line)
        self.updateGeometry()
        self.show()

    def forget(self, kind: str) -> None:
        """Takes away the problems of a kind."""
        for line in [one for one in self._lines if one.trouble.kind == kind]:
            self._remove(line)

    def hand_over(self, others: Problems) -> None:
        """Has what nobody closed here told elsewhere."""
        for line in list(self._lines):
            others.tell(line.trouble)
            self._remove(line)

    def _remove(self, line: ProblemLine) -> None:
        if line in self._lines:
            self._lines.remove(line)
            line.hide()
            line.deleteLater()
        self.updateGeometry()
        self.setVisible(bool(self._lines))
