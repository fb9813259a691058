"""Taking a meeting elsewhere: what the page offers under Export, and the choice of a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from core.messages import _
from core.values import Meeting
from desktop.commands import MARKDOWN, Commands
from desktop.views.actions import Actions, connect
from desktop.views.widgets import Question, file_dialog


class ExportMenu(QMenu):
    """What can be made of the meeting that was shown last; its actions work without the menu too."""

    def __init__(self, commands: Commands, actions: Actions, parent: QWidget) -> None:
        super().__init__(_("Export"), parent)
        self.setToolTipsVisible(True)
        self._commands = commands
        self._page = parent
        self._meeting: Meeting | None = None
        self.addAction(actions.export)
        connect(actions.export, self._choose)
        connect(actions.copy, self._copy)

    def show_meeting(self, meeting: Meeting | None) -> None:
        """Offers this one from now on."""
        self._meeting = meeting

    def _copy(self) -> None:
        if self._meeting:
            self._commands.copy(self._meeting.id)

    def _choose(self) -> None:
        meeting = self._meeting
        if meeting is None:
            return
        dialog = file_dialog(self._page, _("Export as Markdown"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_("Markdown files (*.md)"))
        # The name may still get its ending; it is asked about once it is whole.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        folder = self._commands.settings.export_folder or str(self._commands.places.exports)
        dialog.setDirectory(folder)
        dialog.selectFile(self._commands.export_name(meeting))
        dialog.fileSelected.connect(lambda file: self._export(meeting, Path(file)))
        dialog.open()

    def _export(self, meeting: Meeting, chosen: Path) -> None:
        """Writes to the chosen file, with the ending if it has none; asks before it replaces one."""
        file = chosen if chosen.name.endswith(MARKDOWN) else chosen.with_name(chosen.name + MARKDOWN)
        if not file.exists():
            self._commands.export(meeting.id, file)
            return
        question = ReplaceFile(file.name, self._page)
        question.accepted.connect(lambda: self._commands.export(meeting.id, file))
        question.open()


class ReplaceFile(Question):
    """Asks whether a file is to be replaced. Accepted: it is."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(
            parent,
            _("The file exists already"),
            _("“{name}” exists already. Its content would be lost.").format(name=name),
            yes=(_("Replace it"), _("Write the meeting in its place")),
            no=(_("Leave it"), _("Export nothing")),
        )
