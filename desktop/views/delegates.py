"""How the rows of a transcript are drawn: only those in sight, sizes remembered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core import messages
from core.values import Channel, LiveText, Segment
from desktop import theme
from desktop.models.transcript import SEGMENT, TranscriptModel

Index = QModelIndex | QPersistentModelIndex

_TIME_WIDTH = 72
_DOT = 8

UNSURE = 0.4
"""Probability of a word below which it is underlined."""

_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _Editor(QPlainTextEdit):
    """The text of one segment while it is being corrected."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(theme.font())
        self.setAccessibleName(messages._("Text of this segment"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)


class SegmentDelegate(QStyledItemDelegate):
    """A segment: its time, who said it, its text wrapped to a readable width; corrected in place.

    The unfinished sentence, a row with `LiveText` in place of a segment, is lighter and has no time. Below a text that
    may be wrong stand the reason and, once no more text comes, what can be clicked to have it transcribed again.
    """

    again_clicked = Signal(QPoint)  # where, in the view

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sizes: list[QSize | None] = []
        self._font = theme.font()
        self._width = 0
        self._names_width = 0
        self._named = False

    def use(self, room: int, *, named: bool) -> bool:
        """Wraps the text for rows `room` pixels wide in today's font; whether its width is another one now.

        `named`: the name of each segment's channel stands before its text.
        """
        self._font = theme.font()
        self._named = named
        self._names_width = _names_width() if named else 0
        readable = QFontMetrics(self._font).averageCharWidth() * theme.LINE_CHARACTERS
        width = max(120, min(readable, room - 2 * theme.SPACE_6 - _TIME_WIDTH - self._names_width))
        changed = width != self._width
        if changed:
            self._width = width
            self.forget_sizes()
        return changed

    def forget_sizes(self) -> None:
        """After a change of font or of all rows."""
        self._sizes = []

    def forget_rows(self, first: int, last: int) -> None:
        """After a change of these rows."""
        for place in range(first, min(last + 1, len(self._sizes))):
            self._sizes[place] = None

    def rows_inserted(self, first: int, last: int) -> None:
        """After these rows have come; those below keep their heights."""
        if first < len(self._sizes):
            self._sizes[first:first] = [None] * (last + 1 - first)

    def rows_removed(self, first: int, last: int) -> None:
        """After these rows have gone."""
        del self._sizes[first : last + 1]

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the wrapped text; remembered by row, as the view asks for all rows whenever one is added."""
        place = index.row()
        if place >= len(self._sizes):
            self._sizes += [None] * (place + 1 - len(self._sizes))
        size = self._sizes[place]
        if size is None:
            height = self._laid_out(str(index.data()))[1] + _reason_height(index.data(SEGMENT))
            size = self._sizes[place] = QSize(1, max(32, height + theme.SPACE_4))
        return size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the row."""
        look = theme.tokens()
        said: Segment | LiveText = index.data(SEGMENT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        doubt = messages.doubt(said) if isinstance(said, Segment) else ""
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or doubt:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("selected") if selected else look.color("warning", 0.08))
            painter.drawRoundedRect(
                option.rect.adjusted(theme.SPACE_3, 0, -theme.SPACE_3, 0), theme.CORNER, theme.CORNER
            )
        place = self._text_place(option.rect)
        under = _underlined(said) if isinstance(said, Segment) and not said.edited else []
        layout, _height = self._laid_out(str(index.data()), under)
        meta = theme.meta_font()
        painter.setFont(meta)
        painter.setPen(look.color("text2"))
        first = layout.lineAt(0).height() if layout.lineCount() else 0
        left = option.rect.left() + theme.SPACE_6
        line = QRectF(left, place.top(), _TIME_WIDTH, first * theme.LINE_HEIGHT)
        if isinstance(said, Segment):
            painter.drawText(line, _LINE, messages.clock(said.start))
            if doubt:
                spot = QRect(
                    left + _TIME_WIDTH - theme.SPACE_6, place.top() + 2, theme.ROW_ICON, theme.ROW_ICON
                )
                theme.icon("warning", "warning").paint(painter, spot)
        if self._named and said.channel:
            line = QRectF(left + _TIME_WIDTH, line.top(), self._names_width, line.height())
            self._name(painter, line, said.channel)
        if doubt:
            link = self._link_place(option.rect, index)
            below = QRect(place.left(), link.top(), link.left() - place.left() - theme.SPACE_3, link.height())
            painter.setPen(look.color("text" if selected else "warning"))
            painter.drawText(
                below, _LINE, QFontMetrics(meta).elidedText(doubt, Qt.TextElideMode.ElideRight, below.width())
            )
            painter.setPen(look.color("accent_text"))
            painter.drawText(link, _LINE, messages._("Transcribe again") if link.width() else "")
        painter.setPen(look.color("text" if isinstance(said, Segment) and said.text.strip() else "text2"))
        layout.draw(painter, QPointF(place.topLeft()))
        painter.restore()

    def _name(self, painter: QPainter, place: QRectF, channel: Channel) -> None:
        painter.drawText(place.adjusted(_DOT + theme.SPACE_2, 0, 0, 0), _LINE, messages.channel_name(channel))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.CHANNELS[list(Channel).index(channel)]))
        painter.drawEllipse(QRectF(place.left(), place.center().y() - _DOT / 2, _DOT, _DOT))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """A click on "Transcribe again"."""
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and self._link_place(option.rect, index).contains(event.position().toPoint())
        ):
            self.again_clicked.emit(event.position().toPoint())
            return True
        return super().editorEvent(event, model, option, index)

    # --- editing -----------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        """A field over the text."""
        return _Editor(parent)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fills it, all selected behind the cursor's place at the end."""
        if isinstance(editor, _Editor) and not editor.document().isModified():
            editor.setPlainText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.moveCursor(editor.textCursor().MoveOperation.End)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Takes the text over."""
        if isinstance(editor, _Editor):
            model.setData(index, " ".join(editor.toPlainText().split()))

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Over the text, with room for its frame."""
        place = self._text_place(option.rect)
        editor.setGeometry(place.adjusted(-10, -6, 14, 8))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter keeps, Esc leaves; a line break is not part of a segment."""
        if (
            isinstance(editor, _Editor)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        ):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)
            return True
        return super().eventFilter(editor, event)

    # --- laying out --------------------------------------------------------------------------------

    def _text_place(self, row: QRect) -> QRect:
        left = row.left() + theme.SPACE_6 + _TIME_WIDTH + self._names_width
        return QRect(left, row.top() + theme.SPACE_2, self._width, row.height() - theme.SPACE_4)

    def _link_place(self, row: QRect, index: Index) -> QRect:
        """Where "Transcribe again" stands in a row, behind the reason; of no width where it is not offered."""
        said, model = index.data(SEGMENT), index.model()
        place = self._text_place(row)
        height = _reason_height(said)
        metrics = QFontMetrics(theme.meta_font())
        offered = height and isinstance(model, TranscriptModel) and not model.growing
        width = metrics.horizontalAdvance(messages._("Transcribe again")) if offered else 0
        reason = metrics.horizontalAdvance(messages.doubt(said)) if height else 0
        left = place.left() + min(reason + theme.SPACE_3, self._width - width)
        return QRect(left, place.bottom() + 1 - height, width, height)

    def _laid_out(
        self, text: str, formats: Sequence[QTextLayout.FormatRange] = ()
    ) -> tuple[QTextLayout, int]:
        """`text` in lines, and the height of all."""
        layout = QTextLayout(text, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(formats)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            air = line.height() * (theme.LINE_HEIGHT - 1)
            line.setPosition(QPointF(0, height + air / 2))
            height += line.height() + air
        layout.endLayout()
        return layout, round(height)


def _reason_height(said: Segment | LiveText) -> int:
    """Room for the line that says why the text may be wrong."""
    doubtful = isinstance(said, Segment) and bool(said.doubt)
    return QFontMetrics(theme.meta_font()).height() + theme.SPACE_1 if doubtful else 0


def _underlined(said: Segment) -> list[QTextLayout.FormatRange]:
    """A dotted line under each word that was hardly understood."""
    text, place, found = said.text.strip(), 0, []
    for word in said.words:
        plain = word.text.strip()
        begins = text.find(plain, place)
        if not plain or begins < 0:
            continue
        place = begins + len(plain)
        if word.probability < UNSURE:
            under = QTextCharFormat()
            under.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            under.setUnderlineColor(theme.tokens().color("warning"))
            span = QTextLayout.FormatRange()
            # Qt counts in UTF-16.
            span.start, span.length = (len(part.encode("utf-16-le")) // 2 for part in (text[:begins], plain))
            span.format = under
            found.append(span)
    return found


def _names_width() -> int:
    """Room for the dot and name of any channel, and for the gap to the text."""
    metrics = QFontMetrics(theme.meta_font())
    widest = max(metrics.horizontalAdvance(messages.channel_name(channel)) for channel in Channel)
    return _DOT + theme.SPACE_2 + widest + theme.SPACE_4
