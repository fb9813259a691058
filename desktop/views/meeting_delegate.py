"""How a meeting is drawn as a row: title and length, where it stands and when it was; renamed in place."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core import messages
from core.values import Meeting
from desktop import theme
from desktop.models.meetings import Index, Role
from desktop.models.states import State
from desktop.views.row_ground import paint_ground

_STATE_ICONS = {"danger": ("warning-circle", "danger_text"), "recording": ("record-fill", "danger_text")}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ICON = theme.ROW_ICON - 2


class MeetingDelegate(QStyledItemDelegate):
    """A library row: title and length, then its state with a thin progress bar, and its day; or a heading."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._font: QFont | None = None
        self._high = self._high_heading = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Fixed heights, grown with large system fonts; found once, as a library has thousands of rows."""
        if self._font != QApplication.font():
            self._font = QApplication.font()
            text, meta = _height(theme.font()), _height(theme.meta_font())
            self._high = max(theme.ROW, text + meta + 2 * theme.SPACE_3)
            self._high_heading = max(theme.DAY_ROW, meta + theme.SPACE_4)
        high = self._high if index.data(Role.MEETING) else self._high_heading
        return QSize(option.rect.width(), high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        meeting = index.data(Role.MEETING)
        if meeting:
            self._meeting(painter, option, index, meeting)
        else:
            painter.setFont(theme.meta_font())
            painter.setPen(theme.tokens().color("text2"))
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
        paint_ground(painter, option, ground(option.rect))
        top, bottom = lines(option.rect)
        room = beside(painter, top, messages.length(meeting.duration) if meeting.duration else "")
        if meeting.starred:
            spot = QRect(room.right() - _ICON, room.top() + (room.height() - _ICON) // 2, _ICON, _ICON)
            theme.icon("star-fill", "warning").paint(painter, spot)
            room.setRight(spot.left() - theme.SPACE_1)
        painter.setFont(theme.font())
        painter.setPen(look.color("text"))
        shown = QFontMetrics(theme.font()).elidedText(
            meeting.title, Qt.TextElideMode.ElideMiddle, room.width()
        )
        painter.drawText(room, _LEFT, shown)
        self._state(painter, beside(painter, bottom, index.data(Role.WHEN) or ""), index, selected=selected)

    def _state(self, painter: QPainter, place: QRect, index: Index, *, selected: bool) -> None:
        look = theme.tokens()
        state: State = index.data(Role.STATE)
        painter.setFont(theme.meta_font())
        color = "accent_text" if state.tone == "busy" else "text2"
        if state.tone in _STATE_ICONS:
            glyph, color = _STATE_ICONS[state.tone]
            color = "text" if selected else color
            spot = QRect(place.left(), place.top() + (place.height() - _ICON) // 2, _ICON, _ICON)
            theme.icon(glyph, color).paint(painter, spot)
            place = place.adjusted(_ICON + theme.SPACE_1, 0, 0, 0)
        painter.setPen(look.color(color))
        text = QFontMetrics(theme.meta_font()).elidedText(
            state.text, Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, _LEFT, text)
        activity = index.data(Role.ACTIVITY)
        if activity and activity.fraction is not None:
            line = QRectF(place.left(), place.bottom() + 1, place.width(), 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("line"))
            painter.drawRoundedRect(line, 1, 1)
            line.setWidth(line.width() * activity.fraction)
            painter.setBrush(look.color("accent"))
            painter.drawRoundedRect(line, 1, 1)

    # --- renaming ----------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        """A field over the title: Enter keeps it, Esc does not."""
        field = QLineEdit(parent)
        field.setAccessibleName(messages._("Title"))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Shows the title, unless the person is writing one: the row changes while the meeting is worked on."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            super().setEditorData(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Over the title."""
        top, _bottom = lines(option.rect)
        height = editor.sizeHint().height()
        editor.setGeometry(
            top.left() - theme.SPACE_2, top.center().y() - height // 2, top.width() + theme.SPACE_4, height
        )


def _height(font: QFont) -> int:
    return QFontMetrics(font).height()


def ground(row: QRect) -> QRect:
    """What is coloured of a row that is chosen."""
    return row.adjusted(theme.SPACE_2, 1, -theme.SPACE_2, -1)


def lines(row: QRect) -> tuple[QRect, QRect]:
    """Where the title and what stands below it have their places."""
    inner = ground(row).adjusted(theme.SPACE_2, theme.SPACE_2, -theme.SPACE_2, -theme.SPACE_2)
    top = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
    return top, QRect(inner.left(), top.bottom() + 1, inner.width(), inner.bottom() - top.bottom())


def beside(painter: QPainter, line: QRect, fact: str) -> QRect:
    """Draws a fact at the end of a line; the room that is left of it."""
    painter.setFont(theme.meta_font())
    painter.setPen(theme.tokens().color("text2"))
    painter.drawText(line, _RIGHT, fact)
    width = QFontMetrics(theme.meta_font()).horizontalAdvance(fact)
    return line.adjusted(0, 0, -(width + theme.SPACE_2) if fact else 0, 0)
