"""The passages that were cut from meetings, as rows of the bin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem

from core import messages
from core.messages import _
from core.values import Cut
from desktop import theme, tips
from desktop.models.states import bin_line
from desktop.views.meeting_delegate import beside, ground, lines
from desktop.views.row_ground import paint_ground

CUT = Qt.ItemDataRole.UserRole

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CutList(QListWidget):
    """Each with its meeting, its length, how its text begins, and how long it stays."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Cut passages"))
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_cuts(self, cuts: Sequence[Cut]) -> None:
        """Shows these; the one that is chosen stays chosen."""
        before = self.chosen()
        self.clear()
        for cut in cuts:
            item = QListWidgetItem(f"{cut.title}, {_about(cut)}", self)
            item.setData(CUT, cut)
            item.setToolTip(tips.plain(cut.text))
            if before and cut.id == before.id:
                self.setCurrentItem(item)

    def chosen(self) -> Cut | None:
        """The one that is selected."""
        found: Cut | None = next((item.data(CUT) for item in self.selectedItems()), None)
        return found


def _about(cut: Cut) -> str:
    return _("from {start}: {text}").format(
        start=messages.clock(round(cut.start)), text=cut.text or _("[silence]")
    )


class _Delegate(QStyledItemDelegate):
    """Drawn as a meeting is: title and length, then where it was and how it begins."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Any) -> QSize:
        """A fixed height, grown with large system fonts."""
        text, meta = (QFontMetrics(font).height() for font in (theme.font(), theme.meta_font()))
        return QSize(option.rect.width(), max(theme.ROW, text + meta + 2 * theme.SPACE_3))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        """Draws the row."""
        cut: Cut = index.data(CUT)
        look = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, ground(option.rect))
        top, bottom = lines(option.rect)
        room = beside(painter, top, messages.length(cut.seconds))
        painter.setFont(theme.font())
        painter.setPen(look.color("text"))
        _draw(painter, room, cut.title)
        room = beside(painter, bottom, bin_line(cut.cut_at))
        painter.setFont(theme.meta_font())
        painter.setPen(look.color("text2"))
        _draw(painter, room, _about(cut))
        painter.restore()


def _draw(painter: QPainter, room: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, _LEFT, shown)
