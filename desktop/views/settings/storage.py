"""The settings' page about the library's folder, the room it takes, and what may leave this machine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from core import messages, paths
from core.messages import _, ngettext
from core.values import Storage
from desktop import theme
from desktop.commands import Commands
from desktop.views.bin_view import EmptyBin
from desktop.views.settings.page import SettingsPage
from desktop.views.widgets import button, label, row


class StoragePage(SettingsPage):
    """Where everything lies and how big it is; the bin; who may be sent text."""

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands, _("Storage & privacy"))
        self._storage: Storage | None = None
        self.folder = label(paths.short(str(commands.places.root)), wrap=True)
        self.folder.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.folder.setAccessibleName(_("Folder of the library"))
        self.open = button(
            _("Open the folder"), commands.open_library_folder, tip=_("Show it in the file manager")
        )
        self.add_wide(_("Folder of the library"), self.folder)
        self._add_buttons(self.open)
        self._sizes = QWidget()
        self._grid = QGridLayout(self._sizes)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_6)
        self._grid.setVerticalSpacing(theme.SPACE_1)
        self._grid.setColumnStretch(2, 1)
        self._figures: dict[str, QLabel] = {}
        for key, name in (
            ("sound", _("Recordings")),
            ("text", _("Texts and minutes")),
            ("models", _("Speech models you added")),
            ("backups", _("Backups")),
            ("exports", _("Exports")),
            ("free", _("Free on this disk")),
        ):
            self._add_figure(key, name)
        self.add_wide(_("Room it takes"), self._sizes)
        self.binned = label("", wrap=True)
        self.empty = button(_("Empty the bin…"), self._ask_to_empty, tip=_("Remove all of it for good"))
        self.add_wide(_("Bin"), self.binned)
        self._add_buttons(self.empty)
        self.sent = label("", wrap=True)
        self.withdraw = button(
            _("Ask me again"),
            lambda: commands.change_settings(consents=()),
            tip=_("Ask again before any text leaves this machine"),
        )
        self.add_wide(_("Privacy"), self.sent)
        self._add_buttons(self.withdraw)
        self.end()
        self._show_consents()
        commands.storage_known.connect(self._show)
        commands.bin_read.connect(lambda *_found: self._look())
        commands.settings_changed.connect(lambda _settings: self._show_consents())

    def _add_figure(self, key: str, name: str) -> None:
        line = self._grid.rowCount()
        figure = label("…")
        figure.setAccessibleName(name)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(label(name, "meta"), line, 0)
        self._grid.addWidget(figure, line, 1)
        self._figures[key] = figure

    def _add_buttons(self, *buttons: QWidget) -> None:
        side_by_side = QWidget()
        side_by_side.setLayout(row(*buttons, None))
        self.add_wide("", side_by_side)

    def showEvent(self, event: QShowEvent) -> None:
        """Looks how things are now."""
        super().showEvent(event)
        self._look()

    def _look(self) -> None:
        if self.isVisible():
            self.commands.look_at_storage()

    def _show(self, found: Storage) -> None:
        self._storage = found
        for key, figure in self._figures.items():
            figure.setText(messages.size(getattr(found, key)))
        what = []
        if found.binned_meetings:
            meetings = ngettext("{count} meeting", "{count} meetings", found.binned_meetings)
            what.append(meetings.format(count=found.binned_meetings))
        if found.binned_cuts:
            cuts = ngettext("{count} cut passage", "{count} cut passages", found.binned_cuts)
            what.append(cuts.format(count=found.binned_cuts))
        self.binned.setText(
            " · ".join((*what, messages.size(found.binned))) if what else _("The bin is empty.")
        )
        self.empty.setEnabled(bool(what))

    def _show_consents(self) -> None:
        places = [
            messages.provider_name(place) if place == "mistral" else place
            for place in self.commands.settings.consents
        ]
        self.sent.setText(
            _("Text may be sent to {places}. Sound never leaves this machine.").format(
                places=", ".join(places)
            )
            if places
            else _("Neither sound nor text leaves this machine. Before any text does, you are asked.")
        )
        self.withdraw.setVisible(bool(places))

    def _ask_to_empty(self) -> None:
        if self._storage:
            question = EmptyBin(self, self._storage.binned_meetings, self._storage.binned_cuts)
            question.accepted.connect(self.commands.remove)
            question.open()
