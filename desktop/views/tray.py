"""The icon in the system's tray: what a recording does, and what a person does with it, while the window is hidden."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from core import messages
from core.messages import _
from core.values import Channel, Recording
from core.values import Trouble as SourceTrouble
from desktop import theme
from desktop.commands import Commands, Trouble
from desktop.views.actions import Actions

SIZES = (16, 22, 24, 32, 48, 64)
"""Pixels of the pictures that trays ask for."""

MESSAGE_MILLISECONDS = 10_000


class Tray(QObject):
    """Shows the state of the recording, offers its actions, and tells what happens while the window is not seen."""

    wanted = Signal()  # the window is to be shown
    meeting_wanted = Signal(str)  # so is this meeting, of which was told

    def __init__(self, window: QWidget, commands: Commands, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._actions = actions
        # Those of a recording are drawn when there is one.
        self._icons = {"idle": QIcon(QApplication.windowIcon())}
        self._state = ""
        self._tip = ""
        self._troubles: dict[Channel, SourceTrouble | None] = {}
        self._room_told = False
        self._about = ""
        self.menu = QMenu(window)
        self.open = QAction(_("Open the window"), self)
        self.open.setToolTip(_("Show the window"))
        self.open.triggered.connect(self.wanted)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self._clicked)
        self._show_recording(None)
        commands.recording_changed.connect(self._show_recording)
        commands.troubled.connect(self._tell_trouble)
        commands.said.connect(lambda text, _undo: self.tell(text))
        commands.noticed.connect(lambda meeting_id, text: self.tell(text, about=meeting_id))

    def is_there(self) -> bool:
        """Whether this desktop has a tray, which then shows the icon; it may come and go."""
        there = QSystemTrayIcon.isSystemTrayAvailable()
        if there and not self.icon.isVisible():
            self.icon.show()
        return there

    def tell(self, text: str, *, about: str = "") -> None:
        """Says something, of a meeting perhaps, while the person looks at something else, unless it is unwanted."""
        seen = QApplication.activeWindow() is not None and not self._window.isMinimized()
        if (seen and self._window.isVisible()) or not self._commands.settings.notifications:
            return
        if self.is_there():
            self._about = about
            name = _("Meeting Transcriber")
            self.icon.showMessage(name, text, self.picture(self._state), MESSAGE_MILLISECONDS)
        elif self._window.isVisible():
            QApplication.alert(self._window)

    def _clicked(self) -> None:
        """The person wants to see what the last message was about."""
        self.wanted.emit()
        if self._about:
            self.meeting_wanted.emit(self._about)

    def _tell_trouble(self, trouble: Trouble) -> None:
        self.tell(f"{trouble.what} {trouble.do}".strip())

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.wanted.emit()

    # --- what is shown -----------------------------------------------------------------------------

    def _show_recording(self, recording: Recording | None) -> None:
        if recording is None:
            self._show("idle", _("Meeting Transcriber"))
            self._troubles, self._room_told = {}, False
            return
        time = messages.clock(recording.elapsed)
        if recording.paused:
            self._show("paused", _("Recording paused at {time}").format(time=time))
        else:
            self._show("recording", _("Recording · {time}").format(time=time))
        self._tell_of_sources(recording)

    def picture(self, state: str) -> QIcon:
        """The icon of a state: 'idle', 'recording' or 'paused'."""
        if state not in self._icons:
            self._icons[state] = _icon(state)
        return self._icons[state]

    def _show(self, state: str, tip: str) -> None:
        if state != self._state:
            self._state = state
            self.icon.setIcon(self.picture(state))
            self._fill_menu()
        if tip != self._tip:
            self._tip = tip
            self.icon.setToolTip(tip)
            self.is_there()

    def _fill_menu(self) -> None:
        actions = self._actions
        self.menu.clear()
        if self._state == "idle":
            self.menu.addAction(actions.record)
        else:
            self.menu.addActions([actions.pause, actions.bookmark, actions.stop])
        self.menu.addSeparator()
        self.menu.addActions([self.open, actions.quit])

    def _tell_of_sources(self, recording: Recording) -> None:
        """Each new trouble once: the record bar shows them as long as they last, but is not seen now."""
        for source in recording.sources:
            said = messages.source_trouble(source)
            if said and self._troubles.get(source.channel) is not source.trouble:
                self.tell(str(said))
            self._troubles[source.channel] = source.trouble
        if recording.room is not None and not self._room_told:
            self._room_told = True
            self.tell(messages.room_left(recording.room))


# --- pictures --------------------------------------------------------------------------------------


def _icon(state: str) -> QIcon:
    """The program's icon, with a red dot while it records and two bars while that is paused."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(_picture(size, _BADGES[state]))
    return icon


def _picture(size: int, badge: Callable[[QPainter, QRectF], None]) -> QPixmap:
    picture = theme.picture(size)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    across = 0.62 * size
    corner = QRectF(size - across, size - across, across, across)
    painter.setBrush(theme.tokens().color("on_fill"))
    painter.drawEllipse(corner)
    edge = max(1.0, size / 16)
    badge(painter, corner.adjusted(edge, edge, -edge, -edge))
    painter.end()
    return picture


def _dot(painter: QPainter, place: QRectF) -> None:
    painter.setBrush(theme.tokens().color("danger"))
    painter.drawEllipse(place)


def _bars(painter: QPainter, place: QRectF) -> None:
    painter.setBrush(theme.tokens().color("danger"))
    bar = QRectF(0, 0, 0.26 * place.width(), 0.7 * place.height())
    for side in (-1, 1):
        bar.moveCenter(place.center() + QPointF(side * 0.22 * place.width(), 0))
        painter.drawRect(bar)


_BADGES: dict[str, Callable[[QPainter, QRectF], None]] = {
    "recording": _dot,
    "paused": _bars,
}
