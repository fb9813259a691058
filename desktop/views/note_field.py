"""A field for the person's own Markdown: as it was written while they write, as it is meant when they do not."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QKeySequence, QTextCursor, QTextDocument
from PySide6.QtWidgets import QSizePolicy, QTextEdit

from desktop import theme

_AS_MARKDOWN = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class NoteField(QTextEdit):
    """As high as its text. Enter or leaving finishes, Shift+Enter begins a line; pasted text keeps its lines.

    One that is `rendered` shows what its Markdown means while the keyboard is elsewhere.
    """

    edited = Signal()
    """The person has changed the text."""
    entered = Signal()
    """Enter was pressed."""
    finished = Signal()
    """The person has left it, or pressed Enter."""

    def __init__(self, text: str = "", *, rendered: bool = False) -> None:
        super().__init__()
        self._source = ""
        self._writing = not rendered
        self._rendered = rendered
        self._showing = False
        self.modified = False
        """Whether the person has changed the text since it was shown or kept."""
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(theme.SPACE_1)
        self.document().setIndentWidth(theme.SPACE_6)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self.updateGeometry())
        self.textChanged.connect(self._changed)
        self.show_text(text)

    def text(self) -> str:
        """What the person wrote."""
        return self.toPlainText() if self._writing else self._source

    def show_text(self, text: str) -> None:
        """Shows another text, which nobody has changed yet."""
        self._source, self.modified = text, False
        self._show()

    def _show(self) -> None:
        self._showing = True
        if self._writing:
            self.document().setPlainText(self._source)  # in no format of what was shown
            self.moveCursor(QTextCursor.MoveOperation.End)
        else:
            # Every line of theirs is one, which in Markdown only two spaces at its end say.
            self.document().setMarkdown(self._source.replace("\n", "  \n"), _AS_MARKDOWN)
        self._showing = False
        self.updateGeometry()

    def _changed(self) -> None:
        if self._writing and not self._showing:
            self.modified = True
            self.edited.emit()

    def _write(self, *, on: bool) -> None:
        """Turns to what was written, or to what it means."""
        if self._rendered and on != self._writing:
            self._source = self.text()
            self._writing = on
            self._show()

    # --- how high it is ------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """All of its text."""
        frame = self.height() - self.viewport().height()
        return QSize(
            super().sizeHint().width(), max(theme.SPACE_8, ceil(self.document().size().height()) + frame)
        )

    def minimumSizeHint(self) -> QSize:
        """As high as its text, however narrow."""
        return QSize(0, self.sizeHint().height())

    # --- the keyboard --------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows what was written, before a click finds its place in it."""
        self._write(on=True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keeps it and shows what it means; a menu over it, or another window, is no leaving."""
        super().focusOutEvent(event)
        if event.reason() is Qt.FocusReason.PopupFocusReason:
            return
        self.finished.emit()
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self._write(on=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter finishes, Shift+Enter begins a line."""
        self._write(on=True)
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        else:
            self.finished.emit()
            self.entered.emit()

    def event(self, event: QEvent) -> bool:
        """Leaves undo and redo to the window where nothing was typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            document = self.document()
            nothing_typed = (event.matches(_UNDO) and not document.isUndoAvailable()) or (
                event.matches(_REDO) and not document.isRedoAvailable()
            )
            if nothing_typed:
                event.ignore()
                return False
        return super().event(event)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Nothing that a text names is read, neither files nor what lies elsewhere: a dot in place of a picture."""
        return QImage(1, 1, QImage.Format.Format_Mono)
