"""What is typed is on disk soon, without a write for every key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

KEEP_MILLISECONDS = 500
"""How long after a key what is typed is stored; writing on does not put it off."""


class Soon(QTimer):
    """Has something stored soon after it was first asked for."""

    def __init__(self, keep: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(KEEP_MILLISECONDS)
        self.timeout.connect(keep)

    def ask(self) -> None:
        """Asking again does not put it off."""
        if not self.isActive():
            self.start()
