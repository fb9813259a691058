"""The list of meetings on the left, with the files that are being brought in below it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QFrame, QListView, QProgressBar, QVBoxLayout, QWidget

from core.messages import _
from core.values import Meeting
from desktop import theme
from desktop.commands import Commands, Import
from desktop.models.meetings import MeetingsModel, Role
from desktop.views.actions import Actions
from desktop.views.delegates import MeetingDelegate
from desktop.views.queue_view import QueueView
from desktop.views.widgets import OneLine, button, column, row

MINUTE = 60_000


class LibraryView(QFrame):
    """Chooses the meeting that is shown."""

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self._commands = commands
        self._wanted = ""
        self.model = MeetingsModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(MeetingDelegate(self.list))
        self.list.setAccessibleName(_("Meetings"))
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.list.addActions([actions.rename, actions.copy, actions.export, actions.delete])
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self._import_lines: dict[int, _ImportLine] = {}
        self._imports = QVBoxLayout()
        self._imports.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        self.queue = QueueView(commands, actions)
        layout = column(space=0)
        layout.addWidget(self.list, 1)
        layout.addLayout(self._imports)
        layout.addWidget(self.queue)
        self.setLayout(layout)
        commands.meetings_listed.connect(self.model.set_meetings)
        commands.meeting_changed.connect(self._put)
        commands.meeting_gone.connect(self.model.remove)
        commands.activity_changed.connect(self.model.set_activity)
        commands.imports_changed.connect(self._show_imports)
        commands.shown.connect(self._select)
        self._days = QTimer(self)
        self._days.setInterval(MINUTE)
        self._days.timeout.connect(self.model.renew_days)
        self._days.start()

    def current(self) -> Meeting | None:
        """The meeting that is chosen."""
        meeting = self.list.currentIndex().data(Role.MEETING)
        return meeting if isinstance(meeting, Meeting) else None

    def selected(self) -> tuple[Meeting, ...]:
        """The meetings that are selected, in the order of the list."""
        rows = sorted(self.list.selectionModel().selectedIndexes(), key=lambda index: index.row())
        found = (index.data(Role.MEETING) for index in rows)
        return tuple(meeting for meeting in found if isinstance(meeting, Meeting))

    def _put(self, meeting: Meeting) -> None:
        self.model.put(meeting)
        if meeting.id == self._wanted:
            self._select(meeting.id)

    def _select(self, meeting_id: str) -> None:
        self._wanted = meeting_id
        index = self.model.index_of(meeting_id)
        if index != self.list.currentIndex():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flags)
        if index.isValid():
            self.list.scrollTo(index)

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        meeting = current.data(Role.MEETING)
        if meeting and meeting.id != self._wanted:
            self._wanted = meeting.id
            self._commands.show(meeting.id)

    def _show_imports(self, imports: tuple[Import, ...]) -> None:
        """Keeps the lines that are there: one that is made anew under the mouse could not be clicked."""
        for number in self._import_lines.keys() - {entry.number for entry in imports}:
            line = self._import_lines.pop(number)
            self._imports.removeWidget(line)
            line.hide()
            line.deleteLater()
        for entry in imports:
            if entry.number not in self._import_lines:
                line = self._import_lines[entry.number] = _ImportLine(entry, self._commands)
                self._imports.addWidget(line)
            self._import_lines[entry.number].progress.setValue(round(100 * entry.fraction))


class _ImportLine(QWidget):
    """A file that is being brought in: how far, and the button that leaves it."""

    def __init__(self, entry: Import, commands: Commands) -> None:
        super().__init__()
        doing = _("Importing “{name}”").format(name=entry.name)
        text = OneLine("meta")
        text.say(doing)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(doing)
        leave = button(
            "",
            lambda: commands.stop_import(entry.number),
            kind="quiet",
            icon="x",
            tip=_("Stop this import"),
        )
        both = row()
        both.addLayout(column(text, self.progress, space=theme.SPACE_1), 1)
        both.addWidget(leave)
        self.setLayout(both)
