"""What is asked before files are brought in: which, in what order, and whether all of a folder."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from core import paths
from core.messages import _, ngettext
from desktop.commands import Commands
from desktop.views.actions import Actions, connect
from desktop.views.parts_sheet import PartsSheet, choose_parts
from desktop.views.widgets import Question, file_dialog


class BringingIn(QObject):
    """Asks over a window, and has the commands import what was chosen."""

    def __init__(self, window: QWidget, commands: Commands, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._commands = window, commands
        connect(actions.import_files, self._choose_files)
        connect(actions.import_parts, self._choose_parts)
        commands.folders_read.connect(self._ask_about_folders)

    def _choose_files(self) -> None:
        dialog = file_dialog(self._window, _("Import audio or video"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        sound, text = (
            " ".join(f"*.{ending}" for ending in sorted(endings))
            for endings in (paths.MEDIA, paths.TRANSCRIPTS)
        )
        dialog.setNameFilters(
            [
                _("Audio and video ({endings})").format(endings=sound),
                _("Transcripts ({endings})").format(endings=text),
                _("All files (*)"),
            ]
        )
        dialog.filesSelected.connect(self._commands.import_files)
        dialog.open()

    def _choose_parts(self) -> None:
        dialog = choose_parts(self._window, _("Import as one meeting"))
        dialog.filesSelected.connect(self._order_parts)
        dialog.open()

    def _order_parts(self, files: Sequence[str]) -> None:
        sheet = PartsSheet(files, self._window)
        sheet.import_wanted.connect(self._commands.import_parts)
        sheet.open()

    def _ask_about_folders(self, files: tuple[str, ...]) -> None:
        """A folder may hold far more than the person thinks of."""
        number = ngettext(
            "{count} file can be imported from the folder.",
            "{count} files can be imported from the folder.",
            len(files),
        ).format(count=len(files))
        question = Question(
            self._window,
            _("Import the whole folder?"),
            number,
            yes=(_("Import all"), _("Bring in every one of them")),
            no=(_("Import nothing"), _("Leave the library as it is")),
            kind="main",
        )
        question.accepted.connect(lambda: self._commands.import_files(files))
        question.open()
