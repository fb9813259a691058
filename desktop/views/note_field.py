"""A field for the person's own Markdown: as it was written while they write, as it is meant when they do not."""

from __future__ import annotations

from functools import partial
from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDesktopServices,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QToolTip

from core.messages import _
from desktop import theme, tips

_AS_MARKDOWN = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_OPENED = frozenset({"http", "https", "mailto"})
"""The kinds of addresses that are opened; what else a pasted text may hold is not."""
_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class NoteField(QTextEdit):
    """As high as its text. Enter or leaving finishes, Shift+Enter begins a line; pasted text keeps its lines.

    One that is `rendered` shows what its Markdown means while the keyboard is elsewhere; a click on a link opens it.
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
        self._link = ""  # what the mouse is over
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
            self._point_at("")
            self._show()

    # --- links ---------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Over a link a click opens it, and does not begin to write."""
        super().mouseMoveEvent(event)
        self._point_at("" if self._writing else self.anchorAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is over no link any more."""
        super().leaveEvent(event)
        self._point_at("")

    def _point_at(self, link: str) -> None:
        link = link if QUrl(link).scheme() in _OPENED else ""
        if link != self._link:
            self._link = link
            # The keyboard would turn it to what was written before the click is there.
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus if link else Qt.FocusPolicy.WheelFocus)
            shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor
            self.viewport().setCursor(shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The first half of a click on a link is nothing yet."""
        if not self._link:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Opens a link outside."""
        if self._link and event.button() is Qt.MouseButton.LeftButton:
            QDesktopServices.openUrl(QUrl(self._link))
        else:
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Opens the links from the keyboard too."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if links := self._links():
            menu.addSeparator()
        for link in links:
            entry = menu.addAction(_("Open {address}").format(address=tips.verbatim(link)))
            entry.triggered.connect(partial(QDesktopServices.openUrl, QUrl(link)))
        menu.popup(event.globalPos())

    def _links(self) -> list[str]:
        """Where the text leads to, once each."""
        read = QTextDocument()
        read.setMarkdown(self.text(), _AS_MARKDOWN)
        found: dict[str, None] = {}
        block = read.begin()
        while block.isValid():
            piece = block.begin()
            while not piece.atEnd():
                link = piece.fragment().charFormat().anchorHref()
                if QUrl(link).scheme() in _OPENED:
                    found[link] = None
                piece += 1
            block = block.next()
        return list(found)

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
        """Leaves undo and redo to the window where nothing was typed; says where a link leads."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._link:
            QToolTip.showText(event.globalPos(), self._link, self)
            return True
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
