"""The bar over everything while a recording runs: how long, how safe, how loud, what is wrong, three buttons."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from core import messages
from core.messages import _
from core.values import Channel, Recording, SourceState, Trouble
from desktop import theme
from desktop.views.actions import Actions
from desktop.views.widgets import (
    OneLine,
    Symbol,
    action_button,
    announce,
    button,
    column,
    label,
    message,
    row,
)

QUIETEST = -60.0
"""dB below full scale at the left end of the meter; room noise lies about there."""
TOO_LOUD = -3.0
"""dB from which on a peak is shown as too loud: little is left before clipping."""
HOLD_SECONDS, FALL = 1.2, 24.0
"""How long a peak stands, and then falls in dB a second: close to what IEC 60268-18 meters do."""
BREATH_SECONDS = 2.4
LAG_SECONDS = 5.0
"""From which on it is said that the text is behind; less is nothing to wait for."""
METER_WIDTH, METER_HEIGHT = 112, 6
WIDE = 1000
"""Pixels of the bar from which on its buttons have words."""


class LevelMeter(QWidget):
    """The mean as a fill, the highest peak of the last second as a mark."""

    def __init__(self) -> None:
        super().__init__()
        self._mean = -90.0
        self._peak = (-90.0, 0.0)
        self.setFixedSize(METER_WIDTH, METER_HEIGHT)

    def set_level(self, mean: float, peak: float) -> None:
        """Root mean square and peak, in dB below full scale."""
        now = time.monotonic()
        self._mean = mean
        if peak >= _fallen(*self._peak, now):
            self._peak = peak, now

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws both."""
        look = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width, high = self.width(), self.height()
        painter.setBrush(look.color("text2", 0.25))
        painter.drawRoundedRect(QRectF(0, 0, width, high), 3, 3)
        painter.setBrush(look.color("success"))
        painter.drawRoundedRect(QRectF(0, 0, width * _share(self._mean), high), 3, 3)
        peak = _fallen(*self._peak, time.monotonic())
        if peak > QUIETEST:
            painter.setBrush(look.color("danger_text" if peak > TOO_LOUD else "text"))
            painter.drawRect(QRectF(width * _share(peak) - 2, 0, 2, high))


def _share(level: float) -> float:
    return min(1.0, max(0.0, 1 - level / QUIETEST))


def _fallen(peak: float, since: float, now: float) -> float:
    return peak - FALL * max(0.0, now - since - HOLD_SECONDS)


class _Meters(QWidget):
    """A labelled meter per source, with a sign where something is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_2)
        self._grid.setVerticalSpacing(0)
        self._parts: dict[Channel, tuple[Symbol, QLabel, LevelMeter]] = {}

    def show_sources(self, sources: tuple[SourceState, ...]) -> None:
        """Shows their levels."""
        if [*self._parts] != [source.channel for source in sources]:
            self._make(sources)
        for source in sources:
            sign, name, meter = self._parts[source.channel]
            meter.set_level(source.rms, source.peak)
            wrong = messages.source_trouble(source)
            sign.setVisible(wrong is not None)
            about = source.device or messages.source_name(source.channel)
            tip = f"{about}\n{wrong}" if wrong else about
            for part in (sign, name, meter):
                if part.toolTip() != tip:
                    part.setToolTip(tip)
                    part.setAccessibleDescription(tip)

    def _make(self, sources: tuple[SourceState, ...]) -> None:
        for old in self.findChildren(QWidget):
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._parts = {}
        for place, source in enumerate(sources):
            sign = Symbol("warning", "warning", 14)
            keeps_room = sign.sizePolicy()
            keeps_room.setRetainSizeWhenHidden(True)
            sign.setSizePolicy(keeps_room)
            name = label(messages.source_name(source.channel), "meta")
            meter = LevelMeter()
            meter.setAccessibleName(
                {Channel.MICROPHONE: _("Microphone level"), Channel.SYSTEM: _("System sound level")}[
                    source.channel
                ]
            )
            self._grid.addWidget(sign, place, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(name, place, 1, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(meter, place, 2, Qt.AlignmentFlag.AlignVCenter)
            self._parts[source.channel] = sign, name, meter


class _Dot(QWidget):
    """The recording dot, which breathes unless the system wants things still."""

    def __init__(self) -> None:
        super().__init__()
        self.still = False
        self.setFixedSize(theme.SPACE_3, theme.SPACE_3)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws it."""
        phase = time.monotonic() % BREATH_SECONDS / BREATH_SECONDS
        opacity = 1.0 if self.still else 0.7 + 0.3 * math.cos(2 * math.pi * phase)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tokens().color("danger", opacity))
        painter.drawEllipse(QRectF(self.rect()))


class _TroubleLine(QFrame):
    """What is wrong with a source and what to do, until it is dismissed."""

    dismissed = Signal()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setObjectName("warningStrip")
        self._text = message(text)
        line = row(Symbol("warning", "warning"), space=theme.SPACE_3)
        line.addWidget(self._text, 1)
        tip = _("Do not show this any more")
        line.addWidget(button("", self.dismissed.emit, kind="quiet", icon="x", tip=tip))
        line.setContentsMargins(theme.SPACE_6, theme.SPACE_1, theme.SPACE_4, theme.SPACE_1)
        self.setLayout(line)

    def announce(self) -> None:
        """Has a screen reader say it now."""
        announce(self._text)


class RecordBar(QWidget):
    """Shows a `core.values.Recording`; its buttons are the actions of a recording."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._paused: bool | None = None
        self._behind: float | None = None
        self._dot = _Dot()
        self._elapsed = label("", "elapsed")
        self._elapsed.setFont(theme.font(2))
        self._elapsed.setAccessibleDescription(_("Elapsed time"))
        self._elapsed.setToolTip(_("Elapsed time"))
        self._state = OneLine("meta")
        self._limits = OneLine("warning")
        self._limits_icon = Symbol("warning", "warning", 14)
        about = QWidget()
        about.setMinimumWidth(120)
        lines = column(None, self._state, space=0)
        lines.addLayout(row(self._limits_icon, self._limits, space=theme.SPACE_1))
        lines.addStretch(1)
        about.setLayout(lines)
        self._meters = _Meters()
        self._buttons = [action_button(actions.pause), action_button(actions.bookmark)]
        bar = QFrame()
        bar.setObjectName("recordBar")
        bar.setMinimumHeight(theme.BAR)
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = row(self._dot, self._elapsed, space=theme.SPACE_3)
        line.addWidget(about, 1)
        for part in (self._meters, *self._buttons, action_button(actions.stop, "danger")):
            line.addWidget(part)
        line.setContentsMargins(theme.SPACE_6, 0, theme.SPACE_4, 0)
        bar.setLayout(line)
        self._warnings = column(bar, space=0)
        self.setLayout(self._warnings)
        self._lines: dict[Channel, _TroubleLine] = {}
        self._told: dict[Channel, Trouble] = {}
        self._show_limits(None, 0)
        self._frames = QTimer(self)
        self._frames.setInterval(1000 // theme.FRAMES_PER_SECOND)
        self._frames.timeout.connect(self._draw)

    def set_recording(self, recording: Recording) -> None:
        """Shows its state."""
        self._elapsed.setText(messages.clock(recording.elapsed))
        self._state.say(_saved(recording), _behind(self._behind))
        self._show_limits(recording.room, recording.gaps)
        self._meters.show_sources(recording.sources)
        self._show_troubles(recording.sources)
        self._dot.still = recording.paused or not theme.moves()
        if recording.paused is not self._paused:
            self._paused = recording.paused
            self._actions.pause.setText(_("Go on recording") if recording.paused else _("Pause"))
            self._actions.pause.setIcon(theme.icon("play" if recording.paused else "pause"))

    def set_behind(self, seconds: float | None) -> None:
        """How far the text is behind what is said; None where none is made. Seen with the next state."""
        self._behind = seconds

    def _show_limits(self, room: float | None, gaps: int) -> None:
        facts = (
            messages.room_left(room) if room is not None else "",
            messages.gaps(gaps) if gaps else "",
        )
        self._limits.say(*facts)
        for part in (self._limits_icon, self._limits):
            part.setVisible(any(facts))

    def _show_troubles(self, sources: tuple[SourceState, ...]) -> None:
        """A line for each trouble, from when it begins until it has changed or the person has dismissed it."""
        troubles = {source.channel: source for source in sources if source.trouble}
        for channel in [*self._told]:
            if channel not in troubles or troubles[channel].trouble is not self._told[channel]:
                del self._told[channel]
                self._dismiss(channel)
        for channel, source in troubles.items():
            wrong = messages.source_trouble(source)
            if source.trouble and wrong and channel not in self._told:
                self._told[channel] = source.trouble
                line = self._lines[channel] = _TroubleLine(str(wrong))
                line.dismissed.connect(lambda channel=channel: self._dismiss(channel))
                self._warnings.addWidget(line)
                line.show()
                line.announce()

    def _dismiss(self, channel: Channel) -> None:
        line = self._lines.pop(channel, None)
        if line:
            self._warnings.removeWidget(line)
            line.hide()
            line.deleteLater()

    def _draw(self) -> None:
        self._meters.update()
        if not self._dot.still:
            self._dot.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The buttons do without words where those would leave no room for what is to be known."""
        super().resizeEvent(event)
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if self.width() >= theme.grown(WIDE)
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for one in self._buttons:
            one.setToolButtonStyle(style)

    def showEvent(self, event: QShowEvent) -> None:
        """Moves only while it is seen."""
        super().showEvent(event)
        self._frames.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stands still; when the recording is over, its troubles are too."""
        super().hideEvent(event)
        self._frames.stop()
        if self.isHidden():
            self._behind = None
            self._show_troubles(())


def _saved(recording: Recording) -> str:
    if recording.paused:
        return _("Paused")
    ago = round(recording.unsaved)
    return _("saved {time} ago").format(time=messages.length(ago)) if ago else _("saved just now")


def _behind(seconds: float | None) -> str:
    if seconds is None or seconds < LAG_SECONDS:
        return ""
    return _("text is {time} behind").format(time=messages.length(seconds))
