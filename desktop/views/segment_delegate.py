"""How a segment of the transcript is drawn, hit and opened to be written in; only those in sight are laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from re import Pattern

from PySide6.QtCore import (
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
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QTextLayout,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core import messages
from core.values import Channel, LiveText, Segment
from desktop import theme
from desktop.models.transcript import DRAFT, SEGMENT, TranscriptModel, Voice
from desktop.views.row_ground import paint_ground
from desktop.views.segment_editor import Editor
from desktop.views.segment_text import lay_out, marked, underlined, word_spans

Index = QModelIndex | QPersistentModelIndex

Marks = Callable[[str], Sequence[tuple[int, int]]]
"""The stretches (begin, end) of a text that a search has found."""

TIME_WIDTH = 72
LEAST_NAME = 100
_DOT = 8
_LEAST_ROW = 32
_MOST_LAYOUTS = 200
"""How many laid out rows are remembered: some screens full."""

_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class SegmentDelegate(QStyledItemDelegate):
    """A segment: its time, who said it, its text wrapped to a readable width; changed in place.

    The unfinished sentence, a row with `LiveText` in place of a segment, is lighter and has no time. Below a text that
    may be wrong stand the reason and what can be clicked: to hear it, and once no more text comes to have it
    transcribed again.
    """

    written = Signal()
    """The person has written something in the open field."""

    split_wanted = Signal(int, str, int)
    """A segment is to be kept with a text and cut before one of its characters: its id, the text, the place."""

    merge_wanted = Signal(int, int)
    """A segment is to be joined with the one before it (-1) or behind it (1)."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._layouts: dict[
            int | Channel | None, tuple[Segment | LiveText, int, theme.Tokens, QTextLayout, int]
        ] = {}
        self._font = theme.font()
        self._width = 120
        self._names_width = 0
        self._time_width = theme.grown(TIME_WIDTH)
        self._line = self._letter = 1.0
        self.heard: tuple[int, int] = (0, -1)
        """The id of the segment that is being played, and the place of the word among its words."""
        self.sought: Pattern[str] | None = None
        """What is looked for: each is marked."""
        self.searched: Marks | None = None
        """What the search has found: each is marked, as among its hits."""
        self.found_at: tuple[int, int] = (0, -1)
        """The id of the segment and the place in its text of the one that is being looked at."""

    def use(self, room: int, voices: Sequence[Voice]) -> bool:
        """Wraps the text for rows `room` pixels wide in today's font; whether font or width are others now.

        The names of these voices have room before the text.
        """
        before = self._font, self._width
        self._font = theme.font()
        metrics = QFontMetrics(self._font)
        self._line, self._letter = metrics.height() * theme.LINE_HEIGHT, max(1, metrics.averageCharWidth())
        self._time_width = theme.grown(TIME_WIDTH)
        self._names_width = _names_width(voices, room)
        readable = metrics.averageCharWidth() * theme.LINE_CHARACTERS
        self._width = max(120, min(readable, room - 2 * theme.SPACE_6 - self._time_width - self._names_width))
        return (self._font, self._width) != before

    def forget(self) -> None:
        """After a change of font, or of everything."""
        self._layouts.clear()

    def guess(self, said: Sequence[Segment | LiveText]) -> list[int]:
        """About how high their rows are, in pixels."""
        known: dict[tuple[int, bool], int] = {}  # there are few lengths and many rows
        heights = []
        for one in said:
            kind = len(one.text), isinstance(one, Segment) and bool(one.doubt)
            if kind not in known:
                lines = ceil(max(1, kind[0]) * self._letter / self._width)
                reason = self._line if kind[1] else 0
                known[kind] = max(_LEAST_ROW, int(lines * self._line + reason) + theme.SPACE_4)
            heights.append(known[kind])
        return heights

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the wrapped text."""
        said = index.data(SEGMENT)
        height = self._laid_out(index)[1] + _reason_height(said)
        return QSize(1, max(_LEAST_ROW, height + theme.SPACE_4))

    # --- drawing -----------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the row."""
        look = theme.tokens()
        said: Segment | LiveText = index.data(SEGMENT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        doubt = messages.doubt(said) if isinstance(said, Segment) else ""
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = option.rect.adjusted(theme.SPACE_3, 0, -theme.SPACE_3, 0)
        paint_ground(painter, option, ground, look.color("warning", 0.08 if doubt else 0))
        place = self._text_place(option.rect)
        layout, _height = self._laid_out(index)
        meta = theme.meta_font()
        painter.setFont(meta)
        painter.setPen(look.color("text2"))
        first = layout.lineAt(0).height() if layout.lineCount() else self._line / theme.LINE_HEIGHT
        left = option.rect.left() + theme.SPACE_6
        line = QRectF(left, place.top(), self._time_width, first * theme.LINE_HEIGHT)
        if isinstance(said, Segment) and said.id != DRAFT:
            painter.drawText(line, _LINE, messages.clock(said.start))
            if doubt:
                spot = QRect(
                    left + self._time_width - theme.SPACE_6, place.top() + 2, theme.ROW_ICON, theme.ROW_ICON
                )
                theme.icon("warning", "warning").paint(painter, spot)
        model = index.model()
        voice = model.voice(said) if isinstance(model, TranscriptModel) else None
        if voice and self._names_width:
            line = QRectF(left + self._time_width, line.top(), self._names_width, line.height())
            _draw_name(painter, line, voice)
        if doubt:
            self._draw_doubt(painter, option.rect, index, doubt, selected=selected)
        painter.setPen(look.color("text" if isinstance(said, Segment) and said.text.strip() else "text2"))
        layout.draw(painter, QPointF(place.topLeft()), self._marks(said, selected=selected))
        painter.restore()

    def _draw_doubt(self, painter: QPainter, row: QRect, index: Index, doubt: str, *, selected: bool) -> None:
        """The reason, and what can be done about it."""
        look, metrics = theme.tokens(), QFontMetrics(theme.meta_font())
        listen, again = self._links(row, index)
        place = self._text_place(row)
        below = QRect(
            place.left(), listen.top(), listen.left() - place.left() - theme.SPACE_3, listen.height()
        )
        painter.setPen(look.color("text" if selected else "warning"))
        painter.drawText(below, _LINE, metrics.elidedText(doubt, Qt.TextElideMode.ElideRight, below.width()))
        painter.setPen(look.color("accent_text"))
        painter.drawText(listen, _LINE, messages._("Listen") if listen.width() else "")
        painter.drawText(again, _LINE, messages._("Transcribe again") if again.width() else "")

    def _marks(self, said: Segment | LiveText, *, selected: bool) -> list[QTextLayout.FormatRange]:
        """The word that is heard, and what is looked for."""
        if not isinstance(said, Segment):
            return []
        look = theme.tokens()
        text = messages.said(said)
        marks = []
        for span in self.searched(text) if self.searched else ():
            ground = look.color("surface" if selected else "selected")
            marks.append(marked(text, span, ground=ground, color=look.color("accent_text")))
        if self.sought:
            for match in self.sought.finditer(text):
                here = self.found_at == (said.id, match.start())
                marks.append(marked(text, match.span(), ground=look.color("warning", 0.5 if here else 0.2)))
        if self.heard[0] == said.id:
            spans = word_spans(text)
            if 0 <= self.heard[1] < len(spans):
                fill, on_fill = look.color("accent"), look.color("on_fill")
                marks.append(marked(text, spans[self.heard[1]], ground=fill, color=on_fill))
        return marks

    # --- hitting -----------------------------------------------------------------------------------

    def word_at(self, row: QRect, index: Index, spot: QPoint) -> int | None:
        """The place among the segment's words of the one at a spot of the view, None beside them."""
        place = self._text_place(row)
        if not place.contains(spot) or spot.y() > place.bottom() - _reason_height(index.data(SEGMENT)):
            return None
        character = self.character_at(row, index, spot)
        if character is None:
            return None
        spans = word_spans(str(index.data()))
        return next((number for number, (start, end) in enumerate(spans) if start <= character < end), None)

    def character_at(self, row: QRect, index: Index, spot: QPoint) -> int | None:
        """The character of the text at a spot of the view, None beside it."""
        place = self._text_place(row)
        layout, _height = self._laid_out(index)
        x, y = spot.x() - place.left(), spot.y() - place.top()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            if y < line.y() + line.height() * (1 + theme.LINE_HEIGHT) / 2:
                if x > line.naturalTextWidth() + self._letter:
                    return None
                at = line.xToCursor(x, line.CursorPosition.CursorOnCharacter)
                return len(str(index.data()).encode("utf-16-le")[: 2 * at].decode("utf-16-le", "ignore"))
        return None

    def link_at(self, row: QRect, index: Index, spot: QPoint) -> str:
        """Which of the links below a doubtful text is at a spot of the view: 'listen', 'again' or ''."""
        listen, again = self._links(row, index)
        return "listen" if listen.contains(spot) else "again" if again.contains(spot) else ""

    def _links(self, row: QRect, index: Index) -> tuple[QRect, QRect]:
        """Where “Listen” and “Transcribe again” stand in a row, behind the reason; without width where they do not."""
        said, model = index.data(SEGMENT), index.model()
        height = _reason_height(said)
        if not height:
            return QRect(), QRect()
        place, metrics = self._text_place(row), QFontMetrics(theme.meta_font())
        heard = isinstance(model, TranscriptModel) and model.has_sound
        whole = isinstance(model, TranscriptModel) and model.can_be_made_again
        first = metrics.horizontalAdvance(messages._("Listen")) if heard else 0
        second = metrics.horizontalAdvance(messages._("Transcribe again")) if whole else 0
        reason = metrics.horizontalAdvance(messages.doubt(said)) + theme.SPACE_1 + theme.SPACE_3
        room = row.right() - theme.SPACE_6 - place.left()
        left = place.left() + max(0, min(reason, room - first - theme.SPACE_3 - second))
        top = place.bottom() + 1 - height
        return (
            QRect(left, top, first, height),
            QRect(left + first + theme.SPACE_3, top, second, height),
        )

    # --- writing -----------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field over the text."""
        editor = Editor(parent, index)
        editor.textChanged.connect(self.written)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fills it, with the cursor at the end."""
        if isinstance(editor, Editor) and not editor.document().isModified():
            editor.begin(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QObject, index: Index) -> None:
        """Takes the text over."""
        if isinstance(editor, Editor) and isinstance(model, TranscriptModel):
            model.setData(index, editor.toPlainText())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the text, which stays where it is: frame and padding, see the style sheet, lie around it."""
        place = self._text_place(option.rect)
        high = max(
            place.height() - _reason_height(index.data(SEGMENT)), QFontMetrics(self._font).height() + 8
        )
        field = QRect(place.left(), place.top(), place.width(), high).adjusted(-10, -4, 10, 6)
        if isinstance(editor, Editor):
            field.setHeight(max(field.height(), editor.needed))
        editor.setGeometry(field)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter keeps, Esc leaves, Ctrl+Enter splits at the cursor; deleting over an end joins with the neighbour."""
        if not (isinstance(editor, Editor) and isinstance(event, QKeyEvent)):
            return super().eventFilter(editor, event)
        if event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(editor, event)
        key, cursor, segment_id = event.key(), editor.textCursor(), editor.segment_id
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            # A line break is not part of a segment.
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.split_wanted.emit(segment_id, editor.toPlainText(), editor.place)
            else:
                self.commitData.emit(editor)
            self.closeEditor.emit(editor)
            return True
        joins = 0
        if not cursor.hasSelection() and segment_id != DRAFT:
            joins = -1 if key == Qt.Key.Key_Backspace and cursor.atStart() else 0
            joins = 1 if key == Qt.Key.Key_Delete and cursor.atEnd() else joins
        if joins:
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)
            self.merge_wanted.emit(segment_id, joins)
            return True
        return super().eventFilter(editor, event)

    # --- laying out --------------------------------------------------------------------------------

    def _text_place(self, row: QRect) -> QRect:
        left = row.left() + theme.SPACE_6 + self._time_width + self._names_width
        return QRect(left, row.top() + theme.SPACE_2, self._width, row.height() - theme.SPACE_4)

    def _laid_out(self, index: Index) -> tuple[QTextLayout, int]:
        """The text of a row in lines, and the height of all; remembered while it is the same."""
        said = index.data(SEGMENT)
        key = said.id if isinstance(said, Segment) else said.channel
        known = self._layouts.get(key)
        look = theme.tokens()
        if known and known[0] is said and known[1] == self._width and known[2] is look:
            return known[3], known[4]
        if len(self._layouts) >= _MOST_LAYOUTS:
            self._layouts.clear()
        text = str(index.data())
        layout, height = lay_out(text, self._font, self._width, underlined(said, text))
        self._layouts[key] = (said, self._width, look, layout, height)
        return layout, height


def _reason_height(said: Segment | LiveText) -> int:
    """Room for the line that says why the text may be wrong."""
    doubtful = isinstance(said, Segment) and bool(said.doubt)
    return QFontMetrics(theme.meta_font()).height() + theme.SPACE_1 if doubtful else 0


def _draw_name(painter: QPainter, place: QRectF, voice: Voice) -> None:
    room = place.adjusted(_DOT + theme.SPACE_2, 0, -theme.SPACE_3, 0)
    metrics = QFontMetrics(painter.font())
    painter.drawText(
        room, _LINE, metrics.elidedText(voice.name, Qt.TextElideMode.ElideRight, int(room.width()))
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.speaker_color(voice.colour))
    painter.drawEllipse(QRectF(place.left(), place.center().y() - _DOT / 2, _DOT, _DOT))


def _names_width(voices: Sequence[Voice], room: int) -> int:
    """Room for the dot and name of any of them, and for the gap to the text; a fifth of the row at most."""
    if not voices:
        return 0
    metrics = QFontMetrics(theme.meta_font())
    widest = max(metrics.horizontalAdvance(voice.name) for voice in voices)
    return min(_DOT + theme.SPACE_2 + widest + theme.SPACE_4, max(theme.grown(LEAST_NAME), room // 5))
