"""The list of meetings on the left, with the files that are being brought in below it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QFrame, QListView, QProgressBar, QVBoxLayout, QWidget

from core.messages import _
from core.values import Meeting, MeetingId
from desktop import theme
from desktop.commands import Commands, Import
from desktop.models.meetings import MeetingsModel, Role
from desktop.views.actions import Actions
from desktop.views.delegates import MeetingDelegate
from desktop.views.widgets import button, clear, column, label, row

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
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.list.addActions([actions.rename, actions.copy, actions.export, actions.delete])
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self._imports = QVBoxLayout()
        self._imports.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        layout = column(self.list, space=0)
        layout.addLayout(self._imports)
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
            self._commands.show(MeetingId(meeting.id))

    def _show_imports(self, imports: tuple[Import, ...]) -> None:
        clear(self._imports)
        for entry in imports:
            self._imports.addWidget(self._import_line(entry))

    def _import_line(self, entry: Import) -> QWidget:
        doing = _("Importing “{name}”").format(name=entry.name)
        text = label(doing, "meta")
        text.setMinimumWidth(0)
        progress = QProgressBar()
        progress.setTextVisible(False)
        progress.setValue(round(100 * entry.fraction))
        progress.setAccessibleName(doing)
        leave = button(
            "",
            lambda: self._commands.stop_import(entry.number),
            kind="quiet",
            icon="x",
            tip=_("Stop this import"),
        )
        leave.setAccessibleName(_("Stop this import"))
        line = QWidget()
        words = column(text, progress, space=theme.SPACE_1)
        both = row()
        both.addLayout(words, 1)
        both.addWidget(leave)
        line.setLayout(both)
        return line
