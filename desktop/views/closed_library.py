"""What stands in place of the meetings where the library could not be opened: why, and what to do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame

from core.messages import _
from desktop import theme
from desktop.commands import Commands, Trouble
from desktop.views.feedback import copy_details
from desktop.views.widgets import button, column, file_dialog, label


class ClosedLibrary(QFrame):
    """Says what keeps the library closed; it can be tried again, or another one opened."""

    def __init__(self, trouble: Trouble, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("page")
        self._commands = commands
        what, do = label(trouble.what, "heading", wrap=True), label(trouble.do, wrap=True)
        for text in (what, do):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = column(None, what, do, space=theme.SPACE_3)
        again = button(_("Try again"), commands.open, kind="main", tip=_("Open the library again"))
        layout.addWidget(again, 0, Qt.AlignmentFlag.AlignCenter)
        other = button(
            _("Use another folder…"),
            self._choose_library,
            kind="link",
            tip=_("Open the library of another folder, or begin one there; this one stays as it is"),
        )
        layout.addWidget(other, 0, Qt.AlignmentFlag.AlignCenter)
        if trouble.details:
            layout.addWidget(copy_details(trouble.details), 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(2)
        layout.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        self.setLayout(layout)

    def _choose_library(self) -> None:
        dialog = file_dialog(self.window(), _("Use the library in"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self._commands.use_library(Path(folder)))
        dialog.open()
