"""How the rows of the two long lists are drawn: only those in sight, sizes remembered."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QFontMetrics,
    QPainter,
)
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from core import messages
from core.values import Meeting
from desktop import theme
from desktop.models.meetings import Role, State

Index = QModelIndex | QPersistentModelIndex

_TIME_WIDTH = 72
_DOT = 8

UNSURE = 0.4
"""Probability of a word below which it is underlined."""

_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_STATE_ICONS = {"danger": ("warning-circle", "danger_text"), "recording": ("record-fill", "danger_text")}


class MeetingDelegate(QStyledItemDelegate):
    """A library row: title and length, then its state with a thin progress bar; or a day."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Fixed heights, grown with large system fonts."""
        text = QFontMetrics(theme.font()).height() + QFontMetrics(theme.meta_font()).height()
        meeting = index.data(Role.MEETING)
        return QSize(
            option.rect.width(), max(theme.ROW, text + 2 * theme.SPACE_3) if meeting else theme.DAY_ROW
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        meeting = index.data(Role.MEETING)
        if meeting:
            self._meeting(painter, option, index, meeting)
        else:
            look = theme.tokens()
            painter.setFont(theme.meta_font())
            painter.setPen(look.color("text2"))
            inner = option.rect.adjusted(theme.SPACE_4, 0, -theme.SPACE_4, -theme.SPACE_1)
            painter.drawText(
                inner, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, str(index.data())
            )
        painter.restore()

    def _meeting(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, meeting: Meeting
    ) -> None:
        look = theme.tokens()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = option.rect.adjusted(theme.SPACE_2, 1, -theme.SPACE_2, -1)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("selected") if selected else look.color("text", 0.05))
            painter.drawRoundedRect(ground, theme.CORNER, theme.CORNER)
        inner = ground.adjusted(theme.SPACE_2, theme.SPACE_2, -theme.SPACE_2, -theme.SPACE_2)

        meta = theme.meta_font()
        length = messages.length(meeting.duration) if meeting.duration else ""
        width = QFontMetrics(meta).horizontalAdvance(length)
        top = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        painter.setFont(meta)
        painter.setPen(look.color("text2"))
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, length)
        painter.setFont(theme.font())
        painter.setPen(look.color("text"))
        room = top.adjusted(0, 0, -width - theme.SPACE_2, 0)
        title = QFontMetrics(theme.font()).elidedText(
            meeting.title, Qt.TextElideMode.ElideMiddle, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        bottom = QRect(inner.left(), top.bottom() + 1, inner.width(), inner.bottom() - top.bottom())
        self._state(painter, bottom, index, selected=selected)

    def _state(self, painter: QPainter, place: QRect, index: Index, *, selected: bool) -> None:
        look = theme.tokens()
        state: State = index.data(Role.STATE)
        painter.setFont(theme.meta_font())
        color = "accent_text" if state.tone == "busy" else "text2"
        if state.tone in _STATE_ICONS:
            glyph, color = _STATE_ICONS[state.tone]
            color = "text" if selected else color
            side = theme.ROW_ICON - 2
            spot = QRect(place.left(), place.top() + (place.height() - side) // 2, side, side)
            theme.icon(glyph, color).paint(painter, spot)
            place = place.adjusted(side + theme.SPACE_1, 0, 0, 0)
        painter.setPen(look.color(color))
        text = QFontMetrics(theme.meta_font()).elidedText(
            state.text, Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        activity = index.data(Role.ACTIVITY)
        if activity and activity.fraction is not None:
            line = QRectF(place.left(), place.bottom() + 1, place.width(), 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("line"))
            painter.drawRoundedRect(line, 1, 1)
            line.setWidth(line.width() * activity.fraction)
            painter.setBrush(look.color("accent"))
            painter.drawRoundedRect(line, 1, 1)
