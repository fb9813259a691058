"""What stands on the screen while the library is closed, as its folder changes."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from core.messages import _
from core.values import Event, Progress
from desktop import theme
from desktop.views.widgets import column, label

LATE_MILLISECONDS = 400
"""What is done sooner needs no window."""

WIDTH = 360


class Wait(QWidget):
    """A small window that says what goes on and how far it is; it shows itself where that takes long."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(_("Meeting Transcriber"))
        self.setMinimumWidth(WIDTH)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName(_("Progress"))
        layout = column(label(_("Moving the library")), self.progress, space=theme.SPACE_4)
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_6, theme.SPACE_6, theme.SPACE_6)
        self.setLayout(layout)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self.show)
        self._late.start(LATE_MILLISECONDS)

    def show_event(self, event: Event) -> None:
        """Shows how far it is."""
        if isinstance(event, Progress) and event.fraction is not None:
            self.progress.setRange(0, 1000)
            self.progress.setValue(round(1000 * event.fraction))
