"""The settings' page about exports: what happens by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidgetItem, QWidget

from core import messages
from core.messages import _
from desktop.commands import Commands
from desktop.views.entries import Entries
from desktop.views.export_sheet import choose_folder
from desktop.views.settings.page import FIELD_WIDTH, SettingsPage
from desktop.views.widgets import button, row

FORMATS_HEIGHT = 148


class FolderField(QWidget):
    """A folder of the settings: where it is, a button that chooses another, one that wants none any more."""

    def __init__(self, commands: Commands, field: str, name: str, empty: str) -> None:
        super().__init__()
        self._commands = commands
        self._field = field
        self._name = name
        self.path = QLineEdit(getattr(commands.settings, field))
        self.path.setReadOnly(True)
        self.path.setPlaceholderText(empty)
        self.path.setAccessibleName(name)
        self.path.setFixedWidth(FIELD_WIDTH - 40)
        self.choose = button(_("Choose…"), self._choose, tip=_("Choose a folder"))
        self.clear = button("", lambda: self.keep(""), kind="quiet", icon="x", tip=_("Use no folder"))
        self.setLayout(row(self.path, self.choose, self.clear))
        self.clear.setVisible(bool(self.path.text()))

    def _choose(self) -> None:
        dialog = choose_folder(self, self._name, self.path.text())
        dialog.fileSelected.connect(self.keep)
        dialog.open()

    def keep(self, folder: str) -> None:
        """Has this folder be the one from now on."""
        self.path.setText(folder)
        self.clear.setVisible(bool(folder))
        self._commands.change_settings(**{self._field: folder})


class ExportPage(SettingsPage):
    """Where finished meetings are written by themselves, in which formats, and what comes in by itself."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Export")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        nothing = _("Nothing by itself")
        self.keep = FolderField(commands, "keep_folder", _("Write finished meetings to"), nothing)
        self.add(
            _("Write finished meetings to"),
            self.keep,
            _(
                "What the export sheet says about the content counts here too. A vault of Obsidian gets properties."
            ),
        )
        self.formats = Entries("formats")
        self.formats.setToolTip(_("Tick the formats that are written"))
        self.formats.setFixedSize(FIELD_WIDTH, FORMATS_HEIGHT)
        self.add(_("Formats"), self.formats)
        self.name = QLineEdit(commands.settings.export_name)
        self.name.setToolTip(_("{title}, {date}, {time}, {year}, {month} and {day} are filled in"))
        self.name.editingFinished.connect(
            lambda: commands.change_settings(export_name=self.name.text().strip() or "{date} {title}")
        )
        self.add(
            _("File name"), self.name, _("{title}, {date}, {time}, {year}, {month} and {day} are filled in")
        )
        self.properties = QCheckBox(_("Properties for Obsidian"))
        self.properties.setToolTip(_("Begin Markdown with title, date, participants and tags"))
        self.properties.setChecked(commands.settings.export_properties)
        self.properties.toggled.connect(lambda on: commands.change_settings(export_properties=on))
        self.add("", self.properties)
        self.watch = FolderField(commands, "watch_folder", _("Import new recordings from"), nothing)
        self.add(
            _("Import new recordings from"),
            self.watch,
            _("Each is imported once it is whole. What lies there already is left alone."),
        )
        self.end()
        self.formats.itemChanged.connect(lambda _item: self._keep_formats())
        commands.formats_found.connect(self._show_formats)
        commands.look_for_formats()

    def _show_formats(self, formats: tuple[str, ...]) -> None:
        self.formats.blockSignals(True)
        self.formats.clear()
        for kind in formats:
            item = QListWidgetItem(messages.format_label(kind), self.formats)
            item.setData(Qt.ItemDataRole.UserRole, kind)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = kind in self.commands.settings.keep_formats
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.formats.blockSignals(False)

    def _keep_formats(self) -> None:
        items = map(self.formats.item, range(self.formats.count()))
        ticked = tuple(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        )
        self.commands.change_settings(keep_formats=ticked)
