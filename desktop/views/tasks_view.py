"""What is to be done: the action items of all meetings, or of one."""

from __future__ import annotations

from itertools import chain
from math import ceil

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from core import messages
from core.messages import _
from core.values import ActionItem, Meeting, MeetingId, Minutes, Section
from desktop import theme
from desktop.commands import Commands
from desktop.models.tasks import Index, Role, TasksModel
from desktop.views.actions import KeysOf
from desktop.views.long_list import LongList
from desktop.views.new_task import NewTask
from desktop.views.row_ground import paint_ground, paint_moment
from desktop.views.time_chip import is_heard
from desktop.views.widgets import choice, column, label, row

_BOX = 18
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TaskList(LongList):
    """Rows of action items: Space and the box tick, Enter and a click elsewhere go to where it was said."""

    place_wanted = Signal(object)  # ActionItem

    def __init__(self, model: TasksModel) -> None:
        super().__init__()
        self._tasks = model
        self._fitted: tuple[QFont, int] | None = None  # the font and the width that rows are measured for
        self.sticks = False
        self.setModel(model)
        self.heard = _Delegate(self)
        self.setItemDelegate(self.heard)
        self.setAccessibleName(_("Tasks"))
        self.setObjectName("tasks")
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._place: tuple[set[MeetingId], int, tuple[int, ActionItem] | None] = (set(), 0, None)
        model.modelAboutToBeReset.connect(self._note_place)
        self.watch()
        model.modelReset.connect(self._go_back)
        KeysOf(self, {"Space": self._tick})

    def guess(self, first: int, last: int) -> list[int]:
        """About how high rows are, in pixels."""
        items = self._tasks.rows(first, last)
        font, meta = QFontMetrics(theme.font()), QFontMetrics(theme.meta_font()).height()
        one = next(filter(None, items), None)
        room = _places(QRect(0, 0, self.viewport().width(), 0), one)[1].width() if one else 1
        letters = max(1, room // max(1, font.averageCharWidth()))
        heading = _heading_height()
        return [
            max(theme.ROW, ceil(len(item.line.text) / letters) * font.height() + meta + 2 * theme.SPACE_3)
            if item
            else heading
            for item in items
        ]

    def _note_place(self) -> None:
        items = list(filter(None, self._tasks.rows(0, self._tasks.rowCount() - 1)))
        self._place = {one.meeting_id for one in items}, self.verticalScrollBar().value(), self._current()

    def _current(self) -> tuple[int, ActionItem] | None:
        item = self.currentIndex().data(Role.ITEM)
        return (self.currentIndex().row(), item) if item else None

    def _go_back(self) -> None:
        """Stays where the person was: on the same task, or where that stood before it was done."""
        meetings, scrolled, current = self._place
        rows = self._tasks.rows(0, self._tasks.rowCount() - 1)
        if not any(one and one.meeting_id in meetings for one in rows):
            return
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        if current:
            place, item = current
            same = (
                row
                for row, one in enumerate(rows)
                if one and one.line.id == item.line.id and not one.line.done
            )
            place = next(same, min(place, len(rows) - 1))
            on = next(row for row in (*range(place, len(rows)), *range(place, -1, -1)) if rows[row])
            self.setCurrentIndex(self._tasks.index(on))

    def _fit(self) -> None:
        now = theme.font(), self.viewport().width()
        if self._fitted != now:
            self._fitted = now
            self.measure_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measures anew where lines break elsewhere."""
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """The same in another font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and self.model():
            self._fit()

    def moveCursor(self, action: QListView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The row that a key leads to: a heading is passed by."""
        moves, row = QListView.CursorAction, super().moveCursor(action, modifiers).row()
        back = action in {moves.MoveUp, moves.MovePrevious, moves.MovePageUp}
        ways = chain(range(row, -1, -1) if back else (), range(max(0, row), self._tasks.rowCount()))
        found = (self._tasks.index(way) for way in ways)
        return next((one for one in found if one.data(Role.ITEM)), QModelIndex())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The box ticks, the rest leads to the meeting."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or index.data(Role.ITEM) is None:
            return
        if event.position().x() <= _box(self.visualRect(index)).right() + theme.SPACE_2:
            _turn(index)
        else:
            self.place_wanted.emit(index.data(Role.ITEM))

    def _tick(self) -> None:
        if self.currentIndex().data(Role.ITEM):
            _turn(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads to the meeting."""
        item = self.currentIndex().data(Role.ITEM)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item:
            self.place_wanted.emit(item)
        else:
            super().keyPressEvent(event)


def _turn(index: QModelIndex) -> None:
    done = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    state = Qt.CheckState.Unchecked if done else Qt.CheckState.Checked
    index.model().setData(index, state, Qt.ItemDataRole.CheckStateRole)


class TasksView(QFrame):
    """The tasks of all meetings, or, `of_one_meeting`, of that which is shown, where more can be added."""

    def __init__(self, commands: Commands, *, of_one_meeting: bool = False) -> None:
        super().__init__()
        self.setObjectName("page")
        self._commands = commands
        self._one = of_one_meeting
        self.model = TasksModel(self, of_one_meeting=of_one_meeting)
        self.list = TaskList(self.model)
        self.owner = choice()
        self.owner.addItem(_("Everybody"))
        self.owner.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.owner.setAccessibleName(_("Whose tasks"))
        self.owner.setToolTip(_("Show the tasks of everybody, or of one person"))
        self.done = QCheckBox(_("Show what is done"))
        self.done.setToolTip(_("Show the tasks that are done too"))
        self.done.setChecked(of_one_meeting)
        self._made = True  # the minutes that tasks come from
        self._empty = label("", "quietText", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        layout = column(space=theme.SPACE_3)
        if not of_one_meeting:
            title = label(_("Tasks"), "pageTitle")
            head = row(title, None, self.owner, self.done, space=theme.SPACE_3)
            head.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, 0)
            layout.addLayout(head)
            commands.action_items_read.connect(self.set_items)
            commands.meeting_changed.connect(self._read_again)
            commands.meeting_gone.connect(self._read_again)
        layout.addWidget(self._stack, 1)
        self.new = NewTask()
        layout.addWidget(self.new)
        layout.setContentsMargins(0, theme.SPACE_2, 0, 0)
        self.setLayout(layout)
        self.owner.currentIndexChanged.connect(self._narrow)
        self.done.toggled.connect(self._narrow)
        self.model.ticked.connect(self._tick)
        self.list.place_wanted.connect(self._go)
        self.model.modelReset.connect(self._show_empty)
        self.set_items(())
        self._narrow()

    def enter(self) -> None:
        """Reads the tasks, and puts the keyboard on them."""
        self._read_again()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_items(self, items: tuple[ActionItem, ...]) -> None:
        """Shows these."""
        self.model.set_items(items)
        owners = self.model.owners()
        if [self.owner.itemText(place) for place in range(1, self.owner.count())] != owners:
            chosen = self.owner.currentText()
            self.owner.blockSignals(True)
            self.owner.clear()
            self.owner.addItems([_("Everybody"), *owners])
            self.owner.setCurrentIndex(max(0, self.owner.findText(chosen)))
            self.owner.blockSignals(False)
            self._narrow()
        self._show_empty()

    def follow(self, second: float | None) -> None:
        """Fills the times of the tasks whose moment is heard; None: nothing is heard."""
        if second != self.list.heard.second:
            self.list.heard.second = second
            self.list.viewport().update()

    def set_minutes(self, meeting: Meeting, minutes: Minutes | None) -> None:
        """Shows what is to be done after a meeting."""
        self._made = minutes is not None
        self.new.use(minutes)
        lines = minutes.of(Section.ACTION_ITEMS) if minutes else ()
        self.set_items(
            tuple(ActionItem(meeting.id, meeting.title, meeting.started_at, line) for line in lines)
        )

    def _read_again(self, _news: object = None) -> None:
        if self.isVisible() and not self._one:
            self._commands.read_action_items()

    def _narrow(self) -> None:
        owner = self.owner.currentText() if self.owner.currentIndex() > 0 else ""
        self.model.show_only(owner, done=self.done.isChecked())

    def _show_empty(self) -> None:
        if self.model.count:
            said = _("Everything is done. Tick “Show what is done” to see it.")
        elif self._one and not self._made:
            said = _("What somebody is to do comes here with the minutes.")
        elif self._one:
            said = _("Nothing was agreed to be done in this meeting.")
        else:
            said = _("What somebody is to do comes here from the minutes of your meetings.")
        self._empty.setText(said)
        self._stack.setCurrentIndex(0 if self.model.rowCount() else 1)

    def _tick(self, item: ActionItem, done: bool) -> None:
        self._commands.tick(item.meeting_id, item.line.id, done=done)

    def _go(self, item: ActionItem) -> None:
        if not item.line.evidence:
            self._commands.show(item.meeting_id)
            return
        first = item.line.evidence[0]
        self._commands.open_at(item.meeting_id, first.segment_ids[0] if first.segment_ids else 0, first.start)


class _Delegate(QStyledItemDelegate):
    """A box, what is to be done, and below it who, when and in which meeting."""

    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        self._list = parent
        self.second: float | None = None
        """What is heard now of the one meeting."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the wrapped text and a line of facts, or as a heading."""
        if item := index.data(Role.ITEM):
            row = QRect(0, 0, self._list.viewport().width(), 0)
            high = _wrapped(item, _places(row, item)[1]).height()
            meta = QFontMetrics(theme.meta_font()).height()
            return QSize(option.rect.width(), max(theme.ROW, high + meta + 2 * theme.SPACE_3))
        return QSize(option.rect.width(), _heading_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        item = index.data(Role.ITEM)
        if item:
            self._item(painter, option, index, item)
        else:
            painter.setFont(theme.font(2, heading=True))
            painter.setPen(theme.tokens().color("text"))
            inner = option.rect.adjusted(theme.SPACE_6, 0, -theme.SPACE_6, -theme.SPACE_1)
            painter.drawText(
                inner, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, str(index.data())
            )
        painter.restore()

    def _item(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, item: ActionItem) -> None:
        look = theme.tokens()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = option.rect.adjusted(theme.SPACE_4, 1, -theme.SPACE_4, -1)
        paint_ground(painter, option, ground)
        box = _box(option.rect)
        painter.setPen(QPen(look.color("accent" if item.line.done else "text2"), 1))
        painter.setBrush(look.color("accent" if item.line.done else "surface"))
        painter.drawRoundedRect(box, theme.SPACE_1, theme.SPACE_1)
        if item.line.done:
            theme.icon("check-bold", "on_fill").paint(painter, box.adjusted(3, 3, -3, -3))
        inner, room = _places(option.rect, item)
        meta = QFontMetrics(theme.meta_font())
        line = QRect(inner.left(), inner.top(), inner.width(), QFontMetrics(theme.font()).height())
        said = item.line.evidence[:1]
        heard = any(is_heard(one.start, one.end, self.second) for one in said)
        paint_moment(painter, line, _second(item), heard=heard, right=True)
        painter.setFont(theme.font())
        painter.setPen(look.color("text2" if item.line.done else "text"))
        painter.drawText(room, _WRAPPED, item.line.text)
        below = QRect(inner.left(), inner.bottom() + 1 - meta.height(), inner.width(), meta.height())
        painter.setFont(theme.meta_font())
        facts = " · ".join(index.data(Role.FACTS))
        overdue = index.data(Role.OVERDUE)
        if overdue:
            side = theme.grown(theme.ROW_ICON - 2)
            spot = QRect(below.left(), below.top() + (below.height() - side) // 2, side, side)
            theme.icon("warning-circle", "text" if selected else "danger_text").paint(painter, spot)
            below = below.adjusted(side + theme.SPACE_1, 0, 0, 0)
        painter.setPen(look.color("danger_text" if overdue and not selected else "text2"))
        painter.drawText(below, _LEFT, meta.elidedText(facts, Qt.TextElideMode.ElideRight, below.width()))

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:  # noqa: ARG002
        """The list itself ticks."""
        return False


def _heading_height() -> int:
    return QFontMetrics(theme.font(2)).height() + theme.SPACE_6


def _box(row: QRect) -> QRect:
    side = theme.grown(_BOX)
    return QRect(row.left() + theme.SPACE_6, row.top() + theme.SPACE_3, side, side)


def _second(item: ActionItem) -> str:
    """Where it was said."""
    return messages.clock(item.line.evidence[0].start) if item.line.evidence else ""


def _places(row: QRect, item: ActionItem) -> tuple[QRect, QRect]:
    """Of a row what is right of its box, and of that the room for the text, left of where it was said."""
    box = _box(row)
    inner = row.adjusted(0, theme.SPACE_3, -theme.SPACE_4 - theme.SPACE_2, -theme.SPACE_3)
    inner.setLeft(box.right() + theme.SPACE_3)
    time = QFontMetrics(theme.meta_font()).horizontalAdvance(_second(item))
    return inner, inner.adjusted(0, 0, -time - theme.SPACE_3, 0)


def _wrapped(item: ActionItem, room: QRect) -> QRect:
    """What its text takes in `room`, as high as it needs."""
    return QFontMetrics(theme.font()).boundingRect(0, 0, room.width(), 0, _WRAPPED, item.line.text)
