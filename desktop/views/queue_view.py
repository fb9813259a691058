"""The queue below the library: what is being done, what waits, in which order, and the keys that change that."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QPushButton, QSizePolicy, QWidget

from core import messages
from core.messages import _, ngettext
from core.values import MeetingId, Queued
from desktop import theme
from desktop.commands import Commands
from desktop.models.queue import QueueModel
from desktop.models.states import Activity
from desktop.views.actions import Actions, KeysOf, connect, follow_tip
from desktop.views.meeting_delegate import MeetingDelegate
from desktop.views.widgets import button, column, label, row

ROWS_SHOWN = 4


class _Rows(QListView):
    """As high as its rows, up to `ROWS_SHOWN`."""

    def sizeHint(self) -> QSize:
        """The height of the rows there are."""
        rows = min(self.model().rowCount(), ROWS_SHOWN)
        return QSize(theme.SIDEBAR, max(1, rows) * max(theme.ROW, self.sizeHintForRow(0)) + theme.SPACE_1)

    def minimumSizeHint(self) -> QSize:
        """At least two of them, where there are as many."""
        return QSize(0, min(self.sizeHint().height(), 2 * theme.ROW))


class QueueView(QFrame):
    """One line that says how much there is to do; opened, the meetings in their order."""

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("queue")
        self._commands = commands
        self._chosen = ""
        self.model = QueueModel(self)
        self.head = button(
            "",
            self._turn,
            kind="quiet",
            icon="caret-right",
        )
        follow_tip(actions.queue, self.head.setToolTip)
        self.head.setObjectName("queueHead")
        self.head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.list = _Rows()
        self.list.setModel(self.model)
        self.list.setItemDelegate(MeetingDelegate(self.list))
        self.list.setAccessibleName(_("Queue"))
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setDropIndicatorShown(True)
        self.empty = label(_("Nothing is waiting. Meetings to transcribe queue up here."), "meta", wrap=True)
        self.pause = button("", self._pause_or_go_on, kind="quiet", icon="pause")
        self.up = _button("arrow-up", _("Do it earlier"), self._earlier, "Alt+Up")
        self.down = _button("arrow-down", _("Do it later"), self._later, "Alt+Down")
        self.remove = _button("x", _("Take it out of the queue"), self._remove, "Del")
        self.all = button("", self._all, kind="link")
        KeysOf(
            self.list,
            {
                "Alt+Up": self._earlier,
                "Alt+Down": self._later,
                "Del": self._remove,
                "Space": self._pause_or_go_on,
            },
        )
        self._buttons = row(self.pause, self.up, self.down, self.remove, None, self.all, space=theme.SPACE_1)
        self._keys = QWidget()
        self._keys.setLayout(self._buttons)
        self._body = QFrame()
        inner = column(self.list, self.empty, self._keys, space=theme.SPACE_1)
        inner.setContentsMargins(0, 0, 0, theme.SPACE_2)
        self._buttons.setContentsMargins(theme.SPACE_2, 0, theme.SPACE_4, 0)
        self.empty.setContentsMargins(theme.SPACE_4, 0, theme.SPACE_4, theme.SPACE_2)
        self._body.setLayout(inner)
        self._body.hide()
        head = row(self.head, space=0)
        head.setContentsMargins(theme.SPACE_2, theme.SPACE_1, theme.SPACE_2, theme.SPACE_1)
        layout = column(space=0)
        layout.addLayout(head)
        layout.addWidget(self._body)
        self.setLayout(layout)
        commands.queue_changed.connect(self._show_queue)
        commands.activity_changed.connect(self._show_activity)
        self.model.moved.connect(commands.move)
        self.model.moved.connect(self._renew)
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.list.doubleClicked.connect(self._show_meeting)
        self.list.activated.connect(self._show_meeting)
        connect(actions.queue, self.open)
        self._renew()

    # --- opening -----------------------------------------------------------------------------------

    def open(self) -> None:
        """Shows the rows, with the keyboard on them."""
        if not self._body.isVisible():
            self._turn()
        if self.model.rowCount():
            if not self.list.currentIndex().isValid():
                self._select(0)
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.head.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _turn(self) -> None:
        opens = not self._body.isVisible()
        self._body.setVisible(opens)
        self.head.setIcon(theme.icon("caret-down" if opens else "caret-right"))
        self._renew()

    # --- showing -----------------------------------------------------------------------------------

    def _show_queue(self, queue: tuple[Queued, ...]) -> None:
        chosen = self._chosen
        self.model.set_queue(queue)
        if chosen and self.list.currentIndex().row() != (place := self.model.row_of(chosen)):
            self._select(place)
        self._renew()

    def _show_activity(self, meeting_id: str, activity: Activity | None) -> None:
        self.model.set_activity(MeetingId(meeting_id), activity)
        self._renew()

    def _renew(self) -> None:
        """Says anew how much there is to do, and what can be done about the row that is chosen."""
        count = self.model.rowCount()
        text = ngettext("{count} in the queue", "{count} in the queue", count)
        left = self.model.seconds_left()
        said = text.format(count=count) if count else _("Queue")
        if count and left:
            said = f"{said} · {messages.time_left(left)}"
        self.head.setAccessibleName(said)
        self._fit()
        one = self.model.at(self.list.currentIndex().row())
        self.list.setVisible(count > 0)
        self.list.updateGeometry()
        self.empty.setVisible(count == 0)
        self._keys.setVisible(count > 0)
        place = self.list.currentIndex().row()
        for each in (self.pause, self.remove):
            each.setEnabled(one is not None)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(0 <= place < count - 1)
        if one is None or one.waits:
            self._name(self.pause, "pause", _("Pause (Space)"))
        elif one.work.failure:
            self._name(self.pause, "arrow-clockwise", _("Try again (Space)"))
        else:
            self._name(self.pause, "play", _("Go on (Space)"))
        self.all.setVisible(count > 1)
        goes = any(each.waits for each in self.model.entries)
        self.all.setText(_("Pause all") if goes else _("Go on with all"))
        self.all.setToolTip(
            _("Have everything in the queue wait, also after the next start")
            if goes
            else _("Work through the queue again")
        )

    def _fit(self) -> None:
        """Shows as much of the head's words as there is room for."""
        said, room = (
            self.head.accessibleName(),
            self.head.width() - self.head.iconSize().width() - theme.SPACE_8,
        )
        self.head.setText(self.head.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the head to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _name(self, shown: QPushButton, icon: str, tip: str) -> None:
        if shown.toolTip() != tip:
            shown.setIcon(theme.icon(icon))
            shown.setToolTip(tip)
            shown.setAccessibleName(tip)

    def _choose(self, current: QModelIndex) -> None:
        one = self.model.at(current.row())
        if one:
            self._chosen = one.meeting.id
        self._renew()

    def _select(self, place: int) -> None:
        index = self.model.index(place) if place >= 0 else QModelIndex()
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    # --- asking ------------------------------------------------------------------------------------

    def _pause_or_go_on(self) -> None:
        one = self.model.at(self.list.currentIndex().row())
        if one is None:
            return
        if one.waits:
            self._commands.pause(one.meeting.id)
        elif one.work.failure:
            self._commands.try_again(one.meeting.id)
        else:
            self._commands.carry_on(one.meeting.id)

    def _earlier(self) -> None:
        place = self.list.currentIndex().row()
        if place > 0:
            self.model.moveRow(QModelIndex(), place, QModelIndex(), place - 1)

    def _later(self) -> None:
        place = self.list.currentIndex().row()
        if 0 <= place < self.model.rowCount() - 1:
            self.model.moveRow(QModelIndex(), place, QModelIndex(), place + 2)

    def _remove(self) -> None:
        one = self.model.at(self.list.currentIndex().row())
        if one:
            self._commands.leave_queue(one.meeting)

    def _all(self) -> None:
        entries = self.model.entries
        if any(one.waits for one in entries):
            self._commands.pause(*(one.meeting.id for one in entries if one.waits))
        else:
            self._commands.carry_on(*(one.meeting.id for one in entries if one.work.paused))

    def _show_meeting(self, index: QModelIndex) -> None:
        one = self.model.at(index.row())
        if one:
            self._commands.show(one.meeting.id)


def _button(icon: str, tip: str, do: Callable[[], object], keys: str) -> QPushButton:
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    made = button("", do, kind="quiet", icon=icon, tip=f"{tip} ({shown})")
    made.setAccessibleName(tip)
    return made
