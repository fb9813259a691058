"""The shape of a meeting's sound: what is loud, who speaks, where chapters begin and bookmarks stand, what is heard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core import messages
from core.messages import _
from core.values import PEAKS_A_SECOND, Peaks
from desktop import theme

BAR, GAP = 2, 1
FLAG = 8
LOWEST = 1.0
"""Half the height in pixels of what is silent."""
STEP_SECONDS = 5.0
PAGE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch in which somebody speaks: who, in which colour, and the words."""

    start: float
    end: float
    color: str
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter or a bookmark at a second."""

    second: float
    name: str
    is_chapter: bool = False


class Waveform(QWidget):
    """Shows a whole meeting across its width; a click, a drag or a key goes to a second of it."""

    place_wanted = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.WAVEFORM)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Position in the meeting"))
        self.setObjectName("waveform")
        self._duration = 0.0
        self._second = 0.0
        self._drawn_at = 0.0  # the place of the line as it was last asked to be drawn
        self._hovered: float | None = None
        self._peaks = bytearray()
        self._bars: list[float] = []
        self._said: tuple[Said, ...] = ()
        self._strips: list[tuple[float, float, str]] = []
        self._marks: tuple[Mark, ...] = ()

    # --- showing -----------------------------------------------------------------------------------

    def show_meeting(self, duration: float) -> None:
        """Begins anew with a meeting of so many seconds."""
        self._duration = duration
        self._peaks.clear()
        self._second = 0.0
        self._measure()

    def add_peaks(self, peaks: Peaks) -> None:
        """Shows more of its shape."""
        self._peaks[peaks.place :] = peaks.values
        self._measure()

    def set_said(self, said: Sequence[Said]) -> None:
        """Shows who speaks where; in order of time."""
        self._said = tuple(said)
        self._measure()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Shows chapters and bookmarks; in order of time."""
        self._marks = tuple(marks)
        self.update()

    def set_second(self, second: float) -> None:
        """Shows what is heard now."""
        before, self._second = self._x(self._second), second
        after = self._x(second)
        if abs(after - self._drawn_at) >= 0.5:
            # The bars between, and the line at both ends. It was drawn some small steps ago.
            left, right = sorted((self._drawn_at, after))
            self._drawn_at = after
            self.update(QRectF(left - 4, 0, right - left + 8, self.height()).toAlignedRect())
        if self.hasFocus() and round(before) != round(after):
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, messages.clock(second)))

    @property
    def second(self) -> float:
        """The second that is shown as heard."""
        return self._second

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The chapters and bookmarks that are shown."""
        return self._marks

    def words_at(self, second: float) -> str:
        """What is told of a second: the time, the chapter or bookmark there, and what is said."""
        lines = [messages.clock(second)]
        near = [mark for mark in self._marks if abs(self._x(mark.second) - self._x(second)) <= FLAG]
        chapter = next(
            (mark for mark in reversed(self._marks) if mark.is_chapter and mark.second <= second), None
        )
        if chapter:
            lines.append(chapter.name)
        lines += [mark.name or _("Bookmark") for mark in near if not mark.is_chapter]
        place = bisect_right(self._said, second, key=lambda said: said.start) - 1
        if place >= 0 and second <= self._said[place].end + 1:
            lines.append(_shortened(self._said[place].words))
        return "\n".join(lines)

    def _x(self, second: float) -> float:
        return self.width() * second / self._duration if self._duration else 0.0

    def _measure(self) -> None:
        """Finds each bar's height, and joins what one speaker says within a pixel."""
        count = max(1, self.width() // (BAR + GAP))
        each = self._duration * PEAKS_A_SECOND / count
        self._bars = []
        for place in range(count):
            values = self._peaks[int(place * each) : max(int((place + 1) * each), int(place * each) + 1)]
            if not values:
                break
            self._bars.append(max(values) / 255)
        self._strips = []
        for said in self._said:
            left, right = self._x(said.start), self._x(said.end)
            if self._strips and self._strips[-1][2] == said.color and left - self._strips[-1][1] < 1:
                self._strips[-1] = self._strips[-1][0], max(right, self._strips[-1][1]), said.color
            elif right - left >= 0.5 or not self._strips or left - self._strips[-1][1] >= 0.5:
                self._strips.append((left, max(right, left + 1), said.color))
        self._drawn_at = self._x(self._second)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room for."""
        return QSize(400, theme.WAVEFORM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the meeting into the new width."""
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the bars, the strip below them, the marks above, and where it is heard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        look, dirty = theme.tokens(), event.rect()
        bottom = self.height() - theme.STRIP - theme.SPACE_1
        middle, half = (FLAG + bottom) / 2, (bottom - FLAG) / 2
        now = self._x(self._second)
        played, rest = look.color("accent"), look.color("text2", 0.4)
        first = max(0, dirty.left() // (BAR + GAP) - 1)
        last = dirty.right() // (BAR + GAP) + 2
        for place in range(first, min(last, len(self._bars))):
            left, tall = place * (BAR + GAP), max(LOWEST, self._bars[place] * half)
            painter.setBrush(played if left < now else rest)
            painter.drawRoundedRect(QRectF(left, middle - tall, BAR, 2 * tall), 1, 1)
        painter.setBrush(rest)
        unknown = len(self._bars) * (BAR + GAP)
        if unknown < self.width() and self._duration:
            painter.drawRect(QRectF(unknown, middle - LOWEST / 2, self.width() - unknown, LOWEST))
        for begin, end, color in self._strips:
            if end >= dirty.left() and begin <= dirty.right():
                painter.fillRect(
                    QRectF(begin, self.height() - theme.STRIP, end - begin, theme.STRIP), QColor(color)
                )
        self._paint_marks(painter)
        if self._duration:
            painter.fillRect(QRectF(now - 0.75, 0, 1.5, self.height()), look.color("accent"))
        if self._hovered is not None:
            painter.fillRect(QRectF(self._x(self._hovered), FLAG, 1, bottom - FLAG), look.color("text2"))
        if self.property("ring"):
            gap = theme.RING + theme.RING_GAP / 2
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for inset, color, width in (
                (gap, "surface", theme.RING_GAP),
                (theme.RING / 2, "accent", theme.RING),
            ):
                painter.setPen(QPen(look.color(color), width))
                edge = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
                painter.drawRoundedRect(edge, theme.CORNER - inset, theme.CORNER - inset)

    def _paint_marks(self, painter: QPainter) -> None:
        look = theme.tokens()
        bottom = self.height() - theme.STRIP - theme.SPACE_1
        for mark in self._marks:
            x = self._x(mark.second)
            if mark.is_chapter:
                painter.fillRect(QRectF(x, FLAG / 2, 1, bottom - FLAG / 2), look.color("text2"))
            else:
                painter.fillRect(QRectF(x, 0, 1.5, bottom), look.color("warning"))
                painter.setBrush(look.color("warning"))
                flag = [QPointF(x, 0), QPointF(x + FLAG, FLAG / 2 - 0.5), QPointF(x, FLAG - 1)]
                painter.drawPolygon(QPolygonF(flag))

    # --- asking ------------------------------------------------------------------------------------

    def _second_at(self, x: float) -> float:
        """The second under a place; a flag is caught from near."""
        for mark in self._marks:
            if not mark.is_chapter and 0 <= x - self._x(mark.second) <= FLAG:
                return mark.second
        return min(max(0.0, x / max(1, self.width())), 1.0) * self._duration

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Goes there."""
        if event.button() == Qt.MouseButton.LeftButton and self._duration:
            self.place_wanted.emit(self._second_at(event.position().x()))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follows the pressed mouse; else shows what is said under it."""
        if not self._duration:
            return
        self._hovered = self._second_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.place_wanted.emit(self._hovered)
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(self._hovered), self)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Shows nothing of that any more."""
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End, and half a minute with the page keys; the arrows are the window's own shortcuts."""
        places = {
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: self._duration,
            Qt.Key.Key_PageUp: self._second - PAGE_SECONDS,
            Qt.Key.Key_PageDown: self._second + PAGE_SECONDS,
        }
        place = places.get(Qt.Key(event.key()))
        if place is None or not self._duration:
            super().keyPressEvent(event)
        else:
            self.place_wanted.emit(min(max(0.0, place), self._duration))

    def event(self, event: QEvent) -> bool:
        """Tells what is said under the mouse, not one tip for all of it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._duration:
            QToolTip.showText(event.globalPos(), self.words_at(self._second_at(event.pos().x())), self)
            return True
        return super().event(event)


def _shortened(words: str, most: int = 120) -> str:
    text = words.strip()
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"
