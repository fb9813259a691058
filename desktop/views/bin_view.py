"""The bin: what is in it, how long it stays, and the ways out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from core.messages import _, ngettext
from core.values import BIN_DAYS, Cut, Meeting
from desktop import theme
from desktop.commands import Commands
from desktop.models.meetings import MeetingsModel, Role
from desktop.views.cut_list import CutList
from desktop.views.meeting_delegate import MeetingDelegate
from desktop.views.widgets import Question, Rows, button, column, label, row


class BinView(QWidget):
    """The meetings in the bin and the passages that were cut: they can be restored, or removed for good."""

    left = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self.model = MeetingsModel(self)
        self.list = Rows()
        self.list.setModel(self.model)
        self.list.setItemDelegate(MeetingDelegate(self.list))
        self.list.setAccessibleName(_("Meetings in the bin"))
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.cuts = CutList()
        for watched in (self.list, self.cuts):
            watched.installEventFilter(self)
        self.back = button(
            _("Bin"),
            self.left.emit,
            kind="quiet",
            icon="arrow-left",
            tip=_("Go back to the list of meetings (Esc)"),
        )
        self._says = label("", "meta", wrap=True)
        self.restore = button(_("Restore"), self._give_back)
        self.remove = button(_("Empty the bin…"), self._ask, kind="link", tip=_("Remove all of it for good"))
        buttons = row(self.restore, None, self.remove)
        self._of_cuts = label(_("Cut passages"), "meta")
        head = row(self.back, None)
        layout = column(space=theme.SPACE_1)
        layout.addLayout(head)
        layout.addWidget(self._says)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._of_cuts)
        layout.addWidget(self.cuts, 1)
        layout.addLayout(buttons)
        head.setContentsMargins(theme.SPACE_2, theme.SPACE_2, theme.SPACE_2, 0)
        for words in (self._says, self._of_cuts):
            words.setContentsMargins(theme.SPACE_4, 0, theme.SPACE_4, 0)
        buttons.setContentsMargins(theme.SPACE_4, theme.SPACE_1, theme.SPACE_2, theme.SPACE_1)
        self.setLayout(layout)
        commands.bin_read.connect(self._show)
        self.list.activated.connect(lambda _index: self._restore())
        self.cuts.itemActivated.connect(lambda _item: self._bring_back())
        # What is selected in one list is what the button gives back: nothing is in the other then.
        self.list.selectionModel().selectionChanged.connect(lambda *_changes: self._select(self.cuts))
        self.cuts.itemSelectionChanged.connect(lambda: self._select(self.list))
        self._show((), ())

    def enter(self) -> None:
        """Puts the keyboard on the meetings, or on the passages where only these are there."""
        first = self.list if self.list.isVisible() else self.cuts
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show(self, binned: tuple[Meeting, ...], cuts: tuple[Cut, ...]) -> None:
        self.model.set_meetings(binned)
        self.cuts.set_cuts(cuts)
        self.list.setVisible(bool(binned) or not cuts)
        for control in (self.cuts, self._of_cuts):
            control.setVisible(bool(cuts))
        stays = _("Meetings and passages stay here for {count} days.").format(count=BIN_DAYS)
        self._says.setText(stays if binned or cuts else _("The bin is empty."))
        if not self.cuts.chosen() and not self._chosen():
            if binned:
                self.list.setCurrentIndex(self.model.newest())
            elif cuts:
                self.cuts.setCurrentRow(0)
        self._enable()

    def _chosen(self) -> list[Meeting]:
        indexes = sorted(self.list.selectedIndexes(), key=QModelIndex.row)
        return [meeting for index in indexes if (meeting := index.data(Role.MEETING))]

    def _select(self, other: QListView) -> None:
        """Takes the selection of the other list away where this one has one."""
        here = self.list if other is self.cuts else self.cuts
        if here.selectedIndexes():
            other.clearSelection()
        self._enable()

    def _enable(self) -> None:
        cut, later = self.cuts.chosen(), _("Another passage was cut later and has to come back first")
        if cut:
            self.restore.setText(_("Bring back"))
            tip = _("Put the selected passage back in its meeting (Enter)") if cut.last else later
        else:
            self.restore.setText(_("Restore"))
            tip = _("Bring the selected meetings back (Enter)")
        self.restore.setToolTip(tip)
        self.restore.setEnabled(bool(self._chosen() or (cut and cut.last)))
        self.remove.setEnabled(self.model.count > 0 or self.cuts.count() > 0)

    def _give_back(self) -> None:
        if self.cuts.chosen():
            self._bring_back()
        else:
            self._restore()

    def _restore(self) -> None:
        if chosen := self._chosen():
            self._commands.restore(*(meeting.id for meeting in chosen))

    def _bring_back(self) -> None:
        cut = self.cuts.chosen()
        if cut and cut.last:
            self._commands.bring_back(cut)

    def _ask(self) -> None:
        question = EmptyBin(self, self.model.count, self.cuts.count())
        question.accepted.connect(self._commands.remove)
        question.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc goes back to the meetings."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self.left.emit()
            return True
        return super().eventFilter(watched, event)


class EmptyBin(Question):
    """Asks before meetings are removed for good. Accepted: they are."""

    def __init__(self, parent: QWidget, meetings: int, cuts: int) -> None:
        what = []
        if meetings:
            text = ngettext(
                "{count} meeting is removed with its recording, text and minutes.",
                "{count} meetings are removed with their recordings, texts and minutes.",
                meetings,
            )
            what.append(text.format(count=meetings))
        if cuts:
            text = ngettext("{count} cut passage is removed.", "{count} cut passages are removed.", cuts)
            what.append(text.format(count=cuts))
        text = " ".join((*what, _("This cannot be undone.")))
        super().__init__(
            parent,
            _("Empty the bin"),
            text,
            yes=(_("Remove for good"), _("Remove what is in the bin for good")),
            no=(_("Keep them"), _("Leave the bin as it is")),
        )
