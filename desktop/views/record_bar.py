"""The bar over everything while a recording runs: how long, how safe, how loud, and the three buttons."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from core import messages
from core.messages import _, ngettext
from core.values import Recording
from desktop import theme
from desktop.views.actions import Actions
from desktop.views.widgets import Symbol, action_button, column, label, row

QUIETEST = -60.0
"""dB below full scale at the left end of the meter; room noise lies about there."""
TOO_LOUD = -3.0
"""dB from which on a peak is shown as too loud: little is left before clipping."""
HOLD_SECONDS, FALL = 1.2, 24.0
"""How long a peak stands, and then falls in dB a second: close to what IEC 60268-18 meters do."""
BREATH_SECONDS = 2.4


class LevelMeter(QWidget):
    """One bar per channel: the mean as a fill, the highest peak of the last second as a mark."""

    def __init__(self) -> None:
        super().__init__()
        self._levels: tuple[tuple[float, float], ...] = ()
        self._peaks: list[tuple[float, float]] = []
        self.setMinimumWidth(60)
        self.setMaximumWidth(self.sizeHint().width())
        self.setAccessibleName(_("Microphone level"))
        self.setToolTip(_("Microphone level"))

    def set_levels(self, levels: tuple[tuple[float, float], ...]) -> None:
        """(root mean square, peak) in dB below full scale per channel."""
        now = time.monotonic()
        self._levels = levels
        held = self._peaks if len(self._peaks) == len(levels) else [(-90.0, now)] * len(levels)
        self._peaks = [
            (peak, now) if peak >= _fallen(*old, now) else old
            for (_mean, peak), old in zip(levels, held, strict=True)
        ]

    def sizeHint(self) -> QSize:
        """Room for two channels."""
        return QSize(180, theme.BAR_ICON)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the bars."""
        look, now = theme.tokens(), time.monotonic()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        levels = self._levels or ((-90.0, -90.0),)
        peaks = self._peaks or [(-90.0, now)]
        high, gap = 6, theme.SPACE_1
        top = (self.height() - len(levels) * high - (len(levels) - 1) * gap) / 2
        for (mean, _peak), held in zip(levels, peaks, strict=True):
            line = QRectF(0, top, self.width(), high)
            painter.setBrush(look.color("text2", 0.25))
            painter.drawRoundedRect(line, 3, 3)
            painter.setBrush(look.color("success"))
            painter.drawRoundedRect(QRectF(0, top, self.width() * _share(mean), high), 3, 3)
            peak = _fallen(*held, now)
            painter.setBrush(look.color("danger_text" if peak > TOO_LOUD else "text"))
            if peak > QUIETEST:
                painter.drawRect(QRectF(self.width() * _share(peak) - 2, top, 2, high))
            top += high + gap


def _share(level: float) -> float:
    return min(1.0, max(0.0, 1 - level / QUIETEST))


def _fallen(peak: float, since: float, now: float) -> float:
    return peak - FALL * max(0.0, now - since - HOLD_SECONDS)


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


class RecordBar(QFrame):
    """Shows a `core.values.Recording`; its buttons are the actions of a recording."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("recordBar")
        self.setMinimumHeight(theme.BAR)
        self._actions = actions
        self._dot = _Dot()
        self._elapsed = label("", "heading")
        self._elapsed.setFont(theme.font(2, heading=True))
        self._elapsed.setAccessibleName(_("Elapsed time"))
        self._saved = label("", "meta")
        self._gaps_icon = Symbol("warning", "warning", 14)
        self._gaps = label("", "warning")
        for part in (self._gaps_icon, self._gaps):
            part.setToolTip(
                _("This machine was too slow for a moment. Close other programs while you record.")
            )
            part.hide()
        about = QWidget()
        lines = column(None, self._saved, space=0)
        lines.addLayout(row(self._gaps_icon, self._gaps, space=theme.SPACE_1))
        lines.addStretch(1)
        about.setLayout(lines)
        self._meter = LevelMeter()
        buttons = [action_button(actions.pause), action_button(actions.bookmark)]
        line = row(
            self._dot,
            self._elapsed,
            about,
            theme.SPACE_3,
            self._meter,
            None,
            *buttons,
            action_button(actions.stop, "danger"),
            space=theme.SPACE_3,
        )
        line.setContentsMargins(theme.SPACE_6, theme.SPACE_1, theme.SPACE_4, theme.SPACE_1)
        self.setLayout(line)
        self._frames = QTimer(self)
        self._frames.setInterval(1000 // theme.FRAMES_PER_SECOND)
        self._frames.timeout.connect(self._draw)

    def set_recording(self, recording: Recording) -> None:
        """Shows its state."""
        self._elapsed.setText(messages.clock(recording.elapsed))
        ago = round(recording.unsaved)
        if recording.paused:
            saved = _("Paused")
        else:
            saved = _("saved {time} ago").format(time=messages.length(ago)) if ago else _("saved just now")
        self._saved.setText(saved)
        self._show_gaps(recording.overflows)
        self._meter.set_levels(recording.levels)
        self._dot.still = recording.paused or not theme.moves()
        self._actions.pause.setText(_("Go on recording") if recording.paused else _("Pause"))
        self._actions.pause.setIcon(theme.icon("play" if recording.paused else "pause"))

    def _show_gaps(self, count: int) -> None:
        self._gaps.setText(
            ngettext("{count} gap in the sound", "{count} gaps in the sound", count).format(count=count)
        )
        for part in (self._gaps_icon, self._gaps):
            part.setVisible(count > 0)

    def _draw(self) -> None:
        self._meter.update()
        if not self._dot.still:
            self._dot.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Moves only while it is seen."""
        super().showEvent(event)
        self._frames.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stands still."""
        super().hideEvent(event)
        self._frames.stop()
