"""What the rows of lists have in common: the ground of what is chosen or under the mouse, the ring, the moments."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
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


def paint_moment(painter: QPainter, line: QRect, time: str, *, heard: bool, right: bool = False) -> int:
    """Writes when something was said to the left of a line, or to its right; how many pixels wide it is.

    It is filled as a chip while it is heard.
    """
    look, meta = theme.tokens(), theme.meta_font()
    wide = QFontMetrics(meta).horizontalAdvance(time)
    place = QRect(line.right() + 1 - wide if right else line.left(), line.top(), wide, line.height())
    if heard:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("accent"))
        painter.drawRoundedRect(
            place.adjusted(-theme.SPACE_1, -1, theme.SPACE_1, 0), theme.CHIP_CORNER, theme.CHIP_CORNER
        )
    painter.setFont(meta)
    painter.setPen(look.color("on_fill" if heard else "accent_text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, time)
    return wide
