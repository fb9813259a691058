"""What can be done with several meetings at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QFileDialog, QFrame, QLineEdit, QMenu

from core.messages import _, format_label, ngettext
from core.values import SOUNDS, Format, Meeting
from desktop import theme
from desktop.commands import Commands
from desktop.models.meetings import MeetingsModel
from desktop.views.widgets import button, column, file_dialog, label, menu_button, row


class SeveralView(QFrame):
    """The page while several meetings are selected."""

    def __init__(self, commands: Commands, meetings: MeetingsModel) -> None:
        super().__init__()
        self.setObjectName("page")
        self._commands = commands
        self._known = meetings
        self._meetings: list[Meeting] = []
        self._title = label("", "heading")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tag = QLineEdit()
        self.tag.setPlaceholderText(_("Add a tag"))
        self.tag.setAccessibleName(_("Add a tag"))
        self.tag.setToolTip(_("Give all of them a tag (Enter)"))
        self.tag.setMaximumWidth(theme.SEARCH_LEAST)
        self.tag.returnPressed.connect(self._add_tag)
        self.export = menu_button(_("Export"), _("Write each of them to a file"), "export", self._formats())
        self.export.setProperty("kind", "")
        star = button(_("Star"), self._star, icon="star", tip=_("Give all of them a star, or take it away"))
        delete = button(_("Move to bin"), self._delete, icon="trash", tip=_("Move all of them to the bin"))
        layout = column(None, self._title, space=theme.SPACE_4)
        layout.addLayout(row(None, self.export, self.tag, star, delete, None, space=theme.SPACE_2))
        layout.addStretch(2)
        self.setLayout(layout)

    def show_meetings(self, meetings: list[Meeting]) -> None:
        """Offers what can be done with these."""
        self._meetings = meetings
        count = len(meetings)
        self._title.setText(
            ngettext("{count} meeting selected", "{count} meetings selected", count).format(count=count)
        )
        completer = QCompleter(self._known.tags(), self.tag)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tag.setCompleter(completer)

    def _formats(self) -> QMenu:
        menu = QMenu(self)
        for kind in Format:
            if kind not in SOUNDS:
                menu.addAction(format_label(kind)).triggered.connect(self._exporting(kind))
        return menu

    def _exporting(self, kind: str) -> Callable[[], None]:
        def choose() -> None:
            dialog = file_dialog(self, _("Choose a folder"))
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setDirectory(self._commands.settings.export_folder or str(self._commands.places.exports))
            meetings = self._meetings
            dialog.fileSelected.connect(
                lambda folder: self._commands.export_all(meetings, Path(folder), kind)
            )
            dialog.open()

        return choose

    def _add_tag(self) -> None:
        tag = self.tag.text().strip().removeprefix("#")
        if tag:
            self._commands.add_tag(self._meetings, tag)
            self.tag.clear()

    def _star(self) -> None:
        self._commands.star(*self._meetings, starred=not all(one.starred for one in self._meetings))

    def _delete(self) -> None:
        self._commands.delete(*(one for one in self._meetings if not one.recording_open))
