"""The search: its field in the tool bar, and what it finds in the place of the library's list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core import errors, messages
from core.messages import _
from core.values import Found, Hit, MeetingId
from desktop import theme
from desktop.commands import Commands
from desktop.models.hits import Heading, HitsModel, Index, Role, moment
from desktop.views.actions import follow_tip, native
from desktop.views.row_ground import paint_ground, paint_moment
from desktop.views.time_chip import is_heard
from desktop.views.widgets import announce, button, clearable, column, label, row

TYPING = 60
"""Milliseconds without a key after which it is searched for."""

_CTRL = Qt.KeyboardModifier.ControlModifier

BEFORE = 24
"""Letters that stand before the first marked word in a row, so that it is in sight."""

AHEAD = "… "
"""Stands for what is left out before it."""

LINES = 2

CTRL_ENTER = QKeySequence("Ctrl+Return")

_Heard = Callable[[MeetingId], float | None]
"""Tells the second of a meeting that is heard now, None for none."""


class SearchField(QLineEdit):
    """Where a person writes what to look for, or what to ask.

    Down goes to what was found, Esc gives the search up, Ctrl+Enter asks it as a question.
    """

    searched = Signal(str)  # '' ends the search
    entered = Signal()  # on to what was found
    chosen = Signal()  # the first of it
    asked = Signal(str)  # a question about all meetings

    def __init__(self, search: QAction) -> None:
        """`search` is what the keyboard comes here by: its keys stand at the end of the empty field."""
        super().__init__()
        self._keys = label("", "meta")
        self._keys.setParent(self)
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._search = search
        follow_tip(search, self.setToolTip)
        search.changed.connect(self._fit)
        self.setPlaceholderText(_("Search all meetings"))
        self.setAccessibleName(_("Search all meetings"))
        self.setObjectName("search")
        clearable(self)
        self.addAction(theme.icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        self.setMinimumWidth(theme.SEARCH_LEAST)
        self.setMaximumWidth(theme.SEARCH_MOST)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING)
        self._pause.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textChanged.connect(self._changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Says in one word what it is for where large text leaves no room for more."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole = _("Search all meetings")
        words = self.fontMetrics().horizontalAdvance(whole)
        room = self.width() - 2 * (theme.BAR_ICON + theme.SPACE_4)
        self.setPlaceholderText(whole if words <= room else _("Search"))
        self._keys.setText(native(self._search.shortcut()))
        self._keys.adjustSize()
        left = self.width() - self._keys.width() - theme.SPACE_2
        self._keys.move(left, (self.height() - self._keys.height()) // 2)
        wide = words + theme.BAR_ICON + theme.SPACE_6 <= left
        self._keys.setVisible(wide and not self.text())

    def _changed(self, text: str) -> None:
        self._fit()
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self.searched.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Page down go to the hits, Enter opens the best, Ctrl+Enter asks, Esc ends the search."""
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.entered.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if event.modifiers() & _CTRL:
                self.asked.emit(self.text())
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self._pause.isActive():
                    self._pause.stop()
                    self.searched.emit(self.text())
                self.chosen.emit()
            case Qt.Key.Key_Escape:
                self.clear()
            case _:
                super().keyPressEvent(event)


class FoundView(QWidget):
    """What was found; each row opens its meeting, at the second."""

    left = Signal()  # back to the field
    ask_wanted = Signal(str)  # what was searched for, as a question about all meetings

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._asked = ""
        self._answered = False  # what is shown was found for what was asked last
        self._choose_first = False
        self._heard: tuple[int, ...] = ()  # the rows whose moment is heard
        self.model = HitsModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Delegate(self.list.viewport(), commands.heard))
        self.list.setAccessibleName(_("Search results"))
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.installEventFilter(self)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self._more = label("", "meta", wrap=True)
        self._more.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        self._more.hide()
        self._nothing = label("", "quietText", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(theme.SPACE_4, theme.SPACE_8, theme.SPACE_4, theme.SPACE_4)
        self._places = QStackedWidget()
        self._places.addWidget(self.list)
        self._places.addWidget(self._nothing)
        self.ask = button(
            _("Ask all meetings this"),
            lambda: self.ask_wanted.emit(self._asked),
            kind="link",
            icon="chat-circle-text",
            color="accent_text",
            tip=_("Ask it as a question about all meetings ({keys})").format(keys=native(CTRL_ENTER)),
        )
        layout = column(self._more, space=0)
        layout.insertWidget(0, self._places, 1)
        foot = row(self.ask, None)
        foot.setContentsMargins(theme.SPACE_4, theme.SPACE_1, theme.SPACE_2, 0)
        layout.addLayout(foot)
        self.setLayout(layout)
        commands.found.connect(self._show)
        commands.played.connect(lambda _second: self._follow())
        commands.playback_changed.connect(lambda _state: self._follow())

    def look_for(self, asked: str) -> None:
        """Shows what is found of this, once it is."""
        self._asked = asked
        self._answered = self._choose_first = False
        self._commands.search(asked)
        if not asked.strip():
            self._commands.mark("")

    def enter(self) -> None:
        """Puts the keyboard on the hits, the first where it stood on none."""
        if self.model.rowCount():
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_first(self) -> None:
        """Opens the first hit, as soon as there is one."""
        self._choose_first = True
        if self._answered:
            self._open_first()

    def _open_first(self) -> None:
        hits = (self.model.index(row) for row in range(min(2, self.model.rowCount())))
        first = next((index for index in hits if isinstance(index.data(Role.ROW), Hit)), self.model.index(0))
        if self._choose_first and first.isValid():
            self._choose_first = False
            self.list.setCurrentIndex(first)
            self._open(first)

    def _show(self, asked: str, found: Found) -> None:
        if asked != self._asked:
            return
        self._answered = True
        before = self.list.currentIndex().data(Role.ROW)
        self.model.set_found(found)
        self.list.setCurrentIndex(self.model.place_of(before))
        unclear = [str(messages.explain(errors.DateUnclear(written))) for written in found.unclear]
        more = (
            [_("There is more than that. Another word narrows it down.")]
            if found.more and found.ranked
            else []
        )
        self._more.setText("\n".join(unclear + more))
        self._more.setVisible(bool(found.hits and self._more.text()))
        if found.hits:
            self._places.setCurrentWidget(self.list)
            self._open_first()
        else:
            nothing = _("Nothing was found for “{words}”.").format(words=asked.strip())
            self._nothing.setText("\n".join(unclear) or nothing)
            self._places.setCurrentWidget(self._nothing)
            announce(self._nothing)

    def _follow(self) -> None:
        """Has the times of the hits drawn anew where others are heard."""
        hits = self.model.hits()
        heard = tuple(row for row, hit in hits if _is_heard(hit, self._commands.heard))
        if heard != self._heard:
            self._heard = heard
            self.list.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        row = index.data(Role.ROW)
        if isinstance(row, Hit) and row.second is not None:
            self._commands.open_at(row.meeting_id, row.segment_id, row.second)
        elif row is not None:
            self._commands.show(row.meeting_id)
        if row is not None:
            self._commands.mark(self._asked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up from the first row, and Esc, lead back to the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            first = self.list.currentIndex().row() <= 0
            if event.key() == Qt.Key.Key_Escape or (event.key() == Qt.Key.Key_Up and first):
                self.left.emit()
                return True
        return super().eventFilter(watched, event)


class _Delegate(QStyledItemDelegate):
    """A meeting's title and day; or when it was said, by whom, and the words, those searched for marked."""

    def __init__(self, viewport: QWidget, heard: _Heard) -> None:
        super().__init__(viewport)
        self._viewport, self._heard = viewport, heard

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as a heading, or as the lines of the words; grown with large system fonts."""
        font, row = QFontMetrics(theme.font()), index.data(Role.ROW)
        if not isinstance(row, Hit):
            return QSize(option.rect.width(), max(theme.DAY_ROW, font.height() + theme.SPACE_4))
        text, _begin = _shown(row)
        room = self._viewport.width() - 4 * theme.SPACE_2 - theme.SPACE_3
        lines = 1 if font.horizontalAdvance(text) <= room else LINES
        meta = QFontMetrics(theme.meta_font()).height()
        return QSize(option.rect.width(), meta + lines * font.height() + theme.SPACE_4 + theme.SPACE_1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the row."""
        row = index.data(Role.ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = option.rect.adjusted(theme.SPACE_2, 1, -theme.SPACE_2, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, option, ground)
        inner = ground.adjusted(theme.SPACE_2, 0, -theme.SPACE_2, 0)
        if isinstance(row, Heading):
            self._heading(painter, inner, row, selected=selected)
        elif isinstance(row, Hit):
            self._hit(painter, inner, row, selected=selected)
        painter.restore()

    def _heading(self, painter: QPainter, place: QRect, row: Heading, *, selected: bool) -> None:
        look, meta = theme.tokens(), theme.meta_font()
        width = QFontMetrics(meta).horizontalAdvance(row.day)
        painter.setFont(meta)
        painter.setPen(look.color("text2"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | middle, row.day)
        room = place.adjusted(0, 0, -width - theme.SPACE_2, 0)
        height = QFontMetrics(theme.font()).height()
        room.setTop(room.top() + (room.height() - height) // 2)
        painter.setPen(look.color("text"))
        _marked(painter, room, row.title, row.marks, lines=1, selected=selected)

    def _hit(self, painter: QPainter, place: QRect, row: Hit, *, selected: bool) -> None:
        look, meta = theme.tokens(), theme.meta_font()
        inner = place.adjusted(theme.SPACE_3, theme.SPACE_1, 0, -theme.SPACE_1)
        height = QFontMetrics(meta).height()
        line = QRect(inner.left(), inner.top() + theme.SPACE_1, inner.width(), height)
        time, who = moment(row), messages.found_in(row)
        wide = paint_moment(painter, line, time, heard=_is_heard(row, self._heard))
        beside = line.adjusted(wide + theme.SPACE_1 if time else 0, 0, 0, 0)
        said = f"· {who}" if time and who else who
        shown = QFontMetrics(meta).elidedText(said, Qt.TextElideMode.ElideRight, beside.width())
        painter.setPen(look.color("accent_text"))
        painter.drawText(beside, Qt.AlignmentFlag.AlignLeft, shown)
        painter.setPen(look.color("text"))
        text, begin = _shown(row)
        shift = begin - (len(AHEAD) if begin else 0)
        marks = tuple((first - shift, last - shift) for first, last in row.marks if first >= begin)
        room = QRect(inner.left(), line.bottom() + 1, inner.width(), inner.bottom() - line.bottom())
        _marked(painter, room, text, marks, lines=LINES, selected=selected)


def _is_heard(hit: Hit, heard: _Heard) -> bool:
    """Whether what was found is being played."""
    return hit.second is not None and is_heard(hit.second, hit.until, heard(hit.meeting_id))


def _shown(hit: Hit) -> tuple[str, int]:
    """The text of a hit from a word on that stands not long before the first mark, and where that one begins."""
    first = hit.marks[0][0] if hit.marks else 0
    begin = hit.text.rfind(" ", 0, first - BEFORE) + 1 if first > 2 * BEFORE else 0
    return AHEAD + hit.text[begin:] if begin else hit.text, begin


def _marked(
    painter: QPainter,
    place: QRect,
    text: str,
    marks: tuple[tuple[int, int], ...],
    *,
    lines: int,
    selected: bool,
) -> None:
    """Draws `text` into some lines, its `marks` on a ground of their own."""
    look = theme.tokens()
    text = _fitted(text, place.width(), lines)
    layout = _wrapped(text)
    form = QTextCharFormat()
    form.setBackground(look.color("surface" if selected else "selected"))
    form.setForeground(look.color("accent_text"))
    formats = []
    for begin, end in marks:
        span = QTextLayout.FormatRange()
        # Qt counts in UTF-16.
        span.start, span.length = (_utf16(part) for part in (text[:begin], text[begin:end]))
        span.format = form
        formats.append(span)
    layout.setFormats(formats)
    _lay_out(layout, place.width(), lines)
    layout.draw(painter, QPointF(place.topLeft()))


def _fitted(text: str, width: int, lines: int) -> str:
    """`text`, cut where it needs more lines."""
    layout = _wrapped(text)
    last = _lay_out(layout, width, lines)
    rest = text.encode("utf-16-le")[2 * last :].decode("utf-16-le")
    shown = QFontMetrics(theme.font()).elidedText(rest, Qt.TextElideMode.ElideRight, width)
    return text[: len(text) - len(rest)] + shown


def _wrapped(text: str) -> QTextLayout:
    layout = QTextLayout(text, theme.font())
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    return layout


def _lay_out(layout: QTextLayout, width: int, lines: int) -> int:
    """Makes the first lines; where the last of them begins."""
    height = QFontMetrics(theme.font()).height()
    begins = 0
    layout.beginLayout()
    for number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, number * height))
        begins = line.textStart()
    layout.endLayout()
    return begins


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
