"""The ring of the keyboard around a control that a key has brought it to; see `theme` for what marks it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from desktop import theme

_RINGED = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
"""Controls around which a ring is laid; lists, the waveform and parts of a page show it themselves."""

_MOVED = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange}
)


class Rings(QObject):
    """Lays a ring around the control that has the keyboard, where the theme has marked that a key brought it there."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        """Made after the theme, which marks first."""
        super().__init__(parent)
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._move)

    def _move(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._ring is not None and isValid(self._ring):
            self._ring.leave()
            self._ring.deleteLater()
        self._ring = None
        if (
            new is not None
            and new.property("ring")
            and isinstance(new, _RINGED)
            and (place := _place_of(new))
        ):
            self._ring = _Ring(new, place)


def _place_of(control: QWidget) -> QWidget | None:
    """What a ring around a control lies in: what is scrolled with it, else its window; None inside of a list."""
    above = control.parentWidget()
    while above is not None and not above.isWindow():
        view = above.parentWidget()
        area = view.parentWidget() if view else None
        if isinstance(area, QScrollArea) and area.widget() is above:
            return above
        if above.inherits("QAbstractItemView"):
            return None
        above = view
    return above


def _held(control: QWidget) -> QRect:
    """What of a control has the keyboard: of tabs the one that is shown, without the gap behind it."""
    if isinstance(control, QTabBar):
        tab = control.tabRect(control.currentIndex())
        return tab.adjusted(0, 0, -theme.TAB_GAP, 0)
    return control.rect()


class _Ring(QWidget):
    """Lies around a control, a gap away from it, wherever that goes."""

    def __init__(self, control: QWidget, place: QWidget) -> None:
        super().__init__(place)
        self.setObjectName("ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._control, self._place = control, place
        self._followed: list[QWidget] = []
        part: QWidget | None = control
        while part is not None and part is not place:
            self._followed.append(part)
            part.installEventFilter(self)
            part = part.parentWidget()
        if isinstance(control, QTabBar):
            control.currentChanged.connect(self._go_along)
        self._go_along()

    def leave(self) -> None:
        """Goes, and follows nothing any more."""
        for part in self._followed:
            if isValid(part):
                part.removeEventFilter(self)
        self.hide()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stays around it."""
        if event.type() in _MOVED:
            self._go_along()
        return False

    def _go_along(self) -> None:
        out = theme.RING + theme.RING_GAP
        place = _held(self._control).translated(self._control.mapTo(self._place, QPoint(0, 0)))
        self.setGeometry(place.adjusted(-out, -out, out, out))
        self.setVisible(self._control.isVisible())
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws it in today's accent."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.tokens().color("accent"), theme.RING))
        half = theme.RING / 2
        corner = theme.CORNER + theme.RING_GAP + half
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), corner, corner)
