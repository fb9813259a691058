"""The settings' page about backups of the whole library."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QProgressBar

from core import messages
from core.messages import _
from core.values import Progress
from desktop import theme
from desktop.commands import Commands
from desktop.views.settings.exports import FolderField
from desktop.views.settings.page import SettingsPage
from desktop.views.widgets import button, column, file_dialog, hand_keyboard, label, row

COUNTS = (2, 3, 5, 10, 20)


class BackupPage(SettingsPage):
    """Where and how often the library is backed up, a backup now, and bringing one back."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Backup")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        often = [(0, _("Never")), (1, _("Every day")), (7, _("Every week")), (30, _("Every month"))]
        self.often = self.choice(often, "backup_days")
        self.add(_("Back up by itself"), self.often)
        self.folder = FolderField(
            commands, "backup_folder", _("Folder of the backups"), _("In the library's folder")
        )
        self.add(
            _("Folder of the backups"),
            self.folder,
            _("Another disk keeps your meetings where this one breaks."),
        )
        self.count = self.choice([(count, str(count)) for count in COUNTS], "backup_count")
        self.add(_("Backups that are kept"), self.count)
        self.sound = QCheckBox(_("With the sound"))
        self.sound.setToolTip(_("Without it a backup is small, but recordings are not in it"))
        self.sound.setChecked(commands.settings.backup_sound)
        self.sound.toggled.connect(lambda on: commands.change_settings(backup_sound=on))
        self.add("", self.sound)
        self.now = button(_("Back up now"), commands.back_up, tip=_("Write the whole library as one file"))
        self.bring_back = button(
            _("Restore…"), self._choose, tip=_("Bring in what the library does not have of a backup")
        )
        self.stop = button(_("Stop"), commands.stop_archive, tip=_("Stop; what is whole stays"))
        self.state = label("", "meta")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName(_("Progress"))
        doing = column(space=theme.SPACE_2)
        doing.addLayout(row(self.now, self.bring_back, self.stop, None))
        doing.addLayout(column(self.state, self.progress))
        self.add_layout(doing)
        self.add_hint(
            label(
                _(
                    "Remembered voices and cut passages are in no backup. "
                    "Restoring never changes a meeting that is here."
                ),
                "meta",
                wrap=True,
            )
        )
        self.end()
        self._began = self.now
        self._show(None)
        commands.archiving.connect(self._show)

    def _choose(self) -> None:
        dialog = file_dialog(self, _("Choose a backup"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_("Archives of meetings (*.meetings)"), _("All files (*)")])
        dialog.setDirectory(self.commands.settings.backup_folder or str(self.commands.places.backups))
        dialog.fileSelected.connect(lambda file: self.commands.restore_archive(Path(file)))
        dialog.open()

    def _show(self, progress: Progress | None) -> None:
        busy = progress is not None
        ways = (self.now, self.bring_back)
        if busy:
            if not self.stop.isVisible():
                self._began = self.bring_back if self.window().focusWidget() is self.bring_back else self.now
            self.stop.show()
            hand_keyboard(ways, self.stop)
        for part in ways:
            part.setEnabled(not busy)
        if not busy:
            hand_keyboard([self.stop], self._began)
        for shown in (self.stop, self.state, self.progress):
            shown.setVisible(busy)
        if progress:
            self.state.setText(messages.stage_label(progress.stage))
            self.progress.setValue(round(1000 * (progress.fraction or 0.0)))
