"""What lies below a row of a list: that it is chosen, that the mouse is over it, and the ring of the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from desktop import theme


def paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, place: QRect, tint: QColor | None = None
) -> None:
    """Paints it into `place`; a row that is not chosen has a `tint`, by itself only under the mouse.

    Where a key has brought the keyboard to the row, a ring stands around it with a gap.
    """
    look, state = theme.tokens(), QStyle.StateFlag
    shape, corner = QRectF(place), float(theme.CORNER)
    widget = getattr(option, "widget", None)
    if option.state & state.State_HasFocus and widget is not None and widget.property("ring"):
        half = theme.RING / 2
        painter.setPen(QPen(look.color("accent"), theme.RING))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(shape.adjusted(half, half, -half, -half), corner - half, corner - half)
        inside = theme.RING + theme.RING_GAP
        shape.adjust(inside, inside, -inside, -inside)
        corner -= inside
    if option.state & state.State_Selected:
        tint = look.color("selected")
    elif tint is None and option.state & state.State_MouseOver:
        tint = look.color("text", 0.05)
    if tint:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(shape, corner, corner)
