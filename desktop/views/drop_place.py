"""What lies over the window while files are held over it: what is dropped is imported."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow

from core.messages import _
from desktop import theme
from desktop.commands import Commands
from desktop.views.widgets import Symbol, column, label

PICTURE = 32


class DropPlace(QFrame):
    """Covers its window, fields and lists that would take a file for a text among it, as long as files are held there.

    It sees what is held over the window as an event filter of the window's `windowHandle`.
    """

    def __init__(self, window: QMainWindow, commands: Commands) -> None:
        super().__init__(window)
        self._window, self._commands = window, commands
        self.opened = False
        """Whether there is a library to import into."""
        self.setObjectName("dropPlace")
        self.setAcceptDrops(True)
        words = label(_("Drop to import"), "heading")
        layout = column(None, space=theme.SPACE_2)
        for part in (Symbol("download-simple", "accent_text", PICTURE), words):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(1)
        self.setLayout(layout)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shows itself before the window looks for what lies below the mouse, and goes where they are taken away."""
        if event.type() == QEvent.Type.DragLeave:
            self.hide()
        elif isinstance(event, QDragEnterEvent) and self._takes(event):
            inset = theme.SPACE_2
            self.setGeometry(self._window.rect().adjusted(inset, inset, -inset, -inset))
            self.raise_()
            self.show()
        return super().eventFilter(watched, event)

    def _takes(self, event: QDropEvent) -> bool:
        """Files of this machine, while no dialog waits for an answer."""
        return self.opened and bool(_files(event)) and QApplication.activeModalWidget() is None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files of this machine."""
        if self._takes(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Imports what was dropped."""
        self.hide()
        self._commands.import_files(_files(event))
        event.acceptProposedAction()


def _files(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
